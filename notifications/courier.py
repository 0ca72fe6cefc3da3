"""The courier: delivers what is due with nothing but the database, and watches the other processes.

Broker, worker and scheduler may all be dead: red flags still go out, reminders still come, and the operator is told.
Waiting is done on the monotonic clock, so a wall clock that is set back cannot put it to sleep.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, InterfaceError, close_old_connections, connection, transaction
from django.utils import timezone

from notifications import heartbeat, nudge, outbox, reminders
from notifications.models import Kind, Priority

log = logging.getLogger(__name__)

# A worker gets the first go; without a broker there is none to wait for.
GRACE = timedelta(seconds=3)
IDLE_SECONDS = 1.0
ROUND_SECONDS = 15.0
AFTER_TROUBLE_SECONDS = 2.0


class Courier:
    """Runs lanes that deliver, and one that looks after the rest, until it is told to stop.

    One lane takes pressing messages only, so that no number of reminders and no slow host can stand before a red flag.
    """

    def __init__(self, *, lanes: int = 2, grace: timedelta | None = None) -> None:
        self.grace = grace if grace is not None else timedelta(0) if _no_broker() else GRACE
        self._stop = threading.Event()
        self._started = time.monotonic()
        jobs: list[tuple[str, Callable[[], float]]] = [("pressing", lambda: self.lane(Priority.WORKLIST))]
        jobs += [(f"lane-{number}", lambda: self.lane(None)) for number in range(1, lanes)]
        jobs.append(("round", self.round))
        self._threads = [threading.Thread(target=self._repeat, args=(job,), name=name) for name, job in jobs]

    def start(self) -> None:
        """Start the lanes."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Ask the lanes to finish the message in hand and end."""
        self._stop.set()

    def join(self) -> None:
        """Return when all lanes have ended."""
        for thread in self._threads:
            thread.join()

    def lane(self, most_priority: int | None) -> float:
        """Deliver one due message; return the seconds to wait before the next look."""
        handled = outbox.deliver_next(now=timezone.now(), most_priority=most_priority, due_for=self.grace)
        return 0.0 if handled else IDLE_SECONDS

    def round(self) -> float:
        """Leave a sign of work, do what the scheduler may have missed, and tell the operator of dead processes."""
        now = timezone.now()
        heartbeat.beat("courier", now=now)
        reminders.enqueue_due(now=now)
        outbox.sweep(now=now)
        nudge.publish([("notifications.tasks.record_beat", {"name": "worker"})])
        # Signs of work are old right after the start of everything; that is not news yet.
        if time.monotonic() - self._started > heartbeat.STALE_SECONDS:
            report_stale(now=now)
        return ROUND_SECONDS

    def _repeat(self, job: Callable[[], float]) -> None:
        while not self._stop.is_set():
            close_old_connections()
            try:
                wait = job()
            except (DatabaseError, InterfaceError) as error:
                # The database is away or busy: drop the connection and come back.
                log.warning("database trouble: %s", type(error).__name__)
                connection.close()
                wait = AFTER_TROUBLE_SECONDS
            except Exception as error:
                # A lane that ends would be a courier that only looks alive. The text may hold data; the type does not.
                log.error("courier round failed: %s", type(error).__name__)
                wait = AFTER_TROUBLE_SECONDS
            self._stop.wait(wait)
        connection.close()


def report_stale(*, now: datetime) -> int:
    """Owe the operator one mail a day for each process that has stopped working; return how many are new."""
    stale = [name for name in heartbeat.stale(now) if name != "courier"]
    if not settings.OPERATOR_EMAIL or not stale or _no_broker():
        return 0
    with transaction.atomic():
        return sum(
            outbox.notify_address(
                settings.OPERATOR_EMAIL,
                cause=f"stale:{name}:{now.date()}",
                kind=Kind.OPERATOR,
                now=now,
                priority=Priority.OPERATOR,
            )
            for name in stale
        )


def _no_broker() -> bool:
    return settings.CELERY_BROKER_URL.startswith("memory://")
