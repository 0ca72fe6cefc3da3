"""The week on Today: what is planned, what is done, what is more; a gap costs nothing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from selfcare.web import week_ring

MONDAY = date(2026, 3, 23)
SUNDAY = date(2026, 3, 29)


def days(*numbers: int) -> set[date]:
    """Return days of the week by their number, Monday is 1."""
    return {MONDAY + timedelta(days=n - 1) for n in numbers}


@pytest.mark.parametrize(
    ("done", "planned_days", "most", "expected"),
    [
        ((1, 3), "13567", 7, (2, 5, 0)),
        ((), "1234567", 7, (0, 7, 0)),
        ((2,), "135", 7, (1, 3, 0)),
        ((1, 2, 3, 4), "135", 7, (3, 3, 1)),
        ((6,), "1234567", 1, (1, 1, 0)),
        ((1, 6), "1234567", 1, (1, 1, 1)),
    ],
)
def test_check_ins_count_towards_the_plan_of_the_week(
    done: tuple[int, ...], planned_days: str, most: int, expected: tuple[int, int, int]
) -> None:
    found = week_ring.ring(SUNDAY, days(*done), begins=MONDAY, days=planned_days, most=most, since=MONDAY)

    assert (found.counted, found.planned, found.extra) == expected


def test_the_week_of_a_clock_change_has_seven_days() -> None:
    found = week_ring.ring(SUNDAY, days(), begins=MONDAY, since=MONDAY)

    assert [pip.on.day for pip in found.days] == [23, 24, 25, 26, 27, 28, 29]


def test_who_begins_on_thursday_has_four_days_planned() -> None:
    thursday = MONDAY + timedelta(days=3)

    found = week_ring.ring(thursday, {thursday}, begins=MONDAY, since=thursday)

    assert (found.counted, found.planned) == (1, 4)
    assert [pip.planned for pip in found.days] == [False] * 3 + [True] * 4


@pytest.mark.parametrize(
    ("done", "expected"),
    [
        ((-1,), MONDAY),
        ((-2,), MONDAY),
        ((-3,), MONDAY + timedelta(days=3)),
        ((-3, 3), MONDAY + timedelta(days=2)),
        ((), MONDAY + timedelta(days=3)),
    ],
)
def test_after_a_gap_the_week_begins_on_the_day_somebody_is_back(done: tuple[int, ...], expected: date) -> None:
    thursday = MONDAY + timedelta(days=3)

    assert week_ring.since(thursday, days(*done), begins=MONDAY, gap=2) == expected
