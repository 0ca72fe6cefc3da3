"""Who may do what with which patient."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from selfcare.accounts import care, consents
from selfcare.accounts.models import CareRelationship, Clinic, Membership, User
from tests import factories

PERMISSIONS = (
    "diary.view_diary",
    "diary.add_entry",
    "triage.act_on_alert",
    "accounts.invite",
    "accounts.manage_clinic",
)
ON_A_PATIENT = [
    ("ada", {"diary.view_diary", "diary.add_entry"}),
    ("ben", {"diary.view_diary", "triage.act_on_alert"}),
    ("cy", set()),
    ("manager", set()),
    ("other_patient", set()),
    ("superuser", set()),
    ("switched_off", set()),
    ("nobody", set()),
]
ON_A_CLINIC = [
    ("ada", set()),
    ("ben", {"accounts.invite"}),
    ("manager", {"accounts.invite", "accounts.manage_clinic"}),
    ("cy", set()),
    ("superuser", set()),
    ("nobody", set()),
]


@pytest.fixture
def people(harbour: Clinic, ada: User, ben: User, cy: User) -> dict[str, User | AnonymousUser]:
    switched_off = factories.member(of=harbour, email="off@example.org")
    User.objects.filter(pk=switched_off.pk).update(is_active=False)
    return {
        "ada": ada,
        "ben": ben,
        "cy": cy,
        "manager": factories.member(of=harbour, email="max@example.org", role="manager"),
        "other_patient": factories.patient(email="dora@example.org", of=harbour),
        "superuser": User.objects.create_user("root@example.org", is_superuser=True, is_staff=True),
        "switched_off": User.objects.get(pk=switched_off.pk),
        "nobody": AnonymousUser(),
    }


@pytest.mark.parametrize(("who", "allowed"), ON_A_PATIENT)
def test_only_the_listed_permissions_hold_for_a_patient(people: dict, ada: User, who: str, allowed: set[str]) -> None:
    held = {permission for permission in PERMISSIONS if people[who].has_perm(permission, ada)}

    assert held == allowed


@pytest.mark.parametrize(("who", "allowed"), ON_A_CLINIC)
def test_only_the_listed_permissions_hold_for_a_clinic(
    people: dict, harbour: Clinic, who: str, allowed: set[str]
) -> None:
    held = {permission for permission in PERMISSIONS if people[who].has_perm(permission, harbour)}

    assert held == allowed


@pytest.mark.parametrize("permission", PERMISSIONS)
def test_no_permission_holds_without_saying_with_whom(ben: User, permission: str) -> None:
    assert not ben.has_perm(permission)


def test_a_permission_costs_one_query(ada: User, ben: User, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        assert ben.has_perm("diary.view_diary", ada)


def test_one_s_own_diary_costs_no_query(ada: User, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        assert ada.has_perm("diary.view_diary", ada)


def test_a_clinician_who_left_sees_nothing(ada: User, ben: User) -> None:
    Membership.objects.filter(user=ben).update(until_at=timezone.now() - timedelta(seconds=1))

    assert not ben.has_perm("diary.view_diary", ada)


def test_a_clinician_who_has_not_started_sees_nothing(ada: User, ben: User) -> None:
    Membership.objects.filter(user=ben).update(from_at=timezone.now() + timedelta(days=1))

    assert not ben.has_perm("diary.view_diary", ada)


def test_a_clinic_that_stopped_looking_after_a_patient_sees_nothing(ada: User, ben: User) -> None:
    CareRelationship.objects.filter(patient=ada).update(until_at=timezone.now() - timedelta(seconds=1))

    assert not ben.has_perm("diary.view_diary", ada)


def test_withdrawing_the_care_consent_takes_effect_at_once(ada: User, ben: User) -> None:
    consents.withdraw(ada, "care", now=timezone.now())

    assert not ben.has_perm("diary.view_diary", ada)


def test_giving_the_care_consent_again_lets_the_clinic_back_in(ada: User, ben: User) -> None:
    consents.withdraw(ada, "care", now=factories.NOW)
    consents.give(ada, "care", now=factories.NOW)

    assert ben.has_perm("diary.view_diary", ada)


def test_a_consent_to_something_else_opens_nothing(harbour: Clinic, ben: User) -> None:
    eve = factories.patient(email="eve@example.org", of=harbour, consents=False)
    consents.give(eve, "research", now=factories.NOW)

    assert not ben.has_perm("diary.view_diary", eve)


def test_a_manager_who_is_also_a_clinician_sees_the_diary(harbour: Clinic, ada: User) -> None:
    mia = factories.member(of=harbour, email="mia@example.org", role="manager")
    Membership.objects.create(clinic=harbour, user=mia, role="clinician", from_at=factories.LONG_AGO)

    assert mia.has_perm("diary.view_diary", ada)


def test_patients_of_a_clinician_are_those_of_the_clinic_who_consent(harbour: Clinic, ada: User, ben: User) -> None:
    factories.patient(email="eve@example.org", of=harbour, consents=False)
    factories.patient(email="finn@example.org", of=factories.clinic(name="Hill Clinic"))

    assert list(care.patients_of(ben, now=factories.NOW)) == [ada]


def test_a_patient_of_two_clinics_of_one_clinician_appears_once(ada: User, ben: User) -> None:
    second = factories.clinic(name="Bay Clinic")
    Membership.objects.create(clinic=second, user=ben, role="clinician", from_at=factories.LONG_AGO)
    CareRelationship.objects.create(clinic=second, patient=ada, from_at=factories.LONG_AGO)

    assert list(care.patients_of(ben, now=factories.NOW)) == [ada]


def test_clinics_of_a_patient_are_none_without_the_care_consent(ada: User) -> None:
    consents.withdraw(ada, "care", now=factories.NOW)

    assert not care.clinics_of_patient(ada.pk, now=factories.NOW).exists()
