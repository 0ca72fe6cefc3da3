"""Every text that a patient reads, by the place it stands in: templates, code, the clinical catalogue, exercises.

What clinicians and hospital staff read is left out: the show-to-staff page is written for them (ux.md 4.1).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.conf import settings

from edge.languages import Text, texts_of
from exercises import catalogue as exercise_catalogue
from exercises import translating as exercise_texts
from selfcare import messages
from selfcare.clinic import message_texts
from selfcare.triage import catalogue
from selfcare.triage import translating as triage_texts
from selfcare.web import course_words
from selfcare.web import translating as page_texts

ROOT = settings.BASE_DIR
ROOMS = ("selfcare/web", "selfcare/accounts", "selfcare/correspondence")
# Names and clauses that stand inside other texts; Learn is read in two levels.
PARTS_OF_TEXTS = ("region ", "clinicians in ", "said back", "learn ")

Texts = dict[str, list[str]]


def in_templates() -> Texts:
    """Return the translated texts of each template of the patient's pages."""
    return {place: texts for place, texts in in_files().items() if place.endswith(".html")}


def in_code() -> Texts:
    """Return the texts that modules of the patient's pages hand to gettext."""
    return {place: texts for place, texts in in_files().items() if place.endswith(".py")}


def in_files() -> Texts:
    """Return what templates and modules of the patient's rooms hand to gettext, each plural form as a text."""
    found = {place: said for room in ROOMS for place, said in messages.in_files(ROOT / room).items()}
    return {place: [" ".join(text.split()) for each in said for text in each] for place, said in found.items() if said}


def in_catalogue() -> Texts:
    """Return what the clinical catalogue says to patients, filled in with the fallback country's words."""
    content = catalogue.current()
    words = {**content.region("GB"), **content.guide.names("GB"), "number": "999"}
    kept = [one for one in texts_of(content, triage_texts.in_words) if not one.place.startswith(PARTS_OF_TEXTS)]
    return {place: [line.format_map(words) for line in lines] for place, lines in _by_place(kept).items()}


def in_learn(level: str) -> Texts:
    """Return the Learn cards in one reading level."""
    content = catalogue.current()
    words = {**content.region("GB"), **content.guide.names("GB")}
    found = {}
    for name, card in content.learn.items():
        lines = [card["title"], card["summary"], *(one["question"] for one in card["related"])]
        for part in card[level]:
            lines += [part["heading"], *part.get("points", ()), *part.get("text", ())]
        found[f"learn {name} ({level})"] = [line.format_map(words) for line in lines]
    return found


def in_exercises() -> Texts:
    """Return what the catalogue of exercises says to patients."""
    return _by_place(texts_of(exercise_catalogue.current(), exercise_texts.in_words))


def in_messages() -> Texts:
    """Return the texts that clinicians start messages from."""
    templates = message_texts.current()["templates"]
    return {f"message {name}": template["text"].splitlines() for name, template in templates.items()}


def in_course() -> Texts:
    """Return what Progress and Plan say about the course, the weeks and the reviews."""
    return _by_place(texts_of(course_words.current(), page_texts.course_in_words))


def everything() -> Texts:
    """Return every text of patients by its place."""
    return {
        **in_templates(), **in_code(), **in_catalogue(), **in_exercises(), **in_course(), **in_messages(),
        **in_learn("plain"), **in_learn("detailed"),
    }  # fmt: skip


def sentences(text: str) -> list[str]:
    """Return the sentences of a text: they end in a mark that a space or the end follows, or in a line."""
    return [one.strip() for one in re.split(r"(?<=[.?!])[\"”']?(?:\s+|$)|\n|\s·\s", text) if re.search(r"\w", one)]


def _by_place(texts: Iterable[Text]) -> Texts:
    found: Texts = {}
    for one in texts:
        found.setdefault(one.place, []).append(one.text)
    return found
