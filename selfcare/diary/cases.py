"""Case files: invented or old diaries on which a clinician tries the rules (clinical.md 8.1, 8.2).

A name left out of an entry of a case means "asked, and answered none / no / 0", by the vocabulary's ``left_out``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from selfcare.triage import rules
from selfcare.triage.catalogue import Catalogue
from selfcare.triage.rules import Answers, History
from selfcare.triage.vocabulary import Term, Vocabulary

# Any date gives the same result; this one lies far from today so that nobody takes it for a real one.
START_ON = date(2001, 1, 1)
LONGEST_CASE_DAYS = 3660
YES_AND_NO = {"yes": True, "no": False, "true": True, "false": False}


class CaseError(Exception):
    """A case file that cannot be played. The message says where, what, and what to do."""


@dataclass(frozen=True, slots=True)
class Case:
    """One case: baseline keys, and entries as (day, values) in the order of the days."""

    id: str
    baseline: Mapping[str, Any]
    entries: tuple[tuple[int, Mapping[str, Any]], ...]


def read_cases(text: str, *, vocabulary: Vocabulary) -> tuple[Case, ...]:
    """Return the cases of a file's text. Raises CaseError."""
    try:
        plain = json.loads(text, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise CaseError(f"Line {error.lineno} is not JSON ({error.msg}). Mend it.") from None
    if not isinstance(plain, list):
        raise CaseError("The file must hold a JSON list of cases. Put [ ] around them.")
    cases = tuple(
        case_from_plain(item, vocabulary=vocabulary, place=f"Case {number}") for number, item in enumerate(plain, 1)
    )
    seen: set[str] = set()
    for case in cases:
        if case.id in seen:
            raise CaseError(f"Two cases have the id {case.id!r}. Give each its own.")
        seen.add(case.id)
    return cases


def case_from_plain(plain: Any, *, vocabulary: Vocabulary, place: str = "The case") -> Case:
    """Return one case from JSON data, with everything that was left out filled in. Raises CaseError."""
    if not isinstance(plain, dict):
        raise CaseError(f"{place} must hold id, baseline and entries. Mend it.")
    case_id = plain.get("id")
    if isinstance(case_id, bool) or not isinstance(case_id, str | int) or case_id == "":
        raise CaseError(f"{place} has no id. Add one.")
    place = f"Case {case_id}"
    baseline, entries = plain.get("baseline", {}), plain.get("entries")
    if not isinstance(baseline, dict):
        raise CaseError(f"{place}: 'baseline' must hold keys. Mend it.")
    if not isinstance(entries, list):
        raise CaseError(f"{place}: 'entries' must be a list. Mend it.")
    checked = [_entry(entry, vocabulary, f"{place}, entry {number}") for number, entry in enumerate(entries, 1)]
    return Case(
        id=str(case_id),
        baseline=_values(baseline, vocabulary.baseline, f"{place}, baseline"),
        entries=tuple(sorted(checked, key=lambda entry: entry[0])),
    )


def history_from_case(case: Case, *, start_on: date = START_ON) -> History:
    """Return the history of a case whose day 0 falls on ``start_on``."""
    onset = start_on - timedelta(days=case.baseline.get("onset_days_before", 0))
    entries = tuple(
        Answers(
            id=f"{case.id}-{number:05d}",
            on=start_on + timedelta(days=day),
            at=datetime.combine(start_on + timedelta(days=day), time(12), tzinfo=UTC) + timedelta(seconds=number),
            values=values,
        )
        for number, (day, values) in enumerate(case.entries)
    )
    return History(baseline=case.baseline, onset_on=onset, entries=entries)


def replay(case: Case, catalogue: Catalogue, *, start_on: date = START_ON) -> dict[str, Any]:
    """Return what the rules say on every day of a case that has an entry or a finding.

    Each day is judged by the same function as on the server and the phone. What was decided on an earlier day, such as
    the one-month check, is listed once; so is ``information``, which has no urgency.
    """
    history = history_from_case(case, start_on=start_on)
    entry_days = {day for day, _ in case.entries}
    told: set[tuple[str, str]] = set()
    days = []
    for day in range(max(entry_days, default=-1) + 1):
        findings = []
        for finding in rules.evaluate(catalogue, history, as_of=start_on + timedelta(days=day)):
            if "decided on" in finding.inputs.get("facts", {}):
                if (finding.rule_id, finding.occasion) in told:
                    continue
                told.add((finding.rule_id, finding.occasion))
            findings.append(finding)
        information = []
        for finding in rules.inform(catalogue, history, as_of=start_on + timedelta(days=day)):
            if (finding.rule_id, finding.occasion) not in told:
                told.add((finding.rule_id, finding.occasion))
                information.append(finding)
        if findings or information or day in entry_days:
            days.append(
                {
                    "day": day,
                    "tier": rules.highest_tier(findings),
                    "findings": _in_short(findings),
                    **({"information": _in_short(information)} if information else {}),
                }
            )
    highest = min((day["tier"] for day in days), key=rules.TIERS.index, default="none")
    reached = None if highest == "none" else next(day["day"] for day in days if day["tier"] == highest)
    return {"id": case.id, "highest_tier": highest, "reached_on_day": reached, "days": days}


def _in_short(findings: Sequence[rules.Finding]) -> list[dict[str, str]]:
    return [{"rule": f.rule_id, "reason": f.reason, "tier": f.tier} for f in findings]


def _entry(plain: Any, vocabulary: Vocabulary, place: str) -> tuple[int, dict[str, Any]]:
    if not isinstance(plain, dict):
        raise CaseError(f"{place} must hold keys. Mend it.")
    day = plain.get("day")
    if isinstance(day, float) and day.is_integer():
        day = int(day)
    if isinstance(day, bool) or not isinstance(day, int) or not 0 <= day <= LONGEST_CASE_DAYS:
        raise CaseError(f"{place}: 'day' must be a whole number from 0 to {LONGEST_CASE_DAYS}. Mend it.")
    answers = {name: value for name, value in plain.items() if name != "day"}
    return day, _values(answers, vocabulary.entry, place)


def _values(plain: Mapping[str, Any], terms: Mapping[str, Term], place: str) -> dict[str, Any]:
    values = {name: term.left_out for name, term in terms.items() if term.left_out is not None}
    for name, value in plain.items():
        term = terms.get(name)
        if term is None:
            raise CaseError(f"{place}: {name!r} is not in the vocabulary. Check its spelling or leave it out.")
        meant = _as_meant(value, term)
        if meant is None:
            continue
        fault = term.fault(meant)
        if fault:
            raise CaseError(f"{place}: {name!r} holds {value!r}. {fault}")
        values[name] = meant
    return values


def _as_meant(value: Any, term: Term) -> Any:
    """Return a hand-written value in the vocabulary's form; None where it says that there is nothing to give."""
    if value is None:
        return None
    if term.kind == "list":
        words = value if isinstance(value, list) else [value]
        return [word for word in words if isinstance(word, str) and word not in ("none", "")] or None
    if term.kind == "choice" and value in ("none", "absent", "", False):
        return "none" if "none" in term.values else None
    if term.kind == "boolean":
        return _as_boolean(value)
    if term.kind == "text":
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    if term.kind == "integer" and isinstance(value, float) and value.is_integer():
        return int(value)
    # A temperature of 0 is how a case says that none was taken.
    return None if value == 0 and term.min is not None and term.min > 0 else value


def _as_boolean(value: Any) -> Any:
    if isinstance(value, str):
        return YES_AND_NO.get(value.strip().lower(), value)
    return bool(value) if value in (0, 1) else value


def _no_number(word: str) -> None:
    raise CaseError(f"{word} is not a number. Use a number, or leave the name out.")
