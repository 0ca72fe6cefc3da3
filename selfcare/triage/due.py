"""When time acts on an alert next: the question to the patient, silence, and an emergency that was left alone.

All hours come from the catalogue's ``follow_up``.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from notifications import schedule
from selfcare.accounts.models import PatientProfile
from selfcare.triage import catalogue
from selfcare.triage.models import Tier

# Tiers that people must be told of at once; the others wait on the clinician's list.
URGENT = (Tier.EMERGENCY, Tier.SAME_DAY)


def from_report(tier: str, *, now: datetime) -> dict[str, Any]:
    """Return the due columns of an alert that has just been opened, raised or reported anew."""
    if tier not in URGENT:
        return {"next_follow_up_at": None, "next_silence_at": None, "assessed_at": None}
    first = timedelta(hours=catalogue.current().follow_up["first_after_h"])
    return {"next_follow_up_at": now + first, "next_silence_at": now + silence(tier), "assessed_at": None}


def after_asking(reason: str, *, reported_at: datetime, morning: datetime, now: datetime) -> datetime:
    """Return when a patient who was asked just now is asked next: the next morning, or sooner where the reason says so.

    Who was unsure about a warning sign is brought to the same question again 4 hours after the report (RF-CES-07).
    """
    hours = catalogue.current().follow_up["also_after_h"].get(reason)
    also = reported_at + timedelta(hours=hours) if hours else morning
    return also if now < also < morning else morning


def ask_again(now: datetime) -> datetime:
    """Return when a patient who is on the way, or has not gone yet, is asked again."""
    return now + timedelta(hours=catalogue.current().follow_up["again_after_h"])


def next_morning(patient_id: UUID, *, now: datetime) -> datetime:
    """Return the next morning (UTC) of the patient's own zone; a clock change never skips it."""
    at = time.fromisoformat(catalogue.current().follow_up["every_day_at"])
    due = schedule.next_due(now, local_time=at, days=schedule.EVERY_DAY, tz=zone_of(patient_id))
    return due or now + timedelta(days=1)


def silence(tier: str) -> timedelta:
    """Return how long nothing may be heard before it becomes a task (clinical.md T-11)."""
    return timedelta(hours=catalogue.current().follow_up["silence_after_h"][tier])


def release(tier: str, *, now: datetime) -> datetime | None:
    """Return when an alert that was taken, or acted on, just now goes back to everybody; only emergencies do."""
    if tier != Tier.EMERGENCY:
        return None
    return now + timedelta(minutes=catalogue.current().follow_up["release_after_min"])


def zone_of(patient_id: UUID) -> ZoneInfo:
    """Return the patient's home zone, or UTC for somebody who has none yet."""
    profile = PatientProfile.objects.filter(user_id=patient_id).only("time_zone").first()
    return profile.zone() if profile else ZoneInfo(str(UTC))
