"""Who a person is, which clinic looks after them, and what they agreed to."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AbstractUser, BaseUserManager, _user_has_perm
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    """Makes users that log in with an e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Return a new user. Without a password the person logs in by e-mail code or passkey."""
        if not email:
            raise ValueError("Give an e-mail address.")
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractUser):
    """A person who logs in: a patient, a clinician, or both."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = None  # type: ignore[assignment]
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []
    objects = UserManager()  # type: ignore[misc,assignment]

    def __str__(self) -> str:
        return str(self.id)

    def get_full_name(self) -> str:
        """Return the name this person gave, or the e-mail address while there is none."""
        return self.name or self.email

    get_short_name = get_full_name

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Return whether this person may do this with this patient or clinic.

        Django lets a superuser do everything without asking the backends; here nobody sees a diary that way.
        """
        return self.is_active and _user_has_perm(self, perm, obj)


class Clinic(models.Model):
    """A place whose clinicians look after patients, with its hours and its escalation times."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    country = models.CharField(max_length=2, default="GB")
    time_zone = models.CharField(max_length=64, default="Europe/London")
    phone = models.CharField(max_length=40, blank=True)
    opens_at = models.TimeField(default=time(9, 0))
    closes_at = models.TimeField(default=time(17, 0))
    working_days = models.CharField(max_length=7, default="12345", help_text="ISO weekdays, Monday is 1.")
    out_of_hours_text = models.TextField(blank=True)
    # ux.md 2.4: "Now" unowned 15 minutes, "Today" 4 hours; the clinic may change both.
    escalate_emergency_after_min = models.PositiveSmallIntegerField(default=15)
    escalate_same_day_after_min = models.PositiveSmallIntegerField(default=240)
    # Out of hours other people may be told, at other times; an opening comes with the times of working hours.
    escalate_emergency_closed_after_min = models.PositiveSmallIntegerField(default=15)
    escalate_same_day_closed_after_min = models.PositiveSmallIntegerField(default=240)
    # Working days until the rota is told of a message that nobody has answered.
    answer_messages_within_days = models.PositiveSmallIntegerField(default=2)
    duty_email = models.EmailField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class CurrentQuerySet(models.QuerySet[Any]):
    """Rows with a from and an until: which of them hold at an instant."""

    def current(self, now: datetime) -> CurrentQuerySet:
        """Return the rows that have begun and not ended at ``now``."""
        return self.filter(Q(until_at=None) | Q(until_at__gt=now), from_at__lte=now)


class Membership(models.Model):
    """A clinician's or manager's place in a clinic, from and until.

    A manager runs the clinic and sees no diary; somebody who does both holds both places.
    """

    class Role(models.TextChoices):
        CLINICIAN = "clinician", _("clinician")
        MANAGER = "manager", _("manager")

    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role.choices)
    # Escalation goes by this number: level 0 is told first, then level 1, and so on.
    rota_level = models.PositiveSmallIntegerField(default=0)
    # The same out of hours. Empty: not told then, as long as somebody else of the clinic is.
    out_of_hours_level = models.PositiveSmallIntegerField(null=True, blank=True)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True, blank=True)

    objects = CurrentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "user", "role"],
                condition=Q(until_at=None),
                name="one_current_membership_per_clinic_user_and_role",
            ),
            models.CheckConstraint(
                condition=Q(until_at=None) | Q(until_at__gte=F("from_at")), name="membership_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


# Answers in weeks that go on with time, and the most that count: a pregnancy, 6 months after a birth, 10 years.
MOST_WEEKS = {"pregnant_weeks": 43, "postpartum_weeks": 27, "spine_operation_weeks": 520}
# clinical.md 1.2, Q-HIST.
ASK_HISTORY_AFTER = timedelta(weeks=12)


class PatientProfile(models.Model):
    """What triage and reminders need to know about a patient besides the diary."""

    class Sex(models.TextChoices):
        FEMALE = "female", _("female")
        MALE = "male", _("male")
        UNSTATED = "", _("prefer not to say")

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="patient")
    time_zone = models.CharField(max_length=64)
    language = models.CharField(max_length=12, default="en-gb")
    country = models.CharField(max_length=2)
    year_of_birth = models.PositiveSmallIntegerField()
    sex = models.CharField(max_length=6, choices=Sex.choices, blank=True, default="")
    # Baseline keys of the vocabulary by their names; a missing key means "not answered" or "not sure".
    history = models.JSONField(default=dict, blank=True)
    # The keys answered with "not sure": kept apart, so that no rule can take the word for a yes or a no.
    history_unsure = models.JSONField(default=list, blank=True)
    # The day on which each answer was given, as "2026-03-01": weeks of pregnancy count on from there.
    history_said_on = models.JSONField(default=dict, blank=True)
    # When the person last went through these questions, or said that nothing has changed.
    history_asked_at = models.DateTimeField(null=True, blank=True)
    goal = models.CharField(max_length=200, blank=True)
    onboarded_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.user_id)

    def zone(self) -> ZoneInfo:
        """Return the patient's home time zone."""
        return ZoneInfo(self.time_zone)

    def local_date(self, now: datetime) -> date:
        """Return the patient's calendar date at the instant ``now``."""
        return now.astimezone(self.zone()).date()

    def history_is_due(self, now: datetime) -> bool:
        """Return whether to ask about health again: after 12 weeks (clinical.md 1.2), or when a pregnancy is over."""
        if self.history_asked_at is None:
            return False
        today = self.local_date(now)
        over = "pregnant_weeks" in self.history and "pregnant_weeks" not in self.history_on(today)
        return over or now >= self.history_asked_at + ASK_HISTORY_AFTER

    def history_on(self, day: date) -> dict[str, Any]:
        """Return the answers as they hold on a day: weeks of pregnancy, and since a birth or an operation, go on.

        Weeks past the most that count are no answer any more.
        """
        known = dict(self.history)
        for key in MOST_WEEKS.keys() & known.keys():
            said_on = self.history_said_on.get(key)
            passed = (day - date.fromisoformat(said_on)).days // 7 if said_on else 0
            weeks = known.pop(key) + max(0, passed)
            if weeks <= MOST_WEEKS[key]:
                known[key] = weeks
        return known

    def age_on(self, as_of: date) -> int:
        """Return the age in whole years that is certain to have been reached or is reached within the year.

        Only the year of birth is kept (less data, same decisions): the higher of the two possible ages is used,
        because an age threshold may only make triage more careful.
        """
        return as_of.year - self.year_of_birth


class CareRelationship(models.Model):
    """A clinic looks after a patient, from and until."""

    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="care_relationships")
    patient = models.ForeignKey(User, on_delete=models.CASCADE, related_name="care_relationships")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True, blank=True)

    objects = CurrentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "patient"],
                condition=Q(until_at=None),
                name="one_current_care_relationship_per_clinic_and_patient",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """Rows that are added and read, never changed; the database refuses the same (append_only.py)."""

    def update(self, **fields: Any) -> int:
        """Refuse."""
        raise AppendOnly(self.model.__name__)

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refuse."""
        raise AppendOnly(self.model.__name__)


class AppendOnly(TypeError):
    """Somebody tried to change or delete a row that may only be added."""


class Consent(models.Model):
    """One answer to one versioned consent text. Rows are added, never changed; the newest row per purpose counts."""

    class Purpose(models.TextChoices):
        CARE = "care", _("my clinic sees my diary")
        REMINDERS = "reminders", _("reminders")
        INTIMATE = "intimate", _("questions about sex")
        RESEARCH = "research", _("research")

    patient = models.ForeignKey(User, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=12, choices=Purpose.choices)
    given = models.BooleanField()
    text_version = models.CharField(max_length=20)
    text_sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["patient", "purpose", "-at"], name="consent_newest_first")]

    def __str__(self) -> str:
        return str(self.pk)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the row, or refuse to change it."""
        if not self._state.adding:
            raise AppendOnly(type(self).__name__)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refuse."""
        raise AppendOnly(type(self).__name__)


class Invitation(models.Model):
    """A single-use way into a clinic: for a patient, or for a colleague. Only the hash of the code is kept."""

    class Kind(models.TextChoices):
        PATIENT = "patient", _("patient")
        CLINICIAN = "clinician", _("clinician")
        MANAGER = "manager", _("manager")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="invitations")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.PATIENT)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    code_sha256 = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    used_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.pk)


class Device(models.Model):
    """A browser or app in which a person signed in, and the token with which it may hand in entries and nothing else.

    The session and the token live and end apart: entries that waited on a phone arrive after the session is over.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="devices")
    label = models.CharField(max_length=60, help_text='In plain words, such as "Chrome on Android".')
    session_key = models.CharField(max_length=40, unique=True, null=True, blank=True)
    # Only the fingerprint: whoever reads the database cannot hand in anything. Empty: no token.
    token_sha256 = models.CharField(max_length=64, unique=True, null=True, blank=True)
    push = models.ForeignKey(
        "notifications.PushSubscription", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField()

    # What the views that take device tokens ask of whoever signed in (edge/submitting.py).
    submit_only = True

    def __str__(self) -> str:
        return str(self.id)


class AuditEvent(models.Model):
    """Who looked at or changed what. Rows are added only; the database itself refuses to change or delete one."""

    at = models.DateTimeField()
    actor_id = models.UUIDField(null=True)
    action = models.CharField(max_length=40)
    patient_id = models.UUIDField(null=True)
    clinic_id = models.UUIDField(null=True)
    object_id = models.CharField(max_length=64, blank=True)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["patient_id", "-at"], name="audit_of_a_patient")]

    def __str__(self) -> str:
        return str(self.pk)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the row, or refuse to change it."""
        if not self._state.adding:
            raise AppendOnly(type(self).__name__)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refuse."""
        raise AppendOnly(type(self).__name__)
