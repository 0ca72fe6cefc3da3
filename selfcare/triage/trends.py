"""PURE: the operators that compare answers over time; the twin of static/web/js/triage/trends.js."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from selfcare.triage.course import Course, course_on, level_of, worst_level
from selfcare.triage.judge import Condition, Judge, Seen, compare, compare_mean, fact, in_scope, iso, saw, window
from selfcare.triage.timeline import Mean, hundredths, is_number

# --- Comparing answers over time --------------------------------------------------------------------------------------


def _changed(judge: Judge, name: str, condition: Condition, differs: Callable[[Any, Any], bool]) -> Seen | None:
    seen: Seen = []
    for now in in_scope(judge, name):
        first, last = window(now.day, condition["days"])
        before = [a for a in judge.timeline.before(name, now.position) if is_number(a.value)]
        within = [a for a in before if first <= a.day <= last]
        # After a silence longer than the window the last answer before it is the one to compare with.
        if condition.get("or_last_answer") and before and before[0].day < first:
            within = before[:1]
        then = next((a for a in within if differs(a.value, now.value)), None)
        if is_number(now.value) and then:
            seen += saw(name, [then, now])
    return seen or None


def rise(judge: Judge, name: str, condition: Condition) -> Seen | None:
    by, below = condition["by"], condition.get("from_below", float("inf"))
    return _changed(judge, name, condition, lambda then, now: now - then >= by and then < below)


def fall(judge: Judge, name: str, condition: Condition) -> Seen | None:
    rest = 100 - condition["percent"]
    return _changed(judge, name, condition, lambda then, now: then > 0 and 100 * now <= rest * then)


def above_first(judge: Judge, name: str, _: Condition) -> Seen | None:
    answers = [a for a in judge.timeline.answers(name) if is_number(a.value)]
    higher = [a for a in in_scope(judge, name) if is_number(a.value) and a.value > answers[0].value]
    return saw(name, [answers[0], *higher]) if higher else None


def rose(judge: Judge, name: str, condition: Condition) -> Seen | None:
    first, last = window(judge.timeline.day, condition["days"])
    answers = [a for a in judge.timeline.between(name, first, last) if is_number(a.value)]
    floor = judge.timeline.answers(name)[0].value if answers and condition.get("over_first_answer") else None
    for place, now in enumerate(answers):
        if now.value < condition["to"] or (floor is not None and now.value <= floor):
            continue
        then = next((a for a in answers[:place] if a.value < now.value), None)
        if then:
            return saw(name, [then, now])
    return None


def switches(judge: Judge, name: str, condition: Condition) -> Seen | None:
    first, last = window(judge.timeline.day, condition["days"])
    answers = [a for a in judge.timeline.between(name, first, last) if a.value in condition["between"]]
    turns = [now for then, now in pairwise(answers) if then.value != now.value]
    return saw(name, [answers[0], *turns]) if turns and len(turns) >= condition["times"] else None


# --- Means, status and time -------------------------------------------------------------------------------------------


def _two_means(judge: Judge, name: str, condition: Condition) -> tuple[Mean, Mean] | None:
    now = judge.timeline.mean(name, *window(judge.timeline.day, condition["days"]))
    then = judge.timeline.mean(name, *window(judge.timeline.day, condition["against"]))
    return None if now is None or then is None else (now, then)


def mean_fall(judge: Judge, name: str, condition: Condition) -> Seen | None:
    means = _two_means(judge, name, condition)
    if means is None or means[1].compare(condition.get("against_at_least", 0)) < 0:
        return None
    now, then = means
    fell = 100 * now.total * then.parts <= (100 - condition["percent"]) * then.total * now.parts
    return [fact(f"mean {name}", now), fact(f"mean {name} before", then)] if fell else None


def mean_rise(judge: Judge, name: str, condition: Condition) -> Seen | None:
    means = _two_means(judge, name, condition)
    if means is None or means[0].minus(means[1]).compare(condition["by"]) < 0:
        return None
    return [fact(f"mean {name}", means[0]), fact(f"mean {name} before", means[1])]


def against_mean(judge: Judge, name: str, condition: Condition) -> Seen | None:
    seen: Seen = []
    for now in in_scope(judge, name):
        before = judge.timeline.mean(name, *window(now.day, condition["days"]))
        if before is None or before.entries < condition.get("answers", 1) or not is_number(now.value):
            continue
        if compare_mean(Mean(hundredths(now.value), 1, 1).minus(before), condition):
            seen += [*saw(name, [now]), fact(f"mean {name} before", before)]
    return seen or None


def clock(judge: Judge, name: str, condition: Condition) -> Seen | None:
    reading = judge.timeline.day - judge.clock_start(name)
    return [("fact", 0, f"day of {name}", reading)] if compare(reading, condition) else None


def level(judge: Judge, _name: str, condition: Condition) -> Seen | None:
    timeline, numbers = judge.timeline, judge.course
    if "of" in condition:
        found = level_of(timeline, numbers, condition["of"], timeline.day)
    else:
        found = worst_level(timeline, numbers, timeline.day)
    return [fact(f"level {found[0]}", found[1])] if found and compare_mean(found[1], condition) else None


def status(judge: Judge, statuses: Sequence[str], _: Condition) -> Seen | None:
    course = course_on(judge.timeline, judge.course, judge.timeline.day)
    if course.status not in statuses:
        return None
    return [("fact", 0, "status", course.status), *_levels(course)]


def checkpoint(judge: Judge, name: str, condition: Condition) -> Seen | None:
    return _decided(judge, name, condition, lambda course: course.status in condition["statuses"])


def checkpoint_level(judge: Judge, name: str, condition: Condition) -> Seen | None:
    return _decided(judge, name, condition, lambda c: c.level is not None and compare_mean(c.level, condition))


def _decided(judge: Judge, name: str, condition: Condition, holds: Callable[[Course], bool]) -> Seen | None:
    timeline, start = judge.timeline, judge.clock_start(name)
    begun = _slot(condition, timeline.day - start)
    if begun is None:
        return None
    facts, begins = _occasion(judge, name, begun), start + begun
    # Without an entry nothing becomes known, so only the days with one are asked after the first.
    for day in dict.fromkeys([begins, *timeline.days[bisect_left(timeline.days, begins) :]]):
        course = course_on(timeline, judge.course, day)
        if course.status == "insufficient":
            continue
        # The first day with enough entries decides, and goes on deciding: a check that ran late still finds it.
        if not holds(course):
            return None
        decided: Seen = [("fact", 0, "status", course.status), ("fact", 0, "decided on", iso(day))]
        return facts + decided + _levels(course)
    return None


def slot(judge: Judge, name: str, condition: Condition) -> Seen | None:
    begun = _slot(condition, judge.timeline.day - judge.clock_start(name))
    return None if begun is None else _occasion(judge, name, begun)


def _occasion(judge: Judge, name: str, begun: int) -> Seen:
    began = judge.began_on()
    # A new episode asks again what the one before has asked.
    label = f"D{begun}" if began == judge.timeline.onset else f"D{begun} of {iso(began)}"
    reading = judge.timeline.day - judge.clock_start(name)
    return [("occasion", 0, "occasion", label), ("fact", 0, f"day of {name}", reading)]


def _levels(course: Course) -> Seen:
    means = [(f"level {course.series}", course.level), ("start level", course.start)]
    return [fact(label, mean) for label, mean in means if mean]


def _slot(condition: Condition, reading: int) -> int | None:
    """Return the day at which the current slot began, or None outside all slots."""
    if reading > condition.get("until", reading):
        return None
    begun = [day for day in condition["at"] if day <= reading]
    every, last = condition.get("then_every"), condition["at"][-1]
    if every and reading >= last:
        return int(last + (reading - last) // every * every)
    return max(begun, default=None)
