"""Seven-day averages and the word for their change."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from selfcare.clinic.trend import Average, Change, average, change

LAST = date(2026, 3, 29)


def _days(*values: float) -> list[tuple[date, dict[str, float]]]:
    return [(LAST - timedelta(days=ago), {"pain_avg": value}) for ago, value in enumerate(values)]


def _mean(mean: float | None) -> Average:
    return Average(mean=mean, entries=4, first=LAST, last=LAST)


def test_four_entries_in_seven_days_make_an_average() -> None:
    entries = _days(2, 4, 6, 8)

    found = average(entries, "pain_avg", last=LAST)

    assert (found.mean, found.entries, found.first) == (5, 4, date(2026, 3, 23))


def test_three_entries_make_none() -> None:
    found = average(_days(2, 4, 6), "pain_avg", last=LAST)

    assert (found.mean, found.entries) == (None, 3)


def test_the_eighth_day_back_does_not_count() -> None:
    found = average(_days(1, 1, 1, 1, 1, 1, 1, 10), "pain_avg", last=LAST)

    assert found.mean == 1


def test_a_question_that_was_not_answered_is_not_a_zero() -> None:
    entries = [*_days(4, 4, 4, 4), (LAST, {"weakness": 1})]

    assert average(entries, "pain_avg", last=LAST).mean == 4


@pytest.mark.parametrize(
    ("then", "now", "word"),
    [
        (6.0, 4.0, Change.LESS),
        (6.0, 4.1, Change.SAME),
        (8.0, 6.0, Change.SAME),
        (8.0, 5.6, Change.LESS),
        (4.0, 6.0, Change.MORE),
        (4.0, 5.9, Change.SAME),
        (0.0, 2.0, Change.MORE),
        (0.0, 0.0, Change.SAME),
        (None, 4.0, Change.UNKNOWN),
        (4.0, None, Change.UNKNOWN),
    ],
)
def test_a_change_needs_two_points_and_less_also_thirty_per_cent(
    then: float | None, now: float | None, word: Change
) -> None:
    assert change(_mean(then), _mean(now)) is word
