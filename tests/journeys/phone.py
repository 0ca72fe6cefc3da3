"""What a hand does on the phone: small acts on the pages, each named for what the person wants."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page

from selfcare.accounts.models import User
from tests import factories

# A second tap this soon after a new screen was meant for the one before it, so the app ignores it.
BETWEEN_TAPS_MS = 400
# Half a minute in all.
WAIT_MS, WAIT_STEPS = 100, 300
SAFETY = ("toilet", "between", "legs", "body")
# What a person's page fetches for the days without a network comes after the page itself.
READY_TO_BE_OFFLINE = """async () => {
    await navigator.serviceWorker.ready;
    if (!navigator.serviceWorker.controller) return false;
    if (!document.body.dataset.person) return true;
    const { known } = await import("/static/web/js/person.js");
    return Boolean(await known());
}"""


def signed_in(browser: Browser, url: str, person: User, *, args: Mapping[str, Any]) -> BrowserContext:
    """Return a browser context in which the person is logged in to the live server."""
    context = browser.new_context(**args, base_url=url)
    context.set_default_timeout(30_000)
    context.add_cookies(cookies_of(person, url))
    return context


def cookies_of(person: User, url: str) -> Any:
    """Return the cookies of a person who has signed in."""
    client = factories.log_in(Client(), person, second_factor=person.memberships.exists())
    name = settings.SESSION_COOKIE_NAME
    return [{"name": name, "value": client.cookies[name].value, "url": url}]


def screen(page: Page, name: str) -> Any:
    """Return one screen of the check-in."""
    return page.locator(f'[data-screen="{name}"]')


def tap_answer(page: Page, step: str, value: str | int) -> None:
    """Tap one answer of the question that is on the screen."""
    asked = screen(page, f"step:{step}")
    asked.wait_for(state="visible")
    page.wait_for_timeout(BETWEEN_TAPS_MS)
    asked.locator(f'button[name="answer"][value="{value}"]').tap()


def picture(page: Page, folder: Path | None, name: str) -> None:
    """Keep what the patient sees, where pictures are wanted."""
    if folder is not None:
        page.screenshot(path=folder / f"{name}.png")


def shown_step(page: Page) -> str:
    """Return the id of the question on the screen, or an empty text."""
    name = page.locator("[data-screen]:visible").first.get_attribute("data-screen") or ""
    return name.removeprefix("step:") if name.startswith("step:") else ""


def keys_of(browser: Any) -> dict[str, Any]:
    """Return a subscription of the push double as a page posts it."""
    return {"endpoint": browser.endpoint, "keys": {"p256dh": browser.p256dh, "auth": browser.auth}}


def answer_all(
    page: Page, *, scores: Mapping[str, int], answers: Mapping[str, str] | None = None, until: str = ""
) -> int:
    """Answer question after question until none is left, or ``until`` is asked; unless told otherwise "no change".

    Returns the number of taps.
    """
    taps = 0
    page.locator('[data-screen^="step:"]:visible').first.wait_for()
    while (step := shown_step(page)) and step != until:
        value = (answers or {}).get(step) or scores.get(step)
        if value is None:
            value = _nothing_new(page, step)
        tap_answer(page, step, value)
        taps += 1
        page.wait_for_function(
            'step => document.querySelector(`[data-screen="step:${step}"]`).hidden', arg=step, timeout=30000
        )
    return taps


def _nothing_new(page: Page, step: str) -> str:
    offered = screen(page, f"step:{step}").locator('button[name="answer"]')
    values = [offered.nth(index).get_attribute("value") for index in range(offered.count())]
    quiet = (value for value in ("no_change", "none", "no", "0", "same") if value in values)
    # Where nothing stands for "nothing new", such as the side, any answer will do.
    return next(quiet, values[0])


def subscribe(page: Page, subscription: Any) -> None:
    """Post a subscription from the page, as the app does once the browser has given one.

    A browser without a window has no push service to subscribe to, so the double's address and keys are used.
    """
    status = page.evaluate(
        """async (body) => {
            const token = document.cookie.match(/(?:^|; )(?:__Host-)?csrf=([^;]*)/)?.[1] ?? "";
            const answer = await fetch("/api/v1/push-subscriptions", {
                method: "POST",
                headers: { "Content-Type": "application/json", "X-CSRFToken": token },
                body: JSON.stringify(body),
            });
            return answer.status;
        }""",
        keys_of(subscription),
    )
    assert status in {200, 201}, status


def wait_until(page: Page, script: str, arg: Any = None) -> None:
    """Wait until an asynchronous script gives true; ``wait_for_function`` would take its promise for an answer."""
    for _ in range(WAIT_STEPS):
        if page.evaluate(script, arg):
            return
        page.wait_for_timeout(WAIT_MS)
    raise AssertionError(f"This never became true: {script}")


def wait_for_worker(page: Page) -> None:
    """Wait until the worker answers for the page and its person is known here, so that the network may go."""
    wait_until(page, READY_TO_BE_OFFLINE)
