"""The clinician's pages in a real browser: fresh or blocked, by keyboard, readable, and gone after signing out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from notifications import heartbeat
from selfcare.accounts.models import Clinic, User
from selfcare.triage.models import Alert, AlertEvent
from tests import factories
from tests.clinic import rows
from tests.journeys import phone

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "wcag2aaa", "best-practice"]


@pytest.fixture
def desk(browser: Browser, live_server: Any, ben: User) -> Iterator[BrowserContext]:
    """Return Ben's browser on a desktop; everything in the background is running."""
    for name in heartbeat.NAMES:
        heartbeat.beat(name, now=timezone.now())
    args = {"viewport": {"width": 1280, "height": 800}, "locale": "en-GB", "timezone_id": "Europe/London"}
    context = phone.signed_in(browser, live_server.url, ben, args=args)
    yield context
    context.close()


@pytest.fixture
def page(desk: BrowserContext) -> Iterator[Page]:
    """Return a page in which no script may fail and nothing may break the content security policy."""
    opened = desk.new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda said: complaints.append(said.text) if "Content Security Policy" in said.text else None)
    yield opened
    assert not complaints


def _alert(patient: User, **fields: Any) -> Alert:
    return rows.alert(patient=patient, now=timezone.now(), **fields)


def _poll_now(page: Page) -> None:
    """Let the page ask the server at once, as it does when the network comes back."""
    page.evaluate("dispatchEvent(new Event('online'))")


@pytest.mark.parametrize("path", ["/clinic/", "/clinic/alerts/{alert}/"])
def test_the_scripts_of_a_page_leave_on_it_what_the_server_wrote(path: str, page: Page, ada: User) -> None:
    alert = _alert(ada)

    page.goto(path.format(alert=alert.pk), wait_until="networkidle")

    assert page.locator("#fresh > *").count() >= 1
    expect(page.locator("main")).to_contain_text("Ada")


def test_a_new_alert_appears_without_a_reload_and_the_focus_stays(page: Page, harbour: Clinic, ada: User) -> None:
    _alert(ada)
    page.goto("/clinic/")
    page.keyboard.press("j")

    _alert(factories.patient(email="di@example.org", name="Di", of=harbour), opened=timedelta(hours=1))
    _poll_now(page)

    expect(page.locator(".inbox-row")).to_have_count(2)
    expect(page.locator(".row-link:focus")).to_contain_text("Ada")


def test_without_a_network_the_page_says_so_and_nothing_can_be_closed(
    page: Page, desk: BrowserContext, ada: User
) -> None:
    alert = _alert(ada)
    page.goto(f"/clinic/alerts/{alert.id}/")
    close = page.locator("#close").get_by_role("button", name="Close")
    expect(close).to_be_enabled()

    desk.set_offline(True)

    expect(page.locator("#stale-bar")).to_contain_text("This page is out of date")
    expect(close).to_be_disabled()
    desk.set_offline(False)
    expect(page.locator("#stale-bar")).to_be_hidden()
    expect(close).to_be_enabled()


def test_a_minute_without_an_answer_makes_the_page_stale(page: Page, ada: User) -> None:
    _alert(ada)
    page.clock.install()
    page.goto("/clinic/")
    page.route("**/clinic/rows/**", lambda route: route.abort())

    page.clock.run_for(59_000)
    expect(page.locator("#stale-bar")).to_be_hidden()
    page.clock.run_for(3_000)

    expect(page.locator("#stale-bar")).to_be_visible()


def test_something_new_on_an_open_thread_blocks_closing(page: Page, ada: User) -> None:
    alert = _alert(ada)
    page.goto(f"/clinic/alerts/{alert.id}/")

    AlertEvent.objects.create(alert=alert, kind="repeated", at=timezone.now())
    _poll_now(page)

    expect(page.locator("#stale-bar")).to_contain_text("Something new has happened here.")
    expect(page.locator("#close").get_by_role("button", name="Close")).to_be_disabled()


def test_signed_out_by_the_server_the_page_goes_away(page: Page, ada: User) -> None:
    _alert(ada)
    page.goto("/clinic/")

    Session.objects.all().delete()
    _poll_now(page)

    page.wait_for_url("**/login/**")
    assert ada.name not in page.content()


def test_back_after_signing_out_shows_no_patient(page: Page, ada: User) -> None:
    _alert(ada)
    page.goto("/clinic/")

    page.get_by_role("button", name="Sign out").click()
    page.wait_for_load_state()
    page.go_back()
    page.wait_for_load_state()

    assert ada.name not in page.content()


def _listens(page: Page) -> None:
    """Wait until the page hears single keys: its words can be on the screen before its script has run."""
    expect(page.get_by_role("button", name="Keyboard shortcuts")).to_be_visible()


def test_one_key_takes_the_focused_item(page: Page, ada: User, ben: User) -> None:
    alert = _alert(ada)
    page.goto("/clinic/")

    page.keyboard.press("j")
    page.keyboard.press("1")

    expect(page.get_by_text("You have taken this.")).to_be_visible()
    alert.refresh_from_db()
    assert alert.acknowledged_by == ben


def test_a_whole_case_by_keyboard(page: Page, ada: User) -> None:
    alert = _alert(ada)
    page.goto("/clinic/")

    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/alerts/**")
    _listens(page)
    page.keyboard.press("1")
    expect(page.get_by_text("You have taken this.")).to_be_visible()
    _listens(page)
    page.keyboard.press("3")
    page.keyboard.press("Space")
    page.locator("#id_close-note").focus()
    page.keyboard.type("Seen at 14:30, note 123 by team E.")
    page.locator("#id_close-same_person").press("Space")
    page.locator("#close").get_by_role("button", name="Close").press("Enter")

    expect(page.get_by_text("You have just closed this.")).to_be_visible()
    alert.refresh_from_db()
    assert alert.status == Alert.Status.CLOSED
    _listens(page)
    page.keyboard.press("z")
    expect(page.get_by_text("It is open again")).to_be_visible()


def test_keys_do_nothing_while_somebody_types(page: Page, ada: User) -> None:
    alert = _alert(ada)
    page.goto(f"/clinic/alerts/{alert.id}/")

    page.locator("#id_act-note").focus()
    page.keyboard.type("1 2 3 z ?")

    assert page.locator("#id_act-note").input_value() == "1 2 3 z ?"
    alert.refresh_from_db()
    assert alert.status == Alert.Status.OPEN


def test_single_keys_can_be_switched_off(page: Page, ada: User) -> None:
    alert = _alert(ada)
    page.goto(f"/clinic/alerts/{alert.id}/")
    page.keyboard.press("?")
    page.get_by_label("Use single-key shortcuts on this device").uncheck()
    page.get_by_role("button", name="Done").click()
    page.reload()

    page.keyboard.press("1")
    page.keyboard.press("?")

    expect(page.locator("dialog")).to_be_hidden()
    alert.refresh_from_db()
    assert alert.status == Alert.Status.OPEN


@pytest.fixture
def full(ada: User, harbour: Clinic, ben: User) -> dict[str, str]:
    """Return the address of every kind of page, with rows of every kind on them."""
    episode = factories.episode(patient=ada, onset_on=timezone.now().date() - timedelta(days=20))
    today = timezone.now().date()
    for ago in range(18, -1, -1):
        if ago not in (7, 8, 9):
            observations = {"pain_avg": 5, "interference": 4, "weakness": 1, "bladder": "none", "note": "Long " * 30}
            factories.entry(episode=episode, on=today - timedelta(days=ago), observations=observations)
    inputs = {"days": {today.isoformat(): {"weakness": 1}}}
    alert = _alert(ada, as_of=today, inputs=inputs, entry_id=ada.entries.latest("occurred_on").id)
    _alert(ada, rule_id="PER-03", tier="routine", as_of=today)
    rows.closed(patient=ada, by=ben, ago=timedelta(0), rule_id="RF-CES-01", now=timezone.now())
    Alert.objects.filter(rule_id="RF-CES-01").update(closed_at=timezone.now())
    for number, tier in enumerate(["same_day", "within_2_weeks"]):
        _alert(factories.patient(email=f"p{number}@example.org", name=f"P{number}", of=harbour), tier=tier)
    return {
        "worklist": "/clinic/",
        "done": "/clinic/done/",
        "thread": f"/clinic/alerts/{alert.id}/",
        "patients": "/clinic/patients/",
        "patient": f"/clinic/patients/{ada.id}/",
        "invitations": "/clinic/invitations/",
        "settings": "/clinic/settings/",
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_breaks_a_rule_of_accessibility(page: Page, full: dict[str, str], scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)
    found = {}
    for name, path in full.items():
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 740})
            page.goto(path)
            page.wait_for_load_state("networkidle")
            answer = Axe().run(page, options={"runOnly": TAGS}).response
            found |= {(name, width, each["id"]): each["nodes"][0]["html"] for each in answer["violations"]}

    assert found == {}


def test_no_page_is_wider_than_a_small_screen(page: Page, full: dict[str, str]) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    wider = {}
    for name, path in full.items():
        page.goto(path)
        wider[name] = page.evaluate("document.documentElement.scrollWidth - innerWidth")

    assert {name: by for name, by in wider.items() if by > 0} == {}


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_the_patient_page_prints_on_one_sheet(page: Page, full: dict[str, str], paper: str) -> None:
    page.goto(full["patient"])

    sheet = page.pdf(format=paper)

    assert len(re.findall(rb"/Type\s*/Page\b", sheet)) == 1
