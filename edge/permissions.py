"""Whose diary a phone is writing to."""

from __future__ import annotations

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from edge.errors import SIGN_IN


class IsWhoThePhoneMeans(BasePermission):
    """Refuse an entry whose ``X-Person`` is not the person signed in.

    On a shared phone somebody else may sign in between the moment an entry is kept and the moment it is sent. The
    phone keeps a refused entry until its own person signs in. Without the header the session alone decides.
    """

    message = SIGN_IN

    def has_permission(self, request: Request, view: Any) -> bool:
        """Return whether the entry is meant for the person signed in."""
        meant = request.headers.get("X-Person")
        return not meant or meant == str(request.user.pk)
