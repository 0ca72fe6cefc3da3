"""Changes the rules one small step at a time and asks whether a vector notices: ``python -m tests.triage.mutate``.

With arguments only the changes whose label begins with one of them are tried: ``RF-MAL definitions.cancer``.

Every number is moved by the smallest step either way, every comparison loses or gains its edge, every listed value,
condition and exception is left out once, every "not" and yes/no is turned round. A change that no vector notices is
printed, and makes the exit code 1.
"""

from __future__ import annotations

import copy
import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "selfcare.settings")
os.environ["CATALOGUE"] = "sheets"
django.setup()

from selfcare.triage import catalogue, rules  # noqa: E402
from selfcare.triage.catalogue import Catalogue  # noqa: E402
from selfcare.triage.checking import conditions_within  # noqa: E402
from tests.triage import vectors  # noqa: E402

EDGES = {"at_least": "above", "above": "at_least", "at_most": "below", "below": "at_most"}
NUMBERS = {
    *(*EDGES, "by", "percent", "times", "to", "from_below", "against_at_least", "then_every", "until"),
    *("from_day", "answers"),
}
WINDOWS = {"days", "against", "at"}
LISTS = {"in", "only", "includes", "statuses", "between", "groups", "status"}
# Changes that mean the same, each with the reason why nothing can notice them.
SAME_MEANING = {
    "clocks.diary.at_least -> above": "who joins on day 0 counts from there either way",
    "clocks.diary.at_least 0 -> 1": "who joins on day 0 counts from there either way",
    "clocks.diary.at_least 0 -> -1": "no case has an entry from before its onset",
    "T-13.same_day.when.groups without INF": "no rule of infection has the two-week tier",
    "T-13.same_day.when.groups without FRX": "no rule of bone has the two-week tier",
    "definitions.rash_lately.any[1].days [0, 14] -> [1, 14]": "the first part reads the day itself",
    "definitions.red_skin_now.any[1].all[1].days [0, 6] -> [1, 6]": "the first part sees every answer of the day",
    "definitions.weakness_rose_lately.any[0].all[1].to 1 -> 0": "a grade that rose is 1 or more",
    "definitions.weakness_rose_lately.any[1].all[1].to 1 -> 0": "a grade that rose is 1 or more",
    "definitions.weakness_rose_lately.any[1].all[0] left out": "for everybody else the first part holds as well",
    "definitions.numbness_rose_lately.any[1].all[0] left out": "for everybody else the first part holds as well",
    "RF-NEU-06.same_day.when.some_entry.any[0].all[1].by 1 -> 0": "from below 3 to 3 or more is a rise",
    "RF-NEU-01.emergency.when.some_entry.all[1].any[1].all[1].any[1].all[0].days [2, 14] -> [1, 14]": (
        "the first part judges a rise within a day"
    ),
}


def mutants(content: Catalogue) -> Iterator[tuple[str, Catalogue, tuple[rules.Rule, ...]]]:
    """Yield (what was changed, the changed catalogue, the rules that the change can bear on)."""
    everything = content.rules
    for name in content.definitions:
        users = tuple(rule for rule in everything if name in _definitions_of(rule, content))
        for label, definition in _changes(content.definitions[name], f"definitions.{name}"):
            changed = replace(content, definitions={**content.definitions, name: definition})
            yield label, changed, users or everything
    for name, restart in content.clocks.items():
        for label, clock in _changes(restart["restart_at_first_entry_when"], f"clocks.{name}") if restart else ():
            clocks = {**content.clocks, name: {"restart_at_first_entry_when": clock}}
            yield label, replace(content, clocks=clocks), everything
    for name, value in content.course.items():
        step = 0.25 if name.endswith("at_most") or name == "change_points" else 1
        for moved in (value + step, value - step) if isinstance(value, int | float) else ():
            course = {**content.course, name: moved}
            yield f"course.{name} {value} -> {moved}", replace(content, course=course), everything
    for name in content.course["regions"]:
        fewer = [region for region in content.course["regions"] if region != name]
        course = {**content.course, "regions": fewer}
        yield f"course.regions without {name}", replace(content, course=course), everything
    for rule in everything:
        for label, changed_rule in _rule_changes(rule):
            yield label, content, (changed_rule,)


def _definitions_of(rule: rules.Rule, content: Catalogue) -> set[str]:
    """Return the definitions that a rule uses, directly or through others."""
    parts = [part for branch in rule.branches for part in (branch.when, branch.unless) if part]
    found: set[str] = set()
    waiting = [*parts]
    while waiting:
        for inner in conditions_within(waiting.pop()):
            name = inner.get("use")
            if name and name not in found:
                found.add(name)
                waiting.append(content.definitions[name])
    return found


def _rule_changes(rule: rules.Rule) -> Iterator[tuple[str, rules.Rule]]:
    if rule.runs == "daily":
        yield f"{rule.id} runs on entries only", replace(rule, runs="on_entry")
    for place, branch in enumerate(rule.branches):
        rest = (rule.branches[:place], rule.branches[place + 1 :])
        yield f"{rule.id} without its {branch.tier} branch", replace(rule, branches=(*rest[0], *rest[1]))
        if branch.unless is not None:
            bare = replace(branch, unless=None)
            yield f"{rule.id}.{branch.tier} without unless", replace(rule, branches=(*rest[0], bare, *rest[1]))
        for key in ("when", "unless"):
            condition = getattr(branch, key)
            for label, changed in _changes(condition, f"{rule.id}.{branch.tier}.{key}") if condition else ():
                other = replace(branch, **{key: changed})
                yield label, replace(rule, branches=(*rest[0], other, *rest[1]))


def _changes(condition: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Yield every small change of one condition and of the conditions inside it."""
    for key, value in condition.items():
        here = f"{path}.{key}"
        if key in EDGES:
            yield f"{here} -> {EDGES[key]}", _with(condition, key, EDGES[key], value)
        if key in NUMBERS:
            step = 0.1 if isinstance(value, float) else 1
            for moved in (value + step, value - step):
                yield f"{here} {value} -> {moved:g}", _with(condition, key, key, moved)
        elif key in WINDOWS:
            for place, number in enumerate(value):
                # Nothing lies after the judged day, so a window that begins tomorrow means the same.
                for moved in (number + 1, number - 1) if number else (1,) if number == 0 else ():
                    days = [*value[:place], moved, *value[place + 1 :]]
                    yield f"{here} {value} -> {days}", _with(condition, key, key, days)
        elif key in LISTS:
            for left_out in value:
                fewer = [word for word in value if word != left_out]
                yield f"{here} without {left_out}", _with(condition, key, key, fewer)
        elif isinstance(value, bool) and key in {"is", "or_last_answer", "over_first_answer"}:
            yield f"{here} -> {not value}", _with(condition, key, key, not value)
        elif key == "not":
            yield f"{here} dropped", value
        if isinstance(value, list) and value and isinstance(value[0], dict):
            for place, inner in enumerate(value):
                fewer = value[:place] + value[place + 1 :]
                if fewer:
                    yield f"{here}[{place}] left out", _with(condition, key, key, fewer)
                for label, changed in _changes(inner, f"{here}[{place}]"):
                    yield label, _with(condition, key, key, [*value[:place], changed, *value[place + 1 :]])
            if key in {"all", "any"} and len(value) > 1:
                yield f"{here} swapped", _with(condition, key, "any" if key == "all" else "all", value)
        elif isinstance(value, dict):
            for label, changed in _changes(value, here):
                yield label, _with(condition, key, key, changed)


def _with(condition: Any, old: str, new: str, value: Any) -> dict[str, Any]:
    return {(new if key == old else key): (value if key == old else copy.copy(kept)) for key, kept in condition.items()}


Played = tuple[Any, Any, tuple[str, ...], list[dict[str, Any]]]


def noticed(content: Catalogue, changed: tuple[rules.Rule, ...], played: list[Played]) -> bool:
    """Return whether a vector notices the change; the one that noticed last is asked first the next time."""
    ids = tuple(rule.id for rule in changed)
    # What reads findings needs the rules that find.
    others = content.rules if any(rule.runs == "on_findings" for rule in changed) else ()
    content = replace(content, rules=(*(rule for rule in others if rule.id not in ids), *changed))
    for place, (history, as_of, about, expected) in enumerate(played):
        if not any(rule_id.startswith(about) for rule_id in ids):
            continue
        wanted = [finding for finding in expected if finding["rule"] in ids]
        found = [f for f in vectors.found_by_all(content, history, on=as_of) if f.rule_id in ids]
        if vectors.in_short(found, about=about, like=wanted) != wanted:
            played.insert(0, played.pop(place))
            return True
    return False


def main() -> int:
    """Print the changes that no vector notices; return the exit code."""
    content, beginnings = catalogue.current(), tuple(sys.argv[1:]) or ("",)
    played: list[Played] = [
        (vectors.history_of(vector, content), vectors.as_of(vector), vector["about"], vector["expect"])
        for _, vector in vectors.read()
    ]
    assert not noticed(content, content.rules, played), "The vectors fail on the unchanged catalogue. Mend that first."
    total, unnoticed = 0, []
    for label, changed, bearing in mutants(content):
        if not label.startswith(beginnings):
            continue
        total += 1
        if label not in SAME_MEANING and not noticed(changed, bearing, played):
            unnoticed.append(label)
    for label in unnoticed:
        print(f"No vector notices: {label}")  # noqa: T201
    print(f"{total - len(unnoticed)} of {total} changes are noticed or mean the same.")  # noqa: T201
    return 1 if unnoticed else 0


if __name__ == "__main__":
    sys.exit(main())
