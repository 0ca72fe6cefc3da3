"""PURE: the operators that put conditions together and read answers, and the list of all operators.

The twin of static/web/js/triage/conditions.js. Every operator is described in docs/decisions/0004-triage-as-data.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from selfcare.triage import trends
from selfcare.triage.judge import Condition, Judge, Operator, Seen, compare, in_scope, iso, saw, window

# --- Putting conditions together --------------------------------------------------------------------------------------


def _all(judge: Judge, conditions: Sequence[Condition], _: Condition) -> Seen | None:
    seen: Seen = []
    for condition in conditions:
        found = judge.see(condition)
        if found is None:
            return None
        seen += found
    return seen


def _any(judge: Judge, conditions: Sequence[Condition], _: Condition) -> Seen | None:
    found = [seen for seen in map(judge.see, conditions) if seen is not None]
    return [item for seen in found for item in seen] if found else None


def _not(judge: Judge, condition: Condition, _: Condition) -> Seen | None:
    return [] if judge.see(condition) is None else None


def _use(judge: Judge, name: str, _: Condition) -> Seen | None:
    key = (name, judge.scope)
    if key not in judge.known:
        judge.known[key] = judge.see(judge.definitions[name])
    return judge.known[key]


def _count(judge: Judge, conditions: Sequence[Condition], condition: Condition) -> Seen | None:
    found = [seen for seen in map(judge.see, conditions) if seen is not None]
    return [item for seen in found for item in seen] if compare(len(found), condition) else None


def _some_entry(judge: Judge, condition: Condition, _: Condition) -> Seen | None:
    found = [replace(judge, scope=(position,)).see(condition) for position in judge.scope]
    held = [seen for seen in found if seen is not None]
    return [item for seen in held for item in seen] if held else None


def _entries(judge: Judge, inner: Condition, condition: Condition) -> Seen | None:
    first, last = window(judge.timeline.day, condition["days"])
    held: list[tuple[int, Seen]] = []
    for position, day in enumerate(judge.timeline.days):
        if first <= day <= last:
            seen = replace(judge, scope=(position,)).see(inner)
            if seen is not None:
                held.append((day, seen))
    times = len({day for day, _ in held}) if condition.get("unit") == "days" else len(held)
    return [item for _, seen in held for item in seen] if times >= condition["times"] else None


# --- Reading answers --------------------------------------------------------------------------------------------------


def _answer(judge: Judge, name: str, condition: Condition) -> Seen | None:
    return saw(name, [a for a in in_scope(judge, name) if compare(a.value, condition)]) or None


def _every(judge: Judge, name: str, condition: Condition) -> Seen | None:
    answers = in_scope(judge, name)
    return saw(name, answers) if answers and all(compare(a.value, condition) for a in answers) else None


def _baseline(judge: Judge, name: str, condition: Condition) -> Seen | None:
    value = judge.timeline.baseline.get(name)
    return None if value is None or not compare(value, condition) else [("baseline", 0, name, value)]


def _later_date(judge: Judge, name: str, _: Condition) -> Seen | None:
    value = judge.timeline.baseline.get(name)
    # ISO dates sort as text; a value of another kind is no date and holds nothing back.
    later = isinstance(value, str) and value > iso(judge.timeline.day)
    return [("baseline", 0, name, value)] if later else None


def _first(judge: Judge, name: str, _: Condition) -> Seen | None:
    answers = judge.timeline.answers(name)
    return saw(name, answers[:1]) if answers and answers[0].position in judge.scope else None


def _earlier(judge: Judge, name: str, condition: Condition) -> Seen | None:
    seen: Seen = []
    for position in judge.scope:
        first, last = window(judge.timeline.days[position], condition.get("days", [0, None]))
        before = judge.timeline.before(name, position)
        found = next((a for a in before if first <= a.day <= last and compare(a.value, condition)), None)
        seen += saw(name, [found] if found else [])
    return seen or None


def _previous(judge: Judge, name: str, condition: Condition) -> Seen | None:
    seen: Seen = []
    for position in judge.scope:
        first, last = window(judge.timeline.days[position], condition.get("days", [0, None]))
        found = next(judge.timeline.before(name, position), None)
        if found and first <= found.day <= last and compare(found.value, condition):
            seen += saw(name, [found])
    return seen or None


def _latest(judge: Judge, name: str, condition: Condition) -> Seen | None:
    newest = next(reversed(judge.timeline.answers(name)), None)
    if newest is None or not compare(newest.value, condition):
        return None
    first, last = window(judge.timeline.day, condition.get("days", [0, None]))
    if not first <= newest.day <= last:
        return None
    if "on_clock" in condition and newest.day < judge.clock_start(condition["on_clock"]) + condition["from_day"]:
        return None
    return saw(name, [newest])


def _first_entry(judge: Judge, _name: str, _: Condition) -> Seen | None:
    return [] if 0 in judge.scope else None


def _joined_on_day(judge: Judge, _name: str, condition: Condition) -> Seen | None:
    joined = judge.joined_on()
    return [] if joined is not None and compare(joined - judge.began_on(), condition) else None


def _silence(judge: Judge, _name: str, condition: Condition) -> Seen | None:
    timeline = judge.timeline
    days = timeline.day - (timeline.days[-1] if timeline.days else timeline.onset)
    return [("fact", 0, "days without an entry", days)] if compare(days, condition) else None


# --- Reading what other rules found -----------------------------------------------------------------------------------


def _findings(judge: Judge, tier: str, condition: Condition) -> Seen | None:
    first, last = window(judge.timeline.day, condition["days"])
    seen: dict[str, tuple[str, int]] = {}
    for day in range(last, first - 1, -1):
        # One reason of each group is enough, so a group that is known already is not looked for again.
        groups = [group for group in condition["groups"] if group not in seen]
        for rule_id, group in judge.found_on(day, tier, groups):
            seen.setdefault(group, (rule_id, day))
        if not seen or len(seen) >= condition["times"]:
            break
    facts: Seen = [("fact", 0, rule_id, iso(day)) for rule_id, day in seen.values()]
    return facts if len(seen) >= condition["times"] else None


OPERATORS: Mapping[str, Operator] = {
    "all": Operator(_all, "conditions"),
    "any": Operator(_any, "conditions"),
    "not": Operator(_not, "condition"),
    "use": Operator(_use, "definition"),
    "count": Operator(_count, "conditions", compares="number"),
    "some_entry": Operator(_some_entry, "condition"),
    "entries": Operator(_entries, "condition", frozenset({"days", "times"}), frozenset({"unit"})),
    "answer": Operator(_answer, "observation", compares="value"),
    "every": Operator(_every, "observation", compares="value"),
    "baseline": Operator(_baseline, "baseline", compares="value"),
    "later_date": Operator(_later_date, "baseline"),
    "first": Operator(_first, "observation"),
    "earlier": Operator(_earlier, "observation", takes=frozenset({"days"}), compares="value"),
    "previous": Operator(_previous, "observation", takes=frozenset({"days"}), compares="value"),
    "latest": Operator(_latest, "observation", takes=frozenset({"days", "on_clock", "from_day"}), compares="value"),
    "rise": Operator(
        trends.rise, "observation", frozenset({"by", "days"}), frozenset({"or_last_answer", "from_below"})
    ),
    "fall": Operator(trends.fall, "observation", frozenset({"percent", "days"}), frozenset({"or_last_answer"})),
    "above_first": Operator(trends.above_first, "observation"),
    "rose": Operator(trends.rose, "observation", frozenset({"to", "days"}), frozenset({"over_first_answer"})),
    "switches": Operator(trends.switches, "observation", frozenset({"between", "days", "times"})),
    "mean_fall": Operator(
        trends.mean_fall, "observation", frozenset({"percent", "days", "against"}), frozenset({"against_at_least"})
    ),
    "mean_rise": Operator(trends.mean_rise, "observation", frozenset({"by", "days", "against"})),
    "against_mean": Operator(
        trends.against_mean, "observation", frozenset({"days"}), frozenset({"answers"}), compares="number"
    ),
    "clock": Operator(trends.clock, "clock", compares="number"),
    "first_entry": Operator(_first_entry, "now"),
    "joined_on_day": Operator(_joined_on_day, "now", compares="number"),
    "silence": Operator(_silence, "now", compares="number"),
    "level": Operator(trends.level, "now", takes=frozenset({"of"}), compares="number"),
    "status": Operator(trends.status, "statuses"),
    "checkpoint": Operator(
        trends.checkpoint, "clock", frozenset({"at", "statuses"}), frozenset({"then_every", "until"})
    ),
    "checkpoint_level": Operator(
        trends.checkpoint_level, "clock", frozenset({"at"}), frozenset({"then_every", "until"}), compares="number"
    ),
    "slot": Operator(trends.slot, "clock", frozenset({"at"}), frozenset({"then_every", "until"})),
    "findings": Operator(_findings, "tier", frozenset({"groups", "days", "times"})),
}
