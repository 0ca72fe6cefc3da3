"""The hazard log names tests; each of them must exist, and each hazard must name one or say what is open."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SAFETY = ROOT / "docs" / "safety"
LOG = (SAFETY / "hazard-log.md").read_text(encoding="utf-8")
HAZARDS = re.split(r"^## (?=H\d\d )", LOG, flags=re.M)[1:]


def written_tests() -> set[str]:
    """Return the names of all tests of the suite."""
    files = (ROOT / "tests").rglob("test_*.py")
    return {name for file in files for name in re.findall(r"^def (test_\w+)", file.read_text(encoding="utf-8"), re.M)}


@pytest.mark.parametrize("document", sorted(SAFETY.glob("*.md")), ids=lambda path: path.stem)
def test_every_test_that_a_safety_document_names_exists(document: Path) -> None:
    named = set(re.findall(r"`(test_\w+)`", document.read_text(encoding="utf-8")))

    assert named - written_tests() == set()


def test_every_hazard_has_an_entry() -> None:
    assert [hazard[:3] for hazard in HAZARDS] == [f"H{number:02}" for number in range(1, 23)]


@pytest.mark.parametrize("hazard", HAZARDS, ids=lambda hazard: hazard[:3])
def test_every_hazard_names_a_test_or_says_what_is_open(hazard: str) -> None:
    assert "`test_" in hazard or "- Open: " in hazard
