"""The whole loop on one evening and the next morning: told, not confirmed, passed on, there, seen at hospital, closed.

The clock is handed in: it stands on Monday 2 March 2026, half past seven in the evening, and is moved on step by step.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from playwright.sync_api import Browser, BrowserContext, Page

from notifications import heartbeat, outbox
from notifications.models import Message
from selfcare.accounts.models import Clinic, User
from selfcare.triage import escalation, follow_up
from selfcare.triage.models import Alert
from tests import factories
from tests.journeys import people, phone

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

EVENING = datetime(2026, 3, 2, 19, 30, tzinfo=UTC)
MORNING = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
DESK = {"viewport": {"width": 1280, "height": 800}, "is_mobile": False, "has_touch": True, "device_scale_factor": 1}


@pytest.fixture
def clock() -> Iterator[time_machine.Coordinates]:
    """Return the clock of the server, standing in the evening until a test moves it on."""
    with time_machine.travel(EVENING, tick=False) as standing:
        yield standing


@pytest.fixture
def clinic(harbour: Clinic) -> Clinic:
    """Return the clinic with its hours, its words for the night, and its number."""
    harbour.out_of_hours_text = "At night call 111."
    harbour.phone, harbour.duty_email = "020 7946 0000", "duty@example.org"
    harbour.save()
    return harbour


@pytest.fixture
def ada_phone(clock: Any, clinic: Clinic, ada: User, phone_of: Callable[[User], Page]) -> Page:
    """Return Ada's phone, with the clock of the server on it."""
    factories.episode(patient=ada, onset_on=date(2026, 2, 9), regions=["bu-l"], pain_site="buttock", pain_side="left")
    page = phone_of(ada)
    page.clock.set_fixed_time(EVENING)
    return page


@pytest.fixture
def at_desk(
    clock: Any, ben: User, browser: Browser, browser_context_args: dict[str, Any], live_server: Any
) -> Iterator[Callable[[], Page]]:
    """Return a function that gives Ben's screen, signed in anew: a night ends a clinician's session."""
    contexts: list[BrowserContext] = []

    def opened() -> Page:
        contexts.append(phone.signed_in(browser, live_server.url, ben, args={**browser_context_args, **DESK}))
        return contexts[-1].new_page()

    yield opened
    for context in contexts:
        context.close()


def move_to(clock: time_machine.Coordinates, page: Page, now: datetime) -> None:
    """Let it be later for the server and the phone, with every background process alive and every tick done."""
    clock.move_to(now)
    page.clock.set_fixed_time(now)
    cache.clear()
    for name in heartbeat.NAMES:
        heartbeat.beat(name, now=now)
    escalation.release_due(now=now)
    escalation.escalate_due(now=now)
    follow_up.ask_due(now=now)
    follow_up.notice_silence(now=now)
    outbox.deliver_due(now=now)


def words(page: Page) -> str:
    """Return the words of the page."""
    return re.sub(r"\s+", " ", page.locator("main").inner_text())


def report(page: Page) -> None:
    """Tell that peeing has changed, and read the card."""
    page.goto("/check-in")
    page.locator("[data-screen^='step:']:visible").first.wait_for()
    if phone.shown_step(page) == "toilet":
        phone.tap_answer(page, "toilet", "yes")
    phone.tap_answer(page, "bladder", "new_days")
    page.locator('[data-screen]:visible a[href="tel:999"]').first.wait_for(state="visible")
    page.locator('[data-screen]:visible [data-kept="sent"]').wait_for(state="visible")


def test_from_a_first_sign_in_the_evening_to_seen_at_hospital_and_closed(
    clock: time_machine.Coordinates,
    ada_phone: Page,
    at_desk: Callable[[], Page],
    ada: User,
    ben: User,
    pictures: Path | None,
) -> None:
    page = ada_phone
    report(page)
    alert = Alert.objects.get(patient=ada)

    # Nobody takes it: the rota is used up, the duty address and Ada herself are told.
    move_to(clock, page, EVENING + timedelta(minutes=15))
    assert {message["To"] for message in _mails()} >= {"ben@example.org", "duty@example.org", "ada@example.org"}
    page.goto("/")
    phone.picture(page, pictures, "loop-1-today")
    told = words(page)
    assert "Nobody has confirmed that they have seen this." in told
    assert "Harbour Clinic is closed now. At night call 111." in told

    # Two hours later she is asked, by mail and on the page; her clinicians are told that nothing is heard of her.
    move_to(clock, page, EVENING + timedelta(hours=2))
    assert alert.events.filter(kind="asked").exists()
    assert Message.objects.filter(recipient=ben, kind="contact", status="sent").exists()
    desk = at_desk()
    desk.goto("/clinic/")
    phone.picture(desk, pictures, "loop-2-worklist")
    assert "Contact the patient: nothing heard" in words(desk)

    # She is there.
    page.goto("/")
    people.submit(page, button='form button[name="answer"][value="there"]')
    phone.picture(page, pictures, "loop-3-there")
    assert "Stay until somebody has examined you." in words(page)

    # The next morning she is asked again, and says who examined her.
    move_to(clock, page, MORNING)
    page.goto("/today/follow-up")
    people.submit(page, button='form button[name="answer"][value="seen"]')
    phone.picture(page, pictures, "loop-4-where")
    page.locator('input[name="where"][value="hospital"]').check()
    page.locator('input[name="outcome"][value="scan"]').check()
    page.locator('textarea[name="words"]').fill("They did a scan. I go back on Friday.")
    people.submit(page)
    phone.picture(page, pictures, "loop-5-seen")
    assert "Were you sent home, and is it worse now? Go back." in words(page)

    # Ben sees every step, takes it, writes down that he has spoken with her, and closes it.
    desk = at_desk()
    desk.goto(f"/clinic/alerts/{alert.pk}/")
    phone.picture(desk, pictures, "loop-6-thread")
    seen = words(desk)
    for step in (
        "escalated",
        "the patient was asked whether they were seen",
        "no sign of the patient: contact them",
        "says: I am there",
        "says: I was seen: At a hospital, 3 March 2026, A scan was done, or is booked",
        "They did a scan. I go back on Friday.",
    ):
        assert step in seen
    people.submit(desk, button=f'form[action="/clinic/alerts/{alert.pk}/take/"] button')
    page.goto("/")
    phone.picture(page, pictures, "loop-7-confirmed")
    assert "Your care team has seen this at 08:00, 3 March." in words(page)
    act = desk.locator(f'form[action="/clinic/alerts/{alert.pk}/action/"]')
    act.locator('input[name="act-how"][value="phone"]').check()
    people.submit(desk, button=f'form[action="/clinic/alerts/{alert.pk}/action/"] button')
    assert "Contact the patient." not in words(desk)
    close = desk.locator(f'form[action="/clinic/alerts/{alert.pk}/close/"]')
    close.locator('input[name="close-outcome"][value="seen_emergency"]').check()
    close.locator("textarea").fill("Scan done, reviewed by the spinal team.")
    close.locator('input[name="close-same_person"]').check()
    people.submit(desk, button=f'form[action="/clinic/alerts/{alert.pk}/close/"] button')
    phone.picture(desk, pictures, "loop-8-closed")

    page.goto("/")
    assert "Did you get seen?" not in words(page)
    assert list(alert.events.order_by("at", "id").values_list("kind", flat=True)) == [
        *("opened", "escalated", "escalated", "asked", "silent", "patient_said", "escalated", "asked"),
        *("patient_said", "acknowledged", "action", "closed"),
    ]
    assert not Message.objects.filter(status="due").exists()


def _mails() -> list[dict[str, str]]:
    return [{"To": address} for message in mail.outbox for address in message.to]
