"""What Celery triggers: thin, because the functions can be called by anybody who knows what time it is."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from selfcare.correspondence import telling


@shared_task(name="selfcare.correspondence.tasks.tell_of_messages")
def tell_of_messages() -> int:
    """Return how many patients were told of messages that had waited for their hour, or for the morning."""
    return telling.tell_due(now=timezone.now())


@shared_task(name="selfcare.correspondence.tasks.remind_of_unanswered")
def remind_of_unanswered() -> int:
    """Return how many conversations were brought to the rota's notice because nobody had answered."""
    return telling.remind_due(now=timezone.now())
