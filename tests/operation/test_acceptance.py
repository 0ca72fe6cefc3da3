"""The acceptance page names, for each of the 25 checks, tests that exist or a protocol that is written there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "acceptance.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (\d+) \|(.*)\|$", PAGE, re.M)
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py(?:::\w+)?)`", PAGE)))
PROTOCOLS = re.split(r"^### (?=M\d)", PAGE, flags=re.M)[1:]


@pytest.mark.parametrize("named", NAMED)
def test_every_test_that_the_page_names_exists(named: str) -> None:
    path, _, name = named.partition("::")
    file = ROOT / path

    assert file.is_file()
    assert name in re.findall(r"^def (test_\w+)", file.read_text(encoding="utf-8"), re.M)


def test_every_check_has_a_row() -> None:
    assert [int(number) for number, _rest in ROWS] == list(range(1, 26))


@pytest.mark.parametrize(("number", "row"), ROWS, ids=[number for number, _row in ROWS])
def test_every_check_is_held_by_a_test_or_a_protocol(number: str, row: str) -> None:
    protocols = {protocol.split()[0] for protocol in PROTOCOLS}
    asked = set(re.findall(r"\bM\d\b", row))

    assert "::test_" in row or asked
    assert asked <= protocols


@pytest.mark.parametrize("protocol", PROTOCOLS, ids=lambda protocol: protocol[:2])
def test_every_protocol_says_how_it_ended(protocol: str) -> None:
    assert re.search(r"^Result: \S", protocol, re.M)
