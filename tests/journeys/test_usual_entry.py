"""The usual evening: nothing new, and the phone is put away again after eight taps."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from selfcare.accounts.models import Clinic, User
from selfcare.diary.models import Entry
from tests.journeys import diaries, phone

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SITES = {"one site": ["bu-l"], "two sites": ["bu-l", "lb-l"], "three sites": ["bu-l", "th-l", "lb-l"]}
# ux.md, check 2: how long somebody who knows the words takes over a screen, and what the whole may take.
THINKING_S = {"safety": 2.5, "score": 4.5}
MOST_S = 26.0
# Taps an answer and tells after how many milliseconds the next screen is there.
TAP_AND_TIME = """async ([step, value]) => {
    const asked = document.querySelector(`[data-screen="step:${step}"]`);
    const began = performance.now();
    asked.querySelector(`button[name="answer"][value="${value}"]`).click();
    while (!asked.hidden) await new Promise(requestAnimationFrame);
    return performance.now() - began;
}"""
MOST_TAPS = {"one site": 7, "two sites": 8, "three sites": 8}


@pytest.mark.parametrize("sites", sorted(SITES))
@pytest.mark.parametrize("network", ["online", "offline"])
def test_the_usual_entry_takes_few_taps_from_today(
    sites: str, network: str, harbour: Clinic, phone_of: Callable[[User], Page]
) -> None:
    today = timezone.now().astimezone(diaries.LONDON).date()
    ada = diaries.usual_patient(harbour, today=today, regions=SITES[sites])
    page = phone_of(ada)
    page.goto("/")
    if network == "offline":
        go_offline(page)

    page.locator('form[data-check-in=""] button').tap()
    taps = 1 + phone.answer_all(page, scores={"interference": 3, "pain_buttock": 4, "pain_back": 3, "pain_leg": 2})
    phone.screen(page, "saved").locator("h1").wait_for(state="visible")

    assert taps <= MOST_TAPS[sites]


def test_from_a_notification_it_takes_seven_taps(harbour: Clinic, phone_of: Callable[[User], Page]) -> None:
    today = timezone.now().astimezone(diaries.LONDON).date()
    page = phone_of(diaries.usual_patient(harbour, today=today, regions=SITES["two sites"]))
    page.goto("/check-in")

    taps = phone.answer_all(page, scores={"interference": 3, "pain_buttock": 4, "pain_back": 3})

    phone.screen(page, "saved").locator("h1").wait_for(state="visible")
    assert taps <= 7


def test_the_usual_entry_writes_none_for_each_sign_that_was_asked(
    harbour: Clinic, phone_of: Callable[[User], Page]
) -> None:
    today = timezone.now().astimezone(diaries.LONDON).date()
    ada = diaries.usual_patient(harbour, today=today, regions=SITES["one site"])
    page = phone_of(ada)
    page.goto("/check-in")

    phone.answer_all(page, scores={"interference": 3, "pain_buttock": 4})
    phone.screen(page, "saved").locator('[data-kept="sent"]').wait_for(state="visible")

    entry = Entry.objects.get(patient=ada, occurred_on=today)
    looked = entry.observations.pop("safety_seconds")
    assert looked > 0
    assert entry.observations == diaries.SHORT_DAY | {"pain_buttock": 4, "pain_avg": 4}


def test_the_phone_adds_next_to_nothing_to_the_half_minute_of_an_entry(
    harbour: Clinic, phone_of: Callable[[User], Page]
) -> None:
    today = timezone.now().astimezone(diaries.LONDON).date()
    page = phone_of(diaries.usual_patient(harbour, today=today, regions=SITES["two sites"]))
    page.goto("/check-in")
    page.locator('[data-screen^="step:"]:visible').first.wait_for()
    took = 0.0

    while step := phone.shown_step(page):
        page.wait_for_timeout(phone.BETWEEN_TAPS_MS)
        waited = page.evaluate(TAP_AND_TIME, [step, "no_change" if step in phone.SAFETY else "3"])
        took += THINKING_S["safety" if step in phone.SAFETY else "score"] + waited / 1000

    phone.screen(page, "saved").locator("h1").wait_for(state="visible")
    assert took <= MOST_S


def go_offline(page: Page) -> None:
    """Let the phone keep what it needs, as one visit does, and cut the network."""
    page.goto("/check-in")
    page.locator('[data-screen^="step:"]:visible').first.wait_for()
    phone.wait_for_worker(page)
    page.goto("/")
    page.context.set_offline(True)
