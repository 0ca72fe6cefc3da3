"""Case files written from clinical.md 2.4, 2.5 and T-13: the persistence window, and what combinations mean.

tests/cases/persistence.json is played like ``manage.py replay`` plays it; persistence.expected.json holds the days on
which the rule speaks, with which reason and tier, and the highest tier of the case and its day.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from selfcare.diary import cases
from selfcare.triage import catalogue
from tests.diary import case_files

CASES, EXPECTED = case_files.read("persistence")
# A day far from the one that a replay takes, before a 29 February.
ELSEWHERE = date(2028, 1, 20)


@pytest.mark.parametrize("plain", CASES, ids=lambda plain: plain["id"])
def test_the_prompt_comes_on_the_days_with_the_tier_and_reason_of_the_section(plain: dict[str, Any]) -> None:
    content = catalogue.current()
    expected = EXPECTED[plain["id"]]

    result = cases.replay(cases.case_from_plain(plain, vocabulary=content.vocabulary), content)

    said = [
        (day["day"], found["reason"], found["tier"])
        for day in result["days"]
        for found in (*day["findings"], *day.get("information", ()))
        if found["rule"] == expected["rule"]
    ]
    assert said == [(day, expected["reason"], expected["tier"]) for day in expected["days"]]
    assert (result["highest_tier"], result["reached_on_day"]) == (expected["highest_tier"], expected["reached_on_day"])


@pytest.mark.parametrize(
    "plain", [one for one in CASES if "next_review_on" not in one["baseline"]], ids=lambda p: p["id"]
)
def test_a_case_means_the_same_from_any_day_on(plain: dict[str, Any]) -> None:
    content = catalogue.current()
    case = cases.case_from_plain(plain, vocabulary=content.vocabulary)

    assert cases.replay(case, content, start_on=ELSEWHERE) == cases.replay(case, content)


def test_every_prompt_has_a_case_in_which_it_comes_and_every_case_an_expectation() -> None:
    come = {(one["rule"], one["tier"]) for one in EXPECTED.values() if one["days"]}

    assert case_files.tiers_of(("PER", "T-13")) - come == set()
    assert {plain["id"] for plain in CASES} == EXPECTED.keys()
