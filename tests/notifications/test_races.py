"""Several at once, each with a connection of its own: nobody sends what another one sends, and nothing is left over."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from notifications import outbox, reminders
from notifications.channels.base import DeliveryError
from notifications.models import Kind, Message, Reminder
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("shared_database")
Status = Message.Status


class Counting:
    """A channel that counts, from any thread."""

    def __init__(self) -> None:
        self.sent: Counter[Any] = Counter()
        self.lock = threading.Lock()

    def send(self, message: Message, now: Any) -> None:
        with self.lock:
            self.sent[message.pk] += 1


@pytest.fixture
def channel(monkeypatch: pytest.MonkeyPatch) -> Counting:
    """Replace both channels by one that counts."""
    counting = Counting()
    monkeypatch.setattr(outbox, "CHANNELS", {"email": counting, "web_push": counting})
    return counting


def together(*jobs: Callable[[], object]) -> list[BaseException]:
    """Run the jobs at the same time and return what they raised."""
    start = threading.Barrier(len(jobs))
    raised: list[BaseException] = []

    def run(job: Callable[[], object]) -> None:
        try:
            start.wait()
            job()
        except BaseException as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def test_a_message_asked_for_by_eight_at_once_is_sent_once(channel: Counting) -> None:
    ben = factories.user(email="ben@example.org")
    message = factories.message(recipient=ben)

    raised = together(*[lambda: outbox.deliver(message.pk, now=NOW)] * 8)

    assert raised == []
    assert channel.sent == {message.pk: 1}


def test_four_that_drain_the_outbox_send_each_message_once(channel: Counting) -> None:
    ben = factories.user(email="ben@example.org")
    for _ in range(60):
        factories.message(recipient=ben)

    raised = together(*[lambda: outbox.deliver_due(now=NOW)] * 4)

    assert raised == []
    assert len(channel.sent) == 60
    assert set(channel.sent.values()) == {1}
    assert set(Message.objects.values_list("status", "attempts")) == {(Status.SENT, 1)}


def test_batches_claimed_at_once_share_nothing() -> None:
    ben = factories.user(email="ben@example.org")
    for _ in range(40):
        factories.message(recipient=ben)
    claimed: list[Any] = []

    raised = together(*[lambda: claimed.extend(m.pk for m in outbox.claim(now=NOW, limit=10))] * 4)

    assert raised == []
    assert len(claimed) == len(set(claimed)) == 40


def test_the_same_cause_owed_by_six_at_once_is_owed_once() -> None:
    ben = factories.user(email="ben@example.org")

    def owe() -> None:
        with transaction.atomic():
            outbox.notify(ben.pk, cause="alert:1", kind=Kind.WORKLIST, now=NOW)

    raised = together(*[owe] * 6)

    assert raised == []
    assert Message.objects.count() == 1


def test_two_that_settle_the_same_claim_settle_it_once() -> None:
    ben = factories.user(email="ben@example.org")
    factories.message(recipient=ben)
    (claimed,) = outbox.claim(now=NOW)
    held: list[bool] = []
    error = DeliveryError("smtp_550", permanent=True)

    together(
        lambda: held.append(outbox.settle(claimed, now=NOW)),
        lambda: held.append(outbox.settle(claimed, now=NOW, error=error)),
    )

    assert sorted(held) == [False, True]


def test_two_schedulers_owe_each_reminder_once() -> None:
    people = [factories.user(email=f"p{number}@example.org") for number in range(12)]
    for person in people:
        reminders.set_reminder(
            person.pk, local_time=time(19, 30), time_zone="Europe/London", now=NOW - timedelta(hours=2)
        )
    owed: list[int] = []
    at = NOW + timedelta(hours=1, minutes=1)

    raised = together(*[lambda: owed.append(reminders.enqueue_due(now=at))] * 3)

    assert raised == []
    assert sum(owed) == 12
    assert Message.objects.filter(kind=Kind.CHECK_IN).count() == 12


def test_a_check_in_at_the_very_moment_of_the_reminder_leaves_nothing_to_send() -> None:
    ada = factories.user(email="ada@example.org")
    reminders.set_reminder(ada.pk, local_time=time(19, 30), time_zone="Europe/London", now=NOW)
    at = NOW + timedelta(hours=1, minutes=1)

    raised = together(
        lambda: reminders.enqueue_due(now=at),
        lambda: reminders.checked_in(ada.pk, on=date(2026, 3, 2), now=at),
    )

    assert raised == []
    assert not Message.objects.filter(status=Status.DUE).exists()
    reminder = Reminder.objects.get()
    assert (reminder.done_on, reminder.next_at.date()) == (date(2026, 3, 2), date(2026, 3, 3))
