"""Every address of the product. The access matrix test walks this list: a new route must be entered there."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

from selfcare import health, mailbox
from selfcare.accounts.views import not_offered
from selfcare.web.views import ApiDocsView

# What allauth's API for other clients can do and this product does not: people log in by e-mail code or passkey, other
# clients sign people up by e-mail code, and nobody is asked for a phone number.
NOT_OFFERED = [
    path(f"_allauth/app/v1/{address}", not_offered)
    for address in (
        "auth/login",
        "auth/password/request",
        "auth/password/reset",
        "auth/phone/verify",
        "auth/phone/verify/resend",
        "auth/webauthn/signup",
        "account/password/change",
        "account/phone",
    )
]

handler400 = "selfcare.web.views.bad_request"

urlpatterns = [
    path("healthz", health.live, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("operator/mail/<str:given>", mailbox.mailbox, name="operator-mail"),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", ApiDocsView.as_view(), name="api-docs"),
    path("api/v1/", include("selfcare.diary.urls")),
    path("api/v1/", include("selfcare.triage.urls")),
    path("api/v1/", include("selfcare.correspondence.urls")),
    path("api/v1/", include("exercises.urls")),
    path("api/v1/", include("notifications.urls")),
    *NOT_OFFERED,
    path("_allauth/", include("allauth.headless.urls")),
    path("", include("selfcare.accounts.urls")),
    path("clinic/", include("selfcare.clinic.urls")),
    path("", include("selfcare.web.urls")),
]
