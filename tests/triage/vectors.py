"""Reads tests/vectors/*.json: data that Python and the browser must agree on.

A file is {about: [...], vectors: [...]}; ``about`` lists the beginnings of the rule ids that its vectors speak of, and
what other rules say about the same diary is left to their own files.
A vector is {description, baseline, onset_days_before, entries, as_of_day, expect: [{rule, tier, reason, occasion?,
advice?}]}; the advice is compared where it is given.
Entries follow the case files: a name left out was asked and answered none / no / 0. With "live": true they follow the
live diary: a name left out was not answered. Day 0 is the first of March 2026.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from selfcare.diary import cases
from selfcare.triage import rules
from selfcare.triage.catalogue import Catalogue
from selfcare.triage.rules import Answers, Finding, History

DIRECTORY = Path(__file__).parent.parent / "vectors"
START_ON = date(2026, 3, 1)


def read() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (name, vector) of every file, in the order of the files."""
    for path in sorted(DIRECTORY.glob("*.json")):
        sheet = json.loads(path.read_text(encoding="utf-8"))
        for vector in sheet["vectors"]:
            yield f"{path.stem}: {vector['description']}", {**vector, "about": tuple(sheet["about"])}


def history_of(vector: Mapping[str, Any], catalogue: Catalogue) -> History:
    """Return the history that a vector describes."""
    baseline = {**vector["baseline"], "onset_days_before": vector["onset_days_before"]}
    plain = {"id": "v", "baseline": baseline, "entries": vector["entries"]}
    case = cases.case_from_plain(plain, vocabulary=catalogue.vocabulary)
    history = cases.history_from_case(case, start_on=START_ON)
    if not vector.get("live"):
        return history
    given = sorted(vector["entries"], key=lambda entry: entry["day"])
    entries = tuple(
        Answers(answers.id, answers.on, answers.at, {name: value for name, value in entry.items() if name != "day"})
        for answers, entry in zip(history.entries, given, strict=True)
    )
    return History(vector["baseline"], history.onset_on, entries)


def as_of(vector: Mapping[str, Any]) -> date:
    """Return the day that a vector asks about."""
    return START_ON + timedelta(days=vector["as_of_day"])


def as_plain(history: History) -> dict[str, Any]:
    """Return a history as the phone has it."""
    entries = [
        {"id": entry.id, "on": entry.on.isoformat(), "at": entry.at.isoformat(), "values": dict(entry.values)}
        for entry in history.entries
    ]
    return {"baseline": dict(history.baseline), "onset_on": history.onset_on.isoformat(), "entries": entries}


def findings_as_plain(findings: tuple[Finding, ...]) -> list[dict[str, Any]]:
    """Return findings as the phone gives them."""
    names = ("rule_id", "reason", "tier", "advice", "occasion", "inputs")
    return [{name: getattr(finding, name) for name in names} for finding in findings]


def found_by_all(content: Any, history: History, *, on: date) -> tuple[Finding, ...]:
    """Return what every rule finds, those that only inform at the end."""
    return rules.evaluate(content, history, as_of=on) + rules.inform(content, history, as_of=on)


def in_short(
    findings: Iterable[Finding], *, about: tuple[str, ...], like: Sequence[Mapping[str, Any]] = ()
) -> list[dict[str, Any]]:
    """Return the findings that a vector speaks of, in the form of its ``expect``, which is ``like``."""
    with_advice = {wanted["rule"] for wanted in like if "advice" in wanted}
    return [
        {
            "rule": f.rule_id,
            "tier": f.tier,
            "reason": f.reason,
            **({"occasion": f.occasion} if f.occasion else {}),
            **({"advice": f.advice} if f.rule_id in with_advice else {}),
        }
        for f in findings
        if f.rule_id.startswith(about)
    ]
