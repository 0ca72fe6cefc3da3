"""Writing to the diary: the only two ways, and both in one transaction with what the entry means.

Nothing here refuses an entry for its time, and nothing that goes wrong in triage loses one.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from notifications import reminders
from selfcare.accounts import profiles
from selfcare.accounts.models import PatientProfile
from selfcare.diary import answers, episodes, monitoring
from selfcare.diary.answers import EntryBody
from selfcare.diary.episodes import NotSetUp, episode_of
from selfcare.diary.models import Entry, Episode
from selfcare.diary.passing_on import pass_on
from selfcare.triage import catalogue as catalogues
from selfcare.triage.models import Assessment

logger = logging.getLogger(__name__)

# A phone this far ahead of the server has a wrong clock; less is ordinary drift.
AHEAD = timedelta(minutes=10)
# clinical.md 2.2: nothing in an episode is older than 50 years.
OLDEST = timedelta(days=50 * 366)
UNIX_BEGAN = date(1970, 1, 1)


class IdTaken(Exception):
    """The id stands for something else: another body, or an entry of somebody else. Both are told alike."""


class UnknownEntry(Exception):
    """There is no such entry for this patient."""


class AlreadyCorrected(Exception):
    """The entry has been replaced by another correction."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A stored entry, whether this call stored it, and what it meant; None where it still waits for an assessment."""

    entry: Entry
    created: bool
    assessment: Assessment | None


def record_entry(patient: Any, entry_id: UUID, body: EntryBody | Mapping[str, Any], *, now: datetime) -> Recorded:
    """Return the stored entry with its assessment, alerts and messages, all in one transaction.

    The same id and body again gives the stored entry back. Raises IdTaken for the same id with another body or for
    an id of somebody else, Refused (a sentence per field) for a body that does not fit the vocabulary, and NotSetUp
    for a person without a patient profile.
    """
    return _record(patient, entry_id, answers.as_body(body), corrected_id=None, now=now)


def correct_entry(
    patient: Any, entry_id: UUID, new_id: UUID, body: EntryBody | Mapping[str, Any], *, now: datetime
) -> Recorded:
    """Return the new entry that replaces an earlier one; the earlier one is marked, never changed or deleted.

    No alert is withdrawn. Raises what record_entry raises, UnknownEntry for an entry that is not this patient's,
    AlreadyCorrected for one that another correction has replaced, IdTaken for an entry that would replace itself.
    """
    if entry_id == new_id:
        raise IdTaken
    return _record(patient, new_id, answers.as_body(body), corrected_id=entry_id, now=now)


def _record(patient: Any, entry_id: UUID, given: EntryBody, *, corrected_id: UUID | None, now: datetime) -> Recorded:
    body = answers.checked(given, catalogues.current().vocabulary)
    digest = answers.digest(body, corrects=corrected_id)
    try:
        with transaction.atomic():
            return _store(patient, entry_id, body, digest=digest, corrected_id=corrected_id, now=now)
    except IntegrityError as error:
        # The primary key does the de-duplication: whoever comes second, in any process, goes on here.
        stored = Entry.objects.filter(pk=entry_id).first()
        collision = error
    if stored is None and corrected_id is not None:
        raise _not_replaceable(patient, corrected_id)
    if stored is None:
        return _store_beside(collision, patient, entry_id, body, digest=digest, now=now)
    if stored.patient_id != patient.pk or stored.body_sha256 != digest:
        raise IdTaken
    return Recorded(entry=stored, created=False, assessment=assessment_of(stored))


def assessment_of(entry: Entry) -> Assessment | None:
    """Return the newest assessment of the entry's own day that this entry brought about, or None."""
    rows = Assessment.objects.filter(entry_id=entry.pk, as_of=entry.occurred_on)
    return rows.order_by("-evaluated_at", "-id").first()


def _store(
    patient: Any, entry_id: UUID, body: EntryBody, *, digest: str, corrected_id: UUID | None, now: datetime
) -> Recorded:
    # Locks the episode: what one patient reports is judged one report after the other.
    episode, profile = episode_of(patient, locked=True)
    when = _when(body, profile, now=now)
    if episode is None:
        episode = Episode.objects.create(
            patient=patient, onset_on=when.occurred_on, onset_estimated=True, started_at=now, next_check_at=now
        )
    elif episode.onset_estimated and when.occurred_on < episode.onset_on:
        # Nobody knows when it began, so it is the first day that the diary knows (clinical.md 2.2).
        episodes.move_onset(episode, when.occurred_on, now=now)
    entry = Entry(
        id=entry_id,
        patient=patient,
        episode=episode,
        recorded_at=when.recorded_at,
        recorded_zone=body.recorded_zone,
        occurred_on=when.occurred_on,
        received_at=now,
        clock_suspect=when.suspect,
        app_version=body.app_version,
        catalogue_version=body.catalogue_version,
        shown_tier=body.shown_tier,
        observations=body.observations,
        body_sha256=digest,
        corrects_id=corrected_id,
        needs_assessment=False,
    )
    entry.save(force_insert=True)
    corrected = _replaced(patient, corrected_id, now=now) if corrected_id else None
    # "The same as always, and a clinician knows" is the person's normal from this entry on.
    profiles.keep_longstanding(profile, body.observations.get("known_to_clinician", []), now=now)
    profiles.keep_medicine(profile, body.observations.get("medicine_started", ""), now=now)
    assessment = monitoring.assess_entry(entry, episode, profile, corrected=corrected, now=now)
    _note_check_in(entry, now=now)
    pass_on(entry, now=now)
    return Recorded(entry=entry, created=True, assessment=assessment)


def _note_check_in(entry: Entry, *, now: datetime) -> None:
    try:
        reminders.checked_in(entry.patient_id, on=entry.occurred_on, now=now)
    except Exception as error:
        # It undoes its own writes. A reminder too many is nothing beside an entry that is lost.
        logger.error("The check-in of entry %s was not noted: %s.", entry.pk, type(error).__name__)


def _replaced(patient: Any, corrected_id: UUID, *, now: datetime) -> Entry:
    """Return the earlier entry, marked as replaced."""
    earlier = Entry.objects.select_for_update().filter(pk=corrected_id, patient=patient).first()
    if earlier is None:
        raise UnknownEntry
    if earlier.entered_in_error_at is not None:
        raise AlreadyCorrected
    earlier.entered_in_error_at = now
    earlier.save(update_fields=["entered_in_error_at"])
    return earlier


def _store_beside(
    collision: IntegrityError, patient: Any, entry_id: UUID, body: EntryBody, *, digest: str, now: datetime
) -> Recorded:
    """Store an entry that collided with another first entry of the patient: the episode both began is there now."""
    if not Episode.objects.active().filter(patient_id=patient.pk).exists():
        raise collision
    with transaction.atomic():
        return _store(patient, entry_id, body, digest=digest, corrected_id=None, now=now)


def _not_replaceable(patient: Any, corrected_id: UUID) -> Exception:
    """Return why a correction met another one of the same entry; a stranger learns nothing of either."""
    mine = Entry.objects.filter(pk=corrected_id, patient=patient).exists()
    return AlreadyCorrected() if mine else UnknownEntry()


@dataclass(frozen=True, slots=True)
class _When:
    recorded_at: datetime
    occurred_on: date
    suspect: bool


def _when(body: EntryBody, profile: PatientProfile, *, now: datetime) -> _When:
    """Return the moment and the day an entry stands for: the phone's where they are possible, else the server's."""
    today = now.astimezone(_zone_of(body, profile)).date()
    recorded_at, impossible = _instant(body.recorded_at, now=now)
    born = date(max(1, profile.year_of_birth), 1, 1)
    oldest = max(UNIX_BEGAN, born, today - OLDEST)
    if impossible or recorded_at > now + AHEAD or not oldest <= body.occurred_on <= today:
        return _When(recorded_at, today, suspect=True)
    return _When(recorded_at, body.occurred_on, suspect=False)


def _instant(stated: datetime, *, now: datetime) -> tuple[datetime, bool]:
    try:
        instant = stated.astimezone(UTC)
    except OverflowError:
        return now, True
    # Years at the edge of the calendar cannot be shown in every zone.
    return (now, True) if not 2 <= instant.year <= 9998 else (instant, False)


def _zone_of(body: EntryBody, profile: PatientProfile) -> ZoneInfo:
    try:
        return ZoneInfo(body.recorded_zone)
    except (KeyError, ValueError, OSError):
        # A name that this machine does not know, such as one that is newer than its time zone data.
        return profile.zone()


__all__ = [
    "AlreadyCorrected",
    "IdTaken",
    "NotSetUp",
    "Recorded",
    "UnknownEntry",
    "assessment_of",
    "correct_entry",
    "record_entry",
]
