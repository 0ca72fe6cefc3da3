"""The diagram in the documents is the table."""

from __future__ import annotations

from pathlib import Path

from selfcare.triage.models import TRANSITIONS
from tests.triage import diagram

ARCHITECTURE = Path(__file__).parent.parent.parent / "docs" / "architecture.md"


def test_the_document_shows_the_states_as_the_table_has_them() -> None:
    text = ARCHITECTURE.read_text(encoding="utf-8")

    shown = diagram.OPENS + text.partition(diagram.OPENS)[2].partition(diagram.ENDS)[0] + diagram.ENDS

    assert shown == diagram.mermaid(), f"Replace the part in docs/architecture.md by:\n{diagram.mermaid()}"


def test_every_move_of_the_table_is_a_line_of_the_diagram() -> None:
    drawn = diagram.mermaid()

    missing = [
        (source, target, kind)
        for kind, (sources, target) in TRANSITIONS.items()
        for source in sources
        if f"{source} --> {target}: {kind}" not in drawn
    ]

    assert missing == []
