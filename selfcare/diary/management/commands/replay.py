"""``manage.py replay CASES.json``: what the rules say about invented or old diaries."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from selfcare.diary import cases
from selfcare.triage import catalogue


class Command(BaseCommand):
    help = (
        "Run the rules over a case file and write, per case, the highest tier, its day, and the findings of each day."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("cases", type=Path, metavar="CASES.json", help="a JSON list of {id, baseline, entries}")
        parser.add_argument("--out", type=Path, help="write the result to this file instead of standard output")
        parser.add_argument("--catalogue", type=Path, metavar="DIR", help="try the rules of this folder")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the result as JSON; exit code 1 and one sentence when a file cannot be used."""
        try:
            content = _catalogue(options["catalogue"])
            text = options["cases"].read_text(encoding="utf-8-sig")
            result = [cases.replay(case, content) for case in cases.read_cases(text, vocabulary=content.vocabulary)]
            written = json.dumps(result, indent=2, ensure_ascii=False)
            if options["out"]:
                options["out"].write_text(written + "\n", encoding="utf-8")
            else:
                self.stdout.write(written)
        except UnicodeDecodeError:
            raise CommandError(f"{options['cases']} is not a UTF-8 text. Save it as UTF-8.") from None
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}. Check the path.") from None
        except (cases.CaseError, catalogue.CatalogueError) as error:
            raise CommandError(str(error)) from None


def _catalogue(directory: Path | None) -> catalogue.Catalogue:
    if directory is None:
        return catalogue.current()
    return catalogue.load(directory, today=timezone.now().date())
