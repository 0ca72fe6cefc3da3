"""The pictures of the patient's side in README: `make screenshots` takes them again from the invented people."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from selfcare.accounts.models import User
from selfcare.clinic import demonstration
from tests import factories
from tests.journeys import phone

FOLDER = os.environ.get("SCREENSHOTS", "")
LARGEST_BYTES = 120_000
USUAL, IMPROVING = "una@example.org", "ivo@example.org"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not FOLDER, reason="Pictures are taken by `make screenshots` only."),
]


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Return a phone whose pictures are sharp enough for a page and small enough for a repository."""
    return {**browser_context_args, "device_scale_factor": 1.5}


@pytest.fixture(params=["light", "dark"])
def theme(request: pytest.FixtureRequest) -> Any:
    """Return one theme after the other: README shows the one that its reader has chosen."""
    return request.param


@pytest.fixture
def opened(phone_of: Callable[[User], Page], theme: Any) -> Callable[[str], Page]:
    """Return a function that gives the phone of one of the invented people, in the theme."""
    demonstration.load(now=timezone.now())

    def of(email: str) -> Page:
        page = phone_of(User.objects.get(email=email))
        page.emulate_media(color_scheme=theme)
        return page

    return of


@pytest.fixture
def take(theme: str) -> Callable[[Page, str], None]:
    """Return a function that keeps what is on the screen, in a file that is small enough."""

    def taken(page: Page, name: str) -> None:
        path = Path(FOLDER) / f"{name}{'' if theme == 'light' else '-dark'}.png"
        page.screenshot(path=path)
        assert path.stat().st_size <= LARGEST_BYTES

    return taken


def check_in(page: Page) -> Page:
    """Open the check-in at its first question."""
    page.goto("/check-in")
    phone.screen(page, "step:toilet").wait_for(state="visible")
    return page


def test_screenshot_of_today(opened: Callable[[str], Page], take: Callable[[Page, str], None]) -> None:
    page = opened(IMPROVING)
    page.goto("/")

    take(page, "today")


def test_screenshot_of_the_check_in(opened: Callable[[str], Page], take: Callable[[Page, str], None]) -> None:
    take(check_in(opened(USUAL)), "check-in")


def test_screenshot_of_the_emergency_card(opened: Callable[[str], Page], take: Callable[[Page, str], None]) -> None:
    page = check_in(opened(USUAL))
    phone.tap_answer(page, "toilet", "yes")
    phone.tap_answer(page, "bladder", "new_days")
    page.locator('[data-screen]:visible [data-kept="sent"]').wait_for(state="visible")

    take(page, "emergency")


def test_screenshot_of_the_player(opened: Callable[[str], Page], take: Callable[[Page, str], None]) -> None:
    page = opened(IMPROVING)
    factories.programme(patient=User.objects.get(email=IMPROVING), as_of=timezone.localdate())
    page.goto("/exercises/session")
    page.locator('[data-screen="today"]:visible [data-action="start"]').tap()
    phone.screen(page, "before").wait_for()
    page.wait_for_timeout(phone.BETWEEN_TAPS_MS)
    phone.screen(page, "before").locator('button[value="2"]').tap()
    # The first move begins when there was time to get ready.
    page.locator('[data-screen="player"]:visible [data-part="cue"]').get_by_text("times").wait_for()

    take(page, "player")


def test_screenshot_of_progress(opened: Callable[[str], Page], take: Callable[[Page, str], None]) -> None:
    page = opened(IMPROVING)
    page.goto("/progress")

    take(page, "progress")
