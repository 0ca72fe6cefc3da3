"""What holds for every sequence of sessions: random diaries, seeded, against the pure rules."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from exercises import catalogue as catalogues
from exercises import progression
from exercises.colours import COLOURS, GREEN, SPREADS, UNKNOWN, Measured, colour
from exercises.doses import HALF, PARTS, TWO_THIRDS, Rung, level_down, share, up
from exercises.progression import UP, Past, State, Tried

CATALOGUE = catalogues.load()
BEGIN = date(2026, 1, 5)
DAYS = 60


def lives(
    seed: int, *, open_alert: bool = False, answers: bool = True
) -> Iterator[tuple[date, Rung, Rung, State, str]]:
    """Yield each change of 60 random days of one exercise: the day, before, after, what was known, and the rule."""
    dice = random.Random(seed)
    exercise = CATALOGUE.exercise(dice.choice(sorted(CATALOGUE.exercises)))
    ladder = exercise.ladder(most_level=dice.choice((1, 3)))
    rung = Rung(1, ladder.at(1))
    tried: list[Tried] = []
    past: list[Past] = []
    luck = dice.random()
    for after in range(DAYS):
        on = BEGIN + timedelta(days=after)
        for turn in range(dice.choice((0, 1, 1, 1, 2))):
            shown = (GREEN if dice.random() < luck else dice.choice(COLOURS)) if answers else UNKNOWN
            tried.append(Tried(f"{after}.{turn}", on, shown, dice.choice(SPREADS), dice.random() < 0.05))
        state = State(
            rung=rung,
            ladder=ladder,
            tried=tuple(tried),
            past=tuple(past),
            planned=dice.choice((0, 5, 7)),
            done=dice.choice((3, 5, 7)),
            tensioner=bool(exercise.locked),
            easier=exercise.easier_exercise,
        )
        verdict = progression.judge(state, as_of=on, rules=CATALOGUE.rules, may_rise=not open_alert)
        if verdict is None:
            continue
        yield on, rung, verdict.rung, state, verdict.kind
        past.append(Past(verdict.rule, verdict.kind, on, frozenset(verdict.sessions)))
        rung = verdict.rung


@pytest.mark.parametrize("seed", range(0, 400, 100))
def test_no_dose_rises_without_three_green_days_that_nothing_interrupts(seed: int) -> None:
    risen = 0
    for each in range(seed, seed + 100):
        for on, before, after, state, kind in lives(each):
            rises = any(getattr(after.dose, part) > getattr(before.dose, part) for part in PARTS)
            assert not rises or kind == UP or state.ladder.whole_levels
            if kind == UP:
                risen += 1
                last = [one for one in state.tried if not (one.on == on and one.colour == UNKNOWN)][-3:]
                assert [one.colour for one in last] == [GREEN] * 3
                assert state.planned
                assert state.done * 100 >= 80 * state.planned
    assert risen


@pytest.mark.parametrize("seed", range(0, 400, 100))
def test_no_dose_rises_while_something_pauses_or_answers_are_missing(seed: int) -> None:
    kinds = {
        kind
        for each in range(seed, seed + 100)
        for settings in ({"open_alert": True}, {"answers": False})
        for *_, kind in lives(each, **settings)
    }

    assert UP not in kinds


@pytest.mark.parametrize("seed", range(0, 400, 100))
def test_an_exercise_rises_at_most_once_a_week_and_stays_on_its_ladder(seed: int) -> None:
    for each in range(seed, seed + 100):
        rises: list[date] = []
        for on, _, after, state, kind in lives(each):
            assert 1 <= after.level <= 3
            assert after.level <= max(state.ladder.most_level, state.rung.level)
            top = state.ladder.levels
            assert all(getattr(after.dose, part) >= 1 or part == "hold_s" for part in PARTS)
            assert all(getattr(after.dose, part) <= max(getattr(dose, part) for dose in top) for part in PARTS)
            if kind == UP:
                rises.append(on)
        assert all(later - earlier >= timedelta(days=7) for earlier, later in itertools.pairwise(rises))


def test_a_session_is_the_reason_for_going_down_only_once() -> None:
    for seed in range(100):
        used: set[tuple[str, str]] = set()
        for _, _, _, state, kind in lives(seed):
            if state.past and kind != UP:
                last = state.past[-1]
                keys = {(last.rule, session) for session in last.sessions}
                assert not keys & used
                used |= keys


def test_every_climb_ends_at_the_top_and_every_fall_ends() -> None:
    for exercise in CATALOGUE.exercises.values():
        ladder = exercise.ladder()
        rung, steps = Rung(1, ladder.at(1)), 0
        while (higher := up(rung, ladder)) is not None:
            assert higher.level >= rung.level
            rung, steps = higher, steps + 1
            assert steps <= 12
        assert rung == Rung(3, ladder.at(3)), exercise.id
        while (lower := level_down(rung, ladder)) != rung:
            assert _volume(lower) < _volume(rung) or ladder.whole_levels
            rung, steps = lower, steps + 1
            assert steps <= 30


def _volume(rung: Rung) -> int:
    return rung.dose.sets * rung.dose.reps * max(1, rung.dose.hold_s)


def test_a_share_of_a_dose_is_never_nothing() -> None:
    for exercise in CATALOGUE.exercises.values():
        for level in exercise.levels:
            for part in (TWO_THIRDS, HALF):
                cut = share(level.dose, part)
                assert _volume(Rung(1, cut)) < _volume(Rung(1, level.dose))
                assert cut.reps >= 1
                assert cut.sets >= 1


def test_a_glide_is_never_judged_more_kindly_than_a_joint() -> None:
    order = {GREEN: 0, UNKNOWN: 1, "amber": 2, "red": 3, "stop": 4}
    dice = random.Random(7)
    for _ in range(20_000):
        said = Measured(
            before=dice.choice((None, 0, 2, 4)),
            during=dice.choice((None, *range(8))),
            hour_after=dice.choice((None, 0, 3, 5)),
            morning=dice.choice((None, *range(6))),
            usual=dice.choice((None, 0, 1, 2)),
            spread=dice.choice((None, *SPREADS)),
            tingling_min=dice.choice((None, 0, 10, 11, 40)),
            settled=dice.choice((None, True, False)),
            soreness_only=dice.random() < 0.2,
            fresh=dice.random() < 0.5,
            too_much=dice.random() < 0.1,
        )

        joint, glide = colour(said, CATALOGUE.rules.joint), colour(said, CATALOGUE.rules.glide)

        assert order[glide] >= order[joint] or glide != GREEN, said
        assert not (joint != GREEN and glide == GREEN), said


def test_a_missing_answer_never_makes_a_session_greener() -> None:
    dice = random.Random(11)
    for _ in range(20_000):
        known = {
            "before": dice.randrange(5),
            "during": dice.randrange(8),
            "hour_after": dice.randrange(6),
            "morning": dice.randrange(6),
            "usual": dice.randrange(4),
            "spread": dice.choice(SPREADS),
            "tingling_min": dice.choice((0, 10, 11, 40)),
        }
        left_out = {name: None for name in known if dice.random() < 0.4 and name != "hour_after"}
        shades = dice.choice((CATALOGUE.rules.joint, CATALOGUE.rules.glide))

        whole, partial = colour(Measured(**known), shades), colour(Measured(**{**known, **left_out}), shades)

        assert partial != GREEN or whole == GREEN, (known, left_out)
