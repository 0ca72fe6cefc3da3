"""What the exercise programme asks about a person: answered from the diary, the open alerts and the profile."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from edge.errors import Refused
from exercises import catalogue as exercise_catalogues
from exercises.facts import About
from selfcare.accounts.models import PatientProfile
from selfcare.diary import monitoring
from selfcare.diary.episodes import NotSetUp
from selfcare.diary.models import Entry, Episode
from selfcare.diary.refusals import told
from selfcare.triage import catalogue as catalogues
from selfcare.triage.course import worst_level
from selfcare.triage.models import Alert, Assessment, Tier
from selfcare.triage.timeline import Timeline

# An answer about strength, feeling or a swollen leg counts until a newer one, for so many days.
ANSWER_HOLDS = timedelta(days=14)
# Fever, a blow and pain at rest are matters of the day; an answer given late in the evening holds for the next morning.
OF_THE_DAY = timedelta(days=1)
FEVER_C = 38
# clinical.md 4.2: surgery in 6 weeks. The profile only knows that it was asked about, and when.
AFTER_SURGERY = timedelta(weeks=6)
# What a safety screen must have answered before anything starts without a clinician.
SCREEN = ("bladder", "bowel", "saddle", "both_legs", "weakness", "numbness")
QUIET = (Tier.NONE, Tier.ROUTINE)


def about(patient: Any, *, now: datetime) -> About:
    """Return what exercises must know about a patient. Raises Refused (403) for a person who is not set up as one."""
    profile = PatientProfile.objects.filter(user=patient).first()
    if profile is None:
        status, _code, sentence = told(NotSetUp())
        raise Refused(sentence, status_code=status)
    today = profile.local_date(now)
    episode = Episode.objects.active().filter(patient=patient).first()
    entries = list(Entry.objects.standing().filter(patient=patient, occurred_on__gt=today - ANSWER_HOLDS).in_order())
    alert = _open_alert(patient)
    return About(
        as_of=today,
        zone=profile.zone(),
        facts=_facts(profile, entries, alert=alert, today=today, now=now),
        screen_clear=not alert and _screen_is_clear(patient, entries, today=today),
        days_since_onset=(today - episode.onset_on).days if episode else None,
        side=episode.pain_side if episode else "",
        m7=lambda: _levels(episode, today) if episode else (),
    )


def pain_moved_down(patient_id: UUID, *, on: date, now: datetime) -> None:
    """Keep that two sessions moved the pain further down, and have the day judged again: numbness now weighs more."""
    active = Episode.objects.active().filter(patient_id=patient_id)
    active.update(moved_further_on=on)
    active.filter(next_check_at__gt=now).update(next_check_at=now)


def _facts(
    profile: PatientProfile, entries: Sequence[Entry], *, alert: str, today: date, now: datetime
) -> dict[str, Any]:
    history = profile.history
    facts = {name: history[name] for name in exercise_catalogues.current().facts if name in history}
    asked_at = profile.history_asked_at
    if "pregnant_weeks" in facts and asked_at is not None:
        facts["pregnant_weeks"] += max(0, (now - asked_at).days // 7)
    if history.get("recent_spinal_procedure") and (asked_at is None or now - asked_at < AFTER_SURGERY):
        facts["recent_surgery"] = True
    for name in ("weakness", "numbness", "leg_swelling_one_side"):
        value = _latest(entries, name, since=today - ANSWER_HOLDS)
        if value is not None:
            facts[name] = value
    recent = today - OF_THE_DAY
    heart = [_latest(entries, name, since=today - ANSWER_HOLDS) for name in ("chest_pain", "breathless")]
    facts["heart_symptoms"] = any(heart)
    facts["fever"] = _any(entries, "fever_c", recent, lambda value: value >= FEVER_C)
    facts["new_trauma"] = _any(entries, "trauma", recent, lambda value: value != "none")
    # The diary asks for the average of the day; it stands in for pain at rest until that is asked by itself.
    pain = _latest(entries, "pain_avg", since=today)
    if pain is not None:
        facts["pain_at_rest"] = pain
    if alert:
        facts["open_alert"] = alert
    return facts


def _latest(entries: Sequence[Entry], name: str, *, since: date) -> Any:
    answers = [
        entry.observations[name] for entry in entries if entry.occurred_on >= since and name in entry.observations
    ]
    return answers[-1] if answers else None


def _any(entries: Sequence[Entry], name: str, since: date, holds: Any) -> bool:
    return any(
        holds(entry.observations[name])
        for entry in entries
        if entry.occurred_on >= since and name in entry.observations
    )


def _open_alert(patient: Any) -> str:
    """Return the tier of the most urgent open alert that pauses exercises, or an empty text."""
    alarming = Alert.objects.open().filter(patient=patient, tier__in=(Tier.EMERGENCY, Tier.SAME_DAY))
    return alarming.by_urgency().values_list("tier", flat=True).first() or ""


def _screen_is_clear(patient: Any, entries: Sequence[Entry], *, today: date) -> bool:
    """Return whether a safety screen of today or yesterday was answered whole and judged to hold no warning sign."""
    whole = [
        entry.pk
        for entry in entries
        if entry.occurred_on >= today - OF_THE_DAY and all(name in entry.observations for name in SCREEN)
    ]
    newest = Assessment.objects.filter(patient=patient, entry_id__in=whole[-1:]).order_by("-evaluated_at").first()
    return newest is not None and newest.complete and newest.tier in QUIET


def _levels(episode: Episode, today: date) -> tuple[float | None, ...]:
    """Return the level of pain (clinical.md 2.3) on each of the last 14 days, newest last; None where it is unknown."""
    days = exercise_catalogues.current().numbers.maintenance_days
    first = today - timedelta(days=days - 1)
    timeline = Timeline(monitoring.history_of(episode, until=today, since=first), today)
    course = catalogues.current().course
    levels = (worst_level(timeline.up_to(day), course, day) for day in range(first.toordinal(), today.toordinal() + 1))
    return tuple(level[1].rounded() if level else None for level in levels)
