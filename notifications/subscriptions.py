"""Browsers that can be woken up: keeping, moving and dropping their subscriptions."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from notifications import outbox
from notifications.models import Kind, Message, PushSubscription

# More than anybody uses; a limit all the same, since each one is a request that we make.
MOST_PER_USER = 10


def keep(user_id: UUID, *, endpoint: str, p256dh: str, auth: str, now: datetime) -> tuple[PushSubscription, bool]:
    """Store a browser's subscription and return it, and whether it is new.

    The same address again is the same browser: it revives one that was dropped, and when another person is signed in on
    that browser now it moves to them, and nothing meant for the person before appears on it.
    """
    with transaction.atomic():
        kept, created = PushSubscription.objects.select_for_update().get_or_create(
            endpoint=endpoint,
            defaults={"user_id": user_id, "p256dh": p256dh, "auth": auth, "created_at": now},
        )
        if created:
            _drop_surplus(user_id, now=now)
            return kept, True
        if kept.user_id != user_id:
            _cancel_messages(kept, now=now)
            kept.created_at = now
        kept.user_id, kept.p256dh, kept.auth, kept.gone_at = user_id, p256dh, auth, None
        kept.save(update_fields=["user", "p256dh", "auth", "created_at", "gone_at"])
        _drop_surplus(user_id, now=now)
    return kept, False


def drop(subscription: PushSubscription, *, now: datetime) -> None:
    """Forget a browser and take back what was to go to it; the e-mails of the same causes still go."""
    with transaction.atomic():
        _cancel_messages(subscription, now=now)
        subscription.delete()


def send_test(user_id: UUID, *, now: datetime) -> int:
    """Owe each of the person's browsers a test message, once a minute; return how many browsers there are."""
    with transaction.atomic():
        outbox.notify(user_id, cause=f"test:{user_id}:{now:%Y%m%d%H%M}", kind=Kind.TEST, now=now, email=False)
    return PushSubscription.objects.filter(user=user_id, gone_at=None).count()


def _cancel_messages(subscription: PushSubscription, *, now: datetime) -> None:
    unsent = Message.objects.filter(subscription=subscription, status=Message.Status.DUE)
    unsent.update(status=Message.Status.CANCELLED, settled_at=now)


def _drop_surplus(user_id: UUID, *, now: datetime) -> None:
    newest_first = PushSubscription.objects.filter(user=user_id).order_by("-created_at", "id")
    for surplus in newest_first[MOST_PER_USER:]:
        drop(surplus, now=now)
