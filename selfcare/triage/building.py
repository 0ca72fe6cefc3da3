"""Builds a catalogue from its sheets and checks every part of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from edge import sheets
from edge.sheets import Sheet, Shelf
from selfcare.triage import card_checks, citing, guide_checks, learn_checks, sign_off
from selfcare.triage.checking import NUMBER, ConditionChecker, conditions_within
from selfcare.triage.rules import TIERS, Branch, Rule
from selfcare.triage.vocabulary import KINDS, Term, Vocabulary

FIRING_TIERS, NO_TIER = TIERS[:-1], TIERS[-1]
COVER_SHEET = "catalogue.yaml"
COVER = {
    "version": str,
    "title": str,
    "language": str,
    "authors": list,
    "evidence": dict,
    "published_on": date,
    "review_due_on": date,
    "expires_on": date,
    "look_back_days": int,
    "tiers": dict,
    "groups": list,
    "destinations": list,
    "transports": list,
    "sheets": list,
}
NOT_KEPT = ("language", "authors", "groups", "destinations", "transports", "sheets")
SECTIONS = {
    "sources": dict,
    "entry": dict,
    "baseline": dict,
    "reasons": list,
    "definitions": dict,
    "clocks": dict,
    "course": dict,
    "answer_sets": dict,
    "questions": dict,
    "advice": dict,
    "regions": dict,
    "fallback": str,
    "follow_up": dict,
    "rules": list,
    **guide_checks.SECTIONS,
    "learn": dict,
}
# Sections that are one thing; the others may be spread over several sheets.
WHOLE = ("course", "clocks", "follow_up", "guide", "spoken")
COURSE_NAMES = {
    "regions": list,
    **dict.fromkeys(("overall", "interference", "confirmed_gap", "new_episode", "global_change"), str),
}
COURSE_NUMBERS = (
    *("window_days", "wide_window_days", "enough_entries", "widen_from_entries", "start_entries", "start_days"),
    *("adequate_at_most", "change_points", "change_percent", "interference_at_most"),
    *("recovered_days", "recovered_at_most", "recovered_gap_days", "new_pain_at_least"),
)
REGION = (
    *("name", "emergency_number", "emergency_place", "urgent_number", "urgent_service"),
    *("crisis_number", "crisis_service", "text_relay"),
)
RULE = {
    "id": str,
    "title": str,
    "group": str,
    "reason": str,
    "runs": str,
    "latch": bool,
    "alert": bool,
    "patient_sentence": str,
    "clinician_sentence": str,
    "sources": list,
    "evidence": dict,
    "branches": list,
}
BRANCH = {"when": dict, "tier": str, "advice": str, "destination": str, "transport": str}


def build(shelf: Shelf, *, today: date | None) -> dict[str, Any]:
    """Return the fields of a Catalogue. Raises CatalogueError with file, line and the mend."""
    cover = sheets.read(shelf, COVER_SHEET)
    cover.fields(needs=COVER)
    _check_cover(cover, today=today)
    parts = _sections(shelf, cover)
    vocabulary = Vocabulary(entry=_terms(parts["entry"]), baseline=_terms(parts["baseline"]))
    citing.check_sources(parts["sources"])
    checker = ConditionChecker(vocabulary, set(parts["definitions"]), set(parts["clocks"]), set(cover["groups"]))
    _check_definitions(parts["definitions"], checker)
    _check_clocks(parts["clocks"], checker)
    _check_course(parts["course"], vocabulary)
    _check_questions(parts["questions"], parts["answer_sets"], parts["sources"], vocabulary)
    _check_regions(parts["regions"], parts["fallback"], cover)
    guide = guide_checks.guide(parts, destinations=cover["destinations"], checker=checker)
    words = {*REGION, *guide.names(parts["fallback"])}
    card_checks.check_advice(parts, words)
    card_checks.check_follow_up(parts["follow_up"], parts, words)
    guide_checks.check_spoken(parts["spoken"], vocabulary)
    learn_checks.check_learn(parts["learn"], parts["sources"], words)
    rules = _rules(parts, cover, checker)
    items = sign_off.items(parts, cover)
    return {
        **{key: cover[key] for key in COVER if key not in NOT_KEPT},
        "standings": tuple(sign_off.standings(shelf, items, authors=cover["authors"], today=today)),
        "sources": parts["sources"],
        "vocabulary": vocabulary,
        "reasons": tuple(parts["reasons"]),
        "definitions": parts["definitions"],
        "clocks": parts["clocks"],
        "course": parts["course"],
        "answer_sets": parts["answer_sets"],
        "questions": parts["questions"],
        "advices": parts["advice"],
        "regions": parts["regions"],
        "fallback_region": parts["fallback"],
        "follow_up": parts["follow_up"],
        "guide": guide,
        "spoken": parts["spoken"],
        "learn": parts["learn"],
        "rules": rules,
    }


def _check_cover(cover: Sheet, *, today: date | None) -> None:
    if not cover["authors"] or not all(isinstance(name, str) and name.strip() for name in cover["authors"]):
        raise cover.fault("'authors' must name at least one author.", "authors")
    cover["evidence"].fields(needs=dict.fromkeys(citing.EVIDENCE_OF, dict))
    for kind in citing.EVIDENCE_OF:
        citing.check_evidence(cover["evidence"][kind])
    if set(cover["tiers"]) != set(FIRING_TIERS):
        raise cover.fault(f"'tiers' must hold exactly: {', '.join(FIRING_TIERS)}.", "tiers")
    for tier in cover["tiers"].values():
        tier.fields(needs={"word": str, "seen_within_h": int})
    if today is not None and cover["expires_on"] < today:
        raise cover.fault(
            f"The content expired on {cover['expires_on']}. Have it reviewed and set a new date.", "expires_on"
        )


def _sections(shelf: Shelf, cover: Sheet) -> dict[str, Any]:
    parts: dict[str, Any] = {"rules": []}
    for name in cover["sheets"]:
        sheet = sheets.read(shelf, str(name))
        sheet.fields(needs={}, takes=SECTIONS)
        for key, value in sheet.items():
            if key == "rules":
                parts["rules"] += [(sheet, rule) for rule in value]
            elif key in parts and isinstance(value, Sheet) and key not in WHOLE:
                parts[key].take_in(value)
            elif key in parts:
                raise sheet.fault(f"{key!r} stands in two sheets. Keep it in one.", key)
            else:
                parts[key] = value
    for key in SECTIONS:
        if key not in parts:
            raise cover.fault(f"No sheet holds {key!r}. Add the sheet that holds it.", "sheets")
    return parts


def _terms(section: Sheet) -> dict[str, Term]:
    terms = {}
    for name, sheet in section.items():
        _is_sheet(section, name).fields(
            needs={"kind": str}, takes={"values": list, "min": NUMBER, "max": NUMBER, "unit": str, "left_out": object}
        )
        sheet.one_of("kind", KINDS)
        if sheet["kind"] == "choice" and "values" not in sheet:
            raise sheet.fault(f"{name!r} is a choice without 'values'. List them.")
        if sheet["kind"] in ("integer", "number", "text") and "max" not in sheet:
            raise sheet.fault(f"{name!r} has no 'max'. Add it.")
        terms[name] = Term(name, **{**sheet, "values": tuple(sheet.get("values", ()))})
        if "left_out" in sheet and terms[name].fault(sheet["left_out"]):
            raise sheet.fault(f"{sheet['left_out']!r} is no value of {name!r}. Mend 'left_out'.", "left_out")
    return terms


def _check_definitions(section: Sheet, checker: ConditionChecker) -> None:
    for name in section:
        checker.check(section[name], parent=section, key=name)
    uses = {name: {inner["use"] for inner in conditions_within(section[name]) if "use" in inner} for name in section}
    for name in section:
        reached, waiting = set[str](), set(uses[name])
        while waiting:
            reached |= waiting
            waiting = {deeper for each in waiting for deeper in uses[each]} - reached
        if name in reached:
            raise section.fault(f"{name!r} uses itself. Break the circle.", name)


def _check_clocks(section: Sheet, checker: ConditionChecker) -> None:
    for name in section:
        clock = _is_sheet(section, name)
        clock.fields(needs={}, takes={"restart_at_first_entry_when": dict})
        for key in clock:
            checker.check(clock[key], parent=clock, key=key)


def _check_course(section: Sheet, vocabulary: Vocabulary) -> None:
    needs = {**COURSE_NAMES, **dict.fromkeys(COURSE_NUMBERS, NUMBER), "change_percent": int, "global_worse": list}
    section.fields(needs=needs)
    for key in COURSE_NAMES:
        section.one_of(key, vocabulary.entry)
    section.one_of("global_worse", vocabulary.entry[section["global_change"]].values)


def _check_questions(section: Sheet, answer_sets: Sheet, sources: Sheet, vocabulary: Vocabulary) -> None:
    for name in section:
        question = _is_sheet(section, name)
        question.fields(
            needs={"text": str, "why": str, "cadence": list, "asks": dict, "sources": list}, takes={"evidence": dict}
        )
        question.one_of("cadence", ("onboarding", "daily", "weekly", "monthly", "conditional", "any_time"))
        citing.check_citations(question, sources)
        if "evidence" in question:
            citing.check_evidence(question["evidence"])
        asks: Sheet = question["asks"]
        for observation, answers in asks.items():
            if observation not in vocabulary.entry:
                raise asks.fault(f"{observation!r} is not in the vocabulary. Mend the name.", observation)
            if answers == "":
                continue
            if answers not in answer_sets:
                raise asks.fault(f"{answers!r} is not in 'answer_sets'. Mend the name.", observation)
            _check_answer_set(answer_sets[answers], vocabulary.entry[observation])


def _check_answer_set(answers: Sheet, term: Term) -> None:
    for value in answers:
        as_given: Any = {"true": True, "false": False}.get(value, int(value) if value.isdigit() else value)
        if term.fault([as_given] if term.kind == "list" else as_given):
            raise answers.fault(f"{value!r} is no value of {term.name!r}. Mend it.", value)


def _check_regions(section: Sheet, fallback: str, cover: Sheet) -> None:
    for name in section:
        region = _is_sheet(section, name)
        region.fields(needs=dict.fromkeys(REGION, str))
        for key in ("emergency_number", "emergency_place", "urgent_service", "crisis_service"):
            if not region[key]:
                raise region.fault(f"{key!r} is empty. Nobody can be helped without it. Fill it.", key)
    if fallback not in section:
        raise section.fault(f"The fallback region {fallback!r} is not in 'regions'. Add it.")


def _rules(parts: Mapping[str, Any], cover: Sheet, checker: ConditionChecker) -> tuple[Rule, ...]:
    rules: dict[str, Rule] = {}
    for sheet, rule in parts["rules"]:
        if not isinstance(rule, Sheet):
            raise sheet.fault("'rules' must be a list of rules.", "rules")
        rule.fields(needs=RULE, takes={"asks": list})
        citing.check_evidence(rule["evidence"])
        rule.one_of("group", cover["groups"])
        rule.one_of("reason", parts["reasons"])
        rule.one_of("runs", ("on_entry", "daily", "on_findings"))
        citing.check_citations(rule, parts["sources"])
        if rule["id"] in rules:
            raise rule.fault(f"The id {rule['id']!r} is taken. Choose another.", "id")
        branches = tuple(_branch(branch, rule, parts, cover, checker) for branch in rule["branches"])
        ranks = [TIERS.index(branch.tier) for branch in branches]
        if not ranks or ranks != sorted(ranks):
            raise rule.fault("The branches must go from the most urgent tier down.", "branches")
        if ranks[-1] == TIERS.index(NO_TIER) and (ranks[0] != ranks[-1] or rule["alert"]):
            raise rule.fault(f"A rule with the tier {NO_TIER!r} only informs. Give it no other, and no alert.", "id")
        if "asks" in rule:
            rule.one_of("asks", parts["entry"])
        rules[rule["id"]] = Rule(**{**rule, "sources": tuple(rule["sources"]), "branches": branches})
    return tuple(rules.values())


def _branch(branch: Any, rule: Sheet, parts: Mapping[str, Any], cover: Sheet, checker: ConditionChecker) -> Branch:
    if not isinstance(branch, Sheet):
        raise rule.fault("'branches' must be a list of branches.", "branches")
    branch.fields(needs=BRANCH, takes={"unless": dict})
    branch.one_of("tier", TIERS)
    branch.one_of("destination", cover["destinations"])
    branch.one_of("transport", cover["transports"])
    branch.one_of("advice", parts["advice"])
    advised = parts["advice"][branch["advice"]]["tier"]
    if advised != branch["tier"]:
        raise branch.fault(f"The advice is for the tier {advised!r}. Choose an advice of the tier.", "advice")
    for key in ("when", "unless"):
        if key in branch:
            checker.check(branch[key], parent=branch, key=key)
    seen_within_h = 0 if branch["tier"] == NO_TIER else cover["tiers"][branch["tier"]]["seen_within_h"]
    return Branch(**{"unless": None, **branch, "seen_within_h": seen_within_h})


def _is_sheet(section: Sheet, key: str) -> Sheet:
    value = section[key]
    if not isinstance(value, Sheet):
        raise section.fault(f"{key!r} must hold keys.", key)
    return value
