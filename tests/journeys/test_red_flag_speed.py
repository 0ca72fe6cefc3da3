"""How soon the instruction stands on a small screen: one tap for the group, two for the exact advice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page

from selfcare.accounts.models import Clinic
from tests.journeys import diaries, phone

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SMALL = {"width": 320, "height": 568}
AT_ONCE_MS = 500
# Each way from a group of signs to an exact advice, and the card that it brings.
LINES = [
    ("toilet", "bladder", "new_days", "now"),
    ("toilet", "bowel", "new_days", "now"),
    ("between", "saddle", "new_days", "now"),
    ("legs", "both_legs", "new_days", "now"),
    ("legs", "weakness", "2", "now"),
    ("toilet", "bladder", "unsure", "today"),
    ("body", "fever", "yes", "today"),
]
# Taps an answer, and tells after how many milliseconds there is a call within the screen, and whose number it is.
TAP_AND_TIME = """async ([step, value]) => {
    const began = performance.now();
    const asked = `[data-screen="step:${step}"]`;
    document.querySelector(`${asked} button[name="answer"][value="${value}"]`).click();
    const seen = (link) => {
        const box = link.getBoundingClientRect();
        return link.offsetParent && box.top >= 0 && box.bottom <= innerHeight && !link.closest(asked);
    };
    while (performance.now() - began < 5000) {
        const call = [...document.querySelectorAll('[data-screen]:not([hidden]) a[href^="tel:"]')].find(seen);
        if (call) return [performance.now() - began, call.getAttribute("href")];
        await new Promise(requestAnimationFrame);
    }
    return [5000, ""];
}"""


@pytest.fixture
def page(harbour: Clinic, browser: Browser, browser_context_args: dict[str, Any], live_server: Any) -> Iterator[Page]:
    """Return Ada's small phone at the start of a short check-in."""
    ada = diaries.usual_patient(harbour, today=timezone.now().astimezone(diaries.LONDON).date(), regions=["bu-l"])
    context = phone.signed_in(browser, live_server.url, ada, args={**browser_context_args, "viewport": SMALL})
    opened = context.new_page()
    opened.goto("/check-in")
    phone.wait_for_worker(opened)
    yield opened
    context.close()


def up_to(page: Page, step: str) -> None:
    """Answer what comes before a step as quietly as can be, and wait until it hears a tap."""
    phone.answer_all(page, scores={}, until=step)
    page.wait_for_timeout(phone.BETWEEN_TAPS_MS)


@pytest.mark.parametrize("group", ["toilet", "between", "legs"])
def test_yes_or_not_sure_brings_a_call_at_once(group: str, page: Page) -> None:
    up_to(page, group)

    took, number = page.evaluate(TAP_AND_TIME, [group, "yes"])

    assert number == "tel:999"
    assert took <= AT_ONCE_MS


@pytest.mark.parametrize(("group", "step", "value", "level"), LINES)
def test_the_second_tap_brings_the_exact_advice_at_once(
    group: str, step: str, value: str, level: str, page: Page
) -> None:
    up_to(page, group)
    phone.tap_answer(page, group, "yes")
    up_to(page, step)

    took, number = page.evaluate(TAP_AND_TIME, [step, value])

    card = page.locator('[data-screen^="advice:"]:visible .care-card').first
    assert level in str(card.get_attribute("class")).split()
    assert number == ("tel:999" if level == "now" else number)
    assert number.startswith("tel:")
    assert took <= AT_ONCE_MS


def test_every_line_of_the_help_page_shows_its_card_at_once_from_the_phone(page: Page) -> None:
    page.context.set_offline(True)
    page.goto("/help-now/which")
    lines = page.locator("main .answers a")
    many = lines.count()
    late = {}
    for number in range(many):
        page.goto("/help-now/which")
        label = lines.nth(number).inner_text()
        lines.nth(number).tap()
        page.locator("main .care-card :is(h1, h2)").first.wait_for()
        took = page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")
        box = page.locator("main .care-card :is(h1, h2)").first.bounding_box()
        if took > AT_ONCE_MS or box is None or box["y"] + box["height"] > SMALL["height"]:
            late[label] = took

    assert many >= 8
    assert late == {}
