"""A session of exercises: the page that a script runs offline, what the phone keeps for it, and the same as a form."""

from __future__ import annotations

import uuid
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from edge.errors import Refused
from exercises import catalogue as catalogues
from exercises import facts, programmes, sessions
from exercises.answers import ResultBody, SessionBody
from exercises.colours import SPREADS
from exercises.models import Session
from selfcare.web import patients, programme, version
from selfcare.web.views_programme import SCORES

TINGLING = ("0", "10", "30", "31")


@require_GET
def shell(request: HttpRequest) -> HttpResponse:
    """Show the page that the phone keeps for offline use. It holds every exercise, and nothing personal."""
    catalogue = catalogues.shown()
    return render(request, "web/programme/shell.html", {
        "exercises": [programme.page_of(exercise) for exercise in catalogue.exercises.values()],
        "moves": programme.for_phone(),
        "rests": programme.rests(),
        "stop_card": catalogue.stop_card,
        "hurts": catalogue.hurts,
        "gate": catalogue.stop_card["gate"],
        "scores": SCORES,
        "modules": version.modules("web/js/session.js"),
    })  # fmt: skip


@ensure_csrf_cookie
@never_cache
@require_GET
def context(request: HttpRequest) -> HttpResponse:
    """Return what the phone keeps, sealed, to lead a session without a network: a week of the own programme."""
    if not request.user.is_authenticated:
        return JsonResponse({"detail": _("Sign in first.")}, status=401)
    now = timezone.now()
    try:
        patients.profile_of(request.user)
    except Http404:
        return JsonResponse({"detail": _("This is for patients.")}, status=403)
    about = facts.about(request.user, now=now)
    opened = programmes.open_day(request.user, about=about, now=now)
    reply = programme.today_of(opened[0] if opened else None, about, now=now)
    return JsonResponse({"person": str(request.user.pk), **reply})


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def log(request: HttpRequest) -> HttpResponse:
    """Write down a session without a script: per move what was done, the worst pain, where it moved, tingling."""
    now = timezone.now()
    patients.profile_of(request.user)
    about = facts.about(request.user, now=now)
    opened = programmes.open_day(request.user, about=about, now=now)
    if opened is None or not opened[1].todo:
        return redirect("exercises")
    moves = [catalogues.shown().exercise(one.exercise) for one in opened[1].todo]
    if request.method == "GET":
        return _form(request, moves, given=QueryDict(), session_id=uuid.uuid4())
    given = request.POST
    results = [one for move in moves if (one := _result(move.id, given)) is not None]
    if not results and given.get("signs") == "yes":
        # Nothing was done, and for a reason that stops everything.
        results = [ResultBody(exercise=moves[0].id, done=False, new_signs=True)]
    try:
        session_id = UUID(given.get("id", ""))
    except ValueError:
        session_id = uuid.uuid4()
    if not results:
        return _form(request, moves, given=given, session_id=session_id, nothing=True)
    body = SessionBody(
        occurred_on=about.as_of,
        recorded_at=now,
        recorded_zone=about.zone.key,
        felt=given.get("felt", "") if given.get("felt", "") in Session.Felt.values else "",
        results=results,
    )
    return _stored(request, session_id, body, about=about, now=now)


@login_required
@never_cache
@require_POST
def hour_after(request: HttpRequest) -> HttpResponse:
    """Keep how the pain was an hour after the last session."""
    now = timezone.now()
    patients.profile_of(request.user)
    value = request.POST.get("answer", "")
    if value not in {str(score) for score in SCORES}:
        messages.error(request, _("Choose a number from 0 to 10."))
        return redirect("exercises")
    about = facts.about(request.user, now=now)
    opened = programmes.open_day(request.user, about=about, now=now)
    asked = programme.ask_after(opened[0] if opened else None, now=now)
    if asked is not None:
        sessions.note_hour_after(request.user, UUID(asked["session"]), pain=int(value), about=about, now=now)
        messages.success(request, _("Thank you. That helps to find the right dose."))
    return redirect("exercises")


def _form(
    request: HttpRequest, moves: list[Any], *, given: QueryDict, session_id: UUID, nothing: bool = False
) -> HttpResponse:
    return render(request, "web/programme/log.html", {
        "moves": [
            {"id": move.id, "name": move.name, "glide": move.glide} | _said(move.id, given) for move in moves
        ],
        "session_id": session_id,
        "felt": given.get("felt", ""),
        "scores": SCORES,
        "nothing": nothing,
        "gate": catalogues.shown().stop_card["gate"],
    }, status=422 if nothing else 200)  # fmt: skip


def _said(exercise_id: str, given: QueryDict) -> dict[str, str]:
    return {name: given.get(f"{exercise_id}-{name}", "") for name in ("done", "during", "spread", "tingling")}


def _result(exercise_id: str, given: QueryDict) -> ResultBody | None:
    """Return what was said about one move, or None where nothing was. An answer that no form offers was not given."""
    said = _said(exercise_id, given)
    if said["done"] not in ("yes", "partly"):
        return None
    during = said["during"] if said["during"] in {str(score) for score in SCORES} else ""
    return ResultBody(
        exercise=exercise_id,
        done=said["done"] == "yes",
        during=int(during) if during else None,
        spread=said["spread"] if said["spread"] in SPREADS else "",
        tingling_min=int(said["tingling"]) if said["tingling"] in TINGLING else None,
        new_signs=given.get("signs") == "yes",
    )


def _stored(request: HttpRequest, session_id: UUID, body: SessionBody, *, about: Any, now: Any) -> HttpResponse:
    try:
        logged = sessions.log_session(request.user, session_id, body, about=about, now=now)
    except (sessions.IdTaken, sessions.NoProgramme, Refused):
        # The form was sent twice with different answers: the first one stands, and it is shown.
        messages.error(request, _("This was saved already. Here is what stands."))
        return redirect("exercises")
    if logged.stopped:
        messages.error(request, programme.rests()[programmes.SAFETY])
        return redirect("help-which")
    messages.success(request, _("Saved. Thank you."))
    return redirect("exercises")
