"""The drawings of the exercises: which there are, what they show in words, and where a page finds them.

The poses lie in ``catalogue/poses.yaml``; ``manage.py draw_figures`` turns them into the sprite that pages use.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.templatetags.static import static

from edge import sheets
from edge.sheets import Folder, Sheet

DIRECTORY = Path(__file__).parent / "catalogue"
SPRITE = "exercises/figures.svg"
SPRITE_FILE = Path(__file__).parent / "static" / SPRITE


@lru_cache(maxsize=1)
def poses() -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    """Return the poses of every exercise by phase, such as ``poses()["EX-04"]["start"]``; inherited parts filled in.

    Raises CatalogueError with file, line and the mend.
    """
    sheet = sheets.read(Folder(DIRECTORY), "poses.yaml")
    return {exercise_id: _phases(entry) for exercise_id, entry in sheet.items()}


def phases(exercise_id: str) -> tuple[str, ...]:
    """Return the phases that are drawn of an exercise, in order. Raises KeyError for an unknown exercise."""
    return tuple(poses()[exercise_id])


def figure_href(exercise_id: str, phase: str) -> str:
    """Return what a ``<use>`` points to. Raises KeyError for a figure that is not drawn."""
    return f"{static(SPRITE)}#{exercise_id}-{poses()[exercise_id][phase] and phase}"


def _phases(entry: Sheet) -> dict[str, dict[str, Any]]:
    entry.fields(needs={"title": str, "view": list, "figures": dict}, takes={"props": list})
    common = {key: entry[key] for key in ("title", "view", "props") if key in entry}
    filled: dict[str, dict[str, Any]] = {}
    for phase, figure in entry["figures"].items():
        if "from" in figure:
            figure.one_of("from", filled)
        inherited = filled[figure["from"]] if "from" in figure else common
        # What is shown of the movement belongs to one figure and is never inherited.
        kept = {key: value for key, value in inherited.items() if key not in ("arrows", "feel", "desc")}
        filled[phase] = {**kept, **{key: value for key, value in figure.items() if key != "from"}}
    return filled
