"""The pattern guide as a patient sees it: after the warning signs, with the reason, without a number or a diagnosis."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from selfcare.diary import areas
from selfcare.diary.models import Entry
from selfcare.triage import because, catalogue, guide
from selfcare.triage.evaluating import evaluate_each
from selfcare.triage.models import Alert, Tier
from selfcare.web.patients import Patient
from selfcare.web.reasons import speech_for

FIRST = (Tier.EMERGENCY, Tier.SAME_DAY)


class State(StrEnum):
    """Whether the guide may be read now, and if not, why."""

    OPEN = "open"
    BLOCKED = "blocked"
    NOT_JUDGED = "not_judged"
    UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern in the patient's words; ``why`` is empty where the diary does not point to it."""

    id: str
    title: str
    looks_like: list[str]
    sometimes: str
    questions: list[str]
    people: list[str]
    then: list[str]
    why: str


def page(patient: Patient) -> dict[str, Any]:
    """Return what the page of the guide needs; nothing of it unless no warning sign comes first."""
    found = catalogue.shown().guide
    country = patient.profile.country
    state = state_of(patient)
    patterns = _patterns(patient, country) if state == State.OPEN else []
    return {
        "patient": patient,
        "state": state.value,
        "texts": {**found.texts, "unsure": found.texts["unsure"].format_map(found.names(country))},
        "proposed": [pattern for pattern in patterns if pattern.why],
        "others": [pattern for pattern in patterns if not pattern.why],
    }


def state_of(patient: Patient) -> State:
    """Return whether the guide may be read: safety rules come first, and so do questions without an answer."""
    if Alert.objects.open().filter(patient=patient.user, tier__in=FIRST).exists():
        return State.BLOCKED
    if patient.history is None:
        return State.UNANSWERED
    # A phone east of home may already be in tomorrow.
    for day in {patient.today, *(entry.on for entry in patient.history.entries if entry.on > patient.today)}:
        findings, failed = evaluate_each(catalogue.current(), patient.history, as_of=day)
        if any(finding.tier in FIRST for finding in findings):
            return State.BLOCKED
        if failed:
            return State.NOT_JUDGED
    if Entry.objects.standing().filter(patient=patient.user, needs_assessment=True).exists():
        return State.NOT_JUDGED
    if guide.unanswered(catalogue.shown().guide, patient.history, on=patient.today):
        return State.UNANSWERED
    return State.OPEN


def _patterns(patient: Patient, country: str) -> list[Pattern]:
    content = catalogue.shown()
    assert patient.episode is not None
    assert patient.history is not None
    regions = areas.names(patient.episode.regions)
    proposals = guide.propose(content.guide, content, patient.history, regions=regions, as_of=patient.today)
    inputs = {proposal.id: proposal.inputs for proposal in proposals}
    speech = speech_for(patient.today)
    return [
        Pattern(
            id=name,
            title=pattern["title"],
            looks_like=pattern["looks_like"],
            sometimes=pattern["sometimes"],
            questions=pattern["questions"],
            people=content.guide.people(pattern["people"], country),
            then=content.guide.people(pattern["then"], country),
            why=because.for_patient(inputs[name], speech, otherwise=pattern["looks_like"][0]) if name in inputs else "",
        )
        for name, pattern in content.guide.patterns.items()
    ]
