"""PURE: which question comes next and what the answers say; the twin of static/web/js/flow.js.

A plan is a list of steps (see ``plan.py``). ``given`` maps a step's id to the value of the answer that was tapped; a
skipped step has the value "" and writes nothing: not answered is never "no".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

SHORT, LONG = "short", "long"
# Answers of a day after which the next check-in asks item by item again.
POSITIVE = {"new", "worse", "unsure"}
CHANGE_KEYS = ("bladder", "bowel", "saddle", "sexual", "both_legs")
YES_KEYS = ("chills", "very_unwell", "gait_unsteady")
SITE_KEYS = ("pain_leg", "pain_back")
LONG_DAYS_AT_FIRST = 3
DAYS_BETWEEN_LONG_DAYS = 7

Step = Mapping[str, Any]
Given = Mapping[str, str]


def sequence(plan: Sequence[Step], *, mode: str, flags: Iterable[str], given: Given) -> list[Step]:
    """Return the steps of this check-in in their order, as far as the answers given so far decide it."""
    have = set(flags)
    return [step for step in plan if set(step["needs"]) <= have and _wanted(step, mode=mode, given=given)]


def next_step(plan: Sequence[Step], *, mode: str, flags: Iterable[str], given: Given) -> Step | None:
    """Return the first step without an answer, or None when the check-in is complete."""
    return next((s for s in sequence(plan, mode=mode, flags=flags, given=given) if s["id"] not in given), None)


def observations(
    plan: Sequence[Step], *, given: Given, extras: Mapping[str, Mapping[str, Any]], last: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the vocabulary names that the answers write, with their values.

    ``extras`` holds the optional fields of a step, ``last`` the grades of the last entry, which an answer of "no
    change" keeps. The usual pain is the worst of the places asked about.
    """
    result: dict[str, Any] = {}
    for step in plan:
        answer = chosen(step, given.get(step["id"]))
        if answer is None:
            continue
        result.update(answer["writes"])
        result.update({key: last[key] for key in answer["keeps"] if key in last})
        if answer["extras"]:
            result.update(extras.get(step["id"], {}))
    scores = [result[key] for key in SITE_KEYS if key in result]
    if scores and "pain_avg" not in result:
        result["pain_avg"] = max(scores)
    return result


def chosen(step: Step, value: str | None) -> Mapping[str, Any] | None:
    """Return the answer of a step with this value, or None for a skipped or unanswered step."""
    return next((answer for answer in step["answers"] if answer["value"] == value), None)


def waits(plan: Sequence[Step], *, mode: str, flags: Iterable[str], given: Given) -> bool:
    """Return whether judging waits for the other questions about the same nerves.

    That is so while every warning sign given so far is one that could be less than an emergency on its own.
    """
    steps = sequence(plan, mode=mode, flags=flags, given=given)
    signs = [answer for step in steps if (answer := chosen(step, given.get(step["id"]))) and answer["alarm"]]
    if not signs or not all(answer["wait"] for answer in signs):
        return False
    return any(step["ces"] and step["id"] not in given for step in steps)


def mode_for(entries: Sequence[Mapping[str, Any]], *, on: date) -> str:
    """Return ``long`` on the first three days, once in seven days, after any warning sign and while grades are unknown.

    Each entry is ``{"on": date, "values": {...}}``; today's own entries do not count.
    """
    before = [entry for entry in entries if entry["on"] < on]
    if len({entry["on"] for entry in before}) < LONG_DAYS_AT_FIRST:
        return LONG
    week = on - timedelta(days=DAYS_BETWEEN_LONG_DAYS - 1)
    if not any(entry["on"] >= week and "night_pain" in entry["values"] for entry in before):
        return LONG
    latest = max(entry["on"] for entry in before)
    if any(positive(entry["values"]) for entry in before if entry["on"] == latest):
        return LONG
    known = last_grades(before)
    return SHORT if {"weakness", "numbness"} <= known.keys() else LONG


def positive(values: Mapping[str, Any]) -> bool:
    """Return whether one entry holds an answer that calls for the careful form next time."""
    return (
        any(values.get(key) in POSITIVE for key in CHANGE_KEYS)
        or any(values.get(key) is True for key in YES_KEYS)
        or (values.get("fever_c") or 0) >= 38
    )


def last_grades(entries: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the newest known grade of weakness and of numbness; entries are in the order of their days."""
    result: dict[str, Any] = {}
    for entry in entries:
        for key in ("weakness", "numbness"):
            if key in entry["values"]:
                result[key] = entry["values"][key]
    return result


def _wanted(step: Step, *, mode: str, given: Given) -> bool:
    return mode in step["modes"] or any(given.get(name) in values for name, values in step["when"])
