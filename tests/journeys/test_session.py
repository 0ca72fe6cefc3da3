"""A session of exercises on a phone without a network: led, interrupted, hurting, asked about, and stored once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from exercises.models import Programme, Session
from selfcare.accounts.models import User
from selfcare.web import version
from tests import factories
from tests.journeys import phone
from tests.journeys.test_pages_for_everybody import faults
from tests.web.conftest import QUIET

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

READY_S, SETTLE_S, SWITCH_S = 5, 20, 8
# The gentle start at level 1 on any day: breathing, cat-camel, figure four. Walking is not led.
BREATHING_S, CAMEL_S, ONE_SIDE_S = 8 * 6, 5 * 8, 3 * 25


@pytest.fixture
def today() -> date:
    """Return Ada's day."""
    return timezone.now().astimezone(ZoneInfo("Europe/London")).date()


@pytest.fixture
def started(ada: User, today: date) -> Programme:
    """Return Ada's gentle start; her left buttock hurts."""
    episode = factories.episode(patient=ada, onset_on=today - timedelta(days=12), regions=["bu-l"], pain_side="left")
    for ago in range(5, 0, -1):
        factories.entry(episode=episode, on=today - timedelta(days=ago), observations=dict(QUIET))
    return factories.programme(patient=ada, as_of=today - timedelta(days=7))


@pytest.fixture
def page(phone_of: Callable[[User], Page], ada: User, started: Programme) -> Page:
    """Return Ada's phone, which has been online once and is not now; its clock is ours."""
    opened = phone_of(ada)
    opened.goto("/exercises")
    phone.wait_for_worker(opened)
    opened.goto("/exercises/session")
    phone.screen(opened, "today").wait_for()
    opened.context.set_offline(True)
    opened.clock.install()
    # From here on time passes when a test says so.
    opened.clock.pause_at(timezone.now() + timedelta(seconds=5))
    opened.goto("/exercises/session")
    phone.screen(opened, "today").wait_for()
    return opened


def on(page: Page, name: str) -> Any:
    """Return the screen, which must be the one that is shown."""
    shown = phone.screen(page, name)
    expect(shown).to_be_visible()
    page.clock.run_for(phone.BETWEEN_TAPS_MS)
    return shown


def see(page: Page, name: str, words: str) -> None:
    """Look for words that can be seen on a screen."""
    expect(phone.screen(page, name).get_by_text(words)).to_be_visible()


def tap(page: Page, name: str, text: str) -> None:
    """Tap a button of the screen."""
    on(page, name).get_by_role("button", name=text, exact=True).tap()


def begin(page: Page, *, pain: int = 2) -> None:
    """Start today's session with a number for the pain before it; the clock of the player begins to run."""
    tap(page, "today", "Start")
    on(page, "before").locator(f'button[value="{pain}"]').tap()
    expect(phone.screen(page, "player")).to_be_visible()


def run(page: Page, seconds: float) -> None:
    """Let the time pass."""
    page.clock.run_for(round(seconds * 1000))


def cue(page: Page) -> str:
    return phone.screen(page, "player").locator('[data-part="cue"]').inner_text()


def clock(page: Page) -> str:
    return phone.screen(page, "player").locator('[data-part="clock"]').inner_text()


def answer_rest(page: Page, **answers: str) -> None:
    """Answer the questions after a session; what is not named gets its quietest answer."""
    quiet = {"felt": "fine", "during": "1", "spread": "no_change", "tingling": "0", "soreness": "yes", "which": "all"}
    while (name := page.locator("[data-screen]:visible").first.get_attribute("data-screen")) in quiet:
        value = answers.get(name, quiet[name])
        before = on(page, name).get_attribute("data-asked")
        phone.screen(page, name).locator(f'button[name="answer"][value="{value}"]').tap()
        page.wait_for_function(
            """([name, before]) => {
                const section = document.querySelector(`[data-screen="${name}"]`);
                return section.hidden || section.dataset.asked !== before;
            }""",
            arg=[name, before],
        )
    assert name == "done"
    expect(phone.screen(page, "done").locator('[data-kept="phone"]')).to_be_visible()


def until_kept(page: Page, condition: str, *, name: str = "session") -> None:
    """Wait until what the phone has written down fulfils a condition."""
    script = f"""async () => {{
        const {{ recall }} = await import("/static/web/js/store.js");
        const session = await recall("{name}");
        return Boolean(session && ({condition}));
    }}"""
    assert any(page.evaluate(script) for _ in range(200)), condition


def back_online(page: Page) -> None:
    """Bring the network back and wait until the server has confirmed the session."""
    with page.expect_response(lambda answer: "/api/v1/exercises/sessions/" in answer.url and answer.ok):
        page.context.set_offline(False)


def test_a_whole_session_without_a_network_is_stored_once(page: Page, ada: User, today: date) -> None:
    begin(page, pain=2)
    assert (cue(page), clock(page)) == ("Get ready.", "5")
    run(page, READY_S)
    assert cue(page) == "8 times."
    run(page, BREATHING_S + SETTLE_S)
    assert cue(page) == "5 times."
    run(page, CAMEL_S)
    assert cue(page) == "Next: Figure four. Get into place."
    run(page, SETTLE_S)
    assert cue(page) == "Hold 1 of 3. Right side."
    run(page, ONE_SIDE_S)
    assert cue(page) == "Change sides. Left side."
    run(page, SWITCH_S + ONE_SIDE_S)
    answer_rest(page, felt="fine", during="2")
    assert not Session.objects.exists()

    back_online(page)
    expect(phone.screen(page, "done").locator('[data-kept="sent"]')).to_be_visible()
    page.goto("/exercises")
    expect(page.locator("main")).to_contain_text("1 of 1 done today.")

    session = Session.objects.get(patient=ada)
    assert (session.occurred_on, session.felt) == (today, "fine")
    results = {one.exercise: (one.done, one.reps, one.before, one.during, one.spread) for one in session.results.all()}
    assert results == {
        "EX-02": (True, 8, 2, 2, "no_change"),
        "EX-03": (True, 5, 2, 2, "no_change"),
        "EX-05": (True, 6, 2, 2, "no_change"),
    }


def test_a_reload_in_the_middle_stands_still_until_the_person_goes_on(page: Page) -> None:
    begin(page)
    run(page, READY_S + 14)
    assert clock(page) == "3"
    until_kept(page, "session.clock && session.seen - session.clock.since >= 17000")

    page.reload()

    expect(phone.screen(page, "player")).to_be_visible()
    assert cue(page) == "Paused while you were away."
    run(page, 60)
    assert cue(page) == "Paused while you were away."
    tap(page, "player", "Go on")
    assert cue(page) == "Get back into place."
    run(page, READY_S)
    # The breath that was interrupted begins anew: two were finished.
    assert (cue(page), clock(page)) == ("8 times.", "3")


def test_a_screen_that_was_dark_for_longer_has_paused(page: Page) -> None:
    begin(page)
    run(page, READY_S + 2)

    page.clock.fast_forward(20_000)

    assert cue(page) == "Paused while you were away."


def test_hurts_more_freezes_the_clock_and_offers_the_easier_way(page: Page) -> None:
    begin(page)
    run(page, READY_S + BREATHING_S + SETTLE_S + CAMEL_S + SETTLE_S + 10)
    tap(page, "player", "This hurts more")
    on(page, "hurts")
    see(page, "hurts", "Come out of the move slowly.")
    see(page, "hurts", "Keep your foot on the floor and let the knee fall out.")
    run(page, 60)

    tap(page, "hurts", "Try the easier one.")

    assert cue(page) == "Paused."
    see(page, "player", "Figure four")
    tap(page, "player", "Go on")
    run(page, READY_S + 1)
    see(page, "player", "Keep your foot on the floor and let the knee fall out.")
    tap(page, "player", "This hurts more")
    expect(on(page, "hurts").get_by_role("button", name="Try the easier one.")).to_be_hidden()


def test_stopping_because_it_hurts_is_kept_as_that(page: Page, ada: User) -> None:
    begin(page)
    run(page, READY_S + BREATHING_S + SETTLE_S + 10)
    tap(page, "player", "This hurts more")

    tap(page, "hurts", "Stop for today")

    answer_rest(page, during="6", spread="further_down", which="EX-03", tingling="0")
    see(page, "done", "Thank you for telling us.")
    back_online(page)
    results = {one.exercise: one for one in Session.objects.get(patient=ada).results.all()}
    assert results.keys() == {"EX-02", "EX-03"}
    assert (results["EX-03"].hurt, results["EX-03"].done, results["EX-03"].spread) == ("stopped", False, "further_down")
    assert (results["EX-02"].hurt, results["EX-02"].done, results["EX-02"].spread) == ("", True, "no_change")


def test_a_weak_leg_stops_everything_at_once_also_without_a_network(page: Page, started: Programme) -> None:
    begin(page)
    run(page, READY_S + 10)
    tap(page, "player", "This hurts more")
    tap(page, "hurts", "Yes, or I am not sure")
    on(page, "signs").get_by_role("link", name="Get help advice").tap()
    page.wait_for_url("**/help-now/which")

    page.goto("/exercises/session")

    see(page, "paused", "You told us about a new sign during an exercise.")
    back_online(page)
    started.refresh_from_db()
    assert started.paused_for == "safety_stop"


def test_a_warning_sign_of_this_phone_lets_exercises_rest_before_the_server_knows(page: Page) -> None:
    page.goto("/check-in")
    page.clock.resume()
    phone.tap_answer(page, "toilet", "no_change")
    phone.tap_answer(page, "between", "yes")
    phone.tap_answer(page, "saddle", "new_days")
    phone.screen(page, "advice:now_cauda_equina").locator('[data-kept="phone"]').wait_for()

    page.goto("/exercises/session")

    see(page, "paused", "No exercises until you have been seen.")


def test_a_session_left_in_the_middle_is_kept_with_what_was_done(page: Page, ada: User, today: date) -> None:
    begin(page)
    run(page, READY_S + BREATHING_S + 2)
    until_kept(page, "session.seen - session.clock.since >= 53000")
    page.goto("/help-now")
    page.clock.fast_forward(2 * 60 * 60 * 1000)

    page.goto("/offline")
    expect(page.locator("[data-unsent]")).to_be_visible()
    back_online(page)

    results = {one.exercise: one.done for one in Session.objects.get(patient=ada).results.all()}
    assert results == {"EX-02": True}


def test_walking_is_written_down_with_two_taps(page: Page, ada: User) -> None:
    tap(page, "today", "I walked today")

    answer_rest(page, during="1")

    back_online(page)
    result = Session.objects.get(patient=ada).results.get()
    assert (result.exercise, result.done, result.seconds, result.during) == ("EX-01", True, 300, 1)


def test_before_a_nerve_slide_new_numbness_is_asked_for(
    phone_of: Callable[[User], Page], ada: User, started: Programme, today: date
) -> None:
    with_a_slide(started, today)
    page = phone_of(ada)
    page.clock.install()
    page.goto("/exercises/session")
    tap(page, "today", "Start")
    page.context.set_offline(True)

    tap(page, "gate", "Yes, or I am not sure")

    expect(phone.screen(page, "signs")).to_be_visible()
    back_online(page)
    started.refresh_from_db()
    assert started.paused_for == "safety_stop"


def with_a_slide(programme: Programme, today: date) -> None:
    """Let a clinician prescribe the sitting nerve slide, shown and checked."""
    version_now = programme.versions.get(state="published")
    version_now.prescriptions.create(exercise="EX-08", position=9, level=1, side="left", days="1234567", start_on=today)
    programme.practices.create(
        exercise="EX-08", mastery="home", level=1, dose={"sets": 1, "reps": 8, "hold_s": 0, "times_a_day": 1,
        "days_a_week": 7}, shown_by_clinician=True, started_on=today,
    )  # fmt: skip


def test_the_phone_keeps_the_session_page_and_the_drawings() -> None:
    assert "/exercises/session" in version.PAGES


def test_the_exercises_page_is_the_session_page_where_there_is_no_network(page: Page) -> None:
    page.goto("/exercises")

    expect(phone.screen(page, "today").get_by_role("button", name="Start")).to_be_visible()


def test_the_morning_after_is_asked_for_although_the_session_waits_on_the_phone(page: Page) -> None:
    tap(page, "today", "I walked today")
    answer_rest(page)
    page.clock.pause_at(timezone.now() + timedelta(days=1))
    page.goto("/check-in")
    page.clock.resume()

    phone.tap_answer(page, "toilet", "no_change")

    phone.screen(page, "step:between").wait_for()
    until_kept(page, "session.flags.includes('exercised')", name="draft")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pages_and_player_have_no_fault(theme: Any, page: Page) -> None:
    page.context.set_offline(False)
    page.clock.resume()
    page.emulate_media(color_scheme=theme)
    found = []
    for path in ("/exercises", "/exercises/moves/EX-05", "/exercises/history", "/exercises/log"):
        page.goto(path)
        found += faults(page, path)
    page.goto("/exercises/session")
    found += faults(page, "list") if on(page, "today") else []
    begin(page)
    tap(page, "player", "Pause")
    found += faults(page, "player")
    tap(page, "player", "This hurts more")
    found += faults(page, "hurts") if on(page, "hurts") else []
    tap(page, "hurts", "Stop for today")
    found += faults(page, "during") if on(page, "during") else []

    assert found == []
