"""The catalogue of exercises: what it holds, and what its loader refuses with file, line and mend."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from exercises import catalogue as catalogues
from exercises.catalogue import CatalogueError
from tests import reading

CATALOGUE = catalogues.load()
ALL = [f"EX-{number:02}" for number in range(1, 19)]
Spoil = Callable[[str, str, str], Path]


@pytest.fixture
def spoil(tmp_path: Path) -> Spoil:
    """Return a function that makes a copy of the sheets with one passage replaced."""

    def spoilt(sheet: str, passage: str, by: str) -> Path:
        folder = tmp_path / "catalogue"
        shutil.copytree(catalogues.DIRECTORY, folder)
        text = (folder / sheet).read_text()
        assert passage in text
        (folder / sheet).write_text(text.replace(passage, by, 1))
        return folder

    return spoilt


def test_all_eighteen_exercises_are_there_with_their_words() -> None:
    assert sorted(CATALOGUE.exercises) == ALL
    for exercise in CATALOGUE.exercises.values():
        for words in (exercise.patient, exercise.clinical):
            assert words["purpose"]
            assert words["position"]
            assert len(words["steps"]) >= 2
            assert words["easier"]
            assert words["harder"]
        assert exercise.clinical["mastery"]


def test_exactly_the_glides_are_judged_more_strictly() -> None:
    assert [one.id for one in CATALOGUE.exercises.values() if one.glide] == [
        "EX-07",
        "EX-08",
        "EX-09",
        "EX-10",
        "EX-11",
    ]


def test_only_the_tensioner_is_locked_and_stands_in_no_plan() -> None:
    locked = [one.id for one in CATALOGUE.exercises.values() if one.locked]
    planned = {one["exercise"] for plan in CATALOGUE.plans.values() for one in plan.exercises}

    assert locked == ["EX-11"]
    assert "EX-11" not in planned


@pytest.mark.parametrize(
    ("plan", "exercises"),
    [
        ("deep_gluteal", "01 02 05 04 06 12 14 16"),
        ("nerve_root", "01 02 07 08 18 16 17"),
        ("back", "01 02 03 16 17"),
        ("stenosis", "01 02 05 16"),
        ("pregnancy", "01 02 05 08 14 15"),
        ("gentle_start", "01 02 03 05"),
    ],
)
def test_a_default_plan_holds_what_the_specification_lists(plan: str, exercises: str) -> None:
    held = [one["exercise"] for one in CATALOGUE.plans[plan].exercises]

    assert held == [f"EX-{number}" for number in exercises.split()]
    assert CATALOGUE.starter == ("EX-01", "EX-02", "EX-03", "EX-05")


def test_a_first_day_of_every_plan_takes_at_most_fifteen_minutes_without_walking() -> None:
    for plan in CATALOGUE.plans.values():
        for day in "1234567":
            due = [CATALOGUE.exercise(one["exercise"]) for one in plan.exercises if day in one["days"]]
            seconds = sum(one.seconds(one.levels[0].dose) for one in due if one.kind != "walk")
            assert seconds <= 15 * 60, (plan.id, day)


def test_the_content_says_that_nobody_has_signed_it() -> None:
    assert CATALOGUE.demonstration
    assert CATALOGUE.phone["demonstration"]


def test_expired_content_is_refused_where_a_day_is_given() -> None:
    with pytest.raises(CatalogueError, match="expired on 2027-11-30"):
        catalogues.load(today=date(2027, 12, 1))


# --- Words ----------------------------------------------------------------------------------------------------------


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each)


def patient_texts() -> dict[str, list[str]]:
    """Return what patients read, by where it stands; names of exercises are filled in."""
    texts = {id_: list(_texts(one.patient)) for id_, one in CATALOGUE.exercises.items()}
    for one in CATALOGUE.exercises.values():
        texts[one.id] += [one.name, *(level.patient for level in one.levels if level.patient), *one.adapt.values()]
    values = {"name": "Cat and camel", "count": 3, "days": 3}
    texts["reasons"] = [words["patient"].format_map(values) for words in CATALOGUE.reasons.values()]
    texts["rests"] = [words["patient"] for words in CATALOGUE.rests.values()]
    texts["filters"] = [one.patient for one in CATALOGUE.filters]
    texts["plans"] = [text for plan in CATALOGUE.plans.values() for text in (plan.name, plan.patient)]
    texts["cards"] = [*_texts(CATALOGUE.stop_card), *_texts(CATALOGUE.hurts)]
    return texts


def sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.?!:])\s+", text) if re.search(r"[A-Za-z]", part)]


@pytest.mark.parametrize("place", sorted(patient_texts()))
def test_what_patients_read_stays_at_grade_five(place: str) -> None:
    # ux.md 4.1. Taken together: the formula means nothing for a single short line.
    assert reading.grade("\n".join(patient_texts()[place])) <= 5.0


@pytest.mark.parametrize("place", sorted(patient_texts()))
def test_no_sentence_for_patients_is_longer_than_twenty_words(place: str) -> None:
    long = [line for text in patient_texts()[place] for line in sentences(text) if len(line.split()) > 20]

    assert not long


def test_no_text_promises_or_diagnoses() -> None:
    forbidden = re.compile(r"you are fine|nothing wrong|damage|slipped|worn|stop (taking|your) medic|diagnos", re.I)

    assert not [text for texts in patient_texts().values() for text in texts if forbidden.search(text)]


# --- What the loader refuses ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sheet", "passage", "by", "said"),
    [
        ("movement.yaml", "kind: walk", "kind: stroll", r"movement.yaml, line \d+: 'kind' holds 'stroll'. Use one of"),
        ("movement.yaml", "irritability: high", "iritability: high", "'iritability' is not known here"),
        ("movement.yaml", "sources: [S49]", "sources: []", "'sources' is empty"),
        ("movement.yaml", "sources: [S49]", "sources: [S999]", "'S999'"),
        ("movement.yaml", "traits: [walk]", "traits: [flies]", "'flies'"),
        ("movement.yaml", "traits: [walk]", "traits: []", "go together"),
        ("movement.yaml", "tempo_s: [3, 3]", "tempo_s: [3]", "differ in length"),
        ("movement.yaml", "- {sets: 1, reps: 8}", "- {sets: 0, reps: 8}", "at least 1 set"),
        ("movement.yaml", "- {sets: 1, reps: 8}", "- {sets: 1, reps: 11}", "asks for less than the one below"),
        ("movement.yaml", "      - {sets: 1, reps: 8}\n", "", "exactly three levels"),
        ("movement.yaml", "pregnancy_after_16_weeks: Do", "pregnant: Do", "'pregnant' is no filter"),
        ("movement.yaml", "  EX-02:", "  EX-01:", "stands here twice"),
        ("stretches.yaml", "pair: EX-06", "pair: EX-05", "does not name EX-04 as its pair"),
        ("stretches.yaml", "easier_exercise: EX-05", "easier_exercise: EX-99", "'EX-99'"),
        ("glides.yaml", "harder_exercise: EX-08\n    instead", "easier_exercise: EX-10\n    instead", "in a circle"),
        (
            "glides.yaml",
            "needs: {exercise: EX-08, green_days: 7}",
            "needs: {exercise: EX-08}",
            "'green_days' is missing",
        ),
        ("plans.yaml", '{exercise: EX-05, days: "246"}', '{exercise: EX-05, days: "1234567"}', "holds 6 exercises"),
        ("plans.yaml", '{exercise: EX-05, days: "246"}', '{exercise: EX-05, days: "642"}', "Write weekdays in order"),
        ("plans.yaml", '{exercise: EX-05, days: "246"}', '{exercise: EX-11, days: "246"}', "stands in no default plan"),
        ("plans.yaml", '      - {exercise: EX-06, days: "1357"}\n', "", "Add EX-06"),
        ("plans.yaml", "starter: [EX-01", "starter: [EX-77", "'EX-77'"),
        ("rules.yaml", "red_during: 6", "red_during: six", "Write a whole number"),
        ("rules.yaml", "    red_tingling_min: 30\n", "", "'red_tingling_min' is missing"),
        ("rules.yaml", "  eased_days: 3\n", "", "'eased_days' is missing"),
        ("rules.yaml", '"{name} made you sore {count} times. So', '"{name} made {who} sore. So', "Placeholders are"),
        ("rules.yaml", "  DX-12:\n", "  DX-13:\n", "'DX-13' is not known here"),
        ("filters.yaml", "above: 16", "above: 16, at_least: 3", "exactly one of"),
        ("filters.yaml", "fact: pregnant_weeks, above: 16", "fact: pregnant_weeks, is: true", "is a number"),
        ("filters.yaml", "fact: pregnant_weeks, above: 16", "fact: weeks, above: 16", "'weeks'"),
        ("filters.yaml", "allows: [EX-01, EX-02]", "allows: [EX-01, EX-77]", "'EX-77'"),
        ("catalogue.yaml", "most_a_day: 5", "most_a_day: 6", "1 to 5"),
        ("catalogue.yaml", "  - plans.yaml", "  - plan.yaml", "plan.yaml is missing"),
        ("catalogue.yaml", "  - plans.yaml", "  - movement.yaml", "is taken"),
    ],
)
def test_a_spoilt_sheet_is_refused_with_what_to_mend(
    spoil: Spoil, sheet: str, passage: str, by: str, said: str
) -> None:
    with pytest.raises(CatalogueError, match=said):
        catalogues.load(spoil(sheet, passage, by))
