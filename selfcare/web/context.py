"""What every page may need to know."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from selfcare.accounts.models import PatientProfile
from selfcare.triage import catalogue
from selfcare.web import words
from selfcare.web.regions import region_of

# Pages that the phone keeps must hold nothing about anybody, not even an id.
PUBLIC = ("/check-in", "/help-now", "/learn", "/offline", "/plan/weeks", "/exercises/session")


def site(request: HttpRequest) -> dict[str, Any]:
    """Return the name of the app, the safety label's state, the region's numbers and whose page this is."""
    region = region_of(request)
    content = catalogue.current()
    return {
        "app_name": settings.APP_NAME,
        "demonstration": content.demonstration or content.is_expired(timezone.localdate()),
        "region": region,
        "cards": words.general_cards(region),
        "person_id": _person(request),
    }


def _person(request: HttpRequest) -> str:
    if request.path.rstrip("/").startswith(PUBLIC) and "/check-in/" not in request.path:
        return ""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or not PatientProfile.objects.filter(user=user).exists():
        return ""
    return str(user.pk)
