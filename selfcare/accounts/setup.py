"""The way of a new person through set-up: one thing per page, stop and return at any time.

What is known is what was stored; the session only holds what has no row yet.
"""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.urls import reverse

from selfcare.accounts import consents, history
from selfcare.accounts.consents import ConsentText
from selfcare.accounts.models import CareRelationship, PatientProfile, User

UNDERSTOOD, PLACE, HISTORY_PAGE = "setup_understood", "setup_place", "setup_history_page"
# Provided by the patient's app: the safety check, then where and when the pain began.
AFTERWARDS = "setup-episode"


def next_page(user: User, session: SessionBase) -> str:
    """Return the address of the first page of set-up that is still open, or home when nothing is."""
    profile = PatientProfile.objects.filter(user=user).first()
    if profile is None:
        if not session.get(UNDERSTOOD):
            return reverse("setup-about")
        if unanswered(user):
            return reverse("setup-consent")
        return reverse("setup-person") if session.get(PLACE) else reverse("setup-place")
    if profile.onboarded_at:
        return reverse("home")
    if profile.history_asked_at is None:
        return reverse("setup-history", args=[session.get(HISTORY_PAGE, history.PAGES[0].slug)])
    return reverse(AFTERWARDS)


def unanswered(user: User) -> list[ConsentText]:
    """Return the consent texts whose newest version this person has not answered yet."""
    answered = consents.answers(user)
    return [
        text
        for text in consents.texts().values()
        if text.purpose not in answered or answered[text.purpose].text_version != text.version
    ]


def likely_place(user: User) -> dict[str, Any]:
    """Return country and time zone of the clinic that invited this person, to confirm; empty without a clinic."""
    care = CareRelationship.objects.filter(patient=user, until_at=None).select_related("clinic").order_by("id").first()
    return {"country": care.clinic.country, "time_zone": care.clinic.time_zone} if care else {}
