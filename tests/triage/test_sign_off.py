"""Nothing counts as signed off that the right people have not signed as it stands today."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from selfcare.triage import catalogue, signing
from selfcare.triage.catalogue import Catalogue, CatalogueError
from selfcare.triage.sign_off import LEDGER, Status
from tests.triage.sheets_folder import ADA, BEN, CY, DI, TODAY, folder, sign, sign_everything, spoil

__all__ = ["folder"]

EMERGENCY, SAME_DAY = "RF-NEU-02", "RF-URO-01"


def load(folder: Path) -> Catalogue:
    return catalogue.load(folder, today=TODAY)


def test_an_item_that_nobody_has_signed_is_submitted(folder: Path) -> None:
    standing = load(folder).standing("rule", EMERGENCY)

    assert (standing.status, standing.version, standing.authors) == (Status.SUBMITTED, 1, ("the project",))


def test_an_emergency_rule_needs_two_reviewers(folder: Path) -> None:
    (one,) = sign(folder, "rule", EMERGENCY, reviewer=BEN)
    (two,) = sign(folder, "rule", EMERGENCY, reviewer=CY, on=date(2026, 12, 3))

    assert (one.status, one.approved_on) == (Status.UNDER_REVIEW, None)
    assert (two.status, two.approved_on) == (Status.APPROVED, date(2026, 12, 3))


def test_an_emergency_card_needs_two_reviewers(folder: Path) -> None:
    (card,) = sign(folder, "advice", "now_cauda_equina")

    assert card.status == Status.UNDER_REVIEW


@pytest.mark.parametrize(
    ("kind", "item_id"), [("rule", SAME_DAY), ("question", "Q-BLADDER"), ("advice", "today_fever")]
)
def test_for_everything_else_one_reviewer_is_enough(folder: Path, kind: str, item_id: str) -> None:
    (standing,) = sign(folder, kind, item_id)

    assert standing.status == Status.APPROVED


def test_the_same_reviewer_does_not_count_twice(folder: Path) -> None:
    sign(folder, "rule", EMERGENCY, reviewer="Dr Ben Reviewer")

    with pytest.raises(CatalogueError, match="has signed rule RF-NEU-02 already"):
        sign(folder, "rule", EMERGENCY, reviewer="dr  ben reviewer")


def test_an_author_does_not_review_their_own(folder: Path) -> None:
    with pytest.raises(CatalogueError, match="Ada Author is an author of rule RF-NEU-02"):
        signing.sign(
            folder, kind="rule", ids=[EMERGENCY], reviewer=ADA, role="GP", authors=[ADA], on=TODAY, expires_on=None
        )


def test_a_reviewer_cannot_become_an_author_afterwards(folder: Path) -> None:
    sign(folder, "rule", EMERGENCY, reviewer=BEN)

    with pytest.raises(CatalogueError, match="Dr Ben Reviewer is an author"):
        signing.sign(
            folder, kind="rule", ids=[EMERGENCY], reviewer=CY, role="GP", authors=[BEN], on=TODAY, expires_on=None
        )


def test_a_change_of_the_content_takes_the_signature_away(folder: Path) -> None:
    sign(folder, "rule", SAME_DAY)
    spoil(folder, "rules_cauda_equina.yaml", "You told us that peeing burns or stings.", "You said that peeing burns.")

    standing = load(folder).standing("rule", SAME_DAY)

    assert (standing.status, standing.changed, standing.version) == (Status.SUBMITTED, True, 2)


def test_a_change_of_a_definition_takes_it_away_from_the_rules_that_use_it_and_from_no_other(folder: Path) -> None:
    sign(folder, "rule", "RF-INF-01", "RF-CES-08")
    spoil(folder, "definitions.yaml", "at_least: 38.0", "at_least: 38.5")

    content = load(folder)

    assert content.standing("rule", "RF-INF-01").changed
    assert content.standing("rule", "RF-CES-08").status == Status.APPROVED


def test_a_change_of_a_definition_behind_a_definition_takes_it_away_too(folder: Path) -> None:
    sign(folder, "rule", "RF-CES-08")
    spoil(
        folder,
        "definitions.yaml",
        "not: {answer: bladder_since_days, above: 14}",
        "not: {answer: bladder_since_days, above: 10}",
    )

    assert load(folder).standing("rule", "RF-CES-08").changed


def test_a_change_of_how_the_course_is_computed_takes_it_away_from_the_rules_that_read_it(folder: Path) -> None:
    sign(folder, "rule", "PER-02", SAME_DAY)
    spoil(folder, "definitions.yaml", "change_percent: 30", "change_percent: 20")

    content = load(folder)

    assert content.standing("rule", "PER-02").changed
    assert content.standing("rule", SAME_DAY).status == Status.APPROVED


def test_a_change_of_the_answers_takes_it_away_from_the_question(folder: Path) -> None:
    sign(folder, "question", "Q-BLADDER")
    spoil(folder, "questions.yaml", "    unsure: I am not sure\n", "    unsure: No idea\n")

    assert load(folder).standing("question", "Q-BLADDER").changed


def test_a_change_of_how_soon_a_tier_is_seen_takes_it_away_from_its_rules(folder: Path) -> None:
    sign(folder, "rule", SAME_DAY)
    spoil(folder, "catalogue.yaml", "seen_within_h: 24}", "seen_within_h: 48}")

    assert load(folder).standing("rule", SAME_DAY).changed


def test_a_comment_changes_nothing(folder: Path) -> None:
    sign(folder, "rule", SAME_DAY)
    spoil(folder, "rules_cauda_equina.yaml", "rules:\n", "# A remark.\nrules:\n")

    assert load(folder).standing("rule", SAME_DAY).status == Status.APPROVED


def test_what_was_changed_is_signed_anew_under_the_next_version(folder: Path) -> None:
    sign(folder, "rule", SAME_DAY, reviewer=BEN)
    spoil(folder, "rules_cauda_equina.yaml", "You told us that peeing burns or stings.", "You said that peeing burns.")

    (again,) = sign(folder, "rule", SAME_DAY, reviewer=CY)

    assert (again.version, [review.name for review in again.reviews]) == (2, [CY])


def test_an_unknown_item_is_refused_and_nothing_is_written(folder: Path) -> None:
    with pytest.raises(CatalogueError, match="There is no rule 'RF-XYZ-01'"):
        sign(folder, "rule", SAME_DAY, "RF-XYZ-01")

    assert not (folder / LEDGER).exists()


def test_the_whole_is_signed_after_its_parts(folder: Path) -> None:
    with pytest.raises(CatalogueError, match="Sign the parts first"):
        sign(folder, "release", load(folder).version, reviewer=DI)


def test_the_safety_label_stays_until_every_part_and_the_whole_are_signed(folder: Path) -> None:
    before = load(folder).demonstration
    sign_everything(folder)
    signed = load(folder).demonstration
    spoil(folder, "regions.yaml", 'crisis_number: "116 123"', 'crisis_number: "116 124"')

    waiting = load(folder).waiting

    assert (before, signed) == (True, False)
    assert [(each.item.kind, each.changed) for each in waiting] == [("release", True)]


def test_a_sign_off_holds_on_its_last_day_and_is_refused_on_the_next(folder: Path) -> None:
    sign(folder, "rule", SAME_DAY, expires_on=date(2027, 3, 1))

    assert catalogue.load(folder, today=date(2027, 3, 1)).rules
    with pytest.raises(
        CatalogueError, match=r"sign_off\.yaml, line \d+: The sign-off of rule RF-URO-01 expired on 2027-03-01"
    ):
        catalogue.load(folder, today=date(2027, 3, 2))


def test_an_expired_sign_off_still_judges_under_the_label(folder: Path) -> None:
    sign(folder, "rule", SAME_DAY, expires_on=date(2027, 3, 1))

    content = catalogue.load(folder, today=None)

    assert content.rule(SAME_DAY)
    assert (content.is_expired(date(2027, 3, 1)), content.is_expired(date(2027, 3, 2))) == (False, True)


def test_a_sign_off_that_would_expire_at_once_is_refused(folder: Path) -> None:
    with pytest.raises(CatalogueError, match="Give a later day with --expires"):
        sign(folder, "rule", SAME_DAY, expires_on=TODAY)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("kind: rule", "kind: rules", "'kind' holds 'rules'"),
        ("id: RF-URO-01", "id: RF-URO-09", "There is no rule 'RF-URO-09' any more"),
        ("role: GP", "rolle: GP", "'rolle' is not known here"),
        ("name: Dr Ben Reviewer", "name: ' '", "'name' is empty"),
        ("name: Dr Ben Reviewer", "name: The Project", "The Project is an author of it"),
        ("reviewed_on: 2026-12-01", "reviewed_on: 2026-12-24", "2026-12-24 lies in the future"),
        ("- the project", "- ''", "'authors' must name at least one person"),
        ("version: 1", "version: one", "'version' holds 'one'"),
    ],
)
def test_a_ledger_that_was_written_by_hand_is_checked(folder: Path, old: str, new: str, sentence: str) -> None:
    sign(folder, "rule", SAME_DAY)
    line = spoil(folder, LEDGER, old, new)

    with pytest.raises(CatalogueError) as refused:
        load(folder)

    place, _, said = str(refused.value).partition(": ")
    assert place.startswith(f"{LEDGER}, line ")
    assert abs(int(place.rpartition(" ")[2]) - line) <= 1
    assert sentence in said


def test_two_sign_offs_of_one_item_are_refused(folder: Path) -> None:
    sign(folder, "rule", SAME_DAY)
    entry = (folder / LEDGER).read_text(encoding="utf-8").partition("sign_offs:\n")[2]
    with (folder / LEDGER).open("a", encoding="utf-8") as ledger:
        ledger.write(entry)

    with pytest.raises(CatalogueError, match="is signed off twice"):
        load(folder)


def test_a_reviewer_who_stands_twice_in_the_ledger_is_refused(folder: Path) -> None:
    sign(folder, "rule", EMERGENCY, reviewer=BEN)
    sign(folder, "rule", EMERGENCY, reviewer=CY)
    spoil(folder, LEDGER, CY, BEN)

    with pytest.raises(CatalogueError, match="Dr Ben Reviewer has signed it twice"):
        load(folder)
