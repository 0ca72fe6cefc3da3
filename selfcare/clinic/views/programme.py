"""The page of one patient's programme, and what a clinician does there: mastery, unlocking, undo, going on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from edge.errors import LOOK_AGAIN, Refused
from exercises import catalogue as catalogues
from exercises import changes, prescribing, programmes, today
from exercises.facts import About
from exercises.mastery import BY_CLINICIAN
from selfcare.accounts import audit
from selfcare.accounts.models import User
from selfcare.clinic import programme, programme_gates, programme_paper
from selfcare.clinic.desk import Desk
from selfcare.clinic.people import person
from selfcare.clinic.programme_forms import UnlockForm
from selfcare.clinic.views.patients import on_patient

NOT_SET_UP = "clinic/programme_not_set_up.html"


def sentences(refused: Refused) -> list[str]:
    """Return what a refusal says, without the line that only points at the fields of a form."""
    detail = str(refused.detail)
    said = list(dict.fromkeys(refused.fields.values()))
    return said if said and detail == LOOK_AGAIN else [detail, *said]


def status_of(refused: Refused) -> int:
    """Return the status of a page that says no: 422 for what was typed, 409 for what is not possible now."""
    return 409 if refused.status_code == 409 else 422


@require_safe
@on_patient
def show(request: HttpRequest, desk: Desk, patient: User) -> HttpResponse:
    """Show the programme whole, and write that it was looked at."""
    known = programme.about(desk, patient)
    if known is None:
        return render(request, NOT_SET_UP, {"desk": desk, "person": person(patient, now=desk.now)})
    active = today.active_of(patient)
    if active:
        programme.looked_at(desk, patient, active)
    return _page(request, desk, patient, known)


@require_safe
@on_patient
def paper(request: HttpRequest, desk: Desk, patient: User) -> HttpResponse:
    """Show the sheet that is printed for the patient, and write that it was made."""
    known = programme.about(desk, patient)
    shown = programme_paper.load(desk, patient, known) if known else None
    if shown is None:
        messages.error(request, gettext("There is nothing to print yet. Publish a programme first."))
        return redirect("clinic-programme", patient.id)
    audit.record(
        "programme.printed",
        actor_id=desk.clinician.id,
        now=desk.now,
        patient_id=patient.id,
        object_id=shown.version.pk,
    )
    context = {"desk": desk, "person": person(patient, now=desk.now), "paper": shown}
    return render(request, "clinic/programme_paper.html", context)


@require_POST
@on_patient
def master(request: HttpRequest, desk: Desk, patient: User, exercise_id: str) -> HttpResponse:
    """Take one step of the mastery gate of one exercise."""
    if exercise_id not in catalogues.current().exercises:
        raise Http404
    event, ticked = request.POST.get("event", ""), request.POST.getlist("checklist")

    def step(known: About) -> UUID:
        if event not in BY_CLINICIAN:
            raise Refused(gettext("Choose a step: taught, checked, home, or to be checked again."))
        data = {"checklist": ticked} if ticked else {}
        return prescribing.step(patient, exercise_id, event, by=desk.clinician, about=known, now=desk.now, data=data).pk

    return _does(
        request,
        desk,
        patient,
        "programme.mastery",
        step,
        said=gettext("Written down."),
        kept={"ticked": {exercise_id: ticked}},
    )


@require_POST
@on_patient
def unlock(request: HttpRequest, desk: Desk, patient: User, exercise_id: str) -> HttpResponse:
    """Open a locked exercise for this person."""
    if exercise_id not in catalogues.current().exercises:
        raise Http404
    form = UnlockForm(request.POST)

    def step(known: About) -> UUID:
        if not form.is_valid():
            raise Refused(" ".join(sentence for each in form.errors.values() for sentence in each))
        irritability = form.cleaned_data["irritability"]
        opened = prescribing.unlock(
            patient, exercise_id, irritability=irritability, by=desk.clinician, about=known, now=desk.now
        )
        return opened.pk

    return _does(request, desk, patient, "programme.unlocked", step, said=gettext("Unlocked. It can be published now."))


@require_POST
@on_patient
def undo(request: HttpRequest, desk: Desk, patient: User, change_id: UUID) -> HttpResponse:
    """Take a change of a dose back, upwards or downwards."""
    change = changes.of(change_id)
    if change is None or change.practice.programme.patient_id != patient.pk:
        raise Http404

    def step(known: About) -> UUID:
        return changes.undo(change, by=desk.clinician, about=known, now=desk.now).pk

    return _does(request, desk, patient, "programme.undo", step, said=gettext("Taken back. The dose is as before."))


@require_POST
@on_patient
def resume(request: HttpRequest, desk: Desk, patient: User) -> HttpResponse:
    """Let the patient go on after a pause or a stop for safety."""
    active = today.active_of(patient)
    if active is None:
        raise Http404

    def step(known: About) -> UUID:
        programmes.resume(active, by=desk.clinician, about=known, now=desk.now)
        return active.pk

    return _does(request, desk, patient, "programme.resumed", step, said=gettext("The programme goes on."))


def _does(
    request: HttpRequest,
    desk: Desk,
    patient: User,
    action: str,
    step: Callable[[About], UUID],
    *,
    said: str,
    kept: dict[str, Any] | None = None,
) -> HttpResponse:
    """Do something together with its line in the audit trail; say why where it is refused, and keep what was typed."""
    known = programme.about(desk, patient)
    if known is None:
        raise Http404
    try:
        with transaction.atomic():
            object_id = step(known)
            audit.record(action, actor_id=desk.clinician.id, now=desk.now, patient_id=patient.id, object_id=object_id)
    except Refused as refused:
        context = {"errors": sentences(refused), **(kept or {})}
        return _page(request, desk, patient, known, status=status_of(refused), **context)
    messages.success(request, said)
    return redirect("clinic-programme", patient.id)


def _page(
    request: HttpRequest, desk: Desk, patient: User, known: About, *, status: int = 200, **more: Any
) -> HttpResponse:
    shown = programme.load(known, patient)
    context = {
        "desk": desk,
        "person": person(patient, now=desk.now),
        "exercises": shown,
        "gates": programme_gates.gates(shown),
        "locks": programme_gates.locks(shown),
        "unlock_form": UnlockForm(),
        **more,
    }
    return render(request, "clinic/programme.html", context, status=status)
