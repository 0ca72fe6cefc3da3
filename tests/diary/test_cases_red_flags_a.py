"""Case files written from clinical.md 1.4 and 1.5: nerve (arm and face), infection, cancer, bone.

tests/cases/red_flags_a.json is played like ``manage.py replay`` plays it; red_flags_a.expected.json holds what the
sections say: when the rule first speaks, with which reason and tier (null: never), and the highest tier and its day.
"""

from __future__ import annotations

from typing import Any

import pytest

from selfcare.diary import cases
from selfcare.triage import catalogue
from tests.diary import case_files

CASES, EXPECTED = case_files.read("red_flags_a")
GROUPS = ("RF-NEU-07", "RF-INF-03", "RF-INF-04", "RF-INF-05", "RF-MAL", "RF-FRX")


@pytest.mark.parametrize("plain", CASES, ids=lambda plain: plain["id"])
def test_the_rule_speaks_with_the_tier_the_reason_and_on_the_day_that_the_sections_say(plain: dict[str, Any]) -> None:
    content = catalogue.current()
    expected = EXPECTED[plain["id"]]

    result = cases.replay(cases.case_from_plain(plain, vocabulary=content.vocabulary), content)

    # A rule may speak more softly on days before.
    assert case_files.most_urgent(result, expected["rule"]) == (expected["day"], expected["reason"], expected["tier"])
    assert (result["highest_tier"], result["reached_on_day"]) == (expected["highest_tier"], expected["reached_on_day"])


def test_every_tier_of_every_rule_has_a_case_and_every_case_an_expectation() -> None:
    assert case_files.tiers_of(GROUPS) - {(one["rule"], one["tier"]) for one in EXPECTED.values()} == set()
    assert {plain["id"] for plain in CASES} == EXPECTED.keys()
