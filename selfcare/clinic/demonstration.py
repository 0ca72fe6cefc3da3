"""Invented people for a first look: a clinic, its two colleagues and three patients with some weeks of diary.

Their addresses end in example.org, and the secret of their authenticator app is printed here for everybody to read.
They exist only in a demonstration on one's own machine.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from django.db import transaction

from selfcare.accounts import consents, invitations, profiles
from selfcare.accounts.models import Clinic, Invitation, Membership, PatientProfile, User
from selfcare.diary import episodes, recording

CLINIC = "Demonstration Clinic"
TOTP_SECRET = "DEMOSELFCAREDEMOSELFCAREDEMOSELF"  # noqa: S105 - known to everybody on purpose
ZONE = "Europe/London"

QUIET = {
    "bladder": "none",
    "bowel": "none",
    "saddle": "none",
    "sexual": "none",
    "both_legs": "none",
    "weakness": 0,
    "numbness": 0,
    "night_pain": "wakes_when_turning",
}
# What the longer check-in of each week asks besides. The newest one is a few days old, so that today's is a short one.
WEEKLY = {"walk_pain": "none", "morning_stiffness_min": 0, "weight_loss": False}
DAYS_SINCE_LONG_DAY = 3


@dataclass(frozen=True)
class Invented:
    """A patient who does not exist."""

    email: str
    name: str
    born: int
    sex: str
    weeks: int
    side: str
    region: str
    # Pain on the first and on the last day; the days between lie on a line.
    pain: tuple[int, int]
    about: str
    alarm: bool = False


COLLEAGUES = (
    ("ben@example.org", "Ben Beispiel (invented)", Membership.Role.CLINICIAN),
    ("max@example.org", "Max Muster (invented)", Membership.Role.MANAGER),
)
PATIENTS = (
    Invented("una@example.org", "Una Usual (invented)", 1969, "female", 3, "left", "bu-l", (5, 5), "about the same"),
    Invented("ivo@example.org", "Ivo Improving (invented)", 1990, "male", 5, "right", "bu-r", (8, 2), "getting better"),
    Invented(
        "ada@example.org",
        "Ada Alarm (invented)",
        1988,
        "female",
        3,
        "left",
        "th-l",
        (6, 7),
        "an open emergency",
        alarm=True,
    ),
)


def is_loaded() -> bool:
    """Return whether the invented people are in this database."""
    return Clinic.objects.filter(name=CLINIC).exists()


@transaction.atomic
def load(*, now: datetime) -> bool:
    """Return whether the demonstration was made now; a second call finds it and changes nothing."""
    if is_loaded():
        return False
    clinic = Clinic.objects.create(name=CLINIC, country="GB", time_zone=ZONE, duty_email="duty@example.org")
    begun = now - timedelta(weeks=8)
    for email, name, role in COLLEAGUES:
        colleague = _person(email, name)
        Membership.objects.create(clinic=clinic, user=colleague, role=role, from_at=begun)
        TOTP.activate(colleague, TOTP_SECRET)
    for invented in PATIENTS:
        _patient(clinic, invented, now=now)
    return True


def _person(email: str, name: str) -> User:
    person = User.objects.create_user(email, name=name)
    EmailAddress.objects.create(user=person, email=email, primary=True, verified=True)
    return person


def _patient(clinic: Clinic, invented: Invented, *, now: datetime) -> None:
    begun = now - timedelta(weeks=invented.weeks)
    person = _person(invented.email, invented.name)
    for purpose in ("care", "reminders"):
        consents.give(person, purpose, now=begun)
    profile = profiles.save(
        person, now=begun, country="GB", time_zone=ZONE, year_of_birth=invented.born, sex=invented.sex
    )
    _, code = invitations.invite(clinic, kind=Invitation.Kind.PATIENT, by=None, now=begun)
    invitations.accept(code, user=person, now=begun)
    PatientProfile.objects.filter(pk=profile.pk).update(onboarded_at=begun, history_asked_at=begun)
    first = profile.local_date(begun)
    episodes.start(
        person,
        onset_on=first - timedelta(days=2),
        onset_estimated=False,
        pain_side=invented.side,
        pain_site="buttock",
        regions=[invented.region],
        now=begun,
    )
    _diary(person, invented, profile, first=first, now=now)


def _diary(person: User, invented: Invented, profile: PatientProfile, *, first: date, now: datetime) -> None:
    today = profile.local_date(now)
    days = (today - first).days
    for number in range(days):
        day = first + timedelta(days=number)
        at = datetime(day.year, day.month, day.day, 18, 30, tzinfo=profile.zone())
        pain = round(invented.pain[0] + (invented.pain[1] - invented.pain[0]) * number / max(days - 1, 1))
        weekly = WEEKLY if (days - number) % 7 == DAYS_SINCE_LONG_DAY else {}
        _entry(person, on=day, at=at, observations={**QUIET, **weekly, **_scores(pain)})
    if invented.alarm:
        answers = {**QUIET, **_scores(invented.pain[1]), "saddle": "new", "saddle_since_days": 0}
        _entry(person, on=today, at=now, observations=answers)


def _scores(pain: int) -> dict[str, int]:
    return {"pain_avg": pain, "pain_worst": min(pain + 2, 10), "pain_buttock": pain, "interference": max(pain - 1, 0)}


def _entry(person: User, *, on: date, at: datetime, observations: dict[str, Any]) -> None:
    body = {
        "occurred_on": on.isoformat(),
        "recorded_at": at.isoformat(),
        "recorded_zone": ZONE,
        "observations": observations,
        "app_version": "demonstration",
    }
    recording.record_entry(person, uuid.uuid4(), body, now=at)
