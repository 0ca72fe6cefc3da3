"""PURE: the numbers of one day of a diary, however many entries it has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from selfcare.triage.timeline import is_number

# Scores of one day: numbers of symptoms are averaged, as triage averages them; of a grade the worst counts.
SCORES = ("interference", "pain_buttock", "pain_leg", "pain_back", "pain_avg")
GRADES = ("weakness", "numbness")


def of_day(entries: Iterable[Mapping[str, Any]]) -> dict[str, float]:
    """Return the scores (0 to 10) and grades (0 to 4) of a day by their names; what was not answered is not in it."""
    answered = list(entries)
    values = {}
    for name in (*SCORES, *GRADES):
        numbers = [entry[name] for entry in answered if is_number(entry.get(name))]
        if numbers:
            values[name] = max(numbers) if name in GRADES else round(sum(numbers) / len(numbers), 1)
    return values
