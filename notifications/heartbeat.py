"""Signs of work from the background processes. A process that is alive but does nothing leaves none.

"beat": a tick of the scheduler went through the broker and was done by a worker. "worker": the same for a task that the
courier sent. "courier": the courier went round its loop.
"""

from __future__ import annotations

from datetime import datetime

from notifications.models import Heartbeat

NAMES = ("beat", "worker", "courier")
# Beat and courier write each 10 to 15 seconds; three missed signs and some patience.
STALE_SECONDS = 60.0


def beat(name: str, *, now: datetime) -> None:
    """Record that the process of that name did its work at ``now``."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(name=name, at=now)], update_conflicts=True, unique_fields=["name"], update_fields=["at"]
    )


def ages(now: datetime) -> dict[str, float]:
    """Return the seconds since the last sign of each process; infinity for one that never gave any.

    A sign from the future (the clock was set back) counts by its distance, so that it cannot look fresh for ever.
    """
    seen = dict(Heartbeat.objects.values_list("name", "at"))
    return {name: abs((now - seen[name]).total_seconds()) if name in seen else float("inf") for name in NAMES}


def stale(now: datetime) -> list[str]:
    """Return the names of the processes that have not worked for a minute."""
    return [name for name, age in ages(now).items() if age > STALE_SECONDS]
