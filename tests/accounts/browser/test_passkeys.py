"""Passkeys, the invitation's link and the phone's time zone in a real browser, under the product's content policy."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.core import mail
from playwright.sync_api import Page, expect

from selfcare.accounts import invitations
from selfcare.accounts.models import Clinic, User
from tests import factories

pytestmark = pytest.mark.browser


def mailed_code() -> str:
    return mail.outbox[-1].body.split("\n\n")[1].strip()


def sign_in(page: Page, address: str, person: User, *, second_factor: bool) -> None:
    """Put a session into the browser, as if the person had signed in by code."""
    token = factories.session_token(person, second_factor=second_factor)
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": token, "url": address}])


def test_a_person_signs_up_and_in_again_with_a_passkey(phone: Page, live_server, db: None) -> None:
    phone.goto(f"{live_server.url}/account/signup/passkey/")
    phone.get_by_label("Email").fill("eve@example.org")
    phone.get_by_role("button", name="Go on").click()
    phone.get_by_label("Code").fill(mailed_code())
    phone.get_by_role("button", name="Go on").click()
    phone.get_by_role("button", name="Make it").click()
    expect(phone).to_have_url(re.compile("/welcome/about$"))
    phone.context.clear_cookies()

    phone.goto(f"{live_server.url}/account/login/")
    phone.get_by_role("button", name="Use a passkey").click()

    expect(phone).to_have_url(re.compile("/welcome/about$"))


def test_a_clinician_makes_a_passkey_the_second_step(phone: Page, live_server, ben: User) -> None:
    sign_in(phone, live_server.url, ben, second_factor=False)
    phone.goto(f"{live_server.url}/settings/sharing")
    expect(phone).to_have_url(re.compile("/account/2fa/$"))

    phone.get_by_role("link", name="Add a passkey").click()
    phone.get_by_role("button", name="Add it").click()
    expect(phone.get_by_role("heading", name="Recovery codes")).to_be_visible()

    phone.goto(f"{live_server.url}/settings/sharing")
    expect(phone.get_by_role("heading", name="Who sees what")).to_be_visible()


def test_a_clinician_who_signs_in_with_a_passkey_needs_no_other_step(phone: Page, live_server, ben: User) -> None:
    sign_in(phone, live_server.url, ben, second_factor=False)
    phone.goto(f"{live_server.url}/account/2fa/keys/add/")
    phone.get_by_role("button", name="Add it").click()
    expect(phone.get_by_role("heading", name="Recovery codes")).to_be_visible()
    phone.context.clear_cookies()

    phone.goto(f"{live_server.url}/account/login/")
    phone.get_by_role("button", name="Use a passkey").click()

    expect(phone).to_have_url(re.compile("/clinic/"))


def test_a_passkey_is_the_second_step_after_a_mailed_code(phone: Page, live_server, ben: User) -> None:
    sign_in(phone, live_server.url, ben, second_factor=False)
    phone.goto(f"{live_server.url}/account/2fa/keys/add/")
    phone.get_by_role("button", name="Add it").click()
    expect(phone.get_by_role("heading", name="Recovery codes")).to_be_visible()
    phone.context.clear_cookies()

    phone.goto(f"{live_server.url}/account/login/")
    phone.get_by_label("Email").fill(ben.email)
    phone.get_by_role("button", name="Send me a code").click()
    phone.get_by_label("Code").fill(mailed_code())
    phone.get_by_role("button", name="Go on").click()
    phone.get_by_role("button", name="Use a passkey or security key").click()

    expect(phone).to_have_url(re.compile("/clinic/"))


def test_the_picture_of_the_app_is_shown_under_the_content_policy(phone: Page, live_server, ben: User) -> None:
    sign_in(phone, live_server.url, ben, second_factor=False)
    phone.goto(f"{live_server.url}/account/2fa/app/activate/")

    width = phone.get_by_role("img", name="Picture to scan").evaluate("image => image.naturalWidth")

    assert width > 0


def test_the_link_of_an_invitation_fills_the_code_in_and_leaves_no_trace(
    phone: Page, live_server, harbour: Clinic, ben: User, real_now
) -> None:
    _, code = invitations.invite(harbour, kind="patient", by=ben, now=real_now)

    phone.goto(f"{live_server.url}/join#{code}")

    expect(phone.get_by_label("Your code")).to_have_value(code)
    assert phone.url == f"{live_server.url}/join"
    phone.get_by_role("button", name="Go on").click()
    expect(phone).to_have_url(re.compile("/account/signup/"))


def test_the_phone_offers_its_time_zone(phone: Page, live_server, db: None) -> None:
    sign_in(phone, live_server.url, factories.user(email="eve@example.org"), second_factor=False)

    phone.goto(f"{live_server.url}/welcome/place")

    expect(phone.get_by_label("Time zone")).to_have_value("Europe/London")
