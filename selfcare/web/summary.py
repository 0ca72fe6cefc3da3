"""The summary on one page that a person prints or hands over: what the diary says, in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from selfcare.diary import scores
from selfcare.triage import catalogue
from selfcare.web import plan, progress, progress_charts, progress_days, said, steps
from selfcare.web.flow import Step
from selfcare.web.patients import Patient
from selfcare.web.progress_days import Day, Diary
from selfcare.web.progress_figures import Table

ON_PAPER = ("function", "pain")
NOTHING = "\N{EN DASH}"
NOTHING_NEW = (False, "none", 0)


@dataclass(frozen=True, slots=True)
class Said:
    """One answer that was not "no change", with its first and last day."""

    answer: str
    days: int
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Asked:
    """One safety question: on how many days it was answered, and the answers that were not "no change"."""

    heading: str
    days: int
    positives: tuple[Said, ...]


def page(patient: Patient, diary: Diary, *, leave_out: bool, now: datetime) -> dict[str, Any]:
    """Return what the summary shows; ``leave_out`` hides the private answers, and the paper says that it does."""
    urgent = progress.urgent_open(patient)
    figures = [progress_charts.figure_of(name, patient, diary, now=now) for name in ON_PAPER]
    asked = [one for one in safety(diary, leave_out=leave_out) if one.days]
    return {
        "patient": patient,
        "diary": diary,
        "leave_out": leave_out,
        "made": progress.clock(patient, form="j F Y H:i"),
        "overall": progress.overall(diary, urgent=urgent),
        "week": diary.weeks[-1].number if diary.weeks else None,
        "figures": [figure for figure in figures if figure],
        "weekly": weekly(diary),
        "positive": [one for one in asked if one.positives],
        "quiet": [one for one in asked if not one.positives],
        "events": progress_charts.events(diary, patient),
        "entered": len(diary.days),
        "expected": (diary.axis.last - diary.axis.first).days + 1,
        "late": sum(day.late for day in diary.days),
        "version": catalogue.current().version,
    }


def weekly(diary: Diary) -> Table:
    """Return the averages of each week, and its worst weakness and numbness."""
    rows = []
    for week in diary.weeks:
        days = [day for day in diary.days if week.first <= day.on <= week.last]
        averages = [diary.level(name, week.last) for name in scores.SCORES]
        rows.append((
            week.number,
            date_format(week.first, "j M"),
            len(days),
            *(progress_days.number(level) if level else NOTHING for level in averages),
            *(_worst(days, name) for name in scores.GRADES),
        ))  # fmt: skip
    head = (
        _("Week"), _("From"), _("Days"), _("Got in the way"), _("Buttock"), _("Leg"), _("Lower back"), _("Worst place"),
        _("Weakness"), _("Numbness"),
    )  # fmt: skip
    return Table(
        _("Week by week: 7-day averages, 0 to 10. Weakness and numbness: the worst answer, 0 to 4."), head, rows
    )


def _worst(days: Sequence[Day], name: str) -> str:
    return progress_days.plain(max((day.values[name] for day in days if name in day.values), default=None)) or NOTHING


def safety(diary: Diary, *, leave_out: bool) -> list[Asked]:
    """Return each safety question of the check-in once, with what was answered in the time of the charts."""
    found: dict[str, Asked] = {}
    for step in plan.check_in():
        if not step["safety"] or step["kind"] in ("group", "confirm") or step["id"] in found:
            continue
        if leave_out and step["id"] in steps.PRIVATE:
            continue
        answered = [(day.on, answer) for day in diary.days for answer in _answers(step, day)]
        days = len({on for on, _answer in answered})
        found[step["id"]] = Asked(step["heading"], days, tuple(_positives(answered)))
    return list(found.values())


def _answers(step: Step, day: Day) -> list[Any]:
    values = [said.answer_of(step, entry.values) for entry in day.entries]
    return [answer for value in values for answer in step["answers"] if answer["value"] == value]


def _positives(answered: Iterable[tuple[date, Any]]) -> Iterable[Said]:
    """Yield each answer that was not "no change" once, with its days."""
    found: dict[str, list[date]] = {}
    for on, answer in answered:
        if _is_positive(answer):
            found.setdefault(answer["label"], []).append(on)
    for label, days in found.items():
        yield Said(label, len(set(days)), days[0], days[-1])


def _is_positive(answer: Any) -> bool:
    return any(value not in NOTHING_NEW for value in answer["writes"].values())
