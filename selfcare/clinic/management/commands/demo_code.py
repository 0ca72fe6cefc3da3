"""Show the current code of the demonstration's authenticator app."""

from __future__ import annotations

from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from selfcare.clinic import demonstration

PERIOD_SECONDS = 30


class Command(BaseCommand):
    """Print six digits; each code works once."""

    help = "Print the current code of the authenticator app of the demonstration's clinician and manager."

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse outside a demonstration."""
        if not settings.DEMO:
            raise CommandError("This installation has no demonstration: DEMO is off or it is not a local one.")
        counter = next(iter(yield_hotp_counters_from_time()))
        code = format_hotp_value(hotp_value(demonstration.TOTP_SECRET, counter))
        left = PERIOD_SECONDS - int(timezone.now().timestamp()) % PERIOD_SECONDS
        self.stdout.write(f"{code}   works once, for {left} seconds more")
