"""When a clinic answers: wall-clock times of its own zone, midnight as an end, and clock changes."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest

from selfcare.accounts import hours
from selfcare.accounts.models import Clinic


def _clinic(**changes: object) -> Clinic:
    fields = {"time_zone": "Europe/London", "opens_at": time(9), "closes_at": time(17), "working_days": "12345"}
    return Clinic(**{**fields, **changes})


@pytest.mark.parametrize(
    ("now", "is_open"),
    [
        (datetime(2026, 3, 2, 8, 59, 59, tzinfo=UTC), False),
        (datetime(2026, 3, 2, 9, 0, tzinfo=UTC), True),
        (datetime(2026, 3, 2, 16, 59, 59, tzinfo=UTC), True),
        (datetime(2026, 3, 2, 17, 0, tzinfo=UTC), False),
        # Saturday; and the Monday after the clocks went forward, at 8:59 and 9:00 of the clinic.
        (datetime(2026, 3, 7, 12, 0, tzinfo=UTC), False),
        (datetime(2026, 3, 30, 7, 59, tzinfo=UTC), False),
        (datetime(2026, 3, 30, 8, 0, tzinfo=UTC), True),
    ],
)
def test_a_clinic_is_open_between_its_hours_on_its_days(now: datetime, is_open: bool) -> None:
    assert hours.is_open(_clinic(), now) is is_open


def test_midnight_closes_at_the_end_of_the_day() -> None:
    late = _clinic(closes_at=time(0))

    assert hours.is_open(late, datetime(2026, 3, 2, 23, 59, tzinfo=UTC))
    assert not hours.is_open(late, datetime(2026, 3, 3, 0, 0, tzinfo=UTC))


def test_a_clinic_that_never_closes_is_open_on_sunday_night() -> None:
    always = _clinic(opens_at=time(0), closes_at=time(0), working_days="1234567")

    assert hours.is_open(always, datetime(2026, 3, 8, 3, 0, tzinfo=UTC))


@pytest.mark.parametrize(
    ("now", "opening"),
    [
        (datetime(2026, 3, 2, 8, 0, tzinfo=UTC), datetime(2026, 3, 2, 9, 0, tzinfo=UTC)),
        (datetime(2026, 3, 2, 9, 0, tzinfo=UTC), datetime(2026, 3, 3, 9, 0, tzinfo=UTC)),
        # Friday evening to Monday, over the night on which the clocks go forward.
        (datetime(2026, 3, 27, 18, 0, tzinfo=UTC), datetime(2026, 3, 30, 8, 0, tzinfo=UTC)),
    ],
)
def test_the_next_opening_is_the_next_working_morning(now: datetime, opening: datetime) -> None:
    assert hours.next_opening(_clinic(), now) == opening


def test_a_clinic_of_one_day_a_week_opens_in_a_week() -> None:
    found = hours.next_opening(_clinic(working_days="1"), datetime(2026, 3, 2, 9, 30, tzinfo=UTC))

    assert found == datetime(2026, 3, 9, 9, 0, tzinfo=UTC)


def test_a_clinic_without_days_never_opens() -> None:
    assert hours.next_opening(_clinic(working_days=""), datetime(2026, 3, 2, 9, 30, tzinfo=UTC)) is None


@pytest.mark.parametrize(
    ("now", "days", "then"),
    [
        # Tuesday at ten: Thursday at ten.
        (datetime(2026, 3, 3, 10, 0, tzinfo=UTC), 2, datetime(2026, 3, 5, 10, 0, tzinfo=UTC)),
        # Thursday over a weekend.
        (datetime(2026, 3, 5, 10, 0, tzinfo=UTC), 2, datetime(2026, 3, 9, 10, 0, tzinfo=UTC)),
        # Saturday and Tuesday night count from the next opening.
        (datetime(2026, 3, 7, 12, 0, tzinfo=UTC), 2, datetime(2026, 3, 11, 9, 0, tzinfo=UTC)),
        (datetime(2026, 3, 3, 20, 0, tzinfo=UTC), 1, datetime(2026, 3, 5, 9, 0, tzinfo=UTC)),
        # The clocks go forward, and back, between Friday and Monday: the same time on the wall.
        (datetime(2026, 3, 27, 10, 0, tzinfo=UTC), 1, datetime(2026, 3, 30, 9, 0, tzinfo=UTC)),
        (datetime(2026, 10, 23, 9, 0, tzinfo=UTC), 1, datetime(2026, 10, 26, 10, 0, tzinfo=UTC)),
    ],
)
def test_working_days_stand_still_while_the_clinic_is_closed(now: datetime, days: int, then: datetime) -> None:
    assert hours.after_working_days(_clinic(), now, days=days) == then


def test_a_clinic_without_a_working_day_has_no_next_one() -> None:
    assert hours.after_working_days(_clinic(working_days=""), datetime(2026, 3, 3, tzinfo=UTC), days=2) is None
