"""What the documents say about the code is true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OPERATIONS = (ROOT / "docs" / "operations.md").read_text()
DEPENDENCIES = (ROOT / "docs" / "decisions" / "0002-dependencies.md").read_text()
REQUIREMENTS = (ROOT / "requirements.txt").read_text() + (ROOT / "requirements-dev.txt").read_text()


def variables() -> set[str]:
    settings = (ROOT / "selfcare" / "settings.py").read_text()
    return set(re.findall(r'(?:env\.\w+|_number)\(\s*"([A-Z_]+)"', settings))


def test_every_variable_is_described() -> None:
    assert {name for name in variables() if f"`{name}`" not in OPERATIONS} == set()


def test_every_variable_of_the_table_is_read() -> None:
    table = OPERATIONS.partition("## Settings")[2].partition("\n## ")[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]

    assert set(re.findall(r"`([A-Z_]+)`", " ".join(rows))) == variables()


@pytest.mark.parametrize("pin", re.findall(r"^([\w.-]+)(?:\[[\w,]+\])?==([\w.]+)", REQUIREMENTS, flags=re.MULTILINE))
def test_every_pinned_package_has_its_reason_and_version(pin: tuple[str, str]) -> None:
    name, version = pin
    rows = [line for line in DEPENDENCIES.splitlines() if line.startswith("|") and name in line.split("|")[1]]

    assert any(version in row.split("|")[2] for row in rows), f"{name} {version}"


@pytest.mark.parametrize("document", ["README.md", "docs/operations.md"])
def test_every_file_that_a_document_links_to_exists(document: str) -> None:
    text = (ROOT / document).read_text()
    links = {
        link.partition("#")[0] for link in re.findall(r"(?:\]\(|src(?:set)?=\")([^)\"\s]+)", text) if "://" not in link
    }

    assert {link for link in links if link and not (ROOT / document).parent.joinpath(link).exists()} == set()
