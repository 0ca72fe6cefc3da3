"""Deletes accounts whose time has come, or those whose deletion a restored backup has undone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from selfcare.accounts.models import User
from selfcare.records import deletion


class Command(BaseCommand):
    """Delete what is due; with ids, delete these accounts as well, also while an alert is open."""

    help = "Delete accounts that have waited, and records past their period. With ids: these accounts too."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the ids of accounts."""
        parser.add_argument("ids", nargs="*", type=UUID)

    def handle(self, *args: Any, **options: Any) -> None:
        """Delete, and say what was done and nothing else."""
        now = timezone.now()
        people = list(User.objects.filter(pk__in=options["ids"], is_active=True).order_by("pk"))
        missing = {str(one) for one in options["ids"]} - {str(person.pk) for person in people}
        for person in people:
            try:
                deletion.ask(person, now=now, at_once=True)
            except deletion.WorksHere:
                raise CommandError(f"{person.pk} works in a clinic. End that place first.") from None
        self.stdout.write(
            f"Accounts deleted: {len(people) + deletion.carry_out_due(now=now)}. "
            f"Records erased: {deletion.erase_due(now=now)}."
        )
        if missing:
            raise CommandError(f"No active account has these ids: {', '.join(sorted(missing))}.")
