"""Whom an alert concerns."""

from __future__ import annotations

from datetime import UTC, datetime

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


# --- Out of hours ----------------------------------------------------------------------------------------------------

# Monday, ten in the morning and half past six in the evening of a clinic that is open from nine to five.
MORNING, EVENING = datetime(2026, 3, 2, 10, 0, tzinfo=UTC), datetime(2026, 3, 2, 18, 30, tzinfo=UTC)


def test_out_of_hours_the_people_on_duty_are_told_and_nobody_else(ada: User, ben: User, harbour: Clinic) -> None:
    night = factories.member(of=harbour, email="noor@example.org", rota_level=3)
    Membership.objects.filter(user=night).update(out_of_hours_level=0)

    assert care.on_rota(ada.pk, level=0, now=MORNING) == [ben.pk]
    assert care.on_rota(ada.pk, level=0, now=EVENING) == [night.pk]


def test_past_the_people_on_duty_everybody_is_told(ada: User, ben: User, harbour: Clinic) -> None:
    night = factories.member(of=harbour, email="noor@example.org", rota_level=3)
    Membership.objects.filter(user=night).update(out_of_hours_level=0)

    assert set(care.on_rota(ada.pk, level=1, now=EVENING)) == {ben.pk, night.pk}


def test_where_nobody_is_set_for_the_night_the_people_of_the_day_are_told(ada: User, ben: User) -> None:
    assert care.on_rota(ada.pk, level=0, now=EVENING) == [ben.pk]


def test_somebody_on_duty_who_has_left_does_not_count(ada: User, ben: User, harbour: Clinic) -> None:
    night = factories.member(of=harbour, email="noor@example.org")
    Membership.objects.filter(user=night).update(out_of_hours_level=0, until_at=EVENING)

    assert care.on_rota(ada.pk, level=0, now=EVENING) == [ben.pk]


def test_the_last_level_is_that_of_the_hour(ada: User, ben: User, harbour: Clinic) -> None:
    night = factories.member(of=harbour, email="noor@example.org", rota_level=2)
    Membership.objects.filter(user=night).update(out_of_hours_level=0)

    assert (care.last_level(ada.pk, now=MORNING), care.last_level(ada.pk, now=EVENING)) == (2, 0)
