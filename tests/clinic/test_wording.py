"""The diary in a clinician's words."""

from __future__ import annotations

import pytest

from selfcare.clinic import wording
from selfcare.triage import catalogue


def test_every_observation_of_the_catalogue_has_a_clinical_label() -> None:
    names = set(catalogue.current().vocabulary.entry)

    assert names - set(wording.OBSERVATIONS) == set()


def test_every_history_key_of_the_catalogue_has_a_clinical_label() -> None:
    # Age, sex, side and onset stand in the head of the page; the others belong to the episode and its diary.
    shown_elsewhere = {"age", "sex", "onset_days_before", "pain_site", "pain_side", "next_review_on", "joined_on"}
    names = set(catalogue.current().vocabulary.baseline)

    assert names - set(wording.HISTORY) - shown_elsewhere == set()


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("saddle", "new", "new"),
        ("bladder_detail", ["retention", "burning_only"], "cannot empty, burning only"),
        ("weakness", 2, "2, a self-test failed"),
        ("weakness", 0, "0"),
        ("chills", True, "yes"),
        ("chills", False, "no"),
        ("fever_c", 38.5, "38.5"),
        ("saddle", "a word of tomorrow", "a word of tomorrow"),
        ("status", "not_improved", "not improved"),
    ],
)
def test_an_answer_is_shown_in_words_and_never_swallowed(name: str, value: object, words: str) -> None:
    assert wording.value_of(name, value) == words


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("saddle", "Saddle sensation"),
        ("mean pain_avg before", "Pain, average (0 to 10): mean before"),
        ("level pain_leg", "Leg pain (0 to 10): level"),
        ("a_name_of_tomorrow", "a name of tomorrow"),
    ],
)
def test_a_label_is_found_or_made_readable(name: str, words: str) -> None:
    assert wording.label_of(name) == words


def test_history_shows_yes_before_not_sure_before_no() -> None:
    lines = wording.history_lines({"diabetes": False, "anticoagulant": True}, ["cancer_history"])

    assert lines == [("Anticoagulant", "yes"), ("Cancer, ever", "not sure"), ("Diabetes", "no")]
