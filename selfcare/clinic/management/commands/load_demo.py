"""Load invented people for a first look."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from selfcare.clinic import demonstration


class Command(BaseCommand):
    """Make the demonstration clinic, or say how to get into the one that is there."""

    help = "Load a demonstration clinic with invented people and say how to sign in as each of them."

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse outside a demonstration: everybody knows these people's second factor."""
        if not settings.DEMO:
            raise CommandError(
                "These invented people have sign-in secrets that everybody knows. They are loaded only where DEMO is "
                "on and the installation is local: SITE_URL on localhost, no EMAIL_URL, no proxy."
            )
        made = demonstration.load(now=timezone.now())
        self.stdout.write("The demonstration is loaded." if made else "The demonstration is there already.")
        self.stdout.write("Sign in with one of these addresses. The code comes as a mail, which stays on this machine.")
        for email, _name, role in demonstration.COLLEAGUES:
            self.stdout.write(f"  {email:<18} {role}")
        for patient in demonstration.PATIENTS:
            self.stdout.write(f"  {patient.email:<18} patient, {patient.about}")
        self.stdout.write("Clinician and manager also need a code of the authenticator app: make demo-code")
        self.stdout.write(f"or put this key into an app of yours: {demonstration.TOTP_SECRET}")
