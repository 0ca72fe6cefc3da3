"""The patient's front page, the pages that say what went wrong, and the API documents."""

from __future__ import annotations

from csp.decorators import csp_replace
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from drf_spectacular.views import SpectacularSwaggerSplitView

from selfcare.accounts.models import Membership, PatientProfile
from selfcare.web import patients, today
from selfcare.web.regions import follow_profile, region_of


@method_decorator(
    csp_replace({
        "style-src": ["'self'", "'unsafe-inline'"],
        "require-trusted-types-for": None,
        "trusted-types": None,
    }),
    name="dispatch",
)  # fmt: skip
class ApiDocsView(SpectacularSwaggerSplitView):
    """Browsable API documents, served whole by this project.

    Their viewer sets inline styles and HTML, so this one page, which shows no data of anybody, allows it.
    """

    url_name = "schema"


@never_cache
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Show what this is to a stranger, today's page to a patient; a clinician goes to the worklist."""
    if not request.user.is_authenticated:
        return render(request, "web/landing.html")
    now = timezone.now()
    if not PatientProfile.objects.filter(user=request.user, onboarded_at__isnull=False).exists():
        is_clinician = Membership.objects.current(now).filter(user=request.user).exists()
        return redirect("/clinic/" if is_clinician else "setup")
    patient = patients.load(request.user, now=now)
    if patient.episode is None:
        return redirect("setup-episode")
    response = render(
        request, "web/today.html", today.page(patient, session=request.session, region=region_of(request), now=now)
    )
    return follow_profile(request, response, patient.profile.country)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that a form could not be read, and why where the person can do something about it."""
    if isinstance(exception, RequestDataTooBig):
        return render(request, "413.html", status=413)
    return render(request, "400.html", status=400)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say in one sentence what to do when a form was too old to be trusted."""
    return render(request, "web/csrf_failure.html", status=403)
