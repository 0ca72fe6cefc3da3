"""The part of set-up that belongs to the diary, and the same pages later under Settings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from edge.errors import Refused
from selfcare.accounts.models import PatientProfile
from selfcare.diary import episodes
from selfcare.web import bodymap, patients
from selfcare.web.forms import EpisodeForm, GoalForm
from selfcare.web.patients import Patient

get_or_post = require_http_methods(["GET", "POST"])


@login_required
@never_cache
@get_or_post
def episode(request: HttpRequest) -> HttpResponse:
    """Ask where it hurts and since when; afterwards the first safety check."""
    now = timezone.now()
    patient = patients.load(request.user, now=now)
    form = EpisodeForm(request.POST or None, today=patient.today, initial=_known(patient))
    if request.method == "POST" and form.is_valid() and _start(patient, form, now=now):
        if patient.episode is None:
            return redirect("setup-safety")
        messages.success(request, _("Saved."))
        return redirect("settings")
    return render(request, "web/setup/episode.html", {
        "form": form, "patient": patient, "marked": _marked(form),
        "map_views": bodymap.views(), "outline": bodymap.OUTLINE,
    }, status=422 if form.errors else 200)  # fmt: skip


@login_required
@never_cache
@require_GET
def safety(request: HttpRequest) -> HttpResponse:
    """Lead into the first check-in, which asks every safety question by itself."""
    return render(request, "web/setup/safety.html")


@login_required
@never_cache
@get_or_post
def goal(request: HttpRequest) -> HttpResponse:
    """Ask for one thing that the person wants to do again."""
    patient = patients.load(request.user, now=timezone.now())
    form = GoalForm(request.POST or None, initial={"goal": patient.profile.goal})
    if request.method == "POST" and form.is_valid():
        patient.profile.goal = form.cleaned_data["goal"]
        patient.profile.save(update_fields=["goal"])
        messages.success(request, _("Saved."))
        return redirect("home")
    return render(request, "web/setup/goal.html", {"form": form}, status=422 if form.errors else 200)


def _start(patient: Patient, form: EpisodeForm, *, now: datetime) -> bool:
    """Return whether the episode was stored; what the diary refuses is told at the month."""
    answers = form.cleaned_data
    regions = answers["regions"]
    known = patient.episode.assessed_on if patient.episode else None
    try:
        episodes.start(
            patient.user,
            onset_on=answers["onset_on"],
            onset_estimated=answers["onset_estimated"],
            pain_side=bodymap.side(regions),
            pain_site=bodymap.site(regions),
            regions=regions,
            assessed_on=(known or patient.today) if answers["assessed"] == "yes" else None,
            now=now,
        )
    except Refused as refused:
        for sentence in refused.fields.values():
            form.add_error("month", sentence)
        return False
    PatientProfile.objects.filter(user=patient.user, onboarded_at=None).update(onboarded_at=now)
    return True


def _known(patient: Patient) -> dict[str, Any]:
    known = patient.episode
    if known is None:
        return {"year": patient.today.year}
    return {
        "regions": known.regions,
        "day": "" if known.onset_estimated else known.onset_on.day,
        "month": known.onset_on.month,
        "year": known.onset_on.year,
        "assessed": "yes" if known.assessed_on else "no",
    }


def _marked(form: EpisodeForm) -> list[str]:
    return list(form["regions"].value() or [])
