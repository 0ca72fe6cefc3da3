"""PURE. What a person's history or today's state forbids, over plain facts.

A fact that is not known holds no filter and no pause: what must be known before something opens is asked for by name
where it opens (self-start, unlocking).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Test:
    """One comparison of one fact."""

    fact: str
    operator: str
    value: Any

    def holds(self, facts: Facts) -> bool:
        """Return whether the fact is known and satisfies the comparison."""
        known = facts.get(self.fact)
        return known is not None and OPERATORS[self.operator](known, self.value)


OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "is": lambda known, value: known == value,
    "in": lambda known, value: known in value,
    "at_least": lambda known, value: known >= value,
    "above": lambda known, value: known > value,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What leaves single exercises out, by the traits it forbids; caps for walking (minutes) and strength (days)."""

    id: str
    when: Test
    unless: Test | None
    forbids: frozenset[str]
    walk_minutes: int
    strength_days: int
    # Whether a clinician may prescribe in spite of it, with a note: the fact is coarser than what speaks against it.
    may_override: bool
    patient: str
    clinical: str
    sources: tuple[str, ...]

    def holds(self, facts: Facts) -> bool:
        """Return whether it applies to this person today."""
        return self.when.holds(facts) and not (self.unless and self.unless.holds(facts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """What pauses the whole programme but for the exercises it allows."""

    id: str
    when: Test
    allows: tuple[str, ...]
    rule: str
    patient: str
    clinical: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Paused:
    """That the programme rests: for which reasons, the leading one first, and what remains allowed."""

    reasons: tuple[str, ...]
    allows: frozenset[str]


def pause_of(pauses: Sequence[Pause], facts: Facts) -> Paused | None:
    """Return why the whole programme rests today, or None. What one reason forbids no other allows."""
    holding = [pause for pause in pauses if pause.when.holds(facts)]
    if not holding:
        return None
    allows = frozenset.intersection(*(frozenset(pause.allows) for pause in holding))
    return Paused(tuple(pause.id for pause in holding), allows)


def forbidden(
    filters: Iterable[Filter],
    facts: Facts,
    *,
    traits: Iterable[str],
    adapt: Iterable[str],
    overridden: Collection[str] = (),
) -> list[str]:
    """Return the ids of the filters that leave an exercise out: traits forbidden and no adapted form.

    ``overridden`` names the filters in spite of which a clinician prescribed it; where that is not allowed, or not any
    more, the filter holds all the same.
    """
    has, adapted = frozenset(traits), frozenset(adapt)
    return [
        one.id
        for one in filters
        if one.forbids & has
        and one.id not in adapted
        and not (one.may_override and one.id in overridden)
        and one.holds(facts)
    ]


def adapted(filters: Iterable[Filter], facts: Facts, *, adapt: Mapping[str, str]) -> list[str]:
    """Return the sentences that say how this person does the exercise instead."""
    return [adapt[one.id] for one in filters if one.id in adapt and one.holds(facts)]


def cap(filters: Iterable[Filter], facts: Facts, name: str) -> int:
    """Return the lowest ceiling of that name (``walk_minutes``, ``strength_days``) that applies, or 0 for none."""
    return min((value for one in filters if one.holds(facts) and (value := getattr(one, name))), default=0)
