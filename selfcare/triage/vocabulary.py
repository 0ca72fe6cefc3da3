"""PURE: the names that may be reported and what each of them may hold (clinical.md 8.3 and 8.4)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

KINDS = ("choice", "list", "integer", "number", "boolean", "text", "date")


@dataclass(frozen=True, slots=True)
class Term:
    """One observation or baseline key. ``left_out`` is what leaving it out of a case file means; None: not given."""

    name: str
    kind: str
    values: tuple[str, ...] = ()
    min: float | None = None
    max: float | None = None
    unit: str = ""
    left_out: Any = None

    def fault(self, value: Any) -> str:
        """Return a sentence that says what to give instead, or "" when the value is right."""
        return "" if self._fits(value) else self._wanted()

    def _fits(self, value: Any) -> bool:
        if self.kind == "choice":
            return isinstance(value, str) and value in self.values
        if self.kind == "list":
            words = value if isinstance(value, list) else []
            return isinstance(value, list) and all(
                isinstance(word, str) and (word in self.values or not self.values) for word in words
            )
        if self.kind == "boolean":
            return isinstance(value, bool)
        if self.kind == "text":
            return isinstance(value, str) and len(value) <= (self.max or 0)
        if self.kind == "date":
            return isinstance(value, str) and _is_date(value)
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            return False
        if self.kind == "integer" and not isinstance(value, int):
            return False
        return (self.min is None or value >= self.min) and (self.max is None or value <= self.max)

    def _wanted(self) -> str:
        if self.kind == "choice":
            return f"Choose one of: {', '.join(self.values)}."
        if self.kind == "list":
            return f"Give a list with any of: {', '.join(self.values)}." if self.values else "Give a list of words."
        if self.kind == "boolean":
            return "Answer true or false."
        if self.kind == "text":
            return f"Write at most {self.max:g} characters."
        if self.kind == "date":
            return "Give a date such as 2026-03-01."
        number = "whole number" if self.kind == "integer" else "number"
        return f"Enter a {number} from {self.min:g} to {self.max:g}."

    def for_phone(self) -> dict[str, Any]:
        """Return the term as plain data, without empty fields."""
        plain = {"kind": self.kind, "values": list(self.values), "min": self.min, "max": self.max, "unit": self.unit}
        return {key: value for key, value in plain.items() if value not in (None, "", [])}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All terms: ``entry`` for diary entries, ``baseline`` for what is known of the patient."""

    entry: Mapping[str, Term]
    baseline: Mapping[str, Term]

    @property
    def lists(self) -> frozenset[str]:
        """Return the names whose one answer is a list."""
        terms = (*self.entry.items(), *self.baseline.items())
        return frozenset(name for name, term in terms if term.kind == "list")

    def fault(self, name: str, value: Any) -> str:
        """Return a sentence on how to mend one answer of an entry, or "" when it is right."""
        return _fault(self.entry, name, value)

    def baseline_fault(self, name: str, value: Any) -> str:
        """Return a sentence on how to mend one baseline key, or "" when it is right."""
        return _fault(self.baseline, name, value)


def _fault(terms: Mapping[str, Term], name: str, value: Any) -> str:
    term = terms.get(name)
    if term is None:
        return "This name is not in the vocabulary. Check its spelling or leave it out."
    if value is None:
        return "Leave the name out when the question was not answered."
    return term.fault(value)


def _is_date(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False
