"""The screen that is held out to hospital staff: built on the phone, offline, signed in or not, and on one sheet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from selfcare.accounts.models import Clinic, PatientProfile, User
from tests import factories
from tests.journeys import phone
from tests.journeys.test_pages_for_everybody import faults
from tests.web.conftest import QUIET

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def usual(ada: User, harbour: Clinic) -> User:
    """Return Ada with blood thinners, after five quiet days; her clinic can be rung."""
    Clinic.objects.filter(pk=harbour.pk).update(phone="020 7946 0000")
    history = {"anticoagulant": True, "cancer_history": False, "bladder_longstanding": False}
    PatientProfile.objects.filter(user=ada).update(history=history)
    today = timezone.now().astimezone(ZoneInfo("Europe/London")).date()
    episode = factories.episode(patient=ada, onset_on=today - timedelta(days=12), regions=["bu-l"])
    for ago in range(5, 0, -1):
        factories.entry(episode=episode, on=today - timedelta(days=ago), observations=dict(QUIET))
    return ada


@pytest.fixture
def context(
    usual: User, browser: Browser, browser_context_args: dict[str, Any], live_server: Any
) -> Iterator[BrowserContext]:
    """Return Ada's phone."""
    opened = phone.signed_in(browser, live_server.url, usual, args=browser_context_args)
    yield opened
    opened.close()


@pytest.fixture
def warned(context: BrowserContext) -> Page:
    """Return Ada's phone without a network, on the card that numbness between the legs brings up."""
    page = context.new_page()
    page.goto("/check-in")
    phone.screen(page, "step:toilet").wait_for(state="visible")
    phone.wait_for_worker(page)
    context.set_offline(True)
    phone.tap_answer(page, "toilet", "no_change")
    phone.tap_answer(page, "between", "yes")
    phone.tap_answer(page, "saddle", "new_days")
    phone.screen(page, "advice:now_cauda_equina").locator('[data-kept="phone"]').wait_for(state="visible")
    return page


def show(page: Page) -> Page:
    """Tap the one link to the screen for staff, and wait until it is drawn."""
    page.locator('main a[href="/help-now/show"]:visible').first.tap()
    page.wait_for_url("**/help-now/show")
    expect(page.locator("[data-staff-filled]")).to_be_visible()
    return page


def test_one_tap_from_the_card_shows_what_was_answered_without_a_network(warned: Page, pictures: Path | None) -> None:
    page = show(warned)

    expect(page.locator("[data-staff-lead]")).to_contain_text("suspected cauda equina syndrome (CES) pathway")
    expect(page.locator(".signs")).to_contain_text("Saddle (perineal) sensation: NEW")
    expect(page.locator(".signs")).to_contain_text("it feels different between your legs")
    expect(page.locator(".signs li")).to_have_count(1)
    expect(page.locator("[data-staff-groups]")).to_contain_text(
        re.compile(r"No change \(.*\): bladder function, bowel function\.")
    )
    expect(page.locator("[data-staff-groups]")).to_contain_text(
        "Not asked or not answered: sexual function or sensation."
    )
    expect(page.locator('[data-staff-part="medicines"]')).to_contain_text("Yes: anticoagulant.")
    expect(page.locator('[data-staff-part="history"]')).to_contain_text("No: cancer, ever.")
    expect(page.locator('[data-staff-part="advised"]')).to_contain_text("emergency department")
    expect(page.locator('[data-staff-part="clinics"] a')).to_have_attribute("href", "tel:02079460000")
    expect(page.locator("[data-staff-unsent]")).to_be_visible()
    expect(page.locator("[data-staff-blank]")).to_be_hidden()
    if pictures is not None:
        page.screenshot(path=pictures / "show-to-staff.png", full_page=True)


def test_it_shows_the_same_when_the_session_is_over(warned: Page, context: BrowserContext) -> None:
    before = show(warned).locator("[data-staff-filled]").inner_text()
    context.clear_cookies()
    context.set_offline(False)

    page = warned
    page.reload()

    expect(page.locator("[data-staff-filled]")).to_be_visible()
    assert page.locator("[data-staff-filled]").inner_text() == before


def test_a_half_filled_check_in_is_on_it_and_says_so(context: BrowserContext) -> None:
    page = context.new_page()
    page.goto("/check-in")
    phone.screen(page, "step:toilet").wait_for(state="visible")
    phone.tap_answer(page, "toilet", "no_change")
    phone.tap_answer(page, "between", "yes")
    # Whether this began long ago is judged after the questions about the same nerves.
    phone.tap_answer(page, "saddle", "new_longer")
    phone.screen(page, "step:legs").wait_for(state="visible")
    phone.wait_until(page, """async () => {
        const { recall } = await import("/static/web/js/store.js");
        return (await recall("draft"))?.body?.observations.saddle === "new";
    }""")  # fmt: skip

    page.goto("/help-now/show")

    expect(page.locator("[data-staff-unfinished]")).to_be_visible()
    expect(page.locator(".signs")).to_contain_text("Saddle (perineal) sensation: NEW")


def test_without_a_sign_it_claims_none_and_offers_the_form(context: BrowserContext) -> None:
    page = context.new_page()
    page.goto("/help-now/show")

    expect(page.locator("[data-staff-filled]")).to_be_visible()
    expect(page.locator("[data-staff-lead]")).to_contain_text("No new or worse sign in the answers on this phone.")
    expect(page.locator("[data-staff-blank]")).to_be_visible()
    expect(page.locator('[data-staff-part="signs"]')).to_be_hidden()


def test_a_phone_of_nobody_shows_a_form_to_tick(
    browser: Browser, browser_context_args: dict[str, Any], live_server: Any
) -> None:
    context = browser.new_context(**browser_context_args, base_url=live_server.url)
    page = context.new_page()
    page.goto("/help-now/show")

    page.locator("[data-staff-blank] input").first.check()

    expect(page.locator("[data-staff-filled]")).to_be_hidden()
    expect(page.locator("[data-staff-only-blank]").first).to_be_visible()
    context.close()


def test_it_prints_on_one_sheet(warned: Page) -> None:
    page = show(warned)

    for paper in ("A4", "Letter"):
        sheets = re.findall(rb"/Type\s*/Page\b", page.pdf(format=paper))
        assert len(sheets) == 1, paper


def test_it_asks_the_phone_to_keep_the_screen_on(warned: Page) -> None:
    warned.add_init_script(
        """Object.defineProperty(navigator, "wakeLock", { value: { request: async (type) => {
            globalThis.asked = type;
            return { released: false, release: async () => {} };
        } } });"""
    )

    page = show(warned)

    phone.wait_until(page, "() => globalThis.asked === 'screen'")
    expect(page.locator("[data-staff-sleeps]")).to_be_hidden()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_filled_screen_has_no_fault_and_is_black_on_white(theme: Any, warned: Page, pictures: Path | None) -> None:
    warned.emulate_media(color_scheme=theme)
    page = show(warned)

    assert faults(page, "/help-now/show") == []
    colours = page.evaluate("[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]")
    assert colours == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
    if pictures is not None:
        page.screenshot(path=pictures / f"show-to-staff-{theme}.png", full_page=True)
