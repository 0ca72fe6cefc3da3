"""What Celery triggers: thin, because the function can be called by anybody who knows what time it is."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from exercises import programmes


@shared_task(name="exercises.tasks.look_at_due_programmes")
def look_at_due_programmes() -> int:
    """Return how many programmes were looked at because their day was over."""
    return programmes.look_at_due(now=timezone.now())
