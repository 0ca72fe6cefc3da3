"""Which language a page speaks, who may choose it, and what follows it."""

from __future__ import annotations

import html
import json
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from django.utils.formats import date_format

from notifications import outbox
from notifications.models import Kind
from selfcare.accounts.models import PatientProfile, User
from selfcare.triage import catalogue, languages
from selfcare.web import version
from tests import factories
from tests.accounts.test_sign_in import mailed_code

pytestmark = pytest.mark.django_db

HELP = "/help-now/now"
HTML_IN_SPANISH = '<html lang="es" dir="ltr"'


def page(client: Client, path: str, **headers: str) -> str:
    return client.get(path, headers=headers).content.decode()


def test_the_browser_s_language_is_spoken_where_nobody_has_chosen(client: Client, spanish: str) -> None:
    assert HTML_IN_SPANISH in page(client, HELP, accept_language="es-MX,es;q=0.9,en;q=0.5")


def test_a_browser_that_asks_for_another_language_first_gets_its_next_one(client: Client, spanish: str) -> None:
    assert '<html lang="en-gb"' in page(client, HELP, accept_language="fi,en-US;q=0.8,es;q=0.5")


def test_the_chosen_language_stands_before_the_browser_s(client: Client, spanish: str) -> None:
    client.cookies["language"] = "en-gb"

    assert '<html lang="en-gb"' in page(client, HELP, accept_language="es")


def test_the_worker_asks_for_a_language_without_cookies(client: Client, spanish: str) -> None:
    answer = client.get(HELP, headers={"X-Language": "es"})

    assert HTML_IN_SPANISH in answer.content.decode()
    assert {"X-Language", "Accept-Language", "Cookie"} <= {part.strip() for part in answer["Vary"].split(",")}
    assert answer["Content-Language"] == "es"


def test_a_card_speaks_the_chosen_language_and_keeps_its_numbers(client: Client, spanish: str) -> None:
    client.cookies["language"] = "es"
    card = catalogue.current().spoken_in("es").card("now", "GB")

    told = html.unescape(page(client, HELP))

    assert card["title"] in told
    assert card["title"] != catalogue.current().card("now", "GB")["title"]
    assert 'href="tel:999"' in told


def test_a_date_is_written_as_the_language_writes_it(client: Client, spanish: str) -> None:
    written_on = catalogue.current().learn["scans"]["written_on"]
    with translation.override("es"):
        in_spanish = date_format(written_on, "DATE_FORMAT")

    assert " de " in in_spanish
    assert in_spanish in page(client, "/learn/scans", x_language="es")
    assert f"{written_on:%-d %B %Y}" in page(client, "/learn/scans")


def test_a_translation_says_that_it_is_a_draft(client: Client, spanish: str) -> None:
    draft = "This translation is a draft."
    in_spanish = page(client, HELP, x_language="es").count("safety-label")

    assert in_spanish == page(client, HELP).count("safety-label") + 1
    assert draft not in page(client, HELP)


def test_choosing_keeps_the_language_on_the_phone_and_in_the_profile(
    ada_client: Client, ada: User, spanish: str
) -> None:
    answer = ada_client.post("/language", {"language": "es", "next": "/settings"})

    assert answer["Location"] == "/settings"
    assert ada_client.cookies["language"].value == "es"
    assert PatientProfile.objects.get(user=ada).language == "es"


def test_a_stranger_chooses_for_the_phone_alone(client: Client, ada: User, spanish: str) -> None:
    client.post("/language", {"language": "es", "next": "/"})

    assert client.cookies["language"].value == "es"
    assert PatientProfile.objects.get(user=ada).language == "en-gb"


@pytest.mark.parametrize("elsewhere", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""])
def test_choosing_leads_nowhere_else(client: Client, spanish: str, elsewhere: str) -> None:
    assert client.post("/language", {"language": "es", "next": elsewhere})["Location"] == "/"


@pytest.mark.parametrize("code", ["fi", "", "es; Path=/", "xx-yy"])
def test_what_is_not_offered_cannot_be_chosen(client: Client, spanish: str, code: str) -> None:
    client.post("/language", {"language": code})

    assert "language" not in client.cookies


def test_the_choice_stands_on_the_front_page_at_sign_in_and_in_settings(
    client: Client, ada_client: Client, spanish: str
) -> None:
    for told in (page(client, "/"), page(client, "/account/login/"), page(ada_client, "/settings")):
        assert 'name="language" value="es" lang="es"' in told
        assert "Español" in told


def test_one_language_alone_is_no_choice(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(languages, "offered", lambda: ("en-gb",))

    assert 'name="language"' not in page(client, "/")


def test_a_new_phone_speaks_the_language_of_the_profile(ada: User, spanish: str, mailoutbox: list[Any]) -> None:
    PatientProfile.objects.filter(user=ada).update(language="es")
    phone = Client()
    phone.post("/account/login/", {"login": ada.email})
    phone.post("/account/login/code/confirm/", {"code": mailed_code()})

    assert phone.cookies["language"].value == "es"


def test_the_clinicians_side_stays_english(ben_client: Client, spanish: str) -> None:
    ben_client.cookies["language"] = "es"

    assert '<html lang="en-gb"' in page(ben_client, "/clinic/")


def test_staff_read_english_and_what_the_patient_speaks(client: Client, spanish: str) -> None:
    told = page(client, "/help-now/show", x_language="es")

    assert HTML_IN_SPANISH in told
    assert '<div lang="en-gb" dir="ltr" data-staff>' in told
    assert "For hospital staff</h1>" in told
    assert "The patient speaks Spanish." in told
    assert "The patient speaks" not in page(client, "/help-now/show")


def test_the_phone_gets_the_same_rules_in_other_words(client: Client, spanish: str) -> None:
    english = client.get("/api/v1/catalogue")
    in_spanish = client.get("/api/v1/catalogue", headers={"X-Language": "es"})
    one, other = json.loads(english.content), json.loads(in_spanish.content)

    assert english["ETag"] != in_spanish["ETag"]
    assert (one["language"], other["language"]) == ("en-gb", "es")
    for name in ("version", "definitions", "clocks", "course", "vocabulary", "tiers"):
        assert one[name] == other[name]
    for ours, theirs in zip(one["rules"], other["rules"], strict=True):
        assert {**ours, "patient_sentence": ""} == {**theirs, "patient_sentence": ""}
    assert one["advice"]["now"]["title"] != other["advice"]["now"]["title"]


def test_a_phone_that_has_the_catalogue_in_one_language_is_not_told_that_it_has_the_other(
    client: Client, spanish: str
) -> None:
    tag = client.get("/api/v1/catalogue")["ETag"]
    headers = {"If-None-Match": tag}

    assert client.get("/api/v1/catalogue", headers=headers).status_code == 304
    assert client.get("/api/v1/catalogue", headers={**headers, "X-Language": "es"}).status_code == 200


def test_the_worker_knows_what_a_push_says_in_each_language(client: Client, spanish: str) -> None:
    script = client.get("/sw.js").content.decode()
    config = json.loads(script.split("const CONFIG = ", 1)[1].split(";\n", 1)[0])
    with translation.override("es"):
        in_spanish = translation.gettext("Time for your check-in")

    assert config["messages"]["en-gb"]["check_in"]["text"] == "Time for your check-in"
    assert config["messages"]["es"]["check_in"]["text"] == in_spanish != "Time for your check-in"


def test_the_worker_is_the_same_file_whatever_the_language(client: Client, spanish: str) -> None:
    # Another file would be another version, and every phone would keep everything anew.
    assert client.get("/sw.js", headers={"Accept-Language": "es"}).content == client.get("/sw.js").content


def test_the_manifest_names_its_language(client: Client, spanish: str) -> None:
    client.cookies["language"] = "es"
    with translation.override("es"):
        in_spanish = translation.gettext("Get help now")

    manifest = client.get("/manifest.webmanifest").json()

    assert (manifest["lang"], manifest["dir"]) == ("es", "ltr")
    assert manifest["shortcuts"][1]["name"] == in_spanish


@pytest.mark.parametrize(("person", "language"), [("ada", "es"), ("ben", "en-gb")])
def test_a_mail_is_written_in_the_language_of_who_gets_it(
    request: pytest.FixtureRequest, spanish: str, person: str, language: str, mailoutbox: list[Any]
) -> None:
    user = request.getfixturevalue(person)
    PatientProfile.objects.filter(user=user).update(language="es")
    message = factories.message(recipient=user, kind=Kind.MESSAGE)

    outbox.deliver(message.pk, now=factories.NOW)

    with translation.override(language):
        assert mailoutbox[-1].subject == translation.gettext("You have a new message")


def test_every_kept_page_is_there_in_each_language(client: Client, spanish: str) -> None:
    for path in version.PAGES:
        assert HTML_IN_SPANISH in page(client, path, x_language="es"), path
