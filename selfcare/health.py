"""What an outside monitor asks: is the process alive, and can the installation do its work?

``/readyz`` reads what the background processes have *done* (their heartbeat rows), not whether they answer: a worker
can answer pings for hours while it takes no task. It holds no secret and nothing about a person.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime, timedelta

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Min
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from notifications import heartbeat
from notifications.models import Message
from selfcare.triage import catalogue

BROKER_SECONDS = 1
LATEST_MESSAGE = timedelta(seconds=60)
# The background processes, and what to do when one has not worked.
ADVICE = {
    "beat": "Look at the scheduler and the worker: celery -A selfcare beat, celery -A selfcare worker.",
    "worker": "Start a worker again: celery -A selfcare worker.",
    "courier": "Start the courier again: manage.py courier.",
}


@never_cache
@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """Return 200 while this process answers at all."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Return 200 where every part does its work, else 503 with a sentence for each part that does not."""
    problems = find_problems(now=timezone.now())
    if not problems:
        return JsonResponse({"status": "ok"})
    return JsonResponse({"status": "failing", "problems": problems}, status=503, headers={"Retry-After": "15"})


def find_problems(*, now: datetime) -> dict[str, str]:
    """Return a sentence for each part that does not do its work, by the name of the part."""
    problems = {"broker": sentence} if (sentence := _broker()) else {}
    if not settings.EMAIL_URL and not settings.EMBEDDED:
        problems["mail"] = "Mail is written to a folder and reaches nobody. Set EMAIL_URL to a mail server."
    problems |= _catalogue()
    checks: list[Callable[[datetime], dict[str, str]]] = [_heartbeats, _outbox]
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        for check in checks:
            problems |= check(now)
    except DatabaseError:
        problems["database"] = "The database does not answer. Check that it runs and that DATABASE_URL is right."
    return problems


def _broker() -> str:
    if not settings.REDIS_URL:
        return "No broker is set. Start with make run, or set REDIS_URL."
    client = redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=BROKER_SECONDS,
        socket_connect_timeout=BROKER_SECONDS,
        retry=None,
        retry_on_error=[],
    )
    try:
        client.ping()
    except redis.RedisError:
        return "The broker does not answer. Messages are delivered by the courier meanwhile; start the broker again."
    finally:
        client.close()
    return ""


def _catalogue() -> dict[str, str]:
    passed_over = catalogue.chosen().passed_over
    if not passed_over:
        return {}
    version = catalogue.current().version
    return {"catalogue": f"A newer clinical content cannot be used; version {version} judges. {passed_over[0]}"}


def _heartbeats(now: datetime) -> dict[str, str]:
    ages = heartbeat.ages(now)
    return {name: _silence(name, ages[name]) for name in ADVICE if ages[name] > heartbeat.STALE_SECONDS}


def _silence(name: str, seconds: float) -> str:
    if math.isinf(seconds):
        return f"There is no sign yet that the {name} has worked. {ADVICE[name]}"
    return f"The {name} last worked {seconds:.0f} s ago. {ADVICE[name]}"


def _outbox(now: datetime) -> dict[str, str]:
    oldest = Message.objects.filter(status=Message.Status.DUE).aggregate(at=Min("next_attempt_at"))["at"]
    if oldest is None or now - oldest <= LATEST_MESSAGE:
        return {}
    waited = (now - oldest).total_seconds()
    return {"outbox": f"A message has been due for {waited:.0f} s. Check the mail settings and the worker's log."}
