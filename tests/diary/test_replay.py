"""``manage.py replay``: case files through the same rules as the server."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path
from time import process_time
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from selfcare.diary import cases
from selfcare.triage import catalogue


def play(tmp_path: Path, content: Any, *arguments: str) -> Any:
    """Return what the command writes for a case file."""
    path = tmp_path / "cases.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    out = io.StringIO()
    call_command("replay", str(path), *arguments, stdout=out)
    return json.loads(out.getvalue()) if out.getvalue() else None


def test_a_case_is_answered_with_tier_day_and_findings(tmp_path: Path) -> None:
    entries = [{"day": 0, "pain_avg": 6}, {"day": 2, "pain_avg": 6, "bladder": "new"}]

    result = play(tmp_path, [{"id": "ada", "baseline": {"onset_days_before": 21}, "entries": entries}])

    assert result == [
        {
            "id": "ada",
            "highest_tier": "emergency",
            "reached_on_day": 2,
            "days": [
                {"day": 0, "tier": "none", "findings": []},
                {
                    "day": 2,
                    "tier": "emergency",
                    "findings": [{"rule": "RF-CES-01", "reason": "bladder_change", "tier": "emergency"}],
                },
            ],
        }
    ]


def test_a_case_without_findings_reaches_no_tier_on_no_day(tmp_path: Path) -> None:
    result = play(tmp_path, [{"id": "ada", "baseline": {}, "entries": [{"day": 0}]}])

    assert (result[0]["highest_tier"], result[0]["reached_on_day"]) == ("none", None)


def test_the_highest_tier_stays_when_later_answers_are_none(tmp_path: Path) -> None:
    result = play(tmp_path, [{"id": "ada", "entries": [{"day": 0, "saddle": "new"}, {"day": 1}, {"day": 2}]}])

    assert (result[0]["highest_tier"], result[0]["reached_on_day"]) == ("emergency", 0)


def test_a_prompt_falls_on_a_day_between_entries_and_only_once(tmp_path: Path) -> None:
    entries = [{"day": day, "pain_avg": 6} for day in (0, 1, 2, 38, 39, 40, 41, 50)]

    result = play(tmp_path, [{"id": "ada", "entries": entries}])

    prompts = [day["day"] for day in result[0]["days"] for found in day["findings"] if found["rule"] == "PER-03"]
    assert prompts == [42]


def test_the_prompt_comes_again_at_each_occasion(tmp_path: Path) -> None:
    entries = [{"day": day, "pain_avg": 6} for day in range(100)]

    result = play(tmp_path, [{"id": "ada", "entries": entries}])

    prompts = [day["day"] for day in result[0]["days"] for found in day["findings"] if found["rule"] == "PER-03"]
    assert prompts == [42, 49, 56, 70, 84, 98]


@pytest.mark.parametrize("start_on", [date(1970, 1, 1), date(2024, 2, 29), date(2026, 3, 29), date(2099, 12, 31)])
def test_any_start_date_gives_the_same_result(start_on: date) -> None:
    content = catalogue.current()
    plain = {"id": "ada", "entries": [{"day": day, "pain_avg": 7, "weakness": day // 30} for day in range(0, 90, 2)]}
    case = cases.case_from_plain(plain, vocabulary=content.vocabulary)

    moved = cases.replay(case, content, start_on=start_on)

    assert moved == cases.replay(case, content)


def test_the_onset_moves_the_prompts(tmp_path: Path) -> None:
    entries = [{"day": day, "pain_avg": 6} for day in range(10)]

    result = play(tmp_path, [{"id": "ada", "baseline": {"onset_days_before": 39}, "entries": entries}])

    assert result[0]["reached_on_day"] == 3


def test_a_single_word_stands_for_a_list_of_one(tmp_path: Path) -> None:
    entry = {"day": 0, "bladder": "new", "bladder_detail": "burning_only"}

    result = play(tmp_path, [{"id": "ada", "entries": [entry]}])

    assert result[0]["highest_tier"] == "same_day"


@pytest.mark.parametrize(
    ("entry", "tier"),
    [
        ({"bladder": False, "fever_c": 0, "weakness_side": "none", "night_pain": None}, "none"),
        ({"chills": "yes"}, "same_day"),
        ({"chills": "no"}, "none"),
        ({"chills": 1}, "same_day"),
        ({"weakness": 3.0}, "emergency"),
        ({"numbness_area": ["sole", "heel"]}, "none"),
    ],
)
def test_a_case_written_by_hand_is_read_as_it_is_meant(tmp_path: Path, entry: dict[str, Any], tier: str) -> None:
    result = play(tmp_path, [{"id": "ada", "entries": [{"day": 0, **entry}]}])

    assert result[0]["highest_tier"] == tier


def test_entries_may_stand_in_any_order(tmp_path: Path) -> None:
    entries = [{"day": 1, "weakness": 2}, {"day": 0, "weakness": 0}]

    result = play(tmp_path, [{"id": "ada", "entries": entries}])

    assert (result[0]["highest_tier"], result[0]["reached_on_day"]) == ("emergency", 1)


def test_out_writes_a_file_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "result.json"

    shown = play(tmp_path, [{"id": "ada", "entries": []}], "--out", str(target))

    assert shown is None
    assert json.loads(target.read_text()) == [{"id": "ada", "highest_tier": "none", "reached_on_day": None, "days": []}]


def test_another_folder_of_rules_can_be_tried(tmp_path: Path) -> None:
    folder = tmp_path / "catalogue"
    folder.mkdir()
    for sheet in catalogue.DIRECTORY.iterdir():
        text = sheet.read_text(encoding="utf-8")
        (folder / sheet.name).write_text(text.replace("at_least: 38.0", "at_least: 39.0"), encoding="utf-8")

    result = play(tmp_path, [{"id": "ada", "entries": [{"day": 0, "fever_c": 38.5}]}], "--catalogue", str(folder))

    assert result[0]["highest_tier"] == "none"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("[{]", "Line 1 is not JSON"),
        ("{}", "The file must hold a JSON list of cases."),
        ('["ada"]', "Case 1 must hold id, baseline and entries."),
        ([{"entries": []}], "Case 1 has no id."),
        ([{"id": "ada"}], "Case ada: 'entries' must be a list."),
        ([{"id": "ada", "entries": [{"saddle": "new"}]}], "Case ada, entry 1: 'day' must be a whole number"),
        ([{"id": "ada", "entries": [{"day": -1}]}], "Case ada, entry 1: 'day' must be a whole number"),
        ([{"id": "ada", "entries": [{"day": 10**6}]}], "Case ada, entry 1: 'day' must be a whole number"),
        ([{"id": "ada", "entries": [{"day": 0}, {"day": 1, "blader": "new"}]}], "Case ada, entry 2: 'blader' is not"),
        ([{"id": "ada", "entries": [{"day": 0, "bladder": "bad"}]}], "'bladder' holds 'bad'. Choose one of: none, new"),
        (
            [{"id": "ada", "entries": [{"day": 0, "weakness": 5}]}],
            "'weakness' holds 5. Enter a whole number from 0 to 4.",
        ),
        ([{"id": "ada", "baseline": {"cancer": True}, "entries": []}], "Case ada, baseline: 'cancer' is not"),
        ([{"id": "ada", "entries": []}, {"id": "ada", "entries": []}], "Two cases have the id 'ada'."),
        ('[{"id": "ada", "entries": [{"day": 0, "pain_avg": NaN}]}]', "NaN is not a number."),
    ],
)
def test_a_bad_file_is_refused_with_one_sentence(tmp_path: Path, content: Any, sentence: str) -> None:
    with pytest.raises(CommandError, match=r"^[^\n]*$") as refused:
        play(tmp_path, content)

    assert sentence in str(refused.value)


def test_a_missing_file_is_refused_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"missing\.json: No such file"):
        call_command("replay", str(tmp_path / "missing.json"))


def test_a_case_of_a_hundred_entries_takes_well_under_a_second() -> None:
    content = catalogue.current()
    plain = {"id": "ada", "entries": [{"day": day, "pain_avg": 6, "weakness": day % 3} for day in range(100)]}
    case = cases.case_from_plain(plain, vocabulary=content.vocabulary)

    began = process_time()
    cases.replay(case, content)

    assert process_time() - began < 1
