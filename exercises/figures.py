"""The drawings of the exercises: which there are, what they show in words, and where a page finds them.

The poses lie in ``catalogue/poses.yaml``; ``manage.py draw_figures`` turns them into the sprite that pages use.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django.templatetags.static import static
from django.utils.translation import get_language

from edge import sheets
from edge.languages import SOURCE, translated, words_of
from edge.sheets import Folder, Sheet
from exercises import translating
from exercises.figures_binding import HEIGHT, WIDTH

DIRECTORY = Path(__file__).parent / "catalogue"
SPRITE = "exercises/figures.svg"
VIEW_BOX = f"0 0 {WIDTH} {HEIGHT}"
# ux.md 3.7: fetched once, on the first visit to the exercises, and kept for use without network.
MOST_BYTES = 40 * 1024
SPRITE_FILE = Path(__file__).parent / "static" / SPRITE

LEVELS = 3
LIMBS = ("right_leg", "left_leg", "right_arm", "left_arm")
POSE = {
    **dict.fromkeys(("from", "stance"), str),
    **dict.fromkeys(("lean", "x"), (int, float)),
    **dict.fromkeys(("spine", "neck", "view", "props", "arrows", "crossed"), list),
    **dict.fromkeys(("rest", "feel", *LIMBS), dict),
}


@lru_cache(maxsize=1)
def poses() -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    """Return the poses of every exercise by phase, such as ``poses()["EX-04"]["start"]``; inherited parts filled in.

    Raises CatalogueError with file, line and the mend.
    """
    sheet = sheets.read(Folder(DIRECTORY), "poses.yaml")
    return {exercise_id: _phases(entry) for exercise_id, entry in sheet.items()}


def phases(exercise_id: str) -> tuple[str, ...]:
    """Return the phases that are drawn of an exercise, in order: ``start``, perhaps ``middle``, ``end``, then variants.

    Raises KeyError for an unknown exercise.
    """
    return tuple(poses()[exercise_id])


def frames(exercise_id: str, *, level: int, by_level: bool) -> tuple[str, str]:
    """Return the two phases between which a move goes at a level, 1 to 3.

    The end of the level where one is drawn for each (EX-12: wall, chair, floor). ``by_level``: the levels are different
    positions, one phase each (EX-18). Raises KeyError for an unknown exercise.
    """
    drawn = phases(exercise_id)
    ends = [phase for phase in drawn if phase == "end" or phase.endswith("-end")]
    if len(ends) == LEVELS:
        return drawn[0], ends[level - 1]
    return drawn[0], drawn[level - 1] if by_level else "end"


def title(exercise_id: str, phase: str) -> str:
    """Return the name of what is drawn. Raises KeyError for a figure that is not drawn."""
    return str(_shown(get_language() or SOURCE)[exercise_id][phase]["title"])


def description(exercise_id: str, phase: str) -> str:
    """Return the position in one sentence, for who cannot see it. Raises KeyError for a figure that is not drawn."""
    return str(_shown(get_language() or SOURCE)[exercise_id][phase]["desc"])


def figure_href(exercise_id: str, phase: str) -> str:
    """Return what the ``<use>`` of a drawing points to. Raises KeyError for a figure that is not drawn.

    The ``<svg>`` round it carries the attributes that all figures inherit; the template tag ``figure`` writes both.
    """
    if phase not in poses()[exercise_id]:
        raise KeyError(phase)
    return f"{static(SPRITE)}#{exercise_id}-{phase}"


@cache
def _shown(language: str) -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    """Return the poses with their words in a language."""
    if language == SOURCE:
        return poses()
    return translated(poses(), translating.poses_in_words, words_of(translating.LOCALE, language))


def _phases(entry: Sheet) -> dict[str, dict[str, Any]]:
    entry.fields(needs={"title": str, "view": list, "figures": dict}, takes={"props": list})
    common = {key: entry[key] for key in ("title", "view", "props") if key in entry}
    filled: dict[str, dict[str, Any]] = {}
    for phase, figure in entry["figures"].items():
        figure.fields(needs={"desc": str}, takes=POSE)
        if "from" in figure:
            figure.one_of("from", filled)
        inherited = filled[figure["from"]] if "from" in figure else common
        # What is shown of the movement belongs to one figure and is never inherited.
        kept = {key: value for key, value in inherited.items() if key not in ("arrows", "feel", "desc")}
        filled[phase] = {**kept, **{key: value for key, value in figure.items() if key != "from"}}
    return filled
