"""What a patient tells about themselves: written here and nowhere else, each change audited by its name alone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from notifications import reminders
from selfcare.accounts import audit
from selfcare.accounts.models import PatientProfile, User

ABOUT = ("country", "time_zone", "year_of_birth", "sex")


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

    A key without an answer is taken out: not answered. ``last`` says that the person has seen every question.
    """
    profile = PatientProfile.objects.select_for_update().get(user=user)
    kept = {key: value for key, value in profile.history.items() if key not in keys}
    history = {**kept, **answers}
    not_sure = sorted((set(profile.history_unsure) - keys) | unsure)
    for key in sorted(_changed(profile.history, history) | set(profile.history_unsure) ^ set(not_sure)):
        audit.record("history.changed", actor_id=user.pk, patient_id=user.pk, object_id=key, now=now)
    profile.history, profile.history_unsure = history, not_sure
    if last:
        profile.history_asked_at = now
    profile.save(update_fields=["history", "history_unsure", "history_asked_at"])
    return profile


def _changed(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    missing = object()
    return {key for key in before.keys() | after.keys() if before.get(key, missing) != after.get(key, missing)}
