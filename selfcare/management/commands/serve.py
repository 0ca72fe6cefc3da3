"""``manage.py serve``: everything on one machine, in one terminal."""

from __future__ import annotations

import contextlib
import http.client
import io
import os
import shutil
import socket
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from selfcare import broker, mailbox, programs
from selfcare.clinic import demonstration
from selfcare.launcher import Program, Supervisor
from selfcare.single import AlreadyRunning, Run, only_run
from selfcare.watch import Watch

BROKER_START_SECONDS = 15
WEB_START_SECONDS = 60


class Command(BaseCommand):
    """Starts broker, web, worker, scheduler and courier, and stops them again."""

    help = "Run everything on this machine until Ctrl-C: broker, web, worker, scheduler and courier."
    requires_system_checks = "__all__"

    def handle(self, *args: Any, **options: Any) -> None:
        self._started = time.monotonic()
        self._log_ins: list[str] = []
        try:
            with only_run(settings.DATA_DIR) as run:
                self._refuse_taken_port()
                self._run(run)
        except AlreadyRunning as told:
            raise CommandError(str(told)) from None

    def _run(self, run: Run) -> None:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "selfcare.settings",
            "SELFCARE_DATA_DIR": str(settings.DATA_DIR),
            "PORT": str(settings.PORT),
            "PYTHONUNBUFFERED": "1",
        }
        with contextlib.ExitStack() as stack:
            socket_dir = None
            if not settings.REDIS_URL:
                socket_dir = broker.new_socket_dir()
                stack.callback(shutil.rmtree, socket_dir, ignore_errors=True)
                environment["REDIS_URL"] = f"unix://{broker.socket_in(socket_dir)}"
            run.note(socket_dir=socket_dir)
            supervisor = stack.enter_context(
                Supervisor(
                    environment=environment, directory=settings.BASE_DIR, say=self._say, shared_files=[run.handle]
                )
            )
            if socket_dir:
                self._start_broker(supervisor, socket_dir)
            self._prepare_database()
            if supervisor.stopping:
                return
            for program in programs.all_programs():
                supervisor.start(program)
            if not supervisor.wait_until(self._web_answers, seconds=WEB_START_SECONDS):
                if supervisor.stopping:
                    return
                raise CommandError("The web server did not answer within a minute. Its own words are above.")
            self._welcome()
            supervisor.run(each_second=Watch(supervisor, redis_url=environment["REDIS_URL"]).look)
            self.stdout.write("\nStopping. What is not sent yet is kept and goes out at the next start.")

    def _refuse_taken_port(self) -> None:
        # gunicorn itself would try again quietly for some seconds.
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((settings.BIND, settings.PORT))
            except OSError as error:
                raise CommandError(
                    f"Port {settings.PORT} on {settings.BIND} cannot be used ({error.strerror}). "
                    "Stop the program that has it, or choose another: PORT=8001 make run."
                ) from None

    def _start_broker(self, supervisor: Supervisor, socket_dir: Path) -> None:
        server = broker.find_server()
        if server is None:
            raise CommandError(broker.MISSING)
        data_dir = settings.DATA_DIR / "broker"
        command = broker.command(server, directory=socket_dir, data_dir=data_dir)
        supervisor.start(Program("broker", command, outlives_others=True))
        if (
            supervisor.wait_until(lambda: broker.answers(socket_dir), seconds=BROKER_START_SECONDS)
            or supervisor.stopping
        ):
            return
        aside = broker.set_aside(data_dir, now=datetime.now(UTC))
        data_dir.mkdir(mode=0o700)
        self._say("launcher", f"The broker could not read its data. It starts empty; the old data is in {aside}.")
        if not supervisor.wait_until(lambda: broker.answers(socket_dir), seconds=BROKER_START_SECONDS):
            raise CommandError(f"The broker {server} does not start. The reason is in {broker.log_in(data_dir)}.")

    def _prepare_database(self) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        call_command("check", databases=list(connections), stdout=io.StringIO())
        if settings.DEMO:
            self._load_demonstration()
        connections.close_all()

    def _load_demonstration(self) -> None:
        # Invented people never come among real ones: they are loaded into an empty database or not at all.
        empty = not get_user_model().objects.exists()
        if empty:
            self._say("launcher", "The database is empty: loading invented people (DEMO=0 leaves them out).")
        if empty or demonstration.is_loaded():
            words = io.StringIO()
            call_command("load_demo", stdout=words)
            self._log_ins = words.getvalue().splitlines()

    def _web_answers(self) -> bool:
        host = "127.0.0.1" if settings.BIND == "0.0.0.0" else settings.BIND  # noqa: S104
        connection = http.client.HTTPConnection(host, settings.PORT, timeout=5)
        try:
            connection.request("GET", "/healthz", headers={"Host": "localhost"})
            return connection.getresponse().status == http.HTTPStatus.OK
        except OSError:
            return False
        finally:
            connection.close()

    def _welcome(self) -> None:
        lines = [f"selfcare answers at {settings.SITE_URL} ({time.monotonic() - self._started:.0f} s after the start)."]
        if settings.EMAIL_URL:
            lines.append("Mail goes out through the server in EMAIL_URL.")
        else:
            lines.append(f"No mail leaves this machine. It is written to {settings.MAIL_DIR}")
        if mailbox.is_open():
            lines.append(f"and shown, log-in codes included, at {settings.SITE_URL}/operator/mail/{mailbox.key()}")
        lines += ["", *self._log_ins, ""] if self._log_ins else []
        lines.append("For demonstration and research. No clinician has signed off the questions and advice yet.")
        lines.append("Press Ctrl-C to stop everything.")
        self.stdout.write("\n" + "\n".join(f"  {line}" for line in lines) + "\n")
        self.stdout.flush()

    def _say(self, name: str, line: str) -> None:
        self.stdout.write(f"{name:<8} | {line}")
        self.stdout.flush()
