"""Every question of clinical.md 1.2: readable, asked somewhere, and nothing that a rule reads goes unasked."""

from __future__ import annotations

import re
from typing import Any

import pytest

from selfcare.triage import catalogue
from selfcare.triage.checking import conditions_within
from selfcare.web import plan, words

# clinical.md 8.6: Flesch-Kincaid grade 5.8 or lower for each question; grade 5 for what is said besides.
HARDEST = 5.8
HARDEST_REASON = 5.0
# Programme sessions ask these, not the check-in (clinical.md 4.5).
# The exercises tell the first three; the last is worked out from the body map.
ASKED_ELSEWHERE = {"ex_pain_during", "ex_next_morning", "ex_spread", "pain_site"}


def syllables(word: str) -> int:
    """Return how many syllables an English word has, by its groups of vowels; a number counts as one."""
    letters = re.sub("[^a-z]", "", word.lower())
    groups = len(re.findall("[aeiouy]+", letters))
    silent = letters.endswith("e") and not letters.endswith(("le", "ee", "ie", "ye"))
    silent |= letters.endswith("ed") and not letters.endswith(("ted", "ded"))
    silent |= letters.endswith("es") and not letters.endswith(("ses", "zes", "ches", "shes", "xes", "ges", "ces"))
    return max(1, groups - silent)


def grade(text: str) -> float:
    """Return the Flesch-Kincaid grade: 0.39 words per sentence + 11.8 syllables per word - 15.59."""
    sentences = [one for one in re.split(r"[.!?:]+(?:\s|$)", text) if re.search(r"\w", one)]
    found = re.findall(r"[A-Za-z0-9']+", text)
    return 0.39 * len(found) / len(sentences) + 11.8 * sum(map(syllables, found)) / len(found) - 15.59


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # 6 words with 6 syllables; 8 words in 2 sentences, 10 groups of vowels; 3 words with 11 syllables.
        ("The cat sat on the mat.", 0.39 * 6 + 11.8 - 15.59),
        ("Your leg is weak. Hold on to something.", 0.39 * 4 + 11.8 * 10 / 8 - 15.59),
        ("Bilateral neurological weakness.", 0.39 * 3 + 11.8 * 11 / 3 - 15.59),
    ],
)
def test_the_formula_counts_words_sentences_and_syllables(text: str, expected: float) -> None:
    assert grade(text) == pytest.approx(expected)


@pytest.mark.parametrize("name", sorted(catalogue.current().questions))
def test_a_child_of_eleven_can_read_the_question(name: str) -> None:
    question = catalogue.current().questions[name]

    assert round(grade(question["text"]), 1) <= HARDEST
    assert round(grade(question["why"]), 1) <= HARDEST_REASON


def test_each_question_of_the_catalogue_is_asked_by_a_step() -> None:
    # Q-PAIN is asked for each place that hurts, in its own words.
    assert set(catalogue.current().questions) - {"Q-PAIN"} == set(words.QUESTIONS.values())


def test_each_step_asks_in_the_words_of_the_catalogue(db: None) -> None:
    steps = {step["id"]: step for step in plan.check_in()}

    for step_id, name in words.QUESTIONS.items():
        asked = catalogue.current().questions[name]
        assert asked["text"].startswith(steps[step_id]["heading"])
        assert steps[step_id]["why"] == asked["why"]


def test_what_a_question_asks_is_what_its_step_writes(db: None) -> None:
    steps = {step["id"]: step for step in plan.check_in()}

    for step_id, name in words.QUESTIONS.items():
        asks = set(catalogue.current().questions[name]["asks"])
        assert written_by(steps[step_id]) <= asks | {"known_to_clinician"} | changes(step_id), step_id


def test_every_observation_that_a_rule_reads_is_asked(db: None) -> None:
    content = catalogue.current()
    conditions: list[Any] = [*content.definitions.values()]
    conditions += [part for rule in content.rules for one in rule.branches for part in (one.when, one.unless) if part]
    read = set().union(
        *(read_by(inner, content.vocabulary.entry) for one in conditions for inner in conditions_within(one))
    )
    read |= {name for value in content.course.values() for name in named(value, content.vocabulary.entry)}

    asked = set().union(*(written_by(step) for step in plan.check_in()))

    assert "bladder" in read
    assert read - asked - ASKED_ELSEWHERE == set()


def test_every_answer_of_the_plan_is_one_that_the_vocabulary_takes(db: None) -> None:
    terms = catalogue.current().vocabulary

    for step in plan.check_in():
        for answer in step["answers"]:
            for key, value in answer["writes"].items():
                assert terms.fault(key, value) == "", (step["id"], answer["value"])


def test_no_step_is_asked_twice_and_each_is_opened_by_one_that_exists(db: None) -> None:
    steps = plan.check_in()
    ids = [step["id"] for step in steps]

    assert len(ids) == len(set(ids))
    for step in steps:
        for opener, values in step["when"]:
            offered = {answer["value"] for answer in next(one for one in steps if one["id"] == opener)["answers"]}
            assert set(values) <= offered
            # A step that is opened comes after the one that opens it; but for what the body map asks again.
            assert opener == "map" or ids.index(opener) < ids.index(step["id"])


def test_every_safety_question_can_be_answered_with_nothing_new(db: None) -> None:
    for step in plan.check_in():
        if step["safety"] and step["kind"] not in ("confirm",) and step["id"] != "weakness_since":
            assert not step["answers"][0]["alarm"], step["id"]


def written_by(step: dict[str, Any]) -> set[str]:
    """Return the observations that the answers and fields of a step write."""
    from_answers = {key for answer in step["answers"] for key in (*answer["writes"], *answer["keeps"])}
    return (
        from_answers | {field["name"] for field in step["fields"]} | ({"pain_avg"} if step["kind"] == "nrs" else set())
    )


def changes(step_id: str) -> set[str]:
    """Return what the step that confirms "the same as always" writes besides."""
    name = step_id.removesuffix("_known")
    return {name, f"{name}_since_days"} if name != step_id else {"pain_avg"}


def read_by(condition: dict[str, Any], entry: Any) -> set[str]:
    """Return the observations that one condition reads."""
    return {name for key, value in condition.items() if key != "baseline" for name in named(value, entry)}


def named(value: Any, entry: Any) -> set[str]:
    """Return the names of observations in a value of the catalogue."""
    return {one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str) and one in entry}
