"""What is asserted at every start: the values that safety rests on, as they really are and not as a file says.

Each was found by measurement (docs/operations.md, "Values that must not change"). An option one level too high in a
dictionary is silently ignored; this is where it is noticed.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, Warning
from django.db import connections
from django.utils import timezone

from edge.languages import SOURCE
from selfcare.celery import app
from selfcare.triage import catalogue, languages

QUEUE: dict[str, Any] = {
    "task_acks_late": True,
    "task_reject_on_worker_lost": True,
    "task_ignore_result": True,
    "task_serializer": "json",
    "accept_content": ["json"],
    "task_time_limit": 60,
    "task_soft_time_limit": 40,
    "worker_prefetch_multiplier": 1,
    "worker_max_tasks_per_child": 500,
    "worker_eta_task_limit": 100,
    "broker_connection_retry_on_startup": True,
    "broker_connection_max_retries": None,
    "timezone": "UTC",
    "enable_utc": True,
    "beat_max_loop_interval": 5,
    "beat_scheduler": "celery.beat:Scheduler",
}
TRANSPORT: dict[str, Any] = {
    "visibility_timeout": 120,
    "socket_timeout": 5,
    "socket_connect_timeout": 3,
    "health_check_interval": 5,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
}
# `selfcare.clinic.demonstration.CLINIC`; models cannot be imported while the apps are still loading.
DEMONSTRATION = "Demonstration Clinic"
PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
SHORTEST_SQLITE_WAIT_MS = 15_000
# SQLite's shared memory does not work across machines: the file is damaged sooner or later.
NETWORK_FILE_SYSTEMS = {"nfs", "nfs4", "cifs", "smb3", "virtiofs", "9p", "fuse.sshfs", "vboxsf", "prl_fs"}


def queue_settings(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Return an error for each live Celery value that is not the one the fault tests were passed with."""
    transport = app.conf.broker_transport_options
    found = [(name, getattr(app.conf, name), wanted) for name, wanted in QUEUE.items()]
    found += [(f"broker_transport_options.{name}", transport.get(name), wanted) for name, wanted in TRANSPORT.items()]
    errors: list[CheckMessage] = [
        Error(f"Celery runs with {name} = {value!r}; it must be {wanted!r}.", id="selfcare.E001")
        for name, value, wanted in found
        if value != wanted
    ]
    # "expires" keeps a beat that comes back from an outage from flooding the worker with old ticks.
    errors += [
        Error(f"The beat entry {name!r} has no expires option; give it one.", id="selfcare.E002")
        for name, entry in app.conf.beat_schedule.items()
        if not entry.get("options", {}).get("expires")
    ]
    return errors


def private_files(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Return an error for each secret that other users of the machine could read."""
    return [
        Error(f"{path} can be read by others (mode {mode:o}); run: chmod 600 {path}.", id="selfcare.E003")
        for path in (settings.DATA_DIR / "secret_key", settings.VAPID_PRIVATE_KEY_FILE)
        if path.is_file() and (mode := path.stat().st_mode & 0o777) & 0o077
    ]


def reachable_people(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Return a warning for each way in which a production installation would alert nobody."""
    wanted = {
        "EMAIL_URL": "mail is written to a folder and reaches nobody",
        "OPERATOR_EMAIL": "nobody is told when delivery fails",
        "REDIS_URL": "messages wait for the courier, and limits on log-in attempts are counted per process",
    }
    return [
        Warning(f"{name} is not set: {consequence}.", id="selfcare.W001")
        for name, consequence in wanted.items()
        if not getattr(settings, name)
    ]


def clinical_content(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Return an error if the clinical content cannot be used or may not reach patients, else warnings about it.

    Outside a demonstration content that was never approved stops the start. An approval that has expired does not: an
    installation that restarts at night must go on judging (docs/decisions/0007-governance.md).
    """
    try:
        content = catalogue.current()
    except catalogue.CatalogueError as error:
        return [Error(f"The clinical content cannot be used. {error}", id="selfcare.E011")]
    found: list[CheckMessage] = [
        Warning(
            f"A newer version of the clinical content cannot be used; {content.version} judges meanwhile. {sentence}",
            id="selfcare.W003",
        )
        for sentence in catalogue.chosen().passed_over
    ]
    if content.waiting and not settings.DEMONSTRATION:
        found.append(_not_approved(content))
    if content.is_expired(timezone.localdate()):
        found.append(
            Warning(
                f"The clinical content {content.version} expired on {content.expires_first_on}. It still judges, under "
                "the label that it is not signed off. Have it reviewed and signed again.",
                id="selfcare.W002",
            )
        )
    return found


def language_gaps(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Return a note for each language that is not offered, with the first of the safety texts that it lacks."""
    found: list[CheckMessage] = []
    for code, name in settings.LANGUAGES:
        gaps = languages.missing(code) if code != SOURCE else []
        if gaps:
            found.append(
                Info(
                    f"{name} is not offered: {len(gaps)} safety texts have no translation, first {gaps[0].text!r} of "
                    f"{gaps[0].place}. The rules page lists them all; make messages brings them to the translators.",
                    id="selfcare.I001",
                )
            )
    return found


def _not_approved(content: catalogue.Catalogue) -> CheckMessage:
    first, more = content.waiting[0], len(content.waiting) - 1
    others = f" {more} more wait as well; manage.py catalogue check lists them." if more else ""
    return Error(
        f"{first.item.place}: {first.item.kind} {first.item.id} is not approved, and this installation is no "
        f"demonstration. {first.mend}{others} To show it under the label for demonstration and research, "
        "set DEMONSTRATION=1.",
        id="selfcare.E012",
    )


def database(app_configs: Sequence[Any] | None, databases: Sequence[str] | None, **kwargs: Any) -> list[CheckMessage]:
    """Return an error for each way in which the database would not keep what it has acknowledged."""
    errors: list[CheckMessage] = []
    for alias in databases or ():
        connection = connections[alias]
        if connection.settings_dict["ATOMIC_REQUESTS"]:
            errors.append(Error("ATOMIC_REQUESTS is on; each page view would hold the write lock.", id="selfcare.E004"))
        errors += _invented_people(connection)
        if connection.vendor == "sqlite":
            errors += _sqlite(connection)
        elif connection.vendor == "postgresql":
            errors += _postgresql(connection)
    return errors


def _invented_people(connection: Any) -> list[CheckMessage]:
    # Everybody can read the secrets of their second factor.
    clinics = apps.get_model("accounts", "Clinic")
    if settings.EMBEDDED or clinics._meta.db_table not in connection.introspection.table_names():
        return []
    if not clinics.objects.using(connection.alias).filter(name=DEMONSTRATION).exists():
        return []
    return [
        Error(
            "This database holds the invented people of the demonstration, whose log-in secrets everybody knows. "
            "Start with an empty database: set DATABASE_URL or SELFCARE_DATA_DIR to a new one.",
            id="selfcare.E010",
        )
    ]


def _sqlite(connection: Any) -> list[CheckMessage]:
    name = str(connection.settings_dict["NAME"])
    if connection.is_in_memory_db():
        return []
    errors: list[CheckMessage] = []
    with connection.cursor() as cursor:
        for pragma, wanted in PRAGMAS.items():
            cursor.execute(f"PRAGMA {pragma}")
            (value,) = cursor.fetchone()
            if value != wanted:
                errors.append(
                    Error(f"SQLite runs with {pragma} = {value!r}; it must be {wanted!r}.", id="selfcare.E005")
                )
        cursor.execute("PRAGMA busy_timeout")
        (wait,) = cursor.fetchone()
    if wait < SHORTEST_SQLITE_WAIT_MS:
        errors.append(Error(f"SQLite waits {wait} ms for a lock; it must wait 15 s or more.", id="selfcare.E006"))
    if connection.transaction_mode != "IMMEDIATE":
        errors.append(Error("SQLite's transaction_mode must be IMMEDIATE.", id="selfcare.E007"))
    system = file_system_of(Path(name).resolve(), mounts=_mounts())
    if system in NETWORK_FILE_SYSTEMS:
        errors.append(
            Error(
                f"The database lies on a shared file system ({system}), which damages SQLite files. "
                "Set SELFCARE_DATA_DIR to a folder on a local disk, or use PostgreSQL.",
                id="selfcare.E008",
            )
        )
    return errors


def _postgresql(connection: Any) -> list[CheckMessage]:
    with connection.cursor() as cursor:
        cursor.execute("SHOW synchronous_commit")
        (value,) = cursor.fetchone()
    if value == "off":
        return [Error(f"PostgreSQL runs with synchronous_commit = {value}; it must be on.", id="selfcare.E009")]
    return []


def file_system_of(path: Path, *, mounts: str) -> str | None:
    """Return the type of the file system that holds the path, by the text of /proc/mounts; None if not known."""
    points = [(line.split()[1].replace("\\040", " "), line.split()[2]) for line in mounts.splitlines() if line.strip()]
    holding = [(point, kind) for point, kind in points if path.is_relative_to(point)]
    return max(enumerate(holding), key=lambda one: (len(one[1][0]), one[0]))[1][1] if holding else None


def _mounts() -> str:
    return Path("/proc/mounts").read_text(encoding="utf-8", errors="replace") if sys.platform == "linux" else ""
