"""The pattern guide: education after the safety rules, in plain words, without a number for the patient."""

from __future__ import annotations

import itertools
import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from edge.sheets import CatalogueError
from selfcare.diary import areas
from selfcare.triage import catalogue, guide
from selfcare.triage.rules import Answers, History
from selfcare.web import bodymap
from tests import reading
from tests.triage.sheets_folder import folder, spoil

__all__ = ["folder"]

TODAY = date(2026, 3, 14)
PROMISE = re.compile(
    r"%|per ?cent|\d+ (in|out of) \d+|probab|likely|\bYou have (?!advice)|\bfine\b|damage|slipped|worn"
)
NERVES = {"nerve_l4", "nerve_l5", "nerve_s1", "nerve_any"}
REGIONS = [name for name in areas.NAMES.values() if name != "low_back"]


def proposed(values: dict[str, Any] | None = None, *, regions: list[str], **baseline: Any) -> set[str]:
    """Return the patterns of a diary with one entry today."""
    content = catalogue.current()
    entries = (Answers("1", TODAY, datetime(2026, 3, 14, 18, tzinfo=UTC), values or {}),)
    history = History(baseline, date(2026, 2, 1), entries)
    found = guide.propose(content.guide, content, history, regions=regions, as_of=TODAY)
    return {proposal.id for proposal in found}


@pytest.mark.parametrize(
    ("pattern", "values", "regions", "baseline"),
    [
        ("nerve_l4", {}, ["front_of_thigh"], {}),
        ("nerve_l4", {}, ["outer_thigh", "shin"], {}),
        ("nerve_l5", {}, ["top_of_foot"], {}),
        ("nerve_l5", {}, ["buttock"], {}),
        ("nerve_s1", {}, ["back_of_thigh", "calf"], {}),
        ("nerve_any", {}, ["buttock"], {}),
        ("deep_gluteal", {"sitting_minutes": 30}, ["buttock"], {}),
        ("deep_gluteal", {"tingling": True}, ["buttock", "back_of_thigh"], {}),
        ("sacroiliac", {"night_pain": "wakes_when_turning"}, ["low_back"], {}),
        ("sacroiliac", {}, ["buttock"], {"pregnant_weeks": 20}),
        ("cluneal", {"numbness": 1}, ["buttock", "low_back"], {}),
        ("facet", {}, ["low_back"], {}),
        ("spinal_narrowing", {"walk_pain": "eases_bending_or_sitting"}, ["buttock"], {}),
        ("leg_artery", {"walk_pain": "eases_standing_still"}, ["calf"], {}),
        ("inflammatory", {"night_pain": "second_half"}, ["buttock"], {"family_spa": True, "psoriasis": True}),
        ("hip_or_bone", {}, ["groin"], {}),
        ("hip_or_bone", {"groin_pain_loading": True}, ["buttock"], {}),
        ("pelvic_girdle", {}, ["low_back"], {"postpartum_weeks": 26}),
        ("other_organs", {"period_linked": True}, ["low_back"], {}),
        ("neuropathy", {}, ["heel_or_sole"], {"pain_side": "both"}),
    ],
)
def test_a_diary_that_fits_a_pattern_proposes_it(
    pattern: str, values: dict[str, Any], regions: list[str], baseline: dict[str, Any]
) -> None:
    assert pattern in proposed(values, regions=regions, **baseline)


@pytest.mark.parametrize(
    ("pattern", "values", "regions", "baseline"),
    [
        ("nerve_l4", {}, ["outer_thigh"], {}),
        ("nerve_l5", {}, ["buttock", "calf"], {}),
        ("nerve_s1", {}, ["back_of_thigh"], {}),
        ("nerve_any", {}, ["low_back"], {}),
        ("deep_gluteal", {"sitting_minutes": 31}, ["buttock"], {}),
        ("deep_gluteal", {"tingling": True}, ["back_of_thigh"], {}),
        ("sacroiliac", {}, ["buttock"], {}),
        ("cluneal", {"numbness": 0}, ["buttock", "low_back"], {}),
        ("facet", {}, ["low_back", "calf"], {}),
        ("spinal_narrowing", {"walk_pain": "eases_standing_still"}, ["buttock"], {}),
        ("leg_artery", {"walk_pain": "none"}, ["calf"], {}),
        ("inflammatory", {"night_pain": "second_half"}, ["buttock"], {"family_spa": True}),
        ("inflammatory", {"pain_side": "alternating"}, ["buttock"], {}),
        ("hip_or_bone", {"groin_pain_loading": False}, ["buttock"], {}),
        ("pelvic_girdle", {}, ["low_back"], {"postpartum_weeks": 27}),
        ("other_organs", {"period_linked": False}, ["low_back"], {}),
        ("neuropathy", {}, ["heel_or_sole"], {"pain_side": "left"}),
    ],
)
def test_a_diary_that_does_not_fit_a_pattern_does_not_propose_it(
    pattern: str, values: dict[str, Any], regions: list[str], baseline: dict[str, Any]
) -> None:
    assert pattern not in proposed(values, regions=regions, **baseline)


@pytest.mark.parametrize("regions", [[one] for one in REGIONS if one != "groin"] + list(itertools.pairwise(REGIONS)))
def test_a_nerve_is_not_excluded_because_the_pain_stops_above_the_knee(regions: list[str]) -> None:
    assert proposed(regions=list(regions)) & NERVES


def test_each_pattern_can_be_proposed_and_stay_away() -> None:
    both = {
        mark.args[1][index][0]
        for test in (
            test_a_diary_that_fits_a_pattern_proposes_it,
            test_a_diary_that_does_not_fit_a_pattern_does_not_propose_it,
        )
        for mark in test.pytestmark
        for index in range(len(mark.args[1]))
    }

    assert both == set(catalogue.current().guide.patterns)


def test_an_answer_of_five_weeks_ago_proposes_nothing() -> None:
    content = catalogue.current()
    long_ago = Answers("1", date(2026, 2, 7), datetime(2026, 2, 7, tzinfo=UTC), {"walk_pain": "eases_standing_still"})
    history = History({}, date(2026, 2, 1), (long_ago,))

    assert guide.propose(content.guide, content, history, regions=[], as_of=TODAY) == []


def test_every_area_of_the_body_map_has_a_name_that_the_guide_can_read() -> None:
    known = catalogue.current().vocabulary.baseline[guide.REGIONS].values
    marked = [area for area in bodymap.AREAS if area != bodymap.SADDLE]

    assert all(len(areas.names([area])) == 1 and areas.names([area])[0] in known for area in marked)
    assert areas.names([bodymap.SADDLE]) == []


def for_patients() -> list[tuple[str, str]]:
    """Return every line of the guide that a patient can read, with its pattern."""
    found = catalogue.current().guide
    lines = [
        (name, line)
        for name, pattern in found.patterns.items()
        for line in (pattern["title"], *pattern["looks_like"], pattern["sometimes"], *pattern["questions"])
    ]
    texts = found.texts
    names = dict.fromkeys(found.names("GB"), "doctor")
    general = [
        texts["title"],
        *texts["intro"],
        *texts["blocked"],
        *texts["unanswered"],
        texts["unsure"].format_map(names),
    ]
    general += [texts["only_examination"], texts["not_judged"], texts["nothing"], texts["changed"]]
    return lines + [("guide", line) for line in general]


@pytest.mark.parametrize(("name", "line"), for_patients())
def test_a_patient_reads_no_number_and_no_promise(name: str, line: str) -> None:
    assert not re.search(
        r"%|per ?cent|\d+ (in|out of) \d+|probab|likely|\bYou have (?!advice)|\bfine\b|damage|slipped|worn", line
    )


@pytest.mark.parametrize("name", sorted({name for name, _ in for_patients()}))
def test_the_guide_is_read_at_the_age_of_eleven(name: str) -> None:
    lines = [line for owner, line in for_patients() if owner == name]

    assert reading.grade(" ".join(line if line[-1] in ".?" else f"{line}." for line in lines)) <= reading.HIGHEST
    assert max(len(sentence.split()) for line in lines for sentence in re.split(r"(?<=[.?]) ", line)) <= 20


def test_every_destination_of_a_rule_names_somebody_or_leaves_it_to_the_card() -> None:
    content = catalogue.current()
    used = {branch.destination for rule in content.rules for branch in rule.branches}

    assert used <= set(content.guide.destinations)


def test_clinicians_are_named_in_the_words_of_the_country() -> None:
    found = catalogue.current().guide

    assert found.people(["gp", "physiotherapist"], "GB") == ["GP", "physiotherapist"]
    assert found.people(["gp", "physiotherapist"], "US") == ["primary care doctor", "physical therapist"]
    assert found.people(["gp"], "DE") == ["family doctor (Hausarzt)"]
    assert found.people(["gp"], "XX") == ["family doctor"]
    assert found.people_at("gp_or_physiotherapist", "GB") == ["GP", "physiotherapist"]


PATTERNS, SPECIALISTS, SPOKEN = "patterns.yaml", "specialists.yaml", "spoken.yaml"


@pytest.mark.parametrize(
    ("sheet", "old", "new", "sentence"),
    [
        (SPECIALISTS, "  NZ:\n", "  QQ:\n", "'NZ' of regions.yaml has no words for clinicians here."),
        (SPECIALISTS, "    midwife: midwife\n", "", "'midwife' is missing."),
        (SPECIALISTS, "    pharmacist: pharmacist\n", '    pharmacist: " "\n', "'pharmacist' is empty."),
        (SPECIALISTS, "  clinician_today: [gp]", "  clinician_today: [wizard]", "'clinician_today' holds 'wizard'."),
        (SPECIALISTS, "  gp_today: [gp]", "  gp_tomorrow: [gp]", "'gp_tomorrow' is not in 'destinations'."),
        (PATTERNS, "people: [physiotherapist, gp]", "people: [wizard]", "'people' holds 'wizard'."),
        (PATTERNS, "people: [physiotherapist, gp]", "people: []", "'people' is empty."),
        (PATTERNS, "seeds: [A, C]\n", "seeds: []\n", "Neither 'seeds' nor 'sources' names anything."),
        (PATTERNS, "from: [S54]", "from: [S55]", "'from' holds 'S55'."),
        (PATTERNS, "sources: [S54]", "sources: [S999]", "'sources' holds 'S999'."),
        (PATTERNS, "includes: [front_of_thigh]", "includes: [nose]", "'nose' is no value of pain_regions."),
        (PATTERNS, "see your {gp}", "see your {nobody}", "{nobody} is not known here."),
        (PATTERNS, "needs: [bladder,", "needs: [blader,", "'needs' holds 'blader'."),
        (SPOKEN, "    chills: {", "    chils: {", "'chils' is not in the vocabulary."),
        (SPOKEN, "leg weakness was {n}", "leg weakness was {grade}", "{grade} is not known here."),
        (SPOKEN, "      new: peeing has changed", "      newer: peeing has changed", "'newer' is not known here."),
    ],
)
def test_a_spoilt_guide_is_refused_with_file_line_and_mend(
    folder: Path, sheet: str, old: str, new: str, sentence: str
) -> None:
    spoil(folder, sheet, old, new)

    with pytest.raises(CatalogueError) as refused:
        catalogue.load(folder, today=date(2026, 12, 1))

    place, _, said = str(refused.value).partition(": ")
    assert sentence in said
    assert place.startswith(f"{sheet}, line ")
