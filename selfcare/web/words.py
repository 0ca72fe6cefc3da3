"""The catalogue's words as the patient's pages show them, and the reading of optional fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from selfcare.triage import catalogue
from selfcare.triage.models import Tier
from selfcare.web.regions import dialled

# The look of a card by its tier; what only informs stands on a plain one.
LEVELS = {
    Tier.EMERGENCY: "now", Tier.SAME_DAY: "today", Tier.WITHIN_2_WEEKS: "soon", Tier.ROUTINE: "soon", Tier.NONE: "note",
}  # fmt: skip
# ux.md 2.3, P27: a note is short, and never required.
MOST_LETTERS = 500
GENERAL = ("now", "today", "soon", "crisis")
# Which question of the catalogue a step of the check-in asks.
QUESTIONS = {
    "bladder": "Q-BLADDER", "bowel": "Q-BOWEL", "saddle": "Q-SADDLE", "sexual": "Q-SEX", "both_legs": "Q-BOTH",
    "bladder_known": "Q-KNOWN", "bowel_known": "Q-KNOWN", "saddle_known": "Q-KNOWN", "sexual_known": "Q-KNOWN",
    "both_legs_known": "Q-KNOWN", "weakness": "Q-WEAK", "numbness": "Q-NUMB", "gait": "Q-GAIT", "fever": "Q-FEVER",
    "very_unwell": "Q-ILL", "night_pain": "Q-NIGHT", "chest": "Q-CHEST", "sudden": "Q-SUDDEN", "cold": "Q-COLD",
    "swelling": "Q-SWELL", "foot": "Q-FOOT", "arm": "Q-ARM", "shape": "Q-SHAPE", "pregnancy": "Q-PREG",
    "injury": "Q-INJ", "steps": "Q-LOAD", "aid": "Q-AID", "landing": "Q-LAND", "skin": "Q-SKIN",
    "spreading": "Q-SPREAD",
    "rash": "Q-RASH", "weight": "Q-WEIGHT", "lump": "Q-LUMP", "urine": "Q-URINE", "flank": "Q-FLANK", "band": "Q-BAND",
    "tingling": "Q-TINGLE", "sitting": "Q-SIT",
    "mood": "Q-MOOD", "walk": "Q-WALK", "stiff": "Q-STIFF", "moving": "Q-MOVE", "eye": "Q-EYE", "tablet": "Q-NSAID",
    "side": "Q-SIDE", "period": "Q-PERIOD", "gone": "Q-GONE", "back_again": "Q-BACK", "review": "Q-REVIEW",
    "flare": "Q-FLARE", "interference": "Q-FUNCTION", "pain_worst": "Q-WORST", "overall": "Q-OVERALL",
}  # fmt: skip


def question(step_id: str) -> dict[str, str]:
    """Return heading, hint and reason of a step from the catalogue; empty where the catalogue asks nothing."""
    found = catalogue.shown().questions.get(QUESTIONS.get(step_id, ""))
    if found is None:
        return {}
    heading, mark, hint = found["text"].partition("? ")
    return {"heading": heading + mark.strip(), "hint": hint, "why": found["why"]}


def answer_labels(name: str) -> Mapping[str, str]:
    """Return the words of a set of answers."""
    return catalogue.shown().answer_sets[name]


def general_cards(region: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the cards that stand for a whole tier, and the one for a crisis."""
    return {name: _card(name, region) for name in GENERAL}


def advice_cards(region: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return every card that a finding can call for, with the name of its screen, and the general ones."""
    named = [name for name in catalogue.shown().advices if name not in (*LEVELS.values(), "none")]
    exact = [_card(name, region) | {"screen": f"advice:{name}", "advice": name} for name in named]
    general = [_card(name, region) for name in ("now", "today", "soon")]
    return exact + [card | {"screen": f"tier:{card['tier']}", "advice": ""} for card in general]


def card_for(advice: str, tier: str, region: Mapping[str, Any]) -> dict[str, Any]:
    """Return the card of an advice text; the general one of the tier when the catalogue has no such text."""
    return _card(advice if advice in catalogue.shown().advices else LEVELS[Tier(tier)], region)


def follow_up_card(name: str, region: Mapping[str, Any]) -> dict[str, Any]:
    """Return a card of the follow-up, such as "ask_emergency"."""
    return _dressed(catalogue.shown().follow_up_card(name, region["country"]))


def events() -> dict[str, str]:
    """Return what may be added to the diary besides a check-in, by its name in the vocabulary."""
    return {
        "second_reading": _("How the pain is now"),
        "medicine_change": _("A change of medicine"),
        "visit": _("A visit to a clinician"),
        "injection": _("An injection"),
        "fall": _("A fall or an injury"),
        "other": _("Something else"),
    }


def no_signs() -> str:
    """Return what may be said when no rule fired: never that somebody is fine."""
    none = catalogue.shown().advice("none")
    return " ".join((none["title"], *none["do"]))


def changes() -> list[dict[str, str]]:
    """Return the changes that the help page offers, each with the card it leads to."""
    lines = [
        (_("Peeing: hard to start, weak, leaking, I cannot feel it or I cannot go"), "now"),
        (_("Pooing: leaking, I cannot hold it or I cannot feel it"), "now"),
        (_("Between my legs: numb, tingling, or paper feels odd when I wipe"), "now"),
        (_("Sex: new loss of feeling or function"), "now"),
        (_("Both legs: pain, tingling, numbness or weakness"), "now"),
        (_("A foot drags, a knee buckles, or a leg has become very weak"), "now"),
        (_("It only burns when I pee"), "today"),
        (_("A leg is slowly getting weaker or more numb"), "today"),
        (_("Fever, or hot and shivery"), "today"),
        (_("I am not sure"), "now"),
        (_("More pain, but nothing of the above"), "soon"),
    ]
    return [{"label": label, "level": level} for label, level in lines]


def read_fields(step: Mapping[str, Any], posted: QueryDict) -> tuple[dict[str, Any], dict[str, str] | None]:
    """Return the optional fields of a step that were filled in, and the first one that needs mending, if any."""
    values: dict[str, Any] = {}
    for field in step["fields"]:
        if field["kind"] == "many":
            ticked = [value for value, _label in field["options"] if value in posted.getlist(field["name"])]
            values.update({field["name"]: ticked} if ticked else {})
            continue
        typed = posted.get(field["name"], "").strip()
        if not typed:
            continue
        value = READERS[field["kind"]](typed, field)
        if value is None:
            wrong = {"name": field["name"], "field": f"{step['id']}-{field['name']}", "sentence": field["error"]}
            return values, wrong
        values[field["name"]] = value
    return values, None


def _number(typed: str, field: Mapping[str, Any]) -> float | None:
    try:
        value = float(typed.replace(",", "."))
    except ValueError:
        return None
    return value if field["min"] <= value <= field["max"] else None


def _choice(typed: str, field: Mapping[str, Any]) -> str | None:
    return typed if typed in dict(field["options"]) else None


def _text(typed: str, field: Mapping[str, Any]) -> str | None:
    # A browser counts a new line as one letter and sends two.
    text = typed.replace("\r\n", "\n")
    return text if len(text) <= field["max"] else None


READERS = {"number": _number, "one": _choice, "text": _text}


def _card(name: str, region: Mapping[str, Any]) -> dict[str, Any]:
    return _dressed(catalogue.shown().card(name, region["country"]))


def _dressed(card: dict[str, Any]) -> dict[str, Any]:
    level = LEVELS[Tier(card["tier"])]
    prefixes = {"now": _("Act now:"), "today": _("Today:"), "soon": _("Soon:"), "note": _("Good to know:")}
    calls = [call | {"number": dialled(call["number"])} for call in card["calls"]]
    return card | {"level": level, "prefix": prefixes[level], "calls": calls}
