"""The programme as a whole: begun by the person, paused, gone on with, eased in a flare, moved to keeping well."""

from __future__ import annotations

import logging
from datetime import date, datetime, timedelta
from typing import Any

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from edge.errors import Refused
from exercises import catalogue as catalogues
from exercises import facts, filters, mastery, prescribing, progression, reviewing, today, versions
from exercises.facts import About
from exercises.models import DoseChange, MasteryEvent, Practice, Programme, ProgrammeEvent, Version
from exercises.today import Day

log = logging.getLogger(__name__)

ASKED, SAFETY = "asked_to_pause", "safety_stop"
GENTLE = "gentle_start"
# A programme whose look failed is tried again then; the others do not wait for it.
AFTER_A_FAILURE = timedelta(minutes=15)
Kind = ProgrammeEvent.Kind


def self_start(patient: Any, *, about: About, now: datetime) -> Programme:
    """Return the gentle start: the starter set at level 1, for somebody whom no clinician has given a programme.

    After a long break it opens the same exercises again. Raises Refused (409) unless the safety screen is clear and
    nothing pauses exercises today, and where there is a programme already.
    """
    if not about.screen_clear:
        raise Refused(_("Answer the safety questions first. Then you can start."), status_code=409)
    paused = filters.pause_of(catalogues.current().pauses, about.facts)
    if paused:
        raise Refused(catalogues.shown().rests[paused.reasons[0]]["patient"], status_code=409)
    with transaction.atomic():
        programme = Programme.objects.active().select_for_update().filter(patient=patient).first()
        if programme is not None:
            return _reopened(programme, about=about, now=now)
        programme = prescribing.begin(patient, mode=Programme.Mode.GENTLE_START, about=about, now=now)
        wanted = prescribing.from_plan(GENTLE, about=about)
        draft = versions.draft_with(programme, prescribing.rows_of(wanted, about), pattern=GENTLE, by=patient, now=now)
        versions.put_in_force(draft, by=patient, on=about.as_of, now=now)
        for prescription in draft.prescriptions.all():
            versions.practise(programme, prescription, on=about.as_of, now=now, by=patient)
        _event(programme, Kind.STARTED, by=patient, on=about.as_of, now=now)
    return programme


def to_reopen(programme: Programme) -> list[Practice]:
    """Return the exercises of a gentle start that a long break has closed: only a clear screen opens them again."""
    if programme.mode != Programme.Mode.GENTLE_START:
        return []
    waiting = programme.practices.filter(mastery=Practice.Mastery.TAUGHT, status=Practice.Status.ACTIVE)
    return [one for one in waiting.order_by("exercise") if one.exercise in catalogues.current().starter]


def _reopened(programme: Programme, *, about: About, now: datetime) -> Programme:
    waiting = to_reopen(programme)
    if not waiting:
        raise Refused(_("You have exercises already. Open them under Exercises."), status_code=409)
    for practice in waiting:
        mastery.move(practice, MasteryEvent.Kind.GENTLE_START, on=about.as_of, now=now, by=programme.patient)
    return programme


def end(programme: Programme, *, by: Any, on: date, now: datetime) -> None:
    """End a programme; its history stays. Twice is harmless."""
    with transaction.atomic():
        locked = _locked(programme)
        if locked.ended_at is not None:
            return
        locked.ended_at = now
        locked.save(update_fields=["ended_at"])
        _event(locked, Kind.ENDED, by=by, on=on, now=now)
    programme.ended_at = now


def pause(programme: Programme, *, by: Any, on: date, now: datetime, why: str = ASKED) -> None:
    """Let the programme rest until somebody goes on. Twice is harmless; a safety stop is not softened by a wish."""
    with transaction.atomic():
        locked = _locked(programme)
        if locked.paused_for == SAFETY or (locked.paused_for and why == ASKED):
            return
        locked.paused_at, locked.paused_for = now, why
        locked.save(update_fields=["paused_at", "paused_for"])
        _event(locked, Kind.PAUSED, by=by, on=on, now=now, why=why)
    programme.paused_at, programme.paused_for = now, why


def resume(programme: Programme, *, by: Any, about: About, now: datetime) -> None:
    """Go on after a pause. Raises Refused (409) after a safety stop while the safety screen is not clear."""
    with transaction.atomic():
        locked = _locked(programme)
        if not locked.paused_for:
            return
        if locked.paused_for == SAFETY and not about.screen_clear and by.pk == locked.patient_id:
            raise Refused(_("Answer the safety questions first. Then you can go on."), status_code=409)
        locked.paused_at, locked.paused_for = None, ""
        locked.save(update_fields=["paused_at", "paused_for"])
        _event(locked, Kind.RESUMED, by=by, on=about.as_of, now=now)
    programme.paused_at, programme.paused_for = None, ""


def flare(patient: Any, *, on: date, now: datetime) -> bool:
    """Make the next three days gentle ones because the person reports a flare (DX-06); return whether it changed."""
    with transaction.atomic():
        programme = Programme.objects.active().select_for_update().filter(patient=patient).first()
        until = on + timedelta(days=catalogues.current().numbers.eased_days)
        if programme is None or (programme.eased_until_on and programme.eased_until_on >= until):
            return False
        reviewing.ease(programme, why="flare", on=on, now=now)
    return True


def maintenance_is_offered(programme: Programme, about: About) -> bool:
    """Return whether the person may be asked to move to keeping well (DX-12)."""
    return (
        programme.mode != Programme.Mode.MAINTENANCE
        and today.pause_of(programme, about) is None
        and progression.keeps_well(about.m7(), rules=catalogues.current().rules)
    )


def maintenance(programme: Programme, *, by: Any, about: About, now: datetime) -> Version:
    """Return the published version for keeping well: strength on 3 days, walking on 5 (DX-12).

    Raises Refused (409) for a person to whom it is not offered; a clinician may decide at any time.
    """
    if by.pk == programme.patient_id and not maintenance_is_offered(programme, about):
        raise Refused(_("This plan opens when your pain has been low for two weeks."), status_code=409)
    catalogue = catalogues.current()
    days = {"walk": catalogue.maintenance["walk_days"], "strength": catalogue.maintenance["strength_days"]}
    with transaction.atomic():
        locked = _locked(programme)
        version = today.published(locked)
        rows = [
            {**row, "days": days[catalogue.exercise(row["exercise"]).kind]}
            for row in (versions.copied(version) if version else [])
            if catalogue.exercise(row["exercise"]).kind in days
        ][: catalogue.most_a_day]
        if not rows:
            raise Refused(_("There is no walking or strength in this programme yet. Add some first."), status_code=409)
        reviewing.keep_days(locked, about=about)
        draft = versions.draft_with(locked, rows, pattern="maintenance", by=by, now=now)
        versions.put_in_force(draft, by=by, on=about.as_of, now=now)
        locked.mode = Programme.Mode.MAINTENANCE
        locked.save(update_fields=["mode"])
        _event(locked, Kind.MAINTENANCE, by=by, on=about.as_of, now=now)
    programme.mode = Programme.Mode.MAINTENANCE
    return draft


def open_day(patient: Any, *, about: About, now: datetime) -> tuple[Programme, Day] | None:
    """Return the person's programme and what they do today, or None without a programme.

    Looks first at what time has changed, where the clock's own look is late: nobody is shown yesterday's dose.
    """
    programme = today.active_of(patient)
    if programme is None:
        return None
    if programme.next_look_at <= now:
        look(programme, about=about, now=now)
    return programme, today.day_of(programme, about)


def look(programme: Programme, *, about: About, now: datetime) -> list[DoseChange]:
    """Return what time alone has changed in a programme, and set when it is looked at next."""
    with transaction.atomic():
        locked = _locked(programme)
        changes = reviewing.look(locked, about=about, now=now)
        # What a report did not get for itself, because a rule failed then, it gets here.
        changes += reviewing.review(locked, about=about, now=now)
        if maintenance_is_offered(locked, about) and locked.maintenance_offered_on is None:
            locked.maintenance_offered_on = about.as_of
            _event(locked, Kind.MAINTENANCE_OFFERED, by=None, on=about.as_of, now=now)
        locked.next_look_at = max(about.next_look_at(), now + timedelta(minutes=1))
        locked.save(update_fields=["next_look_at", "maintenance_offered_on"])
    programme.refresh_from_db()
    return changes


def look_at_due(*, now: datetime, limit: int = 200) -> int:
    """Look at the programmes whose day is over; return how many. One that fails does not hold up the others."""
    looked = 0
    for programme in Programme.objects.due(now).select_related("patient")[:limit]:
        try:
            look(programme, about=facts.about(programme.patient, now=now), now=now)
            looked += 1
        except DatabaseError:
            raise
        except Exception as error:
            log.error("The programme %s could not be looked at: %s.", programme.pk, type(error).__name__)
            Programme.objects.filter(pk=programme.pk).update(next_look_at=now + AFTER_A_FAILURE)
    return looked


def _locked(programme: Programme) -> Programme:
    return Programme.objects.select_for_update().get(pk=programme.pk)


def _event(programme: Programme, kind: str, *, by: Any, on: date, now: datetime, **data: str) -> None:
    ProgrammeEvent.objects.create(programme=programme, kind=kind, at=now, on=on, actor=by, data=data)
