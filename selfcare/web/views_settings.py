"""The settings page: the way to everything that a patient can change."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from selfcare.web import patients


@login_required
@never_cache
@require_GET
def settings(request: HttpRequest) -> HttpResponse:
    """Show what can be changed, and the way out."""
    return render(request, "web/settings.html", {"patient": patients.load(request.user, now=timezone.now())})
