"""Checks the Learn cards: whole, cited, in both reading levels, with related questions that lead somewhere."""

from __future__ import annotations

from collections.abc import Set
from datetime import date
from typing import Any

from edge.sheets import Sheet
from selfcare.triage import citing
from selfcare.triage.card_checks import check_placeholders

LEVELS = ("plain", "detailed")
CARD = {
    "title": str,
    "summary": str,
    "written_on": date,
    **dict.fromkeys(LEVELS, list),
    "related": list,
    "sources": list,
    "evidence": dict,
}
LINES = {"text": list, "points": list}
RELATED = {"question": str, "card": str}


def check_learn(section: Sheet, sources: Sheet, words: Set[str]) -> None:
    """Raise CatalogueError unless each card can be shown as it is; ``words`` are the placeholders that are known."""
    for name, card in section.items():
        if not isinstance(card, Sheet):
            raise section.fault(f"{name!r} must hold keys.", name)
        card.fields(needs=CARD)
        citing.check_citations(card, sources)
        citing.check_evidence(card["evidence"])
        for key in ("title", "summary"):
            check_placeholders(card, key, card[key], words)
        for level in LEVELS:
            if not card[level]:
                raise card.fault(f"{level!r} is empty. Write the card in this level too.", level)
            for part in card[level]:
                _check_part(part, card, level, words)
        _check_related(card, section)


def _check_part(part: Any, card: Sheet, level: str, words: Set[str]) -> None:
    if not isinstance(part, Sheet):
        raise card.fault(f"{level!r} must be a list of parts with a heading.", level)
    part.fields(needs={"heading": str}, takes=LINES)
    if not any(part.get(key) for key in LINES):
        raise part.fault("This part has a heading only. Add 'text' or 'points'.", "heading")
    for line in (part["heading"], *part.get("text", ()), *part.get("points", ())):
        check_placeholders(part, "heading", line, words)


def _check_related(card: Sheet, section: Sheet) -> None:
    if not card["related"]:
        raise card.fault("'related' is empty. Lead on to at least one other card.", "related")
    for one in card["related"]:
        if not isinstance(one, Sheet):
            raise card.fault("'related' must be a list of {question, card}.", "related")
        one.fields(needs=RELATED)
        one.one_of("card", section)
