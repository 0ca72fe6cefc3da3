"""Every rule of the catalogue as a clinician reads it before signing: in words, with sources and sign-off."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext, ngettext

from selfcare.clinic import wording
from selfcare.clinic.rulebook_words import CONDITIONS, DESTINATIONS, EVIDENCE, GROUPS, RUNS, STATUSES, TRANSPORTS
from selfcare.triage import prose
from selfcare.triage.catalogue import Catalogue
from selfcare.triage.models import Tier
from selfcare.triage.prose import Phrase
from selfcare.triage.rules import TIERS, Branch, Rule
from selfcare.triage.sign_off import Standing, Status


@dataclass(frozen=True, slots=True)
class Source:
    """One citation. ``is_read`` is False while a clinician still has to open it before signing."""

    id: str
    title: str
    addresses: tuple[str, ...]
    is_read: bool


@dataclass(frozen=True, slots=True)
class SignOff:
    """Where an item's sign-off stands, in words."""

    status: str
    is_approved: bool
    version: int
    authors: str
    reviewers: tuple[str, ...]
    approved_on: date | None
    expires_on: date | None
    remark: str


@dataclass(frozen=True, slots=True)
class Way:
    """One way in which a rule fires, and what follows."""

    tier: str
    tier_word: str
    seen_within: str
    destination: str
    transport: str
    when: Phrase
    unless: Phrase | None
    card: str


@dataclass(frozen=True, slots=True)
class Described:
    """One rule in words."""

    rule: Rule
    ways: tuple[Way, ...]
    runs: str
    evidence: str
    sources: tuple[Source, ...]
    sign_off: SignOff


@dataclass(frozen=True, slots=True)
class Group:
    """The rules of one group."""

    id: str
    title: str
    rules: tuple[Described, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """A question or a card with its sign-off."""

    id: str
    text: str
    evidence: str
    sources: tuple[Source, ...]
    sign_off: SignOff


def groups(content: Catalogue, *, country: str, today: date) -> list[Group]:
    """Return the rules in words, in the order in which a clinician looks for them."""
    found: dict[str, list[Described]] = {}
    for rule in sorted(content.rules, key=lambda rule: rule.id):
        found.setdefault(rule.group, []).append(_described(rule, content, country=country, today=today))
    order = [*GROUPS, *(group for group in found if group not in GROUPS)]
    return [Group(id, str(GROUPS.get(id, id)), tuple(found[id])) for id in order if id in found]


def definitions(content: Catalogue) -> list[tuple[str, str, Phrase]]:
    """Return (anchor, title, meaning) of the shared conditions that the rules name, by title."""
    words = _words(content)
    found = []
    for name, condition in content.definitions.items():
        meaning = prose.describe(condition, words)
        if meaning.parts:
            found.append((name, words.title(name), meaning))
    return sorted(found, key=lambda each: each[1].casefold())


def clocks(content: Catalogue) -> list[tuple[str, Phrase]]:
    """Return the clocks that do not simply start at the onset, each with what makes it start anew."""
    words = _words(content)
    restarts = [(name, clock.get("restart_at_first_entry_when")) for name, clock in content.clocks.items()]
    return [(prose.spoken(name), prose.describe(when, words)) for name, when in restarts if when]


def questions(content: Catalogue, *, today: date) -> list[Text]:
    """Return every question with its sign-off."""
    return [
        _text("question", id, item["text"], item, item["sources"], content, today=today)
        for id, item in content.questions.items()
    ]


def cards(content: Catalogue, *, country: str, today: date) -> list[Text]:
    """Return the title of every card with its sign-off, in the words of a country."""
    shown_by: dict[str, list[str]] = {}
    for rule in content.rules:
        for branch in rule.branches:
            shown_by.setdefault(branch.advice, []).extend(rule.sources)
    return [
        _text("advice", id, content.card(id, country)["title"], item, shown_by.get(id, ()), content, today=today)
        for id, item in content.advices.items()
    ]


def _text(
    kind: str,
    id: str,
    text: str,
    item: Mapping[str, Any],
    cited: Iterable[str],
    content: Catalogue,
    *,
    today: date,
) -> Text:
    sources = dict.fromkeys(item.get("sources", cited))
    return Text(
        id=id,
        text=text,
        evidence=_evidence(item.get("evidence", content.evidence[kind])),
        sources=tuple(_sources(sources, content)),
        sign_off=_sign_off(content.standing(kind, id), today=today),
    )


def state(content: Catalogue, *, today: date) -> tuple[int, int, SignOff]:
    """Return how many parts are approved, how many there are, and the sign-off of the whole."""
    parts = [standing for standing in content.standings if standing.item.kind != "release"]
    approved = [each for each in parts if each.status == Status.APPROVED and not each.is_expired(today)]
    return len(approved), len(parts), _sign_off(content.standing("release", content.version), today=today)


def _described(rule: Rule, content: Catalogue, *, country: str, today: date) -> Described:
    return Described(
        rule=rule,
        ways=tuple(_way(branch, content, country=country) for branch in rule.branches),
        runs=str(RUNS.get(rule.runs, rule.runs)),
        evidence=_evidence(rule.evidence),
        sources=tuple(_sources(rule.sources, content)),
        sign_off=_sign_off(content.standing("rule", rule.id), today=today),
    )


def _way(branch: Branch, content: Catalogue, *, country: str) -> Way:
    words = _words(content)
    return Way(
        tier=branch.tier,
        tier_word=str(Tier(branch.tier).label),
        seen_within=_within(branch.seen_within_h) if branch.tier != TIERS[-1] else "",
        destination=str(DESTINATIONS.get(branch.destination) or prose.spoken(branch.destination)),
        transport=str(TRANSPORTS.get(branch.transport) or prose.spoken(branch.transport)),
        when=prose.describe(branch.when, words),
        unless=prose.describe(branch.unless, words) if branch.unless else None,
        card=content.card(branch.advice, country)["title"],
    )


def _words(content: Catalogue) -> prose.Words:
    return prose.Words(wording.label_of, _known, _value, _title, content.definitions)


def _known(name: str) -> str:
    return str(wording.HISTORY.get(name) or wording.label_of(name))


def _value(name: str, value: Any) -> str:
    told = str(Tier(value).label) if name == "tier" else wording.value_of(name, value)
    # A comma inside a value would look like the next value.
    word, comma, more = told.partition(", ")
    return f"{word} ({more})" if comma else told


def _title(name: str) -> str:
    return str(CONDITIONS.get(name) or prose.spoken(name))


def _within(hours: int) -> str:
    if not hours:
        return gettext("seen at once")
    if hours <= 48:
        return gettext("seen within %(n)d hours") % {"n": hours}
    weeks = round(hours / 168)
    return ngettext("seen within %(n)d week", "seen within %(n)d weeks", weeks) % {"n": weeks}


def _evidence(evidence: Mapping[str, str]) -> str:
    return ", ".join(str(EVIDENCE.get(evidence[key], evidence[key])) for key in ("type", "grade") if key in evidence)


def _sources(ids: Iterable[str], content: Catalogue) -> Iterable[Source]:
    for id in ids:
        source = content.sources[id]
        yield Source(id, source["title"], tuple(source["addresses"]), source["state"] == "read")


def _sign_off(standing: Standing, *, today: date) -> SignOff:
    approved = standing.status == Status.APPROVED
    remark = ""
    if standing.changed:
        remark = gettext("Changed since it was signed; the signatures no longer count.")
    elif approved and standing.is_expired(today):
        remark = gettext("The approval has expired. It still judges, and has to be reviewed.")
    elif not approved:
        missing = standing.item.reviewers_needed - len(standing.reviews)
        remark = ngettext("Waits for %(n)d reviewer.", "Waits for %(n)d reviewers.", missing) % {"n": missing}
    return SignOff(
        status=str(STATUSES[standing.status]),
        is_approved=approved and not standing.is_expired(today),
        version=standing.version,
        authors=", ".join(standing.authors),
        reviewers=tuple(f"{review.name}, {review.role}" for review in standing.reviews),
        approved_on=standing.approved_on,
        expires_on=standing.expires_on,
        remark=remark,
    )
