"""The page of one patient: why now, what has changed since the last review, safety, chart and diary."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext

from selfcare.accounts.models import User
from selfcare.clinic import days, trend, wording
from selfcare.clinic.desk import Desk
from selfcare.clinic.explain import explain, told_patient
from selfcare.clinic.models import Review
from selfcare.clinic.patterns import Considered, consider
from selfcare.clinic.people import Person, person
from selfcare.diary import areas, charts, scores
from selfcare.diary.models import Entry, Episode
from selfcare.triage.models import Alert

# Twelve weeks: as far back as the persistence rules look.
WINDOW_DAYS = 84
# The top of the chart belongs to what a falling pain curve could hide.
PANELS = ("weakness", "numbness", "interference", "pain_buttock", "pain_leg", "pain_back", "pain_avg")
HIGHEST = {"weakness": 4, "numbness": 4}
PANEL_HEIGHT = charts.TOP + charts.PLOT + charts.BELOW


@dataclass(frozen=True, slots=True)
class Comparison:
    """A seven-day average then and now, and the word for the change."""

    name: str
    label: str
    then: trend.Average
    now: trend.Average
    change: trend.Change


@dataclass(frozen=True, slots=True)
class Asked:
    """One safety question: when it was last answered, with what, and on how many of the days with an entry."""

    label: str
    last_on: date | None
    answer: str
    positive: bool
    days: int


@dataclass(frozen=True, slots=True)
class Places:
    """The marked areas at the start and on the newest map, and whether the furthest point has moved."""

    start: str
    now: str
    now_on: date
    moved: str


@dataclass(frozen=True, slots=True)
class Positive:
    """One alert of the window and how it ended."""

    alert: Alert
    title: str
    told: str


@dataclass(frozen=True, slots=True)
class Chart:
    """The small multiples and the events under them."""

    axis: charts.Axis
    panels: tuple[charts.Panel, ...]
    events: tuple[charts.Marker, ...]
    events_top: int
    dates_y: int
    height: int


@dataclass(frozen=True, slots=True)
class PatientReview:
    """Everything the page of one patient shows."""

    patient: User
    person: Person
    episode: Episode | None
    first: date
    last: date
    why: tuple[Positive, ...]
    last_review: Review | None
    comparisons: tuple[Comparison, ...]
    safety: tuple[Asked, ...]
    closed: tuple[Positive, ...]
    chart: Chart | None
    days: tuple[days.Day, ...]
    rows: tuple[days.Day | days.Gap, ...]
    history: tuple[tuple[str, str], ...]
    patterns: tuple[Considered, ...]
    places: Places | None
    entered: int
    expected: int
    late: int
    clock_suspect: int
    corrected: int
    older: bool

    @property
    def side(self) -> str:
        """Return the painful side in words."""
        return wording.value_of("pain_side", self.episode.pain_side) if self.episode else ""

    @property
    def week(self) -> int | None:
        """Return the week of the episode, counted from 1 at its onset."""
        return week_of(self.episode, self.person.today) if self.episode else None

    @property
    def before(self) -> date:
        """Return the last day of the weeks before."""
        return self.first - timedelta(days=1)

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the scores of the diary table, in the order of its columns."""
        return scores.SCORES

    @property
    def values(self) -> tuple[str, ...]:
        """Return the names of the columns that the chart and its table share."""
        return tuple(panel.name for panel in self.chart.panels) if self.chart else ()


def week_of(episode: Episode, today: date) -> int:
    """Return the week of an episode, counted from 1 at its onset."""
    return (today - episode.began_on).days // 7 + 1


def find(desk: Desk, patient_id: object) -> User:
    """Return the patient, or raise User.DoesNotExist: for a foreign one exactly as for an unknown one."""
    return desk.patients().select_related("patient").get(id=patient_id)


def load(desk: Desk, patient: User, *, until: date | None = None) -> PatientReview:
    """Return the review of the twelve weeks that end on ``until`` or on the patient's today."""
    who = person(patient, now=desk.now)
    last = min(until or who.today, who.today)
    first = last - timedelta(days=WINDOW_DAYS - 1)
    entries = list(Entry.objects.filter(patient=patient).between(first, last).in_order())
    standing = [entry for entry in entries if entry.entered_in_error_at is None]
    alerts = _alerts(patient, first)
    found = days.by_day(standing, alerts)
    reviews = Review.objects.filter(patient=patient).select_related("by").order_by("-at", "-id")
    last_review = reviews.first()
    episode = Episode.objects.active().filter(patient=patient).first()
    positives = _positives(alerts)
    open_now = tuple(each for each in positives if each.alert.status != Alert.Status.CLOSED)
    start = max(first, found[0].on) if found else first
    return PatientReview(
        patient=patient,
        person=who,
        episode=episode,
        first=first,
        last=last,
        why=open_now,
        last_review=last_review,
        comparisons=_comparisons(standing, last=last, since=last_review, patient=patient),
        safety=_safety(found),
        closed=tuple(each for each in positives if each not in open_now),
        chart=_chart(found, _events(alerts, last_review, found, patient), first=start, last=last) if found else None,
        days=tuple(found),
        rows=tuple(days.with_gaps(found)),
        history=who.history,
        patterns=consider(episode, as_of=last) if episode else (),
        places=_places(episode, standing) if episode else None,
        entered=len(found),
        expected=(last - start).days + 1 if found else 0,
        late=sum(day.late for day in found),
        clock_suspect=sum(day.clock_suspect for day in found),
        corrected=len(entries) - len(standing),
        older=Entry.objects.filter(patient=patient, occurred_on__lt=first).exists(),
    )


def _alerts(patient: User, first: date) -> list[Alert]:
    recent_or_open = Q(as_of__gte=first) | ~Q(status=Alert.Status.CLOSED)
    known = Alert.objects.filter(recent_or_open, patient=patient).select_related("acknowledged_by", "closed_by")
    return list(known.by_urgency())


def _positives(alerts: list[Alert]) -> tuple[Positive, ...]:
    entries = Entry.objects.in_bulk([alert.entry_id for alert in alerts if alert.entry_id])
    return tuple(
        Positive(alert=alert, title=explain(alert).title, told=told_patient(alert, entries.get(alert.entry_id)))
        for alert in alerts
    )


def _comparisons(entries: list[Entry], *, last: date, since: Review | None, patient: User) -> tuple[Comparison, ...]:
    values = [(entry.occurred_on, entry.observations) for entry in entries]
    if not values:
        return ()
    then_on = _day_of(since.at, patient) if since else values[0][0] + timedelta(days=trend.DAYS - 1)
    compared = []
    for name in scores.SCORES:
        if not any(name in answers for _on, answers in values):
            continue
        then = trend.average(values, name, last=min(then_on, last))
        now = trend.average(values, name, last=last)
        compared.append(
            Comparison(
                name=name, label=wording.label_of(name), then=then, now=now, change=trend.change(then=then, now=now)
            )
        )
    return tuple(compared)


def _places(episode: Episode, entries: list[Entry]) -> Places | None:
    """Return the newest map beside the one of the start; None when nobody has been asked again yet."""
    marked = [entry for entry in entries if entry.observations.get("places")]
    if not marked:
        return None
    now = marked[-1].observations["places"]
    words = {"down": gettext("moved down"), "up": gettext("moved up"), "same": gettext("same furthest point")}
    return Places(
        start=wording.value_of("places", episode.regions),
        now=wording.value_of("places", now),
        now_on=marked[-1].occurred_on,
        moved=words.get(areas.moved(episode.regions, now), ""),
    )


def _day_of(at: datetime, patient: User) -> date:
    """Return the patient's local day at an instant."""
    return person(patient, now=at).today


def _safety(found: list[days.Day]) -> tuple[Asked, ...]:
    strip = []
    for name in wording.ASKED_DAILY:
        asked = [
            (day.on, entry.observations[name]) for day in found for entry in day.entries if name in entry.observations
        ]
        last_on, answer = asked[-1] if asked else (None, None)
        strip.append(
            Asked(
                label=wording.label_of(name),
                last_on=last_on,
                answer=wording.value_of(name, answer) if asked else "",
                positive=wording.is_positive(answer),
                days=len({on for on, _answer in asked}),
            )
        )
    return tuple(strip)


def _chart(found: list[days.Day], events: list[tuple[date, str]], *, first: date, last: date) -> Chart:
    axis = charts.Axis(first=first, last=last)
    panels: list[charts.Panel] = []
    for name in PANELS:
        values = [(day.on, day.values[name], day.late) for day in found if name in day.values]
        if not values or (name in HIGHEST and not any(value for _on, value, _late in values)):
            continue
        top = len(panels) * PANEL_HEIGHT
        panels.append(charts.panel(name, values, axis=axis, highest=HIGHEST.get(name, 10), top=top))
    events_top = len(panels) * PANEL_HEIGHT
    markers = charts.markers(events, axis=axis, top=events_top)
    lanes = max((marker.lane for marker in markers), default=-1) + 1
    dates_y = events_top + lanes * charts.LANE + charts.NAME
    return Chart(
        axis=axis,
        panels=tuple(panels),
        events=markers,
        events_top=events_top,
        dates_y=dates_y,
        height=dates_y + charts.BELOW,
    )


def _events(alerts: list[Alert], review: Review | None, found: list[days.Day], patient: User) -> list[tuple[date, str]]:
    events = []
    for alert in alerts:
        title = explain(alert).title
        words = {"title": title, "tier": alert.get_tier_display(), "outcome": alert.get_outcome_display()}
        events.append((alert.as_of, gettext("Alert: %(title)s (%(tier)s).") % words))
        if alert.closed_at:
            events.append((_day_of(alert.closed_at, patient), gettext("Closed: %(title)s, %(outcome)s.") % words))
    if review:
        events.append((_day_of(review.at, patient), gettext("Reviewed.")))
    told = [
        (day.on, wording.value_of("event", entry.observations["event"]).capitalize() + ".")
        for day in found
        for entry in day.entries
        if "event" in entry.observations
    ]
    told += [
        (day.on, gettext("Flare, says the patient."))
        for day in found
        if any(entry.observations.get("flare") is True for entry in day.entries)
    ]
    injured = [
        day.on for day in found if any(entry.observations.get("trauma", "none") != "none" for entry in day.entries)
    ]
    return sorted(events + told + [(on, gettext("Injury reported.")) for on in injured])
