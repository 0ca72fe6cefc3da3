"""The patient's exercises: the plan, one move, what changed and why, and what a person may decide alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from edge.errors import Refused
from exercises import catalogue as catalogues
from exercises import changes, facts, programmes, replies, today
from exercises.models import Programme
from selfcare.web import patients, programme

SCORES = range(11)


@login_required
@never_cache
@require_GET
def plan(request: HttpRequest) -> HttpResponse:
    """Show what is to be done today, why, how long it takes, and what rests."""
    now = timezone.now()
    patients.profile_of(request.user)
    about = facts.about(request.user, now=now)
    opened = programmes.open_day(request.user, about=about, now=now)
    found = opened[0] if opened else None
    reply = programme.today_of(found, about, now=now)
    days = reply["days"]
    return render(request, "web/programme/plan.html", {
        "programme": found,
        "why": _why(found),
        "can_start": reply["can_start"],
        "day": _shown(days[0], done=reply["done"]) if days else None,
        "ahead": [_shown(day, done={}) for day in days[1:]],
        "offer": programme.offer(found, about) if found else "",
        "asked": reply["ask_after"] if programme.is_due(reply["ask_after"], now=now) else None,
        "newest": _told(changes.history(found)[:1]) if found else [],
        "starter": [catalogues.shown().exercise(one) for one in catalogues.shown().starter],
        "empty": programme.rests()["empty"],
        "scores": SCORES,
    })  # fmt: skip


@login_required
@never_cache
@require_GET
def move(request: HttpRequest, exercise_id: str) -> HttpResponse:
    """Show one exercise: drawings, steps, the person's dose, easier and harder, when to stop."""
    exercise = catalogues.shown().exercises.get(exercise_id)
    if exercise is None:
        raise Http404
    now = timezone.now()
    patients.profile_of(request.user)
    about = facts.about(request.user, now=now)
    reply = programme.today_of(today.active_of(request.user), about, now=now)
    todo = next((one for day in reply["days"] for one in day["todo"] if one["exercise"] == exercise_id), None)
    return render(request, "web/programme/move.html", {
        "exercise": programme.page_of(exercise),
        "todo": todo,
        "easier": catalogues.shown().exercises.get(exercise.easier_exercise),
        "stop_card": catalogues.shown().stop_card,
    })  # fmt: skip


@login_required
@never_cache
@require_GET
def history(request: HttpRequest) -> HttpResponse:
    """Show the weeks so far and every change of the programme with its reason."""
    about, found = _own(request)
    return render(request, "web/programme/history.html", {
        "programme": found,
        "weeks": programme.weeks_of(found, about),
        "changes": _told(changes.history(found)[:60]),
        "story": programme.story_of(found),
    })  # fmt: skip


@login_required
@never_cache
@require_POST
def undo(request: HttpRequest, change_id: UUID) -> HttpResponse:
    """Take a step up back. More of something is a clinician's to give back."""
    change = changes.of(change_id)
    if change is None or change.practice.programme.patient_id != request.user.pk:
        raise Http404
    now = timezone.now()
    about = facts.about(request.user, now=now)
    return _do(
        request,
        lambda: changes.undo(change, by=request.user, about=about, now=now),
        _("You do less of it from now on."),
        to="exercises-history",
    )


@login_required
@never_cache
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Begin the gentle start, which needs a clear safety screen."""
    now = timezone.now()
    patients.profile_of(request.user)
    about = facts.about(request.user, now=now)
    return _do(
        request,
        lambda: programmes.self_start(request.user, about=about, now=now),
        _("Good start. Here are your moves for today."),
    )


@login_required
@never_cache
@require_POST
def pause(request: HttpRequest) -> HttpResponse:
    """Let the exercises rest until the person goes on."""
    about, found = _own(request)
    now = timezone.now()
    return _do(
        request,
        lambda: programmes.pause(found, by=request.user, on=about.as_of, now=now),
        _("Paused. Start again when you are ready."),
    )


@login_required
@never_cache
@require_POST
def resume(request: HttpRequest) -> HttpResponse:
    """Go on after a pause."""
    about, found = _own(request)
    now = timezone.now()
    return _do(
        request, lambda: programmes.resume(found, by=request.user, about=about, now=now), _("Good to see you again.")
    )


@login_required
@never_cache
@require_POST
def flare(request: HttpRequest) -> HttpResponse:
    """Make the next days gentle ones after a bad day."""
    about, _found = _own(request)
    now = timezone.now()
    return _do(
        request,
        lambda: programmes.flare(request.user, on=about.as_of, now=now),
        _("You do the gentle plan for a few days. Walking and breathing stay."),
    )


@login_required
@never_cache
@require_POST
def maintenance(request: HttpRequest) -> HttpResponse:
    """Move to the plan for keeping well, where it is offered."""
    about, found = _own(request)
    now = timezone.now()
    return _do(
        request,
        lambda: programmes.maintenance(found, by=request.user, about=about, now=now),
        _("This is your plan for keeping well."),
    )


def _own(request: HttpRequest) -> tuple[Any, Programme]:
    """Return what is known of the person and their programme. Raises Http404 without one."""
    now = timezone.now()
    patients.profile_of(request.user)
    found = today.active_of(request.user)
    if found is None:
        raise Http404
    return facts.about(request.user, now=now), found


def _do(request: HttpRequest, act: Callable[[], Any], done: str, *, to: str = "exercises") -> HttpResponse:
    """Do one thing and say what became of it, in one sentence, on the page that shows it."""
    try:
        act()
    except Refused as refused:
        messages.error(request, str(refused.detail))
    else:
        messages.success(request, done)
    return redirect(to)


def _why(found: Programme | None) -> str:
    """Return why these moves, in one sentence: that of the plan they come from."""
    version = today.published(found) if found else None
    pattern = catalogues.shown().plans.get(version.pattern) if version else None
    if pattern:
        return pattern.patient
    return _("Your clinician chose these moves for you.") if found else ""


def _shown(day: dict[str, Any], *, done: dict[str, int]) -> dict[str, Any]:
    catalogue = catalogues.shown()
    rests = programme.rests()
    return {
        **day,
        "label": date_format(date.fromisoformat(day["on"]), "l"),
        "todo": [
            {**one, "name": catalogue.exercise(one["exercise"]).name, "done": min(done.get(one["exercise"], 0), times)}
            for one in day["todo"]
            if (times := one["dose"]["times_a_day"])
        ],
        "left_out": [{**one, "name": catalogue.exercise(one["exercise"]).name} for one in day["left_out"]],
        "says": [rests[key] for key in day["rests"]],
        "led": any(catalogue.exercise(one["exercise"]).kind != programme.WALK for one in day["todo"]),
    }


def _told(found: list[Any]) -> list[dict[str, Any]]:
    """Return changes in words; only the newest of an exercise can be taken back."""
    seen: set[str] = set()
    told = []
    for one in (replies.change(each, for_clinician=False) for each in found):
        told.append({**one, "can_undo": one["can_undo"] and one["exercise"] not in seen})
        seen.add(one["exercise"])
    return told
