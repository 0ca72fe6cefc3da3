"""What the player says is what the clock says: no drift, a screen that stays on, a tone and a tremor, a way out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from selfcare.accounts.models import User
from tests import factories
from tests.journeys import diaries, phone
from tests.web.conftest import QUIET

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOST_DRIFT_MS = 100
SLOWER = 4
# The gentle start: five seconds to get ready, eight breaths of six seconds, twenty seconds to change, ...
READY_S, BREATHING_S, SETTLE_S, CAMEL_S, ONE_SIDE_S = 5, 48, 20, 40, 75
STUBS = """
window.kept = { locks: 0, lock: null, tremors: [] };
Object.defineProperty(navigator, "wakeLock", { value: { request: async () => {
    kept.locks += 1;
    kept.lock = { released: false, release: async () => { kept.lock.released = true; } };
    return kept.lock;
} } });
navigator.vibrate = (pattern) => kept.tremors.push(pattern);
"""
# When each number of the clock was shown, by the phone's own time.
TICKS = """() => {
    const clock = document.querySelector('[data-screen="player"] [data-part="clock"]');
    window.ticks = [];
    new MutationObserver(() => {
        if (clock.textContent !== window.ticks.at(-1)?.[1]) window.ticks.push([Date.now(), clock.textContent]);
    }).observe(clock, { childList: true, characterData: true, subtree: true });
}"""
HIDE = """(state) => {
    Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
}"""


@pytest.fixture
def page(phone_of: Callable[[User], Page], ada: User) -> Page:
    """Return Ada's phone with today's session on it."""
    today = timezone.now().astimezone(diaries.LONDON).date()
    episode = factories.episode(patient=ada, onset_on=today - timedelta(days=12), regions=["bu-l"], pain_side="left")
    for ago in range(5, 0, -1):
        factories.entry(episode=episode, on=today - timedelta(days=ago), observations=dict(QUIET))
    factories.programme(patient=ada, as_of=today - timedelta(days=7))
    opened = phone_of(ada)
    opened.add_init_script(STUBS)
    return opened


def begin(page: Page) -> Any:
    """Start the session and return the player."""
    page.goto("/exercises/session")
    page.locator('[data-screen="today"]:visible [data-action="start"]').tap()
    page.locator('[data-screen="before"]:visible button[value="2"]').wait_for()
    page.wait_for_timeout(phone.BETWEEN_TAPS_MS)
    page.locator('[data-screen="before"]:visible button[value="2"]').tap()
    player = phone.screen(page, "player")
    player.wait_for()
    return player


def with_a_clock_of_ours(page: Page) -> Any:
    """Start the session on a phone whose time passes when a test says so."""
    page.clock.install()
    player = begin(page)
    page.clock.pause_at(timezone.now() + timedelta(minutes=1))
    player.get_by_role("button", name="Go on", exact=True).tap()
    page.clock.run_for(READY_S * 1000)
    return player


def test_the_clock_of_a_slow_phone_does_not_drift(page: Page) -> None:
    begin(page)
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.evaluate(TICKS)

    phone.wait_until(page, "() => window.ticks.length >= 6")

    # Getting ready counts 4, 3, 2, 1; then a breath takes six seconds, and the second and the third are counted.
    due = [0, 1000, 2000, 3000, 10_000, 16_000]
    shown = page.evaluate("window.ticks.slice(0, 6)")
    assert [text for _at, text in shown] == ["4", "3", "2", "1", "2", "3"]
    # How late one is shown may differ from another; that it grows would be a drift.
    late = [at - shown[0][0] - wanted for (at, _text), wanted in zip(shown, due, strict=True)]
    assert abs(min(late[-2:]) - min(late[:4])) <= MOST_DRIFT_MS


def test_the_screen_is_kept_on_again_after_it_was_left(page: Page) -> None:
    begin(page)
    phone.wait_until(page, "() => kept.locks === 1")

    page.evaluate("kept.lock.released = true")
    page.evaluate(HIDE, "hidden")
    page.evaluate(HIDE, "visible")

    phone.wait_until(page, "() => kept.locks === 2")


def test_a_change_is_felt_as_well_as_heard(page: Page) -> None:
    with_a_clock_of_ours(page)
    before = page.evaluate("kept.tremors.length")

    page.clock.run_for((BREATHING_S + SETTLE_S) * 1000)

    assert page.evaluate("kept.tremors.length") > before


def test_this_hurts_more_is_one_tap_away_in_every_state(page: Page) -> None:
    player = with_a_clock_of_ours(page)
    hurts = player.get_by_role("button", name="This hurts more", exact=True)
    states = {
        "running": 1, "between two moves": BREATHING_S + 2, "before a change of sides": SETTLE_S + CAMEL_S + SETTLE_S,
        "changing sides": ONE_SIDE_S,
    }  # fmt: skip
    for state, seconds in states.items():
        page.clock.run_for(seconds * 1000)
        expect(hurts, state).to_be_in_viewport(ratio=1)
    player.get_by_role("button", name="Pause", exact=True).tap()
    expect(hurts, "paused").to_be_in_viewport(ratio=1)

    page.clock.run_for(phone.BETWEEN_TAPS_MS)
    hurts.tap()

    phone.screen(page, "hurts").wait_for()
