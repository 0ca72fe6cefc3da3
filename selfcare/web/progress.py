"""The page that says how it goes: the conclusion first, and never good news while urgent advice is open."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.formats import date_format

from selfcare.diary import scores
from selfcare.triage import catalogue
from selfcare.triage.models import Alert
from selfcare.web import bodymap, course_words
from selfcare.web.happened import URGENT
from selfcare.web.patients import Patient
from selfcare.web.progress_charts import FIGURES, figure_of
from selfcare.web.progress_days import Diary, diary_of, number
from selfcare.web.progress_where import where


def page(patient: Patient, *, now: datetime) -> dict[str, Any]:
    """Return what the Progress page shows."""
    diary = diary_of(patient)
    if diary is None:
        return {"patient": patient, "diary": None}
    urgent = urgent_open(patient)
    figures = [found for name in FIGURES if (found := figure_of(name, patient, diary, now=now))]
    return {
        "patient": patient,
        "diary": diary,
        "urgent": urgent,
        "status": diary.course.status,
        "overall": overall(diary, urgent=urgent),
        "figures": figures,
        "where": (places := where(patient, diary)),
        "marked": (places.start, places.now) if places else (),
        "outline": bodymap.OUTLINE,
        "events": next((found.events for found in figures if found.events), ()),
        "still_weak": nerves_lately(diary),
        "careful": careful(),
        "updated": clock(patient),
        "what_counts": course_words.shown()["what_counts"],
    }


def clock(patient: Patient, *, form: str = "H:i") -> str:
    """Return the moment of the page on the patient's own clock."""
    return date_format(patient.now.astimezone(patient.profile.zone()), form)


def urgent_open(patient: Patient) -> bool:
    """Return whether advice is open that comes before any look back."""
    return Alert.objects.open().filter(patient=patient.user, tier__in=URGENT).exists()


def careful() -> list[str]:
    """Return the sentences of the catalogue that belong beside every good news."""
    content = catalogue.shown()
    return [content.questions["Q-WEAK"]["why"], content.guide.texts["changed"]]


def overall(diary: Diary, *, urgent: bool) -> list[str]:
    """Return the conclusion of the whole diary. While urgent advice is open there is no good news."""
    sheet, found = course_words.shown(), diary.course
    if urgent:
        blocked: list[str] = catalogue.shown().guide.texts["blocked"]
        return blocked[:1]
    began_low = (
        found.status == "adequate" and found.level and found.level.compare(diary.numbers["adequate_at_most"]) > 0
    )
    says = [sheet["overall"]["began_low" if began_low else found.status]]
    if found.start and found.level:
        says.append(sheet["numbers"].format(start=number(found.start), now=number(found.level)))
    return says


def nerves_lately(diary: Diary) -> bool:
    """Return whether the newest answer about weakness or numbness is not "none"."""
    answers = [diary.timeline.answers(name) for name in scores.GRADES]
    return any(found and found[-1].value for found in answers)
