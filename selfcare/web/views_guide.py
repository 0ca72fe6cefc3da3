"""The pattern guide: which kind of clinician can help, after the warning signs."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from selfcare.web import guide, patients


@login_required
@never_cache
@require_GET
def patterns(request: HttpRequest) -> HttpResponse:
    """Show the guide, or what comes before it."""
    patient = patients.load(request.user, now=timezone.now())
    if patient.episode is None:
        return redirect("setup-episode")
    return render(request, "web/guide/patterns.html", guide.page(patient))
