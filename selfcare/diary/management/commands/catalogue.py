"""``manage.py catalogue check|diff|publish|sign|replay``: what a clinician and an operator do with the content."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from selfcare.diary import cases, replaying
from selfcare.triage import catalogue, comparing, published, signing
from selfcare.triage.catalogue import Catalogue, CatalogueError
from selfcare.triage.sign_off import KINDS, Status


class Command(BaseCommand):
    help = "Check, compare, sign, publish and try out the questions, rules and advice."
    # Content that must not reach patients is mended with this command, so it has to start.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--folder", type=Path, default=catalogue.DIRECTORY, help="the sheets, with published/ inside; usually ours"
        )
        actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
        check = actions.add_parser("check", help="can the content be used, and what waits for its sign-off?")
        check.add_argument("directory", nargs="?", type=Path, help="check the sheets of this folder instead")
        versions = "a published version such as 1.0.0, 'sheets', or a path"
        diff = actions.add_parser("diff", help="say in words what differs between two versions")
        replay = actions.add_parser("replay", help="say whose tiers another version would change, and why; read-only")
        for parts in (diff, replay):
            parts.add_argument("old", metavar="OLD", help=versions)
            parts.add_argument("new", metavar="NEW", help=versions)
        replay.add_argument(
            "--cases", type=Path, metavar="FILE", dest="case_file", help="the cases of a file, not the stored diaries"
        )
        actions.add_parser("publish", help="make the sheets a version that is never edited again")
        sign = actions.add_parser("sign", help="write a reviewer's signature into sign_off.yaml")
        sign.add_argument("kind", choices=KINDS, metavar="KIND", help=", ".join(KINDS))
        sign.add_argument("ids", nargs="+", metavar="ID")
        sign.add_argument("--reviewer", required=True, help="the name of who has reviewed it")
        sign.add_argument("--role", required=True, help="in which role, such as: GP, spinal surgeon")
        sign.add_argument("--author", action="append", default=[], help="who wrote it, if not who is on record")
        sign.add_argument("--expires", type=date.fromisoformat, metavar="DATE", help="the last day; else the cover's")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run one action; exit code 1 and one sentence with file, line and mend when it cannot be done."""
        now = timezone.now()
        action: Callable[..., None] = getattr(self, f"_{options['action']}")
        try:
            action(now=now, **options)
        except OSError as error:
            # Whoever reads only the head of a long list closes the pipe.
            if error.filename is None:
                raise
            raise CommandError(f"{error.filename}: {error.strerror}. Check the path.") from None
        except UnicodeDecodeError:
            raise CommandError(f"{options['case_file']} is not a UTF-8 text. Save it as UTF-8.") from None
        except (CatalogueError, cases.CaseError, replaying.ReplayError) as error:
            raise CommandError(str(error)) from None

    def _check(self, *, folder: Path, directory: Path | None, now: datetime, **_: Any) -> None:
        folder, today = directory or folder, now.date()
        content = catalogue.load(folder, today=today)
        faults = published.faults(folder / catalogue.PUBLISHED)
        if faults:
            raise CatalogueError("\n".join(faults))
        self._say(
            f"Catalogue {content.version}: {len(content.rules)} rules, {len(content.questions)} questions, "
            f"{len(content.advices)} advice texts, {len(content.sources)} sources. Expires on {content.expires_on}."
        )
        if content.review_due_on < today:
            self._say(f"The review was due on {content.review_due_on}. Have it reviewed.")
        self._say_what_is_published(content, folder)
        if content.demonstration:
            self._say("Not signed off: for demonstration and research. Waiting:")
            for standing in content.waiting:
                self._say(f"  {standing.item.place}: {standing.item.kind} {standing.item.id}. {standing.mend}")

    def _say_what_is_published(self, content: Catalogue, folder: Path) -> None:
        newest = next(iter(published.files(folder / catalogue.PUBLISHED)), None)
        if newest is None:
            self._say("No version is published yet; the sheets judge as they are.")
            return
        changed = sum(1 for _ in comparing.differences(catalogue.load(newest, today=None), content))
        if changed and newest.stem == content.version:
            raise CatalogueError(
                f"The sheets differ from the published {newest.stem} in {changed} places. Raise 'version' in "
                f"catalogue.yaml; manage.py catalogue diff {newest.stem} sheets shows them."
            )
        self._say(f"Published: {newest.stem}. The sheets differ from it in {changed} places.")

    def _diff(self, *, folder: Path, old: str, new: str, **_: Any) -> None:
        found = False
        for line in comparing.differences(_version(old, folder), _version(new, folder)):
            found = True
            self._say(line)
        if not found:
            self._say("Nothing differs.")

    def _sign(self, *, folder: Path, kind: str, ids: list[str], now: datetime, **options: Any) -> None:
        signed = signing.sign(
            folder,
            kind=kind,
            ids=ids,
            reviewer=options["reviewer"],
            role=options["role"],
            authors=options["author"],
            on=now.date(),
            expires_on=options["expires"],
        )
        for standing in signed:
            more = f"approved until {standing.expires_on}." if standing.status == Status.APPROVED else standing.mend
            self._say(f"{kind} {standing.item.id}, version {standing.version}: {more}")

    def _publish(self, *, folder: Path, now: datetime, **_: Any) -> None:
        content = catalogue.load(folder, today=now.date())
        path = published.write(folder, folder / catalogue.PUBLISHED, version=content.version)
        self._say(f"Published {content.version} as {path}.")
        self._say("Restart web, worker and beat: each reads the content once, when it starts.")
        self._say("All diaries are looked at again within the hour after that.")
        if content.demonstration:
            self._say("It is not signed off. Patients see it only where DEMONSTRATION is on, under the label.")

    def _replay(self, *, folder: Path, old: str, new: str, case_file: Path | None, now: datetime, **_: Any) -> None:
        before, after = _version(old, folder), _version(new, folder)
        if case_file is None:
            diaries = replaying.of_episodes(before, after, now=now)
        else:
            diaries = replaying.of_cases(_cases(case_file, after), before, after)
        seen = changed = lower = 0
        for patient, changes in diaries:
            seen += 1
            changed += bool(changes)
            lower += any(change.is_lower for change in changes)
            for change in changes:
                until = "" if change.first_on == change.last_on else f" to {change.last_on}"
                tiers, why = f"{change.before} -> {change.after}", "; ".join(change.why)
                self._say(f"{patient}, {change.first_on}{until}: {tiers}. {why}.")
        self._say(f"{seen} diaries replayed; the tier changes in {changed}, and is lower somewhere in {lower}.")

    def _say(self, line: str) -> None:
        self.stdout.write(line)


def _version(name: str, folder: Path) -> Catalogue:
    """Return a version by its number, the sheets, or what lies at a path. Raises CatalogueError."""
    if name == "sheets":
        return catalogue.load(folder, today=None)
    if published.VERSION.fullmatch(name):
        return catalogue.load(folder / catalogue.PUBLISHED / f"{name}.json", today=None)
    return catalogue.load(Path(name), today=None)


def _cases(path: Path, content: Catalogue) -> tuple[cases.Case, ...]:
    return cases.read_cases(path.read_text(encoding="utf-8-sig"), vocabulary=content.vocabulary)
