"""Plan: the eight weeks, the page of a week, and the reviews at week 4 and at weeks 6 to 8."""

from __future__ import annotations

import uuid
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from edge.errors import Refused
from selfcare.diary import pace, recording
from selfcare.triage import catalogue
from selfcare.triage.models import Tier
from selfcare.web import draft as drafts
from selfcare.web import patients, plan_weeks, progress
from selfcare.web.patients import Patient
from selfcare.web.plan_weeks import Review, State
from selfcare.web.views_checkin import RESULT

ASKED = (State.OPEN, State.LATE)
WEEKS = [str(number) for number in range(1, plan_weeks.LAST + 1)]


@login_required
@never_cache
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Show the eight weeks with "you are here"."""
    patient = patients.load(request.user, now=timezone.now())
    if patient.episode is None:
        return redirect("setup-episode")
    return render(request, "web/plan/overview.html", plan_weeks.page(patient))


@login_required
@never_cache
@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Keep that the page of a week was read, or take that back."""
    patient = patients.load(request.user, now=timezone.now())
    if patient.episode is None:
        return redirect("setup-episode")
    number, began_on = request.POST.get("week", ""), plan_weeks.clock_of(patient).began_on
    if number in WEEKS and request.POST.get("read") == "no":
        pace.mark_unread(patient.episode, int(number), began_on=began_on)
    elif number in WEEKS:
        pace.mark_read(patient.episode, int(number), began_on=began_on, now=patient.now)
    return redirect("plan")


@login_required
@never_cache
@require_POST
def go_on(request: HttpRequest) -> HttpResponse:
    """Store how the diary goes on after the eight weeks."""
    patient = patients.load(request.user, now=timezone.now())
    if patient.episode is None:
        return redirect("setup-episode")
    clock = plan_weeks.clock_of(patient)
    choice = request.POST.get("choice", "")
    if choice in pace.Choice and clock.ended and not progress.urgent_open(patient):
        pace.choose(patient.episode, choice, began_on=clock.began_on, now=patient.now)
        messages.success(request, _("Saved."))
    return redirect("plan")


@require_GET
def week(request: HttpRequest, week_number: int) -> HttpResponse:
    """Show one week. Nothing of a person is on it, so the phone may keep it."""
    if not 1 <= week_number <= plan_weeks.LAST:
        raise Http404
    return render(request, "web/plan/week.html", plan_weeks.week_page(week_number))


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, review_name: str) -> HttpResponse:
    """Ask the questions of a review; the answers are an entry of the diary, and the page then says what comes next."""
    patient = patients.load(request.user, now=timezone.now())
    if patient.episode is None:
        return redirect("setup-episode")
    found = plan_weeks.review_of(review_name, patient)
    if found is None:
        raise Http404
    if request.method == "GET" or progress.urgent_open(patient) or found.state not in ASKED:
        return _show(request, patient, found)
    asked = plan_weeks.questions()
    said = {one["name"]: request.POST.get(one["name"], "") for one in asked}
    missing = [one for one in asked if said[one["name"]] not in dict(one["options"])]
    if missing:
        return _show(request, patient, found, said=said, missing=missing)
    return _store(request, patient, found, said)


def _show(
    request: HttpRequest,
    patient: Patient,
    found: Review,
    *,
    said: dict[str, str] | None = None,
    missing: list[dict[str, Any]] | None = None,
) -> HttpResponse:
    answered = plan_weeks.answered(patient, found)
    return render(request, "web/plan/review.html", {
        "review": found,
        "blocked": catalogue.shown().guide.texts["blocked"] if progress.urgent_open(patient) else None,
        "questions": [{**one, "chosen": (said or {}).get(one["name"], "")} for one in plan_weeks.questions()],
        "missing": missing,
        "path": plan_weeks.path(patient, found, said=answered.get("global_change", "")) if answered else None,
        "step": answered.get("review_step", ""),
        "goal": patient.profile.goal,
        "entry_id": request.POST.get("entry") or uuid.uuid4(),
    }, status=422 if missing else 200)  # fmt: skip


def _store(request: HttpRequest, patient: Patient, found: Review, said: dict[str, str]) -> HttpResponse:
    body = {
        "occurred_on": patient.today.isoformat(),
        "recorded_at": patient.now.isoformat(),
        "recorded_zone": patient.profile.time_zone,
        "app_version": "pages",
        "catalogue_version": catalogue.current().version,
        "shown_tier": Tier.NONE,
        "observations": said,
    }
    try:
        recorded = recording.record_entry(request.user, _id(request.POST.get("entry", "")), body, now=patient.now)
    except recording.IdTaken:
        # The same form, sent twice: the first one is stored.
        return redirect("plan-review", review_name=found.name)
    except Refused as refused:
        messages.error(request, str(refused.detail))
        return redirect("plan-review", review_name=found.name)
    assessment = recorded.assessment
    if assessment and assessment.tier in drafts.STOPS:
        advice = next((one.get("advice", "") for one in assessment.findings if one.get("tier") == assessment.tier), "")
        request.session[RESULT] = {
            "draft": str(recorded.entry.pk), "tier": assessment.tier, "advice": advice, "stored": True,
        }  # fmt: skip
        return redirect("check-in-advice", draft_id=recorded.entry.pk)
    messages.success(request, _("Saved. Your care team can see it in your diary. Nobody is watching it live."))
    return redirect("plan-review", review_name=found.name)


def _id(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError:
        return uuid.uuid4()
