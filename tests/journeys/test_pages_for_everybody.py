"""The patient's pages for everybody: axe, 320 pixels, both themes, the call in view, a quiet console."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Browser, Page

from selfcare.accounts.models import User
from selfcare.diary.models import Entry
from tests import factories
from tests.journeys import phone
from tests.web.conftest import QUIET

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PUBLIC = ("/", "/help-now", "/help-now/which", "/help-now/now", "/help-now/today", "/help-now/soon", "/help-now/show",
          "/help-now/countries", "/offline", "/no-such-page", "/learn", "/learn/who_helps",
          "/learn/detailed/myths")  # fmt: skip
OWN = ("/", "/diary", "/diary/{entry}", "/diary/{entry}/change/weakness", "/settings", "/settings/reminders",
       "/set-up/goal", "/set-up/episode", "/set-up/safety", "/check-in/start", "/check-in",
       "/progress", "/progress/function", "/progress/nerves", "/progress/pain", "/progress/summary",
       "/plan", "/plan/weeks/1", "/plan/reviews/week-4")  # fmt: skip
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice", "cat.color"]
# Controls that stand alone; a link inside a sentence may be as high as its line.
LOW = """() => [...document.querySelectorAll("button, summary, select, .btn, .btn-primary, .row-list a, label.choice")]
    .filter((one) => one.offsetParent && !one.closest(".map"))
    .map((one) => [one.textContent.trim().slice(0, 30), Math.round(one.getBoundingClientRect().height)])
    .filter(([, height]) => height < 48)"""


@pytest.fixture
def ada_with_diary(ada: User) -> User:
    """Return Ada after five quiet days."""
    today = timezone.now().astimezone(ZoneInfo("Europe/London")).date()
    episode = factories.episode(patient=ada, onset_on=today - timedelta(days=12), regions=["bu-l", "lb-l"])
    for ago in range(5, 0, -1):
        factories.entry(episode=episode, on=today - timedelta(days=ago), observations=dict(QUIET))
    return ada


def faults(page: Page, path: str) -> list[str]:
    """Return what is wrong with the page that is shown."""
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    result = [f"{path}: {one['id']} at {[node['target'] for node in one['nodes']][:3]}" for one in found]
    page.set_viewport_size({"width": 320, "height": 568})
    if page.evaluate("document.documentElement.scrollWidth") > 320:
        result.append(f"{path}: wider than 320 pixels")
    result += [f"{path}: {text!r} is {height} pixels high" for text, height in page.evaluate(LOW)]
    page.set_viewport_size({"width": 360, "height": 740})
    return result


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_public_pages_have_no_fault(
    theme: str, browser: Browser, browser_context_args: dict[str, Any], live_server: Any
) -> None:
    context = browser.new_context(**browser_context_args, base_url=live_server.url, color_scheme=theme)
    page, found = context.new_page(), []
    for path in PUBLIC:
        page.goto(path)
        found += faults(page, path)

    assert found == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_ada_s_pages_have_no_fault_and_a_quiet_console(
    theme: str, ada_with_diary: User, browser: Browser, browser_context_args: dict[str, Any], live_server: Any
) -> None:
    args = {**browser_context_args, "color_scheme": theme}
    page = phone.signed_in(browser, live_server.url, ada_with_diary, args=args).new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    entry = Entry.objects.filter(patient=ada_with_diary).first()
    found = []
    for path in OWN:
        page.goto(path.format(entry=entry.pk if entry else ""))
        # The script of the check-in chooses the first screen.
        page.locator("h1:visible").first.wait_for()
        found += faults(page, path)

    assert found == []
    assert said == []


@pytest.mark.parametrize("group", ["toilet", "between", "legs", "body"])
def test_both_answers_of_a_safety_question_are_in_view_on_a_small_phone(
    group: str, ada_with_diary: User, browser: Browser, browser_context_args: dict[str, Any], live_server: Any
) -> None:
    page = at_group(group, ada_with_diary, browser, browser_context_args, live_server)

    for value in ("no_change", "yes"):
        box = phone.screen(page, f"step:{group}").locator(f'button[value="{value}"]').bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 568


@pytest.mark.parametrize("group", ["toilet", "between", "legs"])
def test_yes_or_not_sure_brings_the_call_into_view_on_a_small_phone(
    group: str, ada_with_diary: User, browser: Browser, browser_context_args: dict[str, Any], live_server: Any
) -> None:
    page = at_group(group, ada_with_diary, browser, browser_context_args, live_server)

    phone.tap_answer(page, group, "yes")

    call = page.locator('[data-screen]:visible a[href="tel:999"]').first
    call.wait_for(state="visible", timeout=2000)
    box = call.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 568


def at_group(
    group: str, person: User, browser: Browser, browser_context_args: dict[str, Any], live_server: Any
) -> Page:
    """Return a small phone on which this safety question is shown."""
    args = {**browser_context_args, "viewport": {"width": 320, "height": 568}}
    page = phone.signed_in(browser, live_server.url, person, args=args).new_page()
    page.goto("/check-in")
    for before in phone.SAFETY:
        phone.screen(page, f"step:{before}").wait_for(state="visible")
        if before == group:
            break
        phone.tap_answer(page, before, "no_change")
    return page
