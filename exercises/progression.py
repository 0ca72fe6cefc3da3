"""PURE. The dose rules DX-01 to DX-12 of clinical.md 4.5 over plain data: no database, no clock, no settings.

``judge`` answers for one exercise what changes now, and why. What is missing never raises a dose: a session whose
answers are incomplete is no green one, and greens must follow each other without a gap.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from exercises.colours import AMBER, CLOSER, FURTHER, GREEN, RED, UNKNOWN, Shades
from exercises.doses import HALF, PARTS, TWO_THIRDS, Ladder, Rung, level_down, share, to_level, up

UP, DOWN, REST, REMOVED, STOPPED, SWAPPED = "up", "down", "rest", "removed", "stopped", "swapped"


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of the rules; "within n days" means at most n days apart."""

    usual_mornings: int
    usual_mornings_known: int
    greens_in_a_row: int
    greens_over_days: int
    adherence_percent: int
    adherence_days: int
    up_every_days: int
    ambers_in_a_row: int
    ambers: int
    ambers_within_days: int
    reds: int
    reds_within_days: int
    rest_days_after_red: int
    red_exercises_on_a_day: int
    eased_days: int
    furthers: int
    furthers_within_days: int
    fresh_days: int
    missed_two_thirds: int
    missed_level_down: int
    missed_recheck: int
    maintenance_m7_at_most: int
    maintenance_days: int
    look_back_days: int


@dataclass(frozen=True, slots=True)
class Rules:
    """The colour table and the numbers, as the catalogue holds them."""

    joint: Shades
    glide: Shades
    numbers: Numbers
    kept_when_eased: frozenset[str]

    def shades(self, *, glide: bool) -> Shades:
        """Return the column of the colour table."""
        return self.glide if glide else self.joint


@dataclass(frozen=True, slots=True)
class Tried:
    """One session of one exercise, with its colour."""

    session: str
    on: date
    colour: str
    spread: str | None = None
    too_much: bool = False


@dataclass(frozen=True, slots=True)
class Past:
    """A change that was made before. One that was undone has still answered its sessions."""

    rule: str
    kind: str
    on: date
    sessions: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """One exercise of one person: where they stand, what they tried and what changed, oldest first.

    ``planned`` and ``done`` count the times of the last ``adherence_days`` days. ``closer_levels`` are the levels that
    only a person whose pain moves up may reach.
    """

    rung: Rung
    ladder: Ladder
    tried: Sequence[Tried] = ()
    past: Sequence[Past] = ()
    planned: int = 0
    done: int = 0
    resting: bool = False
    tensioner: bool = False
    easier: str = ""
    closer_levels: Collection[int] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What changes, by which rule, and the key and values of the sentence that says why."""

    rule: str
    reason: str
    kind: str
    rung: Rung
    sessions: tuple[str, ...] = ()
    rest_until_on: date | None = None
    swap_to: str = ""
    recheck: bool = False
    for_clinician: bool = False
    values: Mapping[str, Any] = field(default_factory=dict)


def judge(state: State, *, as_of: date, rules: Rules, may_rise: bool) -> Verdict | None:
    """Return what the sessions change in one exercise on ``as_of``, or None: the dose holds.

    The most careful rule wins. ``may_rise`` is False while anything pauses or eases the programme, or another exercise
    has risen today (one exercise at a time).
    """
    n = rules.numbers
    answered = {session for past in state.past if past.kind != UP for session in past.sessions}
    tried = [one for one in state.tried if timedelta(0) <= as_of - one.on < timedelta(days=n.look_back_days)]
    fresh = [one for one in tried if (as_of - one.on).days <= n.reds_within_days and one.session not in answered]
    return (
        _red(state, tried, fresh, n)
        or _amber(state, tried, fresh, n)
        or (_rise(state, tried, answered, as_of=as_of, n=n) if may_rise and not state.resting else None)
    )


def _red(state: State, tried: Sequence[Tried], fresh: Sequence[Tried], n: Numbers) -> Verdict | None:
    """Return what a red session changes (DX-04, DX-05)."""
    reds = [one for one in fresh if one.colour == RED]
    if not reds:
        return None
    last = reds[-1]
    counted = _not_used(tried, state.past, "DX-05")
    lately = [one for one in counted if one.colour == RED and abs((last.on - one.on).days) <= n.reds_within_days]
    if len(lately) >= n.reds:
        return Verdict(
            rule="DX-05",
            reason="DX-05",
            kind=REMOVED,
            rung=state.rung,
            sessions=_ids(lately),
            recheck=True,
            for_clinician=True,
            values={"count": len(lately)},
        )
    rest_until_on = last.on + timedelta(days=n.rest_days_after_red)
    rung, reason, swap_to = level_down(state.rung, state.ladder), "DX-04", ""
    if state.tensioner:
        reason, swap_to = "DX-04-lock", state.easier
    elif state.rung.level == 1:
        reason = "DX-04-half"
        if _half_already(state) and state.easier:
            reason, swap_to = "DX-04-swap", state.easier
    return Verdict(
        rule="DX-04",
        reason=reason,
        kind=SWAPPED if swap_to else DOWN,
        rung=state.rung if swap_to else rung,
        sessions=_ids(reds),
        rest_until_on=rest_until_on,
        swap_to=swap_to,
        for_clinician=True,
        values={"days": n.rest_days_after_red},
    )


def _half_already(state: State) -> bool:
    half = share(state.ladder.at(1), HALF)
    return all(getattr(state.rung.dose, part) <= getattr(half, part) for part in PARTS)


def _amber(state: State, tried: Sequence[Tried], fresh: Sequence[Tried], n: Numbers) -> Verdict | None:
    """Return what amber sessions change (DX-02, DX-03); a single one holds the dose."""
    ambers = [one for one in fresh if one.colour == AMBER]
    if not ambers:
        return None
    last = ambers[-1]
    if state.tensioner:
        return Verdict(
            rule="DX-04",
            reason="DX-04-lock",
            kind=SWAPPED,
            rung=state.rung,
            sessions=_ids(ambers),
            swap_to=state.easier,
            for_clinician=True,
        )
    counted = _not_used(tried, state.past, "DX-03", "DX-04", "DX-05")
    lately = [one for one in counted if one.colour == AMBER and 0 <= (last.on - one.on).days <= n.ambers_within_days]
    if len(lately) >= n.ambers:
        return Verdict(
            rule="DX-03",
            reason="DX-03",
            kind=DOWN,
            rung=level_down(state.rung, state.ladder),
            sessions=_ids(lately),
            values={"count": len(lately)},
        )
    fewer = Rung(state.rung.level, share(state.rung.dose, TWO_THIRDS))
    too_much = [one for one in ambers if one.too_much]
    if too_much:
        return Verdict(
            rule="DX-02",
            reason="DX-02-too-much",
            kind=DOWN,
            rung=fewer,
            sessions=_ids(too_much),
            for_clinician=True,
        )
    run = _run(fresh, AMBER)
    if len(run) >= n.ambers_in_a_row:
        return Verdict(
            rule="DX-02", reason="DX-02", kind=DOWN, rung=fewer, sessions=_ids(run), values={"count": len(run)}
        )
    return None


def _run(tried: Iterable[Tried], wanted: str) -> list[Tried]:
    """Return the newest sessions in a row that have a colour; unknown ones between do not end a row of ambers."""
    run: list[Tried] = []
    for one in reversed([each for each in tried if each.colour != UNKNOWN]):
        if one.colour != wanted:
            break
        run.insert(0, one)
    return run


def _rise(state: State, tried: Sequence[Tried], answered: set[str], *, as_of: date, n: Numbers) -> Verdict | None:
    """Return one step up (DX-01), or None. Every doubt is a no."""
    if any(past.kind == UP and (as_of - past.on).days < n.up_every_days for past in state.past):
        return None
    if state.planned <= 0 or state.done * 100 < n.adherence_percent * state.planned:
        return None
    changed_on = max((past.on for past in state.past), default=date.min)
    greens: list[Tried] = []
    for one in reversed(tried):
        if one.colour == UNKNOWN and one.on == as_of and not greens:
            # Today's session waits for its morning: it speaks neither for a step up nor against one.
            continue
        if one.colour != GREEN or one.session in answered or one.on <= changed_on:
            break
        greens.insert(0, one)
    if len(greens) < n.greens_in_a_row or len({one.on for one in greens}) < n.greens_over_days:
        return None
    rung = up(state.rung, state.ladder)
    if rung is None or (
        rung.level in state.closer_levels and any(one.spread != CLOSER for one in greens[-n.greens_in_a_row :])
    ):
        return None
    return Verdict(
        rule="DX-01", reason="DX-01", kind=UP, rung=rung, sessions=_ids(greens), values={"count": len(greens)}
    )


def after_break(rung: Rung, ladder: Ladder, *, missed: int, already: Collection[str], rules: Rules) -> Verdict | None:
    """Return what ``missed`` days in a row change (DX-09), or None.

    ``already`` names the reasons that this same break has brought about, so that each acts once.
    """
    n = rules.numbers
    if missed >= n.missed_recheck:
        reason, to, recheck = "DX-09-recheck", to_level(rung, ladder, level=1), True
    elif missed >= n.missed_level_down:
        reason, to, recheck = "DX-09-level", to_level(rung, ladder, level=max(1, rung.level - 1)), False
    elif missed >= n.missed_two_thirds:
        reason, to, recheck = "DX-09-two-thirds", Rung(rung.level, share(rung.dose, TWO_THIRDS)), False
    else:
        return None
    if reason in already or (to == rung and not recheck):
        return None
    return Verdict(
        rule="DX-09",
        reason=reason,
        kind=DOWN,
        rung=to,
        recheck=recheck,
        for_clinician=recheck,
        values={"days": missed},
    )


def bad_day(
    tried: Mapping[str, Sequence[Tried]], *, as_of: date, eased_for: Collection[date], rules: Rules
) -> date | None:
    """Return the newest day of the last week with red on two or more exercises (DX-06), unless it was eased for."""
    n = rules.numbers
    red: dict[date, set[str]] = {}
    for exercise, sessions in tried.items():
        for one in sessions:
            if one.colour == RED and 0 <= (as_of - one.on).days <= n.eased_days:
                red.setdefault(one.on, set()).add(exercise)
    days = [on for on, exercises in red.items() if len(exercises) >= n.red_exercises_on_a_day and on not in eased_for]
    return max(days, default=None)


def wrong_way(tried: Sequence[Tried], *, as_of: date, answered: Collection[str], rules: Rules) -> tuple[str, ...]:
    """Return the sessions that say "further down" twice within 3 days, or nothing (DX-08).

    ``tried`` holds the sessions of all exercises of one direction, oldest first.
    """
    n = rules.numbers
    further = [
        one
        for one in tried
        if one.spread == FURTHER and one.session not in answered and 0 <= (as_of - one.on).days < n.look_back_days
    ]
    for last in reversed(further):
        near = [one for one in further if 0 <= (last.on - one.on).days <= n.furthers_within_days]
        if len(near) >= n.furthers:
            return _ids(near)
    return ()


def keeps_well(m7: Sequence[Fraction | float | None], *, rules: Rules) -> bool:
    """Return whether the seven-day mean was known and at most 2 on each of the last 14 days (DX-12), newest last."""
    n = rules.numbers
    last = m7[-n.maintenance_days :]
    return len(last) == n.maintenance_days and all(
        mean is not None and mean <= n.maintenance_m7_at_most for mean in last
    )


def _not_used(tried: Sequence[Tried], past: Sequence[Past], *rules: str) -> list[Tried]:
    """Return the sessions that none of these rules has answered yet."""
    used = {session for one in past if one.rule in rules for session in one.sessions}
    return [one for one in tried if one.session not in used]


def _ids(tried: Iterable[Tried]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.session for one in tried))
