"""Messages on a phone and at a desk: sent with a tap, kept without a network, answered by keyboard alone."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from notifications import heartbeat
from selfcare.accounts.models import Clinic, User
from selfcare.correspondence import conversations
from selfcare.correspondence.models import Message
from tests import factories
from tests.journeys import phone

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice", "cat.color"]
NO_DRAFT = """() => import("/static/web/js/store.js").then(({ recall }) => recall("letter")).then((one) => !one)"""
KEPT = """(path) => caches.match(path).then(Boolean)"""
# A draft is kept a moment after the last key.
HAS_DRAFT = """(name) => import("/static/web/js/store.js").then((store) => store.recall(name)).then(Boolean)"""
WORDS = "May I swim?"


@pytest.fixture
def desk(browser: Browser, live_server: Any, ben: User) -> Iterator[Page]:
    """Return Ben's page on a desktop."""
    for name in heartbeat.NAMES:
        heartbeat.beat(name, now=timezone.now())
    args = {"viewport": {"width": 1280, "height": 800}, "locale": "en-GB", "timezone_id": "Europe/London"}
    context = phone.signed_in(browser, live_server.url, ben, args=args)
    yield context.new_page()
    context.close()


@pytest.fixture
def hers(ada: User, phone_of: Callable[..., Page]) -> Page:
    """Return Ada's phone with the app on it, in her worker's hands."""
    factories.episode(patient=ada)
    page = phone_of(ada)
    page.goto("/messages")
    phone.wait_for_worker(page)
    phone.wait_until(page, KEPT, "/messages/write")
    return page


def ready(page: Page) -> None:
    """Wait until the page's script hears the form."""
    page.wait_for_function("() => document.querySelector('[data-letter-form]').dataset.ready === 'yes'")


def write(page: Page, words: str, *, draft: str = "letter") -> None:
    """Type a message and wait until the phone has kept it."""
    ready(page)
    page.locator("#letter-text").fill(words)
    phone.wait_until(page, HAS_DRAFT, draft)


def texts() -> list[str]:
    return list(Message.objects.order_by("number").values_list("text", flat=True))


def test_a_message_goes_to_the_team_and_an_answer_comes_back(
    hers: Page, desk: Page, ada: User, pictures: Path | None
) -> None:
    write(hers, WORDS)
    hers.get_by_role("button", name="Send").tap()
    expect(hers.locator("[data-letter-sent]")).to_be_visible()
    expect(hers.locator(".letter")).to_contain_text("Sent. Not read yet.")
    phone.picture(hers, pictures, "messages-sent")

    desk.goto("/clinic/")
    desk.get_by_role("link", name="Messages 1 wait for an answer").press("Enter")
    phone.picture(desk, pictures, "messages-waiting")
    desk.locator(".row-link").press("Enter")
    ready(desk)
    phone.picture(desk, pictures, "messages-conversation")
    desk.get_by_role("button", name="Put it into the message").press("Enter")
    expect(desk.locator("#letter-text")).to_be_focused()
    desk.keyboard.press("Control+A")
    desk.keyboard.type("Yes, in warm water.")
    desk.keyboard.press("Tab")
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("Sent. The patient is told that there is a new message.")).to_be_visible()

    hers.goto("/")
    phone.picture(hers, pictures, "messages-today")
    hers.get_by_role("link", name="1 new message").tap()
    expect(hers.locator(".letter").last).to_contain_text("Yes, in warm water.")
    expect(hers.locator(".letter").first).to_contain_text("Read by your team today.")
    phone.picture(hers, pictures, "messages-answered")
    assert texts() == [WORDS, "Yes, in warm water."]


def test_what_is_written_without_a_network_waits_for_its_person(hers: Page, pictures: Path | None) -> None:
    hers.context.set_offline(True)
    hers.goto("/messages")
    expect(hers.get_by_text("You need a network to read your messages")).to_be_visible()
    write(hers, WORDS)
    hers.get_by_role("button", name="Keep it on this phone").tap()
    expect(hers.locator("[data-letter-saved]")).to_be_visible()
    phone.picture(hers, pictures, "messages-offline")

    hers.context.set_offline(False)
    hers.goto("/")
    expect(hers.locator("[data-letter]")).to_contain_text("It is not sent yet.")
    hers.goto("/messages")
    expect(hers.locator("#letter-text")).to_have_value(WORDS)
    assert texts() == []

    hers.get_by_role("button", name="Send").tap()
    expect(hers.locator(".letter")).to_contain_text(WORDS)
    expect(hers.locator("#letter-text")).to_have_value("")
    assert texts() == [WORDS]


def test_a_network_that_goes_at_the_tap_loses_nothing(hers: Page, pictures: Path | None) -> None:
    write(hers, WORDS)
    hers.context.set_offline(True)

    hers.get_by_role("button", name="Send").tap()

    expect(hers.locator("[data-letter-offline]")).to_be_visible()
    phone.picture(hers, pictures, "messages-not-sent")
    hers.context.set_offline(False)
    hers.get_by_role("button", name="Send").tap()
    expect(hers.locator(".letter")).to_contain_text(WORDS)
    assert texts() == [WORDS]


def test_an_answer_that_was_lost_on_the_way_does_not_make_two_messages(hers: Page) -> None:
    write(hers, WORDS)
    # The server takes it, and the phone never hears so.
    hers.route("**/api/v1/messages/*", lambda route: (route.fetch(), route.abort()))
    hers.get_by_role("button", name="Send").tap()
    expect(hers.locator("[data-letter-offline]")).to_be_visible()
    hers.unroute_all()

    hers.get_by_role("button", name="Send").tap()

    expect(hers.locator(".letter")).to_have_count(1)
    expect(hers.locator("#letter-text")).to_have_value("")
    assert texts() == [WORDS]


def test_a_kept_message_is_not_shown_to_the_next_person_on_the_phone(
    hers: Page, live_server: Any, harbour: Clinic
) -> None:
    write(hers, WORDS)
    dee = factories.patient(email="dee@example.org", name="Dee", of=harbour)
    factories.episode(patient=dee)
    client = factories.log_in(Client(), dee, second_factor=False)
    hers.context.add_cookies([{"name": "session", "value": client.cookies["session"].value, "url": live_server.url}])

    hers.goto("/messages")
    ready(hers)

    expect(hers.locator("#letter-text")).to_have_value("")
    phone.wait_until(hers, NO_DRAFT)


def test_a_clinician_s_draft_is_kept_without_a_network_and_goes_with_its_writer(
    desk: Page, ada: User, pictures: Path | None
) -> None:
    conversations.send(ada, uuid.uuid4(), WORDS, now=timezone.now())
    desk.goto(f"/clinic/patients/{ada.pk}/messages/")
    write(desk, "Yes.", draft="reply")
    desk.context.set_offline(True)

    desk.get_by_role("button", name="Send").press("Enter")

    expect(desk.locator("[data-letter-offline]")).to_be_visible()
    phone.picture(desk, pictures, "messages-desk-offline")
    desk.context.set_offline(False)
    desk.reload()
    expect(desk.locator("#letter-text")).to_have_value("Yes.")
    assert texts() == [WORDS]

    desk.get_by_role("button", name="Send").press("Enter")
    expect(desk.locator(".letter.own")).to_contain_text("Yes.")
    expect(desk.locator("#letter-text")).to_have_value("")
    assert texts() == [WORDS, "Yes."]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_pages_are_for_everybody_in_both_themes(
    hers: Page, desk: Page, ada: User, ben: User, harbour: Clinic, theme: Any, pictures: Path | None
) -> None:
    now = timezone.now()
    conversations.send(ada, uuid.uuid4(), "I would like to book a visit.", kind="visit_request", now=now)
    conversations.reply(ben, ada, harbour, uuid.uuid4(), "Yes. " * 60, seen=1, now=now)
    conversations.send(ada, uuid.uuid4(), "Thank you.", now=now)
    found = []
    for page, paths in (
        (hers, ("/messages", "/messages/write", "/messages/visit", "/help-now/soon")),
        (desk, ("/clinic/messages/", f"/clinic/patients/{ada.pk}/messages/")),
    ):
        page.emulate_media(color_scheme=theme)
        for path in paths:
            page.goto(path)
            if page.locator("[data-letter-form]").count():
                ready(page)
            # The end of a page is where the tab bar could cover something.
            page.evaluate("scrollTo(0, document.body.scrollHeight)")
            faults = Axe().run(page, options={"runOnly": RULES}).response["violations"]
            found += [f"{path}: {one['id']} at {[node['target'] for node in one['nodes']][:3]}" for one in faults]
            name = path.strip("/").split("?")[0].replace("/", "-").replace(str(ada.pk), "ada")
            if pictures is not None:
                page.screenshot(path=pictures / f"{name}-{theme}.png", full_page=True)
            size = page.viewport_size
            page.set_viewport_size({"width": 320, "height": 568})
            if page.evaluate("document.documentElement.scrollWidth") > 320:
                found.append(f"{path}: wider than 320 pixels")
            page.set_viewport_size(size)

    assert found == []
