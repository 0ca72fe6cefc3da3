"""Which clinic looks after whom: the questions that permissions, worklists and alerts ask.

Every answer needs three things at once: a current care relationship, the patient's newest answer to the care consent
being yes, and, for a clinician, a current place in that clinic.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery

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

    A gap in the levels goes to the next level that somebody holds. Past the last level everybody of the clinic is told,
    its managers too: an alert must never concern nobody while the clinic has people. The list is empty only when no
    clinic may see the diary, or when the clinic has no active member.
    """
    told: dict[UUID, None] = {}
    for clinic in clinics_of_patient(patient_id, now=now):
        told.update(dict.fromkeys(_of_clinic(clinic, level=level, now=now)))
    return list(told)


def _of_clinic(clinic: Clinic, *, level: int, now: datetime) -> list[UUID]:
    members = list(
        Membership.objects.current(now)
        .filter(clinic=clinic, user__is_active=True)
        .order_by("rota_level", "id")
        .values_list("user_id", "role", "rota_level")
    )
    reachable = [row for row in members if row[1] == Membership.Role.CLINICIAN and row[2] >= level]
    if not reachable:
        return [user_id for user_id, _, _ in members]
    next_level = reachable[0][2]
    return [user_id for user_id, _, at in reachable if at == next_level]


def _newest_care_answer(patient: str) -> Subquery:
    newest = Consent.objects.filter(patient=OuterRef(patient), purpose=Consent.Purpose.CARE).order_by("-at", "-id")
    return Subquery(newest.values("given")[:1])
