"""Without a pointer: set-up, check-in, body map and player work by keyboard, and the focus is always to be seen."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from selfcare.accounts.models import Clinic, User
from selfcare.diary.models import Entry
from tests.journeys import everywhere, phone
from tests.journeys.everywhere import Folk
from tests.journeys.keyboard import Keyboard

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SUBMIT = "main form button:not([type=button]):not(.link)"
HEADING = '() => document.activeElement.matches("[data-screen]:not([hidden]) :is(h1, h2)")'
WALKED = ("/", "/settings", "/settings/reminders", "/messages", "/diary", "/progress", "/help-now")


@pytest.fixture
def everybody(harbour: Clinic, ben: User) -> Folk:
    """Return people in every state that a patient can be in."""
    return everywhere.folk(harbour, ben)


@pytest.fixture
def keys_of(phone_of: Callable[[User], Page], everybody: Folk) -> Callable[[str], Keyboard]:
    """Return a function that gives the keyboard of one of the people."""

    def opened(who: str) -> Keyboard:
        person = everybody.people[who]
        assert person is not None
        return Keyboard(phone_of(person))

    return opened


def test_tab_leads_through_every_control_of_a_page_and_out_again(keys_of: Callable[[str], Keyboard]) -> None:
    keys = keys_of("usual")
    for path in WALKED:
        keys.page.goto(path)
        keys.page.locator("main h1:not(.visually-hidden), main h2").first.wait_for()

        stops = keys.through()

        assert stops[0] == "a Skip to the main part"
        assert "a Get help now" in stops

    assert not keys.faults, "\n".join(keys.faults)


def test_set_up_by_keyboard_leads_to_the_safety_check(keys_of: Callable[[str], Keyboard]) -> None:
    keys = keys_of("newcomer")
    page = keys.page
    page.goto("/welcome")
    visited = [""]
    while (path := urlsplit(page.url).path) != "/set-up/safety":
        assert visited.count(path) < 3, f"Set-up does not go on: {visited}, {page.locator('main').inner_text()}"
        visited.append(path)
        if path == "/welcome/about" and page.locator('main input[name="answer"]').count():
            keys.choose("answer", "no")
        elif path == "/welcome/about":
            keys.go("main a.btn-primary")
            continue
        elif path == "/welcome/consent":
            for name in page.locator('main input[value="yes"]').evaluate_all("all => all.map((one) => one.name)"):
                keys.choose(name, "yes")
        elif path == "/welcome/place":
            keys.to('select[name="country"]')
            page.keyboard.type("United K")
        elif path == "/welcome/person":
            keys.to('input[name="name"]')
            page.keyboard.type("Newcomer")
            keys.to('input[name="year_of_birth"]')
            page.keyboard.type("1980")
            keys.choose("sex", "female")
        elif path.startswith("/welcome/history/"):
            keys.go('main button[name="rest"][value="no"]')
            continue
        elif path == "/set-up/episode":
            keys.press('.map input[value="bu-l"]', "Space")
            expect(page.locator("[data-echo]")).to_contain_text("Left buttock")
            keys.press('input[name="unknown"]', "Space")
            keys.choose("assessed", "no")
        keys.go(SUBMIT)

    keys.go(SUBMIT)
    expect(page.locator('[data-screen^="step:"]:visible')).to_be_visible()
    assert not keys.faults, "\n".join(keys.faults)


def test_a_check_in_by_keyboard_moves_the_focus_to_each_question(keys_of: Callable[[str], Keyboard]) -> None:
    keys = keys_of("usual")
    page = keys.page
    before = Entry.objects.filter(patient__email="ada@example.org").count()
    page.goto("/check-in")
    page.locator('[data-screen^="step:"]:visible').first.wait_for()
    asked = 0
    while step := phone.shown_step(page):
        # The first question comes with the page, which the browser announces itself.
        if asked:
            page.wait_for_function(HEADING, timeout=8000)
        page.wait_for_timeout(phone.BETWEEN_TAPS_MS)
        offered = page.locator('[data-screen]:visible button[name="answer"]')
        values = offered.evaluate_all("all => all.map((one) => one.value)")
        value = next((one for one in ("no_change", "none", "no", "0", "same", "marked") if one in values), values[0])
        keys.press(f'[data-screen="step:{step}"] button[name="answer"][value="{value}"]')
        page.wait_for_function(
            'step => document.querySelector(`[data-screen="step:${step}"]`).hidden', arg=step, timeout=8000
        )
        asked += 1

    page.wait_for_function(HEADING, timeout=8000)
    expect(phone.screen(page, "saved")).to_be_visible()
    expect(phone.screen(page, "saved").locator('[data-kept="sent"]')).to_be_visible()
    assert asked >= 5
    assert Entry.objects.filter(patient__email="ada@example.org").count() == before + 1
    assert not keys.faults, "\n".join(keys.faults)


def test_the_keyboard_goes_through_the_map_left_before_right(keys_of: Callable[[str], Keyboard]) -> None:
    keys = keys_of("first")
    keys.page.goto("/set-up/episode")

    stops = [stop.removeprefix("input ") for stop in keys.through()]

    back = stops.index("Left lower back")
    assert stops[back : back + 2] == ["Left lower back", "Left buttock"]
    assert stops.index("Left heel or sole") < stops.index("Right lower back") < stops.index("Right heel or sole")
    assert not keys.faults, "\n".join(keys.faults)


def test_the_player_by_keyboard_pauses_and_hears_that_it_hurts(keys_of: Callable[[str], Keyboard]) -> None:
    keys = keys_of("usual")
    page = keys.page
    page.goto("/exercises/session")
    phone.screen(page, "today").wait_for()
    page.wait_for_timeout(phone.BETWEEN_TAPS_MS)
    keys.press('[data-screen="today"] [data-action="start"]')
    phone.screen(page, "before").wait_for()
    page.wait_for_function(HEADING, timeout=8000)
    page.wait_for_timeout(phone.BETWEEN_TAPS_MS)
    keys.press('[data-screen="before"] button[value="2"]')
    player = phone.screen(page, "player")
    player.wait_for()
    page.wait_for_timeout(phone.BETWEEN_TAPS_MS)

    keys.press('[data-action="pause"]')

    expect(player.locator('[data-part="cue"]')).to_have_text("Paused.")
    keys.press('[data-action="hurts"]')
    phone.screen(page, "hurts").wait_for()
    page.wait_for_function(HEADING, timeout=8000)
    page.wait_for_timeout(phone.BETWEEN_TAPS_MS)
    keys.press('[data-action="signs"]')
    expect(phone.screen(page, "signs").get_by_role("link", name="Get help advice")).to_be_visible()
    assert not keys.faults, "\n".join(keys.faults)


def test_the_focus_is_found_missing_where_it_has_no_ring(keys_of: Callable[[str], Keyboard]) -> None:
    keys = keys_of("first")
    keys.page.goto("/settings")
    keys.page.evaluate("() => document.querySelector('.brand').style.outline = 'none'")

    keys.to(".brand")

    assert [fault.rpartition(": ")[2] for fault in keys.faults] == ["no ring"]
