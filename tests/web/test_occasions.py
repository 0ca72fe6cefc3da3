"""When a question comes that is not asked every day (clinical.md 1.2): cadence, conditions, and the tap budget."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from selfcare.web import flow, plan
from tests.web.conftest import QUIET

TODAY = date(2026, 3, 29)
NOW = datetime(2026, 3, 29, 18, tzinfo=UTC)
FLAGS = ["no_intimate", "buttock", "marked", "sided"]
WEEKLY = {
    "vessels", "skin_signs", "general", "mood", "walk", "stiff", "side", "places", "overall",
}  # fmt: skip

pytestmark = pytest.mark.django_db


def entry(ago: int, **values: Any) -> dict[str, Any]:
    """Return an entry of so many days ago."""
    return {"on": TODAY - timedelta(days=ago), "at": NOW - timedelta(days=ago), "values": values}


def quiet_days(*agos: int, **values: Any) -> list[dict[str, Any]]:
    """Return quiet entries, the earliest first."""
    return [entry(ago, **QUIET, **values) for ago in sorted(agos, reverse=True)]


def asked(
    entries: list[dict[str, Any]],
    *,
    mode: str,
    baseline: dict[str, Any] | None = None,
    flags: Iterable[str] = FLAGS,
) -> list[str]:
    """Return the steps of a check-in in which nothing is new."""
    steps, given = plan.check_in(), dict[str, str]()
    due = flow.due(steps, mode=mode, flags=flags, baseline=baseline or {}, entries=entries, on=TODAY)
    while step := flow.next_step(steps, mode=mode, flags=[*flags, *due], given=given):
        given[step["id"]] = step["answers"][0]["value"]
    return list(given)


def test_a_usual_day_stays_within_seven_taps() -> None:
    assert asked(quiet_days(1, 2, 3, 4, 5), mode=flow.SHORT) == [
        "toilet", "between", "legs", "body", "interference", "pain_buttock",
    ]  # fmt: skip


@pytest.mark.parametrize("seen", range(3))
def test_a_first_day_asks_few_weekly_questions(seen: int) -> None:
    entries = quiet_days(*range(1, seen + 1))
    usual = len([step for step in plan.check_in() if flow.LONG in step["modes"]])

    assert len(asked([{**one, "values": {"pain_avg": 3}} for one in entries], mode=flow.LONG)) <= usual + 5


def test_every_weekly_question_comes_within_the_first_three_days() -> None:
    entries: list[dict[str, Any]] = []
    seen = set[str]()
    steps = {step["id"]: step for step in plan.check_in()}
    for ago in (2, 1, 0):
        day = TODAY - timedelta(days=ago)
        due = flow.due(plan.check_in(), mode=flow.LONG, flags=FLAGS, baseline={}, entries=entries, on=day)
        names = [one.removeprefix("due:") for one in due]
        seen |= set(names)
        writes = [steps[name]["answers"][0]["writes"] for name in names]
        entries.append({"on": day, "at": NOW, "values": {key: value for one in writes for key, value in one.items()}})

    assert seen >= WEEKLY | {"sudden", "load", "band"}


@pytest.mark.parametrize("sites", [["buttock"], ["buttock", "leg"]])
def test_the_weekly_day_asks_every_weekly_question_in_at_most_24_taps(sites: list[str]) -> None:
    flags = ["no_intimate", *sites, "marked", "sided"]
    monthly = {"arm_or_face_symptoms": False, "tingling": False, "sitting_minutes": 60, "period_linked": False}
    once = {"sudden_severe_belly_or_back": False, "cannot_bear_weight": False, "band_pain": False}

    taps = asked(quiet_days(*range(7, 12), **monthly, **once), mode=flow.LONG, flags=flags)

    assert set(taps) >= WEEKLY
    assert 1 + len(taps) <= 24


@pytest.mark.parametrize(("ago", "mode"), [(6, flow.SHORT), (7, flow.LONG)])
def test_a_long_day_comes_once_in_seven_days(ago: int, mode: str) -> None:
    without = [{**one, "values": {k: v for k, v in one["values"].items() if k not in flow.WEEKLY_KEYS}}
               for one in quiet_days(*range(1, 6))]  # fmt: skip

    assert flow.mode_for([*quiet_days(ago), *without], on=TODAY) == mode


@pytest.mark.parametrize(
    ("step", "values", "baseline"),
    [
        ("gait", {"weakness": 1}, {}),
        ("gait", {"numbness": 1}, {}),
        ("weakness", {"weakness": 1}, {}),
        ("load", {"trauma": "minor"}, {}),
        ("load", {}, {"osteoporosis": True}),
        ("load", {}, {"age": 70}),
        ("load", {}, {"trauma": "minor"}),
        ("night_pain", {"night_pain": "constant"}, {}),
        ("night_pain", {"night_pain": "second_half"}, {}),
        ("night_pain", {}, {"cancer_history": True}),
        ("pain_worst", {"pain_avg": 8}, {}),
        ("pain_worst", {}, {"anticoagulant": True}),
        ("moving", {"better_moving": True}, {"back_pain_before_45": True}),
    ],
)
def test_what_is_known_brings_a_question_on_a_short_day(
    step: str, values: dict[str, Any], baseline: dict[str, Any]
) -> None:
    usual = quiet_days(2, 3, 4, 5)
    assert step not in asked([*usual, *quiet_days(1)], mode=flow.SHORT)

    assert step in asked([*usual, entry(1, **QUIET | values)], mode=flow.SHORT, baseline=baseline)


@pytest.mark.parametrize(
    ("step", "values", "baseline", "flags"),
    [
        ("foot", {"walk_pain": "eases_standing_still"}, {}, FLAGS),
        ("foot", {}, {"diabetes": True}, FLAGS),
        ("band", {"band_pain": False}, {"cancer_history": True}, FLAGS),
        ("eye", {"morning_stiffness_min": 30}, {}, FLAGS),
        ("eye", {}, {"uveitis_history": True}, FLAGS),
        ("tablet", {}, {"back_pain_before_45": True}, FLAGS),
        ("period", {}, {}, [*FLAGS, "periods"]),
        ("pregnancy", {}, {}, [*FLAGS, "pregnant"]),
        ("review", {}, {}, [*FLAGS, "review_open"]),
        ("tablet", {}, {}, [*FLAGS, "wanted:better_nsaid_48h"]),
    ],
)
def test_what_is_known_brings_a_question_on_a_long_day(
    step: str, values: dict[str, Any], baseline: dict[str, Any], flags: list[str]
) -> None:
    known = {"band_pain": False, "arm_or_face_symptoms": False, "tingling": False, "sitting_minutes": 60}
    once = {"sudden_severe_belly_or_back": False, "cannot_bear_weight": False, "red_hot_swollen": False}
    usual = [entry(ago, **QUIET | known | once | values) for ago in (8, 7, 6, 5)]
    assert step not in asked(quiet_days(5, 6, 7, 8, **known, **once), mode=flow.LONG)

    assert step in asked(usual, mode=flow.LONG, baseline=baseline, flags=flags)


@pytest.mark.parametrize(("since", "asks"), [(6, True), (7, False)])
def test_a_new_mild_weakness_is_tested_every_day_for_seven_days(since: int, asks: bool) -> None:
    weak = [entry(ago, **QUIET | {"weakness": 1}) for ago in range(since, 0, -1)]

    assert ("weakness" in asked([*quiet_days(8, 9, 10), *weak], mode=flow.SHORT)) is asks


@pytest.mark.parametrize(("ago", "asks"), [(13, False), (14, True)])
def test_after_fourteen_days_away_it_asks_whether_the_pain_was_gone(ago: int, asks: bool) -> None:
    entries = quiet_days(ago, ago + 1, ago + 2)

    assert ("gone" in asked(entries, mode=flow.LONG)) is asks
    assert ("gone" in asked(entries, mode=flow.QUICK)) is asks


def test_thirty_days_without_pain_ask_when_it_came_back() -> None:
    given = {"gone": "30", "back_again": "7"}
    steps = plan.check_in()

    sequence = flow.sequence(steps, mode=flow.QUICK, flags=[*FLAGS, "due:gone"], given=given)

    assert [step["id"] for step in sequence] == ["gone", "back_again", "pain_buttock", "overall"]
    said = flow.observations(steps, flags=FLAGS, given=given, extras={}, last={})
    assert said == {"confirmed_pain_free_days": 30, "new_episode_days": 7}


def test_a_question_is_not_asked_again_until_its_time() -> None:
    entries = [*quiet_days(7, 8, 9), entry(3, leg_swelling_one_side=False, cold_pale_leg=False)]

    assert "vessels" not in asked(entries, mode=flow.LONG)
    assert "vessels" in asked([*quiet_days(7, 8, 9), entry(4, cold_pale_leg=False)], mode=flow.LONG)


def test_something_has_changed_asks_about_every_group_of_signs_the_chest_first() -> None:
    assert asked(quiet_days(1, 2, 3), mode=flow.CHANGED) == [
        "chest", "toilet", "between", "legs", "body", "sudden", "vessels", "elsewhere", "injury", "load", "skin_signs",
        "general", "band", "mood", "pain_worst",
    ]  # fmt: skip


def test_a_flare_asks_the_same_and_how_bad_it_is() -> None:
    changed = asked(quiet_days(1, 2, 3), mode=flow.CHANGED)

    assert set(asked(quiet_days(1, 2, 3), mode=flow.FLARE)) - set(changed) == {"interference", "pain_buttock"}


def test_two_questions_are_two_questions() -> None:
    assert asked(quiet_days(1, 2, 3), mode=flow.QUICK) == ["pain_buttock", "overall"]


@pytest.mark.parametrize(
    ("hours", "again"),
    [(3.99, []), (4, ["saddle"]), (24, ["saddle"]), (24.01, [])],
)
def test_not_sure_is_asked_again_after_four_hours(hours: float, again: list[str]) -> None:
    said = {"on": TODAY, "at": NOW - timedelta(hours=hours), "values": {"saddle": "unsure", "bowel": "none"}}

    assert flow.unsure_again([said], now=NOW) == again


def test_a_later_answer_ends_the_asking() -> None:
    unsure = {"on": TODAY, "at": NOW - timedelta(hours=6), "values": {"saddle": "unsure"}}
    sure = {"on": TODAY, "at": NOW - timedelta(hours=1), "values": {"saddle": "none"}}

    assert flow.unsure_again([unsure, sure], now=NOW) == []


@pytest.mark.parametrize("key", flow.CHANGE_KEYS)
@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, {}),
        ({"known": "known"}, {"": "same_as_always", "known_to_clinician": True}),
        ({"known": "not_known"}, {"": "same_as_always"}),
        ({"known": "weeks"}, {"": "new", "since": 15}),
        ({"known": "days"}, {"": "new", "since": 7}),
        ({"known": "unsure"}, {"": "unsure"}),
        ({"known": ""}, {"": "unsure"}),
    ],
)
def test_the_same_as_always_counts_once_it_is_confirmed(key: str, given: dict[str, str], said: dict[str, Any]) -> None:
    answers = {key: "same_as_always", **{f"{key}_known": value for value in given.values()}}

    found = flow.observations(plan.check_in(), flags=[f"unknown:{key}"], given=answers, extras={}, last={})

    names = {"": key, "since": f"{key}_since_days", "known_to_clinician": "known_to_clinician"}
    assert found == {names[name]: [key] if value is True else value for name, value in said.items()}


def test_what_is_confirmed_is_stored_at_once_and_several_add_up() -> None:
    known = flow.observations(plan.check_in(), flags=[], given={"bowel": "same_as_always"}, extras={}, last={})
    both = {"bladder": "same_as_always", "bladder_known": "known", "bowel": "same_as_always", "bowel_known": "known"}

    two = flow.observations(plan.check_in(), flags=["unknown:bladder", "unknown:bowel"], given=both, extras={}, last={})

    assert known == {"bowel": "same_as_always"}
    assert two["known_to_clinician"] == ["bladder", "bowel"]
