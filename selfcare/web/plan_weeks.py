"""The eight weeks from the onset on, where the person is in them, and the two reviews (clinical.md 2.2, 2.4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from selfcare.diary import pace
from selfcare.triage import catalogue, rules
from selfcare.triage.timeline import Timeline
from selfcare.web import course_words, progress, progress_charts, progress_days, words
from selfcare.web.patients import Patient

WEEK = timedelta(days=7)
LAST = course_words.WEEKS
DAYS_A_WEEK = 7
# What a review asks: names of the vocabulary, with the set of answers in the catalogue.
ASKS = {"global_change": "changes_overall", "review_step": "review_steps"}


class State(StrEnum):
    """How far a review has come."""

    LATER = "later"
    OPEN = "open"
    LATE = "late"
    OVER = "over"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Review:
    """One of the two reviews of an episode."""

    name: str
    title: str
    first: date
    last: date
    # The last day on which an answer belongs to this review: late ones count until the next review begins.
    until: date
    state: State
    words: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Week:
    """One of the eight weeks on the line, with what happened in it and the review that follows it."""

    number: int
    first: date
    last: date
    words: Mapping[str, Any]
    marks: tuple[tuple[date, str], ...]
    reviews: tuple[Review, ...]
    read: bool


@dataclass(frozen=True, slots=True)
class Clock:
    """Where somebody is in their weeks."""

    began_on: date
    today: date
    estimated: bool
    again: bool

    @property
    def week(self) -> int:
        """Return the week of today, counted from 1 at the onset."""
        return max((self.today - self.began_on).days, 0) // DAYS_A_WEEK + 1

    @property
    def ended(self) -> bool:
        """Return whether the eight weeks are over."""
        return self.week > LAST

    def finished(self, joined_on: date) -> bool:
        """Return whether somebody who joined on a day has been through the eight weeks, or as long in the diary."""
        return self.ended and (joined_on < self.began_on + LAST * WEEK or self.today >= joined_on + LAST * WEEK)


def clock_of(patient: Patient) -> Clock:
    """Return the clock of the present episode: it starts at the onset, or when pain came back (2.2, 2.5)."""
    assert patient.episode is not None
    assert patient.history is not None
    began_on = rules.began_on(catalogue.current(), patient.history, as_of=patient.today)
    return Clock(
        began_on=began_on,
        today=patient.today,
        estimated=patient.episode.onset_estimated,
        again=began_on != patient.episode.onset_on,
    )


def page(patient: Patient) -> dict[str, Any]:
    """Return what the Plan page shows."""
    assert patient.episode is not None
    clock = clock_of(patient)
    reviews = reviews_of(patient, clock)
    joined_on = patient.profile.local_date(patient.episode.started_at)
    diary = progress_days.diary_of(patient)
    happened = [(joined_on, _("You began with this app.")), *(progress_charts.events(diary, patient) if diary else [])]
    numbers = range(1, LAST + 1)
    read = pace.weeks_read(patient.episode, began_on=clock.began_on)
    weeks = [
        _week(number, clock, reviews=reviews, happened=sorted(happened), read=number in read) for number in numbers
    ]
    finished = clock.finished(joined_on)
    return {
        "clock": clock,
        "past": [week for week in weeks if week.number < clock.week],
        "now": next((week for week in weeks if week.number == clock.week), None),
        "ahead": [week for week in weeks if week.number > clock.week],
        "open_reviews": [review for review in reviews if review.state == State.OPEN],
        "after": course_words.shown()["after" if finished else "late"],
        "pace": going_on(patient, clock) if finished else None,
        "again": course_words.shown()["again"]["title"] if may_begin_again(clock) else "",
        "careful": progress.careful(),
        "next_review_on": patient.episode.next_review_on,
        "urgent": progress.urgent_open(patient),
    }


def going_on(patient: Patient, clock: Clock) -> dict[str, Any]:
    """Return what is asked after the eight weeks: how the diary goes on, with the choice that stands."""
    assert patient.episode is not None
    sheet = course_words.shown()["pace"]
    choice = pace.chosen(patient.episode, began_on=clock.began_on)
    return {
        "choice": choice,
        "says": sheet["chosen"].get(choice, sheet["ask"]),
        "options": [(name, text) for name, text in sheet["options"].items() if name != choice],
        "told": sheet["told"],
    }


def may_begin_again(clock: Clock) -> bool:
    """Return whether there can have been 30 pain-free days since it began (clinical.md 2.5)."""
    return (clock.today - clock.began_on).days >= int(catalogue.current().course["recovered_days"])


def week_page(number: int) -> dict[str, Any]:
    """Return what the page of a week shows; nothing of a person is in it."""
    return {
        "number": number,
        "words": course_words.shown()["weeks"][str(number)],
        "before": number - 1 if number > 1 else None,
        "next": number + 1 if number < LAST else None,
        "careful": progress.careful(),
    }


def reviews_of(patient: Patient, clock: Clock) -> list[Review]:
    """Return both reviews with their days and how far they have come."""
    sheets = list(course_words.shown()["reviews"].items())
    firsts = [clock.began_on + timedelta(days=sheet["from_day"]) for _name, sheet in sheets]
    ends = [*(first - timedelta(days=1) for first in firsts[1:]), max(clock.today, firsts[-1])]
    found = []
    for (name, sheet), first, until in zip(sheets, firsts, ends, strict=True):
        last = clock.began_on + timedelta(days=sheet["to_day"])
        state = _state(patient, first=first, last=last, until=until)
        found.append(Review(name, sheet["title"], first, last, until, state, sheet))
    return found


def review_of(name: str, patient: Patient) -> Review | None:
    """Return a review by its name, or None where there is no such one."""
    return next((one for one in reviews_of(patient, clock_of(patient)) if one.name == name), None)


def answered(patient: Patient, review: Review) -> dict[str, str]:
    """Return the newest answers to a review's questions in its days; empty before it is done."""
    if review.state != State.DONE:
        return {}
    assert patient.history is not None
    timeline = Timeline(patient.history, patient.today)
    found = {name: timeline.between(name, review.first.toordinal(), review.until.toordinal()) for name in ASKS}
    return {name: answers[-1].value for name, answers in found.items() if answers}


def open_review(patient: Patient) -> Review | None:
    """Return the review that is to be answered now, or None."""
    if patient.episode is None or patient.history is None:
        return None
    return next((one for one in reviews_of(patient, clock_of(patient)) if one.state == State.OPEN), None)


def path(patient: Patient, review: Review, *, said: str) -> dict[str, Any]:
    """Return what comes after a review: by the course of the diary, unless the person says that it is no better."""
    diary = progress_days.diary_of(patient)
    status = diary.course.status if diary else "insufficient"
    key = status if status in course_words.CHANGES else "well"
    if said in catalogue.current().course["global_worse"]:
        key = "worsening"
    elif said == "same" and key == "improving":
        key = "not_improved"
    # Where the person sees it otherwise than the diary, the diary's word would only contradict them.
    agrees = key in (status, "well")
    overall = progress.overall(diary, urgent=False) if diary and agrees else []
    # That it is about the same is their own word then, and no harm either.
    if not agrees and key == "not_improved":
        overall = [course_words.shown()["overall"][key]]
    return {"key": key, "overall": overall, "sentences": review.words[key]}


def questions() -> list[dict[str, Any]]:
    """Return the questions of a review with their answers."""
    headings = course_words.shown()["asks"]
    return [
        {"name": name, "heading": headings[name], "options": list(words.answer_labels(answers).items())}
        for name, answers in ASKS.items()
    ]


def _state(patient: Patient, *, first: date, last: date, until: date) -> State:
    if patient.today < first:
        return State.LATER
    assert patient.history is not None
    timeline = Timeline(patient.history, patient.today)
    # What was answered in a check-in counts as well.
    if timeline.between("review_step", first.toordinal(), until.toordinal()):
        return State.DONE
    if patient.today > until:
        return State.OVER
    return State.OPEN if patient.today <= last else State.LATE


def _week(number: int, clock: Clock, *, reviews: list[Review], happened: list[tuple[date, str]], read: bool) -> Week:
    first = clock.began_on + (number - 1) * WEEK
    last = first + WEEK - timedelta(days=1)
    return Week(
        number=number,
        first=first,
        last=last,
        words=course_words.shown()["weeks"][str(number)],
        marks=tuple((on, text) for on, text in happened if first <= on <= last),
        reviews=tuple(one for one in reviews if first <= one.first <= last),
        read=read,
    )
