"""The wish of a person that their account be deleted, and what became of it."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q


class DeletionQuerySet(models.QuerySet["Deletion"]):
    """Deletions by what is to be done about them."""

    def waiting(self) -> DeletionQuerySet:
        """Return those that were asked for and neither carried out nor taken back."""
        return self.filter(done_at=None, taken_back_at=None)

    def to_erase(self, now: datetime) -> DeletionQuerySet:
        """Return those whose record is past its period, the longest first."""
        return self.filter(erase_at__lte=now, erased_at=None).order_by("erase_at", "id")


class Deletion(models.Model):
    """One wish to delete an account. While an alert is open it waits: the team must be able to reach the person."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="deletions")
    asked_at = models.DateTimeField()
    # The longest that it waits.
    due_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    # When the record that stays without a name is past its period, and when it was erased.
    erase_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    objects = DeletionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(done_at=None, taken_back_at=None),
                name="one_waiting_deletion_per_person",
            )
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(done_at=None, taken_back_at=None), name="deletion_waiting"),
            models.Index(fields=["erase_at"], condition=Q(erased_at=None), name="deletion_to_erase"),
        ]

    def __str__(self) -> str:
        return str(self.id)
