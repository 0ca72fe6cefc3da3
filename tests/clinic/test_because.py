"""Every finding can be said in one sentence, to the clinician and to the patient, with its values and days."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from typing import Any

import pytest

from selfcare.clinic import explain
from selfcare.triage import because, catalogue, rules
from selfcare.triage.rules import Finding
from selfcare.web import reasons
from tests import reading
from tests.triage import vectors

AS_OF = date(2026, 3, 14)
# Raw keys, empty values, templates that were not filled in.
RAW = re.compile(r"_|\bNone\b|\bTrue\b|\bFalse\b|[{}\[\]']|  ")


@cache
def findings() -> tuple[tuple[str, date, Finding], ...]:
    """Return every finding of every vector, with the vector's name and day."""
    content = catalogue.current()
    return tuple(
        (name, vectors.as_of(vector), finding)
        for name, vector in vectors.read()
        for finding in rules.evaluate(content, vectors.history_of(vector, content), as_of=vectors.as_of(vector))
    )


def clinician(inputs: dict[str, Any], rule: str = "RF-NEU-03") -> str:
    return explain.sentence(rule, inputs, as_of=AS_OF, version="0.1.0")


def patient(inputs: dict[str, Any], rule: str = "RF-NEU-03") -> str:
    return reasons.sentence(rule, inputs, today=AS_OF)


def test_every_finding_of_every_vector_has_a_sentence_for_the_clinician() -> None:
    said = {
        name: explain.sentence(found.rule_id, found.inputs, as_of=on, version="0.1.0") for name, on, found in findings()
    }

    assert len(said) > 100
    assert {name: words for name, words in said.items() if RAW.search(words) or not words.endswith(".")} == {}
    assert {
        name: words for name, words in said.items() if not re.search(r": (RF|PER)-.*, catalogue 0\.1\.0\.$", words)
    } == {}


def test_every_finding_of_every_vector_has_a_sentence_for_the_patient() -> None:
    said = {name: reasons.sentence(found.rule_id, found.inputs, today=on) for name, on, found in findings()}

    assert {name: words for name, words in said.items() if RAW.search(words) or not words.endswith(".")} == {}
    assert {name: words for name, words in said.items() if len(words.split()) > because.WORDS_IN_A_SENTENCE} == {}


def test_the_patients_sentence_names_answers_wherever_the_finding_rests_on_any() -> None:
    with_answers = [(name, on, found) for name, on, found in findings() if found.inputs.get("days")]

    general = [
        name
        for name, on, found in with_answers
        if reasons.sentence(found.rule_id, found.inputs, today=on)
        == catalogue.current().rule(found.rule_id).patient_sentence
    ]

    assert general == []


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        (
            {"days": {"2026-03-12": {"weakness": 1}, "2026-03-14": {"weakness": 2}}},
            "Leg weakness rose from 1 (12 Mar) to 2 (14 Mar): RF-NEU-03, catalogue 0.1.0.",
        ),
        (
            {"days": {"2026-03-14": {"weakness": [1, 2]}}},
            "Leg weakness 1 and 2 (14 Mar): RF-NEU-03, catalogue 0.1.0.",
        ),
        (
            {"days": {"2026-03-12": {"weakness": 0}, "2026-03-14": {"weakness": [2, 0]}}},
            "Leg weakness 0 and 2 (14 Mar): RF-NEU-03, catalogue 0.1.0.",
        ),
        (
            {"days": {"2026-03-01": {"weakness": 0}, "2026-03-12": {"weakness": 1}, "2026-03-14": {"weakness": 2}}},
            "Leg weakness rose from 1 (12 Mar) to 2 (14 Mar): RF-NEU-03, catalogue 0.1.0.",
        ),
        (
            {"days": {"2026-03-14": {"weakness": [2, 0]}}},
            "Leg weakness 0 and 2 (14 Mar): RF-NEU-03, catalogue 0.1.0.",
        ),
        (
            {"days": {"2025-12-31": {"walk_distance_m": 400}, "2026-03-14": {"walk_distance_m": 0}}},
            "Walking distance fell from 400 (31 Dec 2025) to 0 (14 Mar): RF-NEU-03, catalogue 0.1.0.",
        ),
        (
            {"days": {"2026-03-13": {"night_pain": "constant"}, "2026-03-14": {"night_pain": "constant"}}},
            "Night pain constant, no position helps (on 2 days, last 14 Mar): RF-NEU-03, catalogue 0.1.0.",
        ),
        (
            {"days": {"2026-03-01": {"pain_side": "left"}, "2026-03-14": {"pain_side": "both"}}},
            "Pain, side left (1 Mar), then both (14 Mar): RF-NEU-03, catalogue 0.1.0.",
        ),
        (
            {"days": {"2026-03-14": {"bladder": "new", "bladder_detail": ["retention", "leak"], "bowel": "none"}}},
            "Bladder new (14 Mar); bladder, kind cannot empty, leak (14 Mar): RF-NEU-03, catalogue 0.1.0.",
        ),
        (
            {"days": {"2026-03-14": {"chills": True}}, "baseline": {"age": 62, "anticoagulant": True}},
            "Hot and shivery (14 Mar); age 62; anticoagulant: RF-NEU-03, catalogue 0.1.0.",
        ),
        (
            {"facts": {"mean pain_avg": 3.5, "mean pain_avg before": 6.25}},
            "Mean of pain fell from 6.25 to 3.5: RF-NEU-03, 14 Mar, catalogue 0.1.0.",
        ),
        (
            {"days": {"2026-03-14": {"pain_avg": 8}}, "facts": {"mean pain_avg before": 3.2}},
            "Pain, average 8 (14 Mar); earlier mean of pain 3.2: RF-NEU-03, catalogue 0.1.0.",
        ),
        (
            {
                "facts": {
                    "day of onset": 42,
                    "status": "not_improved",
                    "decided on": "2026-03-10",
                    "level pain_leg": 7,
                    "start level": 6,
                }
            },
            "Course not improved (10 Mar); mean of leg pain rose from 6 to 7 (10 Mar); "
            "day since onset 42: RF-NEU-03, catalogue 0.1.0.",
        ),
        (
            {"facts": {"RF-NEU-04": "2026-03-02", "RF-MAL-04": "2026-03-12"}},
            "New mild weakness 2 Mar; unexplained weight loss 12 Mar: RF-NEU-03, 14 Mar, catalogue 0.1.0.",
        ),
        ({"facts": {"days without an entry": 9}}, "Days without an entry 9: RF-NEU-03, 14 Mar, catalogue 0.1.0."),
        ({}, "No single answer led to this: RF-NEU-03, 14 Mar, catalogue 0.1.0."),
    ],
)
def test_a_clinician_reads_what_was_said_and_when(inputs: dict[str, Any], words: str) -> None:
    assert clinician(inputs) == words


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        (
            {"days": {"2026-03-07": {"weakness": 1}, "2026-03-14": {"weakness": 2}}},
            "We say this because you told us: leg weakness went from 1 (7 March) to 2 (today).",
        ),
        (
            {"days": {"2026-03-14": {"weakness": [2, 0]}}},
            "We say this because today you told us: leg weakness was 0 and 2 out of 4.",
        ),
        (
            {"days": {"2026-03-09": {"saddle": "new"}}},
            "We say this because on Monday you told us: it feels different between your legs.",
        ),
        (
            {"days": {"2026-03-14": {"saddle": ["none", "new"]}}},
            "We say this because today you told us: it feels different between your legs.",
        ),
        (
            {"days": {"2026-03-14": {"saddle_since_days": 1}}},
            "We say this because today you told us: that began that day or the day before.",
        ),
        (
            {"days": {"2026-03-14": {"saddle_since_days": 7}}},
            "We say this because today you told us: that began 7 days before.",
        ),
        (
            {"days": {"2026-03-14": {"both_legs": ["new", "same_as_always"]}}},
            "We say this because today you told us: both legs are affected.",
        ),
        (
            {"days": {"2026-03-13": {"night_pain": "constant"}, "2026-03-14": {"night_pain": "constant"}}},
            "We say this because you told us: the pain was there all night, on 2 days.",
        ),
        (
            {"days": {"2026-03-01": {"pain_side": "left"}, "2026-03-14": {"pain_side": "both"}}},
            "We say this because you told us: pain on the left (1 March), then pain on both sides (today).",
        ),
        (
            {"days": {"2026-03-14": {"chills": True}}, "baseline": {"anticoagulant": True}},
            "We say this because today you told us: you felt hot and shivery; you take blood thinners.",
        ),
        (
            {"days": {"2026-03-14": {"chills": True, "very_unwell": True, "bladder": "new", "weakness": 3}}},
            "We say this because today you told us: you felt hot and shivery; you felt very ill; and more.",
        ),
        (
            {"facts": {"mean pain_avg": 3.5, "mean pain_avg before": 6.25}},
            "We say this because you told us: your pain went from 6.25 to 3.5 on average.",
        ),
        (
            {"facts": {"status": "not_improved", "decided on": "2026-03-14"}},
            "We say this because today you told us: you are not clearly better.",
        ),
        ({"facts": {"RF-NEU-04": "2026-03-02"}}, "You told us that a leg or foot is getting weaker."),
        ({}, "You told us that a leg or foot is getting weaker."),
    ],
)
def test_a_patient_hears_their_own_answers(inputs: dict[str, Any], words: str) -> None:
    assert patient(inputs) == words


def test_a_rule_of_an_older_catalogue_is_still_explained_to_the_clinician() -> None:
    inputs = {"days": {"2026-03-14": {"a_name_of_yesterday": "some_value"}}}

    assert clinician(inputs, rule="RF-OLD-99") == "A name of yesterday some value (14 Mar): RF-OLD-99, catalogue 0.1.0."
    assert patient(inputs, rule="RF-OLD-99") == ""


def spoken_keys() -> list[tuple[str, str]]:
    """Return every name that can stand in a sentence; free text and dates cannot."""
    vocabulary = catalogue.current().vocabulary
    parts = (("entry", vocabulary.entry), ("baseline", vocabulary.baseline))
    return [(part, name) for part, terms in parts for name, term in terms.items() if term.kind not in ("text", "date")]


@pytest.mark.parametrize(("part", "name"), spoken_keys())
def test_every_name_of_the_vocabulary_can_be_said_back(part: str, name: str) -> None:
    content = catalogue.current()
    term = getattr(content.vocabulary, part)[name]
    phrases = content.spoken[part].get(name, {})

    numeric = term.kind in ("integer", "number")
    telling = [value for value in term.values if not because.is_quiet(value)]
    wanted = ["was"] if numeric else ["true"] if term.kind == "boolean" else telling
    assert set(wanted) - set(phrases) == set()


def test_a_phrase_leaves_room_for_the_rest_of_its_sentence() -> None:
    spoken = catalogue.current().spoken
    phrases = [text for part in ("entry", "baseline") for each in spoken[part].values() for text in each.values()]

    longest = max(phrases, key=lambda text: len(text.split()))

    assert len(longest.split()) + len(["We", "say", "this", "because", "on", "14", "March", "you", "told", "us:"]) <= 20


def test_what_is_said_back_is_read_at_the_age_of_eleven() -> None:
    spoken = catalogue.current().spoken
    phrases = [text for part in ("entry", "baseline") for each in spoken[part].values() for text in each.values()]

    sentences = [reading.grade(f"We say this because you told us, {phrase}.") for phrase in phrases]

    assert sum(sentences) / len(sentences) <= reading.HIGHEST
