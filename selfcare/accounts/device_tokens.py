"""How a phone that is signed in gets the token with which it may hand in entries and nothing else."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.views import APIView

from edge import bodies
from edge.openapi import ID, PERSON, STRING, WRITING, answers, or_null, thing
from edge.permissions import IsWhoThePhoneMeans
from selfcare.accounts import devices
from selfcare.accounts.models import PatientProfile


class DeviceBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """What a phone says when it asks for a token."""

    replaces: UUID | None = None
    push: UUID | None = None


WORDS = {
    "replaces": "Send the id that this phone had before, or leave it out.",
    "push": "Send the id of this phone's subscription, or leave it out.",
}
POST_DEVICE: dict[str, Any] = {
    "operation_id": "device_token",
    "tags": ["Devices"],
    "parameters": [PERSON],
    "request": {"application/json": thing(replaces=or_null(ID), push=or_null(ID), optional=("replaces", "push"))},
    "responses": answers({201: thing(id=ID, token=STRING)}, refusals=WRITING),
}


class DeviceView(APIView):
    """The device that this session belongs to."""

    permission_classes = [IsAuthenticated, IsWhoThePhoneMeans]

    @extend_schema(**POST_DEVICE)
    def post(self, request: Request) -> HttpResponse:
        """Get a token for this device. It can hand in your entries and sessions after sign-in has run out."""
        body = bodies.read(request, DeviceBody, words=WORDS)
        if not PatientProfile.objects.filter(user=request.user).exists():
            raise PermissionDenied
        session = request.auth if request.auth is not None else request._request.session
        device, token = devices.issue(
            request.user,
            session_key=session.session_key,
            user_agent=request.headers.get("User-Agent", ""),
            replaces=body.replaces,
            push_id=body.push,
            now=timezone.now(),
        )
        return bodies.reply({"id": device.pk, "token": token}, status=201)
