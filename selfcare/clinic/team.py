"""Who is told first, and who belongs to the clinic: what a manager may change."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from selfcare.accounts import audit
from selfcare.accounts.models import Clinic, Membership, User


class TeamRefused(Exception):
    """The change would leave the clinic without somebody it needs; ``args[0]`` is the sentence for the person."""


def members(clinic: Clinic, *, now: datetime) -> list[Membership]:
    """Return the clinic's current places: clinicians in the order in which they are told, then managers."""
    current = Membership.objects.current(now).filter(clinic=clinic).select_related("user")
    return list(current.order_by("role", "rota_level", "user__name", "id"))


def set_rota(place: Membership, level: int, *, out_of_hours: int | None, by: User, now: datetime) -> None:
    """Write when this clinician is told about an alert: 0 first, then 1, and so on; None is not at all."""
    with transaction.atomic():
        place.rota_level, place.out_of_hours_level = level, out_of_hours
        place.save(update_fields=["rota_level", "out_of_hours_level"])
        _audit("membership.rota_changed", place, by=by, now=now)


def end(place: Membership, *, by: User, now: datetime) -> None:
    """End a place in the clinic at once; raises TeamRefused for the last clinician or the last manager."""
    with transaction.atomic():
        # Locked in one order, so that two managers cannot end each other's place at the same moment.
        places = Membership.objects.select_for_update().current(now).filter(clinic=place.clinic_id, role=place.role)
        others = [each for each in places.order_by("id") if each.id != place.id]
        if not others and place.role == Membership.Role.CLINICIAN:
            raise TeamRefused(gettext("Somebody must be told about alerts. Invite another clinician first."))
        if not others and place.role == Membership.Role.MANAGER:
            raise TeamRefused(gettext("Somebody must look after this clinic. Invite another manager first."))
        Membership.objects.filter(id=place.id, until_at=None).update(until_at=now)
        _audit("membership.ended", place, by=by, now=now)


def _audit(action: str, place: Membership, *, by: User, now: datetime) -> None:
    audit.record(action, actor_id=by.id, clinic_id=place.clinic_id, object_id=place.user_id, now=now)
