"""One patient's open alerts on one page: what was reported, what the app said, and what has happened since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Max

from selfcare.clinic import evidence, wording
from selfcare.clinic.desk import Desk
from selfcare.clinic.explain import Explanation, explain, is_late, told_patient
from selfcare.clinic.people import Person, person
from selfcare.clinic.worklist import answer_of, is_overdue
from selfcare.diary.models import Entry, Episode
from selfcare.triage.models import Alert, AlertEvent


@dataclass(frozen=True, slots=True)
class Happening:
    """One event of an alert, in words."""

    event: AlertEvent
    what: str
    who: str
    detail: str


@dataclass(frozen=True, slots=True)
class Reported:
    """One diary entry with the answers that took part in the alert marked."""

    entry: Entry
    lines: tuple[evidence.Line, ...]
    late: bool

    @property
    def telling(self) -> list[evidence.Line]:
        """Return the answers that say something: evidence, and whatever is more than "no" or "none"."""
        return [line for line in self.lines if line.marked or line.positive]

    @property
    def quiet(self) -> list[evidence.Line]:
        """Return the questions that were asked and answered with "no", "none" or 0."""
        return [line for line in self.lines if not (line.marked or line.positive)]

    @property
    def marked(self) -> list[evidence.Line]:
        """Return the answers that took part in an alert."""
        return [line for line in self.lines if line.marked]


@dataclass(frozen=True, slots=True)
class Card:
    """One alert, explained."""

    alert: Alert
    explanation: Explanation
    told: str
    late: bool
    overdue: bool
    days: tuple[tuple[date, tuple[evidence.Line, ...]], ...]
    basis: tuple[evidence.Line, ...]
    happenings: tuple[Happening, ...]


@dataclass(frozen=True, slots=True)
class Thread:
    """Everything the page of one alert shows."""

    alert: Alert
    person: Person
    episode: Episode | None
    cards: tuple[Card, ...]
    reported: tuple[Reported, ...]
    history: tuple[tuple[str, str], ...]
    answers: tuple[Happening, ...]
    token: int

    @property
    def alerts(self) -> list[Alert]:
        """Return the alerts on the page, the most urgent first."""
        return [card.alert for card in self.cards]

    @property
    def open(self) -> list[Alert]:
        """Return the alerts that nobody has closed."""
        return [alert for alert in self.alerts if alert.status != Alert.Status.CLOSED]

    @property
    def unowned(self) -> list[Alert]:
        """Return the alerts that nobody has taken."""
        return [alert for alert in self.alerts if alert.status == Alert.Status.OPEN]

    @property
    def taken(self) -> list[Alert]:
        """Return the alerts that somebody has taken and that may be given back."""
        return [alert for alert in self.alerts if alert.status == Alert.Status.ACKNOWLEDGED]

    @property
    def silent_since(self) -> datetime | None:
        """Return since when the patient must be contacted because nothing is heard of them, or None."""
        return min((alert.silent_at for alert in self.open if alert.silent_at), default=None)

    @property
    def next_question_at(self) -> datetime | None:
        """Return when the app next asks the patient whether they were seen."""
        return min((alert.next_follow_up_at for alert in self.open if alert.next_follow_up_at), default=None)

    @property
    def most_urgent_ids(self) -> list[str]:
        """Return the ids of the open alerts of the most urgent tier: closing them closes nothing else by accident."""
        return [str(alert.id) for alert in self.open if alert.tier == self.open[0].tier]

    @property
    def timeline(self) -> list[tuple[Card, Happening]]:
        """Return everything that happened to these alerts, the earliest first, each with its alert."""
        pairs = [(card, each) for card in self.cards for each in card.happenings]
        return sorted(pairs, key=lambda pair: (pair[1].event.at, pair[1].event.id))

    @property
    def side(self) -> str:
        """Return the painful side in words."""
        return wording.value_of("pain_side", self.episode.pain_side) if self.episode else ""

    @property
    def week(self) -> int | None:
        """Return the week of the episode, counted from 1 at its onset."""
        return (self.person.today - self.episode.began_on).days // 7 + 1 if self.episode else None


def find(desk: Desk, alert_id: UUID) -> Alert:
    """Return the alert, or raise Alert.DoesNotExist: for a foreign one exactly as for an unknown one."""
    visible = Alert.objects.filter(patient__in=desk.patients().values("id"))
    return visible.select_related("patient__patient", "acknowledged_by", "closed_by").get(id=alert_id)


def siblings(alert: Alert) -> list[Alert]:
    """Return the alert and the patient's other open alerts, the most urgent first."""
    others = (
        Alert.objects.open()
        .filter(patient=alert.patient_id)
        .exclude(id=alert.id)
        .select_related("acknowledged_by", "closed_by")
    )
    return sorted([alert, *others], key=lambda each: (each.urgency, each.opened_at, each.id))


def closed_together(alert: Alert) -> list[Alert]:
    """Return the alert and those of the same patient that the same person closed in the same moment."""
    if alert.closed_at is None:
        return [alert]
    together = Alert.objects.filter(
        patient=alert.patient_id, closed_by=alert.closed_by_id, closed_at=alert.closed_at, status=Alert.Status.CLOSED
    )
    return list(together.by_urgency())


def token_of(alerts: list[Alert]) -> int:
    """Return a number that grows with everything that happens to these alerts.

    A page carries it, so that nobody closes a thread on the strength of what it looked like before.
    """
    newest = AlertEvent.objects.filter(alert__in=alerts).aggregate(newest=Max("id"))["newest"]
    return newest or 0


def states(alerts: list[Alert]) -> list[tuple[Alert, int]]:
    """Return one alert for each state that these alerts are in, and how many share it."""
    found: dict[tuple[object, ...], list[Alert]] = {}
    for alert in alerts:
        key = (alert.status, alert.acknowledged_by_id, alert.acknowledged_at, alert.closed_by_id, alert.outcome)
        found.setdefault(key, []).append(alert)
    return [(same[0], len(same)) for same in found.values()]


def load(desk: Desk, alert: Alert) -> Thread:
    """Return the thread of an alert."""
    alerts = siblings(alert)
    entries = _entries(alerts)
    events = list(AlertEvent.objects.filter(alert__in=alerts).select_related("actor").order_by("at", "id"))
    happenings = [_happening(event) for event in events]
    cards = tuple(_card(desk, each, entries, happenings) for each in alerts)
    who = person(alert.patient, now=desk.now)
    return Thread(
        alert=alert,
        person=who,
        episode=Episode.objects.active().filter(patient=alert.patient_id).first(),
        cards=cards,
        reported=_reported(alerts, entries),
        history=who.history,
        answers=tuple(each for each in happenings if each.event.kind == AlertEvent.Kind.PATIENT_SAID),
        token=max((event.id for event in events), default=0),
    )


def _entries(alerts: list[Alert]) -> dict[UUID, Entry]:
    reports = AlertEvent.objects.filter(alert__in=alerts).exclude(entry_id=None).values_list("entry_id", flat=True)
    wanted = {alert.entry_id for alert in alerts if alert.entry_id} | set(reports)
    return Entry.objects.in_bulk(list(wanted))


def _card(desk: Desk, alert: Alert, entries: dict[UUID, Entry], happenings: list[Happening]) -> Card:
    days = evidence.by_day(alert.inputs)
    return Card(
        alert=alert,
        explanation=explain(alert),
        told=told_patient(alert, entries.get(alert.entry_id)),
        late=is_late(alert),
        overdue=is_overdue(alert, desk),
        days=tuple((day, tuple(evidence.lines(answers))) for day, answers in days.items()),
        basis=tuple(evidence.lines(evidence.without_day(alert.inputs))),
        happenings=tuple(each for each in happenings if each.event.alert_id == alert.id),
    )


def _reported(alerts: list[Alert], entries: dict[UUID, Entry]) -> tuple[Reported, ...]:
    marks = evidence.marks(alerts)
    newest_first = sorted(entries.values(), key=lambda entry: (entry.occurred_on, entry.recorded_at), reverse=True)
    return tuple(
        Reported(
            entry=entry,
            lines=tuple(
                evidence.lines(
                    entry.observations,
                    marked=[name for name in entry.observations if (entry.occurred_on, name) in marks],
                )
            ),
            late=evidence.is_late(entry),
        )
        for entry in newest_first
    )


def _happening(event: AlertEvent) -> Happening:
    return Happening(
        event=event,
        what=event.get_kind_display(),
        who=event.actor.get_full_name() if event.actor else "",
        detail=_detail(event.kind, event.data, event),
    )


def _detail(kind: str, data: dict[str, Any], event: AlertEvent) -> str:
    if kind == AlertEvent.Kind.PATIENT_SAID:
        return answer_of(event)
    if kind == AlertEvent.Kind.CLOSED and data.get("outcome") in Alert.Outcome.values:
        return str(Alert.Outcome(data["outcome"]).label)
    return ""
