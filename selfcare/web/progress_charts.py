"""The four charts of Progress, each with its conclusion and its numbers, and what happened on the way."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from exercises import facts, planning, records
from exercises import today as exercises_today
from selfcare.web import course_words, happened, words
from selfcare.web.happened import Events
from selfcare.web.patients import Patient
from selfcare.web.progress_days import DAYS_A_WEEK, WEEK, Day, Diary, Week, number, plain
from selfcare.web.progress_figures import Drawn, Figure, Table, figure

HIGHEST_SCORE, HIGHEST_GRADE = 10, 4
FIGURES = ("function", "nerves", "pain", "exercises")


def figure_of(name: str, patient: Patient, diary: Diary, *, now: datetime) -> Figure | None:
    """Return one of the charts; None for exercises of somebody who has no programme."""
    if name == "exercises":
        return _exercises(patient, diary, now=now)
    drawing = {"function": _function, "nerves": _nerves, "pain": _pain}[name]
    return drawing(diary, events(diary, patient))


def _function(diary: Diary, told: Events) -> Figure:
    most = diary.numbers["interference_at_most"]
    series = diary.numbers["interference"]
    weekly = []
    for week in diary.weeks:
        found = [day.values[series] for day in _in(diary.days, week) if series in day.values]
        weekly.append((week, sum(value <= most for value in found), len(found)))
    bars = [(week.first, week.first + WEEK - timedelta(days=1), part, whole) for week, part, whole in weekly]
    change, _start, _level = diary.change(series)
    return figure(
        "function",
        title=_("Daily life"),
        says=[course_words.shown()["function"][change]],
        hint=_("A full bar is a week in which pain stopped you on no day. In the lower part, lower is better."),
        axis=diary.axis,
        parts=[
            Drawn.of_bars(
                _("Days pain did not stop you (0 to 3)"),
                bars, highest=DAYS_A_WEEK, ticks=((0, "0"), (DAYS_A_WEEK, "7")),
            ),
            _scores(_("How much pain got in the way, 0 to 10"), "function", series, diary),
        ],
        happened=told,
        tables=[
            Table(
                _("Week by week"),
                (_("Week"), _("Days with an answer"), _("Days 0 to 3"), _("Average")),
                tuple((_week(week), whole, part, _level_at(diary, series, week)) for week, part, whole in weekly),
            ),
            _daily(diary, {series: _("Got in the way")}),
        ],
    )  # fmt: skip


def _pain(diary: Diary, told: Events) -> Figure | None:
    names = {"pain_buttock": _("Buttock"), "pain_leg": _("Leg"), "pain_back": _("Lower back"), "pain_avg": _("Pain")}
    answered = {name for day in diary.days for name in day.values}
    shown = [name for name in diary.numbers["regions"] if name in answered] or [diary.numbers["overall"]]
    if not answered & set(shown):
        return None
    says = [course_words.shown()["pain"][diary.change(name)[0]].format(place=names[name]) for name in shown]
    return figure(
        "pain",
        title=_("Pain"),
        says=says,
        hint=_("Lower is better. Dots are days, the line is the average of 7 days."),
        axis=diary.axis,
        parts=[_scores(names[name], name.removeprefix("pain_"), name, diary) for name in shown],
        happened=told,
        tables=[
            Table(
                _("Week by week: 7-day averages"),
                (_("Week"), *(names[name] for name in shown)),
                tuple((_week(week), *(_level_at(diary, name, week) for name in shown)) for week in diary.weeks),
            ),
            _daily(diary, {name: names[name] for name in shown}),
        ],
    )


def _nerves(diary: Diary, told: Events) -> Figure:
    names = {"weakness": _("Weakness"), "numbness": _("Numbness")}
    sheet = course_words.shown()["nerves"]
    says, parts = [], []
    for name, label in names.items():
        answers = diary.timeline.answers(name)
        if not any(answer.value for answer in answers):
            continue
        grade = words.answer_labels(f"{name}_grades")[str(answers[-1].value)]
        says.append(sheet["newest"].format(what=label, grade=grade))
        if len(answers) > 1 and answers[-1].value > answers[-2].value:
            says.append(sheet["higher"].format(what=label))
        values = [(day.on, day.values[name], day.late) for day in diary.days if name in day.values]
        ticks = ((0, "0"), (HIGHEST_GRADE // 2, "2"), (HIGHEST_GRADE, "4"))
        parts.append(Drawn.of_days(label, "nerves", values, highest=HIGHEST_GRADE, ticks=ticks))
    if not parts:
        asked = any(diary.timeline.answers(name) for name in names)
        says = [sheet["none" if asked else "unasked"]]
    return figure(
        "nerves",
        title=_("Weakness and numbness"),
        says=says,
        hint=_("0 is none, 4 is the most. Lower is better.") if parts else "",
        axis=diary.axis,
        parts=parts,
        happened=told if parts else [],
        tables=[_daily(diary, names)],
    )


def _exercises(patient: Patient, diary: Diary, *, now: datetime) -> Figure | None:
    programme = exercises_today.active_of(patient.user)
    if programme is None:
        return None
    weekly: dict[date, tuple[int, int]] = {}
    for week in planning.adherence(records.read(programme, as_of=facts.about(patient.user, now=now).as_of).kept):
        planned, done = weekly.get(week.begins_on, (0, 0))
        weekly[week.begins_on] = (planned + week.planned, done + week.done)
    kept = [(begins, planned, done) for begins, (planned, done) in sorted(weekly.items()) if planned]
    if not kept:
        return None
    _begins, planned, done = kept[-1]
    bars = [
        (begins, begins + WEEK - timedelta(days=1), done / planned, 1)
        for begins, planned, done in kept
    ]  # fmt: skip
    return figure(
        "exercises",
        title=_("Exercises"),
        # A zero helps nobody; the bars and the table say it without a sentence.
        says=[_("In the newest week you did {done} of {planned} planned exercises.").format(done=done, planned=planned)]
        if done
        else [],
        hint=_("A full bar is a week with all that was planned. Rest days and gentle days count as done."),
        axis=diary.axis,
        parts=[Drawn.of_bars(_("Done of what was planned"), bars, highest=1, ticks=((0.5, _("half")), (1, _("all"))))],
        tables=[
            Table(
                _("Week by week"),
                (_("Week from"), _("Done"), _("Planned")),
                tuple((begins, done, planned) for begins, planned, done in kept),
            )
        ],
    )


def _scores(label: str, css: str, series: str, diary: Diary) -> Drawn:
    """Return the days of a score as dots, with the seven-day average as a line over days that have an entry."""
    values = [(day.on, day.values[series], day.late) for day in diary.days if series in day.values]
    averages = []
    if diary.enough:
        levels = ((on, diary.level(series, on)) for on, _value, _late in values)
        averages = [(on, level.rounded(), False) for on, level in levels if level]
    ticks = ((0, "0"), (HIGHEST_SCORE // 2, "5"), (HIGHEST_SCORE, "10"))
    return Drawn.of_days(label, css, values, line=averages, highest=HIGHEST_SCORE, ticks=ticks)


def _daily(diary: Diary, names: dict[str, str]) -> Table:
    rows = tuple(
        (day.on, *(plain(day.values.get(name)) for name in names), _("late") if day.late else "")
        for day in reversed(diary.days)
        if names.keys() & day.values.keys()
    )
    return Table(_("Day by day"), (_("Day"), *names.values(), _("Answered later")), rows)


def _level_at(diary: Diary, series: str, week: Week) -> str:
    level = diary.level(series, week.last)
    return number(level) if level else _("too few")


def _in(days: Iterable[Day], week: Week) -> list[Day]:
    return [day for day in days if week.first <= day.on <= week.last]


def _week(week: Week) -> str:
    return str(week.number)


def events(diary: Diary, patient: Patient) -> Events:
    """Return the events of the diary and of the advice given, in order of their days."""
    answers = [(entry.on, entry.values) for entry in diary.timeline.entries]
    return happened.events(patient.user, answers)
