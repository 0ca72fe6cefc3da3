"""PURE. How much of an exercise, and the steps between doses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from math import floor
from typing import Any

# The order in which a step up raises them (DX-01); a step down never raises one of them.
PARTS = ("reps", "sets", "hold_s")
TWO_THIRDS, HALF = Fraction(2, 3), Fraction(1, 2)
# Changing sides in the player: ux.md 3.7.
SWITCH_S = 8


@dataclass(frozen=True, slots=True)
class Dose:
    """Sets of repetitions, each held for ``hold_s`` seconds, ``times_a_day`` times a day on ``days_a_week`` days."""

    sets: int
    reps: int
    hold_s: int = 0
    times_a_day: int = 1
    days_a_week: int = 7

    def stored(self) -> dict[str, int]:
        """Return the dose as it is stored and sent."""
        return asdict(self)


def dose_of(stored: Mapping[str, Any]) -> Dose:
    """Return the dose that was stored."""
    return Dose(**stored)


@dataclass(frozen=True, slots=True)
class Ladder:
    """The doses of L1 to L3 of one exercise, and how it may climb.

    ``whole_levels``: the levels are different positions whose numbers cannot be compared, so it climbs and falls by
    whole levels. ``most_level`` is 1 for whoever was shown the exercise by nobody (clinical.md 4.2). ``hold_step_s``
    limits how much longer one step up may be. ``most_hold_s`` is a ceiling from the person's history.
    """

    levels: tuple[Dose, Dose, Dose]
    whole_levels: bool = False
    most_level: int = 3
    hold_step_s: int = 0
    most_hold_s: int = 0

    def at(self, level: int) -> Dose:
        """Return the full dose of a level, 1 to 3."""
        return self.levels[level - 1]


@dataclass(frozen=True, slots=True)
class Rung:
    """Where a person stands: a level and a dose, which may lie below that of the level."""

    level: int
    dose: Dose


def up(rung: Rung, ladder: Ladder) -> Rung | None:
    """Return one step up: repetitions, then sets, then hold, then level; None at the top.

    A dose that was cut climbs back to its own level first.
    """
    own = _raised(rung.dose, ladder.at(rung.level), ladder)
    if own is not None:
        return Rung(rung.level, own)
    if rung.level >= min(ladder.most_level, len(ladder.levels)):
        return None
    above = Rung(rung.level + 1, ladder.at(rung.level + 1))
    if ladder.whole_levels:
        return above
    climbed = _raised(rung.dose, above.dose, ladder)
    if climbed is None:
        # Nothing but the position, the days or the times a day is left to change.
        higher = replace(above.dose, hold_s=_ceiling(above.dose.hold_s, ladder))
        return Rung(above.level, higher) if higher != rung.dose else None
    return Rung(above.level, climbed) if climbed == above.dose else Rung(rung.level, climbed)


def _raised(dose: Dose, target: Dose, ladder: Ladder) -> Dose | None:
    for part in PARTS:
        has, wants = getattr(dose, part), getattr(target, part)
        if part == "hold_s":
            wants = _ceiling(min(wants, has + ladder.hold_step_s) if ladder.hold_step_s else wants, ladder)
        if has < wants:
            return replace(dose, **{part: wants})
    return None


def _ceiling(hold_s: int, ladder: Ladder) -> int:
    return min(hold_s, ladder.most_hold_s) if ladder.most_hold_s else hold_s


def level_down(rung: Rung, ladder: Ladder) -> Rung:
    """Return one level down, nothing of it higher than now; half the dose for who is at L1 already (DX-04)."""
    if rung.level == 1:
        return Rung(1, share(rung.dose, HALF))
    return to_level(rung, ladder, level=rung.level - 1)


def to_level(rung: Rung, ladder: Ladder, *, level: int) -> Rung:
    """Return the dose of a lower level, no repetition, set or hold higher than now."""
    below = ladder.at(level)
    if ladder.whole_levels:
        return Rung(level, below if level < rung.level else rung.dose)
    return Rung(level, replace(below, **{part: min(getattr(rung.dose, part), getattr(below, part)) for part in PARTS}))


def share(dose: Dose, part: Fraction) -> Dose:
    """Return a share of the dose: of its repetitions; where there is one, of the sets; else of the hold."""
    for name in PARTS:
        value = getattr(dose, name)
        if value > 1:
            return replace(dose, **{name: max(1, floor(value * part))})
    return dose


def seconds(dose: Dose, *, tempo_s: Sequence[int], rest_s: int, sides: int) -> int:
    """Return how long one go takes: sets, holds, the tempo of a repetition, rests between sets, changing sides."""
    one_set = dose.reps * (dose.hold_s + sum(tempo_s))
    one_side = dose.sets * one_set + (dose.sets - 1) * rest_s
    return sides * one_side + (sides - 1) * SWITCH_S
