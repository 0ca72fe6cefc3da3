"""The emergency pages need no log-in, no script and no network: three separate walks over every one of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.journeys import phone

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

START = "/help-now"
# To be held out to staff, to choose a country, and "book an appointment": they send nobody to a telephone now.
WITHOUT_CALL = {"/help-now/show", "/help-now/countries", "/help-now/soon"}


@pytest.fixture
def stranger(browser: Browser, browser_context_args: dict[str, Any], live_server: Any) -> Iterator[BrowserContext]:
    """Return the browser of somebody who has never signed in."""
    context = browser.new_context(**browser_context_args, base_url=live_server.url)
    yield context
    context.close()


def help_pages(page: Page) -> dict[str, list[str]]:
    """Return the numbers that can be called on each help page that links lead to, by the path of the page."""
    found: dict[str, list[str]] = {}
    waiting = [START]
    while waiting:
        path = waiting.pop(0)
        if path in found:
            continue
        page.goto(path)
        calls = page.locator('main a[href^="tel:"]:visible').all()
        found[path] = [str(call.get_attribute("href")) for call in calls]
        links = [str(link.get_attribute("href")) for link in page.locator("main a[href^='/help-now']").all()]
        waiting += [link.partition("#")[0].partition("?")[0] for link in links]
    return found


def test_a_stranger_finds_the_number_to_call_on_every_help_page(stranger: BrowserContext) -> None:
    pages = help_pages(stranger.new_page())

    without = {path for path, calls in pages.items() if not calls}

    assert len(pages) >= 5
    assert without <= WITHOUT_CALL


def test_the_same_pages_and_numbers_are_there_without_script(
    stranger: BrowserContext, browser: Browser, browser_context_args: dict[str, Any], live_server: Any
) -> None:
    plain = browser.new_context(**browser_context_args, base_url=live_server.url, java_script_enabled=False)

    pages = help_pages(plain.new_page())

    assert pages == help_pages(stranger.new_page())
    plain.close()


def test_the_same_pages_and_numbers_are_there_without_a_network_after_one_visit(stranger: BrowserContext) -> None:
    page = stranger.new_page()
    online = help_pages(page)
    phone.wait_for_worker(page)
    stranger.set_offline(True)

    pages = help_pages(page)

    assert pages == online


def test_help_is_one_tap_away_on_the_front_page_and_the_call_is_in_view(stranger: BrowserContext) -> None:
    page = stranger.new_page()
    page.set_viewport_size({"width": 320, "height": 568})
    page.goto("/")

    page.locator("header a.help-link").tap()
    page.wait_for_url("**/help-now")

    call = page.locator('main a[href="tel:999"]').first.bounding_box()
    assert call is not None
    assert call["y"] + call["height"] <= 568
