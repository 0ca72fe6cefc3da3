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
from tests.journeys import phone

FOLDER = os.environ.get("SCREENSHOTS", "")
LARGEST_BYTES = 120_000

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not FOLDER, reason="Pictures are taken by `make screenshots` only."),
]


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Return a phone whose pictures are sharp enough for a page and small enough for a repository."""
    return {**browser_context_args, "device_scale_factor": 1.5}


@pytest.fixture
def page(phone_of: Callable[[User], Page]) -> Page:
    """Return the phone of somebody who has kept the diary for weeks, with a question of the check-in on it."""
    demonstration.load(now=timezone.now())
    opened = phone_of(User.objects.get(email="una@example.org"))
    opened.goto("/check-in")
    phone.screen(opened, "step:toilet").wait_for(state="visible")
    return opened


def take(page: Page, name: str) -> Path:
    """Return the file that the picture is in."""
    path = Path(FOLDER) / name
    page.screenshot(path=path)
    return path


def test_screenshot_of_the_check_in(page: Page) -> None:
    picture = take(page, "check-in.png")

    assert picture.stat().st_size <= LARGEST_BYTES


def test_screenshot_of_the_emergency_card(page: Page) -> None:
    phone.tap_answer(page, "toilet", "yes")
    phone.tap_answer(page, "bladder", "new_days")
    page.locator('[data-screen]:visible [data-kept="sent"]').wait_for(state="visible")

    picture = take(page, "emergency.png")

    assert picture.stat().st_size <= LARGEST_BYTES
