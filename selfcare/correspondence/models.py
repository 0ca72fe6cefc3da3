"""One conversation for each patient and clinic, and what was written in it."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from selfcare.accounts import care
from selfcare.accounts.models import CareRelationship, Clinic, Membership

LONGEST = 2000


class ConversationQuerySet(models.QuerySet["Conversation"]):
    """Conversations by who may read them and by what is due."""

    def open_to(self, clinician: Any, *, now: datetime) -> ConversationQuerySet:
        """Return those of clinics in which this person looks after patients, while the patient is there and consents.

        Both places must be in the same clinic: a patient may have two, and a clinician too.
        """
        places = Membership.objects.current(now).filter(user=clinician, role=Membership.Role.CLINICIAN)
        looked_after = CareRelationship.objects.current(now).filter(
            clinic=OuterRef("clinic"), patient=OuterRef("patient")
        )
        return self.filter(
            Exists(looked_after),
            clinic__in=places.values("clinic"),
            patient__in=care.patients_of(clinician, now=now).order_by().values("id"),
        )

    def waiting(self) -> ConversationQuerySet:
        """Return those in which a patient waits for an answer, the longest first."""
        return self.filter(waiting_since__isnull=False).order_by("waiting_since", "id")


class Conversation(models.Model):
    """What a patient and the team of one clinic write to each other."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="conversations")
    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="conversations")
    # When the oldest message of the patient was sent that nobody has answered or said to need no answer.
    waiting_since = models.DateTimeField(null=True, blank=True)
    # Due column: the rota is told, once, that a message waits.
    next_overdue_at = models.DateTimeField(null=True, blank=True)
    # When the patient was last told of a new message, and the due column of the next time.
    told_at = models.DateTimeField(null=True, blank=True)
    next_notice_at = models.DateTimeField(null=True, blank=True)
    # Who said that the newest messages need no answer.
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = ConversationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["patient", "clinic"], name="one_conversation_per_patient_and_clinic"),
        ]
        indexes = [
            models.Index(
                fields=["clinic", "waiting_since"],
                condition=Q(waiting_since__isnull=False),
                name="conversation_waits",
            ),
            models.Index(
                fields=["next_overdue_at"], condition=Q(next_overdue_at__isnull=False), name="conversation_overdue"
            ),
            models.Index(
                fields=["next_notice_at"], condition=Q(next_notice_at__isnull=False), name="conversation_notice"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Message(models.Model):
    """Something that one side has written. Its words never change."""

    class Side(models.TextChoices):
        PATIENT = "patient", _("patient")
        CLINIC = "clinic", _("clinic")

    class Kind(models.TextChoices):
        MESSAGE = "message", _("message")
        VISIT_REQUEST = "visit_request", _("visit request")

    # Made by the sender, so that the same message sent twice is one.
    id = models.UUIDField(primary_key=True, editable=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="messages")
    # The place in the conversation, from 1: the order holds whatever the clocks say.
    number = models.PositiveIntegerField()
    side = models.CharField(max_length=7, choices=Side.choices)
    # Empty once the account of its author is gone.
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    kind = models.CharField(max_length=13, choices=Kind.choices, default=Kind.MESSAGE)
    text = models.TextField(max_length=LONGEST)
    sent_at = models.DateTimeField()
    # The first time that the other side had it on the screen.
    read_at = models.DateTimeField(null=True, blank=True)
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "number"], name="one_message_per_place_in_a_conversation"),
            models.CheckConstraint(condition=~Q(text=""), name="a_message_says_something"),
        ]
        indexes = [
            models.Index(fields=["conversation", "side"], condition=Q(read_at__isnull=True), name="message_unread"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
