"""Reads the YAML sheets of a catalogue so that every complaint can name file and line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

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
        file = self.files.get(key, self.file)
        return CatalogueError(f"{file}, line {self.lines.get(key, self.line)}: {sentence}")

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


class _Loader(yaml.SafeLoader):
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


def read(path: Path) -> Sheet:
    """Return one sheet. Raises CatalogueError when it is missing, is no YAML or holds no keys."""
    try:
        loader = _Loader(path.read_text(encoding="utf-8"))
        loader.file = path.name
        sheet = loader.get_single_data()
    except FileNotFoundError:
        raise CatalogueError(f"{path.name} is missing. Put it into {path.parent}.") from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise CatalogueError(f"{path.name}, line {line}: This is not YAML: {error.problem}. Mend it.") from None
    if not isinstance(sheet, Sheet):
        raise CatalogueError(f"{path.name}, line 1: The sheet holds no keys. Fill it or take it out of 'sheets'.")
    return sheet
