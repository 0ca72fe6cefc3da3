"""Reminders on a phone: asked for by a tap alone, softly, once, after the first entry; repaired when they stop."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django import Settings

from notifications.models import Kind, Message, PushSubscription
from selfcare.accounts.models import User
from tests import factories
from tests.doubles.push_service import PushService
from tests.journeys import phone
from tests.journeys.test_pages_for_everybody import OWN, faults
from tests.web.conftest import QUIET

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Opened = Callable[..., BrowserContext]

# A browser without a window has neither a push service nor a question to answer: this one keeps what it was told, and
# notes for every question of the system whether it came from a tap.
BROWSER = """(keys) => {
  const noted = (name) => JSON.parse(localStorage.getItem(name) ?? "null");
  const note = (name, value) => localStorage.setItem(name, JSON.stringify(value));
  const subscription = {
    endpoint: keys.endpoint,
    toJSON: () => keys,
    unsubscribe: async () => { note("test-subscribed", false); return true; },
  };
  Object.defineProperty(Notification, "permission", { get: () => noted("test-permission") ?? keys.permission });
  Notification.requestPermission = async () => {
    note("test-asked", [...(noted("test-asked") ?? []), navigator.userActivation.isActive]);
    note("test-permission", "granted");
    return "granted";
  };
  PushManager.prototype.getSubscription = async () => (noted("test-subscribed") ? subscription : null);
  PushManager.prototype.subscribe = async () => { note("test-subscribed", true); return subscription; };
}"""
ASKED = "JSON.parse(localStorage.getItem('test-asked') ?? '[]')"


@pytest.fixture
def push_service(settings: Settings) -> Iterator[PushService]:
    """Return a push service on this machine."""
    settings.PUSH_ALLOW_LOOPBACK = True
    with PushService() as service:
        yield service


@pytest.fixture
def diary(ada: User) -> User:
    """Return Ada with one quiet day."""
    yesterday = timezone.now().astimezone(ZoneInfo("Europe/London")).date() - timedelta(days=1)
    episode = factories.episode(patient=ada, onset_on=yesterday - timedelta(days=12), regions=["bu-l"])
    factories.entry(episode=episode, on=yesterday, observations=dict(QUIET))
    return ada


@pytest.fixture
def opened(
    push_service: PushService, browser: Browser, browser_context_args: dict[str, Any], live_server: Any
) -> Iterator[Opened]:
    """Return a function that opens a person's browser, which can be woken up and keeps what the person allows."""
    contexts: list[BrowserContext] = []

    def open_for(person: User, *, permission: str = "default", **args: Any) -> BrowserContext:
        context = phone.signed_in(browser, live_server.url, person, args={**browser_context_args, **args})
        keys = phone.keys_of(push_service.subscribe()) | {"permission": permission}
        context.add_init_script(f"({BROWSER})({str(keys).replace(chr(39), chr(34))})")
        contexts.append(context)
        return context

    yield open_for
    for context in contexts:
        context.close()


def soft_ask(page: Page) -> Any:
    return page.locator("[data-soft-ask]")


def switched_on(context: BrowserContext) -> Page:
    """Return a page after the person has switched reminders on here."""
    page = context.new_page()
    page.goto("/settings/alerts")
    # A browser subscribes once its worker is there, and the first install takes its time.
    phone.wait_for_worker(page)
    page.locator("[data-push-on]").tap()
    expect(page.locator("[data-push-state]")).to_have_text("Reminders show on this phone.")
    return page


def test_no_page_asks_the_system_by_itself(opened: Opened, diary: User) -> None:
    page = opened(diary).new_page()
    for path in (*OWN, "/settings/alerts"):
        if "{" not in path:
            page.goto(path)
            page.locator("h1:visible").first.wait_for()

    assert page.evaluate(ASKED) == []


def test_a_tap_asks_once_and_switches_reminders_on(opened: Opened, diary: User) -> None:
    page = switched_on(opened(diary))

    assert page.evaluate(ASKED) == [True]
    assert PushSubscription.objects.filter(user=diary, gone_at=None).count() == 1


def test_today_offers_reminders_after_the_first_entry_and_remembers_not_now(opened: Opened, diary: User) -> None:
    page = opened(diary).new_page()
    page.goto("/")
    soft_ask(page).wait_for(state="visible")

    soft_ask(page).get_by_role("button", name="Not now").tap()

    expect(soft_ask(page)).to_be_hidden()
    phone.wait_until(page, "async () => Boolean(await (await import('/static/web/js/store.js')).recall('asked'))")
    page.reload()
    page.wait_for_load_state("networkidle")
    expect(soft_ask(page)).to_be_hidden()
    assert page.evaluate(ASKED) == []


def test_yes_leads_to_the_steps_and_is_not_asked_again(opened: Opened, diary: User) -> None:
    page = opened(diary).new_page()
    page.goto("/")

    soft_ask(page).get_by_role("link").tap()

    page.wait_for_url("**/settings/alerts")
    page.goto("/")
    page.wait_for_load_state("networkidle")
    expect(soft_ask(page)).to_be_hidden()


def test_nothing_is_offered_before_the_first_entry(opened: Opened, ada: User) -> None:
    factories.episode(patient=ada)
    page = opened(ada).new_page()

    page.goto("/")

    expect(page.get_by_text("Your first ones take about 90 seconds")).to_be_visible()
    expect(soft_ask(page)).to_have_count(0)


def test_the_receipt_of_the_first_entry_offers_them_too(opened: Opened, diary: User) -> None:
    page = opened(diary).new_page()
    page.goto("/check-in")
    phone.wait_for_worker(page)
    page.goto("/check-in")

    phone.answer_all(page, scores={"interference": 3, "pain_buttock": 4, "pain_worst": 4})

    expect(phone.screen(page, "saved").locator("[data-soft-ask]")).to_be_visible()


def test_a_test_message_is_on_its_way_after_a_tap(opened: Opened, diary: User) -> None:
    page = switched_on(opened(diary))

    page.locator("[data-push-test]").tap()

    expect(page.locator("[data-push-state]")).to_contain_text("It should come within a minute.")
    expect(page.locator("[data-no-test]")).to_be_visible()
    assert list(Message.objects.values_list("kind", flat=True)) == [Kind.TEST]


def test_who_has_blocked_messages_is_shown_how_to_allow_them(opened: Opened, diary: User) -> None:
    page = opened(diary, permission="denied").new_page()

    page.goto("/settings/alerts")

    expect(page.locator("[data-push-state]")).to_contain_text("This phone blocks messages")
    expect(page.locator("[data-push-on]")).to_be_hidden()
    expect(page.locator("details[open] [data-when-denied]")).to_be_visible()


def test_the_steps_of_this_phone_are_open(opened: Opened, diary: User) -> None:
    agent = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"
    page = opened(diary, user_agent=agent).new_page()

    page.goto("/settings/alerts")

    expect(page.locator("details[open]")).to_have_count(1)
    expect(page.locator("details[open]")).to_have_attribute("data-platform", "android")


def test_an_iphone_in_a_browser_tab_is_told_to_install_first(opened: Opened, diary: User) -> None:
    agent = (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Mobile Safari/604.1"
    )
    context = opened(diary, user_agent=agent)
    context.add_init_script("delete globalThis.PushManager")
    page = context.new_page()

    page.goto("/settings/alerts")

    expect(page.locator("[data-push-state]")).to_contain_text("First put this app on your Home Screen.")
    expect(page.locator("details[open]")).to_have_attribute("data-platform", "iphone")


def test_the_browser_s_own_question_to_install_waits_for_a_tap(opened: Opened, diary: User) -> None:
    page = opened(diary).new_page()
    page.goto("/settings/alerts")
    expect(page.locator("[data-push-on]")).to_be_visible()
    page.evaluate(
        """() => {
            const offer = new Event("beforeinstallprompt", { cancelable: true });
            offer.prompt = async () => { globalThis.prompted = navigator.userActivation.isActive; };
            dispatchEvent(offer);
            globalThis.heldBack = offer.defaultPrevented;
        }"""
    )
    assert page.evaluate("[globalThis.heldBack, globalThis.prompted ?? null]") == [True, None]

    page.locator("[data-install-now]").tap()

    phone.wait_until(page, "() => globalThis.prompted === true")
    expect(page.locator("[data-install-now]")).to_be_hidden()


def test_a_subscription_that_the_server_gave_up_is_made_anew_at_the_next_start(opened: Opened, diary: User) -> None:
    context = opened(diary)
    switched_on(context)
    PushSubscription.objects.filter(user=diary).update(gone_at=timezone.now())

    page = context.new_page()
    page.goto("/")

    for _ in range(phone.WAIT_STEPS):
        if PushSubscription.objects.filter(user=diary, gone_at=None).exists():
            return
        page.wait_for_timeout(phone.WAIT_MS)
    raise AssertionError("The subscription stays dead.")


def test_a_subscription_that_the_browser_lost_comes_back_without_a_question(opened: Opened, diary: User) -> None:
    page = switched_on(opened(diary))
    page.evaluate("localStorage.setItem('test-subscribed', 'false')")

    page.goto("/")

    phone.wait_until(page, "() => localStorage.getItem('test-subscribed') === 'true'")
    assert page.evaluate(ASKED) == [True]


def test_today_says_that_reminders_are_off_here_and_how_to_mend_it(opened: Opened, diary: User) -> None:
    page = switched_on(opened(diary))
    page.evaluate(
        "localStorage.setItem('test-subscribed', 'false'); localStorage.setItem('test-permission', '\"denied\"')"
    )

    page.goto("/")

    lost = page.locator("[data-alerts-lost]")
    expect(lost).to_be_visible()
    expect(lost.get_by_role("link")).to_have_attribute("href", "/settings/alerts")
    lost.get_by_role("button", name="Leave them off").tap()
    expect(lost).to_be_hidden()
    phone.wait_until(page, "async () => !(await (await import('/static/web/js/store.js')).recall('push'))")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_has_no_fault(theme: str, opened: Opened, diary: User, pictures: Path | None) -> None:
    page = opened(diary, color_scheme=theme).new_page()
    page.goto("/settings/alerts")
    expect(page.locator("[data-push-on]")).to_be_visible()
    for details in page.locator("details[data-platform]").all():
        details.evaluate("one => (one.open = true)")

    assert faults(page, "/settings/alerts") == []
    if pictures is not None:
        page.screenshot(path=pictures / f"alerts-{theme}.png", full_page=True)
