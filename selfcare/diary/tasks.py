"""What Celery triggers: thin, because the functions can be called by anybody who knows what time it is."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from selfcare.diary import adoption, monitoring


@shared_task(name="selfcare.diary.tasks.assess_due_episodes")
def assess_due_episodes() -> int:
    """Return how many episodes and waiting entries were assessed because time had come."""
    return monitoring.assess_due(now=timezone.now())


@shared_task(name="selfcare.diary.tasks.adopt_catalogue")
def adopt_catalogue() -> bool:
    """Return whether this is the first tick under another clinical content; all diaries are then looked at again."""
    return adoption.adopt(now=timezone.now())
