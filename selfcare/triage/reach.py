"""How far back the rules of a catalogue read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from selfcare.triage.checking import conditions_within
from selfcare.triage.rules import Rule


def window_days(
    rules: Sequence[Rule], definitions: Mapping[str, Any], course: Mapping[str, Any], *, look_back_days: int
) -> int:
    """Return how many days before the judged day the conditions read; no limit counts as ``look_back_days``."""
    conditions = list(definitions.values())
    conditions += [part for rule in rules for branch in rule.branches for part in (branch.when, branch.unless) if part]
    reach: list[int] = [course["recovered_days"], course["wide_window_days"]]
    findings: list[int] = [0]
    for condition in conditions:
        for inner in conditions_within(condition):
            if "findings" in inner:
                findings.append(inner["days"][1])
            else:
                reach += _reach(inner, course, look_back_days)
    # What was found on an earlier day is found again, so that day needs a window of its own.
    return max(reach) + max(findings)


def _reach(condition: Mapping[str, Any], course: Mapping[str, Any], look_back_days: int) -> Iterable[int]:
    for key in ("days", "against"):
        if key in condition:
            yield look_back_days if condition[key][1] is None else condition[key][1]
    if ("earlier" in condition or "previous" in condition) and "days" not in condition:
        yield look_back_days
    if not condition.keys().isdisjoint(("or_last_answer", "silence")) or (
        "latest" in condition and "days" not in condition
    ):
        yield look_back_days
    if "checkpoint_level" in condition and "until" not in condition:
        yield look_back_days
    elif "checkpoint" in condition or "checkpoint_level" in condition:
        slots = [*condition["at"], condition.get("until", condition["at"][-1])]
        longest = max([later - sooner for sooner, later in pairwise(slots)], default=0)
        yield max(longest, condition.get("then_every", 0)) + max(course["recovered_days"], course["wide_window_days"])
