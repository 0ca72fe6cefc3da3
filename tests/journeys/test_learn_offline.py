"""Reading without a network: after one visit every Learn page is on the phone, and the level stays chosen."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from selfcare.web import version
from tests.journeys import phone

pytestmark = [pytest.mark.browser, pytest.mark.reads, pytest.mark.django_db(transaction=True)]


KEPT = """(paths) => Promise.all(paths.map((path) => caches.match(path))).then((all) => all.every(Boolean))"""


def visited(context: BrowserContext) -> Page:
    """Return a phone that has kept what there is to read."""
    page = context.new_page()
    page.goto("/help-now")
    phone.wait_for_worker(page)
    phone.wait_until(page, KEPT, list(version.reading()))
    return page


def test_after_one_visit_every_card_can_be_read_without_a_network(
    browser: Browser, browser_context_args: dict[str, Any], live_server: Any
) -> None:
    context = browser.new_context(**browser_context_args, base_url=live_server.url)
    page = visited(context)
    context.set_offline(True)

    shown = {path: (page.goto(path), page.locator("main h1").inner_text())[1] for path in version.reading()}

    assert "You are offline" not in shown.values()
    assert shown["/learn/scans"] == shown["/learn/detailed/scans"] == "What a scan can and cannot tell"
    context.close()


def test_a_level_chosen_without_a_network_is_kept(
    browser: Browser, browser_context_args: dict[str, Any], live_server: Any
) -> None:
    context = browser.new_context(**browser_context_args, base_url=live_server.url)
    page = visited(context)
    context.set_offline(True)

    page.goto("/learn")
    page.get_by_role("link", name="More detail").tap()
    page.wait_for_url("**/learn/detailed")

    page.wait_for_function("() => document.cookie.includes('reading=detailed')")
    context.close()


def test_a_card_that_cannot_be_kept_costs_nobody_the_help_pages(
    browser: Browser, browser_context_args: dict[str, Any], live_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = version.reading()
    monkeypatch.setattr(version, "reading", lambda: ("/learn/no-such-card", *listed))
    context = browser.new_context(**browser_context_args, base_url=live_server.url)
    page = context.new_page()
    page.goto("/help-now")
    phone.wait_for_worker(page)
    phone.wait_until(page, KEPT, list(listed))
    context.set_offline(True)

    page.goto("/help-now/now")
    assert page.locator('main a[href="tel:999"]').first.is_visible()
    page.goto("/learn/no-such-card")
    assert page.locator("main h1").inner_text() == "You are offline"
    context.close()
