"""PURE: what a diary means. No database, no clock, no settings; the twin of static/web/js/rules.js.

Both read the same catalogue, and the vectors in tests/vectors/ hold them together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from selfcare.triage.conditions import OPERATORS
from selfcare.triage.judge import Condition, Judge, Seen, iso
from selfcare.triage.timeline import Answers, History, Timeline

__all__ = ["TIERS", "Answers", "Branch", "Finding", "History", "Rule", "RuleBook", "evaluate", "highest_tier"]

# Most urgent first (clinical.md section 0).
TIERS = ("emergency", "same_day", "within_2_weeks", "routine", "none")


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that fired, with the observations that made it fire."""

    rule_id: str
    reason: str
    tier: str
    advice: str
    occasion: str = ""
    inputs: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Branch:
    """One way in which a rule fires. The branches of a rule go from the most urgent tier down."""

    when: Condition
    unless: Condition | None
    tier: str
    advice: str
    destination: str
    transport: str
    seen_within_h: int


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the catalogue. ``runs`` is "on_entry" or "daily": daily rules also run on days without an entry."""

    id: str
    title: str
    group: str
    reason: str
    runs: str
    latch: bool
    alert: bool
    patient_sentence: str
    clinician_sentence: str
    sources: tuple[str, ...]
    branches: tuple[Branch, ...]
    evidence: Mapping[str, str] = field(default_factory=dict)

    def branch(self, tier: str) -> Branch:
        """Return the branch of a tier; the most urgent one if the rule has no branch of that tier."""
        return next((branch for branch in self.branches if branch.tier == tier), self.branches[0])


class RuleBook(Protocol):
    """What evaluate() reads of a catalogue."""

    @property
    def rules(self) -> Sequence[Rule]: ...
    @property
    def definitions(self) -> Mapping[str, Condition]: ...
    @property
    def clocks(self) -> Mapping[str, Mapping[str, Any]]: ...
    @property
    def course(self) -> Mapping[str, Any]: ...


def evaluate(catalogue: RuleBook, history: History, *, as_of: date) -> tuple[Finding, ...]:
    """Return what the diary means on the local day ``as_of``, most urgent first, then in catalogue order.

    Reads the entries up to that day only. Rules that run on an entry look at all entries of the day; daily rules also
    run on days without one.
    """
    timeline = Timeline(history, as_of)
    judge = Judge(timeline, catalogue.definitions, catalogue.clocks, catalogue.course, OPERATORS, timeline.today)
    findings = []
    for rule in catalogue.rules:
        if rule.runs == "on_entry" and not timeline.today:
            continue
        finding = _judge_rule(judge, rule)
        if finding is not None:
            findings.append(finding)
    return tuple(sorted(findings, key=lambda finding: TIERS.index(finding.tier)))


def highest_tier(findings: Sequence[Finding]) -> str:
    """Return the most urgent tier of the findings, or "none"."""
    return min((finding.tier for finding in findings), key=TIERS.index, default="none")


def _judge_rule(judge: Judge, rule: Rule) -> Finding | None:
    for branch in rule.branches:
        seen = judge.see(branch.when)
        if seen is None or (branch.unless is not None and judge.see(branch.unless) is not None):
            continue
        occasion = next((value for kind, _, _, value in seen if kind == "occasion"), "")
        return Finding(rule.id, rule.reason, branch.tier, branch.advice, occasion, _inputs(seen))
    return None


def _inputs(seen: Seen) -> dict[str, Any]:
    """Return what was seen: answers by day and name (a list if they differ), baseline keys, and computed facts."""
    answers: dict[tuple[int, str], list[Any]] = {}
    sections: dict[str, dict[str, Any]] = {"baseline": {}, "fact": {}}
    for kind, day, name, value in seen:
        if kind == "answer":
            values = answers.setdefault((day, name), [])
            if value not in values:
                values.append(value)
        elif kind in sections:
            sections[kind][name] = value
    days: dict[str, dict[str, Any]] = {}
    for (day, name), values in sorted(answers.items(), key=lambda item: item[0]):
        days.setdefault(iso(day), {})[name] = values[0] if len(values) == 1 else values
    found = {"days": days, "baseline": sections["baseline"], "facts": sections["fact"]}
    return {key: value for key, value in found.items() if value}
