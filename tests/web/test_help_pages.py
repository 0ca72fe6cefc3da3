"""Help pages: for everybody, without a log-in, with the numbers of the right country and nothing about anybody."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from selfcare.accounts.models import User
from selfcare.triage import catalogue
from selfcare.web import version
from tests import factories

pytestmark = pytest.mark.django_db

HELP = [page for page in version.PAGES if page.startswith("/help-now")]


@pytest.mark.parametrize("path", version.PAGES)
def test_a_kept_page_needs_no_log_in(client: Client, path: str) -> None:
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", version.PAGES)
def test_a_kept_page_is_the_same_for_ada_and_for_nobody(client: Client, ada: User, path: str) -> None:
    # A form token is drawn anew for each answer; everything else must be alike.
    for_nobody = without_token(client.get(path).content.decode())

    for_ada = without_token(factories.log_in(Client(), ada).get(path).content.decode())

    assert for_ada == for_nobody


@pytest.mark.parametrize("path", ["/help-now", "/help-now/which", "/help-now/now"])
def test_the_call_comes_first(client: Client, path: str) -> None:
    page = client.get(path).content.decode()

    assert 0 < page.index('href="tel:999"') < page.index("Do not drive yourself")


@pytest.mark.parametrize("path", HELP)
def test_the_numbers_follow_the_country(client: Client, path: str) -> None:
    client.cookies["country"] = "US"

    page = client.get(path).content.decode()

    assert "tel:911" in page
    assert "/help-now/countries" in path or "tel:999" not in page


def test_the_worker_asks_for_a_country_without_cookies(client: Client) -> None:
    page = client.get("/help-now", headers={"X-Country": "AU"}).content.decode()

    assert "tel:000" in page


@pytest.mark.parametrize("language", ["en-gb", "es"])
def test_the_check_in_has_the_number_of_each_country_on_every_card(client: Client, language: str) -> None:
    for country, number in (("GB", "999"), ("AU", "000"), ("GB", "999")):
        page = client.get("/check-in", headers={"X-Country": country, "X-Language": language}).content.decode()

        called = set(re.findall(r'class="btn-primary call" href="tel:([^"]*)"', page))
        assert number in called
        assert not called & ({"999", "000", ""} - {number})


def test_an_unknown_country_gets_the_number_that_works_almost_everywhere(client: Client) -> None:
    client.cookies["country"] = "XX"

    assert 'href="tel:112"' in client.get("/help-now").content.decode()


def test_a_chosen_country_is_kept_on_the_phone(client: Client) -> None:
    client.post("/help-now/countries", {"country": "IE"})

    assert client.cookies["country"].value == "IE"


def test_every_region_is_listed_with_its_number(client: Client) -> None:
    page = client.get("/help-now/countries").content.decode()

    assert all(region["name"] in page for region in catalogue.current().regions.values())


def test_no_link_of_a_help_page_carries_a_query(client: Client) -> None:
    for path in HELP:
        assert "?" not in "".join(part.split('"')[0] for part in client.get(path).content.decode().split('href="')[1:])


@pytest.mark.parametrize("path", ["/help-now", "/help-now/which", "/help-now/now", "/check-in"])
def test_every_now_card_leads_to_the_page_for_staff(client: Client, path: str) -> None:
    cards = client.get(path).content.decode().split('care-card now"')[1:]

    assert cards
    assert all('href="/help-now/show"' in card.split('class="care-card')[0] for card in cards)


def test_an_unknown_card_is_not_found(client: Client) -> None:
    response = client.get("/help-now/later")

    assert response.status_code == 404
    assert b"/help-now" in response.content


def test_every_card_of_the_catalogue_is_in_the_kept_check_in_page(client: Client) -> None:
    page = client.get("/check-in").content.decode()

    # An urgent one has a screen of its own, the others stand on the receipt.
    there = set(re.findall(r'data-(?:screen="advice:|saved-card=")(\w+)"', page))
    missing = [name for name in catalogue.current().advices if name not in there]
    assert missing == ["none", "now", "today", "soon"]


def without_token(page: str) -> str:
    return "".join(line for line in page.splitlines() if "csrfmiddlewaretoken" not in line)
