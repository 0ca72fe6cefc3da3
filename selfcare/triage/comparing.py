"""What differs between two versions of the catalogue, in words that a clinician can check before signing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from selfcare.triage import prose
from selfcare.triage.catalogue import Catalogue
from selfcare.triage.checking import conditions_within
from selfcare.triage.judge import Condition
from selfcare.triage.rules import Branch, Rule

RULE_FIELDS = ("title", "group", "reason", "runs", "latch", "alert", "patient_sentence", "clinician_sentence")
BRANCH_FIELDS = ("advice", "destination", "transport", "seen_within_h")


def differences(old: Catalogue, new: Catalogue) -> Iterator[str]:
    """Yield one line for each difference of content, rules first; nothing when both mean the same."""
    yield from _rules(old, new)
    yield from _definitions(old, new)
    for kind, before, after in (
        ("clock", old.clocks, new.clocks),
        ("", {"course": old.course}, {"course": new.course}),
        ("tier", old.tiers, new.tiers),
        ("question", old.questions, new.questions),
        ("answers", old.answer_sets, new.answer_sets),
        ("advice", old.advices, new.advices),
        ("", {"follow-up": old.follow_up}, {"follow-up": new.follow_up}),
        ("pattern", old.guide.patterns, new.guide.patterns),
        ("learn", old.learn, new.learn),
        ("specialists", old.guide.specialists, new.guide.specialists),
        ("region", old.regions, new.regions),
        ("source", old.sources, new.sources),
        ("observation", _terms(old.vocabulary.entry), _terms(new.vocabulary.entry)),
        ("history key", _terms(old.vocabulary.baseline), _terms(new.vocabulary.baseline)),
    ):
        yield from _named(kind, before, after)


def _rules(old: Catalogue, new: Catalogue) -> Iterator[str]:
    before, after = {rule.id: rule for rule in old.rules}, {rule.id: rule for rule in new.rules}
    for rule_id in sorted(before.keys() | after.keys()):
        if rule_id not in after:
            yield f"rule {rule_id} is gone: {before[rule_id].title}"
        elif rule_id not in before:
            yield f"rule {rule_id} is new: {after[rule_id].title}"
        else:
            yield from (f"rule {rule_id}, {line}" for line in _rule(before[rule_id], after[rule_id], old, new))


def _rule(before: Rule, after: Rule, old: Catalogue, new: Catalogue) -> Iterator[str]:
    for field in RULE_FIELDS:
        yield from _changed(prose.spoken(field), getattr(before, field), getattr(after, field))
    yield from _changed("sources", ", ".join(before.sources), ", ".join(after.sources))
    yield from _changed("evidence", _evidence(before), _evidence(after))
    yield from _changed("asks", ", ".join(before.asks), ", ".join(after.asks))
    tiers = [[branch.tier for branch in rule.branches] for rule in (before, after)]
    if tiers[0] != tiers[1]:
        yield from _changed("ways to fire", *(", ".join(names) or "none" for names in tiers))
    for was, is_now in zip(before.branches, after.branches, strict=False):
        if was.tier == is_now.tier:
            yield from (f"{prose.spoken(was.tier)}, {line}" for line in _branch(was, is_now, old, new))


def _branch(before: Branch, after: Branch, old: Catalogue, new: Catalogue) -> Iterator[str]:
    for field in BRANCH_FIELDS:
        yield from _changed(prose.spoken(field), getattr(before, field), getattr(after, field))
    for field in ("when", "unless"):
        was, is_now = getattr(before, field), getattr(after, field)
        yield from _condition(field, was, is_now, old, new)


def _definitions(old: Catalogue, new: Catalogue) -> Iterator[str]:
    for name in sorted(old.definitions.keys() | new.definitions.keys()):
        was, is_now = old.definitions.get(name), new.definitions.get(name)
        if was != is_now:
            users = ", ".join(rule.id for rule in new.rules if name in _used_by(rule, new))
            used = f" (used by {users})" if users else ""
            yield from _condition(f"condition “{prose.spoken(name)}”{used}", was, is_now, old, new)


def _used_by(rule: Rule, content: Catalogue) -> set[str]:
    """Return the definitions that a rule uses, directly or through others."""
    waiting: list[Any] = [part for branch in rule.branches for part in (branch.when, branch.unless) if part]
    found: set[str] = set()
    while waiting:
        names = {inner["use"] for inner in conditions_within(waiting.pop()) if "use" in inner}
        waiting += [content.definitions[name] for name in names - found]
        found |= names
    return found


def _condition(
    name: str, was: Condition | None, is_now: Condition | None, old: Catalogue, new: Catalogue
) -> Iterator[str]:
    if was != is_now:
        told = _words(was, old), _words(is_now, new)
        # Two conditions that read alike and differ are shown as they are written.
        yield from _changed(name, *(told if told[0] != told[1] else (f"{was}", f"{is_now}")))


def _named(kind: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    for name in sorted(before.keys() | after.keys()):
        if name not in after:
            yield f"{kind} {name} is gone"
        elif name not in before:
            yield f"{kind} {name} is new"
        else:
            yield from (f"{kind} {line}".strip() for line in _changed(name, before[name], after[name]))


def _changed(name: str, before: Any, after: Any) -> Iterator[str]:
    """Yield what differs between two values, key by key where both have keys."""
    if before == after:
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in [*before, *(key for key in after if key not in before)]:
            yield from _changed(f"{name}, {prose.spoken(key)}", before.get(key), after.get(key))
    else:
        yield f"{name}: was {_shown(before)}, is {_shown(after)}"


def _shown(value: Any) -> str:
    if value is None or value == "":
        return "empty"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"“{value}”" if isinstance(value, str) else f"{value}"


def _words(condition: Condition | None, content: Catalogue) -> str:
    return prose.describe(condition, prose.plain_words(content.definitions)).in_one_line() if condition else ""


def _evidence(rule: Rule) -> str:
    return ", ".join(rule.evidence.values())


def _terms(terms: Mapping[str, Any]) -> dict[str, Any]:
    return {name: term.for_phone() | {"left_out": term.left_out} for name, term in terms.items()}
