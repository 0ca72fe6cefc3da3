"""Where a led session stands is computed from timestamps: player_clock.js in a real Chromium, with instants made up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route

from exercises import catalogue as catalogues
from exercises import planning
from selfcare.web import version

pytestmark = pytest.mark.browser
MODULES = version.STATIC / "web" / "js"
ORIGIN = "http://clock.localhost"
# Figure four at level 1, both sides; and a nerve slide of two sets on one side.
STRETCH = {"exercise": "EX-05", "dose": {"sets": 1, "reps": 2, "hold_s": 20}, "tempo_s": [5], "tempo_words": [],
           "rest_s": 10, "side_order": ["right", "left"]}  # fmt: skip
GLIDE = {"exercise": "EX-08", "dose": {"sets": 2, "reps": 3, "hold_s": 0}, "tempo_s": [2, 2],
         "tempo_words": ["Slide", "And back"], "rest_s": 30, "side_order": ["left"]}  # fmt: skip
LIFT = {"exercise": "EX-16", "dose": {"sets": 1, "reps": 1, "hold_s": 3}, "tempo_s": [2, 1, 3],
        "tempo_words": ["Lift", "Hold", "Lower"], "rest_s": 30, "side_order": [""]}  # fmt: skip


@pytest.fixture
def module(page: Page) -> Any:
    """Return a function that evaluates an expression in which the module is ``c`` and the arguments are ``a``."""
    page.route(f"{ORIGIN}/**", _serve)
    page.goto(f"{ORIGIN}/")

    def evaluate(expression: str, **a: Any) -> Any:
        return page.evaluate(f"async (a) => {{ const c = await import('{ORIGIN}/player_clock.js'); {expression} }}", a)

    return evaluate


def _serve(route: Route) -> None:
    name = Path(route.request.url.removeprefix(ORIGIN + "/"))
    if name.suffix == ".js":
        route.fulfill(path=MODULES / name, content_type="text/javascript")
    else:
        route.fulfill(body="<!doctype html>", content_type="text/html")


def kinds(steps: list[dict[str, Any]]) -> list[tuple[str, int]]:
    return [(step["kind"], step["ms"] // 1000) for step in steps]


def test_a_stretch_runs_ready_ease_hold_and_changes_sides(module: Any) -> None:
    steps = module("return c.stepsOf(a.moves)", moves=[STRETCH])

    side = [("beat", 5), ("hold", 20), ("beat", 5), ("hold", 20)]
    assert kinds(steps) == [("ready", 5), *side, ("switch", 8), *side]
    assert [step["side"] for step in steps] == ["right"] * 5 + ["left"] * 5


def test_a_slide_runs_in_beats_with_a_rest_between_sets_and_no_hold(module: Any) -> None:
    steps = module("return c.stepsOf(a.moves)", moves=[GLIDE])

    one_set = [("beat", 2), ("beat", 2)] * 3
    assert kinds(steps) == [("ready", 5), *one_set, ("rest", 30), *one_set]
    assert [step["word"] for step in steps[1:3]] == ["Slide", "And back"]


def test_a_hold_stands_between_the_way_in_and_the_way_out(module: Any) -> None:
    steps = module("return c.stepsOf(a.moves)", moves=[LIFT])

    assert kinds(steps) == [("ready", 5), ("beat", 2), ("hold", 4), ("beat", 3)]


def test_every_level_of_every_exercise_lasts_as_long_as_the_server_estimates(module: Any) -> None:
    wanted, moves = [], []
    for exercise in catalogues.current().exercises.values():
        for level in exercise.levels:
            wanted.append(exercise.seconds(level.dose))
            moves.append({
                "exercise": exercise.id, "dose": level.dose.stored(), "tempo_s": exercise.tempo_s,
                "tempo_words": exercise.tempo_words, "rest_s": exercise.rest_s,
                "side_order": ["left", "right"][: exercise.sides],
            })  # fmt: skip

    lengths = module("return a.moves.map((move) => c.lengthOf(c.stepsOf([move])) - c.READY_MS)", moves=moves)

    assert [length / 1000 for length in lengths] == wanted


def test_getting_into_place_takes_as_long_as_the_server_estimates(module: Any) -> None:
    assert module("return c.SETTLE_MS") == planning.SETTLE_S * 1000


@pytest.mark.parametrize(
    ("at", "state", "kind", "left"),
    [
        (0, "running", "ready", 5000),
        (4999, "running", "ready", 1),
        (5000, "running", "beat", 5000),
        (10_000, "running", "hold", 20_000),
        (29_999, "running", "hold", 1),
        (30_000, "running", "beat", 5000),
        (55_000, "running", "switch", 8000),
        (112_999, "running", "hold", 1),
        (113_000, "done", None, 0),
    ],
)
def test_what_is_shown_follows_from_the_instant_alone(
    at: int, state: str, kind: str | None, left: int, module: Any
) -> None:
    view = module("return c.viewAt(c.stepsOf(a.moves), c.begin(1000000), 1000000 + a.at)", moves=[STRETCH], at=at)

    assert (view["state"], view["step"] and view["step"]["kind"], view["left"]) == (state, kind, left)


def test_a_paused_clock_stands_still(module: Any) -> None:
    view = module("return c.viewAt(c.stepsOf(a.moves), c.pause(c.begin(0), 12000), 999999)", moves=[STRETCH])

    assert (view["state"], view["left"]) == ("paused", 18_000)


def test_going_on_gives_time_to_get_ready_and_begins_the_hold_anew(module: Any) -> None:
    views = module(
        """const steps = c.stepsOf(a.moves);
        const clock = c.resume(c.pause(c.begin(0), 12000), steps, 100000);
        return [100000, 104999, 105000, 110000].map((now) => c.viewAt(steps, clock, now));""",
        moves=[STRETCH],
    )

    assert [(view["state"], view["step"]["kind"], view["left"]) for view in views] == [
        ("lead", "beat", 5000),
        ("lead", "beat", 1),
        ("running", "beat", 5000),
        ("running", "hold", 20_000),
    ]


def test_a_rest_goes_on_where_it_was(module: Any) -> None:
    view = module(
        """const steps = c.stepsOf(a.moves);
        return c.viewAt(steps, c.resume(c.pause(c.begin(0), 27000), steps, 50000), 50000);""",
        moves=[GLIDE],
    )

    assert (view["state"], view["step"]["kind"], view["left"]) == ("running", "rest", 20_000)


@pytest.mark.parametrize(("gone", "state"), [(10_000, "running"), (10_001, "paused")])
def test_a_page_that_was_away_for_more_than_ten_seconds_has_paused(gone: int, state: str, module: Any) -> None:
    view = module(
        """const steps = c.stepsOf(a.moves);
        return c.viewAt(steps, c.afterAway(c.begin(0), 12000, 12000 + a.gone), 12000 + a.gone);""",
        moves=[STRETCH],
        gone=gone,
    )

    assert view["state"] == state
    if state == "paused":
        assert view["left"] == 18_000


def test_skipping_a_rest_begins_the_next_set_and_takes_nothing_away(module: Any) -> None:
    found = module(
        """const steps = c.stepsOf(a.moves);
        const clock = c.skip(c.begin(0), steps, 20000);
        return [c.viewAt(steps, clock, 20000).step, c.madeOf(a.moves, steps, clock, 20000 + 12000)];""",
        moves=[GLIDE],
    )

    assert (found[0]["kind"], found[0]["set"]) == ("beat", 2)
    assert found[1] == [{"done": True, "reps": 6, "seconds": 24}]


def test_skipping_work_leaves_the_rest_of_the_set_undone(module: Any) -> None:
    found = module(
        """const steps = c.stepsOf(a.moves);
        const clock = c.skip(c.begin(0), steps, 10000);
        return [c.viewAt(steps, clock, 10000).step.kind, c.madeOf(a.moves, steps, clock, 999999)];""",
        moves=[GLIDE],
    )

    assert found == ["rest", [{"done": False, "reps": 4, "seconds": 16}]]


def test_leaving_a_move_waits_at_the_next_one(module: Any) -> None:
    view = module(
        """const steps = c.stepsOf(a.moves);
        return c.viewAt(steps, c.leaveMove(c.begin(0), steps, 12000), 12000);""",
        moves=[STRETCH, GLIDE],
    )

    assert (view["state"], view["step"]["move"], view["step"]["kind"]) == ("paused", 1, "ready")


def test_beginning_a_side_again_keeps_what_the_other_side_did(module: Any) -> None:
    found = module(
        """const steps = c.stepsOf(a.moves);
        const clock = c.restartSide(c.begin(0), steps, 80000);
        return [c.viewAt(steps, clock, 80000).step, c.madeOf(a.moves, steps, clock, 80000)];""",
        moves=[STRETCH],
    )

    assert (found[0]["kind"], found[0]["side"], found[0]["rep"]) == ("beat", "left", 1)
    assert found[1] == [{"done": False, "reps": 2, "seconds": 50}]


def test_tones_sound_at_the_start_the_middle_the_end_and_before_a_change_of_sides(module: Any) -> None:
    tones = module(
        "return c.tonesOf(c.stepsOf(a.moves))", moves=[{**STRETCH, "dose": {"sets": 1, "reps": 1, "hold_s": 20}}]
    )

    assert [(tone["at"] // 1000, tone["tone"]) for tone in tones] == [
        (5, "start"), (10, "start"), (20, "half"), (25, "soon"), (30, "change"),
        (38, "start"), (43, "start"), (53, "half"), (63, "change"),
    ]  # fmt: skip


def test_after_a_jump_only_the_last_tone_sounds(module: Any) -> None:
    found = module(
        """const tones = c.tonesOf(c.stepsOf(a.moves));
        return [c.tonesBetween(tones, 0, 5000), c.tonesBetween(tones, 0, 60000)].map((each) => each.length);""",
        moves=[STRETCH],
    )

    assert found == [1, 1]
