"""What Celery triggers: thin, because the functions can be called by anybody who knows what time it is."""

from __future__ import annotations

import hashlib

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from selfcare.triage import catalogue, escalation, follow_up, telling


@shared_task(name="selfcare.triage.tasks.escalate_unacknowledged")
def escalate_unacknowledged() -> int:
    """Return how many alerts were told to the next people, because nobody had acknowledged them in time."""
    return escalation.escalate_due(now=timezone.now())


@shared_task(name="selfcare.triage.tasks.watch_catalogue")
def watch_catalogue() -> int:
    """Return how many newer versions of the clinical content cannot be used; the operator is told once."""
    passed_over = catalogue.chosen().passed_over
    if passed_over:
        state = hashlib.sha256("\n".join(passed_over).encode()).hexdigest()[:16]
        with transaction.atomic():
            telling.operator(f"catalogue:{state}", now=timezone.now())
    return len(passed_over)


@shared_task(name="selfcare.triage.tasks.release_left_alone")
def release_left_alone() -> int:
    """Return how many emergencies went back to everybody, because who took them did nothing for too long."""
    return escalation.release_due(now=timezone.now())


@shared_task(name="selfcare.triage.tasks.ask_whether_seen")
def ask_whether_seen() -> int:
    """Return how many patients were asked whether they were seen."""
    return follow_up.ask_due(now=timezone.now())


@shared_task(name="selfcare.triage.tasks.notice_silence")
def notice_silence() -> int:
    """Return how many alerts became a task to contact the patient."""
    return follow_up.notice_silence(now=timezone.now())
