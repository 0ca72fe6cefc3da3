"""What the API answers about programmes and sessions: plain shapes, no serializer."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.utils.translation import gettext as _

from exercises import catalogue as catalogues
from exercises import changes as history
from exercises import planning, programmes, records, today
from exercises.facts import About
from exercises.models import DoseChange, Practice, Prescription, Programme, Session, Version
from exercises.prescribing import difference
from exercises.sessions import Logged, observations
from exercises.today import Day, LeftOut

# A week ahead: what a phone without network needs.
AHEAD = 7


def no_programme(about: About) -> dict[str, Any]:
    """Return what somebody without a programme is told, and whether they may begin by themselves."""
    return {
        "programme": None,
        "can_start": about.screen_clear,
        "catalogue_version": catalogues.current().version,
        "days": [],
        "done": {},
        "maintenance_offered": False,
        "says": [catalogues.shown().rests["empty"]["patient"]],
    }


def today_of(programme: Programme, about: About) -> dict[str, Any]:
    """Return today and the six days after it, what was done today, and what is offered."""
    days = today.days_of(programme, about, ahead=AHEAD)
    done = Counter(
        result.exercise
        for session in programme.sessions.between(about.as_of, about.as_of).prefetch_related("results")
        for result in session.results.all()
        if result.done
    )
    return {
        "programme": programme.pk,
        "can_start": about.screen_clear and bool(programmes.to_reopen(programme)),
        "catalogue_version": catalogues.current().version,
        "days": [_day(day) for day in days],
        "done": dict(done),
        "maintenance_offered": programmes.maintenance_is_offered(programme, about),
        "says": [catalogues.shown().rests[key]["patient"] for key in days[0].rests],
    }


def _day(day: Day) -> dict[str, Any]:
    return {
        "on": day.on,
        "minutes": day.minutes,
        "eased": day.eased,
        "rests": list(day.rests),
        "todo": [
            {
                "exercise": one.exercise,
                "level": one.level,
                "dose": one.dose.stored(),
                "side": one.side,
                "sides": one.sides,
                "seconds": one.seconds,
                "note": one.note,
                "adapted": list(one.adapted),
            }
            for one in day.todo
        ],
        "left_out": [_left_out(one) for one in day.left_out],
    }


def _left_out(one: LeftOut) -> dict[str, Any]:
    by_filter = {each.id: each.patient for each in catalogues.shown().filters}
    sentences = {
        "resting": _("This one rests today."),
        "paused": _("This one rests until you have been checked."),
        "locked": _("Your clinician shows you this one first."),
        "taught": _("Show this one to your clinician first."),
        "checked": _("Your clinician opens this one for home."),
    }
    says = [by_filter[key] for key in one.filters] or [sentences[one.why]]
    return {"exercise": one.exercise, "why": one.why, "says": says}


def programme_of(programme: Programme, about: About, *, for_clinician: bool) -> dict[str, Any]:
    """Return a programme whole: what is prescribed, where the person stands, what was done, what changed and why."""
    read = records.read(programme, as_of=about.as_of)
    paused = today.pause_of(programme, about)
    rests = catalogues.shown().rests
    who = "clinical" if for_clinician else "patient"
    reply: dict[str, Any] = {
        "id": programme.pk,
        "mode": programme.mode,
        "started_on": programme.started_on,
        "catalogue_version": catalogues.current().version,
        "paused": [rests[key][who] for key in paused.reasons] if paused else [],
        "eased_until_on": programme.eased_until_on,
        "maintenance_offered": programmes.maintenance_is_offered(programme, about),
        "published": _version(today.published(programme)),
        "practices": [_practice(read.practices[key]) for key in sorted(read.practices)],
        "sessions": {
            key: [{"session": one.session, "on": one.on, "colour": one.colour} for one in tried]
            for key, tried in sorted(read.tried.items())
        },
        "adherence": [
            {"exercise": week.exercise, "begins_on": week.begins_on, "planned": week.planned, "done": week.done}
            for week in planning.adherence(read.kept)
        ],
        "changes": [change(one, for_clinician=for_clinician) for one in history.history(programme)],
    }
    if for_clinician:
        draft = programme.versions.filter(state=Version.State.DRAFT).prefetch_related("prescriptions").first()
        reply |= {"draft": _version(draft), "difference": difference(programme) if draft else None}
    return reply


def _version(version: Version | None) -> dict[str, Any] | None:
    if version is None:
        return None
    return {
        "number": version.number,
        "pattern": version.pattern,
        "published_at": version.published_at,
        "exercises": [_prescription(one) for one in version.prescriptions.all()],
    }


def _prescription(one: Prescription) -> dict[str, Any]:
    return {
        "exercise": one.exercise,
        "level": one.level,
        "dose": one.dose,
        "side": one.side,
        "days": one.days,
        "start_on": one.start_on,
        "flare": one.flare,
        "overrides": one.overrides,
    }


def _practice(practice: Practice) -> dict[str, Any]:
    return {
        "exercise": practice.exercise,
        "mastery": practice.mastery,
        "status": practice.status,
        "level": practice.level,
        "dose": practice.dose,
        "shown_by_clinician": practice.shown_by_clinician,
        "unlocked": practice.unlocked_at is not None,
        "rest_until_on": practice.rest_until_on,
    }


def change(one: DoseChange, *, for_clinician: bool) -> dict[str, Any]:
    """Return one change with its reason; a clinician reads the rule and both sentences."""
    why = history.why(one)
    allowed = history.BY_CLINICIAN if for_clinician else history.BY_PATIENT
    reply = {
        "id": one.pk,
        "exercise": one.practice.exercise,
        "kind": one.kind,
        "at": one.at,
        "on": one.on,
        "before": one.before,
        "after": one.after,
        "why": why["patient"],
        "can_undo": one.kind in allowed and not hasattr(one, "undone_by"),
        "undoes": one.undoes_id,
    }
    if for_clinician:
        reply |= {"rule": one.rule, "clinical_why": why["clinical"], "for_clinician": one.for_clinician}
    return reply


def logged(outcome: Logged) -> dict[str, Any]:
    """Return what became of a session: what it changed, and what the diary should know of its day."""
    session = outcome.session
    rests = catalogues.shown().rests
    return {
        "id": session.pk,
        "occurred_on": session.occurred_on,
        "received_at": session.received_at,
        "clock_suspect": session.clock_suspect,
        "stopped": outcome.stopped,
        "says": [rests[programmes.SAFETY]["patient"]] if outcome.stopped else [],
        "changes": [change(one, for_clinician=False) for one in outcome.changes],
        "observations": observations(session.patient, on=session.occurred_on),
    }


def session_as_stored(session: Session) -> dict[str, Any]:
    """Return a session as it was sent."""
    fields = ("exercise", "done", "level", "reps", "hold_s", "seconds", "before", "during", "hour_after")
    more = ("spread", "tingling_min", "soreness_only", "hurt", "new_signs")
    return {
        "id": session.pk,
        "occurred_on": session.occurred_on,
        "recorded_at": session.recorded_at,
        "recorded_zone": session.recorded_zone,
        "received_at": session.received_at,
        "clock_suspect": session.clock_suspect,
        "felt": session.felt,
        "results": [
            {name: getattr(result, name) for name in (*fields, *more)} for result in session.results.order_by("id")
        ],
    }
