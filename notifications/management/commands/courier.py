"""``manage.py courier``: deliver messages with nothing but the database."""

from __future__ import annotations

import signal
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from notifications import outbox, reminders
from notifications.courier import Courier

STOP_SIGNALS = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}


class Command(BaseCommand):
    """Runs the courier until SIGTERM or SIGINT."""

    help = "Deliver due messages and reminders. Needs only the database: no broker, worker or scheduler."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the options."""
        parser.add_argument("--once", action="store_true", help="Deliver what is due now, then end.")
        parser.add_argument("--lanes", type=int, default=2, help="Messages sent at the same time, 1 to 16 (default 2).")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until told to stop, or once."""
        if options["once"]:
            reminders.enqueue_due(now=timezone.now())
            self.stdout.write(f"{outbox.deliver_due(now=timezone.now())} messages handled.")
            return
        courier = Courier(lanes=min(max(options["lanes"], 1), 16))
        # Blocked before the lanes start, so that they inherit it and the signal waits here for us.
        signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
        courier.start()
        self.stdout.write("The courier is running.")
        signal.sigwait(STOP_SIGNALS)
        courier.stop()
        courier.join()
