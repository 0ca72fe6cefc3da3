"""Two languages that nobody speaks: what did not go through gettext is plain ASCII in them, and long words break pages.

Texts become accented, 40 % longer and bracketed; the second one also runs from right to left.
"""

from __future__ import annotations

import gettext
import re
from typing import Any

from django.utils.translation import trans_real

ACCENTED, FROM_THE_RIGHT = "en-xa", "ar-xb"
# The values that are filled in, the tags and the entities of a text stay as they are.
KEPT = re.compile(r"(\{[^}]*\}|%\(\w+\)[sd]|%[sd%]|<[^>]*>|&\w+;)")
PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
LETTERS = str.maketrans(PLAIN, "áƀçðéƒĝĥíĵķļɱñóþǫŕšţúṽŵẋýžÁƁÇÐÉƑĜĤÍĴĶĻṀÑÓÞǪŔŠŢÚṼŴẊÝŽ")
LONGER = 0.4


def said(text: str) -> str:
    """Return a text in the language that nobody speaks."""
    if not text.strip():
        return text
    parts = [part if KEPT.fullmatch(part) else part.translate(LETTERS) for part in KEPT.split(text)]
    return f"⟦{''.join(parts)}{' ~' * round(len(text) * LONGER / 2)}⟧"


class Pseudo(trans_real.DjangoTranslation):
    """The words of pages and code."""

    def __init__(self, code: str) -> None:
        super().__init__("en-gb")
        self.code = code

    def to_language(self) -> str:
        return self.code

    def gettext(self, message: str) -> str:
        return said(message.split(trans_real.CONTEXT_SEPARATOR)[-1])

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        return said(singular if number == 1 else plural)


class Sheets(gettext.NullTranslations):
    """The words of the sheets."""

    def gettext(self, message: str) -> str:
        return said(message)


def speak(monkeypatch: Any, settings: Any) -> None:
    """Teach this process both languages, until the test is over."""
    real = gettext.translation

    def translation(domain: str, localedir: str | None = None, languages: Any = None, **more: Any) -> Any:
        if languages and languages[0] in (ACCENTED, FROM_THE_RIGHT):
            return Sheets()
        return real(domain, localedir, languages, **more)

    # First: it makes Django forget every language that it has read.
    settings.LANGUAGES = [*settings.LANGUAGES, (ACCENTED, "Áççéñţš"), (FROM_THE_RIGHT, "ţɦǧíŕ")]
    monkeypatch.setattr(gettext, "translation", translation)
    for code in (ACCENTED, FROM_THE_RIGHT):
        monkeypatch.setitem(trans_real._translations, code, Pseudo(code))
