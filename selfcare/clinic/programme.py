"""A patient's programme as a clinician reads it: what rests and why, adherence, colours, every change of a dose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from exercises import catalogue as catalogues
from exercises import changes, colours, facts, planning, records, today
from exercises.facts import About
from exercises.models import DoseChange, Practice, Programme, Version
from exercises.progression import Tried
from exercises.today import Day
from selfcare.accounts import audit
from selfcare.accounts.models import PatientProfile, User
from selfcare.clinic import prescription_words as words
from selfcare.clinic.desk import Desk

WEEKS = 6
SESSIONS = 12
# On the review page; the programme's own page shows all of them up to MOST.
RECENT, MOST = 6, 200
COLOUR_WORDS = {
    colours.GREEN: _("green"),
    colours.AMBER: _("amber"),
    colours.RED: _("red"),
    colours.STOP: _("stop"),
    colours.UNKNOWN: _("not known"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One exercise in one week; ``planned`` is 0 where nothing was."""

    planned: int
    done: int


@dataclass(frozen=True, slots=True)
class Shade:
    """One session of one exercise and its colour."""

    on: date
    colour: str
    word: str
    further: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One exercise: where the person stands, what was done in each week, the colours of the last sessions."""

    exercise: str
    name: str
    stands: str
    state: str
    cells: tuple[tuple[date, Cell], ...]
    shades: tuple[Shade, ...]


@dataclass(frozen=True, slots=True)
class Changed:
    """One change of a dose with its reason."""

    change: DoseChange
    name: str
    before: str
    after: str
    why: str
    by: str
    can_undo: bool


@dataclass(frozen=True, slots=True)
class ProgrammeReview:
    """Everything a clinician's page shows of a programme. Without a programme only ``about`` is known."""

    about: About
    programme: Programme | None = None
    published: Version | None = None
    draft: Version | None = None
    paused: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()
    weeks: tuple[date, ...] = ()
    rows: tuple[Row, ...] = ()
    changed: tuple[Changed, ...] = ()
    more_changes: int = 0

    @property
    def paused_by_hand(self) -> bool:
        """Return whether somebody must go on by hand: a wish, or a stop for safety."""
        return bool(self.programme and self.programme.paused_for)

    @property
    def eased_until_on(self) -> date | None:
        """Return the last of the gentle days, if they are not over."""
        until = self.programme.eased_until_on if self.programme else None
        return until if until and until >= self.about.as_of else None


def about(desk: Desk, patient: User) -> About | None:
    """Return what exercises know about a patient; None for somebody who has not finished setting up."""
    if not PatientProfile.objects.filter(user=patient).exists():
        return None
    return facts.about(patient, now=desk.now)


def load(known: About, patient: User, *, most: int = MOST) -> ProgrammeReview:
    """Return a patient's programme with the newest ``most`` changes, in a fixed number of queries."""
    programme = today.active_of(patient)
    if programme is None:
        return ProgrammeReview(about=known)
    read = records.read(programme, as_of=known.as_of)
    day = today.day_of(programme, known)
    paused = today.pause_of(programme, known)
    rests = catalogues.current().rests
    published = today.published(programme)
    shown = [one.exercise for one in published.prescriptions.all()] if published else []
    shown += [id_ for id_ in sorted(read.practices) if id_ not in shown]
    weeks = _weeks(known.as_of, since=programme.started_on)
    history = changes.history(programme)
    return ProgrammeReview(
        about=known,
        programme=programme,
        published=published,
        draft=programme.versions.filter(state=Version.State.DRAFT).select_related("created_by").first(),
        paused=tuple(rests[key]["clinical"] for key in paused.reasons) if paused else (),
        allowed=tuple(words.name_of(id_) for id_ in sorted(paused.allows)) if paused else (),
        left_out=_left_out(day),
        weeks=weeks,
        rows=_rows(shown, read, weeks),
        changed=_changed(history, most=most),
        more_changes=max(0, len(history) - most),
    )


def read_by(desk: Desk, patient: User, *, most: int) -> ProgrammeReview | None:
    """Return a patient's programme and write down that it was read; None for somebody who is not set up."""
    known = about(desk, patient)
    if known is None:
        return None
    shown = load(known, patient, most=most)
    if shown.programme is not None:
        looked_at(desk, patient, shown.programme)
    return shown


def looked_at(desk: Desk, patient: User, programme: Programme) -> None:
    """Write down that a clinician has read a patient's programme."""
    audit.record(
        "programme.viewed", actor_id=desk.clinician.id, now=desk.now, patient_id=patient.id, object_id=programme.pk
    )


def resting(practices: Mapping[str, Practice]) -> dict[str, str]:
    """Return the exercises that rules took out or stopped, in words."""
    return {
        id_: str(practice.get_status_display())
        for id_, practice in practices.items()
        if practice.status != Practice.Status.ACTIVE
    }


def _weeks(as_of: date, *, since: date) -> tuple[date, ...]:
    """Return the Mondays of the last weeks, the oldest first; none from before the programme began."""
    monday = as_of - timedelta(days=as_of.isoweekday() - 1)
    mondays = (monday - timedelta(weeks=back) for back in range(WEEKS - 1, -1, -1))
    return tuple(each for each in mondays if each + timedelta(days=6) >= since)


def _rows(shown: Sequence[str], read: records.Records, weeks: Sequence[date]) -> tuple[Row, ...]:
    kept = {(week.exercise, week.begins_on): Cell(week.planned, week.done) for week in planning.adherence(read.kept)}
    rows = []
    for id_ in shown:
        practice = read.practices.get(id_)
        rows.append(
            Row(
                exercise=id_,
                name=words.name_of(id_),
                stands=words.stands_words(records.standing(practice)) if practice else words.NOTHING,
                state=_state(practice),
                cells=tuple((week, kept.get((id_, week), Cell(0, 0))) for week in weeks),
                shades=tuple(_shade(one) for one in read.tried.get(id_, ())[-SESSIONS:]),
            )
        )
    return tuple(rows)


def _state(practice: Practice | None) -> str:
    if practice is None:
        return ""
    if practice.status != Practice.Status.ACTIVE:
        return str(practice.get_status_display())
    return "" if practice.mastery == Practice.Mastery.HOME else str(practice.get_mastery_display())


def _shade(one: Tried) -> Shade:
    return Shade(one.on, one.colour, str(COLOUR_WORDS[one.colour]), one.spread == colours.FURTHER)


def _left_out(day: Day) -> tuple[tuple[str, str], ...]:
    """Return what is not done today and why, as clinicians say it."""
    clinical = {one.id: one.clinical for one in catalogues.current().filters}
    sentences = {
        "resting": gettext("Rests today after a red session."),
        "paused": gettext("Paused with the programme."),
        "locked": gettext("Not taught yet."),
        "taught": gettext("Taught, waits to be checked."),
        "checked": gettext("Checked, not sent home yet."),
    }
    return tuple(
        (words.name_of(one.exercise), " ".join(clinical[key] for key in one.filters) or sentences[one.why])
        for one in day.left_out
    )


def _changed(history: Sequence[DoseChange], *, most: int) -> tuple[Changed, ...]:
    shown = history[:most]
    people = User.objects.in_bulk([change.actor_id for change in shown if change.actor_id])
    newest: dict[Any, Any] = {}
    for change in history:
        newest.setdefault(change.practice_id, change.pk)
    return tuple(
        Changed(
            change=change,
            name=words.name_of(change.practice.exercise),
            before=_stood(change.before, on=change.on),
            after=_stood(change.after, on=change.on),
            why=changes.why(change)["clinical"],
            by=_by(change, people),
            can_undo=change.kind in changes.BY_CLINICIAN
            and newest[change.practice_id] == change.pk
            and not hasattr(change, "undone_by"),
        )
        for change in shown
    )


def _stood(stood: Mapping[str, Any], *, on: date) -> str:
    """Return where somebody stood on a day; a rest that was over by then is left out."""
    said = [words.stands_words(stood)]
    if stood["status"] != Practice.Status.ACTIVE:
        said.append(str(Practice.Status(stood["status"]).label))
    until = date.fromisoformat(stood["rest_until_on"]) if stood["rest_until_on"] else None
    if until and until >= on:
        said.append(gettext("rests until %(day)s") % {"day": words.day_words(until)})
    return ", ".join(said)


def _by(change: DoseChange, people: Mapping[Any, User]) -> str:
    if change.rule:
        return change.rule
    person = people.get(change.actor_id)
    return person.get_full_name() if person else ""
