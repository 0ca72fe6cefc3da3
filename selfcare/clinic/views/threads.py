"""One patient's open alerts, and what a clinician does with them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from selfcare.accounts import audit
from selfcare.clinic import delivery, handling, thread
from selfcare.clinic.desk import Desk, at_desk
from selfcare.clinic.forms import ActionForm, CloseForm
from selfcare.triage.alerts import UNDO_WITHIN
from selfcare.triage.models import Alert


def _on_alert(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give a view the alert; a foreign one and an unknown one are the same empty place."""

    @wraps(view)
    def guarded(request: HttpRequest, desk: Desk, alert_id: UUID) -> HttpResponse:
        try:
            alert = thread.find(desk, alert_id)
        except Alert.DoesNotExist:
            raise Http404 from None
        return view(request, desk, alert)

    return at_desk(guarded)


def _acting_on(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give a view the alert and those of its thread that the page showed, to somebody who may act on them."""

    @wraps(view)
    def guarded(request: HttpRequest, desk: Desk, alert: Alert) -> HttpResponse:
        if not desk.clinician.has_perm("triage.act_on_alert", alert.patient):
            raise Http404
        return view(request, desk, alert, handling.chosen(alert, request.POST.getlist("alert")))

    return require_POST(_on_alert(guarded))


@require_safe
@_on_alert
def show(request: HttpRequest, desk: Desk, alert: Alert) -> HttpResponse:
    """Show what was reported, what the patient was told and what has happened since; write that it was looked at."""
    return _page(request, desk, alert)


@require_safe
@_on_alert
def state(request: HttpRequest, desk: Desk, alert: Alert) -> HttpResponse:
    """Answer an open page with who has taken the thread and whether something new has happened; no diary in it."""
    alerts = thread.siblings(alert)
    context = {
        "desk": desk,
        "states": thread.states(alerts),
        "token": thread.token_of(alerts),
        "delay": delivery.delay(desk),
    }
    return render(request, "clinic/thread_state.html", context)


@_acting_on
def take(request: HttpRequest, desk: Desk, alert: Alert, wanted: list[Alert]) -> HttpResponse:
    """Acknowledge what the page showed."""
    conflicts = handling.take(desk, wanted)
    _tell(request, conflicts, done=gettext("You have taken this. Next: contact the patient."))
    return redirect("clinic-thread", alert.id)


@_acting_on
def act(request: HttpRequest, desk: Desk, alert: Alert, wanted: list[Alert]) -> HttpResponse:
    """Write down what was done."""
    form = ActionForm(request.POST, prefix="act")
    if not form.is_valid():
        return _page(request, desk, alert, act=form, status=422)
    conflicts = handling.record(desk, wanted, note=form.words(), contact=form.reached())
    _tell(request, conflicts, done=gettext("Written down."))
    return redirect("clinic-thread", alert.id)


@_acting_on
def release(request: HttpRequest, desk: Desk, alert: Alert, wanted: list[Alert]) -> HttpResponse:
    """Give back what was taken, so that another can take it."""
    conflicts = handling.release(desk, [each for each in wanted if each.status == Alert.Status.ACKNOWLEDGED])
    _tell(request, conflicts, done=gettext("Given back. The rota is being told, and anybody can take it."))
    return redirect("clinic-thread", alert.id)


@_acting_on
def escalate(request: HttpRequest, desk: Desk, alert: Alert, wanted: list[Alert]) -> HttpResponse:
    """Tell the next people at once."""
    conflicts = handling.escalate(desk, [each for each in wanted if each.status == Alert.Status.OPEN])
    _tell(request, conflicts, done=gettext("The next people on the rota are being told."))
    return redirect("clinic-thread", alert.id)


@_acting_on
def close(request: HttpRequest, desk: Desk, alert: Alert, wanted: list[Alert]) -> HttpResponse:
    """Close the chosen alerts with an outcome."""
    form = CloseForm(request.POST, prefix="close", shown=thread.siblings(alert), closing=wanted)
    if not wanted:
        form.add_error(None, gettext("Choose what you are closing."))
    if form.is_valid():
        answers = form.cleaned_data
        try:
            handling.close(
                desk, alert, wanted, outcome=answers["outcome"], note=answers["note"], token=answers["token"]
            )
        except handling.HandlingRefused as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("clinic-thread", wanted[0].id)
    return _page(request, desk, alert, close=form, status=422)


@require_POST
@_on_alert
def undo(request: HttpRequest, desk: Desk, alert: Alert) -> HttpResponse:
    """Open again what was closed a moment ago."""
    if not desk.clinician.has_perm("triage.act_on_alert", alert.patient):
        raise Http404
    conflicts = handling.undo_close(desk, thread.closed_together(alert))
    _tell(request, conflicts, done=gettext("It is open again, and you have taken it."))
    return redirect("clinic-thread", alert.id)


def _page(
    request: HttpRequest,
    desk: Desk,
    alert: Alert,
    *,
    act: ActionForm | None = None,
    close: CloseForm | None = None,
    status: int = 200,
) -> HttpResponse:
    audit.record(
        "diary.viewed",
        actor_id=desk.clinician.id,
        now=desk.now,
        patient_id=alert.patient_id,
        object_id=f"alert:{alert.id}",
    )
    shown = thread.load(desk, alert)
    context: dict[str, Any] = {
        "desk": desk,
        "thread": shown,
        "states": thread.states(shown.alerts),
        "may_act": desk.clinician.has_perm("triage.act_on_alert", alert.patient),
        "act": act or ActionForm(prefix="act"),
        "ticked": request.POST.getlist("alert") if close else shown.most_urgent_ids,
        "close": close or CloseForm(prefix="close", shown=shown.open, closing=[]),
        "may_undo": alert.closed_by_id == desk.clinician.id
        and alert.closed_at is not None
        and desk.now - alert.closed_at <= UNDO_WITHIN,
        "delay": delivery.delay(desk),
    }
    return render(request, "clinic/thread.html", context, status=status)


def _tell(request: HttpRequest, conflicts: list[str], *, done: str) -> None:
    for sentence in conflicts:
        messages.error(request, sentence)
    if not conflicts:
        messages.success(request, done)
