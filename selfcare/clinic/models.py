"""What belongs to the clinician's side alone."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Review(models.Model):
    """A clinician has read a patient's diary up to here. The next review starts from it. Rows are added only."""

    patient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reviews")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["patient", "-at"], name="reviews_of_a_patient")]

    def __str__(self) -> str:
        return str(self.pk)
