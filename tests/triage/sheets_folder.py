"""A copy of the catalogue's sheets that a test may spoil, sign and publish."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from selfcare.triage import catalogue, signing
from selfcare.triage.sign_off import KINDS, LEDGER, Standing

TODAY = date(2026, 12, 1)
ADA, BEN, CY, DI = "Ada Author", "Dr Ben Reviewer", "Dr Cy Reviewer", "Dr Di Safety"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the catalogue's sheets, without any sign-off."""
    for sheet in catalogue.DIRECTORY.glob("*.yaml"):
        if sheet.name != LEDGER:
            (tmp_path / sheet.name).write_text(sheet.read_text(encoding="utf-8"), encoding="utf-8")
    return tmp_path


def spoil(folder: Path, name: str, old: str, new: str) -> int:
    """Replace the first ``old`` in a sheet and return the line at which it stood."""
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def sign(
    folder: Path, kind: str, *ids: str, reviewer: str = BEN, on: date = TODAY, expires_on: date | None = None
) -> list[Standing]:
    """Return where the items stand after one reviewer has signed them."""
    return signing.sign(
        folder, kind=kind, ids=ids, reviewer=reviewer, role="GP", authors=(), on=on, expires_on=expires_on
    )


_LEDGERS: dict[int, str] = {}


def sign_everything(folder: Path) -> None:
    """Let two reviewers sign every part, and the safety officer the whole; the same sheets are signed once."""
    sheets = hash(tuple(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.yaml"))))
    if sheets not in _LEDGERS:
        _sign_everything(folder)
        _LEDGERS[sheets] = (folder / LEDGER).read_text(encoding="utf-8")
    (folder / LEDGER).write_text(_LEDGERS[sheets], encoding="utf-8")


def _sign_everything(folder: Path) -> None:
    for reviewer in (BEN, CY):
        for kind in KINDS:
            waiting = [each.item.id for each in catalogue.load(folder, today=TODAY).waiting if each.item.kind == kind]
            if kind != "release" and waiting:
                sign(folder, kind, *waiting, reviewer=reviewer)
    sign(folder, "release", catalogue.load(folder, today=TODAY).version, reviewer=DI)
