"""A new version on a phone in use, and an older one after it: nothing half written is lost, and nothing is mixed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from selfcare.accounts.models import User
from selfcare.diary.models import Entry
from selfcare.triage import catalogue
from selfcare.web import version
from tests import factories
from tests.journeys import phone
from tests.web.conftest import QUIET

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOOK = "navigator.serviceWorker.getRegistration().then((one) => one.update()).then(() => true)"
SCORES = {"interference": 3, "pain_buttock": 4, "pain_worst": 5}


@pytest.fixture
def context(
    ada: User, browser: Browser, browser_context_args: dict[str, Any], live_server: Any
) -> Iterator[BrowserContext]:
    """Return Ada's phone after five quiet days."""
    today = timezone.now().astimezone(ZoneInfo("Europe/London")).date()
    episode = factories.episode(patient=ada, onset_on=today - timedelta(days=12), regions=["bu-l"])
    for ago in range(5, 0, -1):
        factories.entry(episode=episode, on=today - timedelta(days=ago), observations=dict(QUIET))
    opened = phone.signed_in(browser, live_server.url, ada, args=browser_context_args)
    yield opened
    opened.close()


@pytest.fixture
def half_filled(context: BrowserContext) -> Page:
    """Return a check-in with one answer, on a page that the service worker gave."""
    page = context.new_page()
    page.goto("/check-in")
    phone.wait_for_worker(page)
    page.reload()
    phone.tap_answer(page, "toilet", "no_change")
    phone.screen(page, "step:between").wait_for(state="visible")
    return page


def publish(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Let the server have another version of the app and of its catalogue."""
    other = replace(catalogue.current(), version=f"9.9.{len(name)}")
    monkeypatch.setattr(version, "current", lambda: name)
    monkeypatch.setattr(catalogue, "current", lambda: other)


def offered(page: Page) -> Any:
    """Let the phone look for a new version; return the button that takes it."""
    page.evaluate(LOOK)
    button = page.locator("#update-now")
    button.wait_for(state="visible")
    return button


def kept_catalogue(page: Page) -> str:
    return str(page.evaluate("fetch('/api/v1/catalogue').then((one) => one.json()).then((one) => one.version)"))


def test_pages_and_catalogue_are_of_one_version_before_and_after(
    half_filled: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = catalogue.current().version
    publish(monkeypatch, "next")
    button = offered(half_filled)
    assert kept_catalogue(half_filled) == before

    with half_filled.expect_navigation():
        button.tap()

    phone.screen(half_filled, "step:between").wait_for(state="visible")
    # The new worker puts the old pages away while it already answers.
    phone.wait_until(half_filled, "() => caches.keys().then((names) => names.join() === 'selfcare-next')")
    assert kept_catalogue(half_filled) == catalogue.current().version != before


def test_another_tab_that_updates_does_not_take_the_check_in_away(
    half_filled: Page, context: BrowserContext, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = catalogue.current().version
    half_filled.evaluate("globalThis.stillHere = true")
    other = context.new_page()
    other.goto("/settings")
    publish(monkeypatch, "next")
    button = offered(other)

    with other.expect_navigation():
        button.tap()

    phone.wait_until(half_filled, "() => caches.keys().then((names) => names.join() === 'selfcare-next')")
    expect(half_filled.locator("#update-strip")).to_be_visible()
    phone.answer_all(half_filled, scores=SCORES)
    phone.screen(half_filled, "saved").locator('[data-kept="sent"]').wait_for(state="visible")
    assert half_filled.evaluate("globalThis.stillHere")
    stored = Entry.objects.filter(patient=ada).exclude(app_version="").get()
    # What was asked and told by the old version is accepted and says which one it was.
    assert stored.catalogue_version == before
    assert stored.observations["bladder"] == "none"


def test_what_is_typed_into_a_form_stays(context: BrowserContext, monkeypatch: pytest.MonkeyPatch) -> None:
    page = context.new_page()
    page.goto("/set-up/goal")
    phone.wait_for_worker(page)
    page.reload()
    page.locator("main textarea, main input[type=text]").first.fill("Walk to the shop")
    publish(monkeypatch, "next")

    offered(page).tap()

    expect(page.locator("#update-strip")).to_contain_text("What you have written here stays.")
    expect(page.locator("main textarea, main input[type=text]").first).to_have_value("Walk to the shop")
    phone.wait_until(page, "() => caches.keys().then((names) => names.join() === 'selfcare-next')")


def test_an_older_version_after_a_newer_one_works_and_keeps_the_draft(
    half_filled: Page, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = version.current()
    with monkeypatch.context() as patch:
        publish(patch, "next")
        with half_filled.expect_navigation():
            offered(half_filled).tap()
        phone.screen(half_filled, "step:between").wait_for(state="visible")
        phone.wait_until(half_filled, "() => caches.keys().then((names) => names.join() === 'selfcare-next')")

    with half_filled.expect_navigation():
        offered(half_filled).tap()

    phone.screen(half_filled, "step:between").wait_for(state="visible")
    phone.answer_all(half_filled, scores=SCORES)
    phone.screen(half_filled, "saved").locator('[data-kept="sent"]').wait_for(state="visible")
    assert half_filled.evaluate("caches.keys()") == [f"selfcare-{older}"]
    assert Entry.objects.filter(patient=ada).exclude(app_version="").count() == 1
