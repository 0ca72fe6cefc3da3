"""Who stands for each part of the catalogue: the ledger ``sign_off.yaml`` and what follows from it.

A signature is bound to the digest of what was signed. Change a rule, or a definition that it uses, and its signature
lapses by itself: nobody has to remember to take it back. How a clinician signs: docs/safety/sign-off.md.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from edge import sheets
from edge.sheets import CatalogueError, Sheet, Shelf

LEDGER = "sign_off.yaml"
# The last one is the whole of a version; a clinical safety officer signs it when everything else is approved.
KINDS = ("rule", "question", "advice", "pattern", "learn", "release")
# What is not the item's own but decides what it means.
READS_TIME = {"clock", "checkpoint", "level", "status"}
EMERGENCY_REVIEWERS = 2
ENTRY = {
    "kind": str,
    "id": str,
    "version": int,
    "digest": str,
    "authors": list,
    "reviews": list,
    "expires_on": date,
}
REVIEW = {"name": str, "role": str, "reviewed_on": date}

Key = tuple[str, str]


class Status(StrEnum):
    """How far an item has come on its way to patients."""

    SUBMITTED = "submitted"
    UNDER_REVIEW = "under_review"
    APPROVED = "approved"


@dataclass(frozen=True, slots=True)
class Item:
    """One part of the catalogue that somebody has to stand for, and where it stands."""

    kind: str
    id: str
    digest: str
    reviewers_needed: int
    place: str


@dataclass(frozen=True, slots=True)
class Review:
    """One reviewer's signature."""

    name: str
    role: str
    reviewed_on: date


@dataclass(frozen=True, slots=True)
class Standing:
    """What an item's sign-off amounts to now. ``changed``: it was signed once, and has been changed since."""

    item: Item
    version: int
    authors: tuple[str, ...]
    reviews: tuple[Review, ...] = ()
    expires_on: date | None = None
    changed: bool = False

    @property
    def status(self) -> Status:
        """Return how far the item has come; an expired approval is still an approval, see ``is_expired``."""
        if len(self.reviews) >= self.item.reviewers_needed:
            return Status.APPROVED
        return Status.UNDER_REVIEW if self.reviews else Status.SUBMITTED

    @property
    def approved_on(self) -> date | None:
        """Return the day on which the last signature that was needed was given."""
        if self.status != Status.APPROVED:
            return None
        return sorted(review.reviewed_on for review in self.reviews)[self.item.reviewers_needed - 1]

    def is_expired(self, on: date) -> bool:
        """Return whether an approval is past its day."""
        return self.expires_on is not None and self.expires_on < on

    @property
    def mend(self) -> str:
        """Return what somebody has to do to get the item approved; empty when nothing is to be done."""
        missing = self.item.reviewers_needed - len(self.reviews)
        if missing <= 0:
            return ""
        people = "one reviewer" if missing == 1 else f"{missing} reviewers"
        since = " It has been changed since it was signed." if self.changed else ""
        return f"It waits for {people}: manage.py catalogue sign {self.item.kind} {self.item.id}.{since}"


def items(parts: Mapping[str, Any], cover: Sheet) -> dict[Key, Item]:
    """Return everything that needs a sign-off, in the order of the catalogue."""
    found = [_rule(rule, parts, cover) for _, rule in parts["rules"]]
    found += [_named("question", name, parts["questions"], parts) for name in parts["questions"]]
    found += [_card(name, name, parts["advice"]) for name in parts["advice"]]
    cards = parts["follow_up"]["cards"]
    found += [_card(name, f"follow_up.{name}", cards) for name in cards]
    patterns = parts.get("patterns", {})
    found += [_named("pattern", name, patterns, parts) for name in patterns]
    found += [_named("learn", name, parts["learn"], parts) for name in parts["learn"]]
    rest = {key: value for key, value in parts.items() if key != "rules"}
    whole = [_plain(cover), rest, [_plain(rule) for _, rule in parts["rules"]]]
    found.append(Item("release", cover["version"], _digest(whole), 1, cover.where("version")))
    return {(item.kind, item.id): item for item in found}


def standings(shelf: Shelf, known: Mapping[Key, Item], *, authors: Iterable[str], today: date | None) -> list[Standing]:
    """Return where each item stands. Raises CatalogueError, with file, line and the mend, for a ledger that is wrong.

    With a date a sign-off that has expired, or that was given after that day, is refused.
    """
    entries = {(entry["kind"], entry["id"]): entry for entry in _entries(shelf, known, today)}
    found = []
    for key, item in known.items():
        entry = entries.get(key)
        if entry is None:
            found.append(Standing(item, 1, tuple(authors)))
        elif entry["digest"] != item.digest:
            found.append(Standing(item, entry["version"] + 1, tuple(entry["authors"]), changed=True))
        else:
            reviews = tuple(Review(**review) for review in entry["reviews"])
            standing = Standing(item, entry["version"], tuple(entry["authors"]), reviews, entry["expires_on"])
            if today is not None and standing.is_expired(today):
                raise entry.fault(
                    f"The sign-off of {item.kind} {item.id} expired on {entry['expires_on']}. "
                    "Have it reviewed, and sign it again.",
                    "expires_on",
                )
            found.append(standing)
    return found


def same_person(one: str, other: str) -> bool:
    """Return whether two names are the same person's, whatever the spacing and the capitals."""
    return one.casefold().split() == other.casefold().split()


def _entries(shelf: Shelf, known: Mapping[Key, Item], today: date | None) -> Iterator[Sheet]:
    if shelf.text(LEDGER) is None:
        return
    ledger = sheets.read(shelf, LEDGER)
    ledger.fields(needs={"sign_offs": list})
    seen: set[Key] = set()
    for entry in ledger["sign_offs"]:
        if not isinstance(entry, Sheet):
            raise ledger.fault("'sign_offs' must be a list of sign-offs.", "sign_offs")
        entry.fields(needs=ENTRY)
        entry.one_of("kind", KINDS)
        key = (entry["kind"], entry["id"])
        # A release is named by its version: that of an older version stays, as a record.
        if key not in known and key[0] != "release":
            raise entry.fault(f"There is no {key[0]} {key[1]!r} any more. Remove this sign-off.", "id")
        if key in seen:
            raise entry.fault(f"{key[0]} {key[1]!r} is signed off twice. Remove one of them.", "id")
        seen.add(key)
        _check_reviews(entry, today)
        yield entry


def _check_reviews(entry: Sheet, today: date | None) -> None:
    if not entry["authors"] or not all(isinstance(name, str) and name.strip() for name in entry["authors"]):
        raise entry.fault("'authors' must name at least one person.", "authors")
    names: list[str] = []
    for review in entry["reviews"]:
        if not isinstance(review, Sheet):
            raise entry.fault("'reviews' must be a list of signatures.", "reviews")
        review.fields(needs=REVIEW)
        if not review["name"].strip():
            raise review.fault("'name' is empty. Write who reviewed it.", "name")
        if any(same_person(review["name"], author) for author in entry["authors"]):
            raise review.fault(f"{review['name']} is an author of it. Somebody else has to review it.", "name")
        if any(same_person(review["name"], name) for name in names):
            raise review.fault(f"{review['name']} has signed it twice. Another person has to review it.", "name")
        if today is not None and review["reviewed_on"] > today:
            raise review.fault(
                f"{review['reviewed_on']} lies in the future. Write the day of the review.", "reviewed_on"
            )
        names.append(review["name"])


# --- What a signature is bound to -------------------------------------------------------------------------------------


def _rule(rule: Sheet, parts: Mapping[str, Any], cover: Sheet) -> Item:
    tiers = [branch["tier"] for branch in rule["branches"]]
    content = [_plain(rule), _meaning(rule, parts), {tier: cover["tiers"].get(tier) for tier in tiers}]
    needed = EMERGENCY_REVIEWERS if "emergency" in tiers else 1
    return Item("rule", rule["id"], _digest(content), needed, rule.where("id"))


def _card(name: str, item_id: str, section: Sheet) -> Item:
    needed = EMERGENCY_REVIEWERS if section[name]["tier"] == "emergency" else 1
    return Item("advice", item_id, _digest(section[name]), needed, section.where(name))


def _named(kind: str, name: str, section: Sheet, parts: Mapping[str, Any]) -> Item:
    content = [section[name], _meaning(section[name], parts)]
    if kind == "question":
        content.append({answers: parts["answer_sets"].get(answers) for answers in section[name]["asks"].values()})
    return Item(kind, name, _digest(content), 1, section.where(name))


def _meaning(content: Any, parts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the definitions that conditions inside use, and clocks and course where they read them."""
    found: dict[str, Any] = {}
    waiting, keys = [content], set[str]()
    while waiting:
        uses, seen = _keys(waiting.pop())
        if seen & READS_TIME and not keys & READS_TIME:
            waiting.append(parts["clocks"])
            found |= {"the clocks": parts["clocks"], "the course": parts["course"]}
        keys |= seen
        for name in uses - found.keys():
            if name in parts["definitions"]:
                found[name] = parts["definitions"][name]
                waiting.append(found[name])
    return found


def _keys(content: Any) -> tuple[Set[str], Set[str]]:
    """Return the names that ``use`` names inside, and all keys inside."""
    uses, keys = set[str](), set[str]()
    if isinstance(content, Mapping):
        keys |= content.keys()
        if isinstance(content.get("use"), str):
            uses.add(content["use"])
    inside = content.values() if isinstance(content, Mapping) else content if isinstance(content, list) else ()
    for value in inside:
        more_uses, more_keys = _keys(value)
        uses, keys = uses | more_uses, keys | more_keys
    return uses, keys


def _plain(sheet: Sheet) -> dict[str, Any]:
    return dict(sheet)


def _digest(content: Any) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_iso)
    return hashlib.sha256(text.encode()).hexdigest()


def _iso(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise CatalogueError(f"{value!r} cannot be signed. Write text, numbers, dates, true or false.")
