"""Which texts of the sheet of Progress and Plan patients read, and the sheet in another language."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from edge.languages import Say, every_text

LOCALE = Path(__file__).parent / "locale"
NOT_SAID = ("state", "written_on", "sources", "from_day", "to_day")


def course_in_words(sheet: Mapping[str, Any], say: Say) -> dict[str, Any]:
    """Return the sheet of Progress and Plan with each text that patients read put through ``say``."""

    def part(value: Any, place: str) -> Any:
        if not isinstance(value, Mapping):
            return every_text(value, partial(say, place=place))
        return {key: each if key in NOT_SAID else part(each, place) for key, each in value.items()}

    found: dict[str, Any] = {}
    for name, value in sheet.items():
        if name in ("weeks", "reviews"):
            found[name] = {key: part(each, f"course {name} {key}") for key, each in value.items()}
        else:
            found[name] = value if name in NOT_SAID else part(value, f"course {name}")
    return found
