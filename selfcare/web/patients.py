"""What the patient's pages need to know about the person in front of them, read once per request."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.http import Http404

from selfcare.accounts import care, consents
from selfcare.accounts.models import Consent, PatientProfile, User
from selfcare.diary import monitoring
from selfcare.diary.models import Episode
from selfcare.triage.rules import Answers, History
from selfcare.web import bodymap

LEG, BACK = "leg", "back"


@dataclass(frozen=True, slots=True)
class Patient:
    """A patient in set-up or beyond, on one local day."""

    user: User
    profile: PatientProfile
    today: date
    episode: Episode | None
    history: History | None
    flags: list[str] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)
    has_team: bool = False

    @property
    def entries(self) -> list[dict[str, Any]]:
        """Return the entries the rules read, as plain data."""
        return [as_plain(answers) for answers in self.history.entries] if self.history else []


def load(user: Any, *, now: datetime) -> Patient:
    """Return the patient behind a user. Raises Http404 for a person without a patient profile."""
    profile = PatientProfile.objects.filter(user=user).first()
    if profile is None:
        raise Http404
    today = profile.local_date(now)
    episode = Episode.objects.active().filter(patient=user).first()
    regions = episode.regions if episode else []
    return Patient(
        user=user,
        profile=profile,
        today=today,
        episode=episode,
        # One day more: a phone east of home may already be in tomorrow.
        history=monitoring.history_of(episode, until=today + timedelta(days=1)) if episode else None,
        flags=[_intimate(user), *_sites(regions)],
        places={"pain_leg": bodymap.words(regions, site=LEG), "pain_back": bodymap.words(regions, site=BACK)},
        has_team=care.clinics_of_patient(user.pk, now=now).exists() and consents.holds(user, Consent.Purpose.CARE),
    )


def as_plain(answers: Answers) -> dict[str, Any]:
    """Return one entry as the form's rules and the phone read it."""
    return {"id": answers.id, "on": answers.on, "at": answers.at, "values": dict(answers.values)}


def _intimate(user: Any) -> str:
    return "intimate" if consents.holds(user, Consent.Purpose.INTIMATE) else "no_intimate"


def _sites(regions: list[str]) -> list[str]:
    found = [site for site in (LEG, BACK) if bodymap.any_of(regions, site=site)]
    return found or ["one_score"]
