"""Invitations, hours, and who is told first."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from selfcare.accounts import audit, hours, invitations
from selfcare.accounts.models import Clinic, Invitation, Membership
from selfcare.clinic import team
from selfcare.clinic.desk import Desk, at_desk
from selfcare.clinic.forms import HoursForm, InvitationForm, RotaForm

SHOWN = 50


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def invite(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show the invitations; make one and show its code this one time."""
    manages = any(desk.manages(clinic) for clinic in desk.clinics)
    form = InvitationForm(request.POST or None, clinics=desk.clinics, manages=manages)
    if request.method != "POST" or not form.is_valid():
        return _invitations(request, desk, form=form, status=422 if request.method == "POST" else 200)
    clinic, kind = form.cleaned_data["clinic"], form.cleaned_data["kind"]
    try:
        invitation, code = invitations.invite(clinic, kind=kind, by=desk.clinician, now=desk.now)
    except PermissionDenied:
        form.add_error("kind", gettext("Only a manager of this clinic may invite colleagues."))
        return _invitations(request, desk, form=form, status=422)
    made = {"invitation": invitation, "code": code, "link": invitations.link(code), "qr": invitations.qr_image(code)}
    return render(request, "clinic/invitation.html", {"desk": desk, **made})


def _invitations(request: HttpRequest, desk: Desk, *, form: InvitationForm, status: int) -> HttpResponse:
    made = Invitation.objects.filter(clinic__in=desk.clinics).select_related("clinic", "created_by", "used_by")
    context = {"desk": desk, "form": form, "made": made.order_by("-created_at", "id")[:SHOWN], "now": desk.now}
    return render(request, "clinic/invitations.html", context, status=status)


@require_POST
@at_desk
def withdraw(request: HttpRequest, desk: Desk, invitation_id: UUID) -> HttpResponse:
    """Make an invitation useless at once."""
    invitation = Invitation.objects.filter(id=invitation_id, clinic__in=desk.clinics).select_related("clinic").first()
    if invitation is None or not _may_withdraw(desk, invitation):
        raise Http404
    if invitations.withdraw(invitation, by=desk.clinician, now=desk.now):
        messages.success(request, gettext("The invitation no longer works."))
    else:
        messages.error(request, gettext("This invitation was used or withdrawn before."))
    return redirect("clinic-invitations")


def _may_withdraw(desk: Desk, invitation: Invitation) -> bool:
    if invitation.kind == Invitation.Kind.PATIENT:
        return desk.invites_to(invitation.clinic)
    return desk.manages(invitation.clinic)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def settings(request: HttpRequest, desk: Desk, clinic_id: UUID | None = None) -> HttpResponse:
    """Show hours and team; let a manager change the hours."""
    clinic = _clinic(desk, clinic_id)
    manages = desk.manages(clinic)
    if request.method == "POST" and not manages:
        raise Http404
    form = HoursForm(request.POST or None, instance=clinic)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.save()
            audit.record(
                "clinic.changed", actor_id=desk.clinician.id, now=desk.now, clinic_id=clinic.id, object_id=clinic.id
            )
        messages.success(request, gettext("Saved. Patients see the new hours at once."))
        return redirect("clinic-settings-of", clinic.id)
    status = 422 if request.method == "POST" else 200
    return render(request, "clinic/settings.html", _settings(desk, clinic, form, manages=manages), status=status)


def _settings(desk: Desk, clinic: Clinic, form: HoursForm, *, manages: bool) -> dict[str, Any]:
    places = team.members(clinic, now=desk.now)
    rota = [
        (place, RotaForm(initial=_levels(place), prefix=f"p{place.id}"))
        for place in places
        if place.role == Membership.Role.CLINICIAN
    ]
    managers = [place for place in places if place.role == Membership.Role.MANAGER]
    return {
        "desk": desk,
        "clinic": clinic,
        "form": form,
        "manages": manages,
        "rota": rota,
        "managers": managers,
        "is_open": hours.is_open(clinic, desk.now),
        "nobody_out_of_hours": all(place.out_of_hours_level is None for place, _form in rota),
    }


def _levels(place: Membership) -> dict[str, Any]:
    return {"rota_level": place.rota_level, "out_of_hours_level": place.out_of_hours_level}


@require_POST
@at_desk
def rota(request: HttpRequest, desk: Desk, place_id: int) -> HttpResponse:
    """Write when a clinician is told about an alert."""
    place = _place(desk, place_id)
    form = RotaForm(request.POST, prefix=f"p{place.id}")
    if form.is_valid():
        level, out_of_hours = form.cleaned_data["rota_level"], form.cleaned_data["out_of_hours_level"]
        team.set_rota(place, level, out_of_hours=out_of_hours, by=desk.clinician, now=desk.now)
        messages.success(request, gettext("Saved. It holds for the next alert."))
    else:
        messages.error(request, gettext("Choose when this person is told."))
    return redirect("clinic-settings-of", place.clinic_id)


@require_POST
@at_desk
def end(request: HttpRequest, desk: Desk, place_id: int) -> HttpResponse:
    """End a place in the clinic."""
    place = _place(desk, place_id)
    try:
        team.end(place, by=desk.clinician, now=desk.now)
    except team.TeamRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, gettext("The place has ended. This person no longer sees the clinic's patients."))
    return redirect("clinic-settings-of", place.clinic_id)


def _clinic(desk: Desk, clinic_id: UUID | None) -> Clinic:
    for clinic in desk.clinics:
        if clinic_id in (None, clinic.id):
            return clinic
    raise Http404


def _place(desk: Desk, place_id: int) -> Membership:
    current = Membership.objects.current(desk.now).select_related("clinic", "user")
    place = current.filter(id=place_id, clinic__in=desk.clinics).first()
    if place is None or not desk.manages(place.clinic):
        raise Http404
    return place
