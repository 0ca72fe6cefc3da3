"""What a person sets for this phone alone: its look, discreet mode, quick-hide; all in one cookie of plain words."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from selfcare.accounts.models import User
from selfcare.diary.models import Episode
from selfcare.web import phone, version
from tests import factories
from tests.web.conftest import QUIET

pytestmark = pytest.mark.django_db

CSS = (Path(phone.__file__).parent / "static/web/css/app.css").read_text(encoding="utf-8")
PRIVATE = {**QUIET, "bladder": "new", "saddle": "unsure"}
PRIVATE_WORDS = ("peeing", "private parts", "between your legs")


@pytest.fixture
def own(client: Client, ada: User, episode: Episode) -> Client:
    """Return Ada's phone."""
    return factories.log_in(client, ada)


def text(response: Any) -> str:
    return str(response.content.decode())


def words(client: Client) -> str:
    return str(client.cookies[phone.COOKIE].value)


# --- look ---


def test_a_look_is_kept_in_a_cookie_and_worn_by_the_next_page(own: Client) -> None:
    own.post("/settings/look", {"theme": "dark", "text": "largest", "buttons": "big"})

    assert words(own) == "dark.largest.big"
    assert 'data-phone="dark largest big"' in text(own.get("/help-now"))


def test_the_usual_look_leaves_no_cookie(own: Client) -> None:
    own.post("/settings/look", {"theme": "dark"})

    own.post("/settings/look", {})

    assert words(own) == ""


def test_a_look_leaves_what_was_chosen_for_privacy(own: Client) -> None:
    own.post("/settings/privacy", {"hide": "on"})

    own.post("/settings/look", {"theme": "light"})

    assert set(words(own).split(".")) == {"hide", "light"}


def test_a_look_that_does_not_exist_is_refused(own: Client) -> None:
    response = own.post("/settings/look", {"theme": "purple"})

    assert response.status_code == 422
    assert not own.cookies.get(phone.COOKIE)


def test_words_that_nobody_offered_are_not_shown(own: Client) -> None:
    own.cookies[phone.COOKIE] = 'dark."><script>'

    assert 'data-phone="dark"' in text(own.get("/help-now"))


def test_the_clinician_s_side_keeps_its_own_look(ben: User) -> None:
    client = factories.log_in(Client(), ben, second_factor=True)
    client.cookies[phone.COOKIE] = "dark.largest"

    assert 'data-phone=""' in text(client.get("/clinic/"))


def test_the_look_outlives_signing_out(own: Client) -> None:
    own.post("/settings/look", {"theme": "dark"})

    own.post("/sign-out")

    assert words(own) == "dark"


def test_chosen_dark_and_the_phone_s_dark_are_the_same_colours() -> None:
    by_phone = re.search(r':root:not\(\[data-phone~="light"\]\) \{(.*?)\}', CSS, re.DOTALL)
    chosen = re.search(r':root\[data-phone~="dark"\] \{(.*?)\}', CSS, re.DOTALL)

    assert by_phone is not None
    assert chosen is not None
    assert tokens(by_phone.group(1)) == tokens(chosen.group(1))


def tokens(block: str) -> dict[str, str]:
    return dict(re.findall(r"(--[\w-]+): ([^;]+);", block))


def test_the_settings_page_says_what_is_chosen(own: Client) -> None:
    own.post("/settings/look", {"text": "large"})

    assert "Text: Large" in text(own.get("/settings"))


# --- privacy ---


@pytest.mark.parametrize("path", ["/diary", "/help-now", "/settings", "/check-in"])
def test_in_discreet_mode_the_title_is_the_name_of_the_app_alone(path: str, own: Client) -> None:
    own.cookies[phone.COOKIE] = "discreet"

    assert re.findall("<title>(.*?)</title>", text(own.get(path))) == ["selfcare"]


def test_in_discreet_mode_private_answers_wait_to_be_asked_for(own: Client, episode: Episode) -> None:
    entry = factories.entry(episode=episode, on=date(2026, 3, 1), observations=PRIVATE)
    own.cookies[phone.COOKIE] = "discreet"

    hidden, shown = text(own.get(f"/diary/{entry.pk}")), text(own.get(f"/diary/{entry.pk}?show=1"))

    assert [word for word in PRIVATE_WORDS if word in main(hidden)] == []
    assert "Private answers are hidden." in hidden
    assert any(word in main(shown) for word in PRIVATE_WORDS)


def test_in_discreet_mode_paper_leaves_private_answers_out_until_they_are_asked_for(
    own: Client, usual: Episode
) -> None:
    own.cookies[phone.COOKIE] = "discreet"

    unasked, asked = text(own.get("/progress/summary")), text(own.get("/progress/summary?chosen=1"))

    assert "left out at the patient" in unasked
    assert "left out at the patient" not in asked


def main(page: str) -> str:
    return page[page.index("<main id") : page.index("</main>")]


def test_the_clock_says_nothing_about_health_and_is_kept_on_the_phone(client: Client) -> None:
    page = text(client.get("/clock")).lower()

    assert "/clock" in version.PAGES
    assert (
        re.findall(r"selfcare|help|pain|diary|check-in|health|answers", re.sub(r'(src|href)="[^"]*"', "", page)) == []
    )


def test_private_questions_carry_the_mark_that_brings_the_button(client: Client) -> None:
    page = text(client.get("/check-in"))

    marked = set(re.findall(r'data-screen="step:(\w+)" hidden data-private', page))
    assert {"toilet", "bladder", "bowel", "between", "saddle", "sexual", "mood"} <= marked
    assert not {"legs", "pain_buttock", "interference"} & marked
