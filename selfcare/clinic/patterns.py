"""The pattern guide for a clinician: what a diary fits, by what, with numbers and sources. Education only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from selfcare.clinic import explain
from selfcare.diary import areas, monitoring
from selfcare.diary.models import Episode
from selfcare.triage import catalogue, guide


@dataclass(frozen=True, slots=True)
class Considered:
    """One pattern: what it is, what in the diary points to it, and what is published about it."""

    id: str
    name: str
    behaviour: str
    why: str
    numbers: tuple[tuple[str, str], ...]
    people: tuple[str, ...]
    cited: tuple[tuple[str, str], ...]


def consider(episode: Episode, *, as_of: date) -> tuple[Considered, ...]:
    """Return the patterns that the diary of an episode fits on a day, in the order of the catalogue."""
    content = catalogue.current()
    history = monitoring.history_of(episode, until=as_of)
    proposals = guide.propose(content.guide, content, history, regions=areas.names(episode.regions), as_of=as_of)
    country = episode.patient.patient.country
    return tuple(_considered(proposal, country=country, as_of=as_of) for proposal in proposals)


def note() -> str:
    """Return what the section says about itself."""
    return str(catalogue.current().guide.texts["clinician_note"])


def _considered(proposal: guide.Proposal, *, country: str, as_of: date) -> Considered:
    content = catalogue.current()
    pattern = content.guide.patterns[proposal.id]
    titles = {**content.guide.seeds, **{source: content.sources[source]["title"] for source in pattern["sources"]}}
    return Considered(
        id=proposal.id,
        name=pattern["clinician"]["name"],
        behaviour=pattern["clinician"]["behaviour"],
        why=explain.in_words(proposal.inputs, as_of=as_of),
        numbers=tuple((each["text"], ", ".join(each["from"])) for each in pattern["clinician"]["numbers"]),
        people=tuple(content.guide.people([*pattern["people"], *pattern["then"]], country)),
        cited=tuple((each, titles[each]) for each in (*pattern["seeds"], *pattern["sources"])),
    )
