"""Messages to and from the care team, and the page on which one can be written without a network."""

from __future__ import annotations

import uuid
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from selfcare.accounts.models import PatientProfile
from selfcare.correspondence import conversations
from selfcare.correspondence.models import LONGEST, Message
from selfcare.web import conversation
from selfcare.web.conversation import Place


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def thread(request: HttpRequest, *, visit: bool = False) -> HttpResponse:
    """Show the conversation with the team, or whom one can write to; take a message. A visit begins with words."""
    profile = get_object_or_404(PatientProfile, user=request.user)
    now = timezone.now()
    places = conversation.places(request.user, now=now)
    place = _chosen(request, places)
    if place is None:
        reason = conversation.missing(request.user, now=now) if not places else ""
        return render(request, "web/messages/places.html", {"places": places, "missing": reason, "visit": visit})
    if request.method == "POST":
        return _send(request, profile, place)
    shown = conversation.show(request.user, profile, place, before=_before(request), now=now)
    response = _page(request, shown, places, visit=visit)
    if shown.conversation:
        conversations.mark_read(shown.conversation, shown.messages, by=request.user, now=now)
    return response


@require_GET
def write(request: HttpRequest) -> HttpResponse:
    """Show where a message can be written without a network. Nothing of a person is on it, so the phone may keep it."""
    return render(request, "web/messages/write.html", {"longest": LONGEST})


def _send(request: HttpRequest, profile: PatientProfile, place: Place) -> HttpResponse:
    now, text = timezone.now(), request.POST.get("text", "")
    message_id, kind = _id(request.POST.get("id", "")), _kind(request.POST.get("kind", ""))
    try:
        conversations.send(request.user, message_id, text, clinic=place.clinic, kind=kind, now=now)
    except conversations.MessageRefused as refusal:
        # The words stay; an id that is taken would refuse them for ever.
        kept = uuid.uuid4() if isinstance(refusal, conversations.IdTaken) else message_id
        shown = conversation.show(request.user, profile, place, before=None, now=now)
        places = conversation.places(request.user, now=now)
        form = {"id": kept, "text": text, "kind": kind, "error": str(refusal)}
        return _page(request, shown, places, form=form)
    messages.success(request, _("Sent to your care team. Nobody is watching it live."))
    return redirect(_address(place, alone=len(conversation.places(request.user, now=now)) == 1))


def _page(
    request: HttpRequest,
    shown: conversation.Shown,
    places: list[Place],
    *,
    visit: bool = False,
    form: dict[str, Any] | None = None,
) -> HttpResponse:
    fresh = {
        "id": uuid.uuid4(),
        "text": _("I would like to book a visit.") if visit else "",
        "kind": Message.Kind.VISIT_REQUEST if visit else Message.Kind.MESSAGE,
        "error": "",
    }
    context = {
        "shown": shown,
        "form": form or fresh,
        "earlier": _before(request) is not None,
        "others": len(places) > 1,
        "longest": LONGEST,
        "missing": "" if shown.place.open else conversation.missing(request.user, now=timezone.now()),
    }
    return render(request, "web/messages/thread.html", context, status=422 if form else 200)


def _chosen(request: HttpRequest, places: list[Place]) -> Place | None:
    """Return the clinic that the address or the form names, or the only one there is."""
    asked = request.POST.get("clinic") or request.GET.get("clinic")
    if not asked:
        return places[0] if len(places) == 1 else None
    found = next((place for place in places if str(place.clinic.pk) == asked), None)
    if found is None:
        raise Http404
    return found


def _address(place: Place, *, alone: bool) -> str:
    return reverse("messages") if alone else f"{reverse('messages')}?clinic={place.clinic.pk}"


def _before(request: HttpRequest) -> int | None:
    asked = request.GET.get("before", "")
    return int(asked) if asked.isdecimal() and len(asked) < 9 else None


def _kind(typed: str) -> str:
    return typed if typed in Message.Kind.values else Message.Kind.MESSAGE


def _id(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError:
        return uuid.uuid4()
