"""What a patient reported."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.db import connection, models
from django.db.models import Q
from django.db.models.query import RawQuerySet
from django.utils.translation import gettext_lazy as _


class EpisodeQuerySet(models.QuerySet["Episode"]):
    """Episodes by state and due time."""

    def active(self) -> EpisodeQuerySet:
        """Return the episodes that have not ended."""
        return self.filter(status=Episode.Status.ACTIVE)

    def due(self, now: datetime) -> EpisodeQuerySet:
        """Return the active episodes that time must look at, the longest overdue first."""
        return self.active().filter(next_check_at__lte=now, prompts_stopped_at=None).order_by("next_check_at", "id")


class Episode(models.Model):
    """One stretch of trouble, from its onset until 30 pain-free days; it carries the persistence clock."""

    class Status(models.TextChoices):
        ACTIVE = "active", _("active")
        ENDED = "ended", _("ended")

    class Stopped(models.TextChoices):
        DIED = "died", _("the patient has died")
        WITHDREW = "withdrew", _("the patient has withdrawn")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="episodes")
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.ACTIVE)
    onset_on = models.DateField()
    onset_estimated = models.BooleanField(default=False)
    pain_side = models.CharField(max_length=12, blank=True)
    pain_site = models.CharField(max_length=16, blank=True)
    # Areas of the body map (ux.md 3.5), such as "bu-l" for the left buttock.
    regions = models.JSONField(default=list)
    assessed_on = models.DateField(null=True, blank=True)
    next_review_on = models.DateField(null=True, blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    next_check_at = models.DateTimeField()
    # The day on which pain came back after at least 30 pain-free days; worked out from the diary, never typed in.
    restarted_on = models.DateField(null=True, blank=True)
    # The day of the second of two sessions that moved the pain further down the leg (DX-08); it bears on numbness.
    moved_further_on = models.DateField(null=True, blank=True)
    # No prompt is sent any more; what is reported all the same is judged as ever.
    prompts_stopped_at = models.DateTimeField(null=True, blank=True)
    prompts_stopped_because = models.CharField(max_length=8, choices=Stopped.choices, blank=True, default="")

    objects = EpisodeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient"], condition=Q(status="active"), name="one_active_episode_per_patient"
            )
        ]
        indexes = [
            models.Index(fields=["next_check_at"], condition=Q(status="active"), name="episode_due_for_a_check"),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def began_on(self) -> date:
        """Return day 0 of the clock: the onset, or the day on which pain came back after a pain-free time."""
        return self.restarted_on or self.onset_on


_STANDING = "FROM diary_entry WHERE patient_id = %s AND episode_id = %s AND entered_in_error_at IS NULL"
_IN_ORDER = "ORDER BY occurred_on, recorded_at, id"
_WINDOW = f"""
    SELECT id, occurred_on, recorded_at, observations {_STANDING} AND occurred_on <= %s
    AND (occurred_on >= %s OR id IN (
        SELECT id {_STANDING} AND occurred_on >= %s AND occurred_on <= %s {_IN_ORDER} LIMIT %s
    ))
    {_IN_ORDER}
"""


class EntryQuerySet(models.QuerySet["Entry"]):
    """Entries of patients."""

    def standing(self) -> EntryQuerySet:
        """Return the entries that no correction has replaced."""
        return self.filter(entered_in_error_at=None)

    def in_order(self) -> EntryQuerySet:
        """Return the entries in the order in which the days happened."""
        return self.order_by("occurred_on", "recorded_at", "id")

    def window(
        self, episode: Episode, *, begins: date, ends: date, beginning: int, onset_on: date
    ) -> RawQuerySet[Entry]:
        """Return the standing entries of an episode from ``begins`` to ``ends``, and the first ones since the onset.

        Of those there are ``beginning``. In order; only what triage reads. Written by hand, because it runs for every
        entry that arrives and the ORM takes longer to write this statement than the database to answer it.
        """
        key = self.model._meta.pk.get_db_prep_value
        of = (key(episode.patient_id, connection), key(episode.pk, connection))
        return self.raw(_WINDOW, [*of, ends, begins, *of, onset_on, ends, beginning])

    def between(self, first: date, last: date) -> EntryQuerySet:
        """Return the entries of the local days from ``first`` to ``last``, both included."""
        return self.filter(occurred_on__range=(first, last))


class Entry(models.Model):
    """What a patient reported for one local day: an immutable fact whose id was made on the phone.

    ``observations`` holds the vocabulary of clinical.md 8.4 by its names. A missing name means "not answered",
    never "no".
    """

    id = models.UUIDField(primary_key=True, editable=False)
    patient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="entries")
    episode = models.ForeignKey(Episode, on_delete=models.CASCADE, related_name="entries")
    recorded_at = models.DateTimeField(help_text="When the phone says it was answered.")
    recorded_zone = models.CharField(max_length=64)
    occurred_on = models.DateField(help_text="The patient's local date that the answers are about.")
    received_at = models.DateTimeField()
    clock_suspect = models.BooleanField(default=False)
    app_version = models.CharField(max_length=40, blank=True)
    catalogue_version = models.CharField(max_length=40, blank=True, help_text="What the phone evaluated.")
    shown_tier = models.CharField(max_length=16, blank=True, help_text="What the phone told the patient.")
    observations: models.JSONField[Any, Any] = models.JSONField(default=dict)
    body_sha256 = models.CharField(max_length=64)
    corrects = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrected_by"
    )
    entered_in_error_at = models.DateTimeField(null=True, blank=True)
    # True until triage has looked at it; a rule that crashed leaves it True and the operator is told.
    needs_assessment = models.BooleanField(default=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["patient", "occurred_on", "recorded_at"], name="entries_of_a_patient_by_day"),
            models.Index(fields=["received_at"], condition=Q(needs_assessment=True), name="entry_without_assessment"),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def written_on(self) -> date:
        """Return the calendar date on the phone that wrote it, wherever the phone was."""
        try:
            zone = ZoneInfo(self.recorded_zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            zone = ZoneInfo("UTC")
        return self.recorded_at.astimezone(zone).date()


class Pace(models.Model):
    """How a person goes on with the diary after the eight weeks; without a row nobody has chosen yet."""

    class Choice(models.TextChoices):
        AS_IT_IS = "as_it_is", _("as it is")
        WEEKLY = "weekly", _("once a week")
        STOPPED = "stopped", _("not any more")

    episode = models.ForeignKey(Episode, on_delete=models.CASCADE, related_name="paces")
    # Day 0 of the clock that it was chosen for: pain that comes back begins without a choice.
    began_on = models.DateField()
    choice = models.CharField(max_length=8, choices=Choice.choices)
    chosen_at = models.DateTimeField()
    # What the reminder was before, so that it can go back: its days from one to the next, 0 for switched off.
    every_days_before = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["episode", "began_on"], name="one_pace_per_clock_of_an_episode")]

    def __str__(self) -> str:
        return f"{self.choice} of {self.episode_id}"


class WeekRead(models.Model):
    """That a person has read the page of one of the eight weeks."""

    episode = models.ForeignKey(Episode, on_delete=models.CASCADE, related_name="weeks_read")
    began_on = models.DateField(help_text="Day 0 of the clock: when pain comes back the weeks begin unread.")
    number = models.PositiveSmallIntegerField()
    read_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["episode", "began_on", "number"], name="a_week_is_read_once"),
        ]

    def __str__(self) -> str:
        return f"week {self.number} of {self.episode_id}"
