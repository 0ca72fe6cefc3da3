"""The diary so far: by day, one entry, and changing an answer by adding a corrected entry."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from edge.errors import Refused
from selfcare.accounts import audit
from selfcare.diary import recording
from selfcare.diary.models import Entry
from selfcare.triage.models import Assessment, Tier
from selfcare.web import bodymap, diary_month, flow, patients, phone, places, plan, reasons, said, words
from selfcare.web import draft as drafts
from selfcare.web.views_checkin import RESULT


@login_required
@never_cache
@require_GET
def diary(request: HttpRequest) -> HttpResponse:
    """Show a month of the diary as a calendar, with its days below, the newest first."""
    patient = patients.load(request.user, now=timezone.now())
    wanted = request.GET.get("month", "")
    month = diary_month.month_of(wanted)
    if wanted and month is None:
        raise Http404
    return render(request, "web/diary/calendar.html", diary_month.page(patient, month))


@login_required
@never_cache
@require_GET
def day(request: HttpRequest, on: str) -> HttpResponse:
    """Show one day with its entries, sessions and events."""
    patient = patients.load(request.user, now=timezone.now())
    try:
        wanted = date.fromisoformat(on)
    except ValueError:
        raise Http404 from None
    return render(request, "web/diary/day.html", diary_month.day_page(patient, wanted))


@login_required
@never_cache
@require_GET
def entry(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """Show one entry in the words that were tapped."""
    found = get_object_or_404(Entry, pk=entry_id, patient=request.user)
    assessment = Assessment.objects.filter(entry_id=found.pk, as_of=found.occurred_on).order_by("-evaluated_at").first()
    patient = patients.load(request.user, now=timezone.now())
    findings = assessment.findings if assessment else []
    lines = said.lines(plan.check_in(), found.observations)
    private = any(line["private"] for line in lines)
    # In discreet mode private answers are shown, and printed, on demand alone.
    hidden = private and phone.DISCREET in phone.words_of(request) and "show" not in request.GET
    return render(request, "web/diary/entry.html", {
        "entry": found,
        "lines": [line for line in lines if not (hidden and line["private"])],
        "private": private,
        "hidden": hidden,
        "advised": reasons.advised(findings, country=patient.profile.country, today=patient.today),
        "replaced_by": getattr(found, "corrected_by", None),
        "late": found.written_on > found.occurred_on,
        # Until a clinician has read it an answer is changed; afterwards a note is added (ux.md 2.3, P26).
        "read": audit.seen_since(patient.user.pk, since=found.received_at),
    })  # fmt: skip


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, entry_id: UUID, step_id: str) -> HttpResponse:
    """Ask one question of an entry again; the answer makes a corrected entry, and the old one stays to be seen."""
    found = get_object_or_404(Entry.objects.standing(), pk=entry_id, patient=request.user)
    step = next((one for one in plan.check_in() if one["id"] == step_id and one["kind"] != "group"), None)
    if step is None:
        raise Http404
    if request.method == "GET":
        return _ask(request, found, step)
    extras, error = words.read_fields(step, request.POST)
    if step["kind"] == "map" and request.POST.get("answer"):
        extras = places.cleaned(extras)
        if not extras["places"]:
            wrong = {"name": "places", "field": "map-places", "sentence": step["fields"][0]["error"]}
            return _ask(request, found, step, error=wrong)
    answer = flow.chosen(step, request.POST.get("answer", ""))
    if error and answer and answer["extras"]:
        return _ask(request, found, step, error=error, typed=request.POST.get(error["name"], ""))
    if answer and answer["confirm"] and f"unknown:{step_id}" in patients.load(request.user, now=timezone.now()).flags:
        return redirect("diary-change", entry_id=found.pk, step_id=answer["confirm"])
    return _correct(request, found, said.changed(step, answer, extras, found.observations))


def _ask(request: HttpRequest, found: Entry, step: Any, error: Any = None, typed: str = "") -> HttpResponse:
    return render(request, "web/checkin/step.html", {
        "step": step,
        "count": _("Change an answer"),
        "changing": True,
        "map_views": bodymap.views(),
        "outline": bodymap.OUTLINE,
        "marked": found.observations.get("places", []),
        "chosen": said.answer_of(step, found.observations),
        "back": f"/diary/{found.pk}",
        "error": error,
        "typed": typed or (found.observations.get("note", "") if step["id"] == "words" else ""),
    }, status=422 if error else 200)  # fmt: skip


def _correct(request: HttpRequest, found: Entry, observations: dict[str, Any]) -> HttpResponse:
    if observations == found.observations:
        return redirect("diary-entry", entry_id=found.pk)
    now = timezone.now()
    body = {
        "occurred_on": found.occurred_on.isoformat(),
        "recorded_at": now.isoformat(),
        "recorded_zone": found.recorded_zone,
        "app_version": "pages",
        "catalogue_version": found.catalogue_version,
        "shown_tier": Tier.NONE,
        "observations": observations,
    }
    try:
        recorded = recording.correct_entry(request.user, found.pk, uuid.uuid4(), body, now=now)
    except recording.AlreadyCorrected:
        messages.error(request, _("This entry has been changed already. Look at the newest one."))
        return redirect("diary")
    except Refused as refused:
        messages.error(request, str(refused.detail))
        return redirect("diary-entry", entry_id=found.pk)
    messages.success(request, _("Changed. Your earlier answer is kept for your care team."))
    tier = recorded.assessment.tier if recorded.assessment else Tier.NONE
    if tier in drafts.STOPS:
        findings = recorded.assessment.findings
        advice = next((one.get("advice", "") for one in findings if one.get("tier") == tier), "")
        request.session[RESULT] = {"draft": str(recorded.entry.pk), "tier": tier, "advice": advice, "stored": True}
        return redirect("check-in-advice", draft_id=recorded.entry.pk)
    return redirect("diary-entry", entry_id=recorded.entry.pk)
