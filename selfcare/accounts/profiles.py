"""What a patient tells about themselves: written here and nowhere else, each change audited by its name alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from notifications import reminders
from selfcare.accounts import audit, history
from selfcare.accounts.models import MOST_WEEKS, PatientProfile, User

ABOUT = ("country", "time_zone", "year_of_birth", "sex")
# The answers about health that a new medicine of this kind stands for.
MEDICINES: Mapping[str, Mapping[str, Any]] = {
    "anticoagulant": {"anticoagulant": True},
    "immunosuppressed": {"immunosuppressed": True},
    "opioid": {"new_medicine": "opioid"},
}
# What an entry says a clinician knows of, and the baseline key that keeps it.
LONGSTANDING = {
    "bladder": "bladder_longstanding",
    "bowel": "bowel_longstanding",
    "saddle": "saddle_longstanding",
    "sexual": "sexual_longstanding",
    "both_legs": "bilateral_legs_longstanding",
}


@transaction.atomic
def save(user: User, *, now: datetime, name: str | None = None, **fields: Any) -> PatientProfile:
    """Return the person's profile with these fields, made where there was none; only real changes are audited."""
    if name is not None and name != user.name:
        user.name = name
        user.save(update_fields=["name"])
    profile, created = PatientProfile.objects.select_for_update().get_or_create(user=user, defaults=fields)
    if created:
        audit.record("profile.created", actor_id=user.pk, patient_id=user.pk, now=now)
        return profile
    changed = [field for field, value in fields.items() if getattr(profile, field) != value]
    for field in changed:
        setattr(profile, field, fields[field])
        audit.record("profile.changed", actor_id=user.pk, patient_id=user.pk, object_id=field, now=now)
    if changed:
        profile.save(update_fields=changed)
    if "time_zone" in changed:
        reminders.move_to_zone(user.pk, time_zone=profile.time_zone, now=now)
    return profile


@transaction.atomic
def answer_history(
    user: User, *, keys: set[str], answers: dict[str, Any], unsure: set[str], last: bool, now: datetime
) -> PatientProfile:
    """Return the profile with the answers to the questions ``keys``.

    A key without an answer is taken out: not answered. ``last`` says that the person has seen every question; what
    must have an answer and has none is still asked then.
    """
    profile = PatientProfile.objects.select_for_update().get(user=user)
    kept = {key: value for key, value in profile.history.items() if key not in keys}
    not_sure = sorted((set(profile.history_unsure) - keys) | unsure)
    # Weeks are shown as they are today, so that leaving them alone says them anew.
    _keep(profile, {**kept, **answers}, not_sure, said_again=answers.keys() & MOST_WEEKS.keys(), now=now)
    if last and history.still_open(answered={*profile.history, *not_sure}) is None:
        profile.history_asked_at = now
        profile.save(update_fields=["history_asked_at"])
    return profile


@transaction.atomic
def nothing_has_changed(user: User, *, now: datetime) -> None:
    """Keep that the person looked at the answers about their health and that they still hold."""
    profile = PatientProfile.objects.select_for_update().get(user=user)
    # A pregnancy that is over is no answer any more, and must not be asked about every day.
    holds = profile.history_on(profile.local_date(now))
    _keep(profile, {key: profile.history[key] for key in holds}, profile.history_unsure, now=now)
    profile.history_asked_at = now
    profile.save(update_fields=["history_asked_at"])
    audit.record("history.confirmed", actor_id=user.pk, patient_id=user.pk, now=now)


def keep_longstanding(profile: PatientProfile, named: Iterable[str], *, now: datetime) -> None:
    """Keep that these symptoms are long-standing and known to a clinician, as the patient has just said.

    Runs in the caller's transaction. ``profile`` is up to date afterwards.
    """
    keys = {LONGSTANDING[name] for name in named}
    if all(profile.history.get(key) is True for key in keys):
        return
    stored = PatientProfile.objects.select_for_update().get(pk=profile.pk)
    not_sure = [key for key in stored.history_unsure if key not in keys]
    _keep(stored, {**stored.history, **dict.fromkeys(keys, True)}, not_sure, now=now)
    profile.history, profile.history_unsure = stored.history, stored.history_unsure
    profile.history_said_on = stored.history_said_on


def keep_medicine(profile: PatientProfile, named: str, *, now: datetime) -> None:
    """Keep what rules read of a medicine that the patient has just said is new.

    Runs in the caller's transaction. ``profile`` is up to date afterwards.
    """
    answers = MEDICINES.get(named, {})
    if not answers or answers.items() <= profile.history.items():
        return
    stored = PatientProfile.objects.select_for_update().get(pk=profile.pk)
    not_sure = [key for key in stored.history_unsure if key not in answers]
    _keep(stored, {**stored.history, **answers}, not_sure, now=now)
    profile.history, profile.history_unsure = stored.history, stored.history_unsure
    profile.history_said_on = stored.history_said_on


def _keep(
    profile: PatientProfile,
    answers: dict[str, Any],
    not_sure: list[str],
    *,
    said_again: Collection[str] = (),
    now: datetime,
) -> None:
    changed = _changed(profile.history, answers)
    for key in sorted(changed | set(profile.history_unsure) ^ set(not_sure)):
        audit.record("history.changed", actor_id=profile.pk, patient_id=profile.pk, object_id=key, now=now)
    today = profile.local_date(now).isoformat()
    said_on = {key: day for key, day in profile.history_said_on.items() if key in answers}
    profile.history_said_on = said_on | dict.fromkeys((changed | set(said_again)) & answers.keys(), today)
    profile.history, profile.history_unsure = answers, not_sure
    profile.save(update_fields=["history", "history_unsure", "history_said_on"])


def _changed(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    missing = object()
    return {key for key in before.keys() | after.keys() if before.get(key, missing) != after.get(key, missing)}
