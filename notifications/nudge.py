"""Tells a worker that a message waits. A hint and nothing more: the row in the database is what counts.

Whatever happens to the broker, a request must not fail for it and must not wait for it: short socket time-outs, no
retries, and a breaker that stops trying for a while.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from uuid import UUID

from celery import current_app
from django.conf import settings
from kombu import Connection
from kombu.pools import ProducerPool

from notifications.breaker import Breaker

log = logging.getLogger(__name__)

SOCKET_SECONDS = 0.8
# A hint that nobody has taken for this long is stale: the sweep has given a new one.
HINT_LIVES_SECONDS = 60
MOST_CONNECTIONS = 8
BREAKER = Breaker(failures=1, pause=15.0)


def nudge(ids: Sequence[UUID]) -> int:
    """Return how many hints the broker took. Never raises; without a broker the courier delivers alone."""
    return publish([("notifications.tasks.deliver_message", {"message_id": str(id_)}) for id_ in ids])


def publish(tasks: Sequence[tuple[str, dict[str, str]]]) -> int:
    """Hand tasks, as (name, keyword arguments), to the broker and return how many it took. Never raises."""
    if settings.CELERY_BROKER_URL.startswith("memory://") or not tasks or not BREAKER.allows():
        return 0
    taken = 0
    try:
        with _producers(settings.CELERY_BROKER_URL).acquire(block=True, timeout=SOCKET_SECONDS) as producer:
            for name, arguments in tasks:
                current_app.send_task(
                    name, kwargs=arguments, producer=producer, expires=HINT_LIVES_SECONDS, retry=False
                )
                taken += 1
    except Exception as error:
        # Every kind: this runs after the commit, where an exception would tell a phone that its entry was lost.
        BREAKER.failed()
        log.warning("broker unreachable (%s), %d hints not given", type(error).__name__, len(tasks) - taken)
        _forget_connections()
        return taken
    BREAKER.succeeded()
    return taken


@lru_cache(maxsize=4)
def _producers(url: str) -> ProducerPool:
    """Return the pool of connections for hints: like the worker's, but with a time-out that a request can bear."""
    connection: Connection = current_app.connection_for_write(
        url=url,
        transport_options={
            "socket_timeout": SOCKET_SECONDS,
            "socket_connect_timeout": SOCKET_SECONDS,
            # Without these kombu tries to connect for four seconds more, pausing in between.
            "max_retries": 0,
            "interval_start": 0,
            "interval_step": 0,
            "interval_max": 0,
            "connect_retries_timeout": SOCKET_SECONDS,
        },
    )
    return ProducerPool(connection.Pool(limit=MOST_CONNECTIONS), limit=MOST_CONNECTIONS)


def _forget_connections() -> None:
    """Drop the pool with its broken connections; the next hint makes a new one."""
    pool = _producers(settings.CELERY_BROKER_URL)
    _producers.cache_clear()
    with suppress(Exception):
        pool.connections.force_close_all()
