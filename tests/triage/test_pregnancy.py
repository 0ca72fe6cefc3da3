"""Pregnancy never lowers the tier of a cauda equina rule (RF-PRE-03)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from selfcare.triage import catalogue, rules
from tests.triage import vectors

CAUDA_EQUINA = [vector for name, vector in vectors.read() if name.startswith("cauda_equina: ")]
GROUP = ("RF-CES", "RF-URO")


@pytest.mark.parametrize("weeks", [1, 24, 41])
def test_what_the_cauda_equina_rules_find_is_the_same_in_pregnancy(weeks: int) -> None:
    content = catalogue.current()

    for vector in CAUDA_EQUINA:
        history, as_of = vectors.history_of(vector, content), vectors.as_of(vector)
        expecting = replace(history, baseline={**history.baseline, "pregnant_weeks": weeks})
        found = rules.evaluate(content, expecting, as_of=as_of)

        expected = [finding for finding in vector["expect"] if finding["rule"].startswith(GROUP)]
        assert vectors.in_short(found, about=GROUP) == expected, vector["description"]


def test_a_pregnant_person_with_an_emergency_item_is_sent_where_both_can_be_treated() -> None:
    content = catalogue.current()
    rule = content.rule("RF-PRE-03")

    assert rule.branch("emergency").destination == "hospital_with_maternity_and_spinal_surgery"
    assert content.rules.index(rule) < content.rules.index(content.rule("RF-CES-01")), "its card would not be shown"


def test_there_are_vectors_to_prove_it_with() -> None:
    assert len(CAUDA_EQUINA) > 100
