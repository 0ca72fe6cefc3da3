"""The commands that README names."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def make(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    outside = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(
        ["make", "--no-print-directory", *arguments],
        cwd=ROOT,
        env={**outside, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))


def test_help_is_what_make_does_alone_and_lists_every_target() -> None:
    listed = {line.split()[1] for line in make().stdout.splitlines()}

    assert listed == targets()
    assert {"run", "test", "install", "help"} <= listed


def test_every_target_that_a_document_names_exists() -> None:
    named = {
        target
        for document in DOCUMENTS
        if document.exists()
        for target in re.findall(r"`(?:[A-Z_]+=\S+ )*make ([a-z-]+)`", document.read_text())
    }

    assert named <= targets()


@pytest.fixture
def python_without(tmp_path: Path) -> str:
    own = tmp_path / "python"
    own.write_text("#!/bin/sh\nexit 1\n")
    own.chmod(0o755)
    return str(own)


def test_a_machine_without_the_venv_module_is_told_what_to_install(tmp_path: Path, python_without: str) -> None:
    venv = tmp_path / "venv"

    result = make(f"{venv}/bin/pip", f"VENV={venv}", f"PYTHON={python_without}")

    assert result.returncode != 0
    assert "Python's venv module is missing. On Debian or Ubuntu: apt install python3-venv" in result.stdout


def test_a_machine_without_a_new_enough_python_is_told_so(tmp_path: Path) -> None:
    venv = tmp_path / "venv"

    result = make(f"{venv}/bin/pip", f"VENV={venv}", "PYTHON=")

    assert result.returncode != 0
    assert "selfcare needs Python 3.11 or newer." in result.stdout
