"""Stories as patients tell them, played by ``manage.py replay``; what each must lead to stands in expected.json."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

FOLDER = Path(__file__).parent
EXPECTED: dict[str, dict[str, Any]] = json.loads((FOLDER / "expected.json").read_text())


def replay(name: str) -> dict[str, Any]:
    """Return what the rules make of a story."""
    out = StringIO()
    call_command("replay", str(FOLDER / f"{name}.json"), stdout=out)
    return json.loads(out.getvalue())[0]


def rules_of(result: dict[str, Any]) -> set[str]:
    """Return every rule that fired on any day."""
    return {finding["rule"] for day in result["days"] for finding in day["findings"]}


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_the_story_reaches_its_tier(name: str) -> None:
    result = replay(name)

    assert result["highest_tier"] == EXPECTED[name]["highest_tier"]


@pytest.mark.parametrize("name", sorted(name for name in EXPECTED if EXPECTED[name]["highest_tier"] != "none"))
def test_the_story_reaches_it_on_the_right_day(name: str) -> None:
    result = replay(name)

    assert result["reached_on_day"] == EXPECTED[name]["reached_on_day"]


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_the_story_fires_its_rules_and_leaves_the_others_quiet(name: str) -> None:
    fired = rules_of(replay(name))

    assert (set(EXPECTED[name]["fires"]) - fired, fired & set(EXPECTED[name]["quiet"])) == (set(), set())


def test_every_story_says_what_it_must_lead_to() -> None:
    stories = {path.stem for path in FOLDER.glob("*.json")} - {"expected"}

    assert stories == set(EXPECTED)
