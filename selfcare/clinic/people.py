"""A patient as every clinician's page names them: name, age and year of birth, so that two people are not mixed up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import get_language_info

from selfcare.accounts.models import PatientProfile, User
from selfcare.clinic import wording


@dataclass(frozen=True, slots=True)
class Person:
    """Who a row or a page is about."""

    id: UUID
    name: str
    year_of_birth: int | None
    age: int | None
    today: date
    language: str = ""
    sex: str = ""
    history: tuple[tuple[str, str], ...] = ()


def person(patient: User, *, now: datetime) -> Person:
    """Return how the patient is named, with today's date where the patient lives.

    Load the profile with ``select_related("patient")``, or each call asks the database.
    """
    try:
        profile = patient.patient
    except PatientProfile.DoesNotExist:
        return Person(id=patient.id, name=patient.get_full_name(), year_of_birth=None, age=None, today=now.date())
    today = profile.local_date(now)
    return Person(
        id=patient.id,
        name=patient.get_full_name(),
        year_of_birth=profile.year_of_birth,
        age=profile.age_on(today),
        today=today,
        language=_language(profile.language),
        sex=profile.get_sex_display(),
        history=tuple(wording.history_lines(profile.history, profile.history_unsure)),
    )


def _language(code: str) -> str:
    """Return the name of a language in itself, or its code where Django does not know it."""
    try:
        return str(get_language_info(code)["name_local"])
    except KeyError:
        return code
