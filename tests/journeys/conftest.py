"""Browsers for the journeys: Debian's Chromium, found by path, as a phone in the hand; and the running product."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from playwright.sync_api import Browser, BrowserContext, Page

from selfcare.accounts.models import User
from selfcare.web import version
from tests.journeys import people, phone
from tests.journeys.people import Team
from tests.journeys.stack import Stack, running_stack

MISSING = "No Chromium is on the path. Install it (apt install chromium) to walk the journeys in a real browser."
PHONE = {"width": 360, "height": 740}
# How long nothing may happen before a browser is put away, and how long that is waited for.
QUIET_S = 0.2
LONGEST_WAIT_S = 15.0


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


class InFlight:
    """The requests that the live server is answering; a service worker goes on fetching when a test has ended."""

    def __init__(self) -> None:
        self.count, self.changed_at, self._lock = 0, time.monotonic(), threading.Lock()

    def began(self, **_: Any) -> None:
        """Count a request that has begun."""
        self._add(1)

    def ended(self, **_: Any) -> None:
        """Count a request that has been answered."""
        self._add(-1)

    def _add(self, number: int) -> None:
        with self._lock:
            self.count, self.changed_at = self.count + number, time.monotonic()

    def wait_until_quiet(self) -> None:
        """Wait until nothing has been asked or answered for a moment; give up when it never gets quiet."""
        gives_up_at = time.monotonic() + LONGEST_WAIT_S
        while time.monotonic() < gives_up_at:
            if self.count <= 0 and time.monotonic() - self.changed_at > QUIET_S:
                return
            time.sleep(0.02)


@pytest.fixture(autouse=True, scope="session")
def _put_away_in_peace() -> Iterator[None]:
    """Close no browser while its service worker fetches: Chromium may never answer, and the database is emptied."""
    in_flight, close = InFlight(), BrowserContext.close
    request_started.connect(in_flight.began)
    request_finished.connect(in_flight.ended)

    def close_when_quiet(context: BrowserContext, **options: Any) -> None:
        in_flight.wait_until_quiet()
        close(context, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BrowserContext, "close", close_when_quiet)
        yield


@pytest.fixture(autouse=True)
def _little_to_read(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let phones keep no Learn pages but where a test is about them: every phone would fetch all of them."""
    if not request.node.get_closest_marker("reads"):
        monkeypatch.setattr(version, "reading", lambda: ())
        monkeypatch.setattr(version, "weeks", lambda: ())


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
