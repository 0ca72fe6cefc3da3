"""From rows to what triage reads, on three occasions: an entry arrives, time passes, or something was missed."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from selfcare.accounts.models import PatientProfile
from selfcare.diary.models import Entry, Episode
from selfcare.triage import alerts
from selfcare.triage import catalogue as catalogues
from selfcare.triage.models import Assessment
from selfcare.triage.rules import Answers, History

logger = logging.getLogger(__name__)

# Time-driven prompts are looked at in the morning, when a person can still act on the day.
CHECK_AT = time(9, 0)
# After a failure of the whole check; the entry itself is tried again at every tick.
TRY_AGAIN_AFTER = timedelta(hours=1)
# The start level and first values come from the first days of a diary, whatever the window of the rules is.
FIRST_ENTRIES = 28


def history_of(episode: Episode, *, until: date, since: date | None = None) -> History:
    """Return what the rules need to judge the days from ``since`` (or ``until`` alone) to ``until``, in one query.

    That is the catalogue's window before the first of these days, and the first entries of the episode for the start
    level. Replaced entries are left out.
    """
    return _history(episode, episode.patient.patient, _rows(episode, first=since or until, last=until), day=until)


def assess_entry(
    entry: Entry,
    episode: Episode,
    profile: PatientProfile,
    *,
    corrected: Entry | None = None,
    now: datetime,
) -> Assessment | None:
    """Return the assessment of the entry's day; later days that it bears on are judged again.

    Runs in the caller's transaction. When assessing fails as a whole the entry stays, marked as waiting; a clinician
    gets an alert that says so, the operator a message, and the next tick tries again.
    """
    try:
        # The savepoint is what keeps the entry when even a query fails.
        with transaction.atomic():
            return _assess_days(entry, episode, profile, corrected=corrected, now=now)
    except Exception as error:
        # The type alone, here and below: the text of an error may hold an answer.
        logger.error("Entry %s could not be assessed: %s.", entry.pk, type(error).__name__)
    _mark_waiting(entry)
    try:
        with transaction.atomic():
            alerts.could_not_assess(
                patient_id=entry.patient_id,
                entry_id=entry.pk,
                as_of=entry.occurred_on,
                reported_at=entry.recorded_at,
                now=now,
            )
    except Exception as error:
        logger.error("No alert says that entry %s waits for its assessment: %s.", entry.pk, type(error).__name__)
    return None


def assess_episode(episode: Episode, *, now: datetime) -> Assessment:
    """Return the assessment of the patient's local today: what time alone brings, such as the 6-8 week window."""
    today = episode.patient.patient.local_date(now)
    return alerts.assess(
        history_of(episode, until=today),
        patient_id=episode.patient_id,
        entry_id=None,
        as_of=today,
        reported_at=now,
        now=now,
    )


def assess_due(*, now: datetime, limit: int = 500) -> int:
    """Return how many episodes and waiting entries were assessed because time had come.

    Each is claimed by a guarded UPDATE, so two schedulers do no harm; one that fails does not hold up the others.
    """
    due = list(Episode.objects.due(now).select_related("patient__patient")[:limit])
    checked = sum(_check(episode, now=now) for episode in due)
    waiting = Entry.objects.filter(needs_assessment=True).order_by("-received_at", "id").values_list("pk", flat=True)
    return checked + sum(_assess_waiting(entry_id, now=now) for entry_id in list(waiting[:limit]))


def next_check(profile: PatientProfile, *, now: datetime) -> datetime:
    """Return the next 9 o'clock in the morning of the patient's home zone."""
    local = now.astimezone(profile.zone())
    day = local.date() if local.time() < CHECK_AT else local.date() + timedelta(days=1)
    return datetime.combine(day, CHECK_AT, tzinfo=profile.zone()).astimezone(ZoneInfo("UTC"))


# --- One entry ------------------------------------------------------------------------------------------------------


def _assess_days(
    entry: Entry, episode: Episode, profile: PatientProfile, *, corrected: Entry | None, now: datetime
) -> Assessment:
    first = min(entry.occurred_on, corrected.occurred_on) if corrected else entry.occurred_on
    rows = _rows(episode, first=first, last=None)
    history = _history(episode, profile, rows, day=entry.occurred_on)
    affected = _affected(entry, rows, first=first)
    for day in affected:
        assessment = alerts.assess(
            replace(history, baseline=_baseline(profile, episode, day)),
            patient_id=entry.patient_id,
            entry_id=entry.pk,
            as_of=day,
            reported_at=entry.recorded_at,
            now=now,
        )
        if day == entry.occurred_on:
            own = assessment
        if not assessment.complete:
            _mark_waiting(entry)
    if len(affected) > 1:
        # Prompts that depend on time are looked at again at the next tick, with what is known now.
        Episode.objects.filter(pk=episode.pk, next_check_at__gt=now).update(next_check_at=now)
    return own


def _affected(entry: Entry, rows: list[Entry], *, first: date) -> list[date]:
    """Return the days that a change on ``first`` can bear on: the entry's own and the later ones that look back so far.

    The first entries of a diary are its start level, which every later day is compared with.
    """
    later = {row.occurred_on for row in rows if row.occurred_on > first}
    if sum(1 for row in rows if row.occurred_on < first) >= FIRST_ENTRIES:
        reach = first + timedelta(days=catalogues.current().window_days)
        later = {day for day in later if day <= reach}
    return sorted(later | {entry.occurred_on})


def _mark_waiting(entry: Entry) -> None:
    entry.needs_assessment = True
    entry.save(update_fields=["needs_assessment"])


@transaction.atomic
def _assess_waiting(entry_id: UUID, *, now: datetime) -> bool:
    """Return whether an entry that waited has now been assessed."""
    entry = Entry.objects.filter(pk=entry_id).select_related("episode__patient__patient").first()
    if entry is None:
        return False
    episode = Episode.objects.select_for_update().get(pk=entry.episode_id)
    if not Entry.objects.filter(pk=entry_id, needs_assessment=True).update(needs_assessment=False):
        return False
    entry.needs_assessment = False
    assess_entry(entry, episode, entry.episode.patient.patient, now=now)
    return not entry.needs_assessment


# --- Time -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def _check(episode: Episode, *, now: datetime) -> bool:
    """Return whether this call was the one to check a due episode."""
    profile = episode.patient.patient
    claimed = Episode.objects.active().filter(pk=episode.pk, next_check_at=episode.next_check_at)
    if not claimed.update(next_check_at=next_check(profile, now=now)):
        return False
    if not episode.patient.is_active:
        return True
    try:
        with transaction.atomic():
            assess_episode(episode, now=now)
    except Exception as error:
        logger.error("Episode %s could not be checked: %s.", episode.pk, type(error).__name__)
        Episode.objects.filter(pk=episode.pk).update(next_check_at=now + TRY_AGAIN_AFTER)
        alerts.could_not_assess(
            patient_id=episode.patient_id,
            entry_id=None,
            as_of=profile.local_date(now),
            reported_at=now,
            now=now,
        )
    return True


# --- Rows to observations -------------------------------------------------------------------------------------------


def _rows(episode: Episode, *, first: date, last: date | None) -> list[Entry]:
    """Return the standing entries of the window before ``first`` up to ``last``, and the first ones of the episode."""
    begins = first - timedelta(days=catalogues.current().window_days)
    return list(Entry.objects.window(episode, begins=begins, ends=last or date.max, beginning=FIRST_ENTRIES))


def _history(episode: Episode, profile: PatientProfile, rows: list[Entry], *, day: date) -> History:
    entries = tuple(
        Answers(id=str(row.pk), on=row.occurred_on, at=row.recorded_at, values=row.observations) for row in rows
    )
    return History(baseline=_baseline(profile, episode, day), onset_on=episode.onset_on, entries=entries)


def _baseline(profile: PatientProfile, episode: Episode, day: date) -> dict[str, Any]:
    """Return the baseline keys of clinical.md 8.3 as they hold on a day; what was not answered is not in it."""
    baseline = profile.history_on(day)
    baseline["age"] = profile.age_on(day)
    if profile.sex:
        baseline["sex"] = profile.sex
    if episode.pain_side:
        baseline["pain_side"] = episode.pain_side
    if episode.pain_site:
        baseline["pain_site"] = episode.pain_site
    if episode.assessed_on is not None:
        baseline["assessed_this_episode"] = episode.assessed_on <= day
    if episode.next_review_on is not None:
        baseline["next_review_on"] = episode.next_review_on.isoformat()
    return baseline
