"""From rows to what triage reads, on three occasions: an entry arrives, time passes, or something was missed."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from notifications import outbox
from notifications.models import Kind
from selfcare.accounts.models import PatientProfile
from selfcare.diary import pace, reviews
from selfcare.diary.models import Entry, Episode
from selfcare.triage import alerts, rules, telling
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
# The 30 pain-free days before a new episode (clinical.md 2.5), and the days around them.
PAIN_FREE_TIME = timedelta(days=45)
# When every episode must be looked at again, they are spread over this time, in so many portions.
SPREAD_OVER = timedelta(hours=1)
PORTIONS = 64


def history_of(episode: Episode, *, until: date, since: date | None = None) -> History:
    """Return what the rules need to judge the days from ``since`` (or ``until`` alone) to ``until``, in one query.

    That is the catalogue's window before the first of these days, and the first entries of the episode for the start
    level. Replaced entries are left out.
    """
    return _history(episode, episode.patient.patient, _rows(episode, first=since or until, last=until), day=until)


def baseline_on(episode: Episode, *, day: date) -> dict[str, Any]:
    """Return the baseline keys of clinical.md 8.3 as they hold on a day; what was not answered is not in it."""
    return _baseline(episode.patient.patient, episode, day)


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
    history = history_of(episode, until=today)
    assessment = alerts.assess(
        history, patient_id=episode.patient_id, entry_id=None, as_of=today, reported_at=now, now=now
    )
    try:
        with transaction.atomic():
            began_on = _note_restart(episode, history, day=today, now=now)
            _ask(episode, history, day=today, now=now)
            reviews.ask(episode, history, began_on=began_on, day=today, now=now)
    except Exception as error:
        # Nothing urgent hangs on it, so it must not cost the assessment.
        logger.error("Episode %s could not be asked: %s.", episode.pk, type(error).__name__)
    return assessment


def assess_due(*, now: datetime, limit: int = 500) -> int:
    """Return how many episodes and waiting entries were assessed because time had come.

    Each is claimed by a guarded UPDATE, so two schedulers do no harm; one that fails does not hold up the others.
    """
    due = list(Episode.objects.due(now).select_related("patient__patient")[:limit])
    checked = sum(_check(episode, now=now) for episode in due)
    waiting = Entry.objects.filter(needs_assessment=True).order_by("-received_at", "id").values_list("pk", flat=True)
    return checked + sum(_assess_waiting(entry_id, now=now) for entry_id in list(waiting[:limit]))


def look_again(*, now: datetime) -> int:
    """Return how many episodes are due again, spread over the next hour: for a new version of the catalogue."""
    step, count = SPREAD_OVER / PORTIONS, 0
    width = 2**128 // PORTIONS
    for portion in range(PORTIONS):
        first, last = UUID(int=portion * width), UUID(int=(portion + 1) * width - 1)
        at = now + portion * step
        count += Episode.objects.active().filter(pk__range=(first, last), next_check_at__gt=at).update(next_check_at=at)
    return count


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
            _on_day(history, episode, profile, day),
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


def _note_restart(episode: Episode, history: History, *, day: date, now: datetime) -> date:
    """Return day 0 of the clock; where pain has come back it is kept, and the diary goes on as it did before."""
    began_on = rules.began_on(catalogues.current(), history, as_of=day)
    restarted_on = began_on if began_on != episode.onset_on else None
    if episode.restarted_on != restarted_on:
        episode.restarted_on = restarted_on
        episode.save(update_fields=["restarted_on"])
        pace.begin_again(episode, began_on=began_on, now=now)
    return began_on


def _ask(episode: Episode, history: History, *, day: date, now: datetime) -> None:
    """Owe the patient the questions that time brings, once for each occasion; none while something urgent is open."""
    catalogue = catalogues.current()
    for finding in rules.inform(catalogue, history, as_of=day):
        if catalogue.rule(finding.rule_id).asks and not telling.urgent_open(episode.patient_id):
            cause = f"ask:{episode.pk}:{finding.rule_id}:{finding.occasion}"
            outbox.notify(episode.patient_id, cause=cause, kind=Kind.CHECK_IN, now=now)


# --- Rows to observations -------------------------------------------------------------------------------------------


def _rows(episode: Episode, *, first: date, last: date | None) -> list[Entry]:
    """Return the standing entries of the window before ``first`` up to ``last``, and the first ones of the episode."""
    begins = first - timedelta(days=catalogues.current().window_days)
    onset_on = _onset(episode, begins=begins)
    rows = Entry.objects.window(
        episode, begins=begins, ends=last or date.max, beginning=FIRST_ENTRIES, onset_on=onset_on
    )
    return list(rows)


def _onset(episode: Episode, *, begins: date) -> date:
    """Return the day on which the clock of a window began.

    The rules find the start of a new episode themselves, unless the pain-free time before it lies before the window.
    """
    restarted_on = episode.restarted_on
    seen = restarted_on is None or restarted_on >= begins + PAIN_FREE_TIME
    return episode.onset_on if seen or restarted_on is None else restarted_on


def _history(episode: Episode, profile: PatientProfile, rows: list[Entry], *, day: date) -> History:
    entries = tuple(
        Answers(id=str(row.pk), on=row.occurred_on, at=row.recorded_at, values=row.observations) for row in rows
    )
    begins = day - timedelta(days=catalogues.current().window_days)
    history = History(baseline={}, onset_on=_onset(episode, begins=begins), entries=entries)
    return _on_day(history, episode, profile, day)


def _on_day(history: History, episode: Episode, profile: PatientProfile, day: date) -> History:
    """Return the history with what is known of the patient on a day."""
    baseline = _baseline(profile, episode, day)
    if baseline.get("assessed_this_episode"):
        began_on = rules.began_on(catalogues.current(), history, as_of=day)
        # An examination before a pain-free time was of the episode before.
        baseline["assessed_this_episode"] = began_on == history.onset_on or began_on <= episode.assessed_on
    return replace(history, baseline=baseline)


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
    baseline["joined_on"] = profile.local_date(episode.started_at).isoformat()
    if episode.moved_further_on is not None and episode.moved_further_on <= day:
        baseline["moved_further_days"] = (day - episode.moved_further_on).days
    if episode.next_review_on is not None:
        baseline["next_review_on"] = episode.next_review_on.isoformat()
    return baseline
