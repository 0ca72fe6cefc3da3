"""The programs that make up a running installation. Procfile and deploy/ start the same ones."""

from __future__ import annotations

import sys

from django.conf import settings

from selfcare.launcher import Program

QUIET_CELERY = [sys.executable, "-m", "celery", "--quiet", "--app", "selfcare"]


def all_programs() -> list[Program]:
    """Return web, worker, scheduler and courier, as the settings want them."""
    return [web(), worker(), beat(), courier()]


def web() -> Program:
    """Return the web server. One process is enough for SQLite, which has one writer at a time anyway."""
    return Program(
        "web",
        [
            *(sys.executable, "-m", "gunicorn", "selfcare.wsgi:application"),
            *("--bind", f"{settings.BIND}:{settings.PORT}"),
            *("--worker-class", "gthread"),
            *("--workers", str(settings.WEB_WORKERS)),
            *("--threads", str(settings.WEB_THREADS)),
            *("--graceful-timeout", "5"),
            *("--log-level", "warning"),
            # Its default is a control socket in the home directory.
            "--no-control-socket",
        ],
    )


def worker() -> Program:
    """Return the worker. Prefork, because time limits and the replacing of a dead child exist only there."""
    return Program(
        "worker",
        [
            *(*QUIET_CELERY, "worker"),
            *("--pool", "prefork"),
            *("--concurrency", str(settings.WORKER_PROCESSES)),
            *("--loglevel", "WARNING"),
            *("--without-mingle", "--without-gossip"),
        ],
    )


def beat() -> Program:
    """Return the scheduler. A second one does no harm: what is due is a row that only one can claim."""
    return Program("beat", [*QUIET_CELERY, "beat", "--loglevel", "WARNING", "--pidfile="])


def courier() -> Program:
    """Return the courier, which delivers due messages with the database alone."""
    return Program("courier", [sys.executable, "manage.py", "courier"])
