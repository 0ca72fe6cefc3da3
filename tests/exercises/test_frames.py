"""Which two drawings show a move at its level."""

from __future__ import annotations

import pytest

from exercises import catalogue as catalogues
from exercises import figures


@pytest.mark.parametrize(
    ("exercise_id", "level", "wanted"),
    [
        ("EX-04", 1, ("start", "end")),
        ("EX-05", 3, ("start", "end")),
        ("EX-12", 1, ("start", "end")),
        ("EX-12", 2, ("start", "sitting-end")),
        ("EX-12", 3, ("start", "floor-end")),
        ("EX-18", 1, ("start", "start")),
        ("EX-18", 2, ("start", "middle")),
        ("EX-18", 3, ("start", "end")),
    ],
)
def test_the_drawings_of_a_level_are_those_of_its_position(
    exercise_id: str, level: int, wanted: tuple[str, str]
) -> None:
    by_level = catalogues.current().exercise(exercise_id).whole_levels

    assert figures.frames(exercise_id, level=level, by_level=by_level) == wanted


def test_every_level_of_every_exercise_has_drawings_that_exist() -> None:
    for exercise in catalogues.current().exercises.values():
        for level in (1, 2, 3):
            shown = figures.frames(exercise.id, level=level, by_level=exercise.whole_levels)
            assert set(shown) <= set(figures.phases(exercise.id))
