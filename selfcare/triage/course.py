"""PURE: how a complaint goes over the weeks: level, start level, status (clinical.md 2.3); twin of course.js.

Every number comes from the catalogue's ``course`` section.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
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
    gain = start.minus(level)
    worse = level.minus(start).compare(numbers["change_points"]) >= 0
    low = level.compare(numbers["adequate_at_most"]) <= 0
    # Who starts low starts as adequate; only a clear rise, or pain that gets in the way, takes that away.
    low = low or (start.compare(numbers["adequate_at_most"]) <= 0 and not worse)
    hindrance = timeline.mean(numbers["interference"], day - window + 1, day)
    hindered = hindrance is not None and hindrance.compare(numbers["interference_at_most"]) > 0
    if low and not hindered:
        return "adequate"
    # gain / start >= percent / 100, without dividing: start may be 0.
    enough = 100 * gain.total * start.parts >= numbers["change_percent"] * start.total * gain.parts
    if gain.compare(numbers["change_points"]) >= 0 and enough:
        return "improving"
    return "worsening" if worse else "not_improved"


def worst_level(timeline: Timeline, numbers: Mapping[str, Any], day: int) -> tuple[str, Mean, int] | None:
    """Return series, level and window length in days of the worst region, or of pain as a whole; None if too few."""
    found: tuple[str, Mean, int] | None = None
    for series in numbers["regions"]:
        candidate = _level(timeline, numbers, series, day)
        if candidate is not None and (found is None or candidate[0].minus(found[1]).total > 0):
            found = (series, *candidate)
    if found is None:
        candidate = _level(timeline, numbers, numbers["overall"], day)
        found = None if candidate is None else (numbers["overall"], *candidate)
    return found


def _level(timeline: Timeline, numbers: Mapping[str, Any], series: str, day: int) -> tuple[Mean, int] | None:
    window = numbers["window_days"]
    mean = timeline.mean(series, day - window + 1, day)
    if mean is None or mean.entries < numbers["widen_from_entries"]:
        return None
    if mean.entries < numbers["enough_entries"]:
        window = numbers["wide_window_days"]
        mean = timeline.mean(series, day - window + 1, day)
    return None if mean is None or mean.entries < numbers["enough_entries"] else (mean, window)


def start_level(timeline: Timeline, numbers: Mapping[str, Any], series: str, day: int) -> Mean | None:
    """Return the mean of the first entries of a series, within its first diary days; None without any."""
    answers = [answer for answer in timeline.answers(series) if answer.day <= day and is_number(answer.value)]
    if not answers:
        return None
    last = answers[0].day + numbers["start_days"] - 1
    first = [answer for answer in answers[: numbers["start_entries"]] if answer.day <= last]
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
