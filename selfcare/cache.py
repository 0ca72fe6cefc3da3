"""The shared cache, and what stands in for it while Redis is away: the memory of this process.

The cache counts attempts at logging in and at invitation codes. Without Redis people must still get in, and guessing
must still be slowed down, if only by each process for itself.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

from notifications.breaker import Breaker

log = logging.getLogger(__name__)

# After a failure Redis is left alone for this long, so that a frozen one delays one request and not each.
PAUSE_SECONDS = 5.0


class SharedOrLocal(BaseCache):
    """A Redis cache that answers from this process's own memory while Redis does not answer."""

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        self._shared = RedisCache(location, params)
        self._local = LocMemCache("stand-in", {"OPTIONS": {"MAX_ENTRIES": 10_000}})
        self._breaker = Breaker(failures=1, pause=PAUSE_SECONDS)

    def _ask(self, name: str, *args: Any, **kwargs: Any) -> Any:
        if self._breaker.allows():
            try:
                answer = getattr(self._shared, name)(*args, **kwargs)
            except (RedisError, OSError) as error:
                self._breaker.failed()
                log.warning("The shared cache does not answer (%s); this process counts alone.", type(error).__name__)
            else:
                self._breaker.succeeded()
                return answer
        return getattr(self._local, name)(*args, **kwargs)


def _forward(name: str) -> Callable[..., Any]:
    def method(self: SharedOrLocal, *args: Any, **kwargs: Any) -> Any:
        return self._ask(name, *args, **kwargs)

    method.__doc__ = getattr(BaseCache, name).__doc__
    method.__name__ = name
    return method


for _name in (
    "add",
    "get",
    "set",
    "touch",
    "delete",
    "get_many",
    "set_many",
    "delete_many",
    "has_key",
    "incr",
    "clear",
):
    setattr(SharedOrLocal, _name, _forward(_name))
