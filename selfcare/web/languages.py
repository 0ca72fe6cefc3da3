"""In which language a page speaks, and where a person chooses it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation.trans_real import get_supported_language_variant, parse_accept_lang_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from edge.languages import SOURCE
from selfcare.accounts.models import PatientProfile
from selfcare.triage import languages

# The service worker fetches pages without cookies, so that nothing personal can get into its cache.
HEADER = "X-Language"
# The clinicians' side is written in English alone.
ENGLISH = ("/clinic", "/operator")


class LanguageMiddleware:
    """Let a page speak the language that was chosen on this phone, else the browser's; English where it has gaps."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = SOURCE if request.path.startswith(ENGLISH) else language_of(request)
        request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Accept-Language", "Cookie", HEADER))
        home = getattr(request, "home_language", "")
        return remember(response, home) if home and not chosen(request) else response


def language_of(request: HttpRequest) -> str:
    """Return the language of a request: the chosen one, else the first of the browser's that is offered."""
    wanted = chosen(request)
    if wanted:
        return wanted if wanted in languages.offered() else SOURCE
    return next((code for code in _accepted(request) if code in languages.offered()), SOURCE)


def chosen(request: HttpRequest) -> str:
    """Return the language that was chosen on this phone, offered or not; empty where none was."""
    asked = request.headers.get(HEADER, "") or request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return asked if asked in dict(settings.LANGUAGES) else ""


def not_offered(request: HttpRequest) -> str:
    """Return the name of the chosen language where English has to stand in for it, else an empty text."""
    wanted = chosen(request)
    return "" if not wanted or wanted in languages.offered() else dict(settings.LANGUAGES)[wanted]


@never_cache
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Keep a language on this phone, and for a patient also for mails and other phones."""
    wanted, back = request.POST.get("language", ""), request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    response = HttpResponseRedirect(back if safe else resolve_url("home"))
    if wanted not in languages.offered():
        return response
    if request.user.is_authenticated:
        PatientProfile.objects.filter(user=request.user).update(language=wanted)
    return remember(response, wanted)


def remember(response: HttpResponse, language: str) -> HttpResponse:
    """Return the response, with the language kept on this phone so that it holds signed out and offline."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )
    return response


@receiver(user_logged_in, dispatch_uid="language of the patient")
def follow_profile(sender: Any, request: HttpRequest | None, user: Any, **kwargs: Any) -> None:
    """Let a new phone speak the language that a patient chose on another one."""
    profile = PatientProfile.objects.filter(user=user).only("language").first()
    if profile is not None and request is not None:
        request.home_language = profile.language  # type: ignore[attr-defined]


def _accepted(request: HttpRequest) -> list[str]:
    found = []
    for code, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        try:
            found.append(get_supported_language_variant(code))
        except LookupError:
            continue
    return found
