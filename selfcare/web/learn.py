"""The Learn cards as a reader sees them: in one level, in the words of a country, with where they come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from selfcare.triage import catalogue
from selfcare.triage.sign_off import Status

PLAIN, DETAILED = "plain", "detailed"
COOKIE = "reading"
# How sure the evidence is (GRADE), and what kind it is, in a reader's words.
GRADES: Mapping[str, Promise] = {
    "high": _("Very sure. New studies will hardly change it."),
    "moderate": _("Quite sure. New studies may change it a little."),
    "low": _("Not very sure. New studies may well change it."),
    "very_low": _("Not sure. There are few studies, and small ones."),
}
KINDS: Mapping[str, Promise] = {
    "guideline": _("advice that experts agreed on (a guideline)"),
    "systematic_review": _("many studies taken together"),
    "trial": _("a trial that compared groups"),
    "cohort": _("a study that followed people over time"),
    "case_series": _("reports of a few people"),
    "expert_opinion": _("what experienced clinicians think"),
    "design_choice": _("our own choice"),
}


@dataclass(frozen=True, slots=True)
class Link:
    """One way on to another card."""

    text: str
    path: str
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """One source: its title and where it can be read."""

    title: str
    address: str


@dataclass(frozen=True, slots=True)
class Review:
    """Who stands for a card: ``reviewed_on`` is None until everybody who has to check it has done so."""

    written_on: date
    reviewed_on: date | None
    again_on: date


@dataclass(frozen=True, slots=True)
class Card:
    """One card in one level; ``other_path`` is the same card in the other level."""

    id: str
    title: str
    summary: str
    parts: list[dict[str, Any]]
    related: list[Link]
    sources: list[Source]
    grade: Promise
    kind: Promise
    review: Review
    other_path: str


def links(level: str, region: Mapping[str, Any]) -> list[Link]:
    """Return the way to every card, in the order of the catalogue."""
    words = _words(region)
    return [
        Link(card["title"].format_map(words), path_of(name, level), card["summary"].format_map(words))
        for name, card in catalogue.shown().learn.items()
    ]


def card(card_id: str, level: str, region: Mapping[str, Any]) -> Card:
    """Return one card. Raises KeyError for a card that this version of the content does not have."""
    content, words = catalogue.shown(), _words(region)
    found = content.learn[card_id]
    return Card(
        id=card_id,
        title=found["title"].format_map(words),
        summary=found["summary"].format_map(words),
        parts=[_part(part, words) for part in found[level]],
        related=[Link(one["question"], path_of(one["card"], level)) for one in found["related"]],
        sources=[Source(content.sources[id]["title"], content.sources[id]["addresses"][0]) for id in found["sources"]],
        grade=GRADES[found["evidence"]["grade"]],
        kind=KINDS[found["evidence"]["type"]],
        review=_review(card_id, found["written_on"]),
        other_path=path_of(card_id, other(level)),
    )


def other(level: str) -> str:
    """Return the other reading level."""
    return DETAILED if level == PLAIN else PLAIN


def index_path(level: str) -> str:
    """Return the address of the list in a level."""
    return reverse("learn" if level == PLAIN else "learn-detailed")


def path_of(card_id: str, level: str) -> str:
    """Return the address of a card in a level."""
    return reverse("learn-card" if level == PLAIN else "learn-detailed-card", args=[card_id])


def _words(region: Mapping[str, Any]) -> dict[str, Any]:
    return {**region, **catalogue.shown().guide.names(region["country"])}


def _part(part: Mapping[str, Any], words: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "heading": part["heading"].format_map(words),
        "points": [line.format_map(words) for line in part.get("points", ())],
        "text": [line.format_map(words) for line in part.get("text", ())],
    }


def _review(card_id: str, written_on: date) -> Review:
    content = catalogue.shown()
    standing = content.standing("learn", card_id)
    approved = standing.status == Status.APPROVED
    again_on = min(standing.expires_on or content.review_due_on, content.review_due_on)
    return Review(written_on, standing.approved_on if approved else None, again_on)
