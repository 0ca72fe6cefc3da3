"""Storing an entry in three ways with the same settings and server, and judging one against a year of history."""

from __future__ import annotations

import os
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
import uuid
from datetime import date, datetime, timedelta
from datetime import time as clock
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from selfcare.diary.models import Entry, Episode  # noqa: E402
from selfcare.triage import catalogue as catalogues  # noqa: E402
from selfcare.triage.rules import Answers, History, evaluate  # noqa: E402
from tests import factories  # noqa: E402
from tests.bench import load  # noqa: E402
from tests.bench.load import Person, Result  # noqa: E402

# Enough people that nobody reports more than a few times on the day, as in life.
PEOPLE = 400
HISTORY_DAYS = 30
REQUESTS = int(os.environ.get("BENCH_REQUESTS", "1600"))
CLIENTS = 16
ROUNDS = 3
WAYS = {"ours": "/api/v1/entries", "lean": "/lean", "bare": "/bare", "serializer": "/serializer"}
AGAINST_SERIALIZER = 3.0
AGAINST_LEAN = 0.7
CPU_LIMIT_MS = 5.0

OBSERVATIONS: dict[str, Any] = {
    "pain_avg": 4, "pain_worst": 6, "pain_leg": 4, "pain_back": 2, "interference": 4, "pain_side": "left",
    "bladder": "none", "bowel": "none", "saddle": "none", "sexual": "none", "both_legs": "none",
    "weakness": 0, "numbness": 0, "tingling": False, "muscle_soreness": False, "gait_unsteady": False,
    "chills": False, "very_unwell": False, "weight_loss": False, "night_pain": "none", "morning_stiffness_min": 10,
    "better_moving": True, "walk_distance_m": 800, "sitting_minutes": 40, "note": "Sat for most of the day.",
}  # fmt: skip


def run() -> int:
    """Return 0 when the targets are met, else 1; prints what was measured."""
    call_command("migrate", verbosity=0)
    today = timezone.now().date()
    people = _people(today)
    body = {
        "occurred_on": today.isoformat(),
        "recorded_at": timezone.now().isoformat(),
        "recorded_zone": "UTC",
        "app_version": "bench",
        "observations": OBSERVATIONS,
    }
    port, server = _start()
    try:
        results = _measure(port, people, body)
    finally:
        server.terminate()
        server.wait(timeout=20)
    cpu = _cpu_of_a_year(today)
    return _print(results, cpu)


def _people(today: date) -> list[Person]:
    people, entries = [], []
    now = timezone.now()
    for number in range(PEOPLE):
        patient = factories.patient(email=f"bench{number}@example.org", time_zone="UTC")
        episode = Episode.objects.create(
            patient=patient, onset_on=today - timedelta(days=40), started_at=now, next_check_at=now
        )
        for back in range(1, HISTORY_DAYS + 1):
            day = today - timedelta(days=back)
            entries.append(_entry(episode, day, now=now))
        people.append(Person(factories.session_token(patient, second_factor=False), str(patient.pk), str(episode.pk)))
    Entry.objects.bulk_create(entries, batch_size=1000)
    return people


def _entry(episode: Episode, day: date, *, now: datetime) -> Entry:
    return Entry(
        id=uuid.uuid4(),
        patient_id=episode.patient_id,
        episode=episode,
        recorded_at=datetime.combine(day, clock(18), tzinfo=now.tzinfo),
        recorded_zone="UTC",
        occurred_on=day,
        received_at=now,
        observations=OBSERVATIONS,
        body_sha256="0" * 64,
        needs_assessment=False,
    )


def _start() -> tuple[int, subprocess.Popen[bytes]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "selfcare.wsgi:application", "--bind", f"127.0.0.1:{port}"]
    command += ["--worker-class", "gthread", "--workers", "2", "--threads", "8", "--keep-alive", "30"]
    server = subprocess.Popen([*command, "--log-level", "error", "--no-control-socket"])
    for _ in range(200):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/nothing", timeout=1)
        except urllib.error.HTTPError:
            return port, server
        except OSError:
            time.sleep(0.1)
    server.kill()
    raise RuntimeError("The server did not start within 20 seconds.")


def _measure(port: int, people: list[Person], body: dict[str, Any]) -> dict[str, list[Result]]:
    results: dict[str, list[Result]] = {way: [] for way in WAYS}
    for path in WAYS.values():
        load.run(port, path, people, body, requests=160, clients=CLIENTS)
        Entry.objects.filter(app_version="bench").delete()
    for _ in range(ROUNDS):
        for way, path in WAYS.items():
            results[way].append(load.run(port, path, people, body, requests=REQUESTS, clients=CLIENTS))
            Entry.objects.filter(app_version="bench").delete()
    return results


def _cpu_of_a_year(today: date) -> float:
    """Return the CPU milliseconds that judging one day against a year of daily entries takes."""
    entries = tuple(
        Answers(
            id=str(back),
            on=today - timedelta(days=back),
            at=datetime.combine(today - timedelta(days=back), clock(18), tzinfo=timezone.now().tzinfo),
            values=OBSERVATIONS,
        )
        for back in range(365, -1, -1)
    )
    history = History(baseline={"age": 38}, onset_on=today - timedelta(days=370), entries=entries)
    catalogue = catalogues.current()
    evaluate(catalogue, history, as_of=today)
    started = time.process_time()
    for _ in range(100):
        evaluate(catalogue, history, as_of=today)
    return (time.process_time() - started) * 10


def _print(results: dict[str, list[Result]], cpu: float) -> int:
    write = sys.stdout.write
    write(f"\nPUT of an entry, {CLIENTS} clients, PostgreSQL, {REQUESTS} requests, median of {ROUNDS} rounds\n")
    write(f"{'':12}{'req/s':>8}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}\n")
    rate = {}
    for way, rounds in results.items():
        rate[way] = statistics.median(one.per_second for one in rounds)
        at = [statistics.median(getattr(one, name) for one in rounds) for name in ("p50", "p95", "p99")]
        write(f"{way:12}{rate[way]:8.0f}{at[0]:9.1f}{at[1]:9.1f}{at[2]:9.1f}\n")
    checks = [
        ("ours : serializer", rate["ours"] / rate["serializer"], AGAINST_SERIALIZER, True),
        ("ours : bare (no log-in, no rules)", rate["ours"] / rate["bare"], None, True),
        ("ours : lean (log-in, no rules)", rate["ours"] / rate["lean"], AGAINST_LEAN, True),
        ("CPU ms, one day against a year", cpu, CPU_LIMIT_MS, False),
    ]
    good = True
    for name, value, limit, at_least in checks:
        if limit is None:
            write(f"{name}: {value:.2f}\n")
            continue
        met = value >= limit if at_least else value <= limit
        good = good and met
        write(f"{name}: {value:.2f} ({'at least' if at_least else 'at most'} {limit:g}: {'yes' if met else 'NO'})\n")
    return 0 if good else 1
