"""Checks catalogue conditions against the operators and the vocabulary before anybody relies on them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from typing import Any

from edge.sheets import Sheet
from selfcare.triage.conditions import OPERATORS
from selfcare.triage.course import STATUSES
from selfcare.triage.judge import NUMBER_COMPARISONS, VALUE_COMPARISONS, Operator
from selfcare.triage.rules import TIERS
from selfcare.triage.vocabulary import Term, Vocabulary

NUMBER = (int, float)
SETTINGS: Mapping[str, Any] = {
    "is": bool,
    "in": list,
    "includes": list,
    "only": list,
    "days": list,
    "against": list,
    "between": list,
    "at": list,
    "statuses": list,
    "unit": str,
    "or_last_answer": bool,
    "over_first_answer": bool,
    "times": int,
    "answers": int,
    "percent": int,
    "then_every": int,
    "until": int,
    "from_day": int,
    "on_clock": str,
    "of": str,
    "groups": list,
}
COMPARISONS_OF_KIND: Mapping[str, Set[str]] = {
    "choice": {"in"},
    "list": {"includes", "only"},
    "boolean": {"is"},
    "integer": NUMBER_COMPARISONS | {"in"},
    "number": NUMBER_COMPARISONS,
    "text": set(),
    "date": set(),
}
# Operators that compute with the values and so make no sense for words.
NUMERIC = {"rise", "fall", "above_first", "rose", "mean_fall", "mean_rise", "against_mean"}


class ConditionChecker:
    """Checks conditions of one catalogue; every method raises CatalogueError with file, line and the mend."""

    def __init__(
        self, vocabulary: Vocabulary, definitions: Set[str], clocks: Set[str], groups: Set[str] = frozenset()
    ) -> None:
        self.vocabulary, self.definitions, self.clocks, self.groups = vocabulary, definitions, clocks, groups

    def check(self, condition: Any, *, parent: Sheet, key: str) -> None:
        """Raise unless the condition is one operator with the settings that it needs."""
        if not isinstance(condition, Sheet):
            raise parent.fault(f"{key!r} must hold a condition, which is an operator with its settings.", key)
        names = [name for name in condition if name in OPERATORS]
        if len(names) != 1:
            has = f"{len(names)} operators" if names else f"no operator in: {', '.join(condition)}"
            raise condition.fault(f"A condition has exactly one operator, this has {has}. See {', '.join(OPERATORS)}.")
        operator = OPERATORS[names[0]]
        self._settings(condition, names[0], operator)
        self._subject(condition, names[0], operator)
        for setting in ("days", "against"):
            if setting in condition:
                _check_window(condition, setting)

    def _settings(self, condition: Sheet, name: str, operator: Operator) -> None:
        comparisons = VALUE_COMPARISONS if operator.compares == "value" else NUMBER_COMPARISONS
        allowed = operator.needs | operator.takes | (comparisons if operator.compares else set())
        takes = {setting: SETTINGS.get(setting, NUMBER) for setting in allowed - operator.needs}
        needs = {setting: SETTINGS.get(setting, NUMBER) for setting in operator.needs}
        condition.fields(needs={name: object, **needs}, takes=takes)
        if operator.compares and not comparisons & set(condition):
            raise condition.fault(f"{name!r} compares nothing. Add one of: {', '.join(sorted(comparisons))}.", name)

    def _subject(self, condition: Sheet, name: str, operator: Operator) -> None:
        subject = condition[name]
        if operator.subject == "conditions":
            if not isinstance(subject, list) or not subject:
                raise condition.fault(f"{name!r} must hold a list of conditions.", name)
            for inner in subject:
                self.check(inner, parent=condition, key=name)
        elif operator.subject == "condition":
            self.check(subject, parent=condition, key=name)
        elif operator.subject == "tier":
            condition.one_of(name, TIERS[:-1])
        elif operator.subject == "statuses":
            _check_statuses(condition, name)
        elif operator.subject == "now":
            if subject is not True:
                raise condition.fault(f"{name!r} takes only true.", name)
        else:
            self._named(condition, name, operator)
        if name == "checkpoint":
            _check_statuses(condition, "statuses")
        self._settings_that_name(condition)
        if "at" in condition and (not condition["at"] or condition["at"] != sorted(condition["at"])):
            raise condition.fault("'at' must list days in rising order.", "at")

    def _settings_that_name(self, condition: Sheet) -> None:
        if "on_clock" in condition or "from_day" in condition:
            condition.fields(needs={"on_clock": str, "from_day": int}, takes=dict.fromkeys(condition, object))
            condition.one_of("on_clock", self.clocks)
        if "groups" in condition:
            condition.one_of("groups", self.groups)
        if "of" in condition:
            condition.one_of("of", [term.name for term in self.vocabulary.entry.values() if term.kind == "number"])

    def _named(self, condition: Sheet, name: str, operator: Operator) -> None:
        known: Mapping[str, Any] = {
            "observation": self.vocabulary.entry,
            "baseline": self.vocabulary.baseline,
            "definition": dict.fromkeys(self.definitions),
            "clock": dict.fromkeys(self.clocks),
        }[operator.subject]
        subject = condition[name]
        if not isinstance(subject, str) or subject not in known:
            raise condition.fault(
                f"{subject!r} is not a known {operator.subject}. Mend the name, or add it to its list.", name
            )
        term = known[subject]
        if isinstance(term, Term):
            _check_term(condition, name, term, compares=operator.compares == "value")


def _check_term(condition: Sheet, name: str, term: Term, *, compares: bool) -> None:
    if name in NUMERIC and term.kind not in {"integer", "number"}:
        raise condition.fault(f"{name!r} computes with numbers, but {term.name} holds a {term.kind}.", name)
    if name == "later_date" and term.kind != "date":
        raise condition.fault(f"'later_date' needs a date, but {term.name} holds a {term.kind}.", name)
    for comparison in VALUE_COMPARISONS & set(condition) if compares else ():
        if comparison not in COMPARISONS_OF_KIND[term.kind]:
            raise condition.fault(f"{comparison!r} cannot compare {term.name}, which holds a {term.kind}.", comparison)
    for listing in {"in", "includes", "only", "between"} & set(condition):
        for value in condition[listing]:
            known = value in term.values if term.kind in {"choice", "list"} else not term.fault(value)
            if not known:
                raise condition.fault(f"{value!r} is no value of {term.name}. See vocabulary.yaml.", listing)


def _check_statuses(condition: Sheet, key: str) -> None:
    if not isinstance(condition[key], list) or not condition[key]:
        raise condition.fault(f"{key!r} must list statuses: {', '.join(STATUSES)}.", key)
    condition.one_of(key, STATUSES)


def _check_window(condition: Sheet, key: str) -> None:
    days = condition[key]
    whole = len(days) == 2 and all(day is None or (isinstance(day, int) and day >= 0) for day in days)
    if not whole or days[0] is None or (days[1] is not None and days[1] < days[0]):
        raise condition.fault(f"{key!r} must be two numbers of days, nearest first, such as [0, 6].", key)


def conditions_within(condition: Sheet) -> Iterator[Sheet]:
    """Yield a condition and every condition inside it."""
    yield condition
    for value in condition.values():
        for inner in value if isinstance(value, list) else [value]:
            if isinstance(inner, Sheet):
                yield from conditions_within(inner)
