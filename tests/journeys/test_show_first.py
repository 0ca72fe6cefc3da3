"""Show first, save second: the card does not wait for the server, and the entry arrives once with its own times."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, Route

from selfcare.accounts.models import User
from selfcare.diary.models import Entry
from selfcare.triage import catalogue
from tests import factories
from tests.journeys import phone
from tests.web.conftest import QUIET

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONDON = ZoneInfo("Europe/London")
AT_ONCE_MS = 500
WAITING = "async () => (await (await import('/static/web/js/store.js')).unsent()).length"
# From the tap to the first moment at which the call can be seen, by the page's own clock.
TAP_AND_TIME = """async () => {
    const began = performance.now();
    document.querySelector('[data-screen="step:saddle"] button[value="new_days"]').click();
    const card = document.querySelector('[data-screen="advice:now_cauda_equina"] a[href^="tel:"]');
    while (!card.offsetParent) await new Promise(requestAnimationFrame);
    return performance.now() - began;
}"""


@pytest.fixture
def context(
    ada: User, browser: Browser, browser_context_args: dict[str, Any], live_server: Any
) -> Iterator[BrowserContext]:
    """Return Ada's phone after five quiet days; requests are seen by the tests."""
    today = timezone.now().astimezone(LONDON).date()
    episode = factories.episode(patient=ada, onset_on=today - timedelta(days=40), regions=["bu-l"])
    for ago in range(5, 0, -1):
        factories.entry(episode=episode, on=today - timedelta(days=ago), observations=dict(QUIET))
    args = {**browser_context_args, "service_workers": "block"}
    opened = phone.signed_in(browser, live_server.url, ada, args=args)
    yield opened
    opened.close()


def up_to_saddle(page: Page) -> None:
    phone.screen(page, "step:toilet").wait_for(state="visible")
    phone.tap_answer(page, "toilet", "no_change")
    phone.tap_answer(page, "between", "yes")
    phone.screen(page, "step:saddle").wait_for(state="visible")
    page.wait_for_timeout(phone.BETWEEN_TAPS_MS)


def fail(route: Route) -> None:
    route.abort()


def hang(route: Route) -> None:
    """Answer nothing, for as long as the page lives."""


@pytest.mark.parametrize("behaviour", [fail, hang])
def test_a_server_that_fails_or_hangs_changes_nothing_on_the_screen(
    behaviour: Any, context: BrowserContext, ada: User
) -> None:
    page = context.new_page()
    page.goto("/check-in")
    up_to_saddle(page)
    page.route("**/api/**", behaviour)
    page.route("**/check-in/context", behaviour)

    took = page.evaluate(TAP_AND_TIME)

    assert took <= AT_ONCE_MS
    phone.wait_until(page, f"async () => (await ({WAITING})()) === 1")
    assert phone.screen(page, "advice:now_cauda_equina").is_visible()
    page.close()
    page = context.new_page()
    page.goto("/settings")
    phone.wait_until(page, f"async () => (await ({WAITING})()) === 0")
    stored = Entry.objects.filter(patient=ada).exclude(app_version="").get()
    assert stored.observations["saddle"] == "new"
    assert stored.recorded_at < stored.received_at
    assert stored.recorded_zone == "Europe/London"
    assert stored.catalogue_version == catalogue.current().version
    assert stored.shown_tier == "emergency"


@pytest.mark.parametrize(
    ("at", "said"),
    [
        # The clocks of London went back in the night to 25 October 2026, at 01:00 UTC.
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "2026-10-25 01:30+01:00"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "2026-10-25 01:30+00:00"),
        (datetime(2026, 10, 24, 23, 30, tzinfo=UTC), "2026-10-25 00:30+01:00"),
    ],
)
def test_an_answer_given_around_a_clock_change_keeps_its_time_and_day(
    at: datetime, said: str, context: BrowserContext, ada: User
) -> None:
    page = context.new_page()
    page.clock.set_fixed_time(at)
    page.goto("/check-in")
    page.route("**/api/**", fail)
    page.locator('[data-screen^="step:"]:visible').first.wait_for()
    phone.answer_all(page, scores={"interference": 3, "pain_buttock": 4, "pain_worst": 4})
    phone.screen(page, "saved").locator('[data-kept="phone"]').wait_for(state="visible")
    page.close()

    later = context.new_page()
    later.goto("/settings")
    phone.wait_until(later, f"async () => (await ({WAITING})()) === 0")

    stored = Entry.objects.filter(patient=ada).exclude(app_version="").get()
    assert stored.recorded_at == at
    assert stored.recorded_at.astimezone(LONDON).isoformat(" ", "minutes") == said
    assert stored.occurred_on.isoformat() == "2026-10-25"
