"""Asking whether the patient was seen, and keeping the answer. No answer stands in an address."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from selfcare.diary import follow_up as answering
from selfcare.triage.follow_up import Answer
from selfcare.triage.models import Alert, Said
from selfcare.triage.moving import AlertConflict, UnknownAlert
from selfcare.web import follow_up, patients
from selfcare.web.follow_up import CouldNotForm, SeenForm
from selfcare.web.patients import Patient
from selfcare.web.regions import region_of


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """Show the question with what was answered so far; keep an answer, or ask where, when and why."""
    patient = patients.load(request.user, now=timezone.now())
    if request.method == "POST":
        return _post(request, patient)
    return _page(request, patient)


def _post(request: HttpRequest, patient: Patient) -> HttpResponse:
    said = request.POST.get("answer", "")
    chosen = _shown(request, patient)
    if "alert" not in request.POST:
        messages.error(request, _("Answer below, please: the page had changed."))
        return redirect("follow-up")
    if said in follow_up.TAPPED:
        return _keep(request, patient, chosen, Answer(said=said))
    if said not in follow_up.TOLD_MORE:
        messages.error(request, _("Choose one of the answers."))
        return redirect("follow-up")
    form = _form(said, chosen, patient, request.POST if "details" in request.POST else None)
    if form.is_bound and form.is_valid():
        return _keep(request, patient, chosen, Answer(said=said, **form.cleaned_data))
    context = {"form": form, "answer": said, "chosen": chosen}
    return _page(request, patient, status=422 if form.is_bound else 200, **context)


def _shown(request: HttpRequest, patient: Patient) -> list[Alert]:
    """Return the open alerts that the page asked about: one that came later is asked about by itself.

    Raises Http404 for an alert of somebody else, as for one that does not exist.
    """
    try:
        posted = {UUID(value) for value in request.POST.getlist("alert")}
    except ValueError:
        raise Http404 from None
    if Alert.objects.filter(pk__in=posted, patient=patient.user).count() != len(posted):
        raise Http404
    return [alert for alert in follow_up.open_alerts(patient) if alert.pk in posted]


def _keep(request: HttpRequest, patient: Patient, chosen: list[Alert], answer: Answer) -> HttpResponse:
    try:
        answering.answer(patient.user, [alert.pk for alert in chosen], answer, now=timezone.now())
    except UnknownAlert:
        raise Http404 from None
    except AlertConflict as conflict:
        messages.error(request, str(conflict))
        return redirect("follow-up")
    if chosen and patient.has_team:
        messages.success(request, _("Thank you. Your care team can see your answer."))
    elif chosen:
        messages.success(request, _("Thank you. Your answer is kept. No care team sees it."))
    else:
        messages.info(request, _("Your care team has closed this. There is nothing left to answer."))
    return redirect("follow-up")


def _form(said: str, chosen: list[Alert], patient: Patient, posted: Any) -> SeenForm | CouldNotForm:
    if said == Said.COULD_NOT:
        return CouldNotForm(posted)
    # Seen about all of it: not before the last of it was told.
    first = max((alert.as_of for alert in chosen), default=patient.today)
    return SeenForm(posted, first=min(first, patient.today), last=patient.today)


def _page(request: HttpRequest, patient: Patient, *, status: int = 200, **more: Any) -> HttpResponse:
    question = follow_up.question(patient, region_of(request), now=timezone.now())
    context = {"patient": patient, "question": question, **more}
    return render(request, "web/follow_up.html", context, status=status)
