"""Messages that are owed, the places they go to, and reminders."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Priority(models.IntegerChoices):
    """What is sent first."""

    RED_FLAG = 0, _("red flag")
    FOLLOW_UP = 1, _("follow-up")
    WORKLIST = 2, _("worklist")
    OPERATOR = 3, _("operator")
    ORDINARY = 5, _("ordinary")
    REMINDER = 7, _("reminder")


class Kind(models.TextChoices):
    """Everything that may ever appear on a lock screen or in a subject line. The words live in ``wording.py``."""

    CHECK_IN = "check_in", _("check-in reminder")
    MESSAGE = "message", _("message")
    REVIEW = "review", _("review")
    UNSENT = "unsent", _("unsent answers")
    FOLLOW_UP = "follow_up", _("follow-up")
    PACE = "pace", _("fewer reminders")
    WORKLIST = "worklist", _("worklist")
    ESCALATION = "escalation", _("worklist, nobody has confirmed")
    CONTACT = "contact", _("worklist, somebody must be contacted")
    DIGEST = "digest", _("worklist, several items at once")
    UNANSWERED = "unanswered", _("a message nobody has answered")
    OPERATOR = "operator", _("operator")
    TEST = "test", _("test")


class PushSubscription(models.Model):
    """A browser that can be woken up. The address comes from the browser and is treated as hostile."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="push_subscriptions")
    endpoint = models.URLField(max_length=1000, unique=True)
    p256dh = models.CharField(max_length=120)
    auth = models.CharField(max_length=40)
    created_at = models.DateTimeField()
    last_ok_at = models.DateTimeField(null=True, blank=True)
    gone_at = models.DateTimeField(null=True, blank=True, help_text="The push service said 404 or 410.")

    def __str__(self) -> str:
        return str(self.id)


class MessageQuerySet(models.QuerySet["Message"]):
    """Messages by what is to be done with them."""

    def due(self, now: datetime) -> MessageQuerySet:
        """Return the messages that may be claimed now, the most pressing first."""
        return self.filter(status=Message.Status.DUE, next_attempt_at__lte=now).order_by(
            "priority", "next_attempt_at", "id"
        )


class Message(models.Model):
    """The outbox row: a message owed to one place. It commits with the fact that owes it."""

    class Channel(models.TextChoices):
        EMAIL = "email", _("e-mail")
        WEB_PUSH = "web_push", _("web push")

    class Status(models.TextChoices):
        DUE = "due", _("due")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed for good")
        CANCELLED = "cancelled", _("no longer wanted")
        EXPIRED = "expired", _("too late to be of use")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # One message per cause, recipient, channel and place: a second enqueue of the same key does nothing.
    key = models.CharField(max_length=200, unique=True)
    # Shared by all messages of one cause, for example "alert:<id>"; cancelling works on it.
    cause = models.CharField(max_length=80)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="messages"
    )
    # For a place that is not a user, such as a clinic's duty address.
    address = models.EmailField(blank=True)
    # Forgetting a browser must not erase the record of what was sent to it.
    subscription = models.ForeignKey(
        PushSubscription, on_delete=models.SET_NULL, null=True, blank=True, related_name="messages"
    )
    priority = models.PositiveSmallIntegerField(default=5, help_text="0 is sent first.")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DUE)
    created_at = models.DateTimeField()
    # Due column and lease in one: a claim moves it to the end of the lease, a failure to the next attempt.
    next_attempt_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    claim = models.UUIDField(null=True, blank=True)
    # Leases that ran out: whoever held the message died of it. A failure that came back as an answer is not one.
    crashes = models.PositiveSmallIntegerField(default=0)
    expires_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=80, blank=True, default="", help_text="A code, never a text with data.")

    objects = MessageQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["priority", "next_attempt_at"], condition=Q(status="due"), name="message_due"),
            models.Index(fields=["cause"], name="messages_of_a_cause"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class ReminderQuerySet(models.QuerySet["Reminder"]):
    """Reminders by due time."""

    def due(self, now: datetime) -> ReminderQuerySet:
        """Return the reminders whose time has come, the earliest first."""
        return self.filter(next_at__lte=now).order_by("next_at", "id")


class Reminder(models.Model):
    """When a person wants to be asked to check in: local time and days; at most one a day."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reminder")
    enabled = models.BooleanField(default=True)
    by_push = models.BooleanField(default=True)
    by_email = models.BooleanField(default=True)
    local_time = models.TimeField()
    days = models.CharField(max_length=7, default="1234567", help_text="ISO weekdays, Monday is 1.")
    every_days = models.PositiveSmallIntegerField(default=1, help_text="Days from one reminder to the next: 1, 2 or 7.")
    # What has been offered so far, so that nobody is asked about a slower pace twice.
    offered_days = models.PositiveSmallIntegerField(default=1)
    # The first local date on which reminders come again.
    paused_until = models.DateField(null=True, blank=True)
    time_zone = models.CharField(max_length=64)
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)
    # The local date that is already taken care of: a check-in was made, or a reminder was sent.
    done_on = models.DateField(null=True, blank=True)
    next_at = models.DateTimeField(null=True, blank=True)
    ignored = models.PositiveSmallIntegerField(default=0, help_text="Reminders in a row without a check-in.")

    objects = ReminderQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="reminder_due"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Heartbeat(models.Model):
    """The last time a background process did its work; /readyz turns red when one goes stale."""

    name = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
