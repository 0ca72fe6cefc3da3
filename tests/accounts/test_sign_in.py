"""Signing up and in: an e-mail code or a passkey, no password anywhere."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import NoReverseMatch, reverse

from selfcare.accounts import invitations
from selfcare.accounts.models import Clinic, User
from tests import factories


def mailed_code() -> str:
    """Return the code of the newest mail."""
    return mail.outbox[-1].body.split("\n\n")[1].strip()


def main_part(answer) -> str:
    """Return what a person reads on the page, without what differs each time."""
    page = answer.content.decode().split("<main")[1].split("</main>")[0]
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page)


def test_a_new_person_signs_up_with_an_e_mail_code(client: Client, db: None) -> None:
    client.post("/account/signup/", {"email": "Eve@Example.org"})
    answer = client.post("/account/confirm-email/", {"code": mailed_code()})

    eve = User.objects.get(email="eve@example.org")
    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(eve.pk)
    assert not eve.has_usable_password()


def test_a_known_person_signs_in_with_an_e_mail_code(client: Client, ada: User) -> None:
    client.post("/account/login/", {"login": ada.email})
    client.post("/account/login/code/confirm/", {"code": mailed_code()})

    assert client.session["_auth_user_id"] == str(ada.pk)


def test_a_wrong_code_is_said_in_plain_words(client: Client, ada: User) -> None:
    client.post("/account/login/", {"login": ada.email})

    page = main_part(client.post("/account/login/code/confirm/", {"code": "000000"}))

    assert "This code does not match. Check the newest mail." in page


def test_a_code_stops_working_after_three_wrong_ones(client: Client, ada: User) -> None:
    client.post("/account/login/", {"login": ada.email})
    code = mailed_code()
    for _ in range(3):
        client.post("/account/login/code/confirm/", {"code": "AAAAAA"})

    client.post("/account/login/code/confirm/", {"code": code})

    assert "_auth_user_id" not in client.session


def test_sign_in_does_not_tell_who_has_an_account(ada: User) -> None:
    pages = set()
    for email in (ada.email, "nobody@example.org"):
        client = Client()
        first = client.post("/account/login/", {"login": email})
        second = client.get(first.url)
        pages.add((first.status_code, first.url, main_part(second).replace(email, "ADDRESS")))

    assert len(pages) == 1


def test_sign_up_does_not_tell_who_has_an_account(ada: User) -> None:
    pages = set()
    for email in (ada.email, "nobody@example.org"):
        client = Client()
        first = client.post("/account/signup/", {"email": email})
        second = client.get(first.url)
        pages.add((first.status_code, first.url, main_part(second).replace(email, "ADDRESS")))

    assert len(pages) == 1


def test_who_signs_up_twice_is_told_by_mail_where_to_sign_in(client: Client, ada: User) -> None:
    client.post("/account/signup/", {"email": ada.email})

    assert mail.outbox[-1].subject == "You already have an account"
    assert reverse("account_login") in mail.outbox[-1].body
    assert "password" not in mail.outbox[-1].body.lower()


def test_a_stranger_gets_no_mail_for_signing_in(client: Client, db: None) -> None:
    client.post("/account/login/", {"login": "nobody@example.org"})

    assert mail.outbox == []


def test_the_mail_with_a_code_says_nothing_about_health(client: Client, ada: User) -> None:
    client.post("/account/login/", {"login": ada.email})

    message = mail.outbox[-1]
    assert message.subject == "Your sign-in code"
    assert not re.search(r"pain|clinic|diary|ada", message.body.lower().replace(ada.email, ""))


@pytest.mark.parametrize("self_registration", [True, False])
def test_sign_up_is_open_by_the_setting(client: Client, db: None, settings, self_registration: bool) -> None:
    settings.SELF_REGISTRATION = self_registration

    page = main_part(client.get("/account/signup/"))

    assert ('name="email"' in page) is self_registration


def test_an_invitation_opens_sign_up_where_it_is_closed(
    client: Client, settings, harbour: Clinic, ben: User, real_now
) -> None:
    settings.SELF_REGISTRATION = False
    _, code = invitations.invite(harbour, kind="patient", by=ben, now=real_now)
    client.post("/join", {"code": code})

    client.post("/account/signup/", {"email": "eve@example.org"})
    answer = client.post("/account/confirm-email/", {"code": mailed_code()})

    assert answer.url == "/join/confirm"


def test_a_closed_installation_makes_no_account_through_the_api(client: Client, db: None, settings) -> None:
    settings.SELF_REGISTRATION = False

    answer = client.post("/_allauth/app/v1/auth/signup", {"email": "eve@example.org"}, content_type="application/json")

    assert answer.status_code == 403
    assert not User.objects.filter(email="eve@example.org").exists()


@pytest.mark.parametrize(
    "name", ["account_change_password", "account_set_password", "account_reset_password", "account_confirm_email"]
)
def test_no_page_about_passwords_exists(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


@pytest.mark.parametrize(
    "address", ["auth/login", "auth/password/request", "auth/password/reset", "account/password/change"]
)
def test_the_api_has_no_passwords_either(client: Client, db: None, address: str) -> None:
    answer = client.post(f"/_allauth/app/v1/{address}", {"email": "a@example.org"}, content_type="application/json")

    assert answer.status_code == 404


PAGES_OF_STRANGERS = ["/account/login/", "/account/signup/", "/account/signup/passkey/", "/join", "/account/inactive/"]
PAGES_OF_PATIENTS = [
    "/account/logout/",
    "/account/email/",
    "/account/2fa/",
    "/account/2fa/app/activate/",
    "/account/2fa/keys/",
    "/account/2fa/keys/add/",
]


@pytest.mark.parametrize("address", PAGES_OF_STRANGERS)
def test_the_pages_of_strangers_wear_our_frame_and_ask_for_no_password(client: Client, db: None, address: str) -> None:
    assert_plain(client.get(address))


@pytest.mark.parametrize("address", PAGES_OF_PATIENTS)
def test_the_pages_of_patients_wear_our_frame_and_ask_for_no_password(ada_client: Client, address: str) -> None:
    assert_plain(ada_client.get(address))


def assert_plain(answer) -> None:
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'class="help-link"' in page
    # The PIN of the app lock is this phone's alone; its field hides what is typed.
    asked = re.sub(r'(?s)<div class="lock".*?data-lock-forgotten', "", page.lower())
    assert "password" not in re.sub(r"you need no password\.|passwordless", "", asked)
    assert not re.search(r"<script(?![^>]*(src=|application/json))", page)
    assert " style=" not in page
    assert " onclick=" not in page


def test_another_client_signs_in_with_a_mailed_code_and_gets_a_token(client: Client, ada: User) -> None:
    first = client.post("/_allauth/app/v1/auth/code/request", {"email": ada.email}, content_type="application/json")
    token = first.json()["meta"]["session_token"]

    second = client.post(
        "/_allauth/app/v1/auth/code/confirm",
        {"code": mailed_code()},
        content_type="application/json",
        headers={"X-Session-Token": token},
    )

    assert first.status_code == 401
    assert second.status_code == 200
    assert second.json()["meta"]["is_authenticated"] is True


def test_signing_in_gives_the_session_a_new_id(client: Client, ada: User) -> None:
    client.post("/account/login/", {"login": ada.email})
    before = client.session.session_key

    client.post("/account/login/code/confirm/", {"code": mailed_code()})

    assert client.session.session_key != before


def test_signing_out_ends_the_session_on_the_server(ada_client: Client) -> None:
    key = ada_client.session.session_key

    ada_client.post("/account/logout/")

    assert not type(ada_client.session)().exists(key)


def test_changing_the_address_asks_for_the_second_step_where_there_is_one(ada: User) -> None:
    factories.authenticator_app(ada)
    client = factories.log_in(Client(), ada)

    answer = client.post("/account/email/", {"action_add": "", "email": "new@example.org"})

    assert answer.url.startswith("/account/2fa/reauthenticate/")
