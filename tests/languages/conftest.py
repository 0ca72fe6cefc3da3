"""Languages that are offered whatever the translators have done so far."""

from __future__ import annotations

from typing import Any

import pytest

from selfcare.triage import languages
from tests.languages import pseudo


@pytest.fixture
def spanish(monkeypatch: pytest.MonkeyPatch) -> str:
    """Let Spanish be offered, with whatever gaps it has."""
    monkeypatch.setattr(languages, "offered", lambda: ("en-gb", "es"))
    return "es"


@pytest.fixture
def pseudo_locales(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """Let both pseudo-locales be offered."""
    pseudo.speak(monkeypatch, settings)
    monkeypatch.setattr(languages, "offered", lambda: ("en-gb", pseudo.ACCENTED, pseudo.FROM_THE_RIGHT))
