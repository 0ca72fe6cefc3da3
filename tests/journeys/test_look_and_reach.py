"""Every page of the patient fits every screen, every text size and every finger."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from selfcare.accounts.models import Clinic, User
from tests.journeys import everywhere
from tests.journeys.everywhere import Folk, measured

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LARGE_PX = (24, 32)
CHOSEN = ("large", "largest", "largest big")


@pytest.fixture
def everybody(harbour: Clinic, ben: User) -> Folk:
    """Return people in every state that a patient can be in."""
    return everywhere.folk(harbour, ben)


@pytest.fixture
def context(browser: Browser, browser_context_args: dict[str, Any], live_server: Any) -> Iterator[BrowserContext]:
    """Return a phone without a service worker: each page comes fresh, and nothing moves."""
    with everywhere.still_phone(browser, browser_context_args, live_server.url) as opened:
        yield opened


def each_page(context: BrowserContext, everybody: Folk, live_server: Any) -> Iterator[tuple[Page, str]]:
    """Open every page of everybody."""
    for who, person in everybody.people.items():
        page = everywhere.open_for(context, person, live_server.url)
        for path in everywhere.walk(page, who, everybody):
            yield page, f"{who} {path}"
        page.close()


def test_every_page_fits_narrow_screens_fingers_and_the_text_that_was_chosen(
    context: BrowserContext, everybody: Folk, live_server: Any
) -> None:
    found = []
    for page, name in each_page(context, everybody, live_server):
        # 1280 pixels at 400 % are 320 by 256.
        faults = measured(page, 320, height=256) + measured(page, 256)
        faults += measured(page, 390, targets=True) + measured(page, 320, targets=True)
        for look in CHOSEN:
            page.evaluate("look => document.documentElement.dataset.phone = look", look)
            faults += [f"{look}: {one}" for one in measured(page, 320, large_text=True, targets="big" in look)]
        found += [f"{name}: {fault}" for fault in faults]
        moving = page.evaluate("document.getAnimations().length")
        found += [f"{name}: {moving} animations although motion is reduced"] if moving else []

    assert not found, "\n".join(found)


@pytest.mark.parametrize("size", LARGE_PX)
def test_every_page_fits_when_the_browser_s_own_text_is_very_large(
    size: int, browser: Browser, browser_type_launch_args: dict[str, Any], browser_context_args: dict[str, Any],
    everybody: Folk, live_server: Any, tmp_path: Path,
) -> None:  # fmt: skip
    (tmp_path / "Default").mkdir()
    wanted = {"webkit": {"webprefs": {"default_font_size": size}}}
    (tmp_path / "Default/Preferences").write_text(json.dumps(wanted), encoding="utf-8")
    args = {**browser_context_args, "service_workers": "block", "reduced_motion": "reduce"}
    context = browser.browser_type.launch_persistent_context(
        tmp_path, **browser_type_launch_args, **args, base_url=live_server.url
    )
    found, sizes = [], set()
    for page, name in each_page(context, everybody, live_server):
        sizes.add(page.evaluate("getComputedStyle(document.documentElement).fontSize"))
        faults = measured(page, 390, large_text=True) + measured(page, 320, large_text=True)
        found += [f"{name}: {fault}" for fault in faults]
    context.close()

    assert sizes == {f"{size}px"}
    assert not found, "\n".join(found)


SPOILT = {
    "is too small": "one => { one.style.minHeight = 0; one.style.height = '30px'; }",
    "beyond the edge": "one => { one.style.width = '500px'; }",
    "lies over": "one => { one.style.position = 'absolute'; one.style.top = 0; one.style.left = '150px'; }",
    "is split": "one => { one.textContent = 'Emergency'; one.style.width = '50px'; one.style.wordBreak = 'break-all'; }",  # noqa: E501
}


@pytest.mark.parametrize("fault", SPOILT)
def test_the_ruler_finds_what_has_been_spoilt(fault: str, context: BrowserContext) -> None:
    page = context.new_page()
    page.goto("/help-now")
    assert measured(page, 320, targets=True) == []

    page.locator("main a.btn").first.evaluate(SPOILT[fault])

    found = measured(page, 320, targets=True)
    assert any(fault in one for one in found), found
