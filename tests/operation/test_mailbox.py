"""The page with the mail of the demonstration opens for the person who started it, and for nobody else."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import patch

import pytest
from django.core.mail import EmailMessage
from django.core.mail.backends.filebased import EmailBackend
from django.test import Client
from pytest_django import Settings

from selfcare import mailbox

HERE = {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "localhost:8000"}


@pytest.fixture(autouse=True)
def demonstration(settings: Settings, tmp_path: Path) -> None:
    settings.EMBEDDED = True
    settings.MAIL_DIR = tmp_path / "mail"


def write(folder: Path, *mails: EmailMessage) -> None:
    EmailBackend(file_path=str(folder)).send_messages(mails)


def get(client: Client, given: str | None = None, **meta: str) -> int:
    return client.get(f"/operator/mail/{given or mailbox.key()}", **{**HERE, **meta}).status_code


def test_the_page_opens_on_this_machine_under_the_address_that_was_printed(client: Client) -> None:
    assert get(client) == 200


@pytest.mark.parametrize(
    "meta",
    [
        {"REMOTE_ADDR": "192.0.2.7"},
        {"REMOTE_ADDR": ""},
        {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"HTTP_FORWARDED": "for=127.0.0.1"},
        {"HTTP_VIA": "1.1 proxy"},
        {"HTTP_X_REAL_IP": "127.0.0.1"},
    ],
)
def test_a_request_from_elsewhere_finds_nothing(client: Client, meta: dict[str, str]) -> None:
    assert get(client, **meta) == 404


def test_a_name_that_is_not_local_finds_nothing(client: Client, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["rebound.example"]

    assert get(client, HTTP_HOST="rebound.example") == 404


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "[::1]:8000", "localhost"])
def test_each_local_name_will_do(client: Client, host: str) -> None:
    assert get(client, HTTP_HOST=host, REMOTE_ADDR="::1") == 200


def test_somebody_who_guesses_the_address_finds_nothing(client: Client) -> None:
    assert get(client, given="0" * 20) == 404


def test_the_address_depends_on_the_secret_key(settings: Settings) -> None:
    before = mailbox.key()

    settings.SECRET_KEY = "another"

    assert mailbox.key() != before
    assert len(before) == 20


def test_an_installation_that_is_not_a_demonstration_has_no_such_page(client: Client, settings: Settings) -> None:
    settings.EMBEDDED = False

    assert get(client) == 404


def test_once_the_catalogue_is_signed_off_the_page_is_gone(client: Client) -> None:
    with patch.object(mailbox, "catalogue") as catalogue:
        catalogue.current.return_value.demonstration = False

        assert get(client) == 404


def test_nothing_is_posted_to_the_page(client: Client) -> None:
    assert client.post(f"/operator/mail/{mailbox.key()}", **HERE).status_code == 405


def test_the_newest_mail_comes_first_and_can_be_read(client: Client, settings: Settings) -> None:
    first = EmailMessage("First", "Your code is ABC.", to=["ada@example.org"])
    second = EmailMessage("Second", "Grüße, with 90 % chance of =3D in it.", to=["ada@example.org"])
    write(settings.MAIL_DIR, first, second)

    page = client.get(f"/operator/mail/{mailbox.key()}", **HERE).content.decode()

    assert page.index("Second") < page.index("First")
    assert "Grüße, with 90 % chance of =3D in it." in page


def test_a_mail_cannot_bring_a_script_into_the_page(client: Client, settings: Settings) -> None:
    write(settings.MAIL_DIR, EmailMessage("<script>alert(1)</script>", "<script>alert(2)</script>", to=["a@b.example"]))

    response = client.get(f"/operator/mail/{mailbox.key()}", **HERE)

    assert b"<script" not in response.content
    assert "no-store" in response["Cache-Control"]


def test_the_page_does_not_grow_without_end(settings: Settings) -> None:
    write(settings.MAIL_DIR, *(EmailMessage(str(number), "x", to=["a@b.example"]) for number in range(60)))

    letters = mailbox.newest_letters(settings.MAIL_DIR)

    assert [len(letters), letters[0].subject] == [50, "59"]
