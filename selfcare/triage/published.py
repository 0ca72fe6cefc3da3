"""Published versions of the catalogue: one file each, written once and never edited.

A file holds the sheets as they were, the digest of everything in it, and the digest of the version before. Whoever
changes one afterwards is found out by the digests; ``manage.py catalogue check`` compares them.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from edge import sheets
from edge.sheets import CatalogueError, Folder
from selfcare.triage import building
from selfcare.triage.sign_off import LEDGER

FORMAT = 1
VERSION = re.compile(r"\d+\.\d+\.\d+")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One published version, as a shelf of sheets."""

    version: str
    digest: str
    follows: Mapping[str, str] | None
    texts: Mapping[str, str]

    @property
    def place(self) -> str:
        """Return where a missing sheet belongs."""
        return f"the published version {self.version}: publish it again under a new version"

    def text(self, name: str) -> str | None:
        """Return the text of a sheet, or None where there is none."""
        return self.texts.get(name)


def files(directory: Path) -> list[Path]:
    """Return the files of the published versions, the newest version first."""
    found = [path for path in directory.glob("*.json") if VERSION.fullmatch(path.stem)]
    return sorted(found, key=lambda path: _order(path.stem), reverse=True)


def read(path: Path) -> Snapshot:
    """Return a published version. Raises CatalogueError when the file is not what was written on the day."""
    mend = "Take the file back as it was published; a published version is never edited."
    try:
        plain = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        known = ", ".join(file.stem for file in files(path.parent)) or "none"
        raise CatalogueError(f"Version {path.stem} is not published. There are: {known}.") from None
    except (OSError, ValueError):
        raise CatalogueError(f"{path.name}, line 1: This is no published version. {mend}") from None
    if not _is_whole(plain):
        raise CatalogueError(f"{path.name}, line 1: This is no published version. {mend}")
    if plain["digest"] != _digest(plain):
        raise CatalogueError(f"{path.name}, line 1: The content does not match its digest. {mend}")
    if plain["version"] != path.stem:
        raise CatalogueError(f"{path.name}, line 1: It holds version {plain['version']}. Give the file its name back.")
    return Snapshot(plain["version"], plain["digest"], plain["follows"], plain["sheets"])


def write(source: Path, directory: Path, *, version: str) -> Path:
    """Return the file of a version that was made from a folder of sheets.

    Raises CatalogueError when the version is not higher than every published one, or is no version.
    """
    if not VERSION.fullmatch(version):
        raise CatalogueError(f"{building.COVER_SHEET}: 'version' holds {version!r}. Write three numbers: 1.0.0.")
    before = next(iter(files(directory)), None)
    if before is not None and _order(before.stem) >= _order(version):
        raise CatalogueError(
            f"Version {before.stem} is published already. Raise 'version' in {building.COVER_SHEET} above it."
        )
    folder = Folder(source)
    names = [building.COVER_SHEET, *sheets.read(folder, building.COVER_SHEET)["sheets"], LEDGER]
    texts = {name: text for name in names if (text := folder.text(name)) is not None}
    previous = read(before) if before is not None else None
    plain: dict[str, Any] = {
        "format": FORMAT,
        "version": version,
        "follows": {"version": previous.version, "digest": previous.digest} if previous else None,
        "sheets": texts,
    }
    plain["digest"] = _digest(plain)
    directory.mkdir(exist_ok=True)
    path = directory / f"{version}.json"
    # "x": two people who publish at the same moment do not overwrite each other.
    with path.open("x", encoding="utf-8") as file:
        json.dump(plain, file, ensure_ascii=False, indent=1)
        file.write("\n")
    return path


def faults(directory: Path) -> list[str]:
    """Return a sentence for each published version that is damaged, edited or out of its chain."""
    found, newer = [], None
    for path in files(directory):
        try:
            snapshot = read(path)
        except CatalogueError as error:
            found.append(str(error))
            newer = None
            continue
        if newer is not None and newer.follows != {"version": snapshot.version, "digest": snapshot.digest}:
            found.append(
                f"{path.name}, line 1: Version {newer.version} was published after another {snapshot.version} than "
                "this. Take the files back as they were published."
            )
        newer = snapshot
    return found


def _is_whole(plain: Any) -> bool:
    return (
        isinstance(plain, dict)
        and plain.keys() == {"format", "version", "follows", "sheets", "digest"}
        and plain["format"] == FORMAT
        and isinstance(plain["version"], str)
        and isinstance(plain["sheets"], dict)
        and all(isinstance(text, str) for text in plain["sheets"].values())
    )


def _digest(plain: Mapping[str, Any]) -> str:
    content = {key: value for key, value in plain.items() if key != "digest"}
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _order(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
