"""What the reports mean: assessments, and the alerts that somebody must close."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Tier(models.TextChoices):
    """Urgency tiers of clinical.md section 0, most urgent first."""

    EMERGENCY = "emergency", _("now")
    SAME_DAY = "same_day", _("today")
    WITHIN_2_WEEKS = "within_2_weeks", _("in the next two weeks")
    ROUTINE = "routine", _("routine")
    NONE = "none", _("no warning signs in today's answers")


TIERS = tuple(Tier.values)


class Said(models.TextChoices):
    """What a patient may answer when asked whether they were seen."""

    SEEN = "seen", _("I was seen")
    THERE = "there", _("I am there")
    GOING = "going", _("I am going")
    NOT_YET = "not_yet", _("Not yet")
    COULD_NOT = "could_not", _("I could not get there")


class SeenAt(models.TextChoices):
    """Where a patient was seen."""

    HOSPITAL = "hospital", _("At a hospital")
    GP = "gp", _("At a GP practice")
    CLINIC = "clinic", _("At a clinic, or by a physiotherapist")
    PHONE = "phone", _("By phone or video")
    OTHER = "other", _("Somewhere else")


class SeenOutcome(models.TextChoices):
    """What came of it, in the patient's words."""

    KEPT_IN = "kept_in", _("I was kept in, or there is an operation")
    SCAN = "scan", _("A scan was done, or is booked")
    REFERRED = "referred", _("I was examined and sent to somebody else")
    SENT_HOME = "sent_home", _("I was examined and sent home")
    NOT_EXAMINED = "not_examined", _("Nobody examined me")


class Hindrance(models.TextChoices):
    """Why a patient could not be seen (clinical.md H17)."""

    TRANSPORT = "transport", _("I have no way to get there")
    COST = "cost", _("It costs too much")
    FEAR = "fear", _("I am afraid to go")
    CARING = "caring", _("I look after somebody and cannot leave")
    TOO_ILL = "too_ill", _("I am too ill, or it hurts too much to travel")
    NO_APPOINTMENT = "no_appointment", _("I could not get through, or get a time")
    SENT_HOME = "sent_home", _("I went and was sent home")
    OTHER = "other", _("Something else")


def urgency(tier: str) -> int:
    """Return the rank of a tier: 0 is the most urgent."""
    return TIERS.index(tier)


class Assessment(models.Model):
    """One evaluation of a patient's diary on one day, with everything needed to explain it later."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="assessments")
    # The diary lies above triage, so an entry is known here by its id alone. Empty: time asked, not an entry.
    entry_id = models.UUIDField(null=True, blank=True)
    as_of = models.DateField()
    catalogue_version = models.CharField(max_length=40)
    tier = models.CharField(max_length=16, choices=Tier.choices)
    # [{rule, reason, tier, advice, occasion, inputs, alert}], most urgent first; "alert" is the id it opened or joined.
    findings = models.JSONField(default=list)
    complete = models.BooleanField(
        default=True, help_text="False: a rule failed; the findings are those of the others."
    )
    evaluated_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["patient", "-evaluated_at"], name="assessments_of_a_patient"),
            models.Index(fields=["entry_id"], name="assessment_of_an_entry"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class ContentInUse(models.Model):
    """A version of the clinical content that this installation has begun to judge by; the newest is the present one."""

    version = models.CharField(max_length=40)
    etag = models.CharField(max_length=64)
    since = models.DateTimeField()

    class Meta:
        verbose_name_plural = "content in use"

    def __str__(self) -> str:
        return self.version


class AlertQuerySet(models.QuerySet["Alert"]):
    """Alerts by state."""

    def open(self) -> AlertQuerySet:
        """Return the alerts that nobody has closed, acknowledged or not."""
        return self.exclude(status=Alert.Status.CLOSED)

    def by_urgency(self) -> AlertQuerySet:
        """Return the alerts most urgent first, then oldest."""
        return self.order_by("urgency", "opened_at", "id")

    def due_for_escalation(self, now: datetime) -> AlertQuerySet:
        """Return the unacknowledged alerts whose time to escalate has come."""
        return self.filter(status=Alert.Status.OPEN, next_escalation_at__lte=now).order_by("next_escalation_at", "id")

    def due_for_follow_up(self, now: datetime) -> AlertQuerySet:
        """Return the open alerts whose patient is to be asked whether they were seen."""
        return self.open().filter(next_follow_up_at__lte=now).order_by("next_follow_up_at", "id")

    def due_for_silence(self, now: datetime) -> AlertQuerySet:
        """Return the open alerts about which nobody may have said or done anything for too long."""
        return self.open().filter(next_silence_at__lte=now, silent_at=None).order_by("next_silence_at", "id")

    def due_for_release(self, now: datetime) -> AlertQuerySet:
        """Return the alerts that somebody took and may have left alone."""
        taken = self.filter(status=Alert.Status.ACKNOWLEDGED, next_release_at__lte=now)
        return taken.order_by("next_release_at", "id")

    def urgent(self) -> AlertQuerySet:
        """Return the alerts that ask for being seen now or today."""
        return self.filter(tier__in=(Tier.EMERGENCY, Tier.SAME_DAY))


class Alert(models.Model):
    """A finding that a clinician must act on. It stays open until a person closes it with an outcome."""

    class Status(models.TextChoices):
        OPEN = "open", _("open")
        ACKNOWLEDGED = "acknowledged", _("acknowledged")
        CLOSED = "closed", _("closed")

    class Outcome(models.TextChoices):
        SEEN_EMERGENCY = "seen_emergency", _("seen at hospital")
        SEEN_CLINIC = "seen_clinic", _("seen in clinic")
        ADVICE_GIVEN = "advice_given", _("advice given by phone")
        REFERRED = "referred", _("referred")
        NOT_REACHED = "not_reached", _("could not be reached, passed on")
        ENTERED_BY_MISTAKE = "entered_by_mistake", _("entered by mistake, checked with the patient")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="alerts")
    rule_id = models.CharField(max_length=24)
    # Separates the occasions of a rule that asks again on purpose, such as PER-03 at day 42, 49 and 56; else empty.
    occasion = models.CharField(max_length=40, blank=True, default="")
    reason = models.CharField(max_length=40)
    tier = models.CharField(max_length=16, choices=Tier.choices)
    urgency = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.OPEN)
    catalogue_version = models.CharField(max_length=40)
    inputs = models.JSONField(default=dict, help_text="The observations that made the rule fire, by day.")
    entry_id = models.UUIDField(null=True, blank=True)
    as_of = models.DateField(help_text="The patient's local day that the finding is about.")
    reported_at = models.DateTimeField(help_text="When the patient answered, by the phone.")
    opened_at = models.DateTimeField(help_text="When the server knew.")
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True, default="")
    escalation_level = models.PositiveSmallIntegerField(default=0)
    next_escalation_at = models.DateTimeField(null=True, blank=True)
    # When the patient is next asked whether they were seen. Empty: not asked, or they said who examined them.
    next_follow_up_at = models.DateTimeField(null=True, blank=True)
    assessed_at = models.DateTimeField(
        null=True, blank=True, help_text="When the patient said that they were examined."
    )
    # clinical.md T-11: when silence becomes a task, and since when it is one; only a contact or closing ends it.
    next_silence_at = models.DateTimeField(null=True, blank=True)
    silent_at = models.DateTimeField(null=True, blank=True)
    # When an emergency that somebody took and left alone goes back to everybody.
    next_release_at = models.DateTimeField(null=True, blank=True)

    objects = AlertQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "rule_id"],
                condition=~Q(status="closed"),
                name="one_open_alert_per_patient_and_rule",
            )
        ]
        indexes = [
            models.Index(fields=["urgency", "opened_at", "id"], condition=~Q(status="closed"), name="alert_worklist"),
            models.Index(fields=["next_escalation_at"], condition=Q(status="open"), name="alert_due_to_escalate"),
            models.Index(fields=["next_follow_up_at"], condition=~Q(status="closed"), name="alert_due_to_follow_up"),
            models.Index(fields=["next_silence_at"], condition=~Q(status="closed"), name="alert_due_for_silence"),
            models.Index(fields=["next_release_at"], condition=Q(status="acknowledged"), name="alert_due_to_release"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class AlertEvent(models.Model):
    """One thing that happened to an alert. Rows are added only."""

    class Kind(models.TextChoices):
        OPENED = "opened", _("opened")
        REPEATED = "repeated", _("reported again")
        RAISED = "raised", _("raised to a more urgent tier")
        ACKNOWLEDGED = "acknowledged", _("acknowledged")
        ACTION = "action", _("action recorded")
        ESCALATED = "escalated", _("escalated")
        ASKED = "asked", _("the patient was asked whether they were seen")
        PATIENT_SAID = "patient_said", _("the patient said")
        SILENT = "silent", _("no sign of the patient: contact them")
        RELEASED = "released", _("released, so that another can take it")
        CLOSED = "closed", _("closed")
        REOPENED = "reopened", _("closing undone")

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    entry_id = models.UUIDField(null=True, blank=True)
    note = models.TextField(blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["alert", "at", "id"], name="events_of_an_alert")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.alert_id}"


# Which event may move an alert from which states to which; every other event leaves the state alone.
TRANSITIONS: Mapping[str, tuple[frozenset[str], str]] = {
    AlertEvent.Kind.ACKNOWLEDGED: (frozenset({Alert.Status.OPEN}), Alert.Status.ACKNOWLEDGED),
    # "I know of a same-day matter" is not "I know of an emergency": a raised alert must be acknowledged again.
    AlertEvent.Kind.RAISED: (frozenset({Alert.Status.OPEN, Alert.Status.ACKNOWLEDGED}), Alert.Status.OPEN),
    AlertEvent.Kind.CLOSED: (frozenset({Alert.Status.OPEN, Alert.Status.ACKNOWLEDGED}), Alert.Status.CLOSED),
    AlertEvent.Kind.REOPENED: (frozenset({Alert.Status.CLOSED}), Alert.Status.ACKNOWLEDGED),
    AlertEvent.Kind.ESCALATED: (frozenset({Alert.Status.OPEN}), Alert.Status.OPEN),
    AlertEvent.Kind.RELEASED: (frozenset({Alert.Status.ACKNOWLEDGED}), Alert.Status.OPEN),
}
