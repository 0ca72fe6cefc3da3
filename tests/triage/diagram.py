"""The states of an alert as a diagram for the documents, drawn from the table that moves it."""

from __future__ import annotations

from selfcare.triage.models import TRANSITIONS, Alert

OPENS, ENDS = "<!-- alert states: drawn from TRANSITIONS -->", "<!-- end of alert states -->"


def mermaid() -> str:
    """Return the diagram as it stands in docs/architecture.md, markers included."""
    moves = sorted((source, target, kind) for kind, (sources, target) in TRANSITIONS.items() for source in sources)
    lines = [f"    {source} --> {target}: {kind}" for source, target, kind in moves]
    drawn = ["stateDiagram-v2", f"    [*] --> {Alert.Status.OPEN}: opened", *lines]
    return "\n".join((OPENS, "", "```mermaid", *drawn, "```", "", ENDS))
