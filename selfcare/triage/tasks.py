"""What Celery triggers: thin, because the functions can be called by anybody who knows what time it is."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from selfcare.triage import alerts


@shared_task(name="selfcare.triage.tasks.escalate_unacknowledged")
def escalate_unacknowledged() -> int:
    """Return how many alerts were told to the next people, because nobody had acknowledged them in time."""
    return alerts.escalate_due(now=timezone.now())
