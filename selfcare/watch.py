"""Starts a background program again that lives and has stopped working.

Beat falls silent for as long as the machine's clock was set back; a worker can hang on a connection that is half open.
Both look alive. What counts is whether their heartbeat row still changes, measured on a clock that nobody can set.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import datetime

import redis
from django.db import DatabaseError, connection

from notifications.models import Heartbeat
from selfcare.launcher import Supervisor

LOOK_EVERY_SECONDS = 15.0
SILENT_SECONDS = 90.0
WATCHED = ("beat", "worker", "courier")


@dataclass
class Watch:
    """What was seen of each watched program, and when it last changed."""

    supervisor: Supervisor
    redis_url: str
    _next_look: float = 0.0
    _seen: dict[str, tuple[datetime | None, float]] = field(default_factory=dict)

    def look(self) -> None:
        """Restart each watched program whose heartbeat has stood still for too long."""
        now = time.monotonic()
        if now < self._next_look:
            return
        self._next_look = now + LOOK_EVERY_SECONDS
        rows = self._read()
        for name in WATCHED:
            at = rows.get(name) if rows is not None else None
            before, since = self._seen.get(name, (None, now))
            # Without database or broker nobody can work: that silence is not theirs.
            if rows is None or at != before or name not in self._seen:
                self._seen[name] = (at, now)
            elif now - since > SILENT_SECONDS:
                self.supervisor.say("launcher", f"{name} has not worked for {now - since:.0f} s and is started again.")
                self.supervisor.restart(name)
                self._seen[name] = (at, now)

    def _read(self) -> dict[str, datetime] | None:
        try:
            with redis.Redis.from_url(self.redis_url, socket_timeout=1, socket_connect_timeout=1) as client:
                client.ping()
            return dict(Heartbeat.objects.values_list("name", "at"))
        except (DatabaseError, redis.RedisError):
            return None
        finally:
            connection.close()
