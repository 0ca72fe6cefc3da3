"""Writes a reviewer's signature into the ledger of a folder of sheets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from edge import sheets
from edge.sheets import CatalogueError
from selfcare.triage import catalogue
from selfcare.triage.catalogue import Catalogue
from selfcare.triage.sign_off import KINDS, LEDGER, Standing, same_person

HEADER = """\
# Who has reviewed what. Written by "manage.py catalogue sign"; each entry is bound to the digest of what was signed, so
# that a change of the content makes it lapse. docs/safety/sign-off.md says how a clinician signs.
"""


def sign(
    directory: Path,
    *,
    kind: str,
    ids: Sequence[str],
    reviewer: str,
    role: str,
    authors: Sequence[str],
    on: date,
    expires_on: date | None,
) -> list[Standing]:
    """Return where the items stand after the reviewer has signed them; all of them or none.

    ``authors`` replaces the names on record; without any, these stay. Raises CatalogueError with a sentence when the
    reviewer wrote an item, has signed it before, or when the whole of a version is signed before its parts.
    """
    content = catalogue.load(directory, today=None)
    if not reviewer.strip() or not role.strip():
        raise CatalogueError("A signature needs the reviewer's name and role. Give both.")
    last_day = expires_on or content.expires_on
    if last_day <= on:
        raise CatalogueError(f"The sign-off would expire on {last_day}. Give a later day with --expires.")
    signed = {}
    for item_id in ids:
        standing = _standing(content, kind, item_id)
        names = tuple(authors) or standing.authors
        _check_reviewer(standing, reviewer, names)
        _check_parts_first(content, standing)
        signed[kind, item_id] = {
            "kind": kind,
            "id": item_id,
            "version": standing.version,
            "digest": standing.item.digest,
            "authors": list(names),
            "reviews": [
                *map(asdict, standing.reviews),
                {"name": reviewer.strip(), "role": role.strip(), "reviewed_on": on},
            ],
            "expires_on": min(last_day, standing.expires_on or last_day),
        }
    _write(directory, signed)
    after = catalogue.load(directory, today=None)
    return [after.standing(kind, item_id) for item_id in ids]


def _standing(content: Catalogue, kind: str, item_id: str) -> Standing:
    try:
        return content.standing(kind, item_id)
    except KeyError:
        known = ", ".join(each.item.id for each in content.standings if each.item.kind == kind)
        raise CatalogueError(f"There is no {kind} {item_id!r}. There are: {known or 'none'}.") from None


def _check_reviewer(standing: Standing, reviewer: str, authors: Sequence[str]) -> None:
    name = f"{standing.item.kind} {standing.item.id}"
    for author in authors:
        for person in (reviewer, *(review.name for review in standing.reviews)):
            if same_person(person, author):
                raise CatalogueError(f"{person} is an author of {name}. Somebody else has to review it.")
    if any(same_person(reviewer, review.name) for review in standing.reviews):
        raise CatalogueError(f"{reviewer} has signed {name} already. Another person has to review it.")


def _check_parts_first(content: Catalogue, standing: Standing) -> None:
    if standing.item.kind != "release":
        return
    waiting = [each for each in content.waiting if each.item.kind != "release"]
    if waiting:
        more = f" and {len(waiting) - 1} more" if len(waiting) > 1 else ""
        raise CatalogueError(
            f"{waiting[0].item.kind} {waiting[0].item.id}{more} wait for their sign-off. Sign the parts first."
        )


def _write(directory: Path, signed: dict[tuple[str, str], dict[str, Any]]) -> None:
    folder, path = sheets.Folder(directory), directory / LEDGER
    entries = sheets.read(folder, LEDGER)["sign_offs"] if folder.text(LEDGER) is not None else []
    merged = {(entry["kind"], entry["id"]): _plain(entry) for entry in entries} | signed
    ordered = sorted(merged.values(), key=lambda entry: (KINDS.index(entry["kind"]), entry["id"]))
    text = HEADER + yaml.safe_dump({"sign_offs": ordered}, sort_keys=False, allow_unicode=True, width=120)
    # Whole or not at all: a ledger that is cut short would take every signature away.
    fresh = path.with_suffix(".new")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(path)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list) else value
