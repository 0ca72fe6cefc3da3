"""The list of patients and the page of one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from selfcare.accounts import audit
from selfcare.accounts.models import User
from selfcare.clinic import patients, programme, review
from selfcare.clinic.desk import Desk, at_desk
from selfcare.clinic.models import Review
from selfcare.clinic.plan_form import PlanForm
from selfcare.clinic.views.worklist import page_number
from selfcare.diary.models import Episode

# No diary begins before this; an address with an older day is nobody's bookmark.
EARLIEST = date(2000, 1, 1)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def index(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show the patients. A name is searched by POST, so that it never stands in an address or a log."""
    name = request.POST.get("name", "").strip()[:120]
    number = page_number(request)
    listed, has_next = patients.load(desk, name=name, page=number)
    context = {"desk": desk, "listed": listed, "name": name, "number": number, "has_next": has_next}
    return render(request, "clinic/patients.html", context)


def on_patient(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give a view the patient; a foreign one and an unknown one are the same empty place."""

    @wraps(view)
    def guarded(request: HttpRequest, desk: Desk, patient_id: UUID, **more: Any) -> HttpResponse:
        try:
            patient = review.find(desk, patient_id)
        except User.DoesNotExist:
            raise Http404 from None
        return view(request, desk, patient, **more)

    return at_desk(guarded)


@require_safe
@on_patient
def show(request: HttpRequest, desk: Desk, patient: User) -> HttpResponse:
    """Show the diary with its evidence, and write that it was looked at."""
    audit.record(
        "diary.viewed",
        actor_id=desk.clinician.id,
        now=desk.now,
        patient_id=patient.id,
        object_id=f"patient:{patient.id}",
    )
    return _page(request, desk, patient)


def _page(
    request: HttpRequest, desk: Desk, patient: User, *, form: PlanForm | None = None, status: int = 200
) -> HttpResponse:
    shown = review.load(desk, patient, until=_until(request))
    if shown.episode is not None and form is None:
        form = PlanForm.of(shown.episode, today=patient.patient.local_date(desk.now))
    exercises = programme.read_by(desk, patient, most=programme.RECENT)
    context = {"desk": desk, "review": shown, "form": form, "exercises": exercises}
    return render(request, "clinic/patient.html", context, status=status)


@require_POST
@on_patient
def plan(request: HttpRequest, desk: Desk, patient: User) -> HttpResponse:
    """Keep the next review and the examination, or end the prompts for good."""
    episode = get_object_or_404(Episode.objects.active(), patient=patient)
    form = PlanForm(request.POST, today=patient.patient.local_date(desk.now))
    if not form.is_valid():
        return _page(request, desk, patient, form=form, status=422)
    form.carry_out(episode, by=desk.clinician, now=desk.now)
    messages.success(request, gettext("Saved. Warning signs are looked for as before."))
    return redirect("clinic-patient", patient.id)


@require_POST
@on_patient
def reviewed(request: HttpRequest, desk: Desk, patient: User) -> HttpResponse:
    """Write that the diary was read up to now."""
    with transaction.atomic():
        row = Review.objects.create(patient=patient, by=desk.clinician, at=desk.now)
        audit.record(
            "diary.reviewed",
            actor_id=desk.clinician.id,
            now=desk.now,
            patient_id=patient.id,
            object_id=f"review:{row.id}",
        )
    messages.success(request, gettext("Marked as reviewed. The next comparison starts from today."))
    return redirect("clinic-patient", patient.id)


def _until(request: HttpRequest) -> date | None:
    try:
        asked = date.fromisoformat(request.GET.get("until", ""))
    except ValueError:
        return None
    return asked if asked >= EARLIEST else None
