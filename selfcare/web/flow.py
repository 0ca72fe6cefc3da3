"""PURE: which question comes next and what the answers say; the twin of static/web/js/flow.js.

A plan is a list of steps (see ``plan.py``). ``given`` maps a step's id to the value of the answer that was tapped; a
skipped step has the value "" and writes nothing: not answered is never "no".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from selfcare.web import places

# The forms of a check-in: the grouped day, item by item, "something has changed", a flare, two questions for somebody
# who has been away, and a question that was answered with "not sure".
SHORT, LONG, CHANGED, FLARE, QUICK, AGAIN = "short", "long", "changed", "flare", "quick", "again"
# A bad day: the grouped safety questions and one score. An event: what happened besides.
BAD_DAY, EVENT = "bad", "event"
CHOSEN = (CHANGED, FLARE, QUICK, AGAIN, BAD_DAY, EVENT)
# Forms that stay brief: a rise of the pain asks nothing more.
BRIEF = (QUICK, AGAIN, BAD_DAY, EVENT)
# No form of its own: the day before, asked like any other day.
YESTERDAY = "yesterday"
# Until this hour of the person's own clock the day before can be filled in (ux.md 2.3, P28).
YESTERDAY_UNTIL = 12
# Answers of a day after which the next check-in asks item by item again.
POSITIVE = {"new", "worse", "unsure"}
CHANGE_KEYS = ("bladder", "bowel", "saddle", "sexual", "both_legs")
YES_KEYS = ("chills", "very_unwell", "gait_unsteady")
SITE_KEYS = tuple(places.SCORES.values())
# Asked once a week and never in between: one of them shows that the long day of this week has been.
WEEKLY_KEYS = ("walk_pain", "morning_stiffness_min", "weight_loss")
LONG_DAYS_AT_FIRST = 3
DAYS_BETWEEN_LONG_DAYS = 7
# The first days are long already, so what is asked once a week is spread over them (ux.md 2.5: 90 seconds).
MOST_EXTRA_AT_FIRST, MOST_EXTRA = 5, 10
# clinical.md 1.4, RF-CES-07. After a day the long form asks everything anyway.
ASK_AGAIN_AFTER, ASK_AGAIN_UNTIL = timedelta(hours=4), timedelta(hours=24)

Step = Mapping[str, Any]
Given = Mapping[str, str]
# {"on": date, "at": datetime, "values": {...}}, in the order of the days.
Entries = Sequence[Mapping[str, Any]]


def sequence(plan: Sequence[Step], *, mode: str, flags: Iterable[str], given: Given) -> list[Step]:
    """Return the steps of this check-in in their order, as far as the answers given so far decide it."""
    have = set(flags)
    return [step for step in plan if set(step["needs"]) <= have and _wanted(step, mode=mode, flags=have, given=given)]


def next_step(plan: Sequence[Step], *, mode: str, flags: Iterable[str], given: Given) -> Step | None:
    """Return the first step without an answer, or None when the check-in is complete."""
    return next((s for s in sequence(plan, mode=mode, flags=flags, given=given) if s["id"] not in given), None)


def observations(
    plan: Sequence[Step],
    *,
    flags: Iterable[str],
    given: Given,
    extras: Mapping[str, Mapping[str, Any]],
    last: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the vocabulary names that the answers write, with their values.

    ``extras`` holds the optional fields of a step, ``last`` the grades of the last entry, which an answer of "no
    change" keeps. The usual pain is the worst of the places asked about. Lists of several answers add up.
    """
    have = set(flags)
    result: dict[str, Any] = {}
    for step in plan:
        answer = chosen(step, given.get(step["id"]))
        if answer is None:
            continue
        if answer["confirm"] and f"unknown:{step['id']}" in have:
            # "The same as always" counts once it is confirmed; who leaves that open is not sure (clinical.md 0).
            if given.get(answer["confirm"]) == "":
                result[step["id"]] = "unsure"
            continue
        _write(result, answer["writes"])
        result.update({key: last[key] for key in answer["keeps"] if key in last})
        if answer["extras"]:
            result.update(extras.get(step["id"], {}))
    if result.get("places_with_numbness") and not given.get("numbness"):
        # "No change" was said before a numb place was marked: how numb it is has not been answered.
        result.pop("numbness", None)
    result.update(places.derived(result))
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


def mode_for(entries: Entries, *, on: date) -> str:
    """Return ``long`` on the first three days, once in seven days, after any warning sign and while grades are unknown.

    Today's own entries do not count.
    """
    before = [entry for entry in entries if entry["on"] < on]
    if _at_first(before):
        return LONG
    week = on - timedelta(days=DAYS_BETWEEN_LONG_DAYS - 1)
    if not any(entry["on"] >= week and any(key in entry["values"] for key in WEEKLY_KEYS) for entry in before):
        return LONG
    latest = max(entry["on"] for entry in before)
    if any(positive(entry["values"]) for entry in before if entry["on"] == latest):
        return LONG
    known = last_grades(before)
    return SHORT if {"weakness", "numbness"} <= known.keys() else LONG


def due(
    plan: Sequence[Step], *, mode: str, flags: Iterable[str], baseline: Mapping[str, Any], entries: Entries, on: date
) -> list[str]:
    """Return the steps that cadence and earlier answers call for on this day, as flags such as "due:walk".

    A step's ``due`` holds occasions: ``modes``; ``days`` after which the question comes again, counted from the newest
    answer to one of its ``keys`` (0: whenever it applies; None: asked once); ``if``, alternatives of conditions.
    """
    have = set(flags)
    daily: list[str] = []
    spread: list[tuple[int, str]] = []
    for step in plan:
        occasions = [one for one in step["due"] if mode in one["modes"] and set(step["needs"]) <= have]
        calling = [one for one in occasions if _calls(one, flags=have, baseline=baseline, entries=entries, on=on)]
        if any(one["days"] == 0 for one in calling):
            daily.append(step["id"])
        elif calling:
            spread.append((min(one["days"] or 0 for one in calling), step["id"]))
    # What is asked once or often goes before what can wait until the next long day.
    spread.sort(key=lambda one: one[0])
    most = MOST_EXTRA_AT_FIRST if _at_first([entry for entry in entries if entry["on"] < on]) else MOST_EXTRA
    return [f"due:{name}" for name in (*daily, *(name for _, name in spread[:most]))]


def unsure_again(entries: Entries, *, now: datetime) -> list[str]:
    """Return the questions that were answered "not sure" at least 4 hours and at most a day ago, and not since."""
    newest: dict[str, Mapping[str, Any]] = {}
    for entry in sorted(entries, key=lambda entry: entry["at"]):
        newest.update({key: entry for key in CHANGE_KEYS if key in entry["values"]})
    return [
        key
        for key in CHANGE_KEYS
        if key in newest
        and newest[key]["values"][key] == "unsure"
        and ASK_AGAIN_AFTER <= now - newest[key]["at"] <= ASK_AGAIN_UNTIL
    ]


def positive(values: Mapping[str, Any]) -> bool:
    """Return whether one entry holds an answer that calls for the careful form next time."""
    return (
        any(values.get(key) in POSITIVE for key in CHANGE_KEYS)
        or any(values.get(key) is True for key in YES_KEYS)
        or (values.get("fever_c") or 0) >= 38
        # A flare reopens the full list (clinical.md 2.5); the short form of a bad day has not asked it.
        or (values.get("flare") is True and "chest_pain" not in values)
    )


def last_grades(entries: Entries) -> dict[str, Any]:
    """Return the newest known grade of weakness and of numbness; entries are in the order of their days."""
    result: dict[str, Any] = {}
    for entry in entries:
        for key in ("weakness", "numbness"):
            if key in entry["values"]:
                result[key] = entry["values"][key]
    return result


def _at_first(before: Entries) -> bool:
    return len({entry["on"] for entry in before}) < LONG_DAYS_AT_FIRST


def _wanted(step: Step, *, mode: str, flags: set[str], given: Given) -> bool:
    if mode in step["modes"] or f"due:{step['id']}" in flags:
        return True
    if step["rise"] and any(f"rise:{name}:{value}" in flags for name, value in given.items()):
        return True
    return any(given.get(name) in values for name, values in step["when"])


def _write(result: dict[str, Any], writes: Mapping[str, Any]) -> None:
    for key, value in writes.items():
        result[key] = [*result.get(key, []), *value] if isinstance(value, list) else value


def _calls(
    occasion: Mapping[str, Any], *, flags: set[str], baseline: Mapping[str, Any], entries: Entries, on: date
) -> bool:
    alternatives = occasion["if"]
    if alternatives and not any(
        all(_holds(one, flags=flags, baseline=baseline, entries=entries, on=on) for one in each)
        for each in alternatives
    ):
        return False
    if occasion["days"] == 0:
        return True
    asked = [e["on"] for e in entries if e["on"] <= on and any(key in e["values"] for key in occasion["keys"])]
    if not asked:
        return True
    return occasion["days"] is not None and (on - max(asked)).days >= occasion["days"]


def _holds(
    condition: Mapping[str, Any], *, flags: set[str], baseline: Mapping[str, Any], entries: Entries, on: date
) -> bool:
    """Return whether a condition about what is known holds.

    ``of`` says where to look: a "flag" of the person, the "baseline", the "last" answer, any answer "lately" (in
    ``days``), an answer that "began" to be so in the last ``days``, or "away" for so many days without an entry.
    """
    if condition["of"] == "flag":
        return condition["key"] in flags
    before = [entry for entry in entries if entry["on"] <= on]
    if condition["of"] == "away":
        return bool(before) and (on - max(entry["on"] for entry in before)).days >= condition["days"]
    if condition["of"] == "baseline":
        return _fits(baseline.get(condition["key"]), condition)
    answers = [
        (entry["on"], entry["values"][condition["key"]]) for entry in before if condition["key"] in entry["values"]
    ]
    if condition["of"] == "last":
        return bool(answers) and _fits(answers[-1][1], condition)
    fitting = [day for day, value in answers if _fits(value, condition)]
    if not fitting:
        return False
    newest_or_first = max(fitting) if condition["of"] == "lately" else min(fitting)
    return (on - newest_or_first).days < condition["days"]


def _fits(value: Any, condition: Mapping[str, Any]) -> bool:
    if value is None:
        return False
    if "in" in condition:
        return value in condition["in"]
    return bool(value >= condition["at_least"])
