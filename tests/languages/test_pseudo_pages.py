"""In a language that nobody speaks, everything on a page that is plain English did not go through gettext."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client

from selfcare.accounts.models import User
from selfcare.web import version
from tests import factories
from tests.languages.pseudo import ACCENTED, said

pytestmark = pytest.mark.django_db

OPEN = [*version.PAGES, "/", "/learn", "/learn/scans", "/learn/detailed/scans", "/plan/weeks/1", "/account/login/"]
HER_OWN = [
    *("/", "/check-in/start", "/diary", "/exercises"),
    *("/progress", "/progress/pain", "/progress/summary", "/plan", "/patterns", "/today/follow-up", "/settings"),
    *("/settings/reminders", "/settings/profile", "/settings/history", "/settings/sharing"),
]
SAID_ALOUD = ("alt", "aria-label", "title", "placeholder")
SILENT = {"script", "style"}
# Countries and time zones are chosen by the names that the standards give them.
NAMES_TO_CHOOSE = {"country", "time_zone"}
# What is nobody's to translate: names, addresses, units, and the titles of sources.
NAMES = re.compile(
    r"\{\w+\}|selfcare|Ada\w*|Walk to the shops|canary-\w+|Español|English|[\w.]+@[\w.]+|example\.\w+|"
    r"Harbour Clinic|km|cm|kg|°C|A&E|GP|MSK|PDF|PIN|\b[A-Z]{2}-\d+\b|TelefonSeelsorge|\d+(?:am|pm)"
)
ENGLISH = re.compile(r"[A-Za-z]{2,}")


class Reader(HTMLParser):
    """Hears what a page says in one language: its text, and what screen readers say of it."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[str] = []
        self.within: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in {"input", "meta", "link", "br", "hr", "img", "path", "use", "line", "rect", "circle", "wbr"}:
            foreign = given.get("lang") not in (None, ACCENTED) or given.get("name") in NAMES_TO_CHOOSE
            self.within.append("foreign" if foreign else tag)
        if not self._silent():
            self.told += [value for name, value in attrs if name in SAID_ALOUD and value]
            self.told += [value for name, value in attrs if name.startswith("data-") and value and " " in value]

    def handle_endtag(self, tag: str) -> None:
        if self.within:
            self.within.pop()

    def handle_data(self, data: str) -> None:
        if not self._silent():
            self.told.append(data)

    def _silent(self) -> bool:
        return bool(SILENT & set(self.within)) or "foreign" in self.within


def in_english(page: str) -> Iterator[str]:
    """Yield what a page says in plain English."""
    reader = Reader()
    reader.feed(page)
    for text in reader.told:
        if ENGLISH.search(NAMES.sub("", text)):
            yield " ".join(text.split())


@pytest.mark.parametrize("path", OPEN)
def test_every_open_page_is_said_through_gettext(client: Client, pseudo_locales: None, path: str) -> None:
    page = client.get(path, headers={"X-Language": ACCENTED}).content.decode()

    assert f'<html lang="{ACCENTED}"' in page
    assert list(in_english(page)) == []


@pytest.mark.parametrize("path", HER_OWN)
def test_every_page_of_a_patient_is_said_through_gettext(
    ada_client: Client, ada: User, pseudo_locales: None, path: str
) -> None:
    factories.episode(patient=ada)

    answer = ada_client.get(path, headers={"X-Language": ACCENTED}, follow=True)

    assert answer.status_code == 200
    assert list(in_english(answer.content.decode())) == []


def test_a_word_that_is_not_said_through_gettext_is_found() -> None:
    assert list(in_english(f"<p>{said('Go now.')}</p><p>Go now.</p>")) == ["Go now."]


def test_what_a_screen_reader_says_is_heard_too() -> None:
    assert list(in_english(f'<p aria-label="Close">{said("Go now.")}</p>')) == ["Close"]


def test_the_language_that_nobody_speaks_keeps_values_and_tags() -> None:
    told: Any = said("Call {number} for <b>%(n)s</b> days &amp; nights")

    assert "{number}" in told
    assert "<b>%(n)s</b>" in told
    assert "&amp;" in told
    assert len(told) > 1.3 * len("Call {number} for <b>%(n)s</b> days &amp; nights")
