"""Learn: short cards in two levels, for everybody, with where they come from and who has checked them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client

from selfcare.accounts.models import User
from selfcare.triage import catalogue
from selfcare.triage.catalogue import CatalogueError
from selfcare.web import learn, version
from tests import factories
from tests.triage.sheets_folder import BEN, TODAY, folder, sign, spoil

__all__ = ["folder"]

pytestmark = pytest.mark.django_db

CARDS = list(catalogue.current().learn)
PATHS = [("/learn", "plain"), ("/learn/detailed", "detailed")]
SHEET = "learn.yaml"


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def linked(text: str) -> list[str]:
    """Return the addresses of the Learn pages that a page links to."""
    return re.findall(r'href="(/learn[^"]*)"', text)


@pytest.fixture
def signed(folder: Path) -> Iterator[None]:
    """Let one clinician have checked the card about scans, and nothing else."""
    sign(folder, "learn", "scans", reviewer=BEN, on=date(2026, 12, 1), expires_on=date(2027, 3, 1))
    with patch.object(catalogue, "current", return_value=catalogue.load(folder, today=TODAY)):
        yield


def test_the_list_names_every_card_with_what_it_is_about(client: Client) -> None:
    shown = page(client, "/learn")

    for card in catalogue.current().learn.values():
        assert card["title"] in shown
        assert card["summary"] in shown


@pytest.mark.parametrize("card_id", CARDS)
def test_a_card_shows_its_own_level_and_not_the_other(client: Client, card_id: str) -> None:
    card = catalogue.current().learn[card_id]
    only = {level: lines(card, level) - lines(card, learn.other(level)) for level in learn_levels()}

    for index, level in PATHS:
        shown = page(client, f"{index}/{card_id}")
        assert all(line in shown for line in only[level])
        assert not any(line in shown for line in only[learn.other(level)] if not is_part_of(line, only[level]))


@pytest.mark.parametrize(("index", "level"), PATHS)
def test_who_reads_in_one_level_stays_in_it(client: Client, index: str, level: str) -> None:
    other = learn.index_path(learn.other(level))

    for path in [index, *(f"{index}/{card_id}" for card_id in CARDS)]:
        leads_to = linked(page(client, path))
        away = [one for one in leads_to if one.startswith("/learn/detailed") != (level == "detailed")]
        # The switch is the only way out, and it leads to the same page in the other level.
        assert away == [path.replace(index, other, 1)]


def test_every_way_on_leads_to_a_page(client: Client) -> None:
    found = {one for path in version.reading() for one in linked(page(client, path))}

    assert found == set(version.reading())


def test_the_level_is_kept_for_the_next_time(client: Client, ada: User) -> None:
    factories.episode(patient=ada)
    factories.log_in(client, ada)
    assert 'href="/learn"' in page(client, "/")

    client.get("/learn/detailed/scans")
    assert 'href="/learn/detailed"' in page(client, "/")

    client.get("/learn/scans")
    assert 'href="/learn"' in page(client, "/")


@pytest.mark.parametrize("path", version.reading())
def test_a_page_is_the_same_for_ada_and_for_nobody(client: Client, ada: User, path: str) -> None:
    assert page(factories.log_in(Client(), ada), path) == page(client, path)


def test_clinicians_and_numbers_have_the_names_of_the_country(client: Client) -> None:
    client.cookies["country"] = "US"

    assert "primary care doctor or physical therapist" in page(client, "/learn/who_helps")
    assert "Call 911 now" in page(client, "/learn/get_help")


def test_the_card_about_help_names_the_same_signs_in_both_levels(client: Client) -> None:
    for path in ("/learn/get_help", "/learn/detailed/get_help"):
        shown = page(client, path)
        for sign_ in ("A&E now", "Peeing", "between your legs", "in sex", "Both legs", "within a day", "chest pain"):
            assert sign_ in shown, (path, sign_)


def test_a_card_that_nobody_has_checked_says_so(client: Client) -> None:
    shown = page(client, "/learn/sleep")

    assert "This page is a draft. No clinician has checked it yet." in shown
    assert "It was last changed on 21 November 2026." in shown


def test_a_card_that_was_checked_says_when_and_when_again(client: Client, signed: None) -> None:
    shown = page(client, "/learn/scans")

    assert "A clinician checked this page on 1 December 2026. The next check is due by 1 March 2027." in shown
    assert "draft" not in shown.split("About this page")[1]
    assert "This page is a draft." in page(client, "/learn/sleep")


def test_a_change_of_the_text_makes_it_a_draft_again(client: Client, folder: Path) -> None:
    sign(folder, "learn", "scans", reviewer=BEN)
    spoil(folder, SHEET, "It does not show pain.", "It cannot show pain.")

    with patch.object(catalogue, "current", return_value=catalogue.load(folder, today=TODAY)):
        assert "This page is a draft." in page(client, "/learn/scans")


def test_sources_are_named_and_can_be_opened(client: Client) -> None:
    shown = page(client, "/learn/stretches")

    for source in ("S42", "S43", "S44", "S45"):
        assert catalogue.current().sources[source]["title"] in shown
        assert catalogue.current().sources[source]["addresses"][0] in shown


def test_an_unknown_card_is_not_found(client: Client) -> None:
    assert client.get("/learn/bed-rest").status_code == 404
    assert client.get("/learn/detailed/bed-rest").status_code == 404


def test_the_phone_keeps_every_card_apart_from_what_it_must_have(client: Client) -> None:
    assert len(version.reading()) == 2 * (len(CARDS) + 1)
    assert not set(version.reading()) & set(version.precached())

    worker = client.get("/sw.js").content.decode()

    assert all(f'"{path}"' in worker for path in version.reading())


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("    summary: The signs", "    sumary: The signs", "'sumary' is not known here"),
        ("card: who_helps", "card: who_help", "'card' holds 'who_help'"),
        ("sources: [S1, S4, S6, S7]", "sources: [S1, S999]", "'S999' is not in sources.yaml"),
        ("sources: [S1, S4, S6, S7]", "sources: []", "Cite at least one source"),
        ("{emergency_place}", "{emergency_plaice}", "is not in regions.yaml or specialists.yaml"),
        ("{type: guideline, grade: low}", "{type: guideline, grade: good}", "'grade' holds 'good'"),
        ("      - heading: Most people get better\n", "      - headline: Most people get better\n", "'headline'"),
    ],
)
def test_a_card_that_cannot_be_shown_is_refused_with_its_line(folder: Path, old: str, new: str, fault: str) -> None:
    spoil(folder, SHEET, old, new)

    with pytest.raises(CatalogueError, match=rf"learn\.yaml, line \d+: .*{re.escape(fault)}"):
        catalogue.load(folder, today=TODAY)


def learn_levels() -> tuple[str, str]:
    return learn.PLAIN, learn.DETAILED


def lines(card: Mapping[str, Any], level: str) -> set[str]:
    """Return the lines of a card in a level, without those that a country fills in."""
    found = [line for part in card[level] for line in (*part.get("points", ()), *part.get("text", ()))]
    return {line for line in found if "{" not in line}


def is_part_of(line: str, others: set[str]) -> bool:
    return any(line in other for other in others)
