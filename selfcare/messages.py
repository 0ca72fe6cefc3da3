"""Every text that patients read, by the room whose gettext file holds its translation.

The clinicians' side stays English (docs/decisions/0012-languages.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.conf import settings

from edge import gathering
from edge.languages import Text, texts_of
from exercises import catalogue as exercises
from exercises import figures
from exercises import translating as exercise_texts
from selfcare.accounts import consents
from selfcare.triage import catalogue, languages
from selfcare.triage import translating as triage_texts
from selfcare.web import course_words
from selfcare.web import translating as page_texts

# What only clinicians and staff of a hospital read.
FOR_CLINICIANS = ("selfcare/clinic/", "selfcare/triage/models.py", "selfcare/web/staff_words.py")


@dataclass(frozen=True, slots=True)
class Message:
    """One text of a room with the places it stands in; ``plural`` is empty where there is none."""

    text: str
    plural: str
    places: tuple[str, ...]
    safety: bool


def rooms() -> dict[Path, list[Message]]:
    """Return the texts of each room by the folder of its translations."""
    safety = {(one.text, one.place) for texts in languages.safety_texts().values() for one in texts}
    sheets, found = _sheets(), {}
    for folder in _folders():
        texts = [((one.text,), one.place) for one in sheets.get(folder, ())]
        texts += [(said, place) for place, saids in in_files(folder).items() for said in saids]
        if texts:
            found[folder / "locale"] = list(_gathered(texts, safety))
    return found


def in_files(folder: Path) -> dict[str, list[gathering.Said]]:
    """Return what the templates and the modules of a room hand to gettext, by file."""
    found = {}
    for path in sorted(path for kind in ("*.html", "*.txt", "*.py") for path in folder.rglob(kind)):
        place = path.relative_to(settings.BASE_DIR).as_posix()
        if not place.startswith(FOR_CLINICIANS) and _room_of(path) == folder and "migrations" not in path.parts:
            found[place] = list(gathering.in_file(path))
    return found


def _folders() -> list[Path]:
    paths = [Path(config.path) for config in apps.get_app_configs()]
    return [path for path in paths if settings.BASE_DIR in path.parents and "site-packages" not in path.parts]


def _room_of(path: Path) -> Path:
    return max((folder for folder in _folders() if folder in path.parents), key=lambda folder: len(folder.parts))


def _sheets() -> Mapping[Path, list[Text]]:
    return {
        consents.LOCALE.parent: texts_of(consents.source_texts(), consents.in_words),
        triage_texts.LOCALE.parent: texts_of(catalogue.current(), triage_texts.in_words),
        exercise_texts.LOCALE.parent: [
            *texts_of(exercises.current(), exercise_texts.in_words),
            *texts_of(figures.poses(), exercise_texts.poses_in_words),
        ],
        page_texts.LOCALE.parent: texts_of(course_words.current(), page_texts.course_in_words),
    }


def _gathered(texts: Iterable[tuple[gathering.Said, str]], safety: set[tuple[str, str]]) -> Iterator[Message]:
    """Yield each text once, with every place of it, in the order of the first ones."""
    messages: dict[str, Message] = {}
    for said, place in texts:
        text, plural = said[0], said[1] if len(said) > 1 else ""
        known = messages.get(text, Message(text, "", (), safety=False))
        places = known.places if place in known.places else (*known.places, place)
        messages[text] = Message(text, plural or known.plural, places, known.safety or (text, place) in safety)
    yield from messages.values()
