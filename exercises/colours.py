"""PURE. The colour of one exercise in one session: the table of clinical.md 4.5.

What was not answered can never make a session green. It can make it red no more than it could be known to be.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

GREEN, AMBER, RED, STOP, UNKNOWN = "green", "amber", "red", "stop", "unknown"
COLOURS = (GREEN, AMBER, RED, STOP, UNKNOWN)
CLOSER, SAME, FURTHER = "closer_to_back", "no_change", "further_down"
SPREADS = (CLOSER, SAME, FURTHER)
# "This hurts more" in the player: went on with the easier twin, stopped, or opened the safety list.
HURTS = ("", "easier", "stopped", "safety")
LEAST, MOST = 0, 10


@dataclass(frozen=True, slots=True)
class Shades:
    """The numbers of one column of the table. Pain is 0 to 10, tingling in minutes, mornings above the usual one."""

    green_during: int
    red_during: int
    green_rise: int
    red_rise: int
    green_after: int
    green_morning: int
    red_morning: int
    green_tingling_min: int | None
    red_tingling_min: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What a person said about one exercise of one session. None: not answered.

    ``usual`` is the mean of the mornings before. ``fresh``: within 72 hours of new or harder work (DX-10).
    """

    done: bool = True
    before: int | None = None
    during: int | None = None
    hour_after: int | None = None
    morning: int | None = None
    usual: Fraction | None = None
    settled: bool | None = None
    spread: str | None = None
    tingling_min: int | None = None
    soreness_only: bool = False
    fresh: bool = False
    hurt: str = ""
    too_much: bool = False
    new_signs: bool = False


def colour(said: Measured, shades: Shades) -> str:
    """Return green, amber, red, stop, or unknown where an answer is missing that green would need."""
    if said.new_signs or said.hurt == "safety":
        return STOP
    if _hard_red(said, shades):
        return RED
    if _unsettled(said, shades):
        return AMBER if _soreness_of_new_work(said) else RED
    if _closer_and_little_worse(said, shades):
        return GREEN
    if _amber(said, shades):
        return AMBER
    return GREEN if _surely_green(said, shades) else UNKNOWN


def counts(said: Measured) -> bool:
    """Return whether the exercise was tried at all, so that its colour means something."""
    return said.done or bool(said.hurt) or said.new_signs or said.during is not None


def usual_morning(mornings: Mapping[date, int], *, on: date, days: int, at_least: int) -> Fraction | None:
    """Return the mean of the mornings before the one after ``on``, or None where too few are known.

    clinical.md 4.5: the mean of the 3 mornings before. The morning of the session's own day is the last of them.
    """
    known = [mornings[day] for back in range(days) if (day := on - timedelta(days=back)) in mornings]
    return Fraction(sum(known), len(known)) if len(known) >= at_least else None


def _hard_red(said: Measured, shades: Shades) -> bool:
    """Return whether something happened that no explanation softens."""
    rise = said.during is not None and said.before is not None and said.during - said.before >= shades.red_rise
    hot = said.during is not None and said.during >= shades.red_during
    tingling = shades.red_tingling_min is not None and (said.tingling_min or 0) > shades.red_tingling_min
    # Stopping because it hurt is taken for what a stop rule says: too much.
    return rise or hot or tingling or said.spread == FURTHER or said.hurt == "stopped"


def _unsettled(said: Measured, shades: Shades) -> bool:
    above = said.morning is not None and said.usual is not None and said.morning > said.usual + shades.red_morning
    return above or said.settled is False


def _soreness_of_new_work(said: Measured) -> bool:
    """Return whether it is the soreness that new work brings (DX-10): no leg symptom, and asked about, not assumed."""
    return said.soreness_only and said.fresh and said.spread in (CLOSER, SAME) and said.tingling_min == 0


def _closer_and_little_worse(said: Measured, shades: Shades) -> bool:
    """Return whether pain moved up towards the back, which counts as green even with 1 or 2 more pain (DX-07)."""
    if said.spread != CLOSER or said.too_much or said.hurt or said.settled is False:
        return False
    if shades.green_tingling_min is not None and (
        said.tingling_min is None or said.tingling_min > shades.green_tingling_min
    ):
        return False
    # Below red everything has been looked at: rises, mornings and pain that would be red did not come this far.
    morning_known = said.morning is not None and (said.usual is not None or said.morning <= shades.red_morning)
    rise_known = said.during is not None and (said.before is not None or said.during < shades.red_rise)
    return morning_known and rise_known


def _amber(said: Measured, shades: Shades) -> bool:
    during = said.during is not None and said.during > shades.green_during
    rise = said.during is not None and said.before is not None and said.during > said.before + shades.green_rise
    after = (
        said.hour_after is not None and said.before is not None and said.hour_after > said.before + shades.green_after
    )
    morning = said.morning is not None and said.usual is not None and said.morning > said.usual + shades.green_morning
    tingling = shades.green_tingling_min is not None and (said.tingling_min or 0) > shades.green_tingling_min
    return during or rise or after or morning or tingling or said.hurt == "easier" or said.too_much


def _surely_green(said: Measured, shades: Shades) -> bool:
    """Return whether it is green whatever the missing answers would have been."""
    if said.during is None or said.morning is None or said.spread is None:
        return False
    if shades.green_tingling_min is not None and said.tingling_min is None:
        return False
    before = LEAST if said.before is None else said.before
    usual = Fraction(LEAST) if said.usual is None else said.usual
    after = LEAST if said.hour_after is None else said.hour_after
    return (
        said.during <= before + shades.green_rise
        and said.morning <= usual + shades.green_morning
        and after <= before + shades.green_after
    )
