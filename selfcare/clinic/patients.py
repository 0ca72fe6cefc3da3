"""The list of patients: who they are, when they last wrote, what is open, and which way their pain goes."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min, Q

from selfcare.accounts.models import User
from selfcare.clinic import trend
from selfcare.clinic.desk import Desk
from selfcare.clinic.people import Person, person
from selfcare.clinic.review import week_of
from selfcare.diary.models import Entry, Episode
from selfcare.triage.models import TIERS, Alert, Tier

PAGE = 50


@dataclass(frozen=True, slots=True)
class Listed:
    """One patient of the list."""

    person: Person
    week: int | None
    last_on: date | None
    received_at: datetime | None
    open_alerts: int
    tier: str
    change: trend.Change

    @property
    def tier_word(self) -> str:
        """Return the most urgent open tier in words, or nothing."""
        return str(Tier(self.tier).label) if self.tier else ""


def load(desk: Desk, *, name: str = "", page: int = 1) -> tuple[list[Listed], bool]:
    """Return one page of the patients whose name or address contains ``name``, and whether there are more.

    The number of queries does not grow with the patients.
    """
    found = desk.patients().select_related("patient")
    if name:
        found = found.filter(Q(name__icontains=name) | Q(email__icontains=name))
    first = (page - 1) * PAGE
    shown = list(found[first : first + PAGE + 1])
    return _listed(desk, shown[:PAGE]), len(shown) > PAGE


def _listed(desk: Desk, patients: list[User]) -> list[Listed]:
    ids = [patient.id for patient in patients]
    episodes = {episode.patient_id: episode for episode in Episode.objects.active().filter(patient__in=ids)}
    latest = {
        patient_id: (last_on, received_at)
        for patient_id, last_on, received_at in Entry.objects.standing()
        .filter(patient__in=ids)
        .values_list("patient_id")
        .annotate(Max("occurred_on"), Max("received_at"))
    }
    alerts = {
        patient_id: (count, urgency)
        for patient_id, count, urgency in Alert.objects.open()
        .filter(patient__in=ids)
        .values_list("patient_id")
        .annotate(Count("id"), Min("urgency"))
    }
    entries = _recent(desk, ids)
    return [_row(desk, patient, episodes, latest, alerts, entries) for patient in patients]


def _recent(desk: Desk, ids: list[UUID]) -> dict[UUID, list[tuple[date, dict[str, Any]]]]:
    # One day more on either side covers every time zone.
    first = desk.now.date() - timedelta(days=2 * trend.DAYS + 1)
    rows = (
        Entry.objects.standing()
        .filter(patient__in=ids, occurred_on__gte=first)
        .values_list("patient_id", "occurred_on", "observations")
    )
    found: dict[UUID, list[tuple[date, dict[str, Any]]]] = defaultdict(list)
    for patient_id, on, observations in rows:
        found[patient_id].append((on, observations))
    return found


def _row(
    desk: Desk,
    patient: User,
    episodes: dict[UUID, Episode],
    latest: dict[UUID, tuple[date, datetime]],
    alerts: dict[UUID, tuple[int, int]],
    entries: dict[UUID, list[tuple[date, dict[str, Any]]]],
) -> Listed:
    who = person(patient, now=desk.now)
    last_on, received_at = latest.get(patient.id, (None, None))
    count, urgency = alerts.get(patient.id, (0, None))
    then = trend.average(entries[patient.id], "pain_avg", last=who.today - timedelta(days=trend.DAYS))
    now = trend.average(entries[patient.id], "pain_avg", last=who.today)
    return Listed(
        person=who,
        week=week_of(episodes[patient.id], who.today) if patient.id in episodes else None,
        last_on=last_on,
        received_at=received_at,
        open_alerts=count,
        tier=TIERS[urgency] if urgency is not None else "",
        change=trend.change(then=then, now=now),
    )
