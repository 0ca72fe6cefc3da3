"""What a push shows on the lock screen: words of the closed list and nothing else, whatever the push service sends."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page

from notifications.channels import web_push
from notifications.models import Kind
from notifications.wording import WORDS
from tests.journeys import phone

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TELLING = re.compile(
    r"\b(ada|ben|pain|back|leg|sciatica|bladder|bowel|pee|poo|saddle|numb|weak|emergency|urgent|hospital|doctor|"
    r"patient|clinic|symptom|exercise|missed|999|112)\b",
    re.IGNORECASE,
)


@pytest.fixture
def woken(browser: Browser, browser_context_args: dict[str, Any], live_server: Any) -> Iterator[Page]:
    """Return a page whose worker may show notifications."""
    context: BrowserContext = browser.new_context(**browser_context_args, base_url=live_server.url)
    context.grant_permissions(["notifications"])
    page = context.new_page()
    page.goto("/help-now")
    phone.wait_for_worker(page)
    yield page
    context.close()


def deliver(page: Page, payload: str) -> list[dict[str, str]]:
    """Hand a push message to the service worker and return the notifications that are then shown."""
    session: CDPSession = page.context.new_cdp_session(page)
    registrations: list[dict[str, Any]] = []
    session.on("ServiceWorker.workerRegistrationUpdated", lambda event: registrations.extend(event["registrations"]))
    session.send("ServiceWorker.enable")
    phone.wait_until(page, "() => navigator.serviceWorker.ready.then(({ active }) => active.state === 'activated')")
    for _ in range(phone.WAIT_STEPS):
        if registrations:
            break
        page.wait_for_timeout(phone.WAIT_MS)
    session.send(
        "ServiceWorker.deliverPushMessage",
        {
            "origin": page.evaluate("location.origin"),
            "registrationId": registrations[-1]["registrationId"],
            "data": payload,
        },
    )
    shown: list[dict[str, str]] = page.evaluate(
        """async () => {
            const worker = await navigator.serviceWorker.ready;
            for (let tries = 0; tries < 300; tries += 1) {
                const shown = await worker.getNotifications();
                if (shown.length) return shown.map(({ title, body, tag }) => ({ title, body, tag }));
                await new Promise((resolve) => setTimeout(resolve, 50));
            }
            return [];
        }"""
    )
    return shown


@pytest.mark.parametrize("kind", Kind.values)
def test_each_kind_shows_its_words_of_the_closed_list(kind: str, woken: Page) -> None:
    payload = web_push._content(kind, "a" * 32).decode()

    shown = deliver(woken, payload)

    assert [one["body"] for one in shown] == [str(WORDS[kind].push)]


@pytest.mark.parametrize("kind", Kind.values)
def test_no_word_of_the_closed_list_tells_what_it_is_about(kind: str) -> None:
    words = f"{web_push.TITLE} {WORDS[kind].push} {WORDS[kind].subject}"

    found = TELLING.findall(words)

    assert found == []


def test_words_that_come_with_a_push_are_not_shown(woken: Page) -> None:
    payload = {
        "type": "check_in",
        "title": "Ada",
        "body": "Your bladder",
        "notification": {"title": "Ada", "body": "Your bladder"},
    }

    shown = deliver(woken, json.dumps(payload))

    assert [one["body"] for one in shown] == [str(WORDS[Kind.CHECK_IN].push)]


@pytest.mark.parametrize("payload", ["", "not json", '{"type": "something else"}', "[]"])
def test_a_push_that_cannot_be_read_shows_a_neutral_sentence(payload: str, woken: Page) -> None:
    shown = deliver(woken, payload)

    assert len(shown) == 1
    assert TELLING.findall(f"{shown[0]['title']} {shown[0]['body']}") == []
