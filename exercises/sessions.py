"""What a person did: sessions and mornings, stored once, and what they change, in one transaction.

No session is refused for its time or because exercises are paused: it is a fact, and a red one may be in it.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from edge.errors import LOOK_AGAIN, NOT_HERE, Refused
from exercises import catalogue as catalogues
from exercises import programmes, reviewing, today
from exercises.answers import WORDS, SessionBody, digest
from exercises.colours import CLOSER, FURTHER, SAME
from exercises.facts import About
from exercises.models import DoseChange, Morning, Programme, Result, Session
from notifications import reminders

log = logging.getLogger(__name__)

# A phone this far ahead of the server has a wrong clock; less is ordinary drift.
AHEAD = timedelta(minutes=10)
# A session older than this cannot be meant: the phone's date is wrong.
OLDEST = timedelta(days=366)
WORST_FIRST = (FURTHER, SAME, CLOSER)


class IdTaken(Exception):
    """The id stands for something else: another body, or a session of somebody else. Both are told alike."""


class NoProgramme(Exception):
    """The person has no programme that a session could belong to."""


@dataclass(frozen=True, slots=True)
class Logged:
    """A stored session, whether this call stored it, what it changed, and whether it stopped the programme."""

    session: Session
    created: bool
    changes: Sequence[DoseChange] = ()
    stopped: bool = False


def log_session(patient: Any, session_id: UUID, body: SessionBody, *, about: About, now: datetime) -> Logged:
    """Return the stored session with what it changes, all in one transaction.

    The same id and body again gives the stored session back. Raises IdTaken for the same id with another body or for an
    id of somebody else, Refused for an exercise that is not known, NoProgramme for a person who never had one.
    """
    _check(body)
    fingerprint = digest(body)
    try:
        with transaction.atomic():
            return _store(patient, session_id, body, fingerprint, about=about, now=now)
    except IntegrityError:
        # The primary key does the de-duplication: whoever comes second, in any process, goes on here.
        stored = Session.objects.filter(pk=session_id).first()
        if stored is None:
            raise
    if stored.patient_id != patient.pk or stored.body_sha256 != fingerprint:
        raise IdTaken
    return Logged(stored, created=False, stopped=stored.results.filter(new_signs=True).exists())


def note_morning(
    patient: Any, *, on: date, pain: int | None = None, settled: bool | None = None, about: About, now: datetime
) -> list[DoseChange]:
    """Store what the person says on the morning of ``on`` and return what it changes; the newest answer stands.

    ``on`` is bounded by what is possible: a day to come is taken for today.
    """
    day = min(on, about.as_of)
    with transaction.atomic():
        answers = {name: value for name, value in (("pain", pain), ("settled", settled)) if value is not None}
        Morning.objects.update_or_create(patient=patient, on=day, defaults={**answers, "received_at": now})
        programme = Programme.objects.active().select_for_update().filter(patient=patient).first()
        return _reviewed(programme, about=about, now=now) if programme else []


def note_hour_after(patient: Any, session_id: UUID, *, pain: int, about: About, now: datetime) -> list[DoseChange]:
    """Store the pain an hour after one of the person's sessions and return what it changes; the first answer stands.

    It comes after the session was sent, so it fills what was left open there. Raises Refused (404) for a session that
    is not this person's.
    """
    with transaction.atomic():
        session = Session.objects.filter(pk=session_id, patient=patient).first()
        if session is None:
            raise Refused(NOT_HERE, status_code=404)
        programme = Programme.objects.select_for_update().get(pk=session.programme_id)
        session.results.filter(hour_after=None).update(hour_after=pain)
        return _reviewed(programme, about=about, now=now) if programme.ended_at is None else []


def observations(patient: Any, *, on: date) -> dict[str, Any]:
    """Return what exercises say about a local day, under the vocabulary's names (clinical.md 8.4), for the diary.

    The worst of the day: ``ex_pain_during``, ``ex_spread``, and ``ex_next_morning`` of that morning. A name that was
    not answered is left out.
    """
    results = list(Result.objects.filter(session__patient=patient, session__occurred_on=on))
    during = [result.during for result in results if result.during is not None]
    spreads = {result.spread for result in results if result.spread}
    morning = Morning.objects.filter(patient=patient, on=on).first()
    said: dict[str, Any] = {}
    if during:
        said["ex_pain_during"] = max(during)
    if spreads:
        said["ex_spread"] = next(spread for spread in WORST_FIRST if spread in spreads)
    if morning is not None and morning.pain is not None:
        said["ex_next_morning"] = morning.pain
    return said


def _reviewed(programme: Programme, *, about: About, now: datetime) -> list[DoseChange]:
    """Return what a report changes. A rule that fails costs its change, never the report; the next look tries again."""
    try:
        # The savepoint is what keeps the report when even a query fails.
        with transaction.atomic():
            reviewing.keep_days(programme, about=about)
            return reviewing.review(programme, about=about, now=now)
    except Exception as error:
        # The type alone: the text of an error may hold an answer.
        log.error("The programme %s could not be reviewed: %s.", programme.pk, type(error).__name__)
        return []


def _check(body: SessionBody) -> None:
    known = catalogues.current().exercises
    wrong = {
        result.exercise: _("This exercise is not known. Update the app, then send it again.")
        for result in body.results
        if result.exercise not in known
    }
    if len({result.exercise for result in body.results}) != len(body.results):
        wrong["results"] = _("An exercise stands twice. Send it once in a session.")
    if body.recorded_at.tzinfo is None:
        wrong["recorded_at"] = WORDS["recorded_at"]
    if wrong:
        raise Refused(LOOK_AGAIN, fields=wrong)


def _store(
    patient: Any, session_id: UUID, body: SessionBody, fingerprint: str, *, about: About, now: datetime
) -> Logged:
    # Locks the programme: what one person reports is judged one report after the other.
    programme = _programme_for(patient)
    occurred_on, recorded_at, suspect = _when(body, about, now=now)
    session = Session(
        id=session_id,
        patient=patient,
        programme=programme,
        occurred_on=occurred_on,
        recorded_at=recorded_at,
        recorded_zone=body.recorded_zone.replace("\x00", ""),
        received_at=now,
        clock_suspect=suspect,
        felt=body.felt,
        body_sha256=fingerprint,
    )
    session.save(force_insert=True)
    Result.objects.bulk_create(
        Result(session=session, **{name: getattr(result, name) for name in result.__struct_fields__})
        for result in body.results
    )
    stopped = any(result.new_signs or result.hurt == "safety" for result in body.results)
    if stopped:
        programmes.pause(programme, by=patient, on=occurred_on, now=now, why=programmes.SAFETY)
    changes = _reviewed(programme, about=about, now=now) if programme.ended_at is None else []
    reminders.seen(patient.pk, now=now)
    return Logged(session, created=True, changes=changes, stopped=stopped)


def _programme_for(patient: Any) -> Programme:
    """Return the person's programme, or the last one for a session that was offline while it ended."""
    programme = today.active_of(patient) or Programme.objects.filter(patient=patient).order_by("-created_at").first()
    if programme is None:
        raise NoProgramme
    return Programme.objects.select_for_update().get(pk=programme.pk)


def _when(body: SessionBody, about: About, *, now: datetime) -> tuple[date, datetime, bool]:
    """Return the day and the moment a session stands for: the phone's where they are possible, else the server's."""
    try:
        recorded_at = body.recorded_at.astimezone(UTC)
    except OverflowError:
        return about.as_of, now, True
    # A phone may be a zone ahead of the one we know, but not further.
    latest = about.as_of + timedelta(days=1)
    if recorded_at < now - OLDEST:
        return about.as_of, now, True
    if recorded_at > now + AHEAD or not about.as_of - OLDEST <= body.occurred_on <= latest:
        return about.as_of, min(recorded_at, now), True
    return body.occurred_on, recorded_at, False
