"""Views that also take the token of a device that may hand in and read nothing: they answer it with nothing to read."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from edge import bodies

NOT_STORED = "This could not be stored. It stays on this phone. Sign in to see why."
# What depends on what is stored already, or on how far a person has come: one answer for all of it, and for everybody.
_TELLING = {403, 404, 409}


class TakesDeviceTokens:
    """Mixed into a view whose methods named here a device token may use; every other view refuses the token."""

    takes_device_tokens = frozenset({"PUT"})

    def finalize_response(self, request: Any, response: HttpResponse, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return the answer; to a token it is the id and that it is stored: no tier, no finding, no name."""
        if getattr(request.auth, "submit_only", False):
            if response.status_code < 300:
                response = bodies.reply(
                    {"id": next(iter(kwargs.values())), "stored": True}, status=response.status_code
                )
            elif response.status_code in _TELLING:
                response = bodies.reply({"detail": NOT_STORED}, status=409)
        return super().finalize_response(request, response, *args, **kwargs)  # type: ignore[misc,no-any-return]
