"""What a person sets for this phone alone: its look before the first paint, quick-hide, and the app lock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, expect

from selfcare.accounts.models import User
from tests import factories
from tests.journeys import phone
from tests.journeys.test_pages_for_everybody import RULES
from tests.web.conftest import LONDON, QUIET

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PIN = "2580"
OWN = ("/settings", "/settings/look", "/settings/sound", "/settings/privacy", "/settings/reminders",
       "/settings/reminders/fewer", "/", "/help-now", "/check-in", "/clock")  # fmt: skip
LOOKS = {
    "light": "light",
    "dark": "dark",
    "large": "large",
    "largest": "largest",
    "largest-dark-big": "dark.largest.big",
}
# What each frame showed, from the very first one on: a colour that changes is a flash.
WATCH = """() => {
    window.painted = [];
    const look = () => {
        const ready = document.body && document.styleSheets.length;
        if (ready) window.painted.push(getComputedStyle(document.body).backgroundColor);
        requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
}"""
DARK = "rgb(14, 21, 28)"


@pytest.fixture
def page(phone_of: Callable[[User], Page], ada: User) -> Page:
    """Return Ada's phone after five quiet days."""
    today = timezone.localdate(timezone=LONDON)
    episode = factories.episode(patient=ada, onset_on=today - timedelta(days=12), regions=["bu-l", "lb-l"])
    for ago in range(5, 0, -1):
        factories.entry(episode=episode, on=today - timedelta(days=ago), observations=dict(QUIET))
    return phone_of(ada)


def wear(page: Page, words: str, url: str) -> None:
    """Let the phone's cookie hold these words."""
    page.context.add_cookies([{"name": "phone", "value": words, "url": url}])


def set_pin(page: Page, *, minutes: str = "5") -> None:
    """Set the PIN on its page."""
    page.goto("/settings/privacy")
    page.locator("#pin-new").fill(PIN)
    page.locator("#pin-again").fill(PIN)
    page.locator("#pin-minutes").select_option(minutes)
    page.get_by_role("button", name="Set the PIN").tap()
    expect(page.get_by_text("Your PIN is set.")).to_be_visible()


def started_anew(page: Page) -> Page:
    """Return the app as it starts in a new window, which remembers nothing of the one before."""
    return page.context.new_page()


# --- look ---


@pytest.mark.parametrize("look", LOOKS)
def test_pages_have_no_fault_and_no_sideways_scroll_in_each_look(
    look: str, page: Page, live_server: Any, pictures: Path | None
) -> None:
    wear(page, LOOKS[look], live_server.url)
    found = []
    for path in OWN:
        page.goto(path)
        page.locator("main h1").first.wait_for(state="attached")
        for width in (320, 360):
            page.set_viewport_size({"width": width, "height": 740})
            if page.evaluate("document.documentElement.scrollWidth") > width:
                found.append(f"{path}: wider than {width} pixels")
            if pictures:
                page.screenshot(path=pictures / f"{look}-{width}{path.replace('/', '-')}.png")
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
        violations = Axe().run(page, options={"runOnly": RULES}).response["violations"]
        found += [f"{path}: {one['id']} at {[node['target'] for node in one['nodes']][:3]}" for one in violations]

    assert found == []


def test_a_kept_page_is_dark_in_its_first_frame_without_a_network(page: Page, live_server: Any) -> None:
    page.goto("/help-now")
    phone.wait_for_worker(page)
    wear(page, "dark", live_server.url)
    page.context.set_offline(True)
    page.add_init_script(f"({WATCH})()")

    page.goto("/help-now")
    page.wait_for_function("() => window.painted.length > 3")

    assert set(page.evaluate("window.painted")) == {DARK}


def test_the_look_is_kept_without_a_script(page: Page, browser: Any, live_server: Any, ada: User) -> None:
    cookies = page.context.cookies()
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    context.add_cookies(cookies)
    plain = context.new_page()
    plain.goto("/settings/look")

    plain.get_by_label("Dark").check()
    plain.get_by_label("Very large").check()
    plain.get_by_role("button", name="Save").click()

    assert plain.locator("html").get_attribute("data-phone") == "dark largest"
    expect(plain.locator("body")).to_have_css("background-color", DARK)
    expect(plain.locator(".tabs")).to_have_css("position", "static")
    context.close()


def test_bigger_buttons_put_the_numbers_in_three_columns(page: Page, live_server: Any, pictures: Path | None) -> None:
    wear(page, "big", live_server.url)
    page.set_viewport_size({"width": 320, "height": 740})
    page.goto("/check-in")
    for step in phone.SAFETY:
        phone.tap_answer(page, step, "no_change")
    score = page.locator(".nrs:visible button").first
    score.wait_for()
    phone.picture(page, pictures, "big-buttons")

    box = score.bounding_box()

    assert box is not None
    assert box["width"] >= 90
    assert box["height"] >= 64


def test_clock_and_cue_of_the_player_are_above_its_controls_in_very_large_text(
    page: Page, ada: User, live_server: Any, pictures: Path | None
) -> None:
    today = timezone.localdate(timezone=LONDON)
    factories.programme(patient=ada, as_of=today - timedelta(days=7))
    wear(page, "largest", live_server.url)
    page.goto("/exercises/session")
    page.get_by_role("button", name="Start").first.tap()
    before = phone.screen(page, "before")
    before.wait_for(state="visible")
    # A second tap right after a new screen is taken for one on the screen before.
    page.wait_for_timeout(phone.BETWEEN_TAPS_MS)
    before.get_by_role("button", name="Begin without a number").tap()
    phone.screen(page, "player").wait_for(state="visible")
    phone.picture(page, pictures, "player-largest")

    controls = page.locator(".player-controls").bounding_box()
    shown = [page.locator(part).bounding_box() for part in (".cue", ".player .clock")]

    assert controls is not None
    assert all(box is not None and box["y"] + box["height"] <= controls["y"] + 1 for box in shown)


# --- quick-hide ---


def test_quick_hide_leaves_a_clock_and_back_brings_nothing_back(page: Page, live_server: Any) -> None:
    wear(page, "hide", live_server.url)
    page.goto("/diary")
    page.goto("/settings")
    page.get_by_role("link", name="Hide", exact=True).tap()
    page.wait_for_url("**/clock")
    expect(page.locator("[data-time]")).to_contain_text(":")

    page.evaluate("window.first = true; history.back()")
    # Another page than the one that Back was pressed on, and the same clock.
    page.wait_for_function(
        "() => !window.first && location.pathname === '/clock' && document.readyState === 'complete'"
    )

    expect(page.get_by_role("heading", name="Clock")).to_be_attached()
    assert "Diary" not in page.locator("body").inner_text()


def test_whoever_goes_home_from_the_clock_is_back(page: Page, live_server: Any) -> None:
    wear(page, "hide", live_server.url)
    page.goto("/settings")
    page.get_by_role("link", name="Hide", exact=True).tap()
    page.wait_for_url("**/clock")

    page.get_by_role("link", name="Home", exact=True).tap()

    expect(page.get_by_role("heading", name="Today", exact=True)).to_be_visible()


def test_a_private_question_can_always_be_hidden_and_its_answers_are_kept(page: Page) -> None:
    page.goto("/check-in")
    phone.wait_for_worker(page)
    page.goto("/check-in")
    phone.tap_answer(page, "toilet", "no_change")
    phone.screen(page, "step:between").wait_for(state="visible")

    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.wait_for_url("**/clock")
    page.goto("/check-in")

    phone.screen(page, "step:between").wait_for(state="visible")


def test_the_button_does_not_show_where_nobody_asked_for_it(page: Page) -> None:
    page.goto("/settings")

    expect(page.get_by_role("link", name="Hide", exact=True)).to_be_hidden()


def test_discreet_mode_names_the_app_and_nothing_else(page: Page, live_server: Any) -> None:
    wear(page, "discreet", live_server.url)
    titles = []
    for path in ("/diary", "/help-now", "/check-in"):
        page.goto(path)
        page.locator("h1:visible").first.wait_for()
        titles.append(page.title())

    assert set(titles) == {"selfcare"}


# --- the lock ---


def test_the_pin_is_asked_at_the_start_and_opens_the_page(page: Page, pictures: Path | None) -> None:
    set_pin(page)
    page = started_anew(page)
    page.goto("/diary")
    phone.picture(page, pictures, "locked")
    expect(page.get_by_role("heading", name="Diary")).to_be_hidden()

    page.locator("#lock-pin").fill(PIN)
    page.get_by_role("button", name="Open").tap()

    expect(page.get_by_role("heading", name="Diary")).to_be_visible()
    assert Axe().run(page, options={"runOnly": RULES}).response["violations"] == []


def test_the_pin_is_asked_after_a_time_out_of_sight_and_the_page_is_as_it_was(page: Page) -> None:
    set_pin(page)
    page.goto("/check-in")
    phone.tap_answer(page, "toilet", "no_change")
    phone.screen(page, "step:between").wait_for(state="visible")

    # The phone's own note of when it was last seen is old by now.
    page.evaluate("sessionStorage.setItem('seen', '1000'); document.dispatchEvent(new Event('visibilitychange'))")
    expect(phone.screen(page, "step:between")).to_be_hidden()
    page.locator("#lock-pin").fill(PIN)
    page.get_by_role("button", name="Open").tap()

    expect(phone.screen(page, "step:between")).to_be_visible()


def test_in_discreet_mode_the_page_is_blank_while_it_is_out_of_sight(page: Page, live_server: Any) -> None:
    wear(page, "discreet", live_server.url)
    page.goto("/diary")

    page.evaluate(
        """() => {
            Object.defineProperty(document, "visibilityState", { configurable: true, get: () => "hidden" });
            document.dispatchEvent(new Event("visibilitychange"));
        }"""
    )

    expect(page.locator("main h1").first).to_be_hidden()


def test_a_locked_page_has_no_fault_and_says_nothing(page: Page) -> None:
    set_pin(page)
    page = started_anew(page)
    page.goto("/diary")
    expect(page.locator("#lock-pin")).to_be_focused()

    assert Axe().run(page, options={"runOnly": RULES}).response["violations"] == []
    assert page.title() == "selfcare"
    assert "Pain" not in page.locator("body").inner_text()


def test_help_opens_without_the_pin_and_offline(page: Page) -> None:
    set_pin(page)
    phone.wait_for_worker(page)
    page = started_anew(page)
    page.context.set_offline(True)
    page.goto("/check-in")
    expect(page.locator("#lock-pin")).to_be_visible()

    page.get_by_role("link", name="Get help now").tap()

    expect(page.locator('a[href="tel:999"]').first).to_be_visible()


def test_a_kept_page_of_the_person_is_locked_without_a_network(page: Page) -> None:
    set_pin(page)
    phone.wait_for_worker(page)
    page = started_anew(page)
    page.context.set_offline(True)

    page.goto("/check-in")

    expect(page.locator("#lock-pin")).to_be_visible()
    assert page.locator("main").is_hidden()


def test_five_wrong_tries_make_everybody_wait(page: Page) -> None:
    set_pin(page)
    page = started_anew(page)
    page.goto("/diary")
    for tried in ("1111", "2222", "3333", "4444", "5555"):
        page.locator("#lock-pin").fill(tried)
        page.get_by_role("button", name="Open").tap()
        expect(page.locator("[data-lock-problem]")).not_to_be_empty()
        expect(page.locator("#lock-pin")).to_have_value("")
        page.wait_for_function("n => JSON.parse(localStorage.getItem('lock')).wrong === n", arg=int(tried[0]))

    page.locator("#lock-pin").fill(PIN)
    page.get_by_role("button", name="Open").tap()

    expect(page.locator("[data-lock-problem]")).to_contain_text("Wait")
    assert page.locator("main").is_hidden()


def test_signing_in_again_takes_a_forgotten_pin_away(page: Page, ada: User, live_server: Any) -> None:
    set_pin(page)
    page = started_anew(page)
    page.goto("/diary")
    page.get_by_role("button", name="I forgot my PIN").tap()
    page.wait_for_url("**/account/login/**")
    page.context.add_cookies(phone.cookies_of(ada, live_server.url))

    page.goto("/diary")

    expect(page.get_by_role("heading", name="Diary")).to_be_visible()
    assert page.evaluate("localStorage.getItem('lock')") is None


def test_the_pin_cannot_be_taken_away_without_knowing_it(page: Page) -> None:
    set_pin(page)
    page.locator("#pin-old").fill("1111")

    page.get_by_role("button", name="Take the PIN away").tap()

    expect(page.get_by_text("That is not your PIN. Try again.").last).to_be_visible()
    assert page.evaluate("localStorage.getItem('lock')") is not None


def test_the_page_for_staff_is_a_blank_form_until_the_pin_is_typed(page: Page) -> None:
    page.goto("/check-in")
    phone.tap_answer(page, "toilet", "yes")
    phone.tap_answer(page, "bladder", "new_days")
    page.locator('[data-screen]:visible [data-kept="sent"]').wait_for(state="visible")
    set_pin(page)
    page = started_anew(page)
    page.goto("/help-now/show")
    expect(page.locator("[data-staff-blank]")).to_be_visible()

    page.get_by_role("button", name="Enter my PIN").tap()
    page.locator("#lock-pin").fill(PIN)
    page.get_by_role("button", name="Open").tap()

    expect(page.locator("[data-staff-filled]")).to_be_visible()


# --- sound ---


def test_sound_set_in_settings_is_the_player_s(page: Page) -> None:
    page.goto("/settings/sound")
    page.get_by_label("Tones").uncheck()
    expect(page.get_by_text("Saved on this phone.")).to_be_visible()

    page.goto("/settings")

    expect(page.locator('[data-fill="sound"]')).to_have_text("Sound off")
