"""Checks what the parts of a catalogue rest on: sources that resolve, and how sure the evidence is."""

from __future__ import annotations

from edge.sheets import Sheet

# What kind of evidence a rule rests on, and how sure it is in the words of GRADE.
EVIDENCE_TYPES = ("guideline", "systematic_review", "trial", "cohort", "case_series", "expert_opinion", "design_choice")
# Wording has the same kind of evidence throughout, unless an item names its own.
EVIDENCE_OF = ("question", "advice", "pattern")
EVIDENCE_GRADES = ("high", "moderate", "low", "very_low")


def check_sources(section: Sheet) -> None:
    """Raise CatalogueError unless each source has a title, its addresses and whether it was read."""
    for name in section:
        source = section[name]
        if not isinstance(source, Sheet):
            raise section.fault(f"{name!r} must hold keys.", name)
        source.fields(needs={"title": str, "addresses": list, "state": str}, takes={"note": str})
        source.one_of("state", ("read", "known"))


def check_citations(sheet: Sheet, sources: Sheet) -> None:
    """Raise CatalogueError unless an item cites at least one source and all of them resolve."""
    if not sheet["sources"]:
        raise sheet.fault("'sources' is empty. Cite at least one source.", "sources")
    for source in sheet["sources"]:
        if source not in sources:
            raise sheet.fault(f"{source!r} is not in sources.yaml. Add it there, or mend the name.", "sources")


def check_evidence(evidence: Sheet) -> None:
    """Raise CatalogueError unless type and grade of the evidence are known words."""
    evidence.fields(needs={"type": str, "grade": str})
    evidence.one_of("type", EVIDENCE_TYPES)
    evidence.one_of("grade", EVIDENCE_GRADES)
