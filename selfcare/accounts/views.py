"""Coming in: invitations, and the second factor that counts from the moment it is set up."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from selfcare.accounts import audit, invitations
from selfcare.accounts.forms import CodeForm, ColleagueForm, PasskeyForm
from selfcare.accounts.models import Invitation


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """Take the code of an invitation; the page's script fills it in from the part of the link behind the #."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "accounts/join.html", {"form": form}, status=400 if form.is_bound else 200)
    address = get_adapter().get_client_ip(request)
    try:
        invitation = invitations.look_up(form.cleaned_data["code"], address=address, now=timezone.now())
    except (invitations.InvitationRefused, invitations.TooManyTries) as refusal:
        form.add_error("code", str(refusal))
        status = 429 if isinstance(refusal, invitations.TooManyTries) else 400
        return render(request, "accounts/join.html", {"form": form}, status=status)
    invitations.remember(request.session, invitation)
    return redirect("join-confirm" if request.user.is_authenticated else "account_signup")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join_confirm(request: HttpRequest) -> HttpResponse:
    """Say which clinic invites, and join on the person's word."""
    now = timezone.now()
    invitation = invitations.pending(request.session, now=now)
    if invitation is None:
        return redirect("join")
    joins_as_patient = invitation.kind == Invitation.Kind.PATIENT
    # Whoever acts on an alert is named beside it.
    form = None if joins_as_patient or request.user.name else ColleagueForm(request.POST or None)
    page = {"invitation": invitation, "form": form}
    if request.method != "POST":
        return render(request, "accounts/join_confirm.html", page)
    if request.POST.get("answer") == "no":
        invitations.forget(request.session)
        return redirect("home")
    if form is not None:
        if not form.is_valid():
            return render(request, "accounts/join_confirm.html", page, status=400)
        request.user.name = form.cleaned_data["name"]
        request.user.save(update_fields=["name"])
    try:
        invitations.accept_pending(request.session, user=request.user, now=now)
    except invitations.InvitationRefused as refusal:
        return render(request, "accounts/join_refused.html", {"sentence": str(refusal)}, status=409)
    return redirect("setup" if joins_as_patient else "home")


class ActivateAuthenticatorApp(ActivateTOTPView):  # type: ignore[misc]
    """Set up an authenticator app; the code that proves it works is this session's second factor."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Store the app and let this session through."""
        response = super().form_valid(form)
        _second_factor_shown(self.request, Authenticator.Type.TOTP)
        return response


class AddPasskey(AddWebAuthnView):  # type: ignore[misc]
    """Add a passkey or security key; having used it just now is this session's second factor."""

    form_class = PasskeyForm

    def form_valid(self, form: Any) -> HttpResponse:
        """Store the key and let this session through."""
        response = super().form_valid(form)
        _second_factor_shown(self.request, Authenticator.Type.WEBAUTHN)
        return response


@csrf_exempt
def not_offered(request: HttpRequest) -> JsonResponse:
    """Answer an address of allauth's that this product does not offer as if it did not exist."""
    raise Http404


def _second_factor_shown(request: HttpRequest, kind: str) -> None:
    authenticator = Authenticator.objects.filter(user=request.user, type=kind).latest("id")
    # It also counts as a fresh proof, so that the recovery codes are shown next without another question.
    record_authentication(request, request.user, "mfa", id=authenticator.pk, type=kind, reauthenticated=True)
    # What the session may do has grown: an id that somebody saw before must not grow with it.
    request.session.cycle_key()
    audit.record("second_factor.added", actor_id=request.user.pk, object_id=authenticator.pk, now=timezone.now())
