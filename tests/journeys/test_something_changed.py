"""Something has changed, on the phone: every sign in a few taps, at once and without a network."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from selfcare.accounts.models import Clinic, User
from selfcare.diary.models import Entry
from tests.journeys import diaries, phone

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ada(harbour: Clinic) -> User:
    """Return Ada, who keeps her diary every day."""
    today = timezone.now().astimezone(diaries.LONDON).date()
    return diaries.usual_patient(harbour, today=today, regions=["bu-l"])


def told(person: User) -> list[dict[str, object]]:
    """Return what the phone has sent, the earliest first."""
    sent = Entry.objects.filter(patient=person).exclude(app_version__in=["", "pages"]).order_by("received_at")
    return [entry.observations for entry in sent]


def test_a_cold_leg_is_told_what_to_do_without_a_network(ada: User, phone_of: Callable[[User], Page]) -> None:
    page = phone_of(ada)
    page.goto("/check-in")
    page.locator('[data-screen^="step:"]:visible').first.wait_for()
    phone.wait_for_worker(page)
    page.context.set_offline(True)
    page.goto("/help-now/which")
    page.locator('a[href="/check-in#changed"]').tap()
    for step, value in [("chest", "no"), ("toilet", "no_change"), ("between", "no_change"), ("legs", "no_change")]:
        phone.tap_answer(page, step, value)
    for step, value in [("body", "no_change"), ("sudden", "no"), ("vessels", "yes"), ("cold", "yes")]:
        phone.tap_answer(page, step, value)

    card = page.locator('[data-screen^="advice:"]:visible')

    card.locator('a[href="tel:999"]').first.wait_for(state="visible", timeout=1000)
    # The chest was asked about a moment ago.
    assert not card.locator("[data-chest]").is_visible()


def test_chest_pain_under_the_card_brings_its_own_card(ada: User, phone_of: Callable[[User], Page]) -> None:
    page = phone_of(ada)
    page.goto("/check-in")
    phone.tap_answer(page, "toilet", "yes")
    phone.tap_answer(page, "bladder", "new_days")
    card = page.locator('[data-screen="advice:now_cauda_equina"]')
    card.locator('[data-kept="sent"]').wait_for(state="visible")

    card.locator('[data-chest] button[value="chest_pain"]').tap()

    other = page.locator('[data-screen^="advice:"]:not([data-screen="advice:now_cauda_equina"]):visible')
    other.locator('[data-kept="sent"]').wait_for(state="visible")
    assert [entry.get("chest_pain") for entry in told(ada)] == [None, True]


def test_a_flare_is_told_from_today(ada: User, phone_of: Callable[[User], Page]) -> None:
    page = phone_of(ada)
    page.goto("/")
    page.locator('form[data-check-in="flare"] button').tap()

    phone.answer_all(page, scores={"interference": 8, "pain_buttock": 8, "pain_worst": 8})
    page.locator('[data-screen="saved"] [data-kept="sent"]').wait_for(state="visible")

    assert [(one["flare"], one["pain_avg"], one["trauma"]) for one in told(ada)] == [(True, 8, "none")]


def test_the_same_as_always_is_confirmed_and_several_kinds_can_be_ticked(
    ada: User, phone_of: Callable[[User], Page]
) -> None:
    page = phone_of(ada)
    page.goto("/check-in")
    phone.tap_answer(page, "toilet", "yes")
    phone.tap_answer(page, "bladder", "same_as_always")
    phone.screen(page, "step:bladder_known").locator('a[href="tel:999"]').wait_for(state="visible")
    phone.tap_answer(page, "bladder_known", "known")
    bowel = phone.screen(page, "step:bowel")
    bowel.wait_for(state="visible")
    bowel.locator("details summary").first.tap()
    bowel.locator('input[value="leak"]').check()
    bowel.locator('input[value="cannot_hold"]').check()
    phone.tap_answer(page, "bowel", "unsure")
    page.locator('[data-screen^="advice:"]:visible [data-kept="sent"]').wait_for(state="visible")

    sent = told(ada)[0]

    assert (sent["bladder"], sent["known_to_clinician"]) == ("same_as_always", ["bladder"])
    assert (sent["bowel"], sent["bowel_detail"]) == ("unsure", ["leak", "cannot_hold"])


def test_two_questions_are_enough_after_a_silence(harbour: Clinic, phone_of: Callable[[User], Page]) -> None:
    today = timezone.now().astimezone(diaries.LONDON).date()
    ada = diaries.usual_patient(harbour, today=today - timedelta(days=9), regions=["bu-l"])
    page = phone_of(ada)
    page.goto("/")

    page.locator('form[data-check-in="quick"] button').tap()
    phone.tap_answer(page, "pain_buttock", 2)
    phone.tap_answer(page, "overall", "better")
    page.locator('[data-screen="saved"] [data-kept="sent"]').wait_for(state="visible")

    assert told(ada) == [{"pain_buttock": 2, "pain_avg": 2, "global_change": "better"}]
