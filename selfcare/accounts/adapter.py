"""How this product uses django-allauth."""

from __future__ import annotations

import base64

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from selfcare.accounts import devices, invitations


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Log-in and sign-up as this product wants them."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is switched off. Ask your clinic."),
        "duplicate_email": _("This is your address already."),
        "email_taken": _("This address cannot be used. Try another one."),
        "incorrect_code": _("This code does not match. Check the newest mail."),
        "invalid_login": _("Enter your e-mail address, like name@example.org."),
        "invalid_or_expired_key": _("This code has run out. Ask for a new one."),
        "rate_limited": _("That was fast. Wait a minute, then try again."),
        "same_as_current": _("This is your address already."),
        "too_many_login_attempts": _("There were too many tries. Wait 5 minutes, then try again."),
        "unverified_primary_email": _("Confirm this address first."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return whether this visitor may make an account: by the installation's setting or with an invitation."""
        return settings.SELF_REGISTRATION or invitations.pending(request.session, now=timezone.now()) is not None

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Return where a person goes after log-in: to the invitation that was begun before it, or home."""
        if invitations.pending(request.session, now=timezone.now()) is not None:
            return reverse("join-confirm")
        return super().get_login_redirect_url(request)

    get_signup_redirect_url = get_login_redirect_url

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Sign in, and list the browser among those in which the person is signed in."""
        super().login(request, user)
        agent = request.META.get("HTTP_USER_AGENT", "")
        devices.signed_in(user, session_key=request.session.session_key, user_agent=agent, now=timezone.now())

    def send_account_already_exists_mail(self, email: str) -> None:
        """Tell the owner of the address how to get in; there is no password to reset here."""
        login_url = f"{settings.SITE_URL}{reverse('account_login')}"
        self.send_mail("account/email/account_already_exists", email, {"login_url": login_url})

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """Refuse: people log in by e-mail code or passkey."""
        raise NotImplementedError("This product has no passwords.")


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Keeps the secrets of authenticator apps encrypted, so that a stolen database alone does not open a clinic."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This code does not match. Wait for the next code and enter it."),
        "unverified_email": _("Confirm your e-mail address first."),
        "cannot_delete_authenticator": _("You need a second step. Set up another one first."),
    }

    def build_totp_svg(self, url: str) -> str:
        """Return the QR code that sets up the app."""
        return invitations.qr_svg(url).decode()

    def encrypt(self, text: str) -> str:
        """Return the text encrypted with a key that is derived from SECRET_KEY."""
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return the plain text; SECRET_KEY_FALLBACKS keep old secrets readable after a change of the key."""
        return _box().decrypt(encrypted_text.encode()).decode()


def _box() -> MultiFernet:
    return MultiFernet([_fernet(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _fernet(key: str) -> Fernet:
    derived = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"selfcare second factor").derive(key.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
