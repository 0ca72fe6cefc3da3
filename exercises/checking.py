"""Checks single exercises of the catalogue: their words, doses, twins and citations."""

from __future__ import annotations

from typing import Any

from edge.sheets import Sheet
from exercises.doses import Dose

STATES = ("draft", "approved")
KINDS = ("walk", "breathing", "mobility", "stretch", "glide", "release", "strength", "direction")
IRRITABILITIES = ("low", "moderate", "high")
EXERCISE = {
    "name": str,
    "clinical_name": str,
    "kind": str,
    "traits": list,
    "irritability": str,
    "sides": int,
    "tempo_s": list,
    "rest_s": int,
    "equipment": list,
    "sources": list,
    "state": str,
    "levels": list,
    "patient": dict,
    "clinical": dict,
}
MAY = {
    "direction": str,
    "tempo_words": list,
    "hold_step_s": int,
    "whole_levels": bool,
    "every_other_day": bool,
    "pair": str,
    "easier_exercise": str,
    "harder_exercise": str,
    "instead": str,
    "adapt": dict,
    "needs": dict,
    "locked": dict,
}
TEXTS = {
    "purpose": str,
    "position": str,
    "steps": list,
    "easier": str,
    "harder": str,
    "stop": list,
    "cautions": list,
}


def entries(section: Sheet) -> list[tuple[str, Sheet]]:
    """Return the entries of a section that holds one sheet per id. Raises CatalogueError for anything else."""
    for key, value in section.items():
        if not isinstance(value, Sheet):
            raise section.fault(f"{key!r} holds {value!r}. Write keys.", key)
    return list(section.items())


def cited(sheet: Sheet, sources: Sheet) -> tuple[str, ...]:
    """Return the ids of the sources. Raises CatalogueError where there is none, or one that is not listed."""
    if not sheet["sources"]:
        raise sheet.fault("'sources' is empty. Name at least one source.", "sources")
    sheet.one_of("sources", sources)
    return tuple(sheet["sources"])


def exercise(id_: str, sheet: Sheet, cover: Sheet, parts: dict[str, Any], filters: set[str]) -> dict[str, Any]:
    """Return the fields of one exercise, checked by itself. Raises CatalogueError with file, line and the mend."""
    sheet.fields(needs=EXERCISE, takes=MAY)
    sheet.one_of("kind", KINDS)
    sheet.one_of("irritability", IRRITABILITIES)
    sheet.one_of("state", STATES)
    sheet.one_of("traits", cover["traits"])
    sheet.one_of("equipment", cover["equipment"])
    sheet.one_of("sides", (1, 2))
    if "direction" in sheet:
        sheet.one_of("direction", cover["directions"])
    if "adapt" in sheet:
        for key in sheet["adapt"]:
            if key not in filters:
                raise sheet["adapt"].fault(f"{key!r} is no filter. Use one of: {', '.join(sorted(filters))}.", key)
    if "tempo_words" in sheet and len(sheet["tempo_words"]) != len(sheet["tempo_s"]):
        raise sheet.fault(
            "'tempo_words' and 'tempo_s' differ in length. Give each part of the move its word.", "tempo_s"
        )
    for part in ("stretch", "glide", "strength", "walk"):
        if (sheet["kind"] == part) != (part in sheet["traits"]):
            raise sheet.fault(f"Kind and trait {part!r} go together. Write both or neither.", "traits")
    sheet["patient"].fields(needs={**TEXTS, "feel": str})
    sheet["clinical"].fields(needs={**TEXTS, "mastery": list})
    for who in ("patient", "clinical"):
        if not sheet[who]["steps"]:
            raise sheet[who].fault("'steps' is empty. Write the steps in their order.", "steps")
    return {
        **{key: sheet.get(key, "") for key in ("direction", "pair", "easier_exercise", "harder_exercise", "instead")},
        **{key: sheet.get(key, False) for key in ("whole_levels", "every_other_day")},
        **{key: dict(sheet.get(key, {})) for key in ("adapt", "needs", "locked", "patient", "clinical")},
        **{key: sheet[key] for key in ("name", "clinical_name", "kind", "irritability", "sides", "rest_s", "state")},
        **{key: tuple(sheet.get(key, ())) for key in ("tempo_s", "tempo_words", "equipment")},
        "id": id_,
        "traits": frozenset(sheet["traits"]),
        "hold_step_s": sheet.get("hold_step_s", 0),
        "levels": _levels(sheet),
        "sources": cited(sheet, parts["sources"]),
    }


def _levels(sheet: Sheet) -> list[dict[str, Any]]:
    if len(sheet["levels"]) != 3:
        raise sheet.fault("Write exactly three levels.", "levels")
    levels = []
    for level in sheet["levels"]:
        level.fields(
            needs={"sets": int, "reps": int},
            takes={
                **dict.fromkeys(("hold_s", "times_a_day", "days_a_week"), int),
                **dict.fromkeys(("patient", "clinical"), str),
                "only_if_closer": bool,
            },
        )
        dose = Dose(**{key: level[key] for key in level if key in Dose.__dataclass_fields__})
        if min(dose.sets, dose.reps, dose.times_a_day) < 1 or dose.hold_s < 0 or not 1 <= dose.days_a_week <= 7:
            raise level.fault("A dose has at least 1 set, 1 repetition, 1 time a day, and 1 to 7 days a week.")
        levels.append(
            {
                "dose": dose,
                "patient": level.get("patient", ""),
                "clinical": level.get("clinical", ""),
                "only_if_closer": level.get("only_if_closer", False),
            }
        )
    if not sheet.get("whole_levels"):
        for lower, higher, at in zip(levels, levels[1:], sheet["levels"][1:], strict=False):
            if any(getattr(lower["dose"], part) > getattr(higher["dose"], part) for part in ("sets", "reps", "hold_s")):
                raise at.fault("This level asks for less than the one below. Mend it, or write 'whole_levels: true'.")
    return levels


def check_references(section: Sheet, exercises: dict[str, Any]) -> None:
    """Raise unless the exercises that an exercise names exist, pairs name each other, and the way down ends."""
    for id_, sheet in entries(section):
        for key in ("pair", "easier_exercise", "harder_exercise", "instead"):
            if key in sheet:
                sheet.one_of(key, exercises)
        if "pair" in sheet and exercises[sheet["pair"]]["pair"] != id_:
            raise sheet.fault(f"{sheet['pair']} does not name {id_} as its pair. Pairs name each other.", "pair")
        if "needs" in sheet:
            sheet["needs"].fields(needs={"exercise": str, "green_days": int})
            sheet["needs"].one_of("exercise", exercises)
        if "locked" in sheet:
            sheet["locked"].fields(needs={"from_day": int, "slider": str})
            sheet["locked"].one_of("slider", exercises)
        # The way down must end: an easier exercise of an easier exercise is never the first one again.
        seen, next_ = {id_}, exercises[id_]["easier_exercise"]
        while next_:
            if next_ in seen:
                raise sheet.fault("'easier_exercise' leads round in a circle. End it.", "easier_exercise")
            seen.add(next_)
            next_ = exercises[next_]["easier_exercise"]
