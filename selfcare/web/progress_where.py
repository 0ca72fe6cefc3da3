"""Where it hurt at the start and where it hurts now: two small figures and words, without a word on what it means."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from selfcare.triage import course
from selfcare.web import bodymap
from selfcare.web.patients import Patient
from selfcare.web.progress_days import DAYS_A_WEEK, Diary

# Asked and judged as a warning sign; it has no place among the places of pain.
LEFT_OUT = (bodymap.SADDLE,)


@dataclass(frozen=True, slots=True)
class Marked:
    """One body map: when it was marked, the drawings on which something is marked, and the areas in words."""

    title: str
    on: date | None
    views: list[dict[str, Any]]
    words: str


@dataclass(frozen=True, slots=True)
class Where:
    """The start and now; ``now`` is None until the places have been asked again."""

    says: str
    start: Marked
    now: Marked | None


def where(patient: Patient, diary: Diary) -> Where | None:
    """Return where it hurt in the first week and where it hurts now; None where nothing was ever marked."""
    assert patient.episode is not None
    began = course.began_on(diary.timeline, diary.numbers)
    marked = [answer for answer in diary.timeline.answers("places") if answer.value and answer.day >= began]
    first = marked[0] if marked and marked[0].day < began + DAYS_A_WEEK else None
    start = _kept(first.value if first else patient.episode.regions)
    if not start:
        return None
    begun = _marked(_("At the start"), start, date.fromordinal(first.day) if first else None)
    newest = marked[-1] if marked and marked[-1] is not first else None
    if newest is None:
        return Where(_("These are the places you marked at the start."), begun, None)
    places = _kept(newest.value)
    return Where(_change(start, places), begun, _marked(_("Now"), places, date.fromordinal(newest.day)))


def _change(start: list[str], now: list[str]) -> str:
    new = bodymap.words([area for area in now if area not in start])
    gone = bodymap.words([area for area in start if area not in now])
    if not new and not gone:
        return _("You marked the same places as at the start.")
    says = [_("New since the start: {places}.").format(places=new)] if new else []
    says += [_("Not marked any more: {places}.").format(places=gone)] if gone else []
    return " ".join(says)


def _marked(title: str, areas: list[str], on: date | None) -> Marked:
    views = [
        {**view, "marked": [area for area in view["areas"] if area.id in areas]}
        for view in bodymap.views()
        if any(area.id in areas for area in view["areas"])
    ]
    return Marked(title, on, views, bodymap.words(areas))


def _kept(areas: Iterable[str]) -> list[str]:
    return [area for area in areas if area in bodymap.AREAS and area not in LEFT_OUT]
