"""A diary by pages, newest day first. A page ends at an entry, so that new entries never shift the next page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q

from edge.errors import LOOK_AGAIN, Refused
from selfcare.diary.models import Entry, EntryQuerySet
from selfcare.diary.replies import entry_as_stored

USUAL = 30
LARGEST = 100


def page(entries: EntryQuerySet, asked: Mapping[str, str]) -> dict[str, Any]:
    """Return ``entries`` after the cursor, and the cursor of the next page, or None at the end.

    Raises Refused for a limit or cursor that cannot be read.
    """
    size = _size(asked.get("limit"))
    rows = entries.order_by("-occurred_on", "-id")
    if asked.get("after"):
        day, entry_id = _place(asked["after"])
        rows = rows.filter(Q(occurred_on__lt=day) | Q(occurred_on=day, id__lt=entry_id))
    found = list(rows[: size + 1])
    following = _cursor(found[size - 1]) if len(found) > size else None
    return {"entries": [entry_as_stored(entry) for entry in found[:size]], "next": following}


def _size(asked: str | None) -> int:
    if not asked:
        return USUAL
    if not (asked.isascii() and asked.isdecimal()) or not 1 <= int(asked[:9]) <= LARGEST:
        raise Refused(LOOK_AGAIN, fields={"limit": f"Ask for 1 to {LARGEST} entries."})
    return int(asked)


def _cursor(entry: Entry) -> str:
    return f"{entry.occurred_on.isoformat()}.{entry.pk}"


def _place(cursor: str) -> tuple[date, UUID]:
    day, _, entry_id = cursor.partition(".")
    try:
        return date.fromisoformat(day), UUID(entry_id)
    except ValueError:
        raise Refused(LOOK_AGAIN, fields={"after": 'Send "next" of the page before, as it is.'}) from None
