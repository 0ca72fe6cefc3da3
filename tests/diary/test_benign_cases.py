"""Alert fatigue (hazard H06): ordinary diaries, none of which may send anybody to hospital at night.

tests/cases/benign.json holds them; benign.expected.json the most urgent tier that each may reach.
"""

from __future__ import annotations

from typing import Any

import pytest

from selfcare.diary import cases
from selfcare.triage import catalogue, rules
from tests.diary import case_files

CASES, MOST_URGENT = case_files.read("benign")


@pytest.mark.parametrize("plain", CASES, ids=lambda plain: plain["id"])
def test_an_ordinary_diary_is_not_taken_for_more_urgent_than_it_is(plain: dict[str, Any]) -> None:
    content = catalogue.current()

    result = cases.replay(cases.case_from_plain(plain, vocabulary=content.vocabulary), content)

    found = {(day["day"], one["rule"]) for day in result["days"] for one in day["findings"]}
    allowed = rules.TIERS.index(MOST_URGENT[plain["id"]])
    assert rules.TIERS.index(result["highest_tier"]) >= allowed, sorted(found)


def test_no_ordinary_diary_may_be_an_emergency_and_few_need_somebody_today() -> None:
    assert "emergency" not in MOST_URGENT.values()
    assert len(CASES) >= 40
    assert {plain["id"] for plain in CASES} == MOST_URGENT.keys()
    assert list(MOST_URGENT.values()).count("same_day") <= len(CASES) / 10
