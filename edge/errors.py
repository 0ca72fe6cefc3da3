"""How the API says that something is wrong: one shape, one clear sentence, the right status.

The shape is ``{"detail": sentence}``, with ``"fields": {name: sentence}`` where single fields need mending. Somebody
else's object and one that does not exist give the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import Http404
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler

SIGN_IN = "Sign in to go on. What you have written stays on this phone."
NOT_ALLOWED = "You may not do this. Ask your clinic if you think you should."
NOT_HERE = "There is nothing here."
BUSY = "The service is busy. Your answers are safe on this phone. Try again in a minute."
SLOW_DOWN = "That was too often. Wait a minute and try again."
LOOK_AGAIN = "Some answers need another look."


class Refused(exceptions.APIException):
    """A request that cannot be taken as it is: a status, a sentence, and a sentence per field."""

    status_code = status.HTTP_400_BAD_REQUEST

    def __init__(self, detail: str, *, fields: Mapping[str, str] | None = None, status_code: int | None = None) -> None:
        super().__init__(detail)
        self.fields = dict(fields or {})
        if status_code is not None:
            self.status_code = status_code


def as_json(error: Exception, context: dict[str, Any]) -> Response | None:
    """Return the answer to a failed request, or None to let Django answer with a plain 500.

    A database that is away for a moment becomes 503 with Retry-After, so that a phone keeps its entry and tries again.
    """
    if isinstance(error, OperationalError | InterfaceError):
        return Response({"detail": BUSY}, status=status.HTTP_503_SERVICE_UNAVAILABLE, headers={"Retry-After": "30"})
    response = exception_handler(error, context)
    if response is not None:
        response.data = _body_of(error, response.data)
    return response


def _body_of(error: Exception, data: Any) -> dict[str, Any]:
    if isinstance(error, Refused):
        return {"detail": str(error.detail), "fields": error.fields} if error.fields else {"detail": str(error.detail)}
    if isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        return {"detail": SIGN_IN}
    if isinstance(error, Http404 | exceptions.NotFound):
        return {"detail": NOT_HERE}
    if isinstance(error, PermissionDenied):
        return {"detail": NOT_ALLOWED}
    if isinstance(error, exceptions.PermissionDenied):
        # Ours carries its own sentence; the framework's and that of a failed CSRF check do not say what to do.
        own = error.detail != error.default_detail and not str(error.detail).startswith("CSRF")
        return {"detail": str(error.detail) if own else NOT_ALLOWED}
    if isinstance(error, exceptions.Throttled):
        return {"detail": SLOW_DOWN}
    if isinstance(error, exceptions.ValidationError):
        return _of_validation(data)
    return data if isinstance(data, dict) and "detail" in data else {"detail": str(data)}


def _of_validation(data: Any) -> dict[str, Any]:
    if not isinstance(data, dict):
        return {"detail": " ".join(map(str, data)) if isinstance(data, list) else str(data)}
    fields = {name: " ".join(map(str, said)) if isinstance(said, list) else str(said) for name, said in data.items()}
    if set(fields) <= {"detail", "non_field_errors"}:
        return {"detail": " ".join(fields.values())}
    return {"detail": LOOK_AGAIN, "fields": fields}
