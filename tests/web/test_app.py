"""What makes the pages an app: worker, manifest, label, signing out, and the pages that say what went wrong."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client, override_settings
from django.utils.translation import override

from selfcare.accounts.models import User
from selfcare.triage import catalogue
from selfcare.triage.sign_off import Review
from selfcare.web import version
from tests import factories

pytestmark = pytest.mark.django_db


def config(client: Client) -> dict[str, Any]:
    found = re.search(r"^const CONFIG = (.*);$", client.get("/sw.js").content.decode(), re.MULTILINE)
    assert found is not None
    return dict(json.loads(found.group(1)))


def test_the_worker_is_never_taken_from_a_cache_and_may_only_talk_to_us(client: Client) -> None:
    response = client.get("/sw.js")

    assert response.headers["Content-Type"].startswith("text/javascript")
    assert "no-cache" in response.headers["Cache-Control"]
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert "connect-src 'self'" in response.headers["Content-Security-Policy"]


def test_the_worker_is_the_same_for_ada_and_for_nobody(client: Client, ada: User) -> None:
    assert config(factories.log_in(Client(), ada)) == config(client)


def test_everything_the_worker_keeps_can_be_had(client: Client) -> None:
    missing = [path for path in config(client)["keep"] if client.get(path).status_code != 200]

    assert missing == []


def test_the_worker_keeps_no_page_of_a_person(client: Client) -> None:
    assert not {"/", "/diary", "/settings", "/check-in/context"} & set(config(client)["keep"])


def test_every_module_that_a_kept_module_imports_is_kept_too(client: Client) -> None:
    kept = set(version.files())
    for name in kept:
        if name.endswith(".js"):
            folder = (version.STATIC / name).parent
            for target in re.findall(r'from "(\.[^"]+)"', (version.STATIC / name).read_text()):
                path = (folder / target).resolve().relative_to(version.STATIC.resolve()).as_posix()
                assert path in kept, f"{name} imports {path}"


def test_the_version_changes_with_the_catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    before = version.current()
    other = replace(catalogue.current(), version="9.9.9")
    monkeypatch.setattr(catalogue, "current", lambda: other)
    version.current.cache_clear()

    after = version.current()

    version.current.cache_clear()
    assert after != before


def test_the_version_changes_with_the_names_of_clinicians(monkeypatch: pytest.MonkeyPatch) -> None:
    before = version.current()
    content = catalogue.current()
    names = {**content.guide.specialists, "GB": {**content.guide.specialists["GB"], "gp": "doctor"}}
    other = replace(content, guide=replace(content.guide, specialists=names))
    monkeypatch.setattr(catalogue, "current", lambda: other)
    version.current.cache_clear()

    after = version.current()

    version.current.cache_clear()
    assert after != before


def test_the_manifest_says_nothing_about_health(client: Client) -> None:
    response = client.get("/manifest.webmanifest")

    words = {"back", "pain", "sciatica", "health", "clinic", "symptom"}
    assert response.headers["Content-Type"] == "application/manifest+json"
    assert response.json()["display"] == "standalone"
    assert not words & set(re.findall(r"[a-z]+", response.json()["name"].lower()))


@override_settings(APP_NAME="Daybook")
def test_an_installation_may_choose_another_neutral_name(client: Client) -> None:
    assert client.get("/manifest.webmanifest").json()["name"] == "Daybook"


def test_the_label_says_demonstration_until_the_catalogue_is_signed_off(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert catalogue.current().demonstration
    assert b"For demonstration and research" in client.get("/help-now").content
    approved = (Review("A. Named", "GP", date(2026, 11, 1)), Review("B. Named", "GP", date(2026, 11, 1)))
    standings = tuple(replace(standing, reviews=approved) for standing in catalogue.current().standings)
    signed = replace(catalogue.current(), standings=standings)
    monkeypatch.setattr(catalogue, "current", lambda: signed)

    assert b"For demonstration and research" not in client.get("/help-now").content


def test_signing_out_ends_the_session_and_clears_the_phone(client: Client, ada: User) -> None:
    factories.log_in(client, ada)

    response = client.post("/sign-out")

    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert client.get("/diary").status_code == 302


def test_signing_out_by_a_link_is_not_possible(client: Client, ada: User) -> None:
    factories.log_in(client, ada)

    assert client.get("/sign-out").status_code == 405


WENT_WRONG = ["400.html", "403.html", "404.html", "413.html", "429.html", "500.html", "web/csrf_failure.html"]


@pytest.mark.parametrize("template", WENT_WRONG)
def test_a_page_that_says_what_went_wrong_leads_to_help_and_has_one_button(template: str) -> None:
    page = render_to_string(template)

    assert 'class="help-link" href="/help-now"' in page
    assert re.findall(r'class="(btn[^"]*)"', page.split("<main")[1]) == ["btn-primary"]
    assert not re.search(r"\b[45]\d\d\b", re.sub(r"<[^>]*>", "", page.split("<main")[1]))


@pytest.mark.parametrize("template", ["400.html", "413.html", "429.html", "500.html"])
def test_a_page_that_stands_alone_names_its_language(template: str) -> None:
    with override("es"):
        page = render_to_string(template)

    assert '<html lang="es" dir="ltr">' in page
    assert "Ir a Hoy" in page


def test_a_form_that_is_too_long_is_told_in_a_sentence(client: Client, ada: User) -> None:
    factories.log_in(client, ada)

    response = client.post("/set-up/goal", {"goal": "x" * (1024 * 1024 + 1)})

    assert response.status_code == 413
    assert b"make it shorter" in response.content


@override_settings(ACCOUNT_RATE_LIMITS={"login": "1/m/ip"})
def test_a_sign_in_that_is_tried_too_often_is_told_in_a_sentence(client: Client) -> None:
    answers = [client.post("/account/login/", {"email": "ada@example.org"}) for _ in range(3)]

    assert answers[-1].status_code == 429
    assert b"Wait for a few minutes" in answers[-1].content


def test_a_form_that_cannot_be_trusted_is_refused_in_words(client: Client) -> None:
    response = client.post("/join", data=b"--x", content_type="multipart/form-data; boundary=")

    assert response.status_code == 400
    assert b"We could not read that" in response.content


def test_a_form_that_is_too_old_is_told_in_a_sentence(ada: User) -> None:
    client = factories.log_in(Client(enforce_csrf_checks=True), ada)

    response = client.post("/check-in/start")

    assert response.status_code == 403
    assert b"load the page again" in response.content


def test_the_phone_s_data_is_for_the_person_signed_in_alone(client: Client, ada: User, cy: User) -> None:
    factories.episode(patient=ada)

    assert client.get("/check-in/context").status_code == 401
    assert factories.log_in(Client(), cy).get("/check-in/context").status_code == 403
    answer = factories.log_in(Client(), ada).get("/check-in/context")
    assert answer.json()["person"] == str(ada.pk)
    assert "no-store" in answer.headers["Cache-Control"]


def test_an_entry_meant_for_somebody_else_is_refused(client: Client, ada: User) -> None:
    other = factories.patient(email="eve@example.org", name="Eve")
    factories.log_in(client, ada)

    response = client.put(
        "/api/v1/entries/5b0e1c58-4d0c-4f7e-9d5a-0a7a39f2f8ab",
        data="{}",
        content_type="application/json",
        headers={"X-Person": str(other.pk)},
    )

    assert response.status_code == 403
