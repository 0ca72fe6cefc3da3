"""The sheet ``content/course.yaml``: what the Progress and Plan pages say, read once and checked whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import get_language

from edge import sheets
from edge.languages import SOURCE, translated, words_of
from edge.sheets import Folder, Sheet
from selfcare.triage import catalogue
from selfcare.triage.course import STATUSES
from selfcare.web import translating

DIRECTORY = Path(__file__).parent / "content"
NAME = "course.yaml"
WEEKS = 8
CHANGES = ("improving", "worsening", "not_improved", "insufficient")
SECTIONS = {
    "state": str,
    "written_on": date,
    "overall": dict,
    "numbers": str,
    "what_counts": str,
    "function": dict,
    "pain": dict,
    "nerves": dict,
    "weeks": dict,
    "after": list,
    "late": list,
    "pace": dict,
    "again": dict,
    "asks": dict,
    "reviews": dict,
}
WEEK = {"common": list, "do": list, "not_expected": list, "sources": list}
PACES = ("as_it_is", "weekly", "stopped")
PACE = {"ask": str, "options": dict, "chosen": dict, "told": list, "sources": list}
OUTCOMES = ("began", "wait", "low", "diary", "shorter")
AGAIN = {
    "title": str,
    "intro": list,
    "gone": str,
    "options": dict,
    "when": str,
    **dict.fromkeys(OUTCOMES, list),
    "sources": list,
}
REVIEW = {
    "from_day": int,
    "to_day": int,
    "title": str,
    "intro": list,
    **dict.fromkeys((*CHANGES, "well"), list),
    "sources": list,
}


@cache
def current() -> Sheet:
    """Return the sheet. Raises CatalogueError, with the line and the mend, for one that pages cannot rely on."""
    return read(Folder(DIRECTORY), sources=catalogue.current().sources)


def shown() -> Mapping[str, Any]:
    """Return the sheet in the language of the request."""
    return _in_language(get_language() or SOURCE)


@cache
def _in_language(language: str) -> Mapping[str, Any]:
    if language == SOURCE:
        return current()
    return translated(current(), translating.course_in_words, words_of(translating.LOCALE, language))


def read(shelf: sheets.Shelf, *, sources: Iterable[str]) -> Sheet:
    """Return the checked sheet of a shelf; ``sources`` are the names that it may cite."""
    sheet = sheets.read(shelf, NAME)
    sheet.fields(needs=SECTIONS)
    sheet.one_of("state", ("draft", "approved"))
    sheet["overall"].fields(needs=dict.fromkeys((*STATUSES, "began_low"), str))
    sheet["function"].fields(needs=dict.fromkeys(CHANGES, str))
    sheet["pain"].fields(needs=dict.fromkeys(CHANGES, str))
    sheet["nerves"].fields(needs=dict.fromkeys(("none", "newest", "higher", "unasked"), str))
    sheet["weeks"].fields(needs={str(week): dict for week in range(1, WEEKS + 1)})
    sheet["asks"].fields(needs=dict.fromkeys(("global_change", "review_step"), str))
    sheet["reviews"].fields(needs={"week-4": dict, "week-6": dict})
    for part in ("options", "chosen"):
        sheet["pace"][part].fields(needs=dict.fromkeys(PACES, str))
    sheet["again"]["options"].fields(needs=dict.fromkeys(("yes", "no"), str))
    cited: list[tuple[Sheet, dict[str, type]]] = [(sheet["pace"], PACE), (sheet["again"], AGAIN)]
    cited += [(part, needs) for name, needs in (("weeks", WEEK), ("reviews", REVIEW)) for part in sheet[name].values()]
    for part, needs in cited:
        part.fields(needs=needs)
        part.one_of("sources", sources)
        if not part["sources"]:
            raise part.fault("There is no source. Name at least one of sources.yaml.", "sources")
    return sheet
