"""``manage.py catalogue check``: whether a catalogue can be used, and what still waits for a signature."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from selfcare.triage import catalogue


class Command(BaseCommand):
    help = "Check the catalogue of questions, rules and advice, and say what still waits for its sign-off."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["check"])
        parser.add_argument("directory", nargs="?", type=Path, default=catalogue.DIRECTORY, help="the folder to check")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write a summary; exit code 1 and one sentence when the catalogue cannot be used."""
        today = timezone.now().date()
        try:
            content = catalogue.load(options["directory"], today=today)
        except catalogue.CatalogueError as error:
            raise CommandError(str(error)) from None
        waiting = [standing.item.id for standing in content.waiting]
        self.stdout.write(
            f"Catalogue {content.version}: {len(content.rules)} rules, {len(content.questions)} questions, "
            f"{len(content.advices)} advice texts, {len(content.sources)} sources. Expires on {content.expires_on}."
        )
        if content.review_due_on < today:
            self.stdout.write(f"The review was due on {content.review_due_on}. Have it reviewed.")
        if content.demonstration:
            self.stdout.write(
                f"Not signed off: for demonstration and research. Waiting: {', '.join(waiting) or 'cover'}."
            )
