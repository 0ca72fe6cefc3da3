"""What the page of rules says is what the rules do: every operator, every number and every value is in the words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from selfcare.triage import catalogue, prose
from selfcare.triage.checking import conditions_within
from selfcare.triage.conditions import OPERATORS

WORDS = prose.plain_words(
    {"feverish": {"any": [{"answer": "fever_c", "at_least": 38.0}, {"answer": "chills", "is": True}]}}
)


def said(condition: Mapping[str, Any]) -> str:
    return prose.describe(condition, WORDS).in_one_line()


@pytest.mark.parametrize(
    ("condition", "sentence"),
    [
        ({"answer": "bladder", "in": ["new", "worse"]}, "bladder: new or worse"),
        ({"answer": "chills", "is": True}, "chills: yes"),
        ({"answer": "fever_c", "at_least": 38.0}, "fever c: 38 or more"),
        ({"answer": "weakness", "above": 1, "below": 3}, "weakness: more than 1 and less than 3"),
        ({"answer": "bladder_detail", "only": ["burning_only"]}, "bladder detail: nothing but burning only"),
        ({"answer": "bladder_detail", "includes": ["leak"]}, "bladder detail: among others leak"),
        (
            {"every": "saddle", "in": ["none"]},
            "saddle: answered, and every answer of the day is none",
        ),
        ({"baseline": "smoker", "is": True}, "known: smoker"),
        ({"baseline": "age", "at_least": 50}, "age: 50 or more"),
        ({"not": {"baseline": "smoker", "is": True}}, "not known: smoker"),
        ({"not": {"any": [{"first_entry": True}, {"silence": True, "at_least": 14}]}},
         "none of these holds: (the diary begins with this entry; 14 or more days without an entry)"),
        ({"use": "feverish"}, "feverish"),
        ({"count": [{"use": "feverish"}, {"answer": "chills", "is": True}], "at_least": 2},
         "2 or more of these hold: (feverish; chills: yes)"),
        ({"entries": {"answer": "night_pain", "in": ["constant"]}, "days": [0, 6], "times": 3, "unit": "days"},
         "on 3 or more days in the last 7 days: night pain: constant"),
        ({"some_entry": {"all": [{"answer": "weakness", "at_least": 2}, {"previous": "weakness", "at_most": 1}]}},
         "in one and the same entry of the day, all of these hold: (weakness: 2 or more; "
         "weakness: at the answer before, given at any time, 1 or less)"),
        ({"rise": "weakness", "by": 1, "days": [2, 14], "or_last_answer": True, "from_below": 3},
         "weakness: higher by 1 or more than an answer 2 to 14 days ago; after a longer silence, than the last answer "
         "before it, from below 3"),
        ({"mean_fall": "pain_avg", "percent": 30, "days": [0, 6], "against": [7, 13], "against_at_least": 4},
         "pain avg: mean in the last 7 days 30% or more below the mean 7 to 13 days ago, which was 4 or more"),
        ({"checkpoint": "onset", "at": [28], "until": 34, "statuses": ["not_improved", "worsening"]},
         "at the check of day 28 after the onset, until day 34, the first day with enough entries has the course "
         "not improved or worsening"),
    ],
)  # fmt: skip
def test_a_condition_reads_like_a_sentence(condition: Mapping[str, Any], sentence: str) -> None:
    assert said(condition) == sentence


def test_every_operator_has_its_words() -> None:
    assert prose.TOLD.keys() == OPERATORS.keys()


def test_an_operator_without_words_is_shown_as_it_is_written() -> None:
    assert said({"guess": "weakness"}) == "(not yet in words: {'guess': 'weakness'})"


def changed(condition: Any) -> Iterator[Any]:
    """Yield the condition with one number moved, one value of a list left out, or one yes turned round."""
    if isinstance(condition, bool):
        yield not condition
    elif isinstance(condition, int | float):
        yield condition + 1
    elif isinstance(condition, list):
        for place, value in enumerate(condition):
            rest = (condition[:place], condition[place + 1 :])
            yield from ([*rest[0], other, *rest[1]] for other in changed(value))
            if isinstance(value, str) and len(condition) > 1:
                yield [*rest[0], *rest[1]]
    elif isinstance(condition, Mapping):
        for key, value in condition.items():
            # "first_entry: true" can hold nothing else.
            if not (value is True and getattr(OPERATORS.get(key), "subject", "") == "now"):
                yield from ({**condition, key: other} for other in changed(value))


def _is_possible(condition: Mapping[str, Any]) -> bool:
    """Return whether no window ends before it begins; the loader refuses such a one."""
    windows = [condition[key] for key in ("days", "against") if key in condition]
    return all(farthest is None or nearest <= farthest for nearest, farthest in windows)


def leaves() -> list[Any]:
    """Return every condition of the catalogue that holds no other, once each."""
    content = catalogue.current()
    whole = [branch.when for rule in content.rules for branch in rule.branches]
    whole += [branch.unless for rule in content.rules for branch in rule.branches if branch.unless]
    whole += list(content.definitions.values())
    inner = [each for condition in whole for each in conditions_within(condition)]
    unlike = {str(each): each for each in inner if not list(conditions_within(each))[1:]}
    return [unlike[key] for key in sorted(unlike)]


def test_no_number_and_no_value_of_the_catalogue_is_left_out_of_the_words() -> None:
    content = catalogue.current()
    words = prose.plain_words(content.definitions)

    silent = [
        (condition, other)
        for condition in leaves()
        for other in changed(condition)
        if _is_possible(other)
        if prose.describe(condition, words) == prose.describe(other, words)
    ]

    assert silent == []
    assert len(leaves()) > 100
