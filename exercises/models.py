"""The programme: what is prescribed, where a person stands in it, what they did, and everything that changed."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


def _within(name: str, *, least: int, most: int) -> Q:
    """Return that a number is in range or was not answered."""
    return Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__gte": least, f"{name}__lte": most})


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    """Programmes by state and due time."""

    def active(self) -> ProgrammeQuerySet:
        """Return the programmes that have not ended."""
        return self.filter(ended_at=None)

    def due(self, now: datetime) -> ProgrammeQuerySet:
        """Return the programmes that time must look at, the longest overdue first."""
        return self.active().filter(next_look_at__lte=now).order_by("next_look_at", "id")


class Programme(models.Model):
    """One person's exercises: the frame that its versions, its practices and its sessions hang in."""

    class Mode(models.TextChoices):
        GENTLE_START = "gentle_start", _("gentle start")
        PRESCRIBED = "prescribed", _("prescribed")
        MAINTENANCE = "maintenance", _("keeping well")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="programmes")
    mode = models.CharField(max_length=12, choices=Mode.choices)
    started_on = models.DateField()
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    # Paused by a person. What the safety facts pause is asked anew each time and stored nowhere.
    paused_at = models.DateTimeField(null=True, blank=True)
    paused_for = models.CharField(max_length=24, blank=True)
    # DX-06: the last local day of the gentle days.
    eased_until_on = models.DateField(null=True, blank=True)
    # The last local day whose plan is written down in PlannedExercise.
    kept_until_on = models.DateField()
    next_look_at = models.DateTimeField(help_text="When missed days are next looked for.")
    # DX-12: offered once; asked again only when the person was worse in between.
    maintenance_offered_on = models.DateField(null=True, blank=True)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient"], condition=Q(ended_at=None), name="one_active_programme_per_patient"
            ),
            models.CheckConstraint(
                condition=Q(paused_at=None, paused_for="") | (Q(paused_at__isnull=False) & ~Q(paused_for="")),
                name="programme_is_paused_for_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["next_look_at"], condition=Q(ended_at=None), name="programme_due_for_a_look")]

    def __str__(self) -> str:
        return str(self.id)


class Version(models.Model):
    """One state of what is prescribed. A draft may be changed; a published version never is."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        REPLACED = "replaced", _("replaced")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    pattern = models.CharField(max_length=24, blank=True, help_text="The default plan it was made from.")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="one_version_per_number"),
            models.UniqueConstraint(fields=["programme"], condition=Q(state="draft"), name="one_draft_per_programme"),
            models.UniqueConstraint(
                fields=["programme"], condition=Q(state="published"), name="one_published_version_per_programme"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme_id} version {self.number}"


class Prescription(models.Model):
    """One exercise of one version: at which level or dose, which side, on which days, from when."""

    class Side(models.TextChoices):
        NONE = "", _("no side")
        LEFT = "left", _("left")
        RIGHT = "right", _("right")
        BOTH = "both", _("both")

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="prescriptions")
    exercise = models.CharField(max_length=8)
    position = models.PositiveSmallIntegerField()
    level = models.PositiveSmallIntegerField(default=1)
    # {sets, reps, hold_s, times_a_day, days_a_week}, or null for the dose of the level.
    dose: models.JSONField[Any, Any] = models.JSONField(null=True, blank=True)
    side = models.CharField(max_length=5, choices=Side.choices, blank=True, default="")
    days = models.CharField(max_length=7, help_text="ISO weekdays, Monday is 1.")
    start_on = models.DateField()
    # What is done instead on the gentle days of a flare: {"exercise": id} or {"level": n}; null: one level down.
    flare: models.JSONField[Any, Any] = models.JSONField(null=True, blank=True)
    # The filters in spite of which a clinician prescribes it, each with the note that says why: {filter id: note}.
    overrides: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["version", "exercise"], name="an_exercise_stands_once_in_a_version"),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=3), name="prescribed_level_is_1_to_3"),
        ]

    def __str__(self) -> str:
        return f"{self.exercise} of {self.version_id}"


class Practice(models.Model):
    """Where a person stands with one exercise: mastery, level, dose, and whether it is resting, stopped or removed."""

    class Mastery(models.TextChoices):
        LOCKED = "locked", _("not shown yet")
        TAUGHT = "taught", _("shown, to be checked")
        CHECKED = "checked", _("checked")
        HOME = "home", _("to do at home")

    class Status(models.TextChoices):
        ACTIVE = "active", _("active")
        REMOVED = "removed", _("taken out")
        STOPPED = "stopped", _("direction stopped")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="practices")
    exercise = models.CharField(max_length=8)
    mastery = models.CharField(max_length=8, choices=Mastery.choices, default=Mastery.LOCKED)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.ACTIVE)
    level = models.PositiveSmallIntegerField()
    dose: models.JSONField[Any, Any] = models.JSONField()
    # False while only the gentle start opened it: it then stays at level 1 (clinical.md 4.2).
    shown_by_clinician = models.BooleanField(default=False)
    unlocked_at = models.DateTimeField(null=True, blank=True, help_text="EX-11: opened by a clinician for this person.")
    unlocked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # DX-04: the last local day on which it rests.
    rest_until_on = models.DateField(null=True, blank=True)
    started_on = models.DateField(help_text="The first day it stood in the plan: new work (DX-10).")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "exercise"], name="one_practice_per_programme_and_exercise"),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=3), name="practised_level_is_1_to_3"),
        ]

    def __str__(self) -> str:
        return f"{self.exercise} of {self.programme_id}"


class MasteryEvent(models.Model):
    """One step of the mastery gate of one exercise. Rows are added only."""

    class Kind(models.TextChoices):
        TAUGHT = "taught", _("shown in a supervised session")
        CHECKED = "checked", _("shown back without fault")
        SENT_HOME = "sent_home", _("cleared for home")
        GENTLE_START = "gentle_start", _("opened as a gentle start")
        RECHECK = "recheck", _("to be checked again")
        LOCKED = "locked", _("closed")

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="mastery_events")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    at = models.DateTimeField()
    on = models.DateField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    # The ticked checklist, or why it must be checked again: break_of_28_days, surgery, two_reds.
    data: models.JSONField[Any, Any] = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["practice", "at", "id"], name="mastery_of_a_practice")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.practice_id}"


class SessionQuerySet(models.QuerySet["Session"]):
    """Sessions of patients."""

    def between(self, first: date, last: date) -> SessionQuerySet:
        """Return the sessions of the local days from ``first`` to ``last``, both included, in their order."""
        return self.filter(occurred_on__range=(first, last)).order_by("occurred_on", "recorded_at", "id")


class Session(models.Model):
    """What a patient did on one local day: an immutable fact whose id was made on the phone."""

    class Felt(models.TextChoices):
        NOT_SAID = "", _("not said")
        FINE = "fine", _("fine")
        SORE = "sore", _("a bit sore")
        TOO_MUCH = "too_much", _("too much")

    id = models.UUIDField(primary_key=True, editable=False)
    patient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="exercise_sessions")
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="sessions")
    occurred_on = models.DateField(help_text="The patient's local date.")
    recorded_at = models.DateTimeField(help_text="When the phone says it ended.")
    recorded_zone = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    clock_suspect = models.BooleanField(default=False)
    felt = models.CharField(max_length=8, choices=Felt.choices, blank=True, default="")
    body_sha256 = models.CharField(max_length=64)

    objects = SessionQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["patient", "occurred_on", "recorded_at"], name="sessions_of_a_patient_by_day")]

    def __str__(self) -> str:
        return str(self.id)


class Result(models.Model):
    """One exercise of one session. Empty means "not answered"; pain is 0 to 10."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="results")
    exercise = models.CharField(max_length=8)
    level = models.PositiveSmallIntegerField(null=True, blank=True, help_text="The level that the phone showed.")
    done = models.BooleanField()
    reps = models.PositiveSmallIntegerField(null=True, blank=True)
    hold_s = models.PositiveIntegerField(null=True, blank=True)
    seconds = models.PositiveIntegerField(null=True, blank=True)
    before = models.PositiveSmallIntegerField(null=True, blank=True)
    during = models.PositiveSmallIntegerField(null=True, blank=True)
    hour_after = models.PositiveSmallIntegerField(null=True, blank=True)
    spread = models.CharField(max_length=16, blank=True, default="")
    tingling_min = models.PositiveSmallIntegerField(null=True, blank=True)
    soreness_only = models.BooleanField(default=False)
    hurt = models.CharField(max_length=8, blank=True, default="")
    new_signs = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "exercise"], name="an_exercise_stands_once_in_a_session"),
            *(
                models.CheckConstraint(condition=_within(name, least=0, most=10), name=f"{name}_is_0_to_10")
                for name in ("before", "during", "hour_after")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.exercise} of {self.session_id}"


class Morning(models.Model):
    """What a patient says on the morning of a local day; the newest answer of a day stands."""

    patient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="exercise_mornings")
    on = models.DateField()
    pain = models.PositiveSmallIntegerField(null=True, blank=True)
    settled = models.BooleanField(null=True, blank=True, help_text="Did it settle by this morning?")
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["patient", "on"], name="one_morning_per_patient_and_day"),
            models.CheckConstraint(condition=_within("pain", least=0, most=10), name="morning_pain_is_0_to_10"),
        ]

    def __str__(self) -> str:
        return f"{self.on} of {self.patient_id}"


class DoseChange(models.Model):
    """One change of one exercise, with its reason. Rows are added only; an undone one has another that undoes it."""

    class Kind(models.TextChoices):
        UP = "up", _("one step up")
        DOWN = "down", _("less")
        REST = "rest", _("rest")
        REMOVED = "removed", _("taken out")
        STOPPED = "stopped", _("direction stopped")
        SWAPPED = "swapped", _("easier exercise instead")
        PRESCRIBED = "prescribed", _("set by a clinician")
        UNDONE = "undone", _("change undone")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="changes")
    rule = models.CharField(max_length=8, blank=True, help_text="DX-01 and so on; empty: a person did it.")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    at = models.DateTimeField()
    on = models.DateField()
    before: models.JSONField[Any, Any] = models.JSONField(help_text="{level, dose, status, mastery, rest_until_on}")
    after: models.JSONField[Any, Any] = models.JSONField()
    # The sessions whose results were the reason; a session is the reason for one change at most of an exercise.
    sessions: models.JSONField[Any, Any] = models.JSONField(default=list)
    values: models.JSONField[Any, Any] = models.JSONField(default=dict, help_text="What the reason's sentence names.")
    for_clinician = models.BooleanField(default=False, help_text="Shown to the clinician in the weekly view.")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    undoes = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="undone_by")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(undoes=None) | ~Q(undoes=F("id")), name="a_change_does_not_undo_itself"),
        ]
        indexes = [models.Index(fields=["practice", "at", "id"], name="changes_of_a_practice")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.practice_id}"


class ProgrammeEvent(models.Model):
    """One thing that happened to the whole programme. Rows are added only."""

    class Kind(models.TextChoices):
        STARTED = "started", _("started")
        PUBLISHED = "published", _("published")
        PAUSED = "paused", _("paused")
        RESUMED = "resumed", _("resumed")
        EASED = "eased", _("gentle days")
        MAINTENANCE_OFFERED = "offered", _("keeping well offered")
        MAINTENANCE = "maintenance", _("keeping well")
        ENDED = "ended", _("ended")

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    at = models.DateTimeField()
    on = models.DateField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    data: models.JSONField[Any, Any] = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["programme", "at", "id"], name="events_of_a_programme")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.programme_id}"


class PlannedExercise(models.Model):
    """What was planned for one past local day, written down when the day was over: adherence is counted from it."""

    class State(models.TextChoices):
        DUE = "due", _("to do")
        RESTING = "resting", _("rest")
        # Counts as planned and done, like rest, but it is a break all the same (DX-09).
        PAUSED = "paused", _("paused")

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="planned")
    on = models.DateField()
    exercise = models.CharField(max_length=8)
    times = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=State.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "on", "exercise"], name="an_exercise_is_planned_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.exercise} on {self.on}"
