"""Whom an alert concerns."""

from __future__ import annotations

import pytest

from selfcare.accounts import care, consents
from selfcare.accounts.models import Clinic, Membership, User
from tests import factories


@pytest.fixture
def second_line(harbour: Clinic) -> User:
    return factories.member(of=harbour, email="dan@example.org", rota_level=2)


def test_the_first_level_is_told_first(ada: User, ben: User, second_line: User) -> None:
    assert care.on_rota(ada.pk, level=0, now=factories.NOW) == [ben.pk]


def test_a_gap_in_the_levels_goes_to_the_next_level_that_somebody_holds(
    ada: User, ben: User, second_line: User
) -> None:
    assert care.on_rota(ada.pk, level=1, now=factories.NOW) == [second_line.pk]


def test_past_the_last_level_everybody_of_the_clinic_is_told(
    harbour: Clinic, ada: User, ben: User, second_line: User
) -> None:
    manager = factories.member(of=harbour, email="max@example.org", role="manager")

    told = care.on_rota(ada.pk, level=3, now=factories.NOW)

    assert set(told) == {ben.pk, second_line.pk, manager.pk}


def test_a_clinic_without_a_clinician_still_hears_of_it(harbour: Clinic, ada: User) -> None:
    manager = factories.member(of=harbour, email="max@example.org", role="manager")

    assert care.on_rota(ada.pk, level=0, now=factories.NOW) == [manager.pk]


def test_the_other_clinic_is_never_told(ada: User, ben: User, cy: User) -> None:
    assert all(cy.pk not in care.on_rota(ada.pk, level=level, now=factories.NOW) for level in range(5))


def test_nobody_is_told_after_the_care_consent_was_withdrawn(ada: User, ben: User) -> None:
    consents.withdraw(ada, "care", now=factories.NOW)

    assert care.on_rota(ada.pk, level=0, now=factories.NOW) == []


def test_who_left_or_was_switched_off_is_not_told(harbour: Clinic, ada: User, ben: User) -> None:
    gone = factories.member(of=harbour, email="gone@example.org")
    Membership.objects.filter(user=gone).update(until_at=factories.NOW)
    User.objects.filter(pk=factories.member(of=harbour, email="off@example.org").pk).update(is_active=False)

    assert care.on_rota(ada.pk, level=0, now=factories.NOW) == [ben.pk]
