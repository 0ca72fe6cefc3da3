"""Axe finds nothing on any page of the patient, in light, dark and forced colours; and no page goes without a title."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from selfcare.accounts.models import Clinic, User
from tests.journeys import everywhere
from tests.journeys.everywhere import Folk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice", "cat.color"]
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light", "forced_colors": "none"},
    "dark": {"color_scheme": "dark", "forced_colors": "none"},
    "forced colours": {"color_scheme": "dark", "forced_colors": "active"},
}
# What axe cannot judge by itself, and why that is no fault here.
UNDECIDED = {
    "color-contrast": "Text over the drawing of the body or beside a bar that stays: tests/web/test_style_sheets.py.",
    "color-contrast-enhanced": "The same.",
    "target-size": "A link in a sentence, or under the bar that stays; tests/journeys/test_look_and_reach.py measures.",
    "duplicate-id-aria": "A card may stand on a kept page twice, once hidden; its id means the same words.",
    "aria-hidden-focus": "What is hidden from everybody until a script shows it.",
}
# Screens of the kept pages that are looked at besides the first one.
SCREENS = {
    "/check-in": ("step:toilet", "step:map", "step:pain_avg", "tier:emergency", "tier:same_day", "saved"),
    "/exercises/session": ("before", "player", "hurts", "felt", "done"),
}
# What a script writes into a screen stands there as well.
SHOW = """name => {
    for (const one of document.querySelectorAll("[data-screen]")) one.hidden = one.dataset.screen !== name;
    for (const part of document.querySelectorAll("h1[data-part]:empty")) part.textContent = "Figure four";
}"""
NO_COLOURS = {"rules": {name: {"enabled": False} for name in ("color-contrast", "color-contrast-enhanced")}}


@pytest.fixture
def everybody(harbour: Clinic, ben: User) -> Folk:
    """Return people in every state that a patient can be in."""
    return everywhere.folk(harbour, ben)


@pytest.fixture
def context(browser: Browser, browser_context_args: dict[str, Any], live_server: Any) -> Iterator[BrowserContext]:
    """Return a phone without a service worker: each page comes fresh, and nothing moves."""
    with everywhere.still_phone(browser, browser_context_args, live_server.url) as opened:
        yield opened


def looked_at(page: Page, name: str, undecided: dict[str, set[str]], rules: list[str] = RULES) -> list[str]:
    """Return what axe finds on the page that is shown, look by look; keep what it could not decide."""
    faults = []
    for look, media in LOOKS.items():
        page.emulate_media(**media)
        # What lies half under the bar at the end of the screen is no smaller for it.
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
        options = {"runOnly": rules, "resultTypes": ["violations", "incomplete"]}
        # Forced colours are the person's own; axe reads the ones of the sheet, which nobody sees.
        options |= NO_COLOURS if "forced" in look else {}
        found = Axe().run(page, options=options).response
        faults += [
            f"{name} in {look}: {one['id']} at {[node['target'] for node in one['nodes']][:3]}"
            for one in found["violations"]
        ]
        for one in found["incomplete"]:
            undecided[one["id"]].add(f"{name} in {look} at {[node['target'] for node in one['nodes']][:2]}")
    return faults


def test_axe_finds_nothing_on_any_page_in_any_look(context: BrowserContext, everybody: Folk, live_server: Any) -> None:
    faults: list[str] = []
    undecided: dict[str, set[str]] = defaultdict(set)
    for who, person in everybody.people.items():
        page = everywhere.open_for(context, person, live_server.url)
        for path in everywhere.walk(page, who, everybody):
            faults += looked_at(page, f"{who} {path}", undecided)
            for screen in SCREENS.get(path, ()) if who == "usual" else ():
                page.evaluate(SHOW, screen)
                faults += looked_at(page, f"{path} {screen}", undecided)
        page.close()

    faults += [f"undecided: {rule}: {sorted(where)[:5]}" for rule, where in undecided.items() if rule not in UNDECIDED]
    assert not faults, "\n".join(faults)


def test_axe_finds_nothing_on_the_style_page(context: BrowserContext, settings: Any) -> None:
    settings.DEBUG = True
    page = context.new_page()
    page.goto("/style")
    # Many pages on one page: what is said of the order of a whole page holds for none of them.
    rules = [rule for rule in RULES if rule != "best-practice"]
    undecided: dict[str, set[str]] = defaultdict(set)

    faults = looked_at(page, "/style", undecided, rules)

    faults += [f"undecided: {rule}: {sorted(where)[:5]}" for rule, where in undecided.items() if rule not in UNDECIDED]
    assert not faults, "\n".join(faults)


def test_no_two_pages_of_a_person_have_the_same_title(
    context: BrowserContext, everybody: Folk, live_server: Any
) -> None:
    # One page at two addresses, with another thing to begin with.
    same = {"/messages/visit"}
    titles: dict[tuple[str, str], set[str]] = defaultdict(set)
    for who, person in everybody.people.items():
        page = everywhere.open_for(context, person, live_server.url)
        for path in everywhere.walk(page, who, everybody):
            if path not in same:
                # Some addresses lead on to another page.
                titles[who, page.title()].add(urlsplit(page.url).path)
        page.close()

    assert {name: paths for name, paths in titles.items() if len(paths) > 1} == {}
