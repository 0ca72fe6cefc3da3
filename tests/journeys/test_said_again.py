"""A warning sign that is reported again on the same day is told again: nobody may read "saved" where "go now" stood."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page

from selfcare.accounts.models import Clinic, User
from tests.journeys import diaries, phone

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ada(harbour: Clinic) -> User:
    """Return Ada, who keeps her diary every day."""
    today = timezone.now().astimezone(diaries.LONDON).date()
    return diaries.usual_patient(harbour, today=today, regions=["bu-l"])


@pytest.fixture
def plain_page(browser: Browser, browser_context_args: dict[str, Any], live_server: Any, ada: User) -> Iterator[Page]:
    """Return Ada's phone with scripts switched off."""
    context = phone.signed_in(
        browser, live_server.url, ada, args={**browser_context_args, "java_script_enabled": False}
    )
    yield context.new_page()
    context.close()


def report(page: Page, bladder: str) -> None:
    """Begin a check-in and answer the question about peeing."""
    page.goto("/check-in")
    page.locator("[data-screen^='step:']:visible").first.wait_for()
    if phone.shown_step(page) == "toilet":
        phone.tap_answer(page, "toilet", "yes")
    phone.tap_answer(page, "bladder", bladder)


def report_without_script(page: Page, bladder: str) -> None:
    """Do the same on plain pages."""
    page.goto("/")
    page.locator('form[data-check-in=""] button').click()
    for _ in range(2):
        group = page.locator('button[name="answer"][value="yes"]')
        (group if group.count() else page.locator(f'button[name="answer"][value="{bladder}"]')).click()
        if "/bladder" not in page.url:
            return


def test_the_card_is_shown_again_on_the_phone(ada: User, phone_of: Callable[[User], Page]) -> None:
    page = phone_of(ada)
    report(page, "new_days")
    page.locator('[data-screen]:visible [data-kept="sent"]').wait_for(state="visible")

    report(page, "new_days")

    page.locator('[data-screen^="advice:"]:visible a[href="tel:999"]').first.wait_for(state="visible")


def test_what_was_told_does_not_stop_a_new_check_in_without_it(ada: User, phone_of: Callable[[User], Page]) -> None:
    page = phone_of(ada)
    report(page, "new_days")
    page.locator('[data-screen]:visible [data-kept="sent"]').wait_for(state="visible")

    report(page, "none")

    page.locator('[data-screen="step:bowel"]').wait_for(state="visible")


def test_the_card_is_shown_again_without_script(plain_page: Page) -> None:
    report_without_script(plain_page, "new_days")

    report_without_script(plain_page, "new_days")

    assert plain_page.url.endswith("/advice")
    assert plain_page.locator('main a[href="tel:999"]').count() >= 1
