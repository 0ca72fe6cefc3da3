"""Eight weeks in the hand: Ada uses the app from set-up to the end of the weeks, and again when pain comes back.

The pain begins on Monday 16 February 2026, so the weeks run across the British clock change of 29 March. Some days of
each week go through the screens of a small phone, the others beside them; what she reads at each turn is looked at.
`JOURNEY_PICTURES=folder` keeps every new screen in both themes.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
import time_machine
from playwright.sync_api import Page

from exercises.models import Programme, Session
from selfcare.accounts.models import CareRelationship, Clinic, User
from selfcare.correspondence import conversations
from selfcare.triage import alerts
from selfcare.triage.models import Alert
from tests import factories
from tests.journeys import people, phone
from tests.journeys.weeks import MORNING, Weeks

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ONSET = date(2026, 2, 16)
# Ada joins on the Thursday after.
JOINS = 3
ABOUT_SIX = {"interference": 6, "pain_buttock": 6, "pain_avg": 6}
# A clock that is moved on leaves the instant of its installation as that of every page; this gives each page its own.
LOADED_NOW = """document.addEventListener("readystatechange", () => {
    const loaded = Date.now();
    Object.defineProperty(performance, "timeOrigin", { get: () => loaded, configurable: true });
}, { once: true });"""
# The gentle start lasts for less than five minutes.
SESSION_S = 320


@pytest.fixture
def weeks(harbour: Clinic, ben: User, phone_of: Callable[[User], Page], pictures: Path | None) -> Iterator[Weeks]:
    """Return Ada on the evening on which she has followed her clinic's invitation; nothing of her is known yet."""
    joined = datetime.combine(ONSET, time(19, 30), tzinfo=UTC).replace(day=ONSET.day + JOINS)
    with time_machine.travel(joined, tick=True) as clock:
        ada = factories.user(email="ada@example.org")
        CareRelationship.objects.create(clinic=harbour, patient=ada, from_at=joined)
        page = phone_of(ada)
        page.clock.install(time=joined)
        page.add_init_script(LOADED_NOW)
        yield Weeks(ada, page, clock, ONSET, pictures)


def test_eight_weeks_in_the_hand(weeks: Weeks, harbour: Clinic, ben: User) -> None:
    sets_up(weeks)
    first_week(weeks)
    starts_exercises(weeks)
    second_week(weeks)
    the_places_change(weeks)
    a_warning_sign(weeks, ben)
    writes_to_the_clinic(weeks, ben, harbour)
    review_of_week_four(weeks)
    review_of_week_six(weeks)
    the_weeks_end(weeks)
    pain_comes_back(weeks)


def sets_up(weeks: Weeks) -> None:
    """Go through set-up; it ends before the first safety check."""
    page = weeks.page
    person = people.Person(email="ada@example.org", context=page.context, page=page)
    people.set_up(person, pictures=None, born=1988, name="Ada", onset_on=ONSET, regions=["bu-l"])
    weeks.picture("set-up-safety")
    weeks.person.refresh_from_db()
    assert weeks.person.name == "Ada"


def first_week(weeks: Weeks) -> None:
    """Check in for the first time, item by item; choose a goal and a reminder."""
    page = weeks.page
    assert "No check-ins yet. Your first ones take about 90 seconds." in weeks.open("/", picture="today-first-day")
    assert "Your chart will show here after 4 check-ins." in weeks.open("/progress", picture="progress-empty")
    assert "Your plan has no" not in weeks.open("/exercises", picture="exercises-empty")

    check_in(weeks, interference=6, pain_buttock=6, picture="first")
    assert weeks.newest().observations["bladder"] == "none"
    assert "All done for today." in weeks.open("/", picture="today-done")

    weeks.open("/set-up/goal", picture="goal")
    page.locator('input[name="goal"], textarea[name="goal"]').fill("Walk to the shops")
    weeks.tap("Save")
    assert "Your goal: Walk to the shops" in weeks.words()


def starts_exercises(weeks: Weeks) -> None:
    """Begin the gentle moves on the next day, and be led through a session."""
    page = weeks.page
    weeks.day(JOINS + 1)
    check_in(weeks, interference=6, pain_buttock=6)
    weeks.open("/exercises", picture="exercises-offer")
    weeks.tap("Begin with these moves")
    weeks.picture("exercises-plan")
    assert Programme.objects.filter(patient=weeks.person).exists()

    weeks.open("/exercises/session")
    today = weeks.screen("today")
    weeks.picture("session-today")
    today.get_by_role("button", name="Start", exact=True).tap()
    before = weeks.screen("before")
    page.wait_for_timeout(phone.BETWEEN_TAPS_MS)
    before.locator('button[value="5"]').tap()
    weeks.screen("player")
    weeks.run(8)
    weeks.picture("player")
    press(weeks, "player", "This hurts more")
    weeks.screen("hurts")
    weeks.picture("player-hurts-more")
    press(weeks, "hurts", "I tapped this by mistake")
    press(weeks, "player", "Go on")
    weeks.run(SESSION_S)
    after_session(weeks)
    weeks.picture("session-done")
    stored = Session.objects.get(patient=weeks.person)
    assert (stored.occurred_on, stored.felt) == (ONSET + timedelta(days=JOINS + 1), "fine")
    # Walking is not led: it is what is left for the day.
    assert "1 move today." in weeks.open("/", picture="today-after-session")


def second_week(weeks: Weeks) -> None:
    """Have a bad day, fill in the day before on the next morning, and note a visit."""
    page = weeks.page
    weeks.live(5, 7, ABOUT_SIX)
    weeks.day(8)
    weeks.open("/", picture="today-second-week")
    with page.expect_navigation():
        page.locator('form[data-check-in="bad"] button').tap()
    phone.answer_all(page, scores={"pain_buttock": 8})
    assert "Bad day? That happens to most people." in weeks.receipt()
    weeks.picture("saved-bad-day")
    assert weeks.newest().observations["flare"] is True
    assert "Gentle days: you do less for now." in weeks.open("/exercises", picture="exercises-gentle")

    weeks.day(10, MORNING)
    weeks.open("/", picture="today-morning")
    with page.expect_navigation():
        page.locator('form[data-check-in="yesterday"] button').tap()
    page.locator('[data-screen^="step:"]:visible').first.wait_for()
    weeks.picture("check-in-yesterday")
    phone.answer_all(page, scores={"interference": 6, "pain_buttock": 6})
    weeks.receipt()
    assert weeks.newest().occurred_on == ONSET + timedelta(days=9)

    weeks.day(10)
    weeks.open("/")
    with page.expect_navigation():
        page.locator('form[data-check-in="event"] button').tap()
    weeks.screen("step:event")
    weeks.picture("event")
    phone.tap_answer(page, "event", "visit")
    weeks.screen("step:words")
    page.locator("#words-note").fill("First visit to the physio.")
    phone.tap_answer(page, "words", "save")
    weeks.receipt()
    assert weeks.newest().observations == {"event": "visit", "note": "First visit to the physio."}
    shown = weeks.open("/progress", picture="progress-second-week")
    assert "First visit to the physio." in shown or "visit" in shown.lower()


def the_places_change(weeks: Weeks) -> None:
    """Tell on a long day that the pain has moved into the thigh."""
    page = weeks.page
    weeks.live(11, 13, ABOUT_SIX)
    weeks.day(14)
    page.goto("/check-in")
    phone.answer_all(page, scores={"interference": 5}, until="pain_buttock")
    page.wait_for_timeout(phone.BETWEEN_TAPS_MS)
    weeks.screen("step:pain_buttock").locator('button[name="moved"]').tap()
    weeks.screen("step:map")
    weeks.picture("check-in-map")
    page.wait_for_timeout(phone.BETWEEN_TAPS_MS)
    page.locator('[data-screen="step:map"] .map label:has(input[value="th-l"])').tap()
    weeks.picture("check-in-map-marked")
    page.locator('[data-screen="step:map"] button[name="answer"]:visible').first.tap()
    phone.answer_all(page, scores={"interference": 5, "pain_buttock": 6, "pain_leg": 4})
    weeks.receipt()
    weeks.picture("saved-long")
    assert weeks.newest().observations["places"] == ["bu-l", "th-l"]
    assert "thigh" in weeks.open("/progress", picture="progress-places")


def a_warning_sign(weeks: Weeks, ben: User) -> None:
    """Be unsure about peeing: advice for today, exercises rest, and the question goes on until the loop is closed."""
    page = weeks.page
    weeks.live(15, 16, ABOUT_SIX)
    weeks.day(17)
    page.goto("/check-in")
    phone.answer_all(page, scores={}, answers={"toilet": "yes"}, until="bladder")
    phone.tap_answer(page, "bladder", "unsure")
    page.locator('[data-screen^="advice:"]:visible [data-kept="sent"]').wait_for()
    weeks.picture("advice-today")
    assert "Get advice today" in weeks.words()
    alert = Alert.objects.open().get(patient=weeks.person, tier="same_day")
    page.locator('[data-action="carry-on"]:visible').tap()
    phone.answer_all(page, scores={"interference": 6, "pain_buttock": 6, "pain_leg": 4})
    weeks.screen("saved").locator('[data-kept="sent"]').wait_for()
    weeks.picture("saved-after-a-warning")
    assert "A reminder on this phone?" not in weeks.words()

    weeks.open("/help-now/show", picture="show-to-staff")
    assert "Nobody has confirmed that they have seen this." in weeks.open("/", picture="today-warning")
    weeks.open("/exercises/session")
    weeks.screen("paused")
    weeks.picture("session-rests")
    assert "Exercises rest for now" in weeks.open("/exercises", picture="exercises-rest")

    weeks.day(18, MORNING)
    alerts.acknowledge(alert.pk, by=ben, now=weeks.at(18, MORNING))
    assert "Your care team has seen this at 09:30, 6 March." in weeks.open("/", picture="today-confirmed")
    people.submit(page, button='form button[name="answer"][value="seen"]')
    weeks.picture("follow-up-where")
    page.locator('input[name="where"][value="gp"]').check()
    page.locator('input[name="outcome"][value="sent_home"]').check()
    people.submit(page)
    weeks.picture("follow-up-seen")
    alerts.record_action(alert.pk, by=ben, note="Spoke by phone.", contact=True, now=weeks.at(18, time(10)))
    for one in Alert.objects.open().filter(patient=weeks.person):
        alerts.close(one.pk, by=ben, outcome="advice_given", now=weeks.at(18, time(10)))
    assert "Did you get seen?" not in weeks.open("/", picture="today-after-warning")


def writes_to_the_clinic(weeks: Weeks, ben: User, harbour: Clinic) -> None:
    """Ask the clinic something, and read the answer on the next day."""
    page = weeks.page
    weeks.live(18, 20, ABOUT_SIX)
    weeks.day(21)
    assert "No messages." in weeks.open("/messages", picture="messages-empty")
    page.wait_for_function("() => document.querySelector('[data-letter-form]').dataset.ready === 'yes'")
    page.locator("#letter-text").fill("May I swim?")
    page.get_by_role("button", name="Send").tap()
    page.locator("[data-letter-sent]").wait_for()
    weeks.picture("messages-sent")
    weeks.day(22)
    conversation = conversations.between(weeks.person.pk, harbour)
    assert conversation is not None
    conversations.mark_read(
        conversation, conversations.messages_of(conversation, most=9), by=ben, now=weeks.at(22, time(12))
    )
    conversations.reply(
        ben, weeks.person, harbour, uuid.uuid4(), "Yes, in warm water.", seen=1, now=weeks.at(22, time(12))
    )
    weeks.open("/", picture="today-message")
    weeks.tap("1 new message", role="link")
    weeks.picture("messages-answered")
    assert "Yes, in warm water." in weeks.words()


def review_of_week_four(weeks: Weeks) -> None:
    """Look back after four weeks with the pain as it was."""
    weeks.live(22, 27, ABOUT_SIX)
    weeks.day(28)
    assert "Week 4: time to look back" in weeks.open("/", picture="today-week-4-review")
    weeks.open("/plan", picture="plan-week-5")
    weeks.open("/plan/weeks/5", picture="plan-week-page")
    weeks.open("/")
    weeks.tap("Start the review", role="link")
    weeks.picture("review-4")
    weeks.choose(global_change="same", review_step="not_yet")
    weeks.picture("review-4-answered")
    assert "Your plan may need a change. Please book a visit." in weeks.words()
    weeks.open("/progress", picture="progress-week-5")
    weeks.open("/diary", picture="diary-month")


def review_of_week_six(weeks: Weeks) -> None:
    """Decide the next step while it gets better, and hand over a summary."""
    weeks.live(29, 35, {"interference": 4, "pain_buttock": 4, "pain_leg": 3, "pain_avg": 4})
    weeks.live(36, 42, {"interference": 2, "pain_buttock": 2, "pain_leg": 1, "pain_avg": 2})
    weeks.day(43)
    assert "Weeks 6 to 8: time to decide the next step" in weeks.open("/", picture="today-week-6-review")
    weeks.tap("Start the review", role="link")
    weeks.picture("review-6")
    weeks.choose(global_change="better", review_step="booked")
    weeks.picture("review-6-answered")
    assert "You have booked a visit. Take your summary with you." in weeks.words()
    weeks.tap("Print my summary", role="link")
    weeks.picture("summary")
    assert "Ada" in weeks.words()


def the_weeks_end(weeks: Weeks) -> None:
    """Come to the end of the eight weeks and check in once a week from then on."""
    weeks.live(44, 55, {"interference": 1, "pain_buttock": 1, "pain_leg": 0, "pain_avg": 1})
    weeks.day(56)
    assert "You have come to the end of the 8 weeks." in weeks.open("/", picture="today-week-8-over")
    weeks.tap("Choose how to go on", role="link")
    weeks.picture("plan-over")
    weeks.tap("Check in once a week")
    weeks.picture("plan-weekly")
    assert "You check in once a week." in weeks.words()


def pain_comes_back(weeks: Weeks) -> None:
    """Tell after more than a month without pain that it has come back: the weeks start again."""
    page = weeks.page
    for week in range(6):
        weeks.live(58 + 7 * week, 58 + 7 * week, {"interference": 0, "pain_buttock": 0, "pain_leg": 0, "pain_avg": 0})
    weeks.day(101)
    # A session lasts for three months.
    page.context.add_cookies(phone.cookies_of(weeks.person, page.url))
    weeks.open("/", picture="today-after-a-gap")
    weeks.open("/plan", picture="plan-after-8-weeks")
    weeks.tap("Pain has come back", role="link")
    weeks.picture("again")
    weeks.tap("Yes, for 30 days or more")
    page.locator('input[name="on"]').fill((ONSET + timedelta(days=99)).isoformat())
    weeks.picture("again-when")
    with page.expect_navigation():
        page.locator('button[name="pain_avg"][value="5"]').tap()
    weeks.picture("again-began")
    assert "The 8 weeks start again." in weeks.words()
    with page.expect_navigation():
        page.get_by_role("button", name="Go through the safety questions").tap()
    phone.answer_all(page, scores={"interference": 5, "pain_buttock": 5, "pain_leg": 3})
    weeks.receipt()
    weeks.picture("saved-again")
    assert "The weeks count from the day it came back: 26 May 2026." in weeks.open("/plan", picture="plan-again")
    assert "Week 1 of 8." in weeks.open("/", picture="today-again")


def press(weeks: Weeks, screen: str, name: str) -> None:
    """Tap a button of a screen of the player, not so soon that it counts as a second tap."""
    shown = weeks.screen(screen)
    weeks.page.wait_for_timeout(phone.BETWEEN_TAPS_MS)
    shown.get_by_role("button", name=name, exact=True).tap()


def after_session(weeks: Weeks) -> None:
    """Say that it felt fine and that nothing has changed."""
    quiet = {"felt": "fine", "during": "4", "spread": "no_change", "tingling": "0", "soreness": "yes"}
    weeks.screen("felt")
    weeks.picture("session-felt")
    while (name := weeks.page.locator("[data-screen]:visible").first.get_attribute("data-screen")) in quiet:
        shown = weeks.screen(name)
        asked = shown.get_attribute("data-asked")
        weeks.page.wait_for_timeout(phone.BETWEEN_TAPS_MS)
        shown.locator(f'button[name="answer"][value="{quiet[name]}"]').tap()
        weeks.page.wait_for_function(
            """([name, asked]) => {
                const section = document.querySelector(`[data-screen="${name}"]`);
                return section.hidden || section.dataset.asked !== asked;
            }""",
            arg=[name, asked],
        )
    weeks.screen("done").locator('[data-kept="sent"]').wait_for()


def check_in(weeks: Weeks, *, picture: str = "", answers: dict[str, str] | None = None, **scores: int) -> str:
    """Answer the day's questions with nothing new but what is told, and return the words of the receipt."""
    weeks.page.goto("/check-in")
    if picture:
        weeks.page.locator('[data-screen^="step:"]:visible').first.wait_for()
        weeks.picture(f"check-in-{picture}")
    phone.answer_all(weeks.page, scores=scores, answers=answers)
    receipt = weeks.receipt()
    if picture:
        weeks.picture(f"saved-{picture}")
    return receipt
