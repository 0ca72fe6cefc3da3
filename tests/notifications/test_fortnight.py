"""Fourteen days of a phone, hour by hour: what wakes it, how often, and that nothing does after a sign-out."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from notifications import outbox, reminders, subscriptions
from notifications.models import Kind, Message, PushSubscription
from notifications.wording import TITLE, WORDS
from selfcare.accounts.models import User
from tests import factories
from tests.doubles.push_service import PushService

LONDON = ZoneInfo("Europe/London")
# The clocks go back in the night to the fifth of these days.
BEGIN = datetime(2026, 10, 21, 8, tzinfo=UTC)
HOURS = 14 * 24


@pytest.fixture
def reachable(ada: User, push_service: PushService) -> PushSubscription:
    """Return Ada's phone; she is reminded in the evening."""
    reminders.set_reminder(ada.pk, local_time=time(19, 30), time_zone="Europe/London", by_email=False, now=BEGIN)
    return factories.push_subscription(user=ada, browser=push_service.subscribe())


def live(person: User, push_service: PushService, *, hours: range, checks_in: bool = False) -> list[datetime]:
    """Let hours go by, with every message delivered; return the local times at which the phone woke up."""
    woke = []
    for hour in hours:
        now = BEGIN + timedelta(hours=hour)
        local = now.astimezone(LONDON)
        if checks_in and local.hour == 9:
            reminders.checked_in(person.pk, on=local.date() - timedelta(days=1), now=now)
        reminders.enqueue_due(now=now)
        before = len(push_service.received)
        for message in Message.objects.filter(status=Message.Status.DUE):
            outbox.deliver(message.pk, now=now)
        woke += [local] * (len(push_service.received) - before)
    return woke


def test_who_checks_in_late_is_woken_once_a_day_outside_quiet_hours(
    ada: User, reachable: PushSubscription, push_service: PushService
) -> None:
    woke = live(ada, push_service, hours=range(HOURS), checks_in=True)

    assert set(Counter(at.date() for at in woke).values()) == {1}
    assert len(woke) == 14
    assert {at.hour for at in woke} == {20}


def test_who_ignores_three_is_asked_once_and_then_left_alone(
    ada: User, reachable: PushSubscription, push_service: PushService
) -> None:
    live(ada, push_service, hours=range(HOURS))

    assert [one.content["type"] for one in push_service.received] == [Kind.CHECK_IN] * 3 + [Kind.PACE]


def test_everything_that_arrives_is_of_the_closed_list_and_names_nobody(
    ada: User, reachable: PushSubscription, push_service: PushService
) -> None:
    live(ada, push_service, hours=range(HOURS))

    for one in push_service.received:
        said = one.content["notification"]
        assert (said["title"], said["body"]) == (TITLE, str(WORDS[one.content["type"]].push))
        assert str(ada.pk) not in one.plain.decode()


def test_nothing_wakes_a_phone_on_which_somebody_has_signed_out(
    ada: User, reachable: PushSubscription, push_service: PushService
) -> None:
    live(ada, push_service, hours=range(24))
    subscriptions.drop(reachable, now=BEGIN + timedelta(hours=24))
    before = len(push_service.received)

    live(ada, push_service, hours=range(24, HOURS))

    assert len(push_service.received) == before == 1
