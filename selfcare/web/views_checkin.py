"""The check-in: the page that a script runs offline, and the same questions as plain forms, one per page."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_http_methods

from edge.languages import SOURCE
from selfcare.accounts import devices
from selfcare.triage.models import Tier
from selfcare.web import bodymap, flow, patients, places, plan, version, words
from selfcare.web import draft as drafts
from selfcare.web.regions import numbers, region_of

RESULT = "check_in_result"


@require_GET
def shell(request: HttpRequest) -> HttpResponse:
    """Show the page that the phone keeps for offline use. It holds every question and card, and nothing personal."""
    context = {
        "screens": _screens(get_language() or SOURCE, region_of(request)["country"]),
        "modules": version.modules("web/js/checkin.js"),
    }
    response = render(request, "web/checkin/shell.html", context)
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        # Not in the page, which is the same for everybody. The worker fetches it without a cookie, hence without this:
        # what a phone with a worker knows of the person lies on it already.
        response["Link"] = f"<{reverse('check-in-context')}>; rel=preload; as=fetch; crossorigin"
    return response


@lru_cache(maxsize=16)
def _screens(language: str, country: str) -> str:
    """Return every screen of the check-in in the words of the request: the same for everybody in a country."""
    steps, region = plan.check_in(), numbers(country)
    cards = words.advice_cards(region)
    return render_to_string("web/checkin/screens.html", {
        "app_name": settings.APP_NAME,
        "region": region,
        "cards": words.general_cards(region),
        "steps": steps,
        "plan": {"plan": plan.for_phone(), "version": version.current()},
        "urgent_cards": [card for card in cards if card["level"] != "soon"],
        "soon_cards": [card for card in cards if card["level"] == "soon"],
        "no_signs": words.no_signs(),
        "chest": next(step for step in steps if step["id"] == "chest"),
        "map_views": bodymap.views(),
        "outline": bodymap.OUTLINE,
    })  # fmt: skip


@ensure_csrf_cookie
@never_cache
@require_GET
def context(request: HttpRequest) -> HttpResponse:
    """Return what the phone keeps, sealed, to ask and judge without a network: own data of the person signed in."""
    if not request.user.is_authenticated:
        return JsonResponse({"detail": _("Sign in first.")}, status=401)
    try:
        patient = patients.load(request.user, now=timezone.now())
    except Http404:
        return JsonResponse({"detail": _("This is for patients.")}, status=403)
    history = patient.history
    grades = flow.last_grades(patient.entries)
    device = devices.of_session(request.session.session_key)
    if device is not None:
        devices.used(device, now=patient.now)
    return JsonResponse({
        "person": str(patient.user.pk),
        "device": {"id": device.pk, "push": device.push_id} if device and device.token_sha256 else None,
        "needs_episode": patient.episode is None,
        "country": patient.profile.country,
        "baseline": dict(history.baseline) if history else {},
        "onset_on": history.onset_on if history else None,
        "entries": patients.with_advice(patient.entries),
        "flags": patient.flags,
        "regions": patient.episode.regions if patient.episode else [],
        "has_team": patient.has_team,
        "clinics": patients.clinics_to_ring(patient),
        "had_grade": any(grades.values()),
    })  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Begin a check-in, or take up the one that is under way.

    One of an earlier day is stored under its own day; one of another form is stored as far as it goes. Yesterday can be
    filled in until noon.
    """
    now = timezone.now()
    patient = patients.load(request.user, now=now)
    if patient.episode is None:
        return redirect("setup-episode")
    asked = request.POST.get("what") or request.GET.get("what", "")
    what = asked if asked in (*flow.CHOSEN, flow.YESTERDAY) else ""
    draft = drafts.load(request.session)
    too_late = what == flow.YESTERDAY and not drafts.may_fill_in_yesterday(patient, now=now)
    if request.method == "GET" or too_late:
        context = {"draft": draft, "patient": patient, "what": what, "too_late": too_late}
        return render(request, "web/checkin/start.html", context)
    if draft is not None and (drafts.is_over(draft, patient, now=now) or not draft.is_of(what)):
        drafts.hand_over(draft, patient, now=now)
        draft = None
    draft = draft or drafts.begin(patient, what=what, now=now)
    drafts.keep(request.session, draft)
    following = draft.next_step(patient)
    if following is None:
        return _go_on(request, draft, patient)
    return redirect("check-in-step", draft_id=draft.id, step_id=following["id"])


@login_required
@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, draft_id: UUID, step_id: str) -> HttpResponse:
    """Show one question, or take its answer and go to the next page."""
    draft = drafts.load(request.session, str(draft_id))
    patient = patients.load(request.user, now=timezone.now())
    if draft is None or patient.episode is None:
        return redirect("check-in-start")
    steps = draft.steps(patient)
    asked = next((one for one in steps if one["id"] == step_id), None)
    if asked is None:
        return _go_on(request, draft, patient)
    if request.method == "POST":
        return _take(request, draft, patient, asked)
    return _ask(request, draft, patient, asked)


@login_required
@require_http_methods(["GET", "POST"])
def advice(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Show the card that the last answer called for, or take the answer about the chest from under it."""
    result = request.session.get(RESULT)
    if not result or result["draft"] != str(draft_id):
        return redirect("home")
    if request.method == "POST":
        return _take_chest(request, result)
    card = words.card_for(result["advice"], result["tier"], region_of(request))
    carry_on = result["tier"] == Tier.SAME_DAY and drafts.load(request.session) is not None
    chest = plan.chest() if result["tier"] == Tier.EMERGENCY and not result.get("chest_asked") else None
    context = {"card": card, "carry_on": carry_on, "result": result, "chest": chest}
    return render(request, "web/checkin/advice.html", context)


@login_required
@require_GET
def saved(request: HttpRequest) -> HttpResponse:
    """Show the receipt of the check-in that has been stored."""
    result = request.session.get(RESULT)
    if not result:
        return redirect("home")
    card = None
    if result["tier"] != Tier.NONE:
        card = words.card_for(result["advice"], result["tier"], region_of(request))
    return render(request, "web/checkin/saved.html", {"result": result, "card": card, "no_signs": words.no_signs()})


def _ask(
    request: HttpRequest, draft: drafts.Draft, patient: patients.Patient, asked: Any, error: Any = None, typed: str = ""
) -> HttpResponse:
    steps = draft.steps(patient)
    place = steps.index(asked)
    grades = flow.last_grades(patient.entries)
    chosen = draft.given.get(asked["id"])
    answer = flow.chosen(asked, chosen)
    back = f"/check-in/{draft.id}/{steps[place - 1]['id']}" if place else "/"
    return render(
        request,
        "web/checkin/step.html",
        {
            "step": asked,
            "count": _("Question {n} of {m}").format(n=place + 1, m=len(steps)),
            "compact": draft.mode != flow.LONG or asked["kind"] == "confirm",
            "late": draft.late,
            "places": _named(asked, draft.areas(patient)),
            "map_views": bodymap.views(),
            "outline": bodymap.OUTLINE,
            "marked": draft.extras.get("map", {}).get("places", draft.areas(patient)),
            "known": patient.areas,
            "had_grade": any(grades.values()),
            "chosen": chosen,
            "earlier": answer["label"] if answer else "",
            "back": back,
            "error": error,
            "typed": typed,
        },
        status=422 if error else 200,
    )


def _named(asked: Any, areas: list[str]) -> str:
    """Return the marked areas in words that a question is about."""
    sites = {score: site for site, score in places.SCORES.items()}
    if asked["id"] != "places" and asked["id"] not in sites:
        return ""
    return bodymap.words(areas, site=sites.get(asked["id"], ""))


def _take(request: HttpRequest, draft: drafts.Draft, patient: patients.Patient, asked: Any) -> HttpResponse:
    value = request.POST.get("answer", "")
    if asked["moved"] and "moved" in request.POST:
        draft.given["places"] = "changed"
        return _go_on(request, draft, patient)
    if asked["kind"] == "map" and value:
        return _take_map(request, draft, patient, asked)
    answer = flow.chosen(asked, value)
    extras, error = words.read_fields(asked, request.POST)
    if error and answer and answer["extras"]:
        return _ask(request, draft, patient, asked, error=error, typed=request.POST.get(error["name"], ""))
    if asked["id"] not in draft.handed:
        draft.given[asked["id"]] = value if answer else ""
        draft.extras[asked["id"]] = extras
    return _go_on(request, draft, patient)


def _take_map(request: HttpRequest, draft: drafts.Draft, patient: patients.Patient, asked: Any) -> HttpResponse:
    """Take the marked areas once they have been said back in words: left and right slip easily."""
    marked, _error = words.read_fields(asked, request.POST)
    if not marked.get("places"):
        wrong = {"name": "places", "field": "map-places", "sentence": asked["fields"][0]["error"]}
        return _ask(request, draft, patient, asked, error=wrong)
    draft.extras["map"] = places.cleaned(marked)
    if "confirmed" in request.POST:
        draft.take_map(marked)
        return _go_on(request, draft, patient)
    drafts.keep(request.session, draft)
    said = bodymap.words(draft.extras["map"]["places"])
    context = {"step": asked, "said": said, "marked": draft.extras["map"], "back": request.path}
    return render(request, "web/checkin/echo.html", context)


def _go_on(request: HttpRequest, draft: drafts.Draft, patient: patients.Patient) -> HttpResponse:
    """Judge the answers, store what must not wait, and go to the card, the next question or the receipt."""
    now = timezone.now()
    asked_under = draft.id
    finding = drafts.judge(draft, patient, now=now)
    urgent = finding is not None and finding.tier in drafts.STOPS
    following = draft.next_step(patient)
    over = following is None or (finding is not None and finding.tier == Tier.EMERGENCY)
    if urgent or over:
        _store(request, draft, patient, now=now, asked_under=asked_under)
    if over:
        drafts.forget(request.session)
    else:
        drafts.keep(request.session, draft)
    if urgent:
        return redirect("check-in-advice", draft_id=asked_under)
    if following is None:
        return redirect("check-in-saved")
    return redirect("check-in-step", draft_id=draft.id, step_id=following["id"])


def _take_chest(request: HttpRequest, result: dict[str, Any]) -> HttpResponse:
    """Keep the answer as an entry of its own; a sign leads to its card, which takes the place of the first one."""
    now = timezone.now()
    patient = patients.load(request.user, now=now)
    answer = flow.chosen(plan.chest(), request.POST.get("answer", ""))
    if answer is None or patient.episode is None:
        return redirect("check-in-advice", draft_id=result["draft"])
    draft = drafts.begin(patient, what=flow.CHANGED, now=now)
    draft.given = {"chest": answer["value"]}
    asked_under = draft.id
    finding = drafts.judge(draft, patient, now=now)
    if finding is None or finding.tier not in drafts.STOPS:
        drafts.hand_over(draft, patient, now=now)
        request.session[RESULT] = {**result, "chest_asked": True}
        return redirect("check-in-advice", draft_id=result["draft"])
    _store(request, draft, patient, now=now, asked_under=asked_under)
    request.session[RESULT] = {**request.session[RESULT], "chest_asked": True}
    return redirect("check-in-advice", draft_id=asked_under)


def _store(request: HttpRequest, draft: drafts.Draft, patient: patients.Patient, *, now: Any, asked_under: str) -> None:
    left_out = draft.left_out(patient)
    recorded = drafts.hand_over(draft, patient, now=now)
    request.session[RESULT] = {
        "draft": asked_under,
        "tier": draft.tier,
        "advice": draft.advice,
        "stored": recorded is not None or bool(draft.handed),
        "no_signs": _may_say_no_signs(draft, recorded) and not left_out,
        "left_out": left_out,
        "bad_day": draft.mode == flow.BAD_DAY,
        "entry": str(recorded.entry.pk) if recorded else "",
        "has_team": patient.has_team,
    }


def _may_say_no_signs(draft: drafts.Draft, recorded: Any) -> bool:
    """Return whether nothing was found today; an entry that nobody could judge is not that."""
    judged = recorded is not None and recorded.assessment is not None and recorded.assessment.complete
    asked = any(step["ces"] for step in plan.check_in() if step["id"] in draft.given)
    return judged and asked and draft.tier == draft.before == Tier.NONE
