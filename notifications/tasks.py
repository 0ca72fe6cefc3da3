"""What the scheduler and the worker run: thin, keyword-only, ids instead of content, harmless when run twice."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from notifications import heartbeat, outbox, reminders


@shared_task(name="notifications.tasks.record_beat")
def record_beat(*, name: str = "beat") -> None:
    """Record that a task got through the broker to a worker: a tick of the scheduler, or one that the courier sent."""
    now = timezone.now()
    heartbeat.beat(name, now=now)
    heartbeat.beat("worker", now=now)


@shared_task(name="notifications.tasks.deliver_message")
def deliver_message(*, message_id: str) -> None:
    """Deliver one message, unless somebody else has."""
    outbox.deliver(UUID(message_id), now=timezone.now())


@shared_task(name="notifications.tasks.sweep_outbox")
def sweep_outbox() -> None:
    """Hand on what the hints after the commit have missed."""
    outbox.sweep(now=timezone.now())


@shared_task(name="notifications.tasks.enqueue_due_reminders")
def enqueue_due_reminders() -> None:
    """Owe the reminders whose time has come."""
    reminders.enqueue_due(now=timezone.now())
