"""Reads tests/cases/*.json and what its expectations speak of."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from selfcare.triage import catalogue, rules

DIRECTORY = Path(__file__).parent.parent / "cases"


def read(name: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Return the cases of a file and what is expected of each, by case id."""
    return _plain(f"{name}.json"), _plain(f"{name}.expected.json")


def most_urgent(result: Mapping[str, Any], rule_id: str) -> tuple[int | None, str | None, str | None]:
    """Return (day, reason, tier) of a rule's most urgent finding, on the first day of it; None three times without."""
    spoken = [(day["day"], found) for day in result["days"] for found in day["findings"]]
    heard = [(day, found["reason"], found["tier"]) for day, found in spoken if found["rule"] == rule_id]
    return min(heard, key=lambda one: (rules.TIERS.index(one[2]), one[0]), default=(None, None, None))


def tiers_of(beginnings: tuple[str, ...]) -> set[tuple[str, str]]:
    """Return (rule, tier) of every branch of the rules whose ids begin so."""
    chosen = [rule for rule in catalogue.current().rules if rule.id.startswith(beginnings)]
    return {(rule.id, branch.tier) for rule in chosen for branch in rule.branches}


def _plain(name: str) -> Any:
    return json.loads((DIRECTORY / name).read_text(encoding="utf-8"))
