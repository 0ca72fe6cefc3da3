"""What Celery triggers: accounts whose deletion has waited, and records past their period."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from selfcare.records import deletion


@shared_task(name="selfcare.records.tasks.delete_due")
def delete_due() -> int:
    """Return how many accounts were deleted and how many records erased because time had come."""
    now = timezone.now()
    return deletion.carry_out_due(now=now) + deletion.erase_due(now=now)
