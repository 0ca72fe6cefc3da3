"""Which languages patients can choose: only one in which every safety text is there (docs/decisions/0012-languages.md).

Nobody may meet a page that asks about warning signs half in one language and half in another.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings

from edge import gathering
from edge.languages import SOURCE, Text, texts_of, words_of
from exercises import catalogue as exercises
from exercises import translating as exercise_texts
from selfcare.triage import catalogue
from selfcare.triage import translating as triage_texts


@cache
def offered() -> tuple[str, ...]:
    """Return the languages that patients can choose, English first."""
    known = [code for code, _name in settings.LANGUAGES if code != SOURCE]
    return (SOURCE, *(code for code in known if not missing(code)))


def names() -> dict[str, str]:
    """Return the name of every offered language in itself."""
    return {code: name for code, name in settings.LANGUAGES if code in offered()}


def missing(language: str) -> list[Text]:
    """Return the safety texts that have no words in a language, or words that nobody has looked over since (fuzzy)."""
    found = []
    for folder, texts in safety_texts().items():
        words = words_of(folder, language)
        found += [one for one in texts if words(one.text) is None]
    return found


@cache
def safety_texts() -> dict[Path, list[Text]]:
    """Return every text that no language may lack, by the folder of the translations it belongs to."""
    return {
        triage_texts.LOCALE: _safety(texts_of(catalogue.current(), triage_texts.in_words)),
        exercise_texts.LOCALE: _safety(texts_of(exercises.current(), exercise_texts.in_words)),
        Path(apps.get_app_config("web").path) / "locale": list(_pages()),
    }


@dataclass(frozen=True, slots=True)
class Translation:
    """A language that there are translations for; without gaps it is offered. All are drafts so far."""

    name: str
    gaps: list[Text]


@cache
def translations() -> tuple[Translation, ...]:
    """Return where each language besides English stands."""
    return tuple(Translation(name, missing(code)) for code, name in settings.LANGUAGES if code != SOURCE)


def of_person(user: Any) -> str:
    """Return the language to write to somebody in: a patient's own where it is offered, English for everybody else."""
    profile = getattr(user, "patient", None)
    return profile.language if profile is not None and profile.language in offered() else SOURCE


def fingerprint() -> str:
    """Return a fingerprint of the offered languages and of everything that is translated into them."""
    digest = hashlib.sha256()
    for language in offered():
        digest.update(language.encode())
        for pattern in ("*/locale", "selfcare/*/locale"):
            for path in sorted(settings.BASE_DIR.glob(f"{pattern}/{language}/LC_MESSAGES/django.mo")):
                digest.update(path.read_bytes())
    return digest.hexdigest()


def _safety(texts: list[Text]) -> list[Text]:
    return [one for one in texts if one.safety]


def _pages() -> list[Text]:
    paths = sorted(chain.from_iterable(settings.BASE_DIR.glob(pattern) for pattern in settings.SAFETY_PAGES))
    return [
        Text(said[0], path.relative_to(settings.BASE_DIR).as_posix(), safety=True)
        for path in paths
        for said in gathering.in_file(path)
    ]
