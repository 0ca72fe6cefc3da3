"""Counters of tries, for brakes: one per name and window of time, in the cache that all processes share."""

from __future__ import annotations

from datetime import datetime

from django.core.cache import cache  # type: ignore[import-untyped]


def add_one(name: str, *, now: datetime, window_seconds: int) -> int:
    """Return the count of this window with this try; add and incr are atomic, so parallel tries cannot slip past."""
    key = _key(name, now, window_seconds)
    # Twice as long, so that it cannot run out between the two calls.
    cache.add(key, 0, 2 * window_seconds)
    count: int = cache.incr(key)
    return count


def so_far(name: str, *, now: datetime, window_seconds: int) -> int:
    """Return the count of this window."""
    count: int = cache.get(_key(name, now, window_seconds), 0)
    return count


def _key(name: str, now: datetime, window_seconds: int) -> str:
    # The window is part of the key: a counter that loses its lifetime in the cache blocks nobody for good.
    return f"count:{name}:{int(now.timestamp()) // window_seconds}"
