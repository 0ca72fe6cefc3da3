"""Messages with patients: who waits for an answer, and the conversation with one."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from selfcare.accounts.models import Clinic, User
from selfcare.clinic import letters, message_texts
from selfcare.clinic.desk import Desk, at_desk
from selfcare.clinic.views.patients import on_patient
from selfcare.clinic.views.worklist import page_number
from selfcare.correspondence import conversations
from selfcare.correspondence.models import LONGEST


@require_safe
@at_desk
def unanswered(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show the patients who wait for an answer, the longest first. None of their words: opening is what is audited."""
    number = page_number(request)
    waiting, has_next = letters.unanswered(desk, page=number)
    context = {"desk": desk, "waiting": waiting, "number": number, "has_next": has_next}
    return render(request, "clinic/messages.html", context)


def _with_clinic(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give a view the patient and the clinic; what this person may not read looks like what is not there."""

    @wraps(view)
    def guarded(request: HttpRequest, desk: Desk, patient: User) -> HttpResponse:
        asked = request.POST.get("clinic") or request.GET.get("clinic") or ""
        clinic = letters.clinic_for(desk, patient, asked)
        if clinic is None:
            raise Http404
        return view(request, desk, patient, clinic)

    return on_patient(guarded)


@require_http_methods(["GET", "HEAD", "POST"])
@_with_clinic
def conversation(request: HttpRequest, desk: Desk, patient: User, clinic: Clinic) -> HttpResponse:
    """Show what was written and write that it was read; take an answer."""
    if request.method == "POST":
        return _reply(request, desk, patient, clinic)
    return _page(request, desk, patient, clinic)


@require_POST
@_with_clinic
def settle(request: HttpRequest, desk: Desk, patient: User, clinic: Clinic) -> HttpResponse:
    """Write that what the patient wrote needs no answer."""
    found = conversations.between(patient.pk, clinic)
    if found is None:
        raise Http404
    try:
        conversations.needs_no_answer(found, by=desk.clinician, seen=_number(request.POST.get("seen")), now=desk.now)
    except conversations.MessageRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(_address(patient, clinic))
    messages.success(request, gettext("Taken off the list. No answer was sent."))
    return redirect("clinic-messages")


def _reply(request: HttpRequest, desk: Desk, patient: User, clinic: Clinic) -> HttpResponse:
    text, message_id = request.POST.get("text", ""), _id(request.POST.get("id", ""))
    seen = _number(request.POST.get("seen"))
    try:
        conversations.reply(desk.clinician, patient, clinic, message_id, text, seen=seen, now=desk.now)
    except conversations.MessageRefused as refusal:
        kept = uuid.uuid4() if isinstance(refusal, conversations.IdTaken) else message_id
        return _page(request, desk, patient, clinic, form={"id": kept, "text": text, "error": str(refusal)})
    messages.success(request, gettext("Sent. The patient is told that there is a new message."))
    return redirect(_address(patient, clinic))


def _page(
    request: HttpRequest, desk: Desk, patient: User, clinic: Clinic, *, form: dict[str, Any] | None = None
) -> HttpResponse:
    before = _number(request.GET.get("before")) or None
    shown = letters.load(desk, patient, clinic, before=before)
    sheet = message_texts.current()
    template = sheet["templates"].get(request.GET.get("template", ""), {"text": ""})
    context = {
        "desk": desk,
        "shown": shown,
        "form": form or {"id": uuid.uuid4(), "text": template["text"], "error": ""},
        "templates": sheet["templates"],
        "draft": sheet["state"] == "draft",
        "earlier": before is not None,
        "longest": LONGEST,
    }
    response = render(request, "clinic/conversation.html", context, status=422 if form else 200)
    with transaction.atomic():
        conversations.opened(shown.conversation, patient_id=patient.pk, clinic=clinic, by=desk.clinician, now=desk.now)
        if shown.conversation:
            conversations.mark_read(shown.conversation, shown.messages, by=desk.clinician, now=desk.now)
    return response


def _address(patient: User, clinic: Clinic) -> str:
    return f"{reverse('clinic-conversation', args=[patient.pk])}?clinic={clinic.pk}"


def _number(typed: str | None) -> int:
    return int(typed) if typed and typed.isdecimal() and len(typed) < 9 else 0


def _id(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError:
        return uuid.uuid4()
