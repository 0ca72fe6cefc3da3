"""Make a clinic and invite its first manager."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from django.forms import ValidationError
from django.utils import timezone

from selfcare.accounts import audit, invitations, places
from selfcare.accounts.models import Clinic, Invitation


class Command(BaseCommand):
    """Print a single-use code for the manager of a new clinic."""

    help = "Make a clinic and print the invitation of its first manager. The code is shown once and works for 72 hours."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the name of the clinic, the manager's address and where the clinic is."""
        parser.add_argument("name")
        parser.add_argument("--manager", required=True, metavar="EMAIL", help="Whom you will send the link to.")
        parser.add_argument("--country", default="GB", help="ISO 3166 code, such as GB or DE.")
        parser.add_argument("--time-zone", default="Europe/London", help="Such as Europe/Berlin.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the clinic, its invitation and the audit row together."""
        _check(options)
        now = timezone.now()
        with transaction.atomic():
            clinic = Clinic.objects.create(
                name=options["name"], country=options["country"].upper(), time_zone=options["time_zone"]
            )
            audit.record("clinic.created", actor_id=None, clinic_id=clinic.pk, now=now)
            _, code = invitations.invite(clinic, kind=Invitation.Kind.MANAGER, by=None, now=now)
        self.stdout.write(
            f"{clinic.name} is ready. Send this link to {options['manager']}, it works once and for 72 hours:"
        )
        self.stdout.write(f"  {invitations.link(code)}")
        self.stdout.write(f"Or let them enter this code on the page /join: {code}")
        self.stdout.write("It works once, and for 72 hours.")


def _check(options: dict[str, Any]) -> None:
    """Raise CommandError with what to give instead."""
    try:
        validate_email(options["manager"])
    except ValidationError:
        raise CommandError(f"--manager is {options['manager']!r}; give an e-mail address.") from None
    if options["country"].upper() not in dict(places.countries()):
        raise CommandError(f"--country is {options['country']!r}; give an ISO 3166 code such as GB or DE.")
    if not places.is_time_zone(options["time_zone"]):
        raise CommandError(f"--time-zone is {options['time_zone']!r}; give a name such as Europe/London.")
    if Clinic.objects.filter(name=options["name"]).exists():
        raise CommandError(f"A clinic called {options['name']!r} is there already; choose another name.")
