"""Pain that has come back: a few questions, whose answers are an entry that the rules read (clinical.md 2.5)."""

from __future__ import annotations

import uuid
from contextlib import suppress
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from edge.errors import Refused
from selfcare.diary import pace, recording
from selfcare.triage import catalogue
from selfcare.triage.models import Tier
from selfcare.web import course_words, patients, plan, plan_weeks, progress
from selfcare.web.patients import Patient

# Whoever says that it came back longer ago than this means something else than "again".
LONGEST = timedelta(days=365)
PAIN = "pain_avg"
SCORES = [str(score) for score in range(11)]


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def again(request: HttpRequest) -> HttpResponse:
    """Ask whether the pain was gone and when it came back; with enough pain-free days the weeks start again."""
    patient = patients.load(request.user, now=timezone.now())
    if patient.episode is None:
        return redirect("setup-episode")
    if request.method == "GET" or progress.urgent_open(patient):
        return _show(request, patient)
    gone = request.POST.get("gone", "")
    if gone != "yes":
        return _show(request, patient, outcome="shorter" if gone == "no" else "")
    if PAIN not in request.POST:
        return _show(request, patient, gone=gone)
    on, pain = _day(request.POST.get("on", "")), _score(request.POST[PAIN])
    if on is None or pain is None or not patient.today - LONGEST <= on <= patient.today:
        error = _("Choose the day on which it came back, within the last year.")
        return _show(request, patient, gone=gone, error=error)
    try:
        return _show(request, patient, outcome=_store(request, patient, on, pain))
    except Refused as refused:
        return _show(request, patient, gone=gone, error=str(refused.detail))


def _store(request: HttpRequest, patient: Patient, on: date, pain: int) -> str:
    """Return what follows from the answers: the diary has the last word on whether there were 30 days without pain.

    Two entries: the pain-free days are told on the day on which they ended, so that what was written since does not
    stand against them; how the pain is now is told today.
    """
    numbers = catalogue.current().course
    entry = _id(request.POST.get("entry", ""))
    free = {"confirmed_pain_free_days": int(numbers["recovered_days"])}
    now = {"new_episode_days": (patient.today - on).days, PAIN: pain}
    told = {on: free, patient.today: now} if on < patient.today else {on: free | now}
    for day, observations in told.items():
        body = {
            "occurred_on": day.isoformat(),
            "recorded_at": patient.now.isoformat(),
            "recorded_zone": patient.profile.time_zone,
            "app_version": "pages",
            "catalogue_version": catalogue.current().version,
            "shown_tier": Tier.NONE,
            "observations": observations,
        }
        # The same form, sent twice: the first one is stored.
        with suppress(recording.IdTaken):
            recording.record_entry(patient.user, uuid.uuid5(entry, day.isoformat()), body, now=patient.now)
    told_now = patients.load(request.user, now=patient.now)
    assert told_now.episode is not None
    began_on = plan_weeks.clock_of(told_now).began_on
    if began_on >= on:
        pace.begin_again(told_now.episode, began_on=began_on, now=patient.now)
        return "began"
    if pain < numbers["new_pain_at_least"]:
        return "low"
    return "wait" if on == patient.today else "diary"


def _show(
    request: HttpRequest, patient: Patient, *, outcome: str = "", gone: str = "", error: str = ""
) -> HttpResponse:
    sheet: Any = course_words.shown()["again"]
    return render(request, "web/plan/again.html", {
        "words": sheet,
        "blocked": catalogue.current().guide.texts["blocked"] if progress.urgent_open(patient) else None,
        "outcome": outcome,
        "says": sheet[outcome] if outcome else [],
        "options": list(sheet["options"].items()),
        "careful": progress.careful(),
        "error": error,
        "gone": gone,
        "typed": request.POST.get("on", ""),
        "score": next(step for step in plan.check_in() if step["id"] == PAIN),
        "earliest": patient.today - LONGEST,
        "today": patient.today,
        "entry_id": request.POST.get("entry") or uuid.uuid4(),
    }, status=422 if error else 200)  # fmt: skip


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def _score(typed: str) -> int | None:
    return int(typed) if typed in SCORES else None


def _id(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError:
        return uuid.uuid4()
