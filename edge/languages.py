"""Texts that stand in sheets, in other languages: the same gettext files as everything else, one per room.

A room says once which of its texts patients read, as a function that puts each of them through ``say``. Handed a
collector it yields the texts for translators; handed the words of a language it yields the content in that language.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Protocol, Self, TypeVar

# What the sheets and the code are written in.
SOURCE = "en-gb"

VALUE = re.compile(r"\{\w*\}|%\(\w+\)[sd]|%[sd]")

Content = TypeVar("Content")
Words = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Text:
    """One text that patients read. ``safety``: a language without it cannot be offered."""

    text: str
    place: str
    safety: bool


class Say(Protocol):
    """Returns the words for a text."""

    def __call__(self, text: str, *, place: str, safety: bool = False) -> str: ...


def texts_of(content: Content, in_words: Callable[[Content, Say], Content]) -> list[Text]:
    """Return the texts that patients read, in the order of the content."""
    found: list[Text] = []

    def collect(text: str, *, place: str, safety: bool = False) -> str:
        found.append(Text(text, place, safety))
        return text

    in_words(content, collect)
    return found


def translated(content: Content, in_words: Callable[[Content, Say], Content], words: Words) -> Content:
    """Return the content in another language. A place that is not translated whole stays English whole."""
    torn = {one.place for one in texts_of(content, in_words) if words(one.text) is None}

    def say(text: str, *, place: str, safety: bool = False) -> str:
        return text if place in torn else words(text) or text

    return in_words(content, say)


class Spoken:
    """A dataclass of content that is shown in other languages; what it judges by stays as it is.

    ``IN_WORDS`` puts its texts through ``say``, ``LOCALE`` is the folder with their translations.
    """

    IN_WORDS: Callable[[Any, Say], Any]
    LOCALE: Path
    language: str

    def spoken_in(self, language: str) -> Self:
        """Return the same content in the words of a language."""
        if language == self.language:
            return self
        if language not in self._views:
            view = translated(self, type(self).IN_WORDS, words_of(self.LOCALE, language))
            self._views[language] = replace(view, language=language)  # type: ignore[type-var]
        return self._views[language]

    @cached_property
    def _views(self) -> dict[str, Self]:
        return {}


def every_text(value: Any, say: Callable[[str], str]) -> Any:
    """Return plain data with each text in it put through ``say``; an empty one stays empty."""
    if isinstance(value, str):
        return say(value) if value else value
    if isinstance(value, Mapping):
        return {key: every_text(each, say) for key, each in value.items()}
    return [every_text(each, say) for each in value] if isinstance(value, list | tuple) else value


@cache
def words_of(folder: Path, language: str) -> Words:
    """Return what gives the words for a text by the ``locale`` folder of a room.

    It gives None for a text that is not translated, or whose translation names other values: nobody sees that one.
    A fuzzy translation never gets into the compiled file.
    """
    try:
        known = gettext.translation("django", str(folder), [language])
    except FileNotFoundError:
        return lambda text: None
    known.add_fallback(_Missing())

    def words(text: str) -> str | None:
        said = known.gettext(text)
        return said if said and values_of(said) == values_of(text) else None

    return words


def values_of(text: str) -> list[str]:
    """Return the names of the values that are filled into a text, such as {number} and %(days)s."""
    return sorted(VALUE.findall(text))


class _Missing(gettext.NullTranslations):
    def gettext(self, message: str) -> str:
        return ""
