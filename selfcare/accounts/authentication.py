"""Who a request acts for without a cookie: by the session in X-Session-Token, or by the token of a device."""

from __future__ import annotations

from typing import Any

from allauth.core.internal.sessionkit import get_session_user
from allauth.headless.contrib.rest_framework.authentication import XSessionTokenAuthentication
from allauth.headless.internal.sessionkit import lookup_session
from django.http import HttpRequest
from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.request import Request

from edge import counting
from selfcare.accounts import devices
from selfcare.accounts.models import Device, User

WORD = "Device"
# Three weeks without a network are some 60 entries and sessions; far more than that is not a person.
WINDOW_SECONDS = 600
MOST_IN_WINDOW = 200


class SessionToken(XSessionTokenAuthentication):
    """Sign in by the header, without asking the database again for what the middleware has found already."""

    def authenticate(self, request: Any) -> tuple[Any, Any] | None:
        """Return the person and their session, or None without a token that holds."""
        return by_token(getattr(request, "_request", request))


def by_token(request: HttpRequest) -> tuple[Any, Any] | None:
    """Return the person and the session of the request's token, or None; asked twice it answers from memory."""
    if not hasattr(request, "session_by_token"):
        request.session_by_token = _found(request.headers.get("X-Session-Token"))  # type: ignore[attr-defined]
    found: tuple[Any, Any] | None = request.session_by_token  # type: ignore[attr-defined]
    return found


def _found(token: str | None) -> tuple[Any, Any] | None:
    session = lookup_session(token) if token else None
    user = get_session_user(session) if session is not None else None
    return (user, session) if user is not None else None


class SessionTokenInDocument(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Name the header in the OpenAPI document."""

    target_class = SessionToken
    name = "sessionToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Return how the token travels."""
        return {
            "type": "apiKey",
            "in": "header",
            "name": "X-Session-Token",
            "description": "The session token that /_allauth/app/v1/ gives to other clients.",
        }


class DeviceToken(BaseAuthentication):
    """Sign in by ``Authorization: Device <token>``, at the few views that take it; every other view refuses it."""

    def authenticate(self, request: Request) -> tuple[User, Device] | None:
        """Return the person and the device; None without such a header. What does not hold is refused, never passed."""
        token = _shown(request)
        if token is None:
            return None
        view = (request.parser_context or {}).get("view")
        if request.method not in getattr(view, "takes_device_tokens", frozenset()):
            raise AuthenticationFailed
        now = timezone.now()
        device = devices.by_token(token, now=now)
        if device is None:
            raise AuthenticationFailed
        if counting.add_one(f"device:{device.pk}", now=now, window_seconds=WINDOW_SECONDS) > MOST_IN_WINDOW:
            raise Throttled(wait=WINDOW_SECONDS)
        return device.user, device

    def authenticate_header(self, request: Request) -> str | None:
        """Return what makes a refused token a 401; without a token the refusals stay what they were."""
        return WORD if _shown(request) is not None else None


def _shown(request: Request | HttpRequest) -> str | None:
    word, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if word == WORD else None


class DeviceTokenInDocument(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Name the header in the OpenAPI document."""

    target_class = DeviceToken
    name = "deviceToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Return how the token travels."""
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "Device <token>: hands in entries, sessions and hour-after answers, and reads nothing.",
        }
