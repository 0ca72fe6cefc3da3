"""Addresses of log-in, invitations, set-up and what a person may change later.

allauth's addresses are listed one by one: what is not here does not exist, above all everything about passwords.
"""

from allauth.account import views as account
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as authenticator_app
from allauth.mfa.webauthn import views as keys
from django.urls import path
from django.views.generic import RedirectView

from selfcare.accounts import device_tokens, setup_views, views

urlpatterns = [
    path("api/v1/device", device_tokens.DeviceView.as_view(), name="api-device"),
    path("account/login/", account.login, name="account_login"),
    path("account/login/code/", RedirectView.as_view(pattern_name="account_login"), name="account_request_login_code"),
    path("account/login/code/confirm/", account.confirm_login_code, name="account_confirm_login_code"),
    path("account/login/passkey/", keys.login_webauthn, name="mfa_login_webauthn"),
    path("account/logout/", account.logout, name="account_logout"),
    path("account/inactive/", account.account_inactive, name="account_inactive"),
    path("account/signup/", account.signup, name="account_signup"),
    path("account/signup/passkey/", account.signup_by_passkey, name="account_signup_by_passkey"),
    path("account/signup/passkey/create/", keys.signup_webauthn, name="mfa_signup_webauthn"),
    path("account/confirm-email/", account.email_verification_sent, name="account_email_verification_sent"),
    path("account/email/", account.email, name="account_email"),
    path("account/2fa/", second_factor.index, name="mfa_index"),
    path("account/2fa/authenticate/", second_factor.authenticate, name="mfa_authenticate"),
    path("account/2fa/reauthenticate/", second_factor.reauthenticate, name="mfa_reauthenticate"),
    path("account/2fa/app/activate/", views.ActivateAuthenticatorApp.as_view(), name="mfa_activate_totp"),
    path("account/2fa/app/deactivate/", authenticator_app.deactivate_totp, name="mfa_deactivate_totp"),
    path("account/2fa/recovery-codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("account/2fa/recovery-codes/new/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path(
        "account/2fa/recovery-codes/download/",
        recovery_codes.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
    path("account/2fa/keys/", keys.list_webauthn, name="mfa_list_webauthn"),
    path("account/2fa/keys/add/", views.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("account/2fa/keys/reauthenticate/", keys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("account/2fa/keys/<int:pk>/edit/", keys.edit_webauthn, name="mfa_edit_webauthn"),
    path("account/2fa/keys/<int:pk>/remove/", keys.remove_webauthn, name="mfa_remove_webauthn"),
    path("join", views.join, name="join"),
    path("join/confirm", views.join_confirm, name="join-confirm"),
    path("welcome", setup_views.begin, name="setup"),
    path("welcome/about", setup_views.about, name="setup-about"),
    path("welcome/consent", setup_views.consent, name="setup-consent"),
    path("welcome/place", setup_views.place, name="setup-place"),
    path("welcome/person", setup_views.person, name="setup-person"),
    path("welcome/history/<slug:slug>", setup_views.setup_history, name="setup-history"),
    path("settings/profile", setup_views.settings_profile, name="settings-profile"),
    path("settings/history", setup_views.settings_history, name="settings-history"),
    path("settings/history/same", setup_views.settings_history_same, name="settings-history-same"),
    path("settings/history/<slug:slug>", setup_views.settings_history_page, name="settings-history-page"),
    path("settings/sharing", setup_views.settings_sharing, name="settings-sharing"),
]
