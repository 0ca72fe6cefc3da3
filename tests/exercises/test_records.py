"""What the rules read from rows: usual mornings, new work, adherence, missed days."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest

from exercises import catalogue as catalogues
from exercises import planning, records, sessions
from exercises.colours import usual_morning
from exercises.models import Programme
from exercises.planning import Item, Kept
from selfcare.accounts.models import User
from tests import factories

MONDAY = date(2026, 3, 2)
NUMBERS = catalogues.load().numbers


def day(after: int) -> date:
    return MONDAY + timedelta(days=after)


@pytest.mark.parametrize(
    ("mornings", "usual"),
    [
        ({0: 1, -1: 2, -2: 4}, Fraction(7, 3)),
        ({0: 1, -1: 2, -3: 9}, Fraction(3, 2)),
        ({0: 1, -2: 2}, Fraction(3, 2)),
        ({0: 1}, None),
        ({-3: 1, -4: 1, -5: 1}, None),
        ({1: 5, 0: 1, -1: 1}, Fraction(1)),
    ],
)
def test_the_usual_morning_is_the_mean_of_the_three_before(mornings: dict[int, int], usual: Fraction | None) -> None:
    known = {day(after): pain for after, pain in mornings.items()}

    found = usual_morning(known, on=MONDAY, days=NUMBERS.usual_mornings, at_least=NUMBERS.usual_mornings_known)

    assert found == usual


@pytest.mark.parametrize(("after", "colour"), [(3, "amber"), (4, "red")])
def test_soreness_is_that_of_new_work_for_three_days(ada: User, after: int, colour: str) -> None:
    programme = factories.programme(patient=ada)
    sore = {"exercise": "EX-05", "before": 2, "during": 2, "spread": "no_change", "tingling_min": 0}
    about, now = factories.about(as_of=day(after + 1)), factories.at_noon(day(after + 1))
    for earlier in range(-2, after + 1):
        sessions.note_morning(ada, on=day(earlier), pain=0, about=about, now=now)
    factories.exercise_session(patient=ada, on=day(after), results=[{**sore, "soreness_only": True}])

    sessions.note_morning(ada, on=day(after + 1), pain=5, about=about, now=now)

    read = records.read(Programme.objects.get(pk=programme.pk), as_of=day(after + 1))
    assert [one.colour for one in read.tried["EX-05"]] == [colour]


def test_adherence_counts_weeks_from_monday_and_rest_as_done() -> None:
    kept = [
        Kept("EX-05", day(-1), planned=2, done=1),
        Kept("EX-05", day(0), planned=2, done=5),
        Kept("EX-05", day(1), planned=2, done=0, resting=True),
        Kept("EX-05", day(2), planned=2, done=0),
        Kept("EX-05", day(3), planned=0, done=1),
    ]

    weeks = planning.adherence(kept)

    assert [(week.begins_on, week.planned, week.done) for week in weeks] == [(day(-7), 2, 1), (day(0), 6, 4)]


def test_only_the_last_seven_days_decide_about_a_step_up_and_rest_is_no_evidence() -> None:
    kept = [
        Kept("EX-05", day(0), planned=1, done=0),
        Kept("EX-05", day(1), planned=1, done=1),
        Kept("EX-05", day(6), planned=1, done=1, resting=True),
        Kept("EX-05", day(7), planned=1, done=3),
        Kept("EX-02", day(7), planned=9, done=9),
    ]

    lately = planning.lately(kept, exercise="EX-05", as_of=day(7), days=NUMBERS.adherence_days)

    assert lately == (2, 2)


@pytest.mark.parametrize(
    ("days", "done", "resting", "as_of", "missed"),
    [
        ("1234567", [0], [], 1, 0),
        ("1234567", [0], [], 2, 1),
        ("1234567", [0], [], 4, 3),
        ("135", [0], [], 4, 2),
        ("1234567", [0], [1], 4, 2),
        ("1234567", [0], [2], 4, 3),
        ("1234567", [], [], 40, 0),
        ("1234567", [0, 3], [], 4, 0),
        ("1234567", [0, 4], [], 4, 3),
    ],
)
def test_missed_days_count_from_the_first_planned_day_that_was_left_out(
    days: str, done: list[int], resting: list[int], as_of: int, missed: int
) -> None:
    found, _ = planning.missed(
        Item("EX-05", days, day(0)),
        done_on={day(after) for after in done},
        resting_on={day(after) for after in resting},
        as_of=day(as_of),
    )

    assert found == missed


@pytest.mark.parametrize(
    ("days", "together"), [("135", False), ("1357", True), ("17", True), ("12", True), ("4", False)]
)
def test_sunday_and_monday_follow_each_other(days: str, together: bool) -> None:
    assert planning.back_to_back(days) is together


def test_a_day_holds_at_most_five_exercises() -> None:
    items = [Item(f"EX-{number:02}", "1", MONDAY) for number in range(1, 8)]

    assert [item.exercise for item in planning.due(items, on=MONDAY, most=5)] == [f"EX-0{n}" for n in range(1, 6)]
    assert planning.due(items, on=day(1), most=5) == []
    assert planning.due(items, on=day(-7), most=5) == []
    assert planning.too_full(items, most=5) == "1"
    assert planning.too_full(items[:5], most=5) == ""
