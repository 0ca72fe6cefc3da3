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

SITES = {"one site": ["bu-l"], "two sites": ["bu-l", "lb-l"]}
MOST_TAPS = {"one site": 7, "two sites": 8}


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
    taps = 1 + phone.answer_all(page, scores={"interference": 3, "pain_leg": 4, "pain_back": 3})
    phone.screen(page, "saved").locator("h1").wait_for(state="visible")

    assert taps <= MOST_TAPS[sites]


def test_the_usual_entry_writes_none_for_each_sign_that_was_asked(
    harbour: Clinic, phone_of: Callable[[User], Page]
) -> None:
    today = timezone.now().astimezone(diaries.LONDON).date()
    ada = diaries.usual_patient(harbour, today=today, regions=SITES["one site"])
    page = phone_of(ada)
    page.goto("/check-in")

    phone.answer_all(page, scores={"interference": 3, "pain_leg": 4})
    phone.screen(page, "saved").locator('[data-kept="sent"]').wait_for(state="visible")

    entry = Entry.objects.get(patient=ada, occurred_on=today)
    assert entry.observations == diaries.SHORT_DAY | {"pain_leg": 4, "pain_avg": 4}


def go_offline(page: Page) -> None:
    """Let the phone keep what it needs, as one visit does, and cut the network."""
    page.goto("/check-in")
    page.locator('[data-screen^="step:"]:visible').first.wait_for()
    phone.wait_for_worker(page)
    page.goto("/")
    page.context.set_offline(True)
