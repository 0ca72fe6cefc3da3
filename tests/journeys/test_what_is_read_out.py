"""What a screen reader is given: the names and the order of a question, the map, the emergency card and the player."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from selfcare.accounts.models import Clinic, User
from tests.journeys import everywhere, phone

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(phone_of: Callable[[User], Page], harbour: Clinic, ben: User) -> Page:
    """Return the phone of somebody with some weeks of diary and a programme."""
    ada = everywhere.folk(harbour, ben).people["usual"]
    assert ada is not None
    return phone_of(ada)


def test_a_question_is_read_with_its_number_its_signs_and_both_answers(page: Page) -> None:
    page.goto("/check-in")
    asked = phone.screen(page, "step:toilet")
    asked.wait_for()

    expect(asked).to_match_aria_snapshot("""
        - region "Any change in how you pee or poo?":
          - paragraph: /Question 1 of \\d+/
          - heading "Any change in how you pee or poo?" [level=1]
          - list:
            - listitem: /.+/
          - button "No change"
          - button "Yes, or I am not sure"
          - button "Skip this one. It stays unanswered."
          - paragraph:
            - link "Back"
          - paragraph:
            - link "Something else has changed"
    """)


def test_the_emergency_card_is_read_with_its_prefix_and_the_call_first(page: Page) -> None:
    page.goto("/help-now/now")

    expect(page.locator("main")).to_match_aria_snapshot("""
        - region /Act now:/:
          - heading /Act now:/ [level=1]
          - link "Call 999"
          - list:
            - listitem: /.+/
          - paragraph:
            - strong: "Say:"
          - link "Show this to staff"
    """)


def test_the_map_is_read_as_boxes_with_the_person_s_own_sides(page: Page) -> None:
    page.goto("/set-up/episode")

    expect(page.locator(".maps")).to_match_aria_snapshot("""
        - group "Seen from behind":
          - checkbox "Left lower back"
          - checkbox "Left buttock"
          - checkbox "Back of left thigh"
          - checkbox "Left calf"
          - checkbox "Left heel or sole"
          - checkbox "Between your legs or around your bottom"
          - checkbox "Right lower back"
        - group "Seen from the front":
          - checkbox "Left outer hip or thigh"
    """)


def test_a_score_is_read_out_of_ten(page: Page) -> None:
    page.goto("/exercises/session")
    phone.screen(page, "today").wait_for()
    page.wait_for_timeout(phone.BETWEEN_TAPS_MS)
    phone.screen(page, "today").locator('[data-action="start"]').tap()
    asked = phone.screen(page, "before")
    asked.wait_for()

    expect(asked.get_by_role("button", name="4 out of 10", exact=True)).to_be_visible()
    expect(asked.get_by_role("button", name="0 out of 10, 0 is no pain", exact=True)).to_be_visible()


def test_the_player_reads_out_the_cue_alone(page: Page) -> None:
    page.goto("/exercises/session")
    phone.screen(page, "today").wait_for()
    page.wait_for_timeout(phone.BETWEEN_TAPS_MS)
    phone.screen(page, "today").locator('[data-action="start"]').tap()
    phone.screen(page, "before").wait_for()
    page.wait_for_timeout(phone.BETWEEN_TAPS_MS)
    phone.screen(page, "before").locator('button[value="2"]').tap()
    player = phone.screen(page, "player")
    player.wait_for()

    expect(player).to_match_aria_snapshot("""
        - heading [level=1]
        - paragraph: /.+/
        - timer
        - button "Pause"
        - button "Skip"
        - button "This hurts more"
        - button "Time left"
    """)
    live = player.locator('[aria-live]:not([aria-live="off"]), [role="status"], [role="alert"]')
    assert live.evaluate_all("all => all.map((one) => one.dataset.part)") == ["cue"]
