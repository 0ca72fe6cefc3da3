"""Who sits in front of a clinician's page: the person, their current clinics, and the one reading of the clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.views import redirect_to_login
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from selfcare.accounts import care
from selfcare.accounts.models import Clinic, Membership, User
from selfcare.correspondence.models import Conversation


@dataclass(frozen=True, slots=True)
class Desk:
    """A clinician at work at one instant."""

    clinician: User
    memberships: tuple[Membership, ...]
    now: datetime

    @property
    def clinics(self) -> list[Clinic]:
        """Return the clinics this person works in, the longest-standing place first."""
        return list({membership.clinic_id: membership.clinic for membership in self.memberships}.values())

    @property
    def sees_patients(self) -> bool:
        """Return whether this person has a clinician's place; a manager alone sees no diary."""
        return any(membership.role == Membership.Role.CLINICIAN for membership in self.memberships)

    @property
    def zone(self) -> ZoneInfo:
        """Return the time zone that this person's pages are written in: the first clinic's."""
        return ZoneInfo(self.clinics[0].time_zone)

    def manages(self, clinic: Clinic) -> bool:
        """Return whether this person may change the clinic's hours and team."""
        return self.clinician.has_perm("accounts.manage_clinic", clinic)

    def invites_to(self, clinic: Clinic) -> bool:
        """Return whether this person may invite people to the clinic."""
        return self.clinician.has_perm("accounts.invite", clinic)

    def patients(self) -> QuerySet[User]:
        """Return the patients this person may see now: of these clinics, with consent."""
        return care.patients_of(self.clinician, now=self.now)

    @property
    def unanswered(self) -> int:
        """Return how many patients wait for an answer to a message."""
        return Conversation.objects.open_to(self.clinician, now=self.now).waiting().count()


def open_desk(user: User, *, now: datetime) -> Desk | None:
    """Return the desk of a member of at least one clinic, or None."""
    memberships = Membership.objects.current(now).filter(user=user).select_related("clinic").order_by("from_at", "id")
    found = tuple(memberships)
    return Desk(clinician=user, memberships=found, now=now) if found else None


def at_desk(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give a view its desk; a stranger is sent to log in, and anybody else is told that there is no such page.

    Times are written in the clinic's zone, and no page is kept by a browser or a proxy.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        desk = open_desk(request.user, now=timezone.now())
        if desk is None:
            raise Http404
        with timezone.override(desk.zone):
            response = view(request, desk, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    return guarded
