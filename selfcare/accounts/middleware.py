"""Clinicians need a second factor before they see anything clinical, and are signed out when they leave the screen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from selfcare.accounts.authentication import by_token
from selfcare.accounts.models import Membership

# Public pages: the question "who is this?" is not even asked, so they also work while the database is away.
PUBLIC = ("/help-now", "/healthz", "/readyz", "/sw.js", "/manifest.webmanifest", "/offline", "/static", "/favicon.ico")
# Sessions of other clients travel in a header; allauth's own addresses guard themselves step by step.
HEADLESS = "/_allauth"
# Where somebody without any second factor sets one up, and where somebody with one shows it.
SET_UP = {"mfa_index", "mfa_activate_totp", "mfa_list_webauthn", "mfa_add_webauthn"}
CHALLENGE = {"mfa_reauthenticate", "mfa_reauthenticate_webauthn"}
ENTRANCE = {"account_login", "account_logout", "account_inactive", "mfa_login_webauthn", "sign-out"}

SEEN_AT = "clinician_seen_at"
# A poll of the worklist carries this header: a screen that nobody looks at must still be signed out.
BACKGROUND_HEADER = "X-Background"


class SecondFactorMiddleware:
    """Keep a member of a clinic out of everything but log-in pages until this session has a second factor."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Return the refusal, or None to let the request through."""
        if _under(request.path_info, (*PUBLIC, HEADLESS)):
            return None
        now = timezone.now()
        for user, session in _sessions(request):
            refusal = _refusal(request, user, session, now=now)
            if refusal is not None:
                return refusal
        return None


def _refusal(request: HttpRequest, user: Any, session: Any, *, now: datetime) -> HttpResponse | None:
    if not Membership.objects.current(now).filter(user=user).exists():
        return None
    if _over(session, now=now):
        return _sign_out(request, session)
    if not request.headers.get(BACKGROUND_HEADER):
        _seen(request, session, now=now)
    own = dict(Authenticator.objects.filter(user=user).values_list("id", "type"))
    if _shown(session) & own.keys():
        return None
    has_one = any(kind != Authenticator.Type.RECOVERY_CODES for kind in own.values())
    name = request.resolver_match.url_name if request.resolver_match else None
    if name in ENTRANCE or name in (CHALLENGE if has_one else SET_UP):
        return None
    if _wants_json(request):
        return JsonResponse({"detail": _("Confirm your second sign-in step first.")}, status=403)
    return redirect("mfa_reauthenticate" if has_one else "mfa_index")


def _sessions(request: HttpRequest) -> list[tuple[Any, Any]]:
    """Return every (user, session) that this request may act as: the cookie's, the header's, or both."""
    found = [(request.user, request.session)] if request.user.is_authenticated else []
    other = by_token(request)
    return [*found, other] if other else found


def _shown(session: Any) -> set[int]:
    """Return the ids of the second factors that were shown in this session; one that was removed since counts no more.

    A passkey log-in counts: allauth makes the phone verify the person (PIN or finger) for it.
    """
    records = session.get(AUTHENTICATION_METHODS_SESSION_KEY) or []
    return {record.get("id") for record in records if record.get("method") == "mfa"}


def _over(session: Any, *, now: datetime) -> bool:
    """Return whether a clinician's session has been idle or open for too long."""
    records = session.get(AUTHENTICATION_METHODS_SESSION_KEY) or []
    signed_in_at = min((record.get("at", 0.0) for record in records), default=None)
    seen_at = session.get(SEEN_AT)
    too_old = signed_in_at is not None and now.timestamp() - signed_in_at > settings.CLINICIAN_SESSION_HOURS * 3600
    too_idle = seen_at is not None and now.timestamp() - seen_at > settings.CLINICIAN_IDLE_MINUTES * 60
    return too_old or too_idle


def _seen(request: HttpRequest, session: Any, *, now: datetime) -> None:
    """Note that a person did something; written at most once a minute, so that a page does not cost a write."""
    if now.timestamp() - session.get(SEEN_AT, 0) < 60:
        return
    session[SEEN_AT] = now.timestamp()
    if session is not request.session:
        session.save()


def _sign_out(request: HttpRequest, session: Any) -> HttpResponse:
    sentence = _("You have been signed out to keep your patients' answers private. Sign in again.")
    if session is not request.session:
        session.flush()
        return JsonResponse({"detail": sentence}, status=401)
    logout(request)
    if _wants_json(request):
        return JsonResponse({"detail": sentence}, status=401)
    messages.info(request, sentence)
    return redirect_to_login(request.get_full_path() if request.method == "GET" else "")


def _wants_json(request: HttpRequest) -> bool:
    return (
        _under(request.path_info, ("/api",))
        or "X-Session-Token" in request.headers
        or "application/json" in request.headers.get("Accept", "")
    )


def _under(path: str, places: tuple[str, ...]) -> bool:
    return any(path == place or path.startswith(f"{place}/") for place in places)
