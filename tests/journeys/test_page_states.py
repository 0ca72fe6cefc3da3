"""What a page says about itself: slow, old, unsent for long, the session over; nothing of anybody after sign-out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from selfcare.accounts.models import User
from tests import factories
from tests.journeys import phone
from tests.web.conftest import QUIET

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SIGNED_OUT = "You have been signed out to keep your answers private."
KEPT = "async () => Boolean(await (await import('/static/web/js/store.js')).recall('context'))"
WAITS = """async (hours) => {
    const { recall, addUnsent } = await import("/static/web/js/store.js");
    const { person } = await recall("context");
    const at = Date.now() - hours * 3600 * 1000;
    await addUnsent({ id: crypto.randomUUID(), owner: person, body: { observations: {} }, at });
    return true;
}"""


@pytest.fixture
def diary(ada: User) -> User:
    """Return Ada with one quiet day."""
    yesterday = timezone.now().astimezone(ZoneInfo("Europe/London")).date() - timedelta(days=1)
    episode = factories.episode(patient=ada, onset_on=yesterday - timedelta(days=12), regions=["bu-l"])
    factories.entry(episode=episode, on=yesterday, observations=dict(QUIET))
    return ada


@pytest.fixture
def opened(
    diary: User, browser: Browser, browser_context_args: dict[str, Any], live_server: Any
) -> Iterator[Callable[..., BrowserContext]]:
    """Return a function that opens Ada's browser."""
    contexts: list[BrowserContext] = []

    def open_with(**args: Any) -> BrowserContext:
        contexts.append(phone.signed_in(browser, live_server.url, diary, args={**browser_context_args, **args}))
        return contexts[-1]

    yield open_with
    for context in contexts:
        context.close()


@pytest.fixture
def today(opened: Callable[..., BrowserContext]) -> Page:
    """Return Today on Ada's phone, which has kept what it needs."""
    page = opened().new_page()
    page.goto("/")
    phone.wait_until(page, KEPT)
    return page


def test_a_slow_way_to_the_next_page_is_told(opened: Callable[..., BrowserContext]) -> None:
    page, held = opened(service_workers="block").new_page(), list[Route]()
    page.goto("/settings")
    page.wait_for_load_state("networkidle")
    page.route("**/settings/sound", lambda route: held.append(route))
    # While a page is on its way the tools look at nothing: the page notes what it says.
    page.evaluate(
        """() => {
            const strip = document.getElementById("loading-strip");
            const note = () => strip.textContent && sessionStorage.setItem("said", strip.textContent);
            new MutationObserver(note).observe(strip, { childList: true });
            sessionStorage.setItem("role", strip.getAttribute("role"));
        }"""
    )

    page.locator('a[href="/settings/sound"]').click(no_wait_after=True)
    page.wait_for_timeout(1500)
    held[0].continue_()

    page.wait_for_url("**/settings/sound")
    assert page.evaluate("[sessionStorage.said, sessionStorage.role]") == ["Still loading…", "status"]
    expect(page.locator("#loading-strip")).to_have_text("")


def test_a_form_that_is_sent_without_a_network_keeps_what_was_written(today: Page) -> None:
    today.goto("/set-up/goal")
    field = today.locator("main textarea, main input[type=text]").first
    field.fill("Walk to the shop")
    phone.wait_until(today, KEPT)
    today.context.set_offline(True)

    today.locator("main form .btn-primary").first.tap()

    expect(today.locator("#loading-strip")).to_contain_text("You are offline, so this was not sent.")
    expect(field).to_have_value("Walk to the shop")


def test_a_page_says_when_it_was_fetched_and_after_a_day_that_it_may_be_old(
    opened: Callable[..., BrowserContext],
) -> None:
    page = opened().new_page()
    page.goto("/progress")
    line = page.locator("[data-fetched]")
    expect(line).to_have_text(re.compile(r"^Updated \d\d:\d\d\.$"))

    page.evaluate(
        """() => {
            const later = Date.now() + 25 * 3600 * 1000;
            Date.now = () => later;
            document.dispatchEvent(new Event("visibilitychange"));
        }"""
    )

    expect(line).to_have_text(re.compile(r"^Updated .*20\d\d.*\. This may be out of date\.$"))


@pytest.mark.parametrize(("hours", "amber"), [(1, False), (25, True)])
def test_what_waits_for_more_than_a_day_turns_amber(
    hours: int, amber: bool, today: Page, pictures: Path | None
) -> None:
    today.evaluate(WAITS, hours)
    today.route("**/check-in/context", lambda route: route.abort())
    today.route("**/api/v1/**", lambda route: route.abort())

    today.reload()

    box = today.locator("[data-unsent]").first
    expect(box).to_contain_text("1 answer waits to be sent")
    expect(box.locator("[data-unsent-old]")).to_be_visible(visible=amber)
    assert ("old" in (box.get_attribute("class") or "").split()) is amber
    if pictures is not None:
        today.screenshot(path=pictures / f"unsent-{hours}.png", full_page=True)


@pytest.mark.parametrize("path", ["/", "/diary"])
def test_a_session_that_is_over_is_told_with_what_has_become_of_the_answers(path: str, today: Page) -> None:
    today.context.clear_cookies()

    today.goto(path)

    expect(today.locator("[data-signed-out]")).to_be_visible()
    expect(today.locator("[data-signed-out]")).to_contain_text(SIGNED_OUT)


def test_a_stranger_is_not_told_of_a_session(
    browser: Browser, browser_context_args: dict[str, Any], live_server: Any
) -> None:
    context = browser.new_context(**browser_context_args, base_url=live_server.url)
    page = context.new_page()

    page.goto("/account/login/")
    page.wait_for_load_state("networkidle")

    expect(page.locator("[data-signed-out]")).to_be_hidden()
    context.close()


def test_back_after_sign_out_shows_nothing_of_anybody(today: Page, diary: User) -> None:
    today.goto("/diary")
    today.goto("/settings")
    # The rows fill themselves: a tap before that lands beside the button.
    today.wait_for_load_state("networkidle")
    today.locator("form[data-sign-out] button:not([type=button])").tap()
    today.wait_for_url(re.compile(r"/$"))
    expect(today.get_by_role("link", name="Sign in").first).to_be_visible()

    for _ in range(3):
        today.go_back()

        expect(today.get_by_role("heading", name=re.compile("^(Sign in|Keep a short diary)"))).to_be_visible()
        assert str(diary.pk) not in today.content()


def test_a_page_that_the_browser_brings_back_after_sign_out_is_emptied(today: Page) -> None:
    today.evaluate("async () => { await (await import('/static/web/js/store.js')).wipe(); }")
    today.context.clear_cookies()

    with today.expect_navigation():
        today.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")

    expect(today.get_by_role("heading", name=re.compile("^Keep a short diary"))).to_be_visible()


def test_a_page_that_the_browser_brings_back_to_its_person_stays(today: Page) -> None:
    today.evaluate("globalThis.stillHere = true")

    today.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")

    expect(today.get_by_role("heading", name="Today")).to_be_visible()
    assert today.evaluate("globalThis.stillHere")
