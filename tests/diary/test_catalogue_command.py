"""``manage.py catalogue``: what a clinician and an operator do with the content, and what it refuses."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from selfcare.accounts.models import User
from selfcare.diary import adoption, replaying
from selfcare.diary.models import Entry, Episode
from selfcare.diary.tasks import adopt_catalogue
from selfcare.triage import catalogue, published
from selfcare.triage.models import Alert, Assessment, ContentInUse
from selfcare.triage.sign_off import LEDGER
from tests import factories
from tests.factories import NOW
from tests.triage.sheets_folder import TODAY, folder, sign_everything, spoil

__all__ = ["folder"]


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Stop the clock at NOW; a replay goes up to today."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


BURNING = "You told us that peeing burns or stings."


def run(folder: Path, *words: str) -> str:
    """Return what the command says about a folder."""
    out = io.StringIO()
    call_command("catalogue", "--folder", str(folder), *words, stdout=out)
    return out.getvalue()


def sign(folder: Path, *words: str, reviewer: str = "Dr Ben Reviewer") -> str:
    return run(folder, "sign", *words, "--reviewer", reviewer, "--role", "GP")


# --- check ------------------------------------------------------------------------------------------------------------


def test_check_names_what_waits_for_its_sign_off_with_its_place_and_the_mend(folder: Path) -> None:
    said = run(folder, "check")

    assert "Not signed off: for demonstration and research. Waiting:" in said
    assert "rule RF-CES-01. It waits for 2 reviewers: manage.py catalogue sign rule RF-CES-01." in said
    assert "rules_cauda_equina.yaml, line " in said


def test_check_says_nothing_of_a_demonstration_when_all_is_signed(folder: Path, clock: time_machine.Traveller) -> None:
    clock.move_to(datetime.combine(TODAY, time(12), tzinfo=UTC))
    sign_everything(folder)

    assert "Not signed off" not in run(folder, "check")


def test_check_refuses_a_spoilt_folder_with_one_sentence(folder: Path) -> None:
    spoil(folder, "rules_nerve.yaml", "[S4, S5, S8]", "[S4, S999]")

    with pytest.raises(CommandError, match=r"rules_nerve\.yaml, line \d+: 'S999' is not in sources\.yaml"):
        run(folder, "check")


def test_check_refuses_an_expired_sign_off(folder: Path) -> None:
    sign(folder, "rule", "RF-URO-01")
    text = (folder / LEDGER).read_text(encoding="utf-8")
    signed = text.partition("expires_on: ")[2].splitlines()[0]
    spoil(folder, LEDGER, f"expires_on: {signed}", "expires_on: 2026-02-01")

    with pytest.raises(CommandError, match=r"sign_off\.yaml, line \d+: The sign-off of rule RF-URO-01 expired"):
        run(folder, "check")


def test_check_refuses_an_edited_version(folder: Path) -> None:
    run(folder, "publish")
    spoil(folder / "published", "0.1.0.json", BURNING, "You told us that peeing stings.")

    with pytest.raises(CommandError, match=r"0\.1\.0\.json, line 1: The content does not match its digest"):
        run(folder, "check")


def test_check_refuses_sheets_that_differ_from_what_was_published_under_their_version(folder: Path) -> None:
    run(folder, "publish")
    spoil(folder, "rules_cauda_equina.yaml", BURNING, "You told us that peeing stings.")

    with pytest.raises(CommandError, match=r"differ from the published 0\.1\.0 in 1 places\. Raise 'version'"):
        run(folder, "check")


# --- sign -------------------------------------------------------------------------------------------------------------


def test_sign_says_what_is_missing_and_then_that_it_is_approved(folder: Path) -> None:
    first = sign(folder, "rule", "RF-NEU-02")
    second = sign(folder, "rule", "RF-NEU-02", reviewer="Dr Cy Reviewer")

    assert "rule RF-NEU-02, version 1: It waits for one reviewer" in first
    assert "rule RF-NEU-02, version 1: approved until 20" in second


def test_sign_refuses_an_author(folder: Path) -> None:
    with pytest.raises(CommandError, match="Somebody else has to review it"):
        sign(folder, "rule", "RF-NEU-02", "--author", "Dr Ben Reviewer")


# --- publish and diff -------------------------------------------------------------------------------------------------


def test_publish_writes_a_version_and_says_that_it_is_not_signed_off(folder: Path) -> None:
    said = run(folder, "publish")

    assert [path.name for path in published.files(folder / "published")] == ["0.1.0.json"]
    assert "It is not signed off. Patients see it only where DEMONSTRATION is on" in said


def test_a_version_is_published_once(folder: Path) -> None:
    run(folder, "publish")

    with pytest.raises(CommandError, match=r"Version 0\.1\.0 is published already"):
        run(folder, "publish")


def test_diff_says_that_nothing_differs(folder: Path) -> None:
    run(folder, "publish")

    assert run(folder, "diff", "0.1.0", "sheets") == "Nothing differs.\n"


@pytest.mark.parametrize(
    ("sheet", "old", "new", "line"),
    [
        (
            "rules_cauda_equina.yaml",
            BURNING,
            "You said that peeing burns.",
            "rule RF-URO-01, patient sentence: was “You told us that peeing burns or stings.”, is “You said that "
            "peeing burns.”",
        ),
        (
            "rules_cauda_equina.yaml",
            "      - when: {answer: saddle, in: [new, worse]}",
            "      - when: {answer: saddle, in: [worse]}",
            "rule RF-CES-03, emergency, when: was “saddle: new or worse”, is “saddle: worse”",
        ),
        ("advice.yaml", "Go now, even at night.", "Go now.", "advice now_cauda_equina, do: was ["),
        ("catalogue.yaml", "seen_within_h: 24}", "seen_within_h: 12}", "tier same_day, seen within h: was 24, is 12"),
        (
            "definitions.yaml",
            "change_percent: 30",
            "change_percent: 20",
            "change percent: was 30, is 20",
        ),
        ("vocabulary.yaml", "max: 45, unit: weeks", "max: 44, unit: weeks", "history key pregnant_weeks, max: was 45"),
        ("regions.yaml", '"999"', '"112"', "region GB, emergency number: was “999”, is “112”"),
    ],
)
def test_diff_names_each_change_in_words(folder: Path, sheet: str, old: str, new: str, line: str) -> None:
    run(folder, "publish")
    spoil(folder, sheet, old, new)

    assert line in run(folder, "diff", "0.1.0", "sheets")


def test_diff_names_the_rules_that_a_changed_definition_bears_on(folder: Path) -> None:
    run(folder, "publish")
    spoil(folder, "definitions.yaml", "at_least: 38.0", "at_least: 38.5")

    said = run(folder, "diff", "0.1.0", "sheets")

    assert "condition “feverish” (used by " in said
    assert "RF-INF-01" in said
    assert "was “any of these holds: (fever c: 38 or more;" in said


def test_diff_names_rules_that_are_new_and_gone(folder: Path) -> None:
    run(folder, "publish")
    spoil(folder, "rules_cauda_equina.yaml", "id: RF-URO-01", "id: RF-URO-02")

    said = run(folder, "diff", "0.1.0", "sheets").splitlines()

    assert "rule RF-URO-01 is gone: Burning when peeing, and nothing else" in said
    assert "rule RF-URO-02 is new: Burning when peeing, and nothing else" in said


def test_an_unknown_version_is_refused(folder: Path) -> None:
    with pytest.raises(CommandError, match=r"Version 9\.9\.9 is not published\. There are: none"):
        run(folder, "diff", "9.9.9", "sheets")


def test_a_path_that_is_not_there_is_refused(folder: Path) -> None:
    with pytest.raises(CommandError, match=r"catalogue\.yaml is missing"):
        run(folder, "diff", "sheets", str(folder / "elsewhere"))


# --- replay -----------------------------------------------------------------------------------------------------------

FEVER = {"fever_c": 38.2}
LATER = ("at_least: 38.0", "at_least: 38.5")


def milder(folder: Path) -> None:
    """Publish 0.1.0 and change the sheets so that a fever begins at 38.5."""
    run(folder, "publish")
    spoil(folder, "definitions.yaml", *LATER)


def test_replay_names_the_patient_the_days_the_tiers_and_the_rules(folder: Path, ada: User, db: None) -> None:
    episode = factories.episode(patient=ada)
    for day in (date(2026, 2, 20), date(2026, 2, 21)):
        factories.entry(episode=episode, on=day, observations=FEVER)
    milder(folder)

    said = run(folder, "replay", "0.1.0", "sheets")

    assert f"{ada.pk}, 2026-02-20 to 2026-02-21: same_day -> none. RF-INF-01 (same_day) is quiet." in said
    assert "1 diaries replayed; the tier changes in 1, and is lower somewhere in 1." in said


def test_replay_names_nobody_by_name(folder: Path, ada: User, db: None) -> None:
    factories.entry(episode=factories.episode(patient=ada), on=date(2026, 2, 20), observations=FEVER)
    milder(folder)

    said = run(folder, "replay", "0.1.0", "sheets")

    assert ada.name not in said
    assert ada.email not in said
    assert "38.2" not in said


def test_replay_writes_nothing(folder: Path, ada: User, db: None) -> None:
    factories.entry(episode=factories.episode(patient=ada), on=date(2026, 2, 20), observations=FEVER)
    milder(folder)

    with CaptureQueriesContext(connection) as queries:
        run(folder, "replay", "0.1.0", "sheets")

    assert {query["sql"].split()[0] for query in queries} == {"SELECT"}
    assert not Assessment.objects.exists()
    assert not Alert.objects.exists()


def test_replay_leaves_out_entries_that_were_a_mistake(folder: Path, ada: User, db: None) -> None:
    entry = factories.entry(episode=factories.episode(patient=ada), on=date(2026, 2, 20), observations=FEVER)
    Entry.objects.filter(pk=entry.pk).update(entered_in_error_at=NOW)
    milder(folder)

    assert "changes in 0" in run(folder, "replay", "0.1.0", "sheets")


def test_the_queries_of_a_replay_grow_with_the_episodes_and_not_with_the_entries(
    folder: Path, ada: User, db: None
) -> None:
    episode = factories.episode(patient=ada)
    content = catalogue.current()

    def queries() -> int:
        with CaptureQueriesContext(connection) as counted:
            list(replaying.of_episodes(content, content, now=NOW))
        return len(counted)

    factories.entry(episode=episode, on=date(2026, 2, 10), observations=FEVER)
    few = queries()
    for number in range(15):
        factories.entry(episode=episode, on=date(2026, 2, 11) + timedelta(days=number), observations=FEVER)

    assert queries() == few


def test_replay_takes_a_case_file(folder: Path, tmp_path: Path) -> None:
    milder(folder)
    cases = tmp_path / "cases.json"
    cases.write_text(json.dumps([{"id": "warm", "entries": [{"day": 0}, {"day": 3, **FEVER}]}]), encoding="utf-8")

    said = run(folder, "replay", "0.1.0", "sheets", "--cases", str(cases))

    assert "warm, 2001-01-04: same_day -> none. RF-INF-01 (same_day) is quiet." in said


def test_replay_tells_a_rise_and_the_rule_that_changed_its_tier(folder: Path, tmp_path: Path) -> None:
    milder(folder)
    cases = tmp_path / "cases.json"
    cases.write_text(json.dumps([{"id": "warm", "entries": [{"day": 0, **FEVER}]}]), encoding="utf-8")

    said = run(folder, "replay", "sheets", "0.1.0", "--cases", str(cases))

    assert "warm, 2001-01-01: none -> same_day. RF-INF-01 (same_day) fires." in said
    assert "lower somewhere in 0" in said


@pytest.mark.parametrize(
    ("text", "sentence"), [("[", "is not JSON"), ('[{"id": "x", "entries": [{"dya": 1}]}]', "'day' must be a whole")]
)
def test_a_case_file_that_cannot_be_played_is_refused(folder: Path, tmp_path: Path, text: str, sentence: str) -> None:
    cases = tmp_path / "cases.json"
    cases.write_text(text, encoding="utf-8")

    with pytest.raises(CommandError, match=sentence):
        run(folder, "replay", "sheets", "sheets", "--cases", str(cases))


def test_a_case_file_that_is_not_there_is_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file or directory"):
        run(folder, "replay", "sheets", "sheets", "--cases", str(tmp_path / "none.json"))


# --- A new version comes into use -------------------------------------------------------------------------------------


def test_under_a_new_version_every_active_diary_is_looked_at_again(ada: User, db: None) -> None:
    adoption.adopt(now=NOW)
    factories.episode(patient=ada)
    Episode.objects.update(next_check_at=NOW + timedelta(hours=20))
    ContentInUse.objects.update(version="0.0.9", etag="another")

    first, second = adopt_catalogue(), adopt_catalogue()

    assert (first, second) == (True, False)
    assert Episode.objects.get().next_check_at < NOW + timedelta(hours=20)


def test_while_the_content_stays_the_same_no_diary_is_looked_at_again(ada: User, db: None) -> None:
    adoption.adopt(now=NOW)
    factories.episode(patient=ada)
    Episode.objects.update(next_check_at=NOW + timedelta(hours=20))

    again = adoption.adopt(now=NOW + timedelta(minutes=1))

    assert not again
    assert Episode.objects.get().next_check_at == NOW + timedelta(hours=20)


def test_going_back_to_an_older_version_counts_as_new(db: None) -> None:
    adoption.adopt(now=NOW)
    ContentInUse.objects.create(version="9.9.9", etag="newer", since=NOW + timedelta(hours=1))

    assert adoption.adopt(now=NOW + timedelta(hours=2))
    assert ContentInUse.objects.order_by("since").last().version == catalogue.current().version
