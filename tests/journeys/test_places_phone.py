"""The places of the pain, a bad day, yesterday and what happened besides: on the phone, counted in taps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from selfcare.accounts.models import Clinic, User
from selfcare.diary.models import Entry
from selfcare.triage.models import Alert
from tests.journeys import diaries, phone
from tests.journeys.test_usual_entry import go_offline

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def today() -> Any:
    """Return Ada's today."""
    return timezone.now().astimezone(diaries.LONDON).date()


@pytest.fixture
def ada(harbour: Clinic) -> User:
    """Return Ada, whose left buttock hurts."""
    return diaries.usual_patient(harbour, today=today(), regions=["bu-l"])


@pytest.fixture
def page(ada: User, phone_of: Callable[[User], Page]) -> Page:
    """Return Ada's phone on Today."""
    opened = phone_of(ada)
    opened.goto("/")
    return opened


class Taps:
    """Counts what the finger does."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def on(self, selector: str) -> None:
        """Tap something once it is there."""
        found = self.page.locator(f"{selector}:visible").first
        found.wait_for()
        self.page.wait_for_timeout(phone.BETWEEN_TAPS_MS)
        found.tap()
        self.count += 1

    def answer(self, step: str, value: str | int) -> None:
        """Tap one answer."""
        phone.tap_answer(self.page, step, value)
        self.count += 1

    def safety(self) -> None:
        """Say four times that nothing has changed."""
        for step in phone.SAFETY:
            self.answer(step, "no_change")

    def area(self, area: str, feel: str = "") -> None:
        """Mark an area of the map, and what it feels like."""
        self.on(f'[data-screen="step:map"] .map label:has(input[value="{area}"])')
        if feel:
            self.on(f'.feel-{area} label:has(input[name="places_with_{feel}"])')


def open_map(taps: Taps) -> None:
    """Go from Today to the body map."""
    taps.on('form[data-check-in=""] button')
    taps.safety()
    taps.answer("interference", 3)
    taps.on('[data-screen="step:pain_buttock"] button[name="moved"]')


def stored(person: User) -> dict[str, Any]:
    """Return what the newest entry of today holds."""
    entry = Entry.objects.filter(patient=person, occurred_on=today()).latest("received_at")
    return {name: value for name, value in entry.observations.items() if name != "safety_seconds"}


def sent(page: Page) -> None:
    """Wait until the receipt says that the entry has arrived."""
    phone.screen(page, "saved").locator('[data-kept="sent"]').wait_for(state="visible")


@pytest.mark.parametrize("network", ["online", "offline"])
def test_two_new_places_take_at_most_fourteen_taps(network: str, page: Page) -> None:
    if network == "offline":
        go_offline(page)
    taps = Taps(page)

    open_map(taps)
    taps.area("th-l", "pain")
    taps.area("ca-l", "tingling")
    taps.on('[data-screen="step:map"] button[name="answer"]')
    taps.answer("pain_buttock", 4)
    taps.answer("pain_leg", 5)

    phone.screen(page, "saved").locator("h1").wait_for(state="visible")
    assert taps.count <= 14


def test_what_was_marked_is_written_and_read_by_the_rules(page: Page, ada: User) -> None:
    taps = Taps(page)
    open_map(taps)
    taps.area("ca-l", "tingling")
    echo = page.locator('[data-screen="step:map"] [data-echo]').inner_text()
    taps.on('[data-screen="step:map"] button[name="answer"]')
    taps.answer("pain_buttock", 4)
    taps.answer("pain_leg", 5)
    sent(page)

    assert echo == "You marked: Left buttock, Left calf. Right?"
    told = stored(ada)
    assert told["places"] == ["bu-l", "ca-l"]
    assert told["places_with_tingling"] == ["ca-l"]
    assert (told["pain_site"], told["pain_side"], told["tingling"]) == ("mixed", "left", True)
    assert (told["pain_buttock"], told["pain_leg"], told["pain_avg"]) == (4, 5, 5)


def test_what_an_area_feels_like_is_asked_of_new_areas_alone(page: Page) -> None:
    taps = Taps(page)
    open_map(taps)
    taps.area("th-l")

    assert page.locator(".feel-th-l").is_visible()
    assert not page.locator(".feel-bu-l").is_visible()


def test_back_on_the_map_leads_to_the_score_again(page: Page) -> None:
    taps = Taps(page)
    open_map(taps)
    phone.screen(page, "step:map").wait_for(state="visible")

    taps.on('[data-screen="step:map"] [data-back]')

    phone.screen(page, "step:pain_buttock").wait_for(state="visible")


def test_the_map_is_a_list_of_the_same_boxes(page: Page) -> None:
    taps = Taps(page)
    open_map(taps)
    taps.on('[data-screen="step:map"] .as-list')

    label = page.locator('[data-screen="step:map"] .map label:has(input[value="ca-l"])')
    box = label.bounding_box()
    assert box is not None
    assert box["width"] > 250
    assert box["height"] >= 48
    label.tap()
    assert "Left calf" in page.locator('[data-screen="step:map"] [data-echo]').inner_text()


def test_pain_that_comes_to_the_other_leg_means_go_now(page: Page, ada: User) -> None:
    factories_side(ada)
    page.goto("/")
    taps = Taps(page)
    open_map(taps)
    taps.area("ca-l")
    taps.area("ca-r")
    taps.on('[data-screen="step:map"] button[name="answer"]')

    page.locator('[data-screen^="advice:"]:visible a[href="tel:999"]').first.wait_for(state="visible")
    page.locator('[data-screen]:visible [data-kept="sent"]').wait_for(state="visible")
    assert Alert.objects.filter(patient=ada, rule_id="RF-CES-05", tier="emergency").exists()


def factories_side(person: User) -> None:
    """Let the episode have begun on the left."""
    person.episodes.update(pain_side="left")


def test_a_mark_between_the_legs_shows_the_call_and_asks(page: Page) -> None:
    taps = Taps(page)
    open_map(taps)
    taps.area("sad")
    page.locator('[data-screen="step:map"] .saddle-card a[href="tel:999"]').wait_for(state="visible")

    taps.on('[data-screen="step:map"] button[name="answer"]')

    phone.screen(page, "step:saddle").wait_for(state="visible")


def test_a_numb_place_asks_how_numb(page: Page) -> None:
    taps = Taps(page)
    open_map(taps)
    taps.area("ca-l", "numbness")

    taps.on('[data-screen="step:map"] button[name="answer"]')

    phone.screen(page, "step:numbness").wait_for(state="visible")


def test_a_clear_rise_asks_whether_the_places_are_the_same(page: Page, ada: User) -> None:
    taps = Taps(page)
    taps.on('form[data-check-in=""] button')
    taps.safety()
    taps.answer("interference", 3)
    taps.answer("pain_buttock", 6)

    phone.screen(page, "step:places").wait_for(state="visible")
    assert "Last time you chose: Left buttock." in phone.screen(page, "step:places").inner_text()
    taps.answer("places", "same")
    sent(page)
    assert stored(ada)["places"] == ["bu-l"]


@pytest.mark.parametrize("network", ["online", "offline"])
def test_a_bad_day_takes_six_taps(network: str, page: Page) -> None:
    if network == "offline":
        go_offline(page)
    taps = Taps(page)

    taps.on('form[data-check-in="bad"] button')
    taps.safety()
    taps.answer("pain_buttock", 8)

    receipt = phone.screen(page, "saved")
    receipt.locator("[data-bad-day]").wait_for(state="visible")
    assert taps.count == 6


def test_a_bad_day_counts_as_an_entry_and_as_a_flare(page: Page, ada: User) -> None:
    taps = Taps(page)
    taps.on('form[data-check-in="bad"] button')
    taps.safety()
    taps.answer("pain_buttock", 8)
    sent(page)

    told = stored(ada)
    assert told["flare"] is True
    assert (told["pain_buttock"], told["pain_avg"], told["bladder"]) == (8, 8, "none")


@pytest.mark.parametrize("network", ["online", "offline"])
def test_a_visit_takes_two_taps_once_it_is_open(network: str, page: Page) -> None:
    if network == "offline":
        go_offline(page)
    page.locator('form[data-check-in="event"] button').tap()
    taps = Taps(page)

    taps.answer("event", "visit")
    taps.answer("words", "save")

    phone.screen(page, "saved").locator("h1").wait_for(state="visible")
    assert taps.count == 2
    assert phone.screen(page, "saved").locator("[data-no-signs]").is_hidden()


def test_a_note_is_kept_with_what_happened(page: Page, ada: User) -> None:
    page.locator('form[data-check-in="event"] button').tap()
    phone.tap_answer(page, "event", "other")
    page.locator("#words-note").fill("Long drive.")
    phone.tap_answer(page, "words", "save")
    sent(page)

    assert stored(ada) == {"event": "other", "note": "Long drive."}


def test_a_fall_asks_how_bad_it_was_and_is_judged(page: Page, ada: User) -> None:
    page.locator('form[data-check-in="event"] button').tap()
    phone.tap_answer(page, "event", "fall")
    phone.tap_answer(page, "injury", "major")

    page.locator('[data-screen^="advice:"]:visible a[href="tel:999"]').first.wait_for(state="visible")
    page.locator('[data-screen]:visible [data-kept="sent"]').wait_for(state="visible")
    assert Alert.objects.filter(patient=ada, tier="emergency", reason="trauma_major").exists()


@pytest.fixture
def morning(harbour: Clinic) -> tuple[User, datetime]:
    """Return Ada, whose diary ends two days before a day on which it is a minute to noon."""
    day = today() - timedelta(days=1)
    ada = diaries.usual_patient(harbour, today=day - timedelta(days=1), regions=["bu-l"])
    return ada, datetime(day.year, day.month, day.day, 11, 59, tzinfo=diaries.LONDON)


def test_yesterday_is_asked_about_until_noon_and_says_so(
    morning: tuple[User, datetime], phone_of: Callable[[User], Page]
) -> None:
    ada, at = morning
    page = phone_of(ada)
    page.clock.set_fixed_time(at)
    page.goto("/check-in#yesterday")
    Taps(page).safety()
    asked = phone.screen(page, "step:interference")
    asked.wait_for(state="visible")

    assert "How much did pain get in the way yesterday?" in asked.inner_text()
    phone.answer_all(page, scores={"interference": 3, "pain_buttock": 4})
    sent(page)
    entry = Entry.objects.filter(patient=ada).latest("received_at")
    assert entry.occurred_on == at.date() - timedelta(days=1)
    assert entry.written_on > entry.occurred_on


def test_after_noon_yesterday_is_politely_closed(
    morning: tuple[User, datetime], phone_of: Callable[[User], Page]
) -> None:
    ada, at = morning
    page = phone_of(ada)
    page.clock.set_fixed_time(at + timedelta(minutes=2))

    page.goto("/check-in#yesterday")

    phone.screen(page, "too-late").wait_for(state="visible")


def test_what_is_heard_of_one_entry_is_not_said_of_the_next(page: Page) -> None:
    held: list[Any] = []
    page.route("**/api/v1/entries/**", lambda route: route.abort() if held else held.append(route))
    taps = Taps(page)
    taps.on('form[data-check-in=""] button')
    taps.answer("toilet", "yes")
    taps.answer("bladder", "unsure")
    taps.on('[data-action="carry-on"]')
    phone.answer_all(page, scores={"interference": 3, "pain_buttock": 4})
    receipt = phone.screen(page, "saved")
    receipt.locator('[data-kept="phone"]').wait_for(state="visible")

    with page.expect_event("requestfailed", lambda request: "/api/v1/entries/" in request.url):
        held[0].continue_()

    page.wait_for_timeout(phone.BETWEEN_TAPS_MS)
    assert receipt.locator('[data-kept="phone"]').is_visible()
    assert receipt.locator('[data-kept="sent"]').is_hidden()
