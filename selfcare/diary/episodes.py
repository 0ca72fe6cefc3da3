"""Episodes: the stretch of trouble that carries the persistence clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal

import msgspec
from django.db import IntegrityError, transaction

from edge.errors import LOOK_AGAIN, Refused
from notifications import reminders
from selfcare.accounts import audit
from selfcare.accounts.models import PatientProfile
from selfcare.diary.models import Episode
from selfcare.triage.models import Alert

# The names of areas on the body map, such as "bu-l".
Region = Annotated[str, msgspec.Meta(pattern="^[a-z0-9-]{1,16}$")]
# clinical.md 2.2.
OLDEST_ONSET = timedelta(days=50 * 365)


class EpisodeBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """What a patient says about the episode."""

    onset_on: date
    onset_estimated: bool = False
    pain_side: Literal["", "left", "right", "both", "middle", "alternating"] = ""
    pain_site: Literal["", "low_back", "buttock", "thigh", "leg_below_knee", "groin", "mixed"] = ""
    regions: Annotated[list[Region], msgspec.Meta(max_length=60)] = []
    assessed_on: date | None = None

    def facts(self) -> dict[str, Any]:
        """Return the facts by name."""
        return msgspec.structs.asdict(self)


EPISODE_WORDS = {
    "onset_on": "Send the day it began as a date, such as 2026-02-09.",
    "onset_estimated": "Send true or false.",
    "pain_side": "Choose left, right, both, middle or alternating.",
    "pain_site": "Choose low_back, buttock, thigh, leg_below_knee, groin or mixed.",
    "regions": "Send the areas of the body map as a list of their names.",
    "assessed_on": "Send the day of the examination as a date, or leave it out.",
}


class NotSetUp(Exception):
    """The person has no patient profile yet: there is nobody to keep a diary for."""


def episode_of(patient: Any, *, locked: bool = False) -> tuple[Episode | None, PatientProfile]:
    """Return the patient's active episode, if there is one, and the profile.

    ``locked`` holds the episode until the transaction ends. Raises NotSetUp for a person without a profile.
    """
    try:
        # Two small queries: joined, they would read the person again, which takes longer than asking twice.
        profile = PatientProfile.objects.get(user_id=patient.pk)
    except PatientProfile.DoesNotExist:
        raise NotSetUp from None
    rows = Episode.objects.active().filter(patient_id=patient.pk)
    return (rows.select_for_update() if locked else rows).first(), profile


def start(
    patient: Any,
    *,
    onset_on: date,
    onset_estimated: bool,
    pain_side: str = "",
    pain_site: str = "",
    regions: Sequence[str] = (),
    assessed_on: date | None = None,
    now: datetime,
) -> Episode:
    """Return the patient's active episode: a new one, or the one there is with these facts.

    Editing never withdraws an alert; the checkpoints are looked at again at once. Raises Refused with a sentence for an
    onset in the future or more than 50 years ago, NotSetUp for a person without a profile.
    """
    facts = {
        "onset_on": onset_on,
        "onset_estimated": onset_estimated,
        "pain_side": pain_side,
        "pain_site": pain_site,
        "regions": list(regions),
        "assessed_on": assessed_on,
    }
    try:
        with transaction.atomic():
            return _start(patient, facts, now=now)
    except IntegrityError:
        # Another request has started the episode in this moment: its facts are edited.
        with transaction.atomic():
            return _start(patient, facts, now=now)


@transaction.atomic
def examined(patient: Any, *, on: date, now: datetime) -> Episode | None:
    """Return the patient's active episode, which now knows that somebody has examined them on that local day.

    An earlier examination stays: days that were judged with it must not be judged without it. None without an episode.
    """
    episode, _ = episode_of(patient, locked=True)
    if episode is not None and (episode.assessed_on is None or episode.assessed_on > on):
        episode.assessed_on, episode.next_check_at = on, now
        episode.save(update_fields=["assessed_on", "next_check_at"])
        audit.record("episode.examined", actor_id=patient.pk, patient_id=patient.pk, object_id=episode.pk, now=now)
    return episode


def _start(patient: Any, facts: dict[str, Any], *, now: datetime) -> Episode:
    episode, profile = episode_of(patient, locked=True)
    _check_days(facts, today=profile.local_date(now))
    if episode is None:
        episode = Episode.objects.create(patient=patient, started_at=now, next_check_at=now, **facts)
        action = "episode.started"
    else:
        for name, value in facts.items():
            setattr(episode, name, value)
        episode.next_check_at = now
        episode.save(update_fields=[*facts, "next_check_at"])
        action = "episode.changed"
    audit.record(action, actor_id=patient.pk, patient_id=patient.pk, object_id=episode.pk, now=now)
    return episode


def move_onset(episode: Episode, onset_on: date, *, now: datetime) -> None:
    """Put an estimated onset on an earlier day; the checkpoints are looked at again at once."""
    episode.onset_on, episode.next_check_at = onset_on, now
    episode.save(update_fields=["onset_on", "next_check_at"])
    audit.record(
        "episode.changed", actor_id=episode.patient_id, patient_id=episode.patient_id, object_id=episode.pk, now=now
    )


@transaction.atomic
def plan_review(
    episode: Episode, *, next_review_on: date | None, assessed_on: date | None, by: Any, now: datetime
) -> None:
    """Keep when a clinician wants to see the patient again, and when they examined them; None takes a date away.

    Until the review the prompts of weeks 4 and 6 to 8 wait (clinical.md 2.4); the clock goes on, and so do red flags.
    """
    episode.next_review_on, episode.assessed_on, episode.next_check_at = next_review_on, assessed_on, now
    episode.save(update_fields=["next_review_on", "assessed_on", "next_check_at"])
    audit.record("episode.review_planned", actor_id=by.pk, patient_id=episode.patient_id, object_id=episode.pk, now=now)


@transaction.atomic
def stop_prompts(episode: Episode, *, because: str, by: Any, now: datetime) -> None:
    """Send this patient no prompt, question or reminder any more, because they have died or withdrawn.

    What waits to be sent is cancelled. An entry that still arrives is judged as ever. Doing it twice changes nothing.
    """
    if not Episode.objects.filter(pk=episode.pk, prompts_stopped_at=None).update(
        prompts_stopped_at=now, prompts_stopped_because=Episode.Stopped(because)
    ):
        return
    asked = Alert.objects.open().filter(patient_id=episode.patient_id, next_follow_up_at__isnull=False)
    asked.update(next_follow_up_at=None)
    reminders.stop(episode.patient_id, now=now)
    audit.record(
        "episode.prompts_stopped", actor_id=by.pk, patient_id=episode.patient_id, object_id=episode.pk, now=now
    )


@transaction.atomic
def resume_prompts(episode: Episode, *, by: Any, now: datetime) -> None:
    """Undo ``stop_prompts``, which was a mistake or is over; the patient sets the reminder anew."""
    if not Episode.objects.filter(pk=episode.pk, prompts_stopped_at__isnull=False).update(
        prompts_stopped_at=None, prompts_stopped_because="", next_check_at=now
    ):
        return
    audit.record(
        "episode.prompts_resumed", actor_id=by.pk, patient_id=episode.patient_id, object_id=episode.pk, now=now
    )


def _check_days(facts: dict[str, Any], *, today: date) -> None:
    wrong: dict[str, str] = {}
    if facts["onset_on"] > today:
        wrong["onset_on"] = "Choose a day that has already been."
    elif facts["onset_on"] < today - OLDEST_ONSET:
        wrong["onset_on"] = "Choose a day within the last 50 years."
    if facts["assessed_on"] is not None and facts["assessed_on"] > today:
        wrong["assessed_on"] = "Choose a day that has already been."
    if wrong:
        raise Refused(LOOK_AGAIN, fields=wrong)
