"""Checks the cards that patients read, and the hours of the follow-up."""

from __future__ import annotations

import string
from collections.abc import Mapping, Set
from datetime import time
from typing import Any

from edge.sheets import Sheet
from selfcare.triage import citing
from selfcare.triage.rules import TIERS

FOLLOW_UP = {
    "first_after_h": int,
    "again_after_h": int,
    "also_after_h": dict,
    "every_day_at": str,
    "push_in_quiet_hours": list,
    "silence_after_h": dict,
    "release_after_min": int,
    "cards": dict,
}
URGENT = TIERS[:2]
FOLLOW_UP_CARDS = ("ask", "unconfirmed", "confirmed", "going", "there", "not_yet", "could_not", "seen")


def _check_cards(section: Sheet, sources: Sheet, words: Set[str]) -> None:
    for name in section:
        advice = section[name]
        if not isinstance(advice, Sheet):
            raise section.fault(f"{name!r} must hold keys.", name)
        advice.fields(
            needs={"tier": str, "title": str, "calls": list, "do": list, "say": str, "why": list},
            takes={"sources": list, "evidence": dict},
        )
        if "sources" in advice:
            citing.check_citations(advice, sources)
        if "evidence" in advice:
            citing.check_evidence(advice["evidence"])
        advice.one_of("tier", TIERS)
        advice.one_of("calls", ("emergency", "urgent", "crisis"))
        if len(advice["do"]) > 3:
            raise advice.fault("'do' has more than 3 lines. Keep the 3 that matter most.", "do")
        for key in ("title", "say", "do", "why"):
            for line in advice[key] if isinstance(advice[key], list) else [advice[key]]:
                check_placeholders(advice, key, line, words)


def check_advice(parts: Mapping[str, Any], words: Set[str]) -> None:
    """Raise CatalogueError unless each card is whole and cites a source: its own, or that of a rule that shows it."""
    section = parts["advice"]
    _check_cards(section, parts["sources"], words)
    for needed in ("none", "now", "today", "soon", "crisis"):
        if needed not in section:
            raise section.fault(f"The advice {needed!r} is missing. Add it.")
    shown = {branch.get("advice") for _, rule in parts["rules"] for branch in rule.get("branches", ())}
    for name in section:
        if name not in shown and "sources" not in section[name]:
            raise section.fault(f"No rule shows {name!r}, so it needs 'sources' of its own. Add them.", name)


def check_follow_up(section: Sheet, parts: Mapping[str, Any], words: Set[str]) -> None:
    """Raise CatalogueError unless the follow-up has its hours and a card for each answer and tier."""
    section.fields(needs=FOLLOW_UP)
    section.one_of("push_in_quiet_hours", URGENT)
    section["silence_after_h"].fields(needs=dict.fromkeys(URGENT, int))
    section["also_after_h"].fields(needs={}, takes=dict.fromkeys(parts["reasons"], int))
    hours = [(section, key) for key, kind in FOLLOW_UP.items() if kind is int]
    hours += [(section[table], key) for table in ("silence_after_h", "also_after_h") for key in section[table]]
    for place, key in hours:
        if place[key] < 1:
            raise place.fault(f"{key!r} must be 1 or more. Mend it.", key)
    try:
        time.fromisoformat(section["every_day_at"])
    except ValueError:
        raise section.fault("'every_day_at' must be a time such as \"08:00\". Mend it.", "every_day_at") from None
    _check_cards(section["cards"], parts["sources"], words)
    for needed in (f"{name}_{tier}" for name in FOLLOW_UP_CARDS for tier in URGENT):
        if needed not in section["cards"]:
            raise section.fault(f"The card {needed!r} is missing. Add it.", "cards")


def check_placeholders(advice: Sheet, key: str, line: Any, words: Set[str]) -> None:
    """Raise CatalogueError unless a line is text whose placeholders are all in ``words``."""
    if not isinstance(line, str):
        raise advice.fault(f"{line!r} is not text. Put it in quotes.", key)
    for _, placeholder, _, _ in string.Formatter().parse(line):
        if placeholder is not None and placeholder not in words:
            known = ", ".join(sorted(words))
            said = f"{{{placeholder}}} is not in regions.yaml or specialists.yaml. Use one of: {known}."
            raise advice.fault(said, key)
