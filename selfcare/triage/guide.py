"""PURE: the pattern guide and the names of clinicians by country. Education, no diagnosis (clinical.md section 3).

A pattern is judged like a rule that runs every day, by the same operators; it opens no alert and has no tier.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from selfcare.triage.judge import Condition
from selfcare.triage.rules import Branch, Rule, RuleBook, evaluate
from selfcare.triage.timeline import History

# What the patient marked on the body map, as the guide's conditions read it.
REGIONS = "pain_regions"


@dataclass(frozen=True, slots=True)
class Guide:
    """The pattern guide as the catalogue holds it."""

    patterns: Mapping[str, Mapping[str, Any]]
    texts: Mapping[str, Any]
    seeds: Mapping[str, str]
    specialists: Mapping[str, Mapping[str, str]]
    destinations: Mapping[str, Sequence[str]]
    fallback_country: str

    def names(self, country: str) -> Mapping[str, str]:
        """Return what each kind of clinician is called in a country; an unlisted one has the fallback's names."""
        return self.specialists.get(country, self.specialists[self.fallback_country])

    def people(self, kinds: Iterable[str], country: str) -> list[str]:
        """Return kinds of clinicians in the words of a country."""
        names = self.names(country)
        return [names[kind] for kind in kinds]

    def people_at(self, destination: str, country: str) -> list[str]:
        """Return whom the destination of a rule means in a country; nobody where the card itself names the place."""
        return self.people(self.destinations.get(destination, ()), country)


@dataclass(frozen=True, slots=True)
class Proposal:
    """One pattern that a diary fits, with what it fits by."""

    id: str
    inputs: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Patterns:
    rules: Sequence[Rule]
    definitions: Mapping[str, Condition]
    clocks: Mapping[str, Mapping[str, Any]]
    course: Mapping[str, Any]


def propose(guide: Guide, book: RuleBook, history: History, *, regions: list[str], as_of: date) -> list[Proposal]:
    """Return the patterns that a diary and the marked regions fit, in the order of the catalogue.

    Safety rules come first: whoever shows this has made sure that no emergency or same-day finding is open.
    """
    known = {**history.baseline, REGIONS: regions} if regions else history.baseline
    patterns = _Patterns(
        [_as_rule(name, pattern["when"]) for name, pattern in guide.patterns.items()],
        book.definitions,
        book.clocks,
        book.course,
    )
    found = evaluate(patterns, History(known, history.onset_on, history.entries), as_of=as_of)
    return [Proposal(finding.rule_id, finding.inputs) for finding in found]


def unanswered(guide: Guide, history: History, *, on: date) -> list[str]:
    """Return the safety questions that no entry of the day answers."""
    answered = {name for entry in history.entries if entry.on == on for name in entry.values}
    return [name for name in guide.texts["needs"] if name not in answered]


def _as_rule(name: str, when: Condition) -> Rule:
    # The tier is never read: what a pattern says has no urgency.
    return Rule(
        id=name,
        title="",
        group="",
        reason="",
        runs="daily",
        latch=False,
        alert=False,
        patient_sentence="",
        clinician_sentence="",
        sources=(),
        branches=(Branch(when, None, "routine", "", "", "", 0),),
    )
