"""PURE: how a complaint goes over the weeks: level, start level, status (clinical.md 2.3); twin of course.js.

Every number comes from the catalogue's ``course`` section.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from selfcare.triage.timeline import Mean, Timeline, hundredths, is_number

STATUSES = ("recovered", "adequate", "improving", "worsening", "not_improved", "insufficient")


@dataclass(frozen=True, slots=True)
class Course:
    """The status on one day and what it was computed from."""

    status: str
    series: str = ""
    level: Mean | None = None
    start: Mean | None = None


def course_on(timeline: Timeline, numbers: Mapping[str, Any], day: int) -> Course:
    """Return the status on ``day``, computed from the entries up to that day."""
    key = ("course", day)
    if key not in timeline.known:
        timeline.known[key] = _course_on(timeline, numbers, day)
    course: Course = timeline.known[key]
    return course


def _course_on(timeline: Timeline, numbers: Mapping[str, Any], day: int) -> Course:
    found = worst_level(timeline, numbers, day)
    if found is None:
        return Course("insufficient")
    series, level, window = found
    start = start_level(timeline, numbers, series, day)
    if start is None:
        return Course("insufficient")
    return Course(_status(timeline, numbers, day, series, level, start, window), series, level, start)


def _status(
    timeline: Timeline, numbers: Mapping[str, Any], day: int, series: str, level: Mean, start: Mean, window: int
) -> str:
    if is_recovered(timeline, numbers, series, day):
        return "recovered"
    changed = change(numbers, start=start, level=level)
    low = level.compare(numbers["adequate_at_most"]) <= 0
    # Who starts low starts as adequate; only a clear rise, or pain that gets in the way, takes that away.
    low = low or (start.compare(numbers["adequate_at_most"]) <= 0 and changed != "worsening")
    hindrance = timeline.mean(numbers["interference"], day - window + 1, day)
    hindered = hindrance is not None and hindrance.compare(numbers["interference_at_most"]) > 0
    if low and not hindered and not _feels_worse(timeline, numbers, day):
        return "adequate"
    return changed


def change(numbers: Mapping[str, Any], *, start: Mean, level: Mean) -> str:
    """Return "improving", "worsening" or "not_improved": what counts as a change from a start level (S30, S31)."""
    gain = start.minus(level)
    # gain / start >= percent / 100, without dividing: start may be 0.
    enough = 100 * gain.total * start.parts >= numbers["change_percent"] * start.total * gain.parts
    if gain.compare(numbers["change_points"]) >= 0 and enough:
        return "improving"
    return "worsening" if level.minus(start).compare(numbers["change_points"]) >= 0 else "not_improved"


def _feels_worse(timeline: Timeline, numbers: Mapping[str, Any], day: int) -> bool:
    """Return whether the newest word of the last two weeks on the whole course is "worse"."""
    said = timeline.between(numbers["global_change"], day - numbers["wide_window_days"] + 1, day)
    return bool(said) and said[-1].value in numbers["global_worse"]


def worst_level(timeline: Timeline, numbers: Mapping[str, Any], day: int) -> tuple[str, Mean, int] | None:
    """Return series, level and window length in days of the worst region, or of pain as a whole; None if too few."""
    found: tuple[str, Mean, int] | None = None
    for series in numbers["regions"]:
        candidate = level_of(timeline, numbers, series, day)
        if candidate is not None and (found is None or candidate[1].minus(found[1]).total > 0):
            found = candidate
    return found or level_of(timeline, numbers, numbers["overall"], day)


def level_of(timeline: Timeline, numbers: Mapping[str, Any], series: str, day: int) -> tuple[str, Mean, int] | None:
    """Return series, level and window length in days of one series; None if there are too few entries."""
    window = numbers["window_days"]
    mean = timeline.mean(series, day - window + 1, day)
    if mean is None or mean.entries < numbers["widen_from_entries"]:
        return None
    if mean.entries < numbers["enough_entries"]:
        window = numbers["wide_window_days"]
        mean = timeline.mean(series, day - window + 1, day)
    return None if mean is None or mean.entries < numbers["enough_entries"] else (series, mean, window)


def start_level(timeline: Timeline, numbers: Mapping[str, Any], series: str, day: int) -> Mean | None:
    """Return the mean of the first entries of a series in the episode, within its first days; None without any."""
    began = began_on(timeline, numbers)
    given = (answer for answer in timeline.each_between(series, began, day) if is_number(answer.value))
    answers = list(islice(given, numbers["start_entries"]))
    if not answers:
        return None
    last = answers[0].day + numbers["start_days"] - 1
    first = [answer for answer in answers if answer.day <= last]
    total = sum(hundredths(answer.value) for answer in first)
    return Mean(total, len(first), len(first))


def is_recovered(timeline: Timeline, numbers: Mapping[str, Any], series: str, day: int) -> bool:
    """Return whether pain was next to nothing for long enough; short gaps count only if the patient confirmed them."""
    first = day - numbers["recovered_days"] + 1
    worst: dict[int, float] = {}
    for answer in timeline.between(series, first, day):
        worst[answer.day] = max(worst.get(answer.day, 0), answer.value)
    confirmed: set[int] = set()
    for answer in timeline.between(numbers["confirmed_gap"], first, day):
        confirmed.update(range(answer.day - int(answer.value), answer.day))
    gap = 0
    for current in range(first, day + 1):
        if current in worst:
            if worst[current] > numbers["recovered_at_most"]:
                return False
            gap = 0
            continue
        gap += 1
        if current not in confirmed or gap > numbers["recovered_gap_days"]:
            return False
    return True


def began_on(timeline: Timeline, numbers: Mapping[str, Any]) -> int:
    """Return the day number on which the present episode began (clinical.md 2.5).

    That is the onset, or the first day of pain that lasted after an episode had ended with enough pain-free days. A day
    without an entry is no pain-free day unless the patient has confirmed it.
    """
    if "began" not in timeline.known:
        timeline.known["began"] = _began_on(timeline, numbers)
    began: int = timeline.known["began"]
    return began


def _began_on(timeline: Timeline, numbers: Mapping[str, Any]) -> int:
    if not _may_have_ended(timeline, numbers):
        return timeline.onset
    began, ended = timeline.onset, False
    free: tuple[int, int] | None = None
    back_since: int | None = None
    last_pain = last_free = timeline.onset - 1
    series = (numbers["overall"], *numbers["regions"])
    for place in range(bisect_left(timeline.days, timeline.onset), len(timeline.days)):
        day, values = timeline.days[place], timeline.entries[place].values
        since = _days(values.get(numbers["new_episode"]))
        confirmed = _days(values.get(numbers["confirmed_gap"]))
        if confirmed:
            free = _stretch(free, max(last_pain + 1, day - since - confirmed), day - since - 1)
        pains: list[float] = [values[name] for name in series if is_number(values.get(name))]
        pain: float = max(pains, default=numbers["new_pain_at_least"])
        if pain <= numbers["recovered_at_most"]:
            free, back_since = _stretch(free, day, day), None
        if free is not None:
            last_free = free[1]
            ended = ended or last_free - free[0] + 1 >= numbers["recovered_days"]
        if not pains or pain <= numbers["recovered_at_most"]:
            continue
        last_pain, free = day, None
        if pain < numbers["new_pain_at_least"]:
            back_since = None
        elif ended:
            back_since = max(last_free + 1, day - since) if back_since is None else back_since
            # Reported on a later day than it began: it has lasted longer than 24 hours.
            if day > back_since:
                began, ended, back_since = back_since, False, None
    return began


def _may_have_ended(timeline: Timeline, numbers: Mapping[str, Any]) -> bool:
    """Return whether there are enough quiet days, or a confirmed gap, at all; most diaries need no closer look."""
    overall, gap, most = numbers["overall"], numbers["confirmed_gap"], numbers["recovered_at_most"]
    quiet = sum(1 for entry in timeline.entries if (entry.values.get(overall) or 0) <= most)
    return quiet >= numbers["recovered_days"] or any(entry.values.get(gap) for entry in timeline.entries)


def _days(value: Any) -> int:
    return int(value) if is_number(value) else 0


def _stretch(free: tuple[int, int] | None, first: int, last: int) -> tuple[int, int] | None:
    """Return the pain-free days up to now with some more: joined to those before, or begun anew."""
    if last < first:
        return free
    if free is None or first > free[1] + 1:
        return first, last
    return min(free[0], first), max(free[1], last)
