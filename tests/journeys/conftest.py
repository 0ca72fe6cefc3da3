"""Browsers for the journeys: Debian's Chromium, found by path, as a phone in the hand; and the running product."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from selfcare.accounts.models import User
from tests.journeys import people, phone
from tests.journeys.people import Team
from tests.journeys.stack import Stack, running_stack

MISSING = "No Chromium is on the path. Install it (apt install chromium) to walk the journeys in a real browser."
PHONE = {"width": 360, "height": 740}


def find_chromium() -> str:
    """Return the path of Chromium; skip the test where there is none, but never in CI."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(MISSING)
    return path


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Return how Chromium is started: nothing of it may look for a network."""
    return {
        **browser_type_launch_args,
        "executable_path": find_chromium(),
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
        ],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Return what a new context is: a small phone with a touch screen, in Britain."""
    return {
        **browser_context_args,
        "viewport": PHONE,
        "has_touch": True,
        "is_mobile": True,
        "device_scale_factor": 2,
        "locale": "en-GB",
        "timezone_id": "Europe/London",
    }


@pytest.fixture(autouse=True, scope="session")
def _database_beside_the_event_loop() -> Iterator[None]:
    """Let tests of this folder read the database although Playwright runs an event loop in the same thread."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield


@pytest.fixture
def phone_of(browser: Browser, browser_context_args: dict[str, Any], live_server: Any) -> Iterator[Callable[..., Page]]:
    """Return a function that gives a person's phone, signed in to the live server; all are put away afterwards."""
    contexts: list[BrowserContext] = []

    def opened(person: User) -> Page:
        contexts.append(phone.signed_in(browser, live_server.url, person, args=browser_context_args))
        return contexts[-1].new_page()

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Return the whole product, running as real processes; nothing of it is left afterwards."""
    find_chromium()
    with running_stack(tmp_path_factory.mktemp("stack")) as running:
        yield running


@pytest.fixture(scope="session")
def team(stack: Stack, browser: Browser, browser_context_args: dict[str, Any], pictures: Path | None) -> Iterator[Team]:
    """Return Ada, Ben and Cy, who have come in over the real pages of the stack."""
    came = people.come_in(stack, browser, browser_context_args, pictures)
    yield came
    for person in (came.ada, came.ben, came.cy):
        person.context.close()


@pytest.fixture(scope="session")
def pictures() -> Path | None:
    """Return the folder for a picture of every step (JOURNEY_PICTURES), or None."""
    folder = os.environ.get("JOURNEY_PICTURES")
    if not folder:
        return None
    Path(folder).mkdir(parents=True, exist_ok=True)
    return Path(folder)
