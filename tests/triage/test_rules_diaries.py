"""What must hold for any diary at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from time import process_time

import pytest

from selfcare.triage import catalogue, rules
from selfcare.triage.rules import TIERS, Answers, History
from tests.triage import diaries

SEEDS = range(150)


@pytest.mark.parametrize("days", [-400, 1, 59])
def test_moving_a_whole_diary_in_time_changes_no_finding(days: int) -> None:
    content, move = catalogue.current(), timedelta(days=days)

    for seed in SEEDS:
        history, as_of = diaries.diary(seed, content.vocabulary)
        baseline = {
            name: value for name, value in history.baseline.items() if name not in ("next_review_on", "joined_on")
        }
        moved = tuple(Answers(e.id, e.on + move, e.at + move, e.values) for e in history.entries)
        before = rules.evaluate(content, History(baseline, history.onset_on, history.entries), as_of=as_of)
        after = rules.evaluate(content, History(baseline, history.onset_on + move, moved), as_of=as_of + move)

        assert [_short(f) for f in before] == [_short(f) for f in after], seed


def test_the_order_in_which_entries_are_handed_in_changes_nothing() -> None:
    content = catalogue.current()

    for seed in SEEDS:
        history, as_of = diaries.diary(seed, content.vocabulary)
        backwards = replace(history, entries=history.entries[::-1])

        assert rules.evaluate(content, history, as_of=as_of) == rules.evaluate(content, backwards, as_of=as_of), seed


def test_entries_after_the_judged_day_change_nothing() -> None:
    content = catalogue.current()

    for seed in SEEDS:
        history, as_of = diaries.diary(seed, content.vocabulary)
        known = replace(history, entries=tuple(entry for entry in history.entries if entry.on <= as_of))

        assert rules.evaluate(content, history, as_of=as_of) == rules.evaluate(content, known, as_of=as_of), seed


def test_a_second_quiet_entry_of_the_day_never_takes_an_emergency_away() -> None:
    content = catalogue.current()
    quiet = {name: term.left_out for name, term in content.vocabulary.entry.items() if term.left_out is not None}

    for seed in SEEDS:
        history, as_of = diaries.diary(seed, content.vocabulary)
        # With every question answered: answering what was open may complete the picture of a milder tier.
        history = replace(history, entries=tuple(replace(e, values={**quiet, **e.values}) for e in history.entries))
        before = {f.rule_id for f in rules.evaluate(content, history, as_of=as_of) if f.tier == "emergency"}
        evening = Answers("zz", as_of, max(e.at for e in history.entries) + timedelta(days=1), quiet)
        more = replace(history, entries=(*history.entries, evening))
        after = {f.rule_id for f in rules.evaluate(content, more, as_of=as_of) if f.tier == "emergency"}

        assert before <= after, seed


def test_findings_go_from_the_most_urgent_tier_down() -> None:
    content = catalogue.current()

    for seed in SEEDS:
        history, as_of = diaries.diary(seed, content.vocabulary)
        tiers = [TIERS.index(finding.tier) for finding in rules.evaluate(content, history, as_of=as_of)]

        assert tiers == sorted(tiers), seed


def test_one_day_against_a_year_of_daily_entries_costs_a_few_milliseconds() -> None:
    content = catalogue.current()
    history, _ = diaries.diary(3, content.vocabulary)
    first = min(history.entries, key=lambda entry: entry.on)
    year = tuple(
        Answers(str(day), first.on + timedelta(days=day), first.at + timedelta(days=day), first.values)
        for day in range(365)
    )

    began = process_time()
    for _ in range(20):
        rules.evaluate(content, replace(history, entries=year), as_of=year[-1].on)
    spent = (process_time() - began) / 20

    # 3 ms on the machine it was written on; the limit is wide because other tests run beside it.
    assert spent < 0.025


def _short(finding: rules.Finding) -> tuple[str, str, str]:
    # The occasion of a later episode names the day on which it began.
    return finding.rule_id, finding.tier, finding.occasion.split(" of ")[0]
