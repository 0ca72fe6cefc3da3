"""Which clinic looks after whom: the questions that permissions, worklists and alerts ask.

Every answer needs three things at once: a current care relationship, the patient's newest answer to the care consent
being yes, and, for a clinician, a current place in that clinic.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from selfcare.accounts import hours
from selfcare.accounts.models import CareRelationship, Clinic, Consent, Membership, User


def patients_of(clinician: Any, *, now: datetime) -> QuerySet[User]:
    """Return the patients whose clinic the clinician belongs to and who consent to care, by name.

    A manager without a clinician's place gets nobody.
    """
    places = Membership.objects.current(now).filter(user=clinician, role=Membership.Role.CLINICIAN)
    looked_after = CareRelationship.objects.current(now).filter(
        Exists(places.filter(clinic=OuterRef("clinic"))), patient=OuterRef("pk")
    )
    return (
        User.objects.alias(consents_to_care=_newest_care_answer("pk"))
        .filter(Exists(looked_after), consents_to_care=True)
        .order_by("name", "id")
    )


def clinics_of_patient(patient_id: UUID, *, now: datetime) -> QuerySet[Clinic]:
    """Return the clinics that look after the patient and may see the diary: none without the care consent."""
    looked_after = (
        CareRelationship.objects.current(now)
        .alias(consents_to_care=_newest_care_answer("patient"))
        .filter(clinic=OuterRef("pk"), patient=patient_id, consents_to_care=True)
    )
    return Clinic.objects.filter(Exists(looked_after)).order_by("name", "id")


def on_rota(patient_id: UUID, *, level: int, now: datetime) -> list[UUID]:
    """Return whom an alert of this patient concerns at an escalation level, each person once.

    Out of hours the levels for that time count, in a clinic where somebody has one; else those of working hours do.
    A gap in the levels goes to the next level that somebody holds. Past the last level everybody of the clinic is told,
    its managers too: an alert must never concern nobody while the clinic has people. The list is empty only when no
    clinic may see the diary, or when the clinic has no active member.
    """
    told: dict[UUID, None] = {}
    for clinic in clinics_of_patient(patient_id, now=now):
        told.update(dict.fromkeys(on_rota_of(clinic, level=level, now=now)))
    return list(told)


def last_level(patient_id: UUID, *, now: datetime) -> int:
    """Return the highest escalation level that somebody of the patient's clinics holds at the instant ``now``."""
    levels = [
        level
        for clinic in clinics_of_patient(patient_id, now=now)
        for _, level in _rota(_members(clinic, now), clinic, now)
    ]
    return max(levels, default=0)


def on_rota_of(clinic: Clinic, *, level: int, now: datetime) -> list[UUID]:
    """Return whom something of this clinic concerns at an escalation level; see ``on_rota``."""
    members = _members(clinic, now)
    reachable = [(user_id, at) for user_id, at in _rota(members, clinic, now) if at >= level]
    if not reachable:
        return [member.user_id for member in members]
    next_level = min(at for _, at in reachable)
    return [user_id for user_id, at in reachable if at == next_level]


def _members(clinic: Clinic, now: datetime) -> list[Membership]:
    current = Membership.objects.current(now).filter(clinic=clinic, user__is_active=True)
    return list(current.order_by("rota_level", "id"))


def _rota(members: list[Membership], clinic: Clinic, now: datetime) -> list[tuple[UUID, int]]:
    """Return the clinicians who are told at this time of the week, each with the level."""
    clinicians = [member for member in members if member.role == Membership.Role.CLINICIAN]
    on_duty = [(each.user_id, each.out_of_hours_level) for each in clinicians if each.out_of_hours_level is not None]
    if on_duty and not hours.is_open(clinic, now):
        return on_duty
    return [(each.user_id, each.rota_level) for each in clinicians]


def _newest_care_answer(patient: str) -> Subquery:
    newest = Consent.objects.filter(patient=OuterRef(patient), purpose=Consent.Purpose.CARE).order_by("-at", "-id")
    return Subquery(newest.values("given")[:1])
