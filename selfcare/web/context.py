"""What every page may need to know."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.translation import get_language

from edge.languages import SOURCE
from selfcare.accounts.models import PatientProfile
from selfcare.triage import catalogue, languages
from selfcare.web import phone, words
from selfcare.web.languages import not_offered
from selfcare.web.regions import region_of

# Pages that the phone keeps must hold nothing about anybody, not even an id.
PUBLIC = (
    "/check-in",
    "/help-now",
    "/learn",
    "/messages/write",
    "/offline",
    "/clock",
    "/plan/weeks",
    "/exercises/session",
)


def site(request: HttpRequest) -> dict[str, Any]:
    """Return the name of the app, the safety label's state, the region's numbers and whose page this is."""
    region = region_of(request)
    content = catalogue.shown()
    return {
        # A translation that no clinician has checked says so on every page.
        "draft_translation": get_language() != SOURCE,
        "not_offered": not_offered(request),
        "languages": languages.names(),
        "app_name": settings.APP_NAME,
        "demonstration": content.demonstration or content.is_expired(timezone.localdate()),
        "region": region,
        "cards": words.general_cards(region),
        "person_id": _person(request),
        # How this phone shows the app; kept pages learn it from the cookie when they are opened.
        "phone": phone.shown(request),
    }


def _person(request: HttpRequest) -> str:
    if request.path.rstrip("/").startswith(PUBLIC) and "/check-in/" not in request.path:
        return ""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or not PatientProfile.objects.filter(user=user).exists():
        return ""
    # A page without a form sets the cookie too: what its script sends carries the token, as soon as it is tapped.
    get_token(request)
    return str(user.pk)
