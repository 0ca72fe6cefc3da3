"""Which answers made a rule fire, in words and by day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from selfcare.clinic import wording
from selfcare.diary.models import Entry
from selfcare.triage.models import Alert

ARRIVES_WITHIN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Line:
    """One answer in words, and whether it took part in an alert."""

    name: str
    label: str
    value: str
    marked: bool = False
    positive: bool = False


def by_day(inputs: Mapping[str, Any]) -> dict[date, dict[str, Any]]:
    """Return the answers of an alert's inputs by day, the earliest first."""
    days = inputs.get("days", {})
    return {date.fromisoformat(day): dict(answers) for day, answers in sorted(days.items())}


def without_day(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an alert rests on besides the answers of single days: history, averages, rules that failed."""
    rest = {name: value for name, value in inputs.items() if name not in ("days", "baseline", "facts")}
    return {**inputs.get("baseline", {}), **inputs.get("facts", {}), **rest}


def marks(alerts: Iterable[Alert]) -> dict[tuple[date, str], list[Alert]]:
    """Return, for each (day, name) that took part in an alert, those alerts."""
    found: dict[tuple[date, str], list[Alert]] = {}
    for alert in alerts:
        for day, answers in by_day(alert.inputs).items():
            for name in answers:
                found.setdefault((day, name), []).append(alert)
    return found


def lines(answers: Mapping[str, Any], *, marked: Iterable[str] = ()) -> list[Line]:
    """Return answers in words, in the order a clinician reads them."""
    evidence = set(marked)
    return [
        Line(
            name=name,
            label=wording.label_of(name),
            value=wording.value_of(name, answers[name]),
            marked=name in evidence,
            positive=wording.is_positive(answers[name]),
        )
        for name in wording.in_reading_order(answers)
    ]


def is_late(entry: Entry) -> bool:
    """Return whether an entry was written on a later day than it is about, or arrived more than a day afterwards."""
    return entry.written_on > entry.occurred_on or entry.received_at - entry.recorded_at > ARRIVES_WITHIN
