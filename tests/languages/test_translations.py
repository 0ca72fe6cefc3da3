"""What translators wrote: compiled, whole, with the same numbers and values, and as plain to read as the English.

The formula for Spanish is that of Fernández Huerta (1959), with Gary Law's correction: 206.84 - 60 syllables a word -
1.02 words a sentence. 70 and more is "easy" and read at the age of 11 or so; health texts by INFLESZ (Barrio-Cantalejo
2008, doi:10.4321/S1137-66272008000300004) count as easy from 65.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from edge.languages import SOURCE, values_of
from selfcare import messages
from selfcare.triage import languages

polib = pytest.importorskip("polib")

CODES = [code for code, _name in settings.LANGUAGES if code != SOURCE]
FILES = sorted(
    path
    for pattern in ("*/locale/*/LC_MESSAGES/django.po", "selfcare/*/locale/*/LC_MESSAGES/django.po")
    for path in settings.BASE_DIR.glob(pattern)
)
IDS = [path.relative_to(settings.BASE_DIR).parts[-5] for path in FILES]
# Numbers that Spanish writes in another way: "the 1st", the hours of the day.
DIGITS = re.compile(r"\d+")
NOT = re.compile(r"\b(not|no|never|nobody|none|nothing|neither|nor|without|cannot|\w+n't)\b", re.IGNORECASE)
NOT_IN_SPANISH = re.compile(r"\b(no|nunca|jamás|nadie|sin|ni|ningún|ningun[oa]|nada|tampoco)\b", re.IGNORECASE)
# Said without "no" in Spanish: "aún falta", "hace poco", "poca seguridad".
ANOTHER_WAY = re.compile(r"not there yet|not long ago|^Not sure\. There are few studies", re.IGNORECASE)
MOST_WORDS = 25
EASIEST_WANTED = 65
# A text with fewer words says more about the formula than about itself.
FEWEST_WORDS = 40
# ux.md 4.1, the right column of "Say | Not", in Spanish: fear, blame, jargon, "usted" and a promise.
BANNED = re.compile(
    r"\b(micci[oó]n|defeca\w*|deposici[oó]n|perin[eé]\w*|parestesia\w*|anestesia en silla|grave|graves|gravedad|"
    r"da[ñn]ad[oa]s?|desgastad[oa]s?|aplastad[oa]s?|degenera\w*|desmorona\w*|reca[ií]das?|retroceso|fracas\w*|"
    r"usted|ustedes|enhorabuena|felicidades|inv[aá]lid\w*|no tienes nada|est[aá]s bien|no te preocupes)\b|\d ?%",
    re.IGNORECASE,
)


def entries(path: Path) -> list[Any]:
    """Return what is translated in a file; what no page says any more stays in it as a record."""
    return [entry for entry in polib.pofile(str(path)) if not entry.obsolete and "fuzzy" not in entry.flags]


def pairs(path: Path) -> list[tuple[str, str]]:
    """Return each text with its translation, plural forms one by one."""
    found = []
    for entry in entries(path):
        if entry.msgid_plural:
            found += [(entry.msgid_plural, said) for number, said in entry.msgstr_plural.items() if number and said]
        elif entry.msgstr:
            found.append((entry.msgid, entry.msgstr))
    return found


@pytest.mark.parametrize("code", CODES)
def test_no_safety_text_is_without_a_translation(code: str) -> None:
    assert [(one.place, one.text) for one in languages.missing(code)] == []


@pytest.mark.parametrize("path", FILES, ids=IDS)
def test_what_is_compiled_is_what_was_written(path: Path) -> None:
    # make messages compiles them; pages and phone read the compiled file alone.
    assert path.with_suffix(".mo").read_bytes() == polib.pofile(str(path)).to_binary()


def test_the_files_hold_every_text_that_patients_read() -> None:
    for folder, texts in messages.rooms().items():
        for code in CODES:
            file = polib.pofile(str(folder / code / "LC_MESSAGES" / "django.po"))
            known = {entry.msgid for entry in file if not entry.obsolete}
            assert {text.text for text in texts} - known == set(), f"{folder}: run make messages"


@pytest.mark.parametrize("path", FILES, ids=IDS)
def test_a_translation_names_the_same_values(path: Path) -> None:
    assert [(text, said) for text, said in pairs(path) if values_of(text) != values_of(said)] == []


@pytest.mark.parametrize("path", FILES, ids=IDS)
def test_a_translation_has_the_same_numbers(path: Path) -> None:
    wrong = [(text, said) for text, said in pairs(path) if sorted(DIGITS.findall(text)) != sorted(DIGITS.findall(said))]

    assert wrong == []


@pytest.mark.parametrize("path", FILES, ids=IDS)
def test_every_plural_form_is_there(path: Path) -> None:
    assert [
        entry.msgid for entry in entries(path) if entry.msgid_plural and not all(entry.msgstr_plural.values())
    ] == []


@pytest.mark.parametrize("path", FILES, ids=IDS)
def test_no_negation_is_lost_in_spanish(path: Path) -> None:
    lost = [(text, said) for text, said in pairs(path) if NOT.search(text) and not NOT_IN_SPANISH.search(said)]

    assert [(text, said) for text, said in lost if not ANOTHER_WAY.search(text)] == []


def test_no_spanish_sentence_is_long() -> None:
    long = [
        one for path in FILES for _, said in pairs(path) for one in sentences(said) if len(one.split()) > MOST_WORDS
    ]

    assert long == []


def test_no_spanish_text_uses_a_word_that_frightens_blames_or_is_not_plain() -> None:
    found = [(hit.group(), said) for path in FILES for _, said in pairs(path) if (hit := BANNED.search(said))]

    assert found == []


@pytest.mark.parametrize("path", FILES, ids=IDS)
def test_spanish_reads_easily(path: Path) -> None:
    running = " ".join(said for _, said in pairs(path) if said.rstrip("»”\"')").endswith((".", "?", "!")))

    if len(running.split()) >= FEWEST_WORDS:
        assert ease(running) >= EASIEST_WANTED


@pytest.mark.parametrize(
    ("text", "syllables"),
    [("pie", 1), ("pierna", 2), ("ciática", 3), ("hormigueo", 4), ("guía", 2), ("ahora", 3), ("qué", 1), ("leer", 2)],
)
def test_syllables_are_counted_as_spanish_says_them(text: str, syllables: int) -> None:
    assert syllables_of(text) == syllables


def test_a_hard_text_is_found() -> None:
    hard = "La sintomatología neurológica compresiva requiere valoración hospitalaria inmediata especializada."

    assert ease(hard) < EASIEST_WANTED < ease("Ve al hospital ahora. No esperes a mañana. Pide que te lleven.")


def sentences(text: str) -> list[str]:
    """Return the sentences of a text."""
    return [one for one in re.split(r"(?<=[.?!:;])\s+|\n", text) if re.search(r"\w", one)]


def ease(text: str) -> float:
    """Return how easily a Spanish text reads: from 0, hard, to 100."""
    words = re.findall(r"[a-záéíóúüñ]+", text.lower())
    per_word = sum(map(syllables_of, words)) / len(words)
    return 206.84 - 60 * per_word - 1.02 * len(words) / max(1, len(sentences(text)))


def syllables_of(word: str) -> int:
    """Return the syllables of a Spanish word: strong vowels stand alone, weak ones join them but for an accent."""
    letters = re.sub(r"(?<=[gq])u(?=[eiéí])", "", word.lower())
    letters = re.sub(r"[íú]", "A", letters)
    letters = re.sub(r"[aeoáéó]", "A", letters)
    letters = re.sub(r"y$", "i", letters)
    joined = re.sub(r"[iuü]?A[iuü](?![A])|[iuü]A|[iuü]{2}", "A", letters)
    return max(1, len(re.findall(r"[Aiuü]", joined)))
