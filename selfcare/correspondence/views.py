"""The API of messages: a patient's own, for other clients than the pages. Clinicians answer on their pages."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

import msgspec
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.views import APIView

from edge import bodies
from edge.errors import Refused
from edge.permissions import IsWhoThePhoneMeans
from selfcare.accounts.models import Clinic, PatientProfile
from selfcare.correspondence import conversations, schema
from selfcare.correspondence.models import Message

MOST = 200
STATUS = {conversations.IdTaken: 409, conversations.NoTeam: 409, conversations.TooMany: 429}
WORDS = {"text": "Write something first, then send it."}


class MessageBody(msgspec.Struct, forbid_unknown_fields=True):
    """What a patient writes."""

    text: str
    kind: Literal["message", "visit_request"] = "message"
    clinic: UUID | None = None


class MessagesView(APIView):
    """One's own messages."""

    @extend_schema(**schema.GET_MESSAGES)
    def get(self, request: Request) -> HttpResponse:
        """Read your newest 200 messages, newest first, and how many you have not read. This marks none of them read."""
        found = Message.objects.filter(conversation__patient=request.user).select_related("conversation")
        shown = found.order_by("-sent_at", "-number", "id")[:MOST]
        unread = conversations.unread_count(request.user.pk)
        return bodies.reply({"messages": [_plain(each) for each in shown], "unread": unread})


class MessageView(APIView):
    """One message of one's own."""

    permission_classes = [IsAuthenticated, IsWhoThePhoneMeans]

    @extend_schema(**schema.PUT_MESSAGE)
    def put(self, request: Request, message_id: UUID) -> HttpResponse:
        """Send a message under the id that you made. The same id and words again give the stored message back.

        Nobody watches for messages, and nothing in them is judged: they are no way to report a warning sign.
        """
        get_object_or_404(PatientProfile, user=request.user)
        body = bodies.read(request, MessageBody, words=WORDS)
        clinic = get_object_or_404(Clinic, pk=body.clinic) if body.clinic else None
        try:
            message, created = conversations.send(
                request.user, message_id, body.text, clinic=clinic, kind=body.kind, now=timezone.now()
            )
        except conversations.MessageRefused as refusal:
            raise Refused(str(refusal), status_code=STATUS.get(type(refusal), 400)) from None
        return bodies.reply(_plain(message), status=201 if created else 200)


class ReadView(APIView):
    """Whether one has read a message."""

    @extend_schema(**schema.PUT_READ)
    def put(self, request: Request, message_id: UUID) -> HttpResponse:
        """Say that you have read a message of your team. It is no longer announced then."""
        mine = Message.objects.filter(conversation__patient=request.user, side=Message.Side.CLINIC)
        message = get_object_or_404(mine.select_related("conversation"), pk=message_id)
        conversations.mark_read(message.conversation, [message], by=request.user, now=timezone.now())
        message.refresh_from_db(fields=["read_at"])
        return bodies.reply(_plain(message))


def _plain(message: Message) -> dict[str, Any]:
    return {
        "id": message.pk,
        "clinic": message.conversation.clinic_id,
        "side": message.side,
        "kind": message.kind,
        "text": message.text,
        "sent_at": message.sent_at,
        "read_at": message.read_at,
    }
