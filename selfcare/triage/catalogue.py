"""The catalogue of questions, rules and advice: read, checked and frozen.

The sheets lie in ``catalogue/*.yaml``. Loading refuses what nobody should rely on: unknown keys, operators, names and
tiers, citations that are missing or do not resolve, duplicate ids, and (when publishing) content past its expiry.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings  # type: ignore[import-untyped]
from django.utils.translation import get_language  # type: ignore[import-untyped]

from edge.languages import SOURCE, Spoken
from edge.sheets import CatalogueError, Folder
from selfcare.triage import building, published, reach, translating
from selfcare.triage.guide import Guide
from selfcare.triage.rules import Rule
from selfcare.triage.sign_off import Standing, Status
from selfcare.triage.vocabulary import Vocabulary

__all__ = ["DIRECTORY", "PUBLISHED", "Catalogue", "CatalogueError", "choose", "chosen", "current", "load", "shown"]

DIRECTORY = Path(__file__).parent / "catalogue"
PUBLISHED = "published"


@dataclass(frozen=True)
class Catalogue(Spoken):
    """One version of the clinical content. Plain data inside; nothing changes it after loading."""

    IN_WORDS = staticmethod(translating.in_words)
    LOCALE = translating.LOCALE

    version: str
    title: str
    standings: tuple[Standing, ...]
    evidence: Mapping[str, Mapping[str, str]]
    published_on: date
    review_due_on: date
    expires_on: date
    look_back_days: int
    tiers: Mapping[str, Mapping[str, Any]]
    sources: Mapping[str, Mapping[str, Any]]
    vocabulary: Vocabulary
    reasons: tuple[str, ...]
    definitions: Mapping[str, Any]
    clocks: Mapping[str, Any]
    course: Mapping[str, Any]
    answer_sets: Mapping[str, Mapping[str, str]]
    questions: Mapping[str, Mapping[str, Any]]
    advices: Mapping[str, Mapping[str, Any]]
    regions: Mapping[str, Mapping[str, str]]
    fallback_region: str
    follow_up: Mapping[str, Any]
    guide: Guide
    spoken: Mapping[str, Any]
    learn: Mapping[str, Mapping[str, Any]]
    rules: tuple[Rule, ...]
    # What a call button says.
    call: str = "Call {number}"
    language: str = SOURCE

    def rule(self, rule_id: str) -> Rule:
        """Return a rule. Raises KeyError for an id that this version does not have."""
        for rule in self.rules:
            if rule.id == rule_id:
                return rule
        raise KeyError(rule_id)

    def advice(self, advice_id: str) -> Mapping[str, Any]:
        """Return an advice text with its placeholders. Raises KeyError for an unknown id."""
        return self.advices[advice_id]

    def region(self, country: str) -> Mapping[str, str]:
        """Return the numbers and places of a country, or of the fallback for a country that is not listed."""
        return self.regions.get(country, self.regions[self.fallback_region])

    def card(self, advice_id: str, country: str) -> dict[str, Any]:
        """Return an advice text ready to show: {id, tier, title, calls: [{number, label}], do, say, why}.

        A call without a number in the region is left out. Raises KeyError for an unknown id.
        """
        return self._card(self.advices[advice_id], advice_id, country)

    def follow_up_card(self, name: str, country: str) -> dict[str, Any]:
        """Return a card of the follow-up, such as "ask_emergency", ready to show. Raises KeyError if there is none."""
        return self._card(self.follow_up["cards"][name], name, country)

    def _card(self, advice: Mapping[str, Any], advice_id: str, country: str) -> dict[str, Any]:
        region = {**self.region(country), **self.guide.names(country)}
        calls = [region[f"{kind}_number"] for kind in advice["calls"]]
        return {
            "id": advice_id,
            "tier": advice["tier"],
            "title": advice["title"].format_map(region),
            "calls": [{"number": number, "label": self.call.format(number=number)} for number in calls if number],
            "do": [line.format_map(region) for line in advice["do"]],
            "say": advice["say"].format_map(region),
            "why": [line.format_map(region) for line in advice["why"]],
        }

    @cached_property
    def demonstration(self) -> bool:
        """Return whether anything still waits for its sign-off; the safety label follows it."""
        return bool(self.waiting)

    @property
    def waiting(self) -> list[Standing]:
        """Return what is not approved, in the order of the catalogue; the release as a whole comes last."""
        return [standing for standing in self.standings if standing.status != Status.APPROVED]

    def standing(self, kind: str, item_id: str) -> Standing:
        """Return where an item's sign-off stands. Raises KeyError for an item that this version does not have."""
        return self._standings[kind, item_id]

    @cached_property
    def _standings(self) -> Mapping[tuple[str, str], Standing]:
        return {(standing.item.kind, standing.item.id): standing for standing in self.standings}

    def is_expired(self, on: date) -> bool:
        """Return whether the content should have been reviewed by ``on``; it then counts as not signed off."""
        return self.expires_first_on < on

    @property
    def expires_first_on(self) -> date:
        """Return the day after which the content, or the first of its sign-offs, is past its review."""
        return min([self.expires_on, *(each.expires_on for each in self.standings if each.expires_on)])

    @cached_property
    def window_days(self) -> int:
        """Return how many days before the judged day any rule reads."""
        return reach.window_days(self.rules, self.definitions, self.course, look_back_days=self.look_back_days)

    def for_phone(self) -> dict[str, Any]:
        """Return what the phone evaluates and shows, as plain JSON data."""
        plain: dict[str, Any] = json.loads(self.phone_json)
        return plain

    @cached_property
    def phone_json(self) -> bytes:
        """Return ``for_phone()`` as bytes; the etag is their digest."""
        plain = {
            "version": self.version,
            "language": self.language,
            "call": self.call,
            "title": self.title,
            "demonstration": self.demonstration,
            "published_on": self.published_on.isoformat(),
            "review_due_on": self.review_due_on.isoformat(),
            "expires_on": self.expires_on.isoformat(),
            "window_days": self.window_days,
            "tiers": self.tiers,
            "definitions": self.definitions,
            "clocks": self.clocks,
            "course": self.course,
            "rules": [_rule_for_phone(rule) for rule in self.rules],
            "vocabulary": {
                "entry": {name: term.for_phone() for name, term in self.vocabulary.entry.items()},
                "baseline": {name: term.for_phone() for name, term in self.vocabulary.baseline.items()},
            },
            "answer_sets": self.answer_sets,
            "questions": self.questions,
            "advice": self.advices,
            # With what each kind of clinician is called there, so that the phone fills a card like the server.
            "regions": {place: {**region, **self.guide.names(place)} for place, region in self.regions.items()},
            "fallback_region": self.fallback_region,
        }
        return json.dumps(plain, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()

    @cached_property
    def etag(self) -> str:
        """Return the SHA-256 of what the phone gets."""
        return hashlib.sha256(self.phone_json).hexdigest()


def load(source: Path = DIRECTORY, *, today: date | None) -> Catalogue:
    """Return the catalogue of a folder of sheets, or of the file of a published version.

    Raises CatalogueError, with file, line and the mend, if it cannot be used. Content and sign-offs past their expiry
    are refused, unless no date is given.
    """
    shelf = published.read(source) if source.suffix == ".json" else Folder(source)
    return Catalogue(**building.build(shelf, today=today))


@dataclass(frozen=True, slots=True)
class Choice:
    """The catalogue that this installation judges by, and a sentence for each newer version that could not be used."""

    catalogue: Catalogue
    source: Path
    passed_over: tuple[str, ...] = ()


def choose(directory: Path = DIRECTORY, *, from_sheets: bool, demonstration: bool) -> Choice:
    """Return what an installation judges by: the newest published version that is whole.

    Outside a demonstration a version that is approved goes before newer ones that are not. Expired content still
    judges: an old rule that sees a red flag is better than none. Without any published version, or ``from_sheets``,
    the sheets are read as they are. Raises CatalogueError when nothing can be used.
    """
    candidates = [] if from_sheets else published.files(directory / PUBLISHED)
    usable: list[Choice] = []
    passed_over: list[str] = []
    for path in candidates:
        try:
            found = Choice(load(path, today=None), path, tuple(passed_over))
        except CatalogueError as error:
            passed_over.append(str(error))
            continue
        if demonstration or not found.catalogue.demonstration:
            return found
        usable.append(found)
    if usable:
        return usable[0]
    return Choice(load(directory, today=None), directory, tuple(passed_over))


@lru_cache(maxsize=1)
def chosen() -> Choice:
    """Return what this installation judges by, chosen once per process."""
    return choose(from_sheets=settings.CATALOGUE == "sheets", demonstration=settings.DEMONSTRATION)


def current() -> Catalogue:
    """Return this installation's catalogue, loaded once per process.

    Past its expiry it loses its sign-off instead of falling silent, so every page says so, and the start-up check
    names it.
    """
    return chosen().catalogue


def shown() -> Catalogue:
    """Return this installation's catalogue in the language of the request, for pages and phones."""
    return current().spoken_in(get_language() or SOURCE)


def _rule_for_phone(rule: Rule) -> dict[str, Any]:
    branches = [
        {
            "when": branch.when,
            "unless": branch.unless,
            "tier": branch.tier,
            "advice": branch.advice,
            "transport": branch.transport,
        }
        for branch in rule.branches
    ]
    return {
        "id": rule.id,
        "group": rule.group,
        "reason": rule.reason,
        "runs": rule.runs,
        "patient_sentence": rule.patient_sentence,
        "branches": branches,
    }
