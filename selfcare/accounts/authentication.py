"""Who a request of another client acts for: the session named in its X-Session-Token header, looked up once."""

from __future__ import annotations

from typing import Any

from allauth.core.internal.sessionkit import get_session_user
from allauth.headless.contrib.rest_framework.authentication import XSessionTokenAuthentication
from allauth.headless.internal.sessionkit import lookup_session
from django.http import HttpRequest
from drf_spectacular.extensions import OpenApiAuthenticationExtension


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
