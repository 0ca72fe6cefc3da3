"""The loader refuses what nobody should rely on, and says where and how to mend it."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from selfcare.triage import catalogue
from selfcare.triage.catalogue import CatalogueError
from tests.triage.sheets_folder import TODAY, folder, spoil

__all__ = ["folder"]


NERVE, DEFINITIONS, ADVICE = "rules_nerve.yaml", "definitions.yaml", "advice.yaml"
FOLLOW_UP = "follow_up.yaml"
VERY_ILL = "answer: very_unwell\n                  "


@pytest.mark.parametrize(
    ("sheet", "old", "new", "sentence"),
    [
        (NERVE, "    latch: true\n", "    lach: true\n", "'lach' is not known here."),
        (NERVE, "    sources: [S4, S5, S8]\n", "    sources: []\n", "'sources' is empty."),
        (NERVE, "{type: guideline, grade: low}", "{type: guideline, grade: fair}", "'grade' holds 'fair'."),
        (NERVE, "{type: guideline, grade: low}", "{type: rumour, grade: low}", "'type' holds 'rumour'."),
        (ADVICE, "    sources: [S4, S8]\n", "", "No rule shows 'today', so it needs 'sources' of its own."),
        (ADVICE, "sources: [S4, S8]", "sources: [S4, S808]", "'S808' is not in sources.yaml."),
        ("catalogue.yaml", "authors: [the project]", "authors: []", "'authors' must name at least one author."),
        (NERVE, "[S4, S5, S8]", "[S4, S999]", "'S999' is not in sources.yaml."),
        (NERVE, "tier: emergency", "tier: urgent", "'tier' holds 'urgent'."),
        (NERVE, "advice: now_weakness", "advice: today_weakness", "The advice is for the tier 'same_day'."),
        (NERVE, "advice: now_weakness", "advice: now_weaknes", "'advice' holds 'now_weaknes'."),
        (NERVE, "reason: weakness_rapid", "reason: weakness_fast", "'reason' holds 'weakness_fast'."),
        (NERVE, "answer: weakness\n", "answer: weaknes\n", "'weaknes' is not a known observation."),
        (NERVE, "use: weakness_counts", "use: weak", "'weak' is not a known definition."),
        (
            "rules_infection.yaml",
            f"{VERY_ILL}is: true",
            f"{VERY_ILL}at_least: 1",
            "'at_least' cannot compare very_unwell",
        ),
        (DEFINITIONS, "in: [new, worse, unsure]", "in: [new, wors]", "'wors' is no value of bladder."),
        (DEFINITIONS, "days: [0, 14]", "days: [14, 0]", "'days' must be two numbers of days"),
        (DEFINITIONS, "at_least: 38.0", "at_leest: 38.0", "'at_leest' is not known here."),
        (DEFINITIONS, "window_days: 7", "window_days: seven", "'window_days' holds 'seven'."),
        (ADVICE, "calls: [emergency]", "calls: [ambulance]", "'calls' holds 'ambulance'."),
        (
            ADVICE,
            "Go to {emergency_place}",
            "Go to {hospital}",
            "{hospital} is not in regions.yaml or specialists.yaml.",
        ),
        (FOLLOW_UP, "first_after_h: 2", "first_after_h: 0", "'first_after_h' must be 1 or more."),
        (FOLLOW_UP, "same_day: 24", "same_day: 0", "'same_day' must be 1 or more."),
        (FOLLOW_UP, 'every_day_at: "08:00"', "every_day_at: morning", "'every_day_at' must be a time"),
        (
            FOLLOW_UP,
            "push_in_quiet_hours: []",
            "push_in_quiet_hours: [routine]",
            "'push_in_quiet_hours' holds 'routine'.",
        ),
        (FOLLOW_UP, "release_after_min: 60", "release_after: 60", "'release_after' is not known here."),
        ("regions.yaml", 'emergency_number: "999"', 'emergency_number: ""', "'emergency_number' is empty."),
        ("vocabulary.yaml", "kind: integer", "kind: whole", "'kind' holds 'whole'."),
        ("questions.yaml", "asks: {bladder: change", "asks: {blader: change", "'blader' is not in the vocabulary."),
        ("catalogue.yaml", "expires_on: 2027-11-30", "expires_on: 2026-11-30", "The content expired on 2026-11-30."),
        ("rules_persistence.yaml", "statuses: [not_improved", "statuses: [same", "'statuses' holds 'same'."),
    ],
)
def test_a_spoilt_sheet_is_refused_with_file_line_and_mend(
    folder: Path, sheet: str, old: str, new: str, sentence: str
) -> None:
    line = spoil(folder, sheet, old, new)

    with pytest.raises(CatalogueError) as refused:
        catalogue.load(folder, today=TODAY)

    place, _, said = str(refused.value).partition(": ")
    assert sentence in said
    assert place.startswith(f"{sheet}, line ")
    assert abs(int(place.rpartition(" ")[2]) - line) <= old.count("\n") + 1
    assert said.endswith(".")


def test_a_follow_up_without_a_card_for_an_answer_is_refused(folder: Path) -> None:
    spoil(folder, FOLLOW_UP, "could_not_emergency:", "could_not_go_emergency:")

    with pytest.raises(CatalogueError, match="The card 'could_not_emergency' is missing"):
        catalogue.load(folder, today=TODAY)


def test_an_unknown_operator_is_refused(folder: Path) -> None:
    spoil(folder, "rules_nerve.yaml", "              - answer: weakness\n", "              - reply: weakness\n")

    with pytest.raises(CatalogueError, match="no operator in: reply"):
        catalogue.load(folder, today=TODAY)


def test_two_operators_in_one_condition_are_refused(folder: Path) -> None:
    spoil(folder, "definitions.yaml", "{answer: saddle, in:", "{answer: saddle, every: saddle, in:")

    with pytest.raises(CatalogueError, match="this has 2 operators"):
        catalogue.load(folder, today=TODAY)


def test_a_condition_that_compares_nothing_is_refused(folder: Path) -> None:
    spoil(folder, "rules_cauda_equina.yaml", "{answer: saddle, in: [new, worse]}", "{answer: saddle}")

    with pytest.raises(CatalogueError, match="'answer' compares nothing"):
        catalogue.load(folder, today=TODAY)


def test_a_rule_without_evidence_is_refused(folder: Path) -> None:
    spoil(folder, NERVE, "    evidence: {type: guideline, grade: low}\n", "")

    with pytest.raises(CatalogueError, match=r"rules_nerve\.yaml, line 4: 'evidence' is missing\. Add it\."):
        catalogue.load(folder, today=TODAY)


def test_a_rule_id_that_is_taken_is_refused(folder: Path) -> None:
    spoil(folder, "rules_nerve.yaml", "id: RF-NEU-01", "id: RF-CES-01")

    with pytest.raises(CatalogueError, match="The id 'RF-CES-01' is taken"):
        catalogue.load(folder, today=TODAY)


def test_a_key_that_stands_twice_is_refused(folder: Path) -> None:
    spoil(folder, "vocabulary.yaml", "  bowel: {", "  bladder: {")

    with pytest.raises(CatalogueError, match="'bladder' stands here twice"):
        catalogue.load(folder, today=TODAY)


def test_branches_that_begin_with_the_milder_tier_are_refused(folder: Path) -> None:
    sheet = folder / "rules_cauda_equina.yaml"
    spoil(
        folder,
        sheet.name,
        "        transport: own_not_driving\n      - when:",
        "        transport: own_not_driving\n      - {when: {use: burning_alone}, tier: routine,"
        " advice: review_4_weeks, destination: gp_today, transport: any}\n      - when:",
    )

    with pytest.raises(CatalogueError, match="from the most urgent tier down"):
        catalogue.load(folder, today=TODAY)


def test_a_definition_that_uses_itself_is_refused(folder: Path) -> None:
    spoil(
        folder,
        "definitions.yaml",
        "  bladder_item: {answer: bladder, in: [new, worse, unsure]}",
        "  bladder_item: {use: any_ces_item}",
    )

    with pytest.raises(CatalogueError, match="uses itself"):
        catalogue.load(folder, today=TODAY)


def test_text_that_is_no_yaml_is_refused(folder: Path) -> None:
    (folder / "advice.yaml").write_text("advice: [", encoding="utf-8")

    with pytest.raises(CatalogueError, match=r"advice\.yaml, line \d+: This is not YAML"):
        catalogue.load(folder, today=TODAY)


def test_a_missing_sheet_is_refused(folder: Path) -> None:
    (folder / "advice.yaml").unlink()

    with pytest.raises(CatalogueError, match=r"advice\.yaml is missing"):
        catalogue.load(folder, today=TODAY)


def test_no_and_yes_stay_words(folder: Path) -> None:
    content = catalogue.load(folder, today=TODAY)

    assert "NO" in content.regions


def test_content_is_used_on_its_last_day_and_refused_on_the_next(folder: Path) -> None:
    last = catalogue.load(folder, today=TODAY).expires_on

    assert catalogue.load(folder, today=last).version
    with pytest.raises(CatalogueError, match="expired"):
        catalogue.load(folder, today=last.replace(month=last.month + 1, day=1))


def test_the_etag_follows_the_content(folder: Path) -> None:
    before = catalogue.load(folder, today=TODAY).etag

    spoil(folder, "advice.yaml", "Go now, even at night.", "Go now, also at night.")

    assert catalogue.load(folder, today=TODAY).etag != before


def test_the_present_catalogue_loads_once_per_process() -> None:
    assert catalogue.current() is catalogue.current()


def test_an_unknown_country_gets_the_fallback_numbers() -> None:
    card = catalogue.current().card("now", "XX")

    assert card["calls"] == [{"number": "112", "label": "Call 112"}]


def test_a_region_without_a_number_shows_no_button_for_it() -> None:
    card = catalogue.current().card("today_fever", "US")

    assert card["calls"] == []


def test_no_patient_text_reassures_blames_or_alarms() -> None:
    content = catalogue.current()
    banned = ("you are fine", "all clear", "don't worry", "red flag", "urgent ", "just ", "damage", "worn out", "oops")
    texts = [f"{advice}" for advice in content.advices.values()] + [rule.patient_sentence for rule in content.rules]

    found = {(word, text) for text in texts for word in banned if word in text.lower()}

    assert found == set()


def test_no_sentence_for_patients_is_longer_than_20_words() -> None:
    content = catalogue.current()
    lines = [rule.patient_sentence for rule in content.rules]
    lines += [
        line for key in content.advices for card in [content.card(key, "GB")] for line in (*card["do"], *card["why"])
    ]

    long = [part for line in lines for part in line.replace("?", ".").split(". ") if len(part.split()) > 20]

    assert long == []


def test_the_phone_gets_the_catalogue_without_logging_in_and_304_the_second_time(client: Client) -> None:
    first = client.get("/api/v1/catalogue")
    second = client.get("/api/v1/catalogue", headers={"If-None-Match": first.headers["ETag"]})

    assert first.json() == catalogue.current().for_phone()
    assert (first.status_code, first.headers["Cache-Control"]) == (200, "no-cache")
    assert (second.status_code, second.content, second.headers["ETag"]) == (304, b"", first.headers["ETag"])
