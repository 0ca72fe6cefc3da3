"""The worklist: one row for each patient with open alerts, most urgent first, then oldest."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q

from selfcare.clinic import wording
from selfcare.clinic.desk import Desk
from selfcare.clinic.explain import explain, is_late, told_patient
from selfcare.clinic.people import Person, person
from selfcare.diary.models import Entry
from selfcare.triage.models import Alert, AlertEvent, AlertQuerySet, Tier, urgency

PAGE = 50
DONE_FOR = timedelta(days=30)
# ux.md 2.4: taken but not closed in an hour is worth another look.
TAKEN_LONG_AGO = timedelta(minutes=60)


@dataclass(frozen=True, slots=True)
class Row:
    """One patient's thread: the most urgent alert speaks, the others are folded in."""

    person: Person
    head: Alert
    alerts: tuple[Alert, ...]
    sentence: str
    more: tuple[str, ...]
    told: str
    repeats: int
    escalations: int
    answer: str
    late: bool
    overdue: bool
    silent_since: datetime | None
    examined: bool
    owners: tuple[str, ...]

    @property
    def unowned(self) -> list[Alert]:
        """Return the alerts of the thread that nobody has taken."""
        return [alert for alert in self.alerts if alert.status == Alert.Status.OPEN]


@dataclass(frozen=True, slots=True)
class Lane:
    """All rows of one urgency on this page, and how many there are in all."""

    tier: str
    rows: tuple[Row, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Page:
    """Up to fifty rows in their lanes."""

    lanes: tuple[Lane, ...]
    number: int
    count: int
    has_next: bool

    @property
    def waiting_now(self) -> int:
        """Return how many patients wait in the most urgent lane."""
        return self.lanes[0].count


def open_alerts(desk: Desk) -> AlertQuerySet:
    """Return the open alerts that this desk may see."""
    return Alert.objects.open().filter(patient__in=desk.patients().values("id"))


def load(desk: Desk, *, page: int = 1) -> Page:
    """Return one page of the worklist; the number of queries does not grow with the rows."""
    heads = _heads(desk)
    first = (page - 1) * PAGE
    found = list(
        heads.by_urgency()
        .select_related("patient__patient", "acknowledged_by")
        .defer("inputs")[first : first + PAGE + 1]
    )
    rows = _rows(desk, found[:PAGE])
    counts = dict(heads.order_by().values_list("tier").annotate(Count("id")))
    lanes = tuple(
        Lane(tier=tier, rows=tuple(row for row in rows if row.head.tier == tier), count=counts.get(tier, 0))
        for tier in Tier.values
        if tier != Tier.NONE
    )
    return Page(lanes=lanes, number=page, count=sum(counts.values()), has_next=len(found) > PAGE)


def done(desk: Desk, *, page: int = 1) -> tuple[list[Alert], bool]:
    """Return the alerts closed in the last thirty days, newest first, and whether there are more."""
    first = (page - 1) * PAGE
    closed = (
        Alert.objects.filter(
            patient__in=desk.patients().values("id"),
            status=Alert.Status.CLOSED,
            closed_at__gt=desk.now - DONE_FOR,
        )
        .select_related("patient__patient", "closed_by")
        .order_by("-closed_at", "id")
    )
    found = list(closed[first : first + PAGE + 1])
    return found[:PAGE], len(found) > PAGE


def _heads(desk: Desk) -> AlertQuerySet:
    """Return each patient's most urgent, then oldest open alert."""
    before = Alert.objects.open().filter(
        Q(urgency__lt=OuterRef("urgency"))
        | Q(urgency=OuterRef("urgency"), opened_at__lt=OuterRef("opened_at"))
        | Q(urgency=OuterRef("urgency"), opened_at=OuterRef("opened_at"), id__lt=OuterRef("id")),
        patient=OuterRef("patient"),
    )
    return open_alerts(desk).filter(~Exists(before))


def _rows(desk: Desk, heads: list[Alert]) -> list[Row]:
    threads: dict[UUID, list[Alert]] = defaultdict(list)
    alerts = (
        Alert.objects.open()
        .filter(patient__in=[head.patient_id for head in heads])
        .select_related("acknowledged_by")
        .defer("inputs")
        .by_urgency()
    )
    for alert in alerts:
        threads[alert.patient_id].append(alert)
    events = _events(alert.id for thread in threads.values() for alert in thread)
    entries = Entry.objects.in_bulk([head.entry_id for head in heads if head.entry_id])
    return [_row(desk, head, threads[head.patient_id] or [head], events, entries) for head in heads]


def _events(alert_ids: Any) -> dict[UUID, list[AlertEvent]]:
    found: dict[UUID, list[AlertEvent]] = defaultdict(list)
    kinds = [AlertEvent.Kind.REPEATED, AlertEvent.Kind.PATIENT_SAID, AlertEvent.Kind.ESCALATED]
    for event in AlertEvent.objects.filter(alert_id__in=list(alert_ids), kind__in=kinds).order_by("at", "id"):
        found[event.alert_id].append(event)
    return found


def _row(
    desk: Desk,
    head: Alert,
    thread: list[Alert],
    events: dict[UUID, list[AlertEvent]],
    entries: dict[UUID, Entry],
) -> Row:
    happened = [event for alert in thread for event in events.get(alert.id, ())]
    said = [event for event in happened if event.kind == AlertEvent.Kind.PATIENT_SAID]
    said.sort(key=lambda event: (event.at, event.id))
    owners = {alert.acknowledged_by_id: alert.acknowledged_by for alert in thread if alert.acknowledged_by}
    return Row(
        person=person(head.patient, now=desk.now),
        head=head,
        alerts=tuple(thread),
        sentence=explain(head).sentence,
        more=tuple(explain(alert).title for alert in thread if alert.id != head.id),
        told=told_patient(head, entries.get(head.entry_id)),
        repeats=sum(event.kind == AlertEvent.Kind.REPEATED for event in events.get(head.id, ())),
        escalations=sum(event.kind == AlertEvent.Kind.ESCALATED for event in happened),
        answer=answer_of(said[-1]) if said else "",
        late=is_late(head),
        overdue=any(is_overdue(alert, desk) for alert in thread),
        silent_since=min((alert.silent_at for alert in thread if alert.silent_at), default=None),
        examined=any(alert.assessed_at is not None for alert in thread),
        owners=tuple(owner.get_full_name() for owner in owners.values()),
    )


def is_overdue(alert: Alert, desk: Desk) -> bool:
    """Return whether an emergency was taken so long ago, and not closed, that somebody should look again."""
    return (
        alert.urgency == urgency(Tier.EMERGENCY)
        and alert.status == Alert.Status.ACKNOWLEDGED
        and desk.now - alert.acknowledged_at > TAKEN_LONG_AGO
    )


def answer_of(event: AlertEvent) -> str:
    """Return what the patient answered to the follow-up, in words: with where, when, what came of it, or why not."""
    answer = event.data.get("answer", "")
    said = str(wording.ANSWERS.get(answer, answer.replace("_", " ")))
    return ": ".join((said, details)) if (details := wording.answer_details(event.data)) else said
