"""Load: a fixed number of requests from clients that keep their connections open, over loopback."""

from __future__ import annotations

import http.client
import json
import time
import uuid
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any

PROCESSES = 4


@dataclass(frozen=True)
class Person:
    """A patient as a client knows them."""

    token: str
    patient_id: str
    episode_id: str


@dataclass(frozen=True)
class Result:
    """How one run went: requests a second, and milliseconds at each percentile."""

    per_second: float
    p50: float
    p95: float
    p99: float


def run(port: int, path: str, people: Sequence[Person], body: dict[str, Any], *, requests: int, clients: int) -> Result:
    """Return how long it took to PUT entries to a path. Raises RuntimeError when one is not stored."""
    share = requests // PROCESSES
    jobs = [(port, path, people[place::PROCESSES], body, share, clients // PROCESSES) for place in range(PROCESSES)]
    started = time.perf_counter()
    with get_context("spawn").Pool(PROCESSES) as pool:
        pool.map(_nothing, range(PROCESSES))
        started = time.perf_counter()
        times = sorted(took for part in pool.starmap(_client, jobs) for took in part)
    elapsed = time.perf_counter() - started
    at = [times[min(len(times) - 1, int(len(times) * share))] * 1000 for share in (0.5, 0.95, 0.99)]
    return Result(len(times) / elapsed, *at)


def _nothing(_place: int) -> None:
    time.sleep(0.05)


def _client(
    port: int, path: str, people: Sequence[Person], body: dict[str, Any], requests: int, threads: int
) -> list[float]:
    raw = json.dumps(body).encode()

    def work(place: int) -> list[float]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        times = []
        for number in range(requests // threads):
            person = people[(place + number * threads) % len(people)]
            headers = {
                "Content-Type": "application/json",
                "X-Session-Token": person.token,
                "X-Patient": person.patient_id,
                "X-Episode": person.episode_id,
            }
            started = time.perf_counter()
            connection.request("PUT", f"{path}/{uuid.uuid4()}", raw, headers)
            answer = connection.getresponse()
            said = answer.read()
            times.append(time.perf_counter() - started)
            if answer.status != 201:
                raise RuntimeError(f"{path} answered {answer.status}: {said[:300]!r}")
        connection.close()
        return times

    with ThreadPoolExecutor(threads) as pool:
        return [took for part in pool.map(work, range(threads)) for took in part]
