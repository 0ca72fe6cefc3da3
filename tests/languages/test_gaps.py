"""A language without one of the safety texts is not offered: nobody meets a page that is half in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from edge import languages as texts
from edge.languages import SOURCE, Text, translated
from selfcare import checks
from selfcare.triage import catalogue, languages, translating

pytestmark = pytest.mark.django_db

HELP = "/help-now/now"


@pytest.fixture
def whole(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Return a way to let Spanish have words for every text but those that are named."""
    real = languages.words_of
    monkeypatch.setattr(languages, "offered", languages.offered.__wrapped__)
    monkeypatch.setattr(languages, "translations", languages.translations.__wrapped__)

    def without(*lost: str) -> None:
        def words_of(folder: Path, language: str) -> texts.Words:
            known = real(folder, language)
            return lambda text: None if text in lost else (known(text) or f"[{text}]")

        monkeypatch.setattr(languages, "words_of", words_of)

    return without


def safety_text(place: str) -> str:
    """Return the first safety text of a place."""
    everything = [one for found in languages.safety_texts().values() for one in found]
    return next(one.text for one in everything if one.place == place)


def test_a_language_with_every_safety_text_is_offered(whole: Callable[..., None]) -> None:
    whole()

    assert languages.offered() == (SOURCE, "es")


@pytest.mark.parametrize(
    "place",
    [
        "question Q-SADDLE",
        "answers change",
        "advice now_cauda_equina",
        "advice",
        "follow-up ask_emergency",
        "rule RF-CES-03",
        "said back",
        "region GB",
        "clinicians in GB",
        "guide",
        "stop card",
        "selfcare/web/templates/base.html",
        "selfcare/web/templates/web/help/now.html",
        "selfcare/web/templates/web/checkin/advice.html",
        "selfcare/web/templates/web/offline.html",
        "selfcare/web/templates/web/follow_up.html",
        "selfcare/web/words.py",
        "selfcare/web/steps.py",
    ],
)
def test_a_language_without_one_safety_text_is_not_offered(whole: Callable[..., None], place: str) -> None:
    whole(safety_text(place))

    assert languages.offered() == (SOURCE,)
    assert languages.missing("es")[0].text == safety_text(place)


def test_who_chose_it_reads_english_whole_and_why(whole: Callable[..., None], client: Client) -> None:
    whole(safety_text("question Q-SADDLE"))
    client.cookies["language"] = "es"
    english = Client().get(HELP).content.decode()

    told = client.get(HELP).content.decode()

    why = "Español is not whole yet. So this page is in English."
    assert why in told
    assert why not in english
    assert told.replace(f'<p class="safety-label">{why}</p>', "") == english


def test_the_browser_s_wish_alone_needs_no_explanation(whole: Callable[..., None], client: Client) -> None:
    whole(safety_text("question Q-SADDLE"))

    told = client.get(HELP, headers={"Accept-Language": "es"}).content.decode()

    assert '<html lang="en-gb"' in told
    assert "not whole yet" not in told


def test_the_start_up_check_says_what_is_missing(whole: Callable[..., None]) -> None:
    lost = safety_text("question Q-SADDLE")
    whole(lost)

    (found,) = checks.language_gaps(None)

    assert found.id == "selfcare.I001"
    assert found.msg.startswith("Español is not offered: 1 safety texts have no translation, first ")
    assert repr(lost) in found.msg
    assert "question Q-SADDLE" in found.msg


def test_the_rules_page_says_what_is_missing(whole: Callable[..., None], ben_client: Client) -> None:
    lost = safety_text("question Q-SADDLE")
    whole(lost)

    told = ben_client.get("/clinic/rules/").content.decode()

    assert "Not offered: 1 safety text has no translation." in told
    assert f"question Q-SADDLE: {lost}" in told


def test_a_place_without_one_of_its_texts_stays_english_whole() -> None:
    content = catalogue.current()
    card = content.learn["scans"]
    lost = card["plain"][0]["heading"]

    shown = translated(content, translating.in_words, lambda text: None if text == lost else f"[{text}]")

    assert shown.learn["scans"] == card
    assert shown.learn["get_help"]["title"] == f"[{content.learn['get_help']['title']}]"


def test_a_translation_that_names_other_values_counts_as_missing(tmp_path: Path) -> None:
    words = compiled(tmp_path, {"Call {number}": "Llama al {numero}", "Go to {place}": "Ve a {place}"})

    assert words("Call {number}") is None
    assert words("Go to {place}") == "Ve a {place}"


def test_a_fuzzy_translation_counts_as_missing(tmp_path: Path) -> None:
    words = compiled(tmp_path, {"Go now": "Ve mañana"}, fuzzy=True)

    assert words("Go now") is None


def test_a_translation_that_is_the_same_counts_as_one(tmp_path: Path) -> None:
    words = compiled(tmp_path, {"No": "No"})

    assert words("No") == "No"


def compiled(folder: Path, entries: dict[str, str], *, fuzzy: bool = False) -> Any:
    """Return the words of a compiled file with these translations."""
    polib = pytest.importorskip("polib")
    file = polib.POFile()
    file.metadata = {"Content-Type": "text/plain; charset=UTF-8"}
    flags = ["fuzzy"] if fuzzy else []
    file.extend(polib.POEntry(msgid=text, msgstr=said, flags=flags) for text, said in entries.items())
    place = folder / "es" / "LC_MESSAGES"
    place.mkdir(parents=True)
    file.save_as_mofile(str(place / "django.mo"))
    return texts.words_of(folder, "es")


def test_every_text_of_the_cards_counts_as_safety() -> None:
    found = languages.safety_texts()[translating.LOCALE]
    card = catalogue.current().advices["now_cauda_equina"]

    wanted = {Text(line, "advice now_cauda_equina", safety=True) for line in [card["title"], *card["do"], card["say"]]}

    assert wanted <= set(found)
