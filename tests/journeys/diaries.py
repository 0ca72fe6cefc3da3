"""Diaries that journeys begin with."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from selfcare.accounts.models import Clinic, User
from selfcare.diary.recording import record_entry
from tests import factories

LONDON = ZoneInfo("Europe/London")
SHORT_DAY = {
    "bladder": "none",
    "bowel": "none",
    "saddle": "none",
    "both_legs": "none",
    "weakness": 0,
    "numbness": 0,
    "chills": False,
    "very_unwell": False,
    "interference": 3,
}


def usual_patient(harbour: Clinic, *, today: date, regions: list[str]) -> User:
    """Return a patient who has checked in, item by item, on each of the last five days."""
    ada = factories.patient(email="ada@example.org", name="Ada", of=harbour)
    factories.episode(patient=ada, onset_on=today - timedelta(days=12), regions=regions, pain_site="buttock")
    for ago in range(5, 0, -1):
        at = datetime.combine(today - timedelta(days=ago), datetime.min.time(), tzinfo=LONDON).replace(hour=19)
        body = {
            "occurred_on": at.date().isoformat(),
            "recorded_at": at.isoformat(),
            "recorded_zone": "Europe/London",
            "observations": SHORT_DAY
            | {"gait_unsteady": False, "night_pain": "none", "walk_pain": "none", "weight_loss": False}
            | {"pain_buttock": 4, "pain_back": 3, "pain_avg": 4},
        }
        record_entry(ada, uuid.uuid4(), body, now=at)
    return ada
