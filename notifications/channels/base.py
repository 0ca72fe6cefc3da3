"""What a channel is: a way to hand one message to one place."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

from notifications.models import Message


class DeliveryError(Exception):
    """The message was not taken. ``code`` is a short fixed word for operators and never carries data of a person."""

    def __init__(self, code: str, *, permanent: bool, retry_after: timedelta | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.permanent = permanent
        self.retry_after = retry_after


class Channel(Protocol):
    """A way to reach people."""

    def send(self, message: Message, now: datetime) -> None:
        """Return when the other side has taken the message, or raise DeliveryError."""
