"""A person's own account: where they are signed in, a copy of what is kept of them, and its deletion."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from selfcare.accounts import audit, devices
from selfcare.accounts.models import Device
from selfcare.records import deletion, export
from selfcare.web import patients

# A copy of a long diary is work for the machine: one a minute is enough for anybody.
ONE_EXPORT_IN_S = 60


@login_required
@never_cache
@require_GET
def where(request: HttpRequest) -> HttpResponse:
    """Show in which browsers the person is signed in, which get messages, and which may still hand in answers."""
    now = timezone.now()
    profile = patients.profile_of(request.user)
    listed = devices.listed(request.user, session_key=request.session.session_key, now=now)
    return render(request, "web/account/devices.html", {"profile": profile, **listed})


@login_required
@require_POST
def sign_out_there(request: HttpRequest, device_id: UUID) -> HttpResponse:
    """Sign one browser out: its session, its messages and what it could still hand in end together."""
    patients.profile_of(request.user)
    device = Device.objects.select_related("push").filter(pk=device_id, user=request.user).first()
    if device is None or device.session_key == request.session.session_key:
        raise Http404
    devices.end(device, by=request.user, now=timezone.now())
    messages.success(request, _("That device is signed out. It gets no more messages."))
    return redirect("settings-devices")


@login_required
@require_POST
def sign_out_elsewhere(request: HttpRequest) -> HttpResponse:
    """Sign the person out everywhere but here."""
    patients.profile_of(request.user)
    devices.end_others(request.user, session_key=request.session.session_key, now=timezone.now())
    messages.success(request, _("You are signed out everywhere else."))
    return redirect("settings-devices")


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def take_away(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """Show what a copy holds; on the button, send it."""
    profile = patients.profile_of(request.user)
    if request.method == "GET":
        return render(request, "web/account/export.html")
    if not cache.add(f"export:{request.user.pk}", 1, timeout=ONE_EXPORT_IN_S):
        messages.info(request, _("You have asked for a copy. Wait a minute, then ask again."))
        return redirect("settings-export")
    now = timezone.now()
    with transaction.atomic():
        audit.record("export.made", actor_id=request.user.pk, patient_id=request.user.pk, now=now)
    response = StreamingHttpResponse(export.parts(request.user, now=now), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="my-data-{profile.local_date(now):%Y-%m-%d}.zip"'
    return response


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def delete(request: HttpRequest) -> HttpResponse:
    """Say what goes and what stays; on the person's word delete the account, or let the wish wait, or take it back."""
    profile, now = patients.profile_of(request.user), timezone.now()
    if request.method == "POST" and request.POST.get("answer") == "keep":
        if deletion.take_back(request.user, now=now):
            messages.success(request, _("Your account stays as it is."))
        return redirect("settings-delete")
    works_here, forgot = False, False
    if request.method == "POST":
        forgot = request.POST.get("sure") != "yes"
        try:
            wish = None if forgot else deletion.ask(request.user, now=now)
        except deletion.WorksHere:
            works_here = True
        else:
            if wish is not None and wish.done_at is not None:
                return _gone(request)
    page = {
        "profile": profile,
        "wish": deletion.waiting(request.user),
        "must_wait": deletion.must_wait(request.user),
        "was_in_care": deletion.was_in_care(request.user),
        "years": settings.RECORD_KEPT_YEARS,
        "works_here": works_here,
        "forgot": forgot,
    }
    return render(request, "web/account/delete.html", page, status=400 if forgot or works_here else 200)


def _gone(request: HttpRequest) -> HttpResponse:
    """Say that the account is deleted; the browser drops what it kept for this site."""
    stays = {"was_in_care": deletion.was_in_care(request.user), "years": settings.RECORD_KEPT_YEARS}
    logout(request)
    response = render(request, "web/account/deleted.html", stays)
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response
