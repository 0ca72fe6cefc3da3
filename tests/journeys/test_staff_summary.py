"""What staff are told of the answers on a phone: staff_summary.js in a real Chromium, never more than was answered."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route

from selfcare.web import staff_words, version

pytestmark = pytest.mark.browser
MODULES = version.STATIC / "web" / "js"
ORIGIN = "http://staff.localhost"
ON = "2026-03-29"
Summary = Callable[..., dict[str, Any]]


@pytest.fixture
def summary(page: Page) -> Summary:
    """Return the phone's own function, with the words of the page."""
    page.route(f"{ORIGIN}/**", _serve)
    page.goto(f"{ORIGIN}/")

    def told(entries: list[dict[str, Any]], *, baseline: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
        context = {"person": "ada", "entries": entries, "baseline": baseline or {}, "onset_on": "2026-03-10"}
        return dict(
            page.evaluate(
                f"async ([given, words]) => (await import('{ORIGIN}/staff_summary.js')).summary(given, words)",
                [{"context": context, "on": ON} | more, staff_words.page()],
            )
        )

    return told


def _serve(route: Route) -> None:
    name = Path(route.request.url.removeprefix(ORIGIN + "/"))
    if name.suffix == ".js":
        route.fulfill(path=MODULES / name, content_type="text/javascript")
    else:
        route.fulfill(body="<!doctype html>", content_type="text/html")


def entry(on: str, hour: int = 18, *, shown: str = "", **values: Any) -> dict[str, Any]:
    return {"id": f"{on}-{hour}", "on": on, "at": f"{on}T{hour:02}:00:00Z", "values": values, "shown": shown}


def body(on: str, hour: int = 18, **values: Any) -> dict[str, Any]:
    return {
        "occurred_on": on,
        "recorded_at": f"{on}T{hour:02}:00:00Z",
        "observations": values,
        "shown_tier": "emergency",
    }


def group_of(found: dict[str, Any], name: str) -> list[str]:
    return [
        kind for group in found["groups"] for kind, all_ in group.items() if kind != "title" and name in names(all_)
    ]


def names(all_: list[dict[str, Any]]) -> list[str]:
    return [one["name"] for one in all_]


def test_no_change_as_always_not_said_and_not_asked_are_told_apart(summary: Summary) -> None:
    found = summary([
        entry(ON, bladder="none", bowel="same_as_always", known_to_clinician=["bowel"], saddle="same_as_always",
              sexual="prefer_not_to_say"),
    ])  # fmt: skip

    kinds = {name: group_of(found, name) for name in ("bladder", "bowel", "saddle", "sexual", "both_legs")}
    assert kinds == {
        "bladder": ["none"],
        "bowel": ["alwaysKnown"],
        "saddle": ["always"],
        "sexual": ["declined"],
        "both_legs": ["notAsked"],
    }
    assert found["signs"] == []


def test_what_is_not_asked_daily_is_not_called_unasked(summary: Summary) -> None:
    found = summary([entry(ON, bladder="none")])

    assert group_of(found, "band_pain") == []


def test_a_sign_keeps_the_day_it_began_and_the_time_it_was_first_reported(summary: Summary) -> None:
    found = summary([
        entry("2026-03-27", 8, saddle="new", saddle_since_days=2),
        entry("2026-03-28", 9, saddle="new"),
        entry(ON, 7, saddle="worse"),
    ])  # fmt: skip

    sign = found["signs"][0]
    assert (sign["name"], sign["value"]) == ("saddle", "worse")
    assert sign["since"] == {"days": 2, "on": "2026-03-25"}
    assert (sign["first"], sign["at"]) == ("2026-03-27T08:00:00Z", "2026-03-29T07:00:00Z")
    assert found["ces"]


def test_not_being_sure_is_told_as_that_and_a_sign_before_it_counts(summary: Summary) -> None:
    unsure = summary([entry(ON, bladder="unsure")])
    before = summary([entry("2026-03-28", bladder="new"), entry(ON, bladder="unsure")])

    assert (unsure["ces"], unsure["cesUnsure"]) == (False, True)
    assert (before["ces"], before["cesUnsure"]) == (True, False)


def test_a_later_no_change_does_not_hide_a_sign(summary: Summary) -> None:
    found = summary([entry("2026-03-27", bladder="new"), entry(ON, bladder="none")])

    assert names(found["signs"]) == ["bladder"]
    assert found["signs"][0]["later"] == {"value": "none", "at": "2026-03-29T18:00:00Z"}


def test_a_sign_of_long_ago_that_has_gone_since_is_not_told(summary: Summary) -> None:
    found = summary([entry("2026-03-14", bladder="new"), entry(ON, bladder="none")])

    assert found["signs"] == []


def test_a_sign_that_nobody_asked_about_again_is_told_however_old(summary: Summary) -> None:
    found = summary([entry("2026-03-01", bladder="new"), entry(ON, pain_avg=3)])

    assert names(found["signs"]) == ["bladder"]


def test_a_rising_grade_is_told_with_the_one_before(summary: Summary) -> None:
    found = summary([entry("2026-03-28", weakness=1), entry(ON, weakness=3, weakness_side="left")])

    sign = found["signs"][0]
    assert (sign["value"], sign["side"], sign["was"]["value"]) == (3, "left", 1)
    assert not found["ces"]


def test_which_change_it_was_is_told(summary: Summary) -> None:
    found = summary([entry(ON, bladder="new", bladder_detail=["hesitancy", "leak"])])

    assert found["signs"][0]["details"] == ["hesitancy", "leak"]


def test_an_unsent_answer_and_a_half_filled_one_count(summary: Summary) -> None:
    found = summary(
        [entry("2026-03-28", bladder="none")],
        unsent=[{"id": "u", "body": body(ON, 8, saddle="new")}],
        draft={"id": "d", "person": "ada", "body": body(ON, 9, bladder="unsure")},
    )

    assert names(found["signs"]) == ["bladder", "saddle"]
    assert found["unsent"]
    assert found["unfinished"]


def test_an_entry_that_is_kept_and_unsent_counts_once(summary: Summary) -> None:
    kept = entry(ON, pain_avg=4)

    found = summary([kept], unsent=[{"id": kept["id"], "body": body(ON, pain_avg=4)}])

    assert found["pain"]["range"] == {"low": 4, "high": 4, "days": 1}
    assert found["unsent"]


def test_history_and_medicines_say_yes_no_and_not_known(summary: Summary) -> None:
    found = summary([], baseline={
        "cancer_history": True, "diabetes": False, "pregnant_weeks": 12, "anticoagulant": True,
        "steroids_long_term": False, "bladder_longstanding": True, "saddle_longstanding": False,
    })  # fmt: skip

    assert found["history"]["yes"] == ["cancer, ever", "pregnant, week 12"]
    assert found["history"]["no"] == ["diabetes"]
    assert "injected drugs" in found["history"]["unknown"]
    assert not [line for line in found["history"]["unknown"] if "gave birth" in line]
    assert found["medicines"] == {"yes": ["anticoagulant"], "no": ["steroids for 3 months or more"], "unknown": []}
    assert (found["usual"]["yes"], found["usual"]["no"]) == (["bladder"], ["saddle"])


def test_the_course_of_the_pain_fits_one_line(summary: Summary) -> None:
    found = summary(
        [
            entry("2026-03-20", pain_buttock=9, pain_avg=9),
            entry("2026-03-25", pain_buttock=7, pain_back=2, pain_avg=7),
            entry(ON, pain_buttock=5, pain_back=3, pain_avg=5),
        ],
        baseline={"pain_side": "left"},
    )

    assert found["pain"]["scores"] == [{"name": "pain_buttock", "n": 5}, {"name": "pain_back", "n": 3}]
    assert found["pain"]["range"] == {"low": 5, "high": 7, "days": 2}
    assert (found["pain"]["onset"], found["pain"]["side"]) == ("2026-03-10", "left")


def test_what_the_app_advised_is_told_with_its_time(summary: Summary) -> None:
    found = summary([
        entry("2026-03-10", shown="emergency", bladder="new"),
        entry("2026-03-28", shown="none", bladder="none"),
        entry(ON, 9, shown="same_day", bladder="unsure"),
        entry(ON, 10, shown="emergency", bladder="new"),
    ])  # fmt: skip

    assert found["advised"] == [
        {"at": "2026-03-29T10:00:00Z", "tier": "emergency"},
        {"at": "2026-03-29T09:00:00Z", "tier": "same_day"},
    ]


def test_a_phone_without_anything_gives_an_empty_page(summary: Summary) -> None:
    assert summary([], context=None)["empty"]
