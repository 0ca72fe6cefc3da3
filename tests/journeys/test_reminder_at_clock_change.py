"""A reminder set for half past seven in the evening arrives then, also on the nights on which clocks change."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from playwright.sync_api import Page

from notifications import outbox, reminders
from selfcare.accounts.models import Clinic, User
from selfcare.diary.recording import record_entry
from tests import factories
from tests.doubles.push_service import PushService
from tests.journeys import phone

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TICK = timedelta(minutes=10)
CHANGES = [
    ("Europe/London", date(2026, 3, 29)),
    ("Europe/London", date(2026, 10, 25)),
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
]


@pytest.fixture
def push(settings: Any) -> Iterator[PushService]:
    """Return a push service on this machine that the product may send to."""
    settings.PUSH_ALLOW_LOOPBACK = True
    with PushService() as service:
        yield service


def local(on: date, clock: time, zone: str) -> datetime:
    """Return the instant of a local time."""
    return datetime.combine(on, clock, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def set_on_the_page(page: Page, push: PushService) -> None:
    """Set the reminder on its page, and switch notifications on with a browser of the push service."""
    page.goto("/settings/reminders")
    page.get_by_label("At what time?").fill("19:30")
    page.locator("main form:has(#id_local_time) button.btn-primary").tap()
    page.locator("ul.messages").wait_for()
    phone.subscribe(page, push.subscribe())


def check_in(person: User, now: datetime, zone: str) -> None:
    """Record an entry at this moment."""
    body = {
        "occurred_on": now.astimezone(ZoneInfo(zone)).date().isoformat(),
        "recorded_at": now.isoformat(),
        "recorded_zone": zone,
        "observations": {"pain_avg": 4, "interference": 3},
    }
    record_entry(person, uuid.uuid4(), body, now=now)


@pytest.mark.parametrize(("zone", "change"), CHANGES)
def test_it_arrives_at_half_past_seven_once_a_day_and_not_when_the_entry_is_made(
    zone: str,
    change: date,
    harbour: Clinic,
    push: PushService,
    phone_of: Callable[[User], Page],
) -> None:
    first, done_early = change - timedelta(days=2), change + timedelta(days=1)
    ada = factories.patient(email="ada@example.org", name="Ada", of=harbour, time_zone=zone)
    factories.episode(patient=ada, onset_on=first - timedelta(days=20))
    now = local(first, time(12), zone)
    with time_machine.travel(now, tick=True):
        set_on_the_page(phone_of(ada), push)

    arrivals: list[str] = []
    while now < local(change + timedelta(days=3), time(0), zone):
        clock = now.astimezone(ZoneInfo(zone))
        if clock.time() == (time(10) if clock.date() == done_early else time(21)):
            check_in(ada, now, zone)
        reminders.enqueue_due(now=now)
        outbox.deliver_due(now=now)
        arrivals += [f"{clock:%Y-%m-%d %H:%M}"] * (len(push.received) - len(arrivals))
        now += TICK

    expected = [change + timedelta(days=days) for days in (-2, -1, 0, 2)]
    assert arrivals == [f"{day} 19:30" for day in expected]
    assert {message.content["type"] for message in push.received} == {"check_in"}


def test_it_stays_at_half_past_seven_of_the_new_place_after_a_move(harbour: Clinic, push: PushService) -> None:
    ada = factories.patient(email="ada@example.org", name="Ada", of=harbour)
    now = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
    client = factories.log_in(Client(), ada, second_factor=False)
    with time_machine.travel(now, tick=True):
        client.post("/api/v1/push-subscriptions", phone.keys_of(push.subscribe()), content_type="application/json")
        for zone in ("Europe/London", "America/New_York"):
            body = {"local_time": "19:30", "time_zone": zone}
            client.put("/api/v1/reminder", body, content_type="application/json")

    arrivals = []
    while now < datetime(2026, 3, 3, 12, 0, tzinfo=UTC):
        reminders.enqueue_due(now=now)
        outbox.deliver_due(now=now)
        arrivals += [now] * (len(push.received) - len(arrivals))
        now += TICK

    assert arrivals == [local(date(2026, 3, 2), time(19, 30), "America/New_York")]
