"""Who may do what with which patient: the one place that answers."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.utils import timezone

from selfcare.accounts import care
from selfcare.accounts.models import Clinic, Membership, User

# What patients may do with their own diary and programme.
OF_ONESELF = {"diary.view_diary", "diary.add_entry", "exercises.view_programme", "exercises.log_session"}
# What a clinician may do with a patient of the clinic who consents to care.
OF_THE_CARE_TEAM = {"diary.view_diary", "triage.act_on_alert", "exercises.view_programme", "exercises.prescribe"}
# What a place in a clinic allows, by the roles that allow it.
IN_A_CLINIC = {
    "accounts.invite": {Membership.Role.CLINICIAN, Membership.Role.MANAGER},
    "accounts.manage_clinic": {Membership.Role.MANAGER},
}


class CareTeamBackend(BaseBackend):
    """Object permissions from care relationships, memberships and consents. What is not listed is refused."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """Return whether the user may do this with this patient or clinic; at most one query."""
        if not user_obj.is_active or not user_obj.is_authenticated:
            return False
        if isinstance(obj, User):
            if user_obj.pk == obj.pk:
                return perm in OF_ONESELF
            return perm in OF_THE_CARE_TEAM and (
                care.patients_of(user_obj, now=timezone.now()).filter(pk=obj.pk).exists()
            )
        if isinstance(obj, Clinic) and perm in IN_A_CLINIC:
            places = Membership.objects.current(timezone.now())
            return places.filter(user=user_obj, clinic=obj, role__in=IN_A_CLINIC[perm]).exists()
        return False
