"""PURE: what a diary means. No database, no clock, no settings; the twin of static/web/js/rules.js.

Both read the same catalogue, and the vectors in tests/vectors/ hold them together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Protocol

from selfcare.triage.conditions import OPERATORS
from selfcare.triage.judge import Condition, Judge, Seen, iso
from selfcare.triage.timeline import Answers, History, Timeline

__all__ = [
    "TIERS",
    "Answers",
    "Branch",
    "Finding",
    "History",
    "Rule",
    "RuleBook",
    "began_on",
    "evaluate",
    "highest_tier",
    "inform",
]

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
    """One rule of the catalogue. ``runs`` says on which days: see ``evaluate``."""

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
    # What the patient is asked when it fires: names of the vocabulary.
    asks: Sequence[str] = ()

    @property
    def informs(self) -> bool:
        """Return whether the rule only informs: it has no urgency, and nobody is alerted."""
        return all(branch.tier == TIERS[-1] for branch in self.branches)

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
    run on days without one. Rules that run on findings come after all others, whose findings they read.
    """
    judge = _judge(catalogue, Timeline(history, as_of))
    findings = _run(judge, [rule for rule in catalogue.rules if rule.runs != "on_findings" and not rule.informs])
    combining = [rule for rule in catalogue.rules if rule.runs == "on_findings"]
    if findings and combining:
        findings += _run(replace(judge, found_on=_Found(catalogue, judge, findings)), combining)
    return tuple(sorted(findings, key=lambda finding: TIERS.index(finding.tier)))


def inform(catalogue: RuleBook, history: History, *, as_of: date) -> tuple[Finding, ...]:
    """Return what the patient may be told or asked on the day ``as_of`` without any urgency, in catalogue order."""
    return tuple(_run(_judge(catalogue, Timeline(history, as_of)), [rule for rule in catalogue.rules if rule.informs]))


def began_on(catalogue: RuleBook, history: History, *, as_of: date) -> date:
    """Return the day on which the episode of ``as_of`` began: the onset, or a new start after a pain-free time."""
    return date.fromordinal(_judge(catalogue, Timeline(history, as_of)).began_on())


def highest_tier(findings: Sequence[Finding]) -> str:
    """Return the most urgent tier of the findings, or "none"."""
    return min((finding.tier for finding in findings), key=TIERS.index, default="none")


def _judge(catalogue: RuleBook, timeline: Timeline) -> Judge:
    return Judge(timeline, catalogue.definitions, catalogue.clocks, catalogue.course, OPERATORS, timeline.today)


def _run(judge: Judge, rules: Sequence[Rule]) -> list[Finding]:
    daily = not judge.timeline.today
    found = (_judge_rule(judge, rule) for rule in rules if not (daily and rule.runs == "on_entry"))
    return [finding for finding in found if finding is not None]


class _Found:
    """What the rules found on the judged day, and what they would have found on an earlier one."""

    def __init__(self, catalogue: RuleBook, judge: Judge, findings: Sequence[Finding]) -> None:
        self.catalogue, self.judge, self.findings = catalogue, judge, findings

    def __call__(self, day: int, tier: str, groups: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Yield rule and group of each finding of a tier and of one of the groups."""
        rules = {rule.id: rule for rule in self.catalogue.rules if rule.group in groups and _has_tier(rule, tier)}
        findings = self.findings
        if day != self.judge.timeline.day:
            findings = _run(_judge(self.catalogue, self.judge.timeline.up_to(day)), list(rules.values()))
        for finding in findings:
            if finding.tier == tier and finding.rule_id in rules:
                yield finding.rule_id, rules[finding.rule_id].group


def _has_tier(rule: Rule, tier: str) -> bool:
    return rule.runs != "on_findings" and any(branch.tier == tier for branch in rule.branches)


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
