"""The outbox: messages that are owed. The row is the queue of record; a broker only makes it fast.

A message is claimed with a lease by one guarded UPDATE, sent outside any transaction, and settled by another one that
holds only while the claim is still ours. A crash in between costs time, not the message: the lease runs out and the
next claim sends it. Sent twice is possible and harmless (the push topic, the notification tag and the Message-ID are
the same); never sent is not.
"""

from __future__ import annotations

import hashlib
import logging
import time
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Case, F, SmallIntegerField, Value, When

from notifications import nudge
from notifications.channels.base import Channel, DeliveryError
from notifications.channels.email import Email
from notifications.channels.web_push import WebPush
from notifications.models import Kind, Message, MessageQuerySet, Priority, PushSubscription

log = logging.getLogger(__name__)

CHANNELS: dict[str, Channel] = {Message.Channel.EMAIL: Email(), Message.Channel.WEB_PUSH: WebPush()}

# Longer than the longest send. A push gives up after 3 + 5 seconds; a mail talks to its server in several turns.
PUSH_LEASE = timedelta(seconds=20)
MAIL_LEASE = timedelta(seconds=60)
# A message whose sender died this often is poison; one that was merely refused is tried for a day.
MOST_CRASHES = 5
GIVE_UP_AFTER = timedelta(hours=24)
FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=15)
LONGEST_WAIT_PRESSING = timedelta(minutes=1)
# No due time of ours lies further ahead: one that does was written by a clock that has been set back since.
FURTHEST = timedelta(hours=2)
TELL_OPERATOR_AFTER = 3


@dataclass(frozen=True)
class Debt:
    """What one person is owed for one cause: an e-mail, a push to each live browser, or both."""

    user_id: UUID
    cause: str
    kind: str
    priority: int
    expires_at: datetime | None = None
    push: bool = True
    email: bool = True


def notify(
    user_id: UUID,
    *,
    cause: str,
    kind: str,
    now: datetime,
    priority: int = Priority.ORDINARY,
    expires_at: datetime | None = None,
    push: bool = True,
    email: bool = True,
) -> int:
    """Owe the user one e-mail and one push per live subscription; return how many messages are new.

    Must run inside the transaction of the fact that owes them. A second call with the same cause and kind does nothing.
    """
    debt = Debt(user_id, cause, kind, priority, expires_at=expires_at, push=push, email=email)
    return len(owe_each([debt], now=now))


def owe(
    user_ids: Iterable[UUID], *, cause: str, kind: str, now: datetime, priority: int = Priority.ORDINARY
) -> list[Message]:
    """Owe several users the same, as ``notify`` does for one; return the messages that are new."""
    return owe_each([Debt(user_id, cause, kind, priority) for user_id in user_ids], now=now)


def notify_address(address: str, *, cause: str, kind: str, now: datetime, priority: int = Priority.ORDINARY) -> int:
    """Owe a bare e-mail address, such as a clinic's duty mailbox, one message; return 1 if it is new."""
    place = hashlib.sha256(address.lower().encode()).hexdigest()
    message = Message(
        **_common(cause=cause, kind=kind, priority=priority, now=now, channel=Message.Channel.EMAIL, place=place),
        address=address,
    )
    return len(_store([message], hint=True))


def owe_each(debts: Sequence[Debt], *, now: datetime, hint: bool = True) -> list[Message]:
    """Owe many people at once, in a fixed number of statements; return the messages that are new. See ``notify``.

    Without ``hint`` no worker is told: the sweep hands them on in its own time, behind what presses.
    """
    people = {debt.user_id for debt in debts}
    active = set(get_user_model().objects.filter(pk__in=people, is_active=True).values_list("pk", flat=True))
    browsers: dict[UUID, list[UUID]] = defaultdict(list)
    live = PushSubscription.objects.filter(user__in={debt.user_id for debt in debts if debt.push}, gone_at=None)
    for pk, user_id in live.values_list("pk", "user_id"):
        browsers[user_id].append(pk)
    return _store(
        [
            message
            for debt in debts
            if debt.user_id in active
            for message in _messages(debt, browsers=browsers[debt.user_id], now=now)
        ],
        hint=hint,
    )


def cancel(cause: str, *, now: datetime, kinds: Iterable[str] | None = None) -> int:
    """Take back the unsent messages of a cause, or of these kinds of it; return how many."""
    unsent = Message.objects.filter(cause=cause, status=Message.Status.DUE)
    if kinds is not None:
        unsent = unsent.filter(kind__in=list(kinds))
    return unsent.update(status=Message.Status.CANCELLED, settled_at=now)


def cancel_all(user_id: UUID, *, now: datetime) -> int:
    """Take back every unsent message to a person; return how many."""
    unsent = Message.objects.filter(recipient_id=user_id, status=Message.Status.DUE)
    return unsent.update(status=Message.Status.CANCELLED, settled_at=now)


def claim(
    *,
    now: datetime,
    limit: int = 1,
    message_id: UUID | None = None,
    most_priority: int | None = None,
    due_for: timedelta = timedelta(0),
) -> list[Message]:
    """Return up to ``limit`` due messages that are ours until their lease ends, the most pressing first.

    ``most_priority`` leaves the less pressing alone, ``due_for`` those that have not been due for that long.
    """
    due = Message.objects.due(now - due_for)
    if message_id is not None:
        due = due.filter(pk=message_id)
    if most_priority is not None:
        due = due.filter(priority__lte=most_priority)
    # A round that gets nothing although something was due lost it to another claimant, so somebody gets on: no end.
    while ids := list(due.values_list("pk", flat=True)[:limit]):
        mine = uuid.uuid4()
        taken = Message.objects.filter(pk__in=ids, status=Message.Status.DUE, next_attempt_at__lte=now).update(
            claim=mine,
            attempts=F("attempts") + 1,
            # A settled attempt clears the claim; one that is still there outlived its holder.
            crashes=Case(
                When(claim__isnull=False, then=F("crashes") + 1), default=F("crashes"), output_field=SmallIntegerField()
            ),
            next_attempt_at=Case(
                When(channel=Message.Channel.WEB_PUSH, then=Value(now + PUSH_LEASE)), default=Value(now + MAIL_LEASE)
            ),
        )
        if taken:
            return list(
                Message.objects.filter(claim=mine)
                .select_related("subscription", "recipient")
                .order_by("priority", "created_at", "id")
            )
    return []


def settle(message: Message, *, now: datetime, error: DeliveryError | None = None) -> bool:
    """Record how the attempt ended: sent, to be tried again, or failed for good. Return False if the lease was lost."""
    if error is None:
        # A message that was cancelled while it was on its way has been sent all the same, and the record says so.
        with transaction.atomic():
            moved = _held(message, Message.Status.DUE, Message.Status.CANCELLED).update(
                status=Message.Status.SENT, settled_at=now, last_error="", claim=None
            )
            if moved and message.subscription_id:
                PushSubscription.objects.filter(pk=message.subscription_id).update(last_ok_at=now)
        return bool(moved)
    if error.permanent or now >= message.created_at + GIVE_UP_AFTER:
        return _fail(message, now=now, code=error.code)
    wait = max(_wait(message), error.retry_after or timedelta(0))
    moved = _held(message).update(next_attempt_at=now + wait, last_error=error.code, claim=None)
    if moved and error.code in {"vapid", "smtp_refuses_us"} and message.attempts >= TELL_OPERATOR_AFTER:
        _tell_operator(message, code=error.code, now=now)
    return bool(moved)


def deliver(message_id: UUID, *, now: datetime) -> bool:
    """Claim, send and settle one message; return whether it was sent. Must not run inside a transaction."""
    claimed = claim(now=now, message_id=message_id)
    return bool(claimed) and _send(claimed[0], now=now)


def deliver_next(*, now: datetime, most_priority: int | None = None, due_for: timedelta = timedelta(0)) -> bool:
    """Claim, send and settle the most pressing due message; return whether there was one, sent or not."""
    claimed = claim(now=now, most_priority=most_priority, due_for=due_for)
    for message in claimed:
        _send(message, now=now)
    return bool(claimed)


def deliver_due(*, now: datetime, limit: int = 1000) -> int:
    """Deliver what is due, one claim at a time so that no lease runs out unused; return how many were handled."""
    started = time.monotonic()
    for handled in range(limit):
        if not deliver_next(now=now + timedelta(seconds=time.monotonic() - started)):
            return handled
    return limit


def sweep(*, now: datetime, limit: int = 100) -> int:
    """Give hints for what is due and not yet taken; return how many. Repairs due times written by a wrong clock."""
    Message.objects.filter(status=Message.Status.DUE, next_attempt_at__gt=now + FURTHEST).update(next_attempt_at=now)
    return nudge.nudge(list(Message.objects.due(now).values_list("pk", flat=True)[:limit]))


def _messages(debt: Debt, *, browsers: Sequence[UUID], now: datetime) -> list[Message]:
    """Return the messages, not stored yet, that pay a debt."""
    places: list[tuple[str, UUID, UUID | None]] = []
    if debt.email:
        places.append((Message.Channel.EMAIL, debt.user_id, None))
    if debt.push:
        places += [(Message.Channel.WEB_PUSH, browser, browser) for browser in browsers]
    return [
        Message(
            **_common(
                cause=debt.cause, kind=debt.kind, priority=debt.priority, now=now, channel=channel, place=str(place)
            ),
            recipient_id=debt.user_id,
            subscription_id=subscription_id,
            expires_at=debt.expires_at,
        )
        for channel, place, subscription_id in places
    ]


def _common(*, cause: str, kind: str, priority: int, now: datetime, channel: str, place: str) -> dict[str, Any]:
    return {
        "key": f"{cause}:{kind}:{channel}:{place}",
        "cause": cause,
        "kind": kind,
        "channel": channel,
        "priority": priority,
        "created_at": now,
        "next_attempt_at": now,
    }


def _store(messages: list[Message], *, hint: bool) -> list[Message]:
    """Store those whose key is new, hint at them after the commit, and return them."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("A message must be owed inside the transaction of its cause.")
    if not messages:
        return []
    Message.objects.bulk_create(messages, ignore_conflicts=True, batch_size=500)
    # The database does not say which rows a conflict left out; those that are there under our ids are new.
    stored = set(Message.objects.filter(pk__in=[message.pk for message in messages]).values_list("pk", flat=True))
    if hint and stored:
        # Robust, and a lambda: the handler of a robust callback reads __qualname__, which a partial lacks.
        transaction.on_commit(lambda: nudge.nudge(list(stored)), robust=True)
    return [message for message in messages if message.pk in stored]


def _send(message: Message, *, now: datetime) -> bool:
    """Send a claimed message and settle it; return whether it was sent."""
    started = time.monotonic()
    error = _attempt(message, now=now)
    ended = now + timedelta(seconds=time.monotonic() - started)
    if message.expires_at is not None and error is not None and error.code == "expired":
        _held(message).update(status=Message.Status.EXPIRED, settled_at=ended, claim=None)
        return False
    held = settle(message, now=ended, error=error)
    if error is not None:
        log.warning("message %s attempt %d: %s", message.pk, message.attempts, error.code)
    elif not held:
        log.warning("message %s was sent after its lease had ended", message.pk)
    return error is None


def _attempt(message: Message, *, now: datetime) -> DeliveryError | None:
    """Return None when the channel took the message, else why not."""
    if message.expires_at is not None and message.expires_at <= now:
        return DeliveryError("expired", permanent=True)
    if message.crashes >= MOST_CRASHES:
        return DeliveryError("crashed", permanent=True)
    try:
        CHANNELS[message.channel].send(message, now)
    except DeliveryError as error:
        return error
    except Exception as error:
        # A fault of ours. Its text may hold an address, so only its type is kept.
        return DeliveryError(f"error_{type(error).__name__}"[:80], permanent=False)
    return None


def _held(message: Message, *statuses: str) -> MessageQuerySet:
    """Return the row of the message if the lease that we took is still the one it is under."""
    return Message.objects.filter(pk=message.pk, claim=message.claim, status__in=statuses or [Message.Status.DUE])


def _wait(message: Message) -> timedelta:
    """Return the time to the next attempt: doubling from 5 seconds, with a jitter fixed by message and attempt."""
    longest = LONGEST_WAIT_PRESSING if message.priority <= Priority.WORKLIST else LONGEST_WAIT
    wait = min(FIRST_WAIT * 2 ** min(message.attempts - 1, 12), longest)
    jitter = hashlib.sha256(f"{message.pk}:{message.attempts}".encode()).digest()[0] / 255
    return wait * (1 + jitter / 4)


def _fail(message: Message, *, now: datetime, code: str) -> bool:
    """Give the message up; switch a subscription off that is gone; tell the operator of everything else."""
    with transaction.atomic():
        moved = _held(message).update(status=Message.Status.FAILED, settled_at=now, last_error=code, claim=None)
        if moved and code == "gone" and message.subscription_id:
            PushSubscription.objects.filter(pk=message.subscription_id, gone_at=None).update(gone_at=now)
        elif moved:
            _tell_operator(message, code=code, now=now)
    return bool(moved)


def _tell_operator(message: Message, *, code: str, now: datetime) -> None:
    """Owe the operator one mail a day per kind of failure. A failing mail to the operator causes no further one."""
    if not settings.OPERATOR_EMAIL or message.kind == Kind.OPERATOR:
        return
    with transaction.atomic():
        notify_address(
            settings.OPERATOR_EMAIL,
            cause=f"undelivered:{message.channel}:{code}"[:60] + f":{now.date()}",
            kind=Kind.OPERATOR,
            now=now,
            priority=Priority.OPERATOR,
        )
