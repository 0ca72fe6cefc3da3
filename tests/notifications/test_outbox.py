"""What is owed is stored once, with its cause, and settled for what really happened."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from pytest_django import Settings

from notifications import nudge, outbox
from notifications.channels.base import DeliveryError
from notifications.models import Kind, Message, Priority, PushSubscription
from selfcare.accounts.models import User
from tests import factories
from tests.doubles.push_service import PushService
from tests.factories import NOW

Status = Message.Status
SECOND = timedelta(seconds=1)


class Sender:
    """A channel that does what the test says and counts."""

    def __init__(self, *outcomes: Exception | None) -> None:
        self.outcomes = list(outcomes)
        self.sent: list[Message] = []

    def send(self, message: Message, now: Any) -> None:
        """Take the message or raise the next outcome."""
        outcome = self.outcomes.pop(0) if self.outcomes else None
        if outcome is not None:
            raise outcome
        self.sent.append(message)


@pytest.fixture
def channel(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Sender]:
    """Replace both channels by one that raises these outcomes in turn and then takes everything."""

    def install(*outcomes: Exception | None) -> Sender:
        sender = Sender(*outcomes)
        monkeypatch.setattr(outbox, "CHANNELS", {"email": sender, "web_push": sender})
        return sender

    return install


def owe_ben(ben: User, *, cause: str = "alert:1", **fields: Any) -> int:
    return outbox.notify(ben.pk, cause=cause, kind=Kind.WORKLIST, now=NOW, **fields)


# --- owing ---


def test_a_clinician_is_owed_one_mail_and_one_push_per_live_browser(ben: User, push_service: PushService) -> None:
    factories.push_subscription(user=ben, browser=push_service.subscribe())
    factories.push_subscription(user=ben, browser=push_service.subscribe())
    factories.push_subscription(user=ben, browser=push_service.subscribe(), gone_at=NOW)

    owed = owe_ben(ben)

    assert owed == 3
    assert sorted(Message.objects.values_list("channel", flat=True)) == ["email", "web_push", "web_push"]


def test_the_same_cause_and_kind_is_owed_once(ben: User) -> None:
    owe_ben(ben)

    again = owe_ben(ben)

    assert again == 0
    assert Message.objects.count() == 1


def test_another_kind_of_the_same_cause_is_owed_too(ben: User) -> None:
    owe_ben(ben)

    escalated = outbox.notify(ben.pk, cause="alert:1", kind=Kind.ESCALATION, now=NOW)

    assert escalated == 1


def test_several_people_are_owed_the_same(ben: User, cy: User) -> None:
    owed = outbox.owe([ben.pk, cy.pk], cause="alert:1", kind=Kind.WORKLIST, now=NOW, priority=Priority.RED_FLAG)

    assert {message.recipient_id for message in owed} == {ben.pk, cy.pk}


def test_a_duty_address_is_owed_one_mail_whatever_its_case(db: None) -> None:
    first = outbox.notify_address("Duty@example.org", cause="alert:1", kind=Kind.ESCALATION, now=NOW)

    second = outbox.notify_address("duty@example.org", cause="alert:1", kind=Kind.ESCALATION, now=NOW)

    assert (first, second) == (1, 0)


def test_somebody_who_has_left_is_owed_nothing(ben: User) -> None:
    ben.is_active = False
    ben.save(update_fields=["is_active"])

    assert owe_ben(ben) == 0


@pytest.mark.django_db(transaction=True)
def test_owing_outside_a_transaction_is_refused() -> None:
    person = factories.user(email="ben@example.org")

    with pytest.raises(transaction.TransactionManagementError):
        owe_ben(person)


@pytest.mark.django_db(transaction=True)
def test_a_message_vanishes_with_the_transaction_of_its_cause() -> None:
    person = factories.user(email="ben@example.org")

    with transaction.atomic():
        owe_ben(person)
        transaction.set_rollback(True)

    assert not Message.objects.exists()


def test_new_messages_are_hinted_at_after_the_commit(
    ben: User, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    hints: list[Any] = []
    monkeypatch.setattr(nudge, "nudge", hints.extend)

    with django_capture_on_commit_callbacks(execute=True):
        owe_ben(ben)
        hinted_before_the_commit = list(hints)

    assert hinted_before_the_commit == []
    assert hints == [Message.objects.get().pk]


def test_cancelling_takes_back_the_unsent_kinds_only(ben: User) -> None:
    owe_ben(ben)
    outbox.notify(ben.pk, cause="alert:1", kind=Kind.ESCALATION, now=NOW)
    owe_ben(ben, cause="alert:2")

    cancelled = outbox.cancel("alert:1", now=NOW, kinds=[Kind.ESCALATION])

    assert cancelled == 1
    assert Message.objects.filter(status=Status.CANCELLED).get().kind == Kind.ESCALATION
    assert Message.objects.filter(status=Status.DUE).count() == 2


# --- claiming ---


def test_a_claim_takes_the_most_pressing_first(ben: User) -> None:
    factories.message(recipient=ben, priority=Priority.REMINDER, now=NOW - timedelta(hours=1))
    pressing = factories.message(recipient=ben, priority=Priority.RED_FLAG)

    assert outbox.claim(now=NOW) == [pressing]


def test_a_claimed_message_cannot_be_claimed_again_while_the_lease_holds(ben: User) -> None:
    factories.message(recipient=ben)
    outbox.claim(now=NOW)

    assert outbox.claim(now=NOW + outbox.MAIL_LEASE - SECOND) == []


def test_a_sender_that_dies_loses_the_message_to_the_next_when_the_lease_ends(
    ben: User, channel: Callable[..., Sender]
) -> None:
    message = factories.message(recipient=ben)
    outbox.claim(now=NOW)  # and then the process is killed
    sender = channel()

    outbox.deliver_due(now=NOW + outbox.MAIL_LEASE)

    message.refresh_from_db()
    assert len(sender.sent) == 1
    assert (message.status, message.attempts, message.crashes) == (Status.SENT, 2, 1)


def test_a_message_is_not_marked_as_sent_before_it_is_sent(ben: User, monkeypatch: pytest.MonkeyPatch) -> None:
    message = factories.message(recipient=ben)
    seen: list[str] = []

    class Looks:
        def send(self, message: Message, now: Any) -> None:
            seen.append(Message.objects.get(pk=message.pk).status)

    monkeypatch.setattr(outbox, "CHANNELS", {"email": Looks()})

    outbox.deliver(message.pk, now=NOW)

    assert seen == [Status.DUE]


def test_settling_after_the_lease_was_lost_does_nothing(ben: User) -> None:
    factories.message(recipient=ben)
    (slow,) = outbox.claim(now=NOW)
    (quick,) = outbox.claim(now=NOW + outbox.MAIL_LEASE)

    held = outbox.settle(slow, now=NOW + outbox.MAIL_LEASE + SECOND, error=DeliveryError("late", permanent=True))

    assert not held
    quick.refresh_from_db()
    assert quick.status == Status.DUE
    assert outbox.settle(quick, now=NOW + outbox.MAIL_LEASE + SECOND)


def test_a_delivery_sends_once_however_often_it_is_asked_for(ben: User, channel: Callable[..., Sender]) -> None:
    message = factories.message(recipient=ben)
    sender = channel()

    answers = [outbox.deliver(message.pk, now=NOW) for _ in range(5)]

    assert answers == [True, False, False, False, False]
    assert len(sender.sent) == 1


def test_a_message_cancelled_while_under_way_is_recorded_as_what_it_is_sent(ben: User) -> None:
    message = factories.message(recipient=ben)
    (claimed,) = outbox.claim(now=NOW)
    outbox.cancel(message.cause, now=NOW)

    outbox.settle(claimed, now=NOW + SECOND)

    message.refresh_from_db()
    assert message.status == Status.SENT


# --- failing ---


def test_a_passing_failure_is_tried_again_later_and_later(ben: User, channel: Callable[..., Sender]) -> None:
    message = factories.message(recipient=ben, priority=Priority.ORDINARY)
    channel(*[DeliveryError("http_500", permanent=False)] * 8)
    waits: list[float] = []
    at = NOW

    for _ in range(8):
        outbox.deliver(message.pk, now=at)
        message.refresh_from_db()
        waits.append((message.next_attempt_at - at).total_seconds())
        at = message.next_attempt_at

    assert waits == sorted(waits)
    assert 5 <= waits[0] < 7
    assert waits[-1] <= outbox.LONGEST_WAIT.total_seconds() * 1.25 + 1
    assert message.crashes == 0


def test_a_red_flag_never_waits_longer_than_about_a_minute(ben: User) -> None:
    message = factories.message(recipient=ben, priority=Priority.RED_FLAG, attempts=30)
    (claimed,) = outbox.claim(now=NOW)

    outbox.settle(claimed, now=NOW, error=DeliveryError("http_500", permanent=False))

    message.refresh_from_db()
    assert message.next_attempt_at <= NOW + timedelta(seconds=76)


def test_messages_that_failed_together_come_back_apart(ben: User) -> None:
    for _ in range(20):
        factories.message(recipient=ben)
    for claimed in outbox.claim(now=NOW, limit=20):
        outbox.settle(claimed, now=NOW, error=DeliveryError("http_503", permanent=False))

    assert Message.objects.values("next_attempt_at").distinct().count() > 10


def test_retry_after_is_honoured(ben: User) -> None:
    message = factories.message(recipient=ben)
    (claimed,) = outbox.claim(now=NOW)
    error = DeliveryError("http_429", permanent=False, retry_after=timedelta(seconds=300))

    outbox.settle(claimed, now=NOW, error=error)

    message.refresh_from_db()
    assert message.next_attempt_at >= NOW + timedelta(seconds=300)


def test_a_permanent_failure_is_final(ben: User, channel: Callable[..., Sender]) -> None:
    message = factories.message(recipient=ben)
    channel(DeliveryError("smtp_550", permanent=True))

    outbox.deliver(message.pk, now=NOW)

    message.refresh_from_db()
    assert (message.status, message.last_error, message.settled_at is not None) == (Status.FAILED, "smtp_550", True)


def test_a_subscription_that_is_gone_is_switched_off_and_the_mail_still_goes(
    ben: User, push_service: PushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscription = factories.push_subscription(user=ben, browser=push_service.subscribe())
    owe_ben(ben)
    gone = Sender(DeliveryError("gone", permanent=True))
    monkeypatch.setattr(outbox, "CHANNELS", {"email": Sender(), "web_push": gone})

    outbox.deliver_due(now=NOW)

    subscription.refresh_from_db()
    assert subscription.gone_at is not None
    assert dict(Message.objects.values_list("channel", "status")) == {
        "email": Status.SENT,
        "web_push": Status.FAILED,
    }


def test_a_fault_of_ours_is_tried_again_and_its_text_is_not_kept(
    ben: User, channel: Callable[..., Sender], caplog: pytest.LogCaptureFixture
) -> None:
    message = factories.message(recipient=ben)
    channel(ValueError("ben@example.org has a headache"))

    outbox.deliver(message.pk, now=NOW)

    message.refresh_from_db()
    assert (message.status, message.last_error) == (Status.DUE, "error_ValueError")
    assert "headache" not in caplog.text


def test_a_message_that_kills_its_senders_is_given_up_and_the_operator_told(
    ben: User, channel: Callable[..., Sender], settings: Settings
) -> None:
    settings.OPERATOR_EMAIL = "operator@example.org"
    poison = factories.message(recipient=ben)
    at = NOW
    for _ in range(outbox.MOST_CRASHES):
        assert outbox.claim(now=at)  # and the process dies
        at += outbox.MAIL_LEASE
    sender = channel()

    outbox.deliver(poison.pk, now=at)

    poison.refresh_from_db()
    assert (poison.status, poison.last_error, sender.sent) == (Status.FAILED, "crashed", [])
    assert Message.objects.get(kind=Kind.OPERATOR).address == "operator@example.org"


def test_a_day_of_passing_failures_is_enough(ben: User) -> None:
    message = factories.message(recipient=ben)
    at = NOW + outbox.GIVE_UP_AFTER
    (claimed,) = outbox.claim(now=at)

    outbox.settle(claimed, now=at, error=DeliveryError("smtp_unreachable", permanent=False))

    message.refresh_from_db()
    assert message.status == Status.FAILED


def test_the_operator_gets_one_mail_a_day_for_the_same_fault(ben: User, settings: Settings) -> None:
    settings.OPERATOR_EMAIL = "operator@example.org"
    for _ in range(3):
        factories.message(recipient=ben)

    for claimed in outbox.claim(now=NOW, limit=3):
        outbox.settle(claimed, now=NOW, error=DeliveryError("smtp_550", permanent=True))

    assert Message.objects.filter(kind=Kind.OPERATOR).count() == 1


def test_a_failing_mail_to_the_operator_causes_no_other(db: None, settings: Settings) -> None:
    settings.OPERATOR_EMAIL = "operator@example.org"
    factories.message(kind=Kind.OPERATOR, address="operator@example.org")
    (claimed,) = outbox.claim(now=NOW)

    outbox.settle(claimed, now=NOW, error=DeliveryError("smtp_550", permanent=True))

    assert Message.objects.count() == 1


def test_a_refused_vapid_key_switches_nothing_off_and_the_operator_is_told(
    ben: User, channel: Callable[..., Sender], settings: Settings, push_service: PushService
) -> None:
    settings.OPERATOR_EMAIL = "operator@example.org"
    subscription = factories.push_subscription(user=ben, browser=push_service.subscribe())
    message = factories.message(recipient=ben, subscription=subscription)
    channel(*[DeliveryError("vapid", permanent=False)] * 3)

    for _ in range(3):
        outbox.deliver(message.pk, now=Message.objects.get(pk=message.pk).next_attempt_at)

    message.refresh_from_db()
    assert message.status == Status.DUE
    assert PushSubscription.objects.get().gone_at is None
    assert Message.objects.filter(kind=Kind.OPERATOR).count() == 1


def test_a_message_that_is_too_late_expires_unsent(ben: User, channel: Callable[..., Sender]) -> None:
    message = factories.message(recipient=ben, expires_at=NOW)
    sender = channel()

    outbox.deliver(message.pk, now=NOW)

    message.refresh_from_db()
    assert (message.status, sender.sent) == (Status.EXPIRED, [])


# --- sweeping ---


def test_the_sweep_hints_at_what_is_due_the_most_pressing_first(ben: User, monkeypatch: pytest.MonkeyPatch) -> None:
    later = factories.message(recipient=ben, priority=Priority.REMINDER)
    first = factories.message(recipient=ben, priority=Priority.RED_FLAG)
    factories.message(recipient=ben, status=Status.SENT)
    hints: list[Any] = []
    monkeypatch.setattr(nudge, "nudge", lambda ids: hints.extend(ids) or len(ids))

    assert outbox.sweep(now=NOW) == 2
    assert hints == [first.pk, later.pk]


def test_a_message_put_off_by_a_clock_that_ran_ahead_is_brought_back(ben: User) -> None:
    message = factories.message(recipient=ben, next_attempt_at=NOW + timedelta(days=365))

    outbox.sweep(now=NOW)

    message.refresh_from_db()
    assert message.next_attempt_at == NOW
