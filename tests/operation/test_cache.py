"""The cache while Redis is away."""

from __future__ import annotations

import pytest
from redis.exceptions import ConnectionError as RedisAway

from selfcare.cache import SharedOrLocal


@pytest.fixture
def cache() -> SharedOrLocal:
    """Return a cache whose Redis is at a port where nobody listens."""
    cache = SharedOrLocal("redis://127.0.0.1:1/0", {"OPTIONS": {"socket_connect_timeout": 0.2}})
    cache._local.clear()
    return cache


def test_attempts_are_still_counted_while_redis_is_away(cache: SharedOrLocal) -> None:
    cache.add("attempts", 0, 60)

    counts = [cache.incr("attempts") for _ in range(3)]

    assert counts == [1, 2, 3]


def test_redis_is_left_alone_for_a_while_after_it_did_not_answer(
    cache: SharedOrLocal, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = []

    def away(*args: object, **kwargs: object) -> None:
        tries.append(args)
        raise RedisAway

    monkeypatch.setattr(cache._shared, "get", away)

    for _ in range(5):
        cache.get("anything")

    assert len(tries) == 1


def test_a_missing_count_is_an_error_of_the_caller_and_not_of_redis(cache: SharedOrLocal) -> None:
    with pytest.raises(ValueError, match="not found"):
        cache.incr("nothing")
