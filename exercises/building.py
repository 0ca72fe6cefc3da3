"""Builds the catalogue of exercises from its sheets and checks every part of it."""

from __future__ import annotations

import string
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from edge import sheets
from edge.sheets import CatalogueError, Sheet
from exercises.checking import STATES, check_references, cited, entries, exercise
from exercises.colours import Shades
from exercises.filters import OPERATORS, Filter, Pause, Test
from exercises.progression import Numbers, Rules

FACT_KINDS = ("flag", "number", "word")
PLACEHOLDERS = {"name", "count", "days"}
WEEKDAYS = "1234567"
COVER = {
    "version": str,
    "title": str,
    "language": str,
    "sign_off": dict,
    "published_on": date,
    "review_due_on": date,
    "expires_on": date,
    "most_a_day": int,
    "traits": list,
    "directions": list,
    "equipment": list,
    "sheets": list,
}
SECTIONS = {
    "sources": dict,
    "facts": dict,
    "filters": dict,
    "pauses": dict,
    "asked_to_pause": dict,
    "safety_stop": dict,
    "empty": dict,
    "stop_card": dict,
    "shades": dict,
    "numbers": dict,
    "kept_when_eased": list,
    "maintenance": dict,
    "reasons": dict,
    "hurts": dict,
    "exercises": dict,
    "starter": list,
    "plans": dict,
}
SPREAD = ("exercises",)
RESTS = ("asked_to_pause", "safety_stop", "empty")
# The order of the rules' own words: a reason without words, or words without a reason, is refused.
REASONS = (
    *("DX-01", "DX-02", "DX-02-too-much", "DX-03", "DX-04", "DX-04-half", "DX-04-swap", "DX-04-lock", "DX-05", "DX-06"),
    *("DX-08", "DX-09-two-thirds", "DX-09-level", "DX-09-recheck", "DX-12"),
    *("undone-by-patient", "undone-by-clinician", "prescribed", "closer", "soreness"),
)


def build(directory: Path, *, today: date | None) -> dict[str, Any]:
    """Return the fields of a Catalogue. Raises CatalogueError with file, line and the mend."""
    shelf = sheets.Folder(directory)
    cover = sheets.read(shelf, "catalogue.yaml")
    cover.fields(needs=COVER)
    _check_cover(cover, today=today)
    parts = _sections(shelf, cover)
    _check_sources(parts["sources"])
    facts = _facts(parts["facts"])
    filters = [_filter(id_, sheet, cover, parts, facts) for id_, sheet in entries(parts["filters"])]
    exercises = {
        id_: exercise(id_, sheet, cover, parts, {one.id for one in filters})
        for id_, sheet in entries(parts["exercises"])
    }
    pauses = [_pause(id_, sheet, parts, facts, exercises) for id_, sheet in entries(parts["pauses"])]
    check_references(parts["exercises"], exercises)
    _check_names(parts, "kept_when_eased", exercises, cover)
    _check_names(parts, "starter", exercises, cover)
    return {
        **{key: cover[key] for key in ("version", "title", "sign_off", "published_on", "review_due_on", "expires_on")},
        "most_a_day": cover["most_a_day"],
        "facts": dict(parts["facts"]),
        "sources": parts["sources"],
        "filters": tuple(filters),
        "pauses": tuple(pauses),
        "rests": _rests(parts, pauses),
        "stop_card": _stop_card(parts["stop_card"]),
        "hurts": _hurts(parts["hurts"]),
        "rules": _rules(parts),
        "maintenance": _maintenance(parts["maintenance"]),
        "reasons": _reasons(parts["reasons"]),
        "exercises": exercises,
        "starter": tuple(parts["starter"]),
        "plans": {id_: _plan(id_, sheet, exercises, cover) for id_, sheet in entries(parts["plans"])},
    }


def _check_cover(cover: Sheet, *, today: date | None) -> None:
    cover["sign_off"].fields(needs={"state": str, "authors": list, "reviewers": list, "clinical_safety_officer": str})
    cover["sign_off"].one_of("state", STATES)
    if not 1 <= cover["most_a_day"] <= 5:
        raise cover.fault("'most_a_day' is 1 to 5 (clinical.md 4.3).", "most_a_day")
    if today is not None and cover["expires_on"] < today:
        raise cover.fault(
            f"The content expired on {cover['expires_on']}. Have it reviewed and set a new date.", "expires_on"
        )


def _sections(shelf: sheets.Folder, cover: Sheet) -> dict[str, Any]:
    parts: dict[str, Any] = {}
    for name in cover["sheets"]:
        sheet = sheets.read(shelf, str(name))
        sheet.fields(needs={}, takes=SECTIONS)
        for key, value in sheet.items():
            if key in parts and key in SPREAD:
                parts[key].take_in(value)
            elif key in parts:
                raise sheet.fault(f"{key!r} stands in two sheets. Keep it in one.", key)
            else:
                parts[key] = value
    for key in SECTIONS:
        if key not in parts:
            raise cover.fault(f"No sheet holds {key!r}. Add the sheet that holds it.", "sheets")
    return parts


def _check_sources(section: Sheet) -> None:
    for _id, source in entries(section):
        source.fields(needs={"title": str, "addresses": list, "state": str}, takes={"note": str})
        source.one_of("state", ("read", "known"))


def _facts(section: Sheet) -> Sheet:
    for name in section:
        section.one_of(name, FACT_KINDS)
    return section


def _test(sheet: Sheet, facts: Sheet) -> Test:
    sheet.fields(needs={"fact": str}, takes=dict.fromkeys(OPERATORS, (bool, int, list)))
    sheet.one_of("fact", facts)
    operators = [key for key in sheet if key != "fact"]
    if len(operators) != 1:
        raise sheet.fault(f"Write exactly one of: {', '.join(OPERATORS)}.")
    operator = operators[0]
    kind = facts[sheet["fact"]]
    fits = {"flag": ("is",), "number": ("at_least", "above"), "word": ("in",)}[kind]
    if operator not in fits:
        raise sheet.fault(f"{sheet['fact']!r} is a {kind}. Compare it with: {', '.join(fits)}.", operator)
    return Test(sheet["fact"], operator, tuple(sheet[operator]) if operator == "in" else sheet[operator])


def _filter(id_: str, sheet: Sheet, cover: Sheet, parts: dict[str, Any], facts: Sheet) -> Filter:
    sheet.fields(
        needs={"when": dict, "forbids": list, "patient": str, "clinical": str, "sources": list},
        takes={"unless": dict, "walk_minutes": int, "strength_days": int, "may_override": bool},
    )
    sheet.one_of("forbids", cover["traits"])
    return Filter(
        id=id_,
        when=_test(sheet["when"], facts),
        unless=_test(sheet["unless"], facts) if "unless" in sheet else None,
        forbids=frozenset(sheet["forbids"]),
        walk_minutes=sheet.get("walk_minutes", 0),
        strength_days=sheet.get("strength_days", 0),
        may_override=sheet.get("may_override", False),
        patient=sheet["patient"],
        clinical=sheet["clinical"],
        sources=cited(sheet, parts["sources"]),
    )


def _pause(id_: str, sheet: Sheet, parts: dict[str, Any], facts: Sheet, exercises: dict[str, Any]) -> Pause:
    sheet.fields(
        needs={"when": dict, "allows": list, "patient": str, "clinical": str, "sources": list}, takes={"rule": str}
    )
    sheet.one_of("allows", exercises)
    return Pause(
        id=id_,
        when=_test(sheet["when"], facts),
        allows=tuple(sheet["allows"]),
        rule=sheet.get("rule", ""),
        patient=sheet["patient"],
        clinical=sheet["clinical"],
        sources=cited(sheet, parts["sources"]),
    )


def _check_names(parts: dict[str, Any], key: str, exercises: dict[str, Any], cover: Sheet) -> None:
    for name in parts[key]:
        if name not in exercises:
            raise cover.fault(f"{key!r} names {name!r}, which is no exercise. Use an id such as EX-01.", "sheets")


def _words(sheet: Sheet, *names: str) -> dict[str, str]:
    sheet.fields(needs=dict.fromkeys(names, str))
    return {name: sheet[name] for name in names}


def _rests(parts: dict[str, Any], pauses: list[Pause]) -> dict[str, dict[str, str]]:
    return {
        **{pause.id: {"patient": pause.patient, "clinical": pause.clinical} for pause in pauses},
        **{key: _words(parts[key], "patient", "clinical") for key in RESTS},
    }


def _stop_card(sheet: Sheet) -> dict[str, Any]:
    sheet.fields(needs={"stop_the_exercise": list, "stop_the_programme": list, "gate": str, "on_paper": list})
    return dict(sheet)


def _hurts(sheet: Sheet) -> dict[str, str]:
    return _words(sheet, "first", "question", "easier", "stopped")


def _rules(parts: dict[str, Any]) -> Rules:
    shades: dict[str, Shades] = {}
    tingling = ("green_tingling_min", "red_tingling_min")
    parts["shades"].fields(needs={"joint": dict, "glide": dict})
    for name, sheet in entries(parts["shades"]):
        own = [key for key in Shades.__dataclass_fields__ if key not in tingling]
        extra = tingling if name == "glide" else ()
        sheet.fields(needs=dict.fromkeys([*own, *extra], int))
        shades[name] = Shades(**{**dict.fromkeys(tingling), **sheet})
    parts["numbers"].fields(needs=dict.fromkeys(Numbers.__dataclass_fields__, int))
    return Rules(
        joint=shades["joint"],
        glide=shades["glide"],
        numbers=Numbers(**parts["numbers"]),
        kept_when_eased=frozenset(parts["kept_when_eased"]),
    )


def _maintenance(sheet: Sheet) -> dict[str, str]:
    words = _words(sheet, "strength_days", "walk_days")
    for key in words:
        _check_days(sheet, key)
    return words


def _reasons(section: Sheet) -> dict[str, dict[str, str]]:
    section.fields(needs=dict.fromkeys(REASONS, dict))
    reasons = {}
    for key, sheet in entries(section):
        reasons[key] = _words(sheet, "patient", "clinical")
        for who, sentence in reasons[key].items():
            named = {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}
            if not named <= PLACEHOLDERS:
                raise sheet.fault(f"Placeholders are {', '.join(sorted(PLACEHOLDERS))}.", who)
    return reasons


def _check_days(sheet: Sheet, key: str) -> None:
    days = sheet[key]
    if not days or list(days) != sorted(set(days)) or not set(days) <= set(WEEKDAYS):
        raise sheet.fault(f'{key!r} holds {days!r}. Write weekdays in order, Monday is 1, such as "135".', key)


def _plan(id_: str, sheet: Sheet, exercises: dict[str, Any], cover: Sheet) -> dict[str, Any]:
    sheet.fields(needs={"name": str, "clinical_name": str, "patient": str, "exercises": list})
    a_day: Counter[str] = Counter()
    for one in sheet["exercises"]:
        one.fields(needs={"exercise": str, "days": str}, takes={"or": str, "clinical": str})
        one.one_of("exercise", exercises)
        if "or" in one:
            one.one_of("or", exercises)
        _check_days(one, "days")
        if exercises[one["exercise"]]["locked"]:
            raise one.fault(
                "A locked exercise stands in no default plan. A clinician adds it for one person.", "exercise"
            )
        a_day.update(one["days"])
    for day, count in a_day.items():
        if count > cover["most_a_day"]:
            raise sheet.fault(f"Day {day} holds {count} exercises. Spread them: at most {cover['most_a_day']} a day.")
    held = [one["exercise"] for one in sheet["exercises"]]
    for one in sheet["exercises"]:
        pair = exercises[one["exercise"]]["pair"]
        if pair and pair not in held:
            raise one.fault(f"The stretch needs both hip positions. Add {pair}.", "exercise")
    if len(set(held)) != len(held):
        raise sheet.fault("An exercise stands twice in this plan. Write it once, with all its days.")
    return {
        "id": id_,
        "name": sheet["name"],
        "clinical_name": sheet["clinical_name"],
        "patient": sheet["patient"],
        "exercises": tuple(dict(one) for one in sheet["exercises"]),
    }


__all__ = ["CatalogueError", "build"]
