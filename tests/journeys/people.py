"""How people come in, over the real pages: an invitation, a code from the mail, a second factor, set-up."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Browser, BrowserContext, Page

from tests.doubles.push_service import Browser as PushBrowser
from tests.journeys import phone
from tests.journeys.stack import Stack

CODE_IN_MAIL = re.compile(r"^\s*([A-Z0-9]{4}-[A-Z0-9]{4})\s*$", re.MULTILINE)
CODE_SAID = re.compile(r"\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}\b")
SECRET_ON_PAGE = re.compile(r"\b[A-Z2-7]{32}\b")
TOTP_SECONDS = 30
SUBMIT = 'main form button[type="submit"], main form button:not([type])'


@dataclass
class Person:
    """Somebody with a browser of their own."""

    email: str
    context: BrowserContext
    page: Page
    id: str = ""
    push: PushBrowser | None = None


@dataclass
class Team:
    """Ada, her clinician Ben, and Cy, who works elsewhere."""

    ada: Person
    ben: Person
    cy: Person


def come_in(stack: Stack, browser: Browser, args: dict[str, Any], pictures: Path | None) -> Team:
    """Return three people who have come in over the real pages, each with a browser that can be woken up."""
    manager, ben, cy, ada = (arrive(stack, browser, args, f"{name}@example.org") for name in ("mo", "ben", "cy", "ada"))
    join(stack, manager, founding_code(stack, "Harbour Clinic", manager.email))
    add_authenticator_app(manager)
    join(stack, ben, invite(manager, "clinician"))
    add_authenticator_app(ben)
    join(stack, cy, colleague_code(stack, "Hill Clinic"))
    add_authenticator_app(cy)
    become_patient(stack, ada, invited_by=ben, name="Ada", pictures=pictures)
    for person in (ada, ben, cy):
        subscribe(stack, person)
    manager.context.close()
    return Team(ada=ada, ben=ben, cy=cy)


def become_patient(stack: Stack, person: Person, *, invited_by: Person, name: str, pictures: Path | None) -> None:
    """Let a 38-year-old with sciatica for three weeks join the clinic and go through set-up."""
    today = datetime.now(ZoneInfo("Europe/London")).date()
    join(stack, person, invite(invited_by, "patient"))
    set_up(
        person,
        pictures=pictures,
        name=name,
        born=today.year - 38,
        onset_on=today - timedelta(weeks=3),
        regions=["bu-l"],
    )


def arrive(stack: Stack, browser: Browser, args: dict[str, Any], email: str) -> Person:
    """Return a person who has just opened a browser."""
    context = browser.new_context(**{**args, "base_url": stack.url})
    context.set_default_timeout(30_000)
    return Person(email=email, context=context, page=context.new_page())


def join(stack: Stack, person: Person, code: str) -> None:
    """Follow an invitation and make an account with the code from the mail."""
    page = person.page
    page.goto(f"/join#{code}")
    page.locator('input[name="code"]').fill(code)
    submit(page)
    page.locator('input[name="email"]').fill(person.email)
    mails = len(stack.mail.mails)
    submit(page)
    page.locator('input[name="code"]').fill(code_from_mail(stack, person.email, after=mails))
    submit(page)
    page.wait_for_url("**/join/confirm")
    if (name := page.locator('input[name="name"]')).count():
        name.fill(person.email.partition("@")[0].capitalize())
    submit(page)
    person.id = stack.ask(
        f"str(User.objects.get(email={person.email!r}).pk)", given="from selfcare.accounts.models import User"
    )


def founding_code(stack: Stack, clinic: str, manager: str) -> str:
    """Found a clinic on the command line and return the code for its manager."""
    said = stack.manage("create_clinic", clinic, "--manager", manager)
    return CODE_SAID.findall(said)[0]


def colleague_code(stack: Stack, clinic: str) -> str:
    """Return a code for the first clinician of a clinic that nobody manages."""
    return str(
        stack.ask(
            "invitations.invite(clinic, kind='clinician', by=None, now=timezone.now())[1]",
            given="from django.utils import timezone\nfrom selfcare.accounts import invitations\n"
            f"from selfcare.accounts.models import Clinic\nclinic = Clinic.objects.create(name={clinic!r})",
        )
    )


def code_from_mail(stack: Stack, email: str, *, after: int) -> str:
    """Return the code in the first mail to the person that came after so many mails."""

    def found() -> str | None:
        for mail in stack.mail.mails[after:]:
            if mail["To"] == email and (code := CODE_IN_MAIL.search(mail.get_content())):
                return code[1]
        return None

    return str(stack.wait_for(found, seconds=10))


def add_authenticator_app(person: Person) -> None:
    """Set up the second factor that the clinic's side asks for."""
    page = person.page
    if "/2fa/app/activate" not in page.url:
        page.goto("/account/2fa/app/activate/")
    shown = SECRET_ON_PAGE.search(page.locator("main").inner_html())
    assert shown, "The page shows no secret for an authenticator app."
    code = format_hotp_value(hotp_value(shown[0], int(time.time()) // TOTP_SECONDS))
    page.locator('input[name="code"]').fill(code)
    submit(page)


def invite(person: Person, kind: str) -> str:
    """Make an invitation on the clinic's page and return its code."""
    page = person.page
    page.goto("/clinic/invitations/")
    page.locator(f'input[name="kind"][value="{kind}"]').check()
    submit(page)
    return str(page.locator(".code").inner_text()).strip()


def set_up(person: Person, *, pictures: Path | None, born: int, name: str, onset_on: date, regions: list[str]) -> None:
    """Walk through set-up until the first safety check: agree, confirm, tell what is normal and where it hurts."""
    page = person.page

    def consent() -> None:
        for yes in page.locator('main input[type="radio"][value="yes"]').all():
            yes.check()
        submit(page)

    def who() -> None:
        page.locator('input[name="name"]').fill(name)
        page.locator('input[name="year_of_birth"]').fill(str(born))
        page.locator('input[name="sex"][value="female"]').check()
        submit(page)

    def episode() -> None:
        for region in regions:
            page.locator(f'label:has(input[name="regions"][value="{region}"])').tap()
        page.locator('input[name="day"]').fill(str(onset_on.day))
        page.locator('select[name="month"]').select_option(str(onset_on.month))
        page.locator('input[name="year"]').fill(str(onset_on.year))
        page.locator('input[name="assessed"][value="no"]').check()
        submit(page)

    def understood() -> None:
        page.locator('input[name="answer"][value="no"]').check()
        submit(page)
        phone.picture(page, pictures, "02-understood")
        submit(page, button="main a.btn-primary")

    acts: dict[str, Callable[[], None]] = {
        "/welcome/about": understood,
        "/welcome/consent": consent,
        "/welcome/place": lambda: submit(page),
        "/welcome/person": who,
        "/welcome/history/": lambda: submit(page, button='main button[name="rest"][value="no"]'),
        "/set-up/episode": episode,
    }
    page.goto("/welcome")
    for number in range(1, 20):
        path = urlsplit(page.url).path
        phone.picture(page, pictures, f"{number:02}-{path.strip('/').replace('/', '-')}")
        if path == "/set-up/safety":
            return
        next(act for start, act in acts.items() if path.startswith(start))()
    raise AssertionError(f"Set-up does not end; it is at {page.url}.")


def subscribe(stack: Stack, person: Person) -> None:
    """Let this browser be woken up through the push service."""
    person.push = stack.push.subscribe()
    phone.subscribe(person.page, person.push)


def submit(page: Page, *, button: str = SUBMIT) -> None:
    """Tap the first such button, by default that of the page's form, and wait for the next page."""
    with page.expect_navigation():
        page.locator(button).first.tap()


def entries(stack: Stack, person: Person) -> list[dict[str, Any]]:
    """Return the entries that the server has of this patient."""
    return list(
        stack.ask(
            f"list(Entry.objects.filter(patient={person.id!r}).order_by('received_at', 'id')"
            ".values('id', 'recorded_at', 'received_at', 'occurred_on', 'clock_suspect', 'observations'))",
            given="from selfcare.diary.models import Entry",
        )
    )


def alerts(stack: Stack, person: Person) -> list[dict[str, Any]]:
    """Return the alerts of this patient."""
    return list(
        stack.ask(
            f"list(Alert.objects.filter(patient={person.id!r}).order_by('opened_at', 'id')"
            ".values('id', 'rule_id', 'status', 'tier', 'reported_at', 'opened_at', 'outcome'))",
            given="from selfcare.triage.models import Alert",
        )
    )
