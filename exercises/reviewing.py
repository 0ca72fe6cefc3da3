"""Applies the dose rules to a programme: each change is a row that says what stood before, what after, and why.

Runs in the caller's transaction, with the programme's row locked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from exercises import catalogue as catalogues
from exercises import facts, mastery, planning, progression, records, today, versions
from exercises.facts import About
from exercises.models import DoseChange, MasteryEvent, PlannedExercise, Practice, Programme, ProgrammeEvent
from exercises.progression import Tried, Verdict
from exercises.records import Records

Kind = DoseChange.Kind
# A server that was away catches up on at most so many days at a time.
MOST_DAYS = 60
# clinical.md 4.2: surgery in 6 weeks.
AFTER_SURGERY = timedelta(weeks=6)


def review(programme: Programme, *, about: About, now: datetime) -> list[DoseChange]:
    """Return what the sessions and mornings reported so far change, each written down once."""
    read = records.read(programme, as_of=about.as_of)
    changes = _stop_directions(programme, read, about=about, now=now)
    paused = today.pause_of(programme, about) is not None
    _ease_after_a_bad_day(programme, read, about=about, now=now)
    eased = programme.eased_until_on is not None and programme.eased_until_on >= about.as_of
    risen = any(past.kind == progression.UP and past.on == about.as_of for each in read.past.values() for past in each)
    stopped = {change.practice_id for change in changes}
    for practice in _by_last_rise(read):
        if practice.status != Practice.Status.ACTIVE or practice.pk in stopped:
            continue
        verdict = progression.judge(
            records.state_of(practice, read, about=about),
            as_of=about.as_of,
            rules=read.catalogue.rules,
            # One exercise at a time, and never while something is wrong.
            may_rise=not (paused or eased or risen) and practice.mastery == Practice.Mastery.HOME,
        )
        if verdict is None:
            continue
        risen = risen or verdict.kind == progression.UP
        changes.append(_apply(programme, practice, verdict, about=about, now=now))
    return changes


def look(programme: Programme, *, about: About, now: datetime) -> list[DoseChange]:
    """Return what time alone changes: the days that are over are written down, missed days judged (DX-09)."""
    keep_days(programme, about=about)
    read = records.read(programme, as_of=about.as_of)
    _check_after_surgery(read, about=about, now=now)
    version = today.published(programme)
    changes = []
    for prescription in version.prescriptions.all() if version else ():
        practice = read.practices.get(prescription.exercise)
        if practice is None or practice.status != Practice.Status.ACTIVE:
            continue
        item = today.item_of(prescription, practice)
        missed, since = planning.missed(
            item,
            done_on=read.done_on(practice.exercise),
            resting_on=read.resting_on.get(practice.exercise, frozenset()),
            as_of=about.as_of,
        )
        exercise = read.catalogue.exercise(practice.exercise)
        verdict = progression.after_break(
            records.rung_of(practice),
            exercise.ladder(),
            missed=missed,
            already=_reasons_since(practice, since),
            rules=read.catalogue.rules,
        )
        if verdict is not None:
            changes.append(_apply(programme, practice, verdict, about=about, now=now))
    return changes


def keep_days(programme: Programme, *, about: About) -> None:
    """Write down what was planned for the days that are over, as the programme stands now."""
    version, catalogue = today.published(programme), catalogues.current()
    last = about.as_of - timedelta(days=1)
    if version is None or programme.kept_until_on >= last:
        return
    prescriptions = list(version.prescriptions.all())
    practices = {practice.exercise: practice for practice in programme.practices.all()}
    first = max(programme.kept_until_on + timedelta(days=1), last - timedelta(days=MOST_DAYS))
    rows = []
    for ahead in range((last - first).days + 1):
        on = first + timedelta(days=ahead)
        day = today.plan(programme, prescriptions, practices, about, on=on, catalogue=catalogue)
        rows += [
            PlannedExercise(
                programme=programme,
                on=on,
                exercise=one.exercise,
                times=one.dose.times_a_day,
                state=PlannedExercise.State.RESTING if day.eased else PlannedExercise.State.DUE,
            )
            for one in day.todo
        ]
        rows += [
            PlannedExercise(
                programme=programme,
                on=on,
                exercise=one.exercise,
                times=practices[one.exercise].dose["times_a_day"],
                state=PlannedExercise.State(one.why),
            )
            for one in day.left_out
            if one.why in PlannedExercise.State.values
        ]
    PlannedExercise.objects.bulk_create(rows, ignore_conflicts=True)
    programme.kept_until_on = last
    programme.save(update_fields=["kept_until_on"])


def _check_after_surgery(read: Records, *, about: About, now: datetime) -> None:
    """Send every exercise back to be checked after an operation, once: a clinician may open it again meanwhile."""
    if not about.facts.get("recent_surgery"):
        return
    since = about.as_of - AFTER_SURGERY
    for practice in read.practices.values():
        asked = practice.mastery_events.filter(kind=MasteryEvent.Kind.RECHECK, on__gt=since)
        if not any(event.data.get("why") == mastery.SURGERY for event in asked):
            mastery.recheck(practice, mastery.SURGERY, on=about.as_of, now=now)


def note(
    practice: Practice,
    *,
    kind: str,
    before: Mapping[str, Any],
    on: date,
    now: datetime,
    verdict: Verdict | None = None,
    reason: str = "",
    by: Any = None,
    undoes: DoseChange | None = None,
) -> DoseChange:
    """Save where a practice stands now and return the row that tells of the change."""
    practice.save(update_fields=["level", "dose", "status", "rest_until_on"])
    return DoseChange.objects.create(
        practice=practice,
        rule=verdict.rule if verdict else "",
        kind=kind,
        at=now,
        on=on,
        before=dict(before),
        after=records.standing(practice),
        sessions=list(verdict.sessions) if verdict else [],
        values={"reason": verdict.reason if verdict else reason, **(verdict.values if verdict else {})},
        for_clinician=verdict.for_clinician if verdict else False,
        actor=by,
        undoes=undoes,
    )


def _apply(programme: Programme, practice: Practice, verdict: Verdict, *, about: About, now: datetime) -> DoseChange:
    before = records.standing(practice)
    practice.level, practice.dose = verdict.rung.level, verdict.rung.dose.stored()
    if verdict.rest_until_on is not None:
        practice.rest_until_on = max(filter(None, (practice.rest_until_on, verdict.rest_until_on)))
    if verdict.kind in (progression.REMOVED, progression.SWAPPED):
        practice.status = Practice.Status.REMOVED
    change = note(practice, kind=verdict.kind, before=before, on=about.as_of, now=now, verdict=verdict)
    if verdict.recheck:
        why = mastery.TWO_REDS if verdict.rule == "DX-05" else mastery.BREAK
        mastery.recheck(practice, why, on=about.as_of, now=now)
    if verdict.swap_to:
        versions.swap(programme, practice.exercise, verdict.swap_to, about=about, now=now)
    return change


def _stop_directions(programme: Programme, read: Records, *, about: About, now: datetime) -> list[DoseChange]:
    """Stop the exercises of a direction that moved the pain further down twice, and tell those above (DX-08)."""
    directions: dict[str, list[Practice]] = defaultdict(list)
    for practice in read.practices.values():
        exercise = read.catalogue.exercise(practice.exercise)
        directions[exercise.direction or exercise.id].append(practice)
    changes = []
    for practices in directions.values():
        tried: list[Tried] = sorted(
            (one for practice in practices for one in read.tried.get(practice.exercise, ())), key=lambda one: one.on
        )
        answered = {
            session
            for practice in practices
            for past in read.past.get(practice.exercise, ())
            if past.rule == "DX-08"
            for session in past.sessions
        }
        sessions = progression.wrong_way(tried, as_of=about.as_of, answered=answered, rules=read.catalogue.rules)
        if sessions:
            facts.wrong_way(programme.patient_id, on=max(one.on for one in tried if one.session in sessions), now=now)
            changes += [
                _stop(practice, sessions, about=about, now=now)
                for practice in practices
                if practice.status == Practice.Status.ACTIVE
            ]
    return changes


def _stop(practice: Practice, sessions: tuple[str, ...], *, about: About, now: datetime) -> DoseChange:
    before = records.standing(practice)
    practice.status = Practice.Status.STOPPED
    verdict = Verdict(
        rule="DX-08",
        reason="DX-08",
        kind=progression.STOPPED,
        rung=records.rung_of(practice),
        sessions=sessions,
        for_clinician=True,
        values={"count": len(sessions)},
    )
    return note(practice, kind=Kind.STOPPED, before=before, on=about.as_of, now=now, verdict=verdict)


def _ease_after_a_bad_day(programme: Programme, read: Records, *, about: About, now: datetime) -> None:
    eased_for = [
        date.fromisoformat(event.data["for"])
        for event in programme.events.filter(kind=ProgrammeEvent.Kind.EASED)
        if "for" in event.data
    ]
    day = progression.bad_day(read.tried, as_of=about.as_of, eased_for=eased_for, rules=read.catalogue.rules)
    if day is not None:
        ease(programme, why="reds", on=about.as_of, now=now, data={"for": day.isoformat()})


def ease(programme: Programme, *, why: str, on: date, now: datetime, data: Mapping[str, str] | None = None) -> None:
    """Make the next days gentle ones: one level down but for walking and breathing (DX-06)."""
    until = on + timedelta(days=catalogues.current().numbers.eased_days)
    programme.eased_until_on = max(filter(None, (programme.eased_until_on, until)))
    programme.save(update_fields=["eased_until_on"])
    ProgrammeEvent.objects.create(
        programme=programme,
        kind=ProgrammeEvent.Kind.EASED,
        at=now,
        on=on,
        data={"why": why, "until": programme.eased_until_on.isoformat(), **(data or {})},
    )


def _by_last_rise(read: Records) -> Iterable[Practice]:
    """Return the practices, the one whose last step up lies furthest back first, so that each gets its turn."""

    def last_rise(practice: Practice) -> tuple[date, str]:
        rises = [past.on for past in read.past.get(practice.exercise, ()) if past.kind == progression.UP]
        return max(rises, default=date.min), practice.exercise

    return sorted(read.practices.values(), key=last_rise)


def _reasons_since(practice: Practice, since: date | None) -> set[str]:
    if since is None:
        return set()
    rows = DoseChange.objects.filter(practice=practice, rule="DX-09", on__gt=since)
    return {row.values["reason"] for row in rows}
