"""Reads the YAML sheets of a catalogue so that every complaint can name file and line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import yaml


class CatalogueError(Exception):
    """The catalogue cannot be used. The message names file and line and says how to mend it."""


class Sheet(dict[str, Any]):
    """A mapping of a sheet that knows where it stands."""

    def __init__(self, file: str, line: int) -> None:
        super().__init__()
        self.file, self.line = file, line
        self.lines: dict[str, int] = {}
        # Where each key of a section comes from that several sheets share.
        self.files: dict[str, str] = {}

    def take_in(self, other: Sheet) -> None:
        """Add the keys of another sheet's part of the same section. Raises CatalogueError for a key that is taken."""
        for key, value in other.items():
            if key in self:
                place = f"{self.files.get(key, self.file)}, line {self.lines[key]}"
                raise other.fault(f"{key!r} is taken: it stands in {place}. Remove one, or choose another name.", key)
            self[key] = value
            self.lines[key] = other.lines[key]
            self.files[key] = other.file

    def fault(self, sentence: str, key: str = "") -> CatalogueError:
        """Return the error that says ``sentence`` about this place, or about the line of one of its keys."""
        return CatalogueError(f"{self.where(key)}: {sentence}")

    def where(self, key: str = "") -> str:
        """Return file and line of this place, or of one of its keys."""
        return f"{self.files.get(key, self.file)}, line {self.lines.get(key, self.line)}"

    def fields(self, *, needs: Mapping[str, Any], takes: Mapping[str, Any] | None = None) -> None:
        """Raise unless exactly the named keys are here, each holding a value of the named kind."""
        allowed = {**needs, **(takes or {})}
        for key, value in self.items():
            if key not in allowed:
                raise self.fault(f"{key!r} is not known here. Use one of: {', '.join(sorted(allowed))}.", key)
            kind = allowed[key]
            if not isinstance(value, kind) or (isinstance(value, bool) and kind is int):
                raise self.fault(f"{key!r} holds {value!r}. Write {_kind_words(kind)}.", key)
        for key in needs:
            if key not in self:
                raise self.fault(f"{key!r} is missing. Add it.")

    def one_of(self, key: str, allowed: Iterable[Any]) -> None:
        """Raise unless the value, or every value of the list, under ``key`` is one of ``allowed``."""
        allowed = list(allowed)
        for value in self[key] if isinstance(self[key], list) else [self[key]]:
            if value not in allowed:
                words = ", ".join(map(str, allowed))
                raise self.fault(f"{key!r} holds {value!r}. Use one of: {words}.", key)


def _kind_words(kind: Any) -> str:
    kinds = kind if isinstance(kind, tuple) else (kind,)
    words = {str: "text", int: "a whole number", float: "a number", bool: "true or false", list: "a list", dict: "keys"}
    return " or ".join(words.get(each, "a date such as 2026-03-01") for each in kinds)


# The parser in C reads all sheets in a tenth of the time; where it is missing the other one does the same.
_Parser = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Parser):  # type: ignore[misc,valid-type]
    """YAML with ``true`` and ``false`` as the only booleans: NO is a country and "no" is an answer."""

    file = ""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool" or first in "tTfF"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _mapping(loader: _Loader, node: yaml.MappingNode) -> Sheet:
    sheet = Sheet(loader.file, node.start_mark.line + 1)
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        line = key_node.start_mark.line + 1
        if not isinstance(key, str):
            raise CatalogueError(f"{loader.file}, line {line}: The key {key!r} is not text. Put it in quotes.")
        if key in sheet:
            raise CatalogueError(f"{loader.file}, line {line}: {key!r} stands here twice. Remove one of them.")
        sheet.lines[key] = line
        sheet[key] = loader.construct_object(value_node, deep=True)
    return sheet


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


class Shelf(Protocol):
    """Where sheets lie: a folder, or one published version."""

    def text(self, name: str) -> str | None:
        """Return the text of a sheet, or None where there is none."""

    @property
    def place(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Folder:
    """Sheets as files of a folder."""

    directory: Path

    @property
    def place(self) -> str:
        """Return where a missing sheet belongs."""
        return str(self.directory)

    def text(self, name: str) -> str | None:
        """Return the text of a sheet, or None where there is no such file. Raises CatalogueError if it is no text."""
        try:
            return (self.directory / name).read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        except UnicodeDecodeError:
            raise CatalogueError(f"{name}, line 1: This is not UTF-8 text. Save it as UTF-8.") from None
        except OSError as error:
            raise CatalogueError(f"{name}: {error.strerror}. Check the path and who may read it.") from None


def read(shelf: Shelf, name: str) -> Sheet:
    """Return one sheet. Raises CatalogueError when it is missing, is no YAML or holds no keys."""
    text = shelf.text(name)
    if text is None:
        raise CatalogueError(f"{name} is missing. Put it into {shelf.place}.")
    try:
        loader = _Loader(text)
        loader.file = name
        sheet = loader.get_single_data()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise CatalogueError(f"{name}, line {line}: This is not YAML: {error.problem}. Mend it.") from None
    except yaml.YAMLError as error:
        raise CatalogueError(f"{name}, line 1: This is not YAML: {error}. Mend it.") from None
    if not isinstance(sheet, Sheet):
        raise CatalogueError(f"{name}, line 1: The sheet holds no keys. Fill it or take it out of 'sheets'.")
    return sheet
