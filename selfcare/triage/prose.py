"""PURE: a condition of the catalogue as a clinician reads it.

Every operator has its words here; a test fails for one without, and for a number that the words leave out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from selfcare.triage.judge import Condition

DECIDES = "the first day with enough entries"
ACRONYMS = {"ces": "CES", "axspa": "axSpA", "uti": "UTI", "hla": "HLA", "id": "ID"}


@dataclass(frozen=True, slots=True)
class Phrase:
    """One line in words, with the lines that stand below it; ``definition`` is the shared condition that it names."""

    text: str
    parts: tuple[Phrase, ...] = ()
    definition: str = ""

    def in_one_line(self) -> str:
        """Return the phrase with everything below it as one line."""
        below = "; ".join(part.in_one_line() for part in self.parts)
        return f"{self.text} ({below})" if below else self.text


@dataclass(frozen=True, slots=True)
class Words:
    """What whoever reads calls an observation, something known of the patient, a value and a shared condition."""

    label: Callable[[str], str]
    known: Callable[[str], str]
    value: Callable[[str, Any], str]
    title: Callable[[str], str]
    definitions: Mapping[str, Condition]


def plain_words(definitions: Mapping[str, Condition]) -> Words:
    """Return words that are the catalogue's own names, for a terminal."""
    return Words(spoken, spoken, lambda _, value: str(value).replace("_", " "), spoken, definitions)


def spoken(name: str) -> str:
    """Return a name of the catalogue as words."""
    return " ".join(ACRONYMS.get(word, word) for word in name.split("_"))


def describe(condition: Condition, words: Words) -> Phrase:
    """Return a condition in words. An operator that has none yet is shown as it is written."""
    for name, subject in condition.items():
        told = TOLD.get(name)
        if told is not None:
            return told(subject, condition, words)
    return Phrase(f"(not yet in words: {dict(condition)})")


# --- Putting conditions together --------------------------------------------------------------------------------------


def _all(conditions: Sequence[Condition], _: Condition, words: Words) -> Phrase:
    return _list("all of these hold", "all", conditions, words)


def _any(conditions: Sequence[Condition], _: Condition, words: Words) -> Phrase:
    return _list("any of these holds", "any", conditions, words)


def _list(text: str, operator: str, conditions: Sequence[Condition], words: Words) -> Phrase:
    parts = tuple(describe(condition, words) for condition in _flat(operator, conditions))
    return parts[0] if len(parts) == 1 else Phrase(f"{text}:", parts)


def _flat(operator: str, conditions: Sequence[Condition]) -> Iterator[Condition]:
    for condition in conditions:
        if operator in condition:
            yield from _flat(operator, condition[operator])
        else:
            yield condition


def _not(condition: Condition, _: Condition, words: Words) -> Phrase:
    if condition.get("is") is True and "baseline" in condition:
        return Phrase(f"not known: {words.known(condition['baseline'])}")
    inner = describe(condition, words)
    if "any" in condition and inner.parts:
        return Phrase("none of these holds:", inner.parts)
    return Phrase(f"not so: {inner.text}", inner.parts, inner.definition)


def _use(name: str, _: Condition, words: Words) -> Phrase:
    meaning = describe(words.definitions[name], words)
    return Phrase(words.title(name), definition=name) if meaning.parts else meaning


def _count(conditions: Sequence[Condition], condition: Condition, words: Words) -> Phrase:
    parts = tuple(describe(inner, words) for inner in conditions)
    return Phrase(f"{_number(condition)} of these hold:", parts)


def _some_entry(inner: Condition, _: Condition, words: Words) -> Phrase:
    return _below("in one and the same entry of the day", inner, words)


def _entries(inner: Condition, condition: Condition, words: Words) -> Phrase:
    counted = "on {} or more days" if condition.get("unit") == "days" else "in {} or more entries"
    return _below(f"{counted.format(condition['times'])} {_within(condition['days'])}", inner, words)


def _below(text: str, inner: Condition, words: Words) -> Phrase:
    phrase = describe(inner, words)
    if phrase.parts:
        return Phrase(f"{text}, {phrase.text}", phrase.parts)
    return Phrase(f"{text}: {phrase.text}", definition=phrase.definition)


# --- Reading answers --------------------------------------------------------------------------------------------------


def _answer(name: str, condition: Condition, words: Words) -> Phrase:
    return Phrase(f"{words.label(name)}: {_compared(name, condition, words)}")


def _every(name: str, condition: Condition, words: Words) -> Phrase:
    return Phrase(f"{words.label(name)}: answered, and every answer of the day is {_compared(name, condition, words)}")


def _baseline(name: str, condition: Condition, words: Words) -> Phrase:
    if condition.get("is") is True:
        return Phrase(f"known: {words.known(name)}")
    return Phrase(f"{words.known(name)}: {_compared(name, condition, words)}")


def _later_date(name: str, _: Condition, words: Words) -> Phrase:
    return Phrase(f"{words.known(name)} a later day")


def _first(name: str, _: Condition, words: Words) -> Phrase:
    return Phrase(f"{words.label(name)}: answered for the first time in this diary")


def _earlier(name: str, condition: Condition, words: Words) -> Phrase:
    when = _within(condition.get("days", [0, None]))
    return Phrase(f"{words.label(name)}: in an earlier entry {when}, {_compared(name, condition, words)}")


def _previous(name: str, condition: Condition, words: Words) -> Phrase:
    when = _within(condition.get("days", [0, None]))
    return Phrase(f"{words.label(name)}: at the answer before, given {when}, {_compared(name, condition, words)}")


def _latest(name: str, condition: Condition, words: Words) -> Phrase:
    since = (
        f", given from day {condition.get('from_day')} {_of(condition['on_clock'])}" if "on_clock" in condition else ""
    )
    when = f", given {_within(condition['days'])}" if "days" in condition else ""
    return Phrase(f"{words.label(name)}: the latest answer is {_compared(name, condition, words)}{since}{when}")


# --- Comparing answers over time --------------------------------------------------------------------------------------


def _rise(name: str, condition: Condition, words: Words) -> Phrase:
    start = f", from below {condition['from_below']:g}" if "from_below" in condition else ""
    against = _against(condition)
    return Phrase(f"{words.label(name)}: higher by {condition['by']:g} or more than {against}{start}")


def _fall(name: str, condition: Condition, words: Words) -> Phrase:
    return Phrase(f"{words.label(name)}: lower by {condition['percent']}% or more than {_against(condition)}")


def _against(condition: Condition) -> str:
    last = "; after a longer silence, than the last answer before it" if condition.get("or_last_answer") else ""
    return f"an answer {_within(condition['days'])}{last}"


def _above_first(name: str, _: Condition, words: Words) -> Phrase:
    return Phrase(f"{words.label(name)}: higher than the first answer in this diary")


def _rose(name: str, condition: Condition, words: Words) -> Phrase:
    over = ", and above the first answer in this diary" if condition.get("over_first_answer") else ""
    return Phrase(f"{words.label(name)}: rose to {condition['to']:g} or more {_within(condition['days'])}{over}")


def _switches(name: str, condition: Condition, words: Words) -> Phrase:
    sides = " and ".join(words.value(name, value) for value in condition["between"])
    times, when = condition["times"], _within(condition["days"])
    return Phrase(f"{words.label(name)}: changed between {sides} {times} or more times {when}")


def _mean_fall(name: str, condition: Condition, words: Words) -> Phrase:
    floor = f", which was {condition['against_at_least']:g} or more" if "against_at_least" in condition else ""
    return Phrase(
        f"{words.label(name)}: mean {_within(condition['days'])} {condition['percent']}% or more below "
        f"the mean {_within(condition['against'])}{floor}"
    )


def _mean_rise(name: str, condition: Condition, words: Words) -> Phrase:
    return Phrase(
        f"{words.label(name)}: mean {_within(condition['days'])} {condition['by']:g} or more above "
        f"the mean {_within(condition['against'])}"
    )


def _against_mean(name: str, condition: Condition, words: Words) -> Phrase:
    more = f"{_number(condition)} points above the mean {_within(condition['days'])}"
    return Phrase(f"{words.label(name)}: {more}{_answers(condition)}")


def _answers(condition: Condition) -> str:
    return f", with {condition['answers']} or more answers" if "answers" in condition else ""


# --- Time and course --------------------------------------------------------------------------------------------------


def _clock(name: str, condition: Condition, _: Words) -> Phrase:
    return Phrase(f"day {_number(condition)} {_of(name)}")


def _first_entry(_name: str, _: Condition, _words: Words) -> Phrase:
    return Phrase("the diary begins with this entry")


def _joined_on_day(_name: str, condition: Condition, _: Words) -> Phrase:
    return Phrase(f"the diary began {_number(condition)} days after the onset")


def _silence(_name: str, condition: Condition, _: Words) -> Phrase:
    return Phrase(f"{_number(condition)} days without an entry")


def _level(_name: str, condition: Condition, words: Words) -> Phrase:
    of = words.label(condition["of"]) if "of" in condition else "the worse region"
    return Phrase(f"pain level (the week's mean of {of}): {_number(condition)}")


def _status(statuses: Sequence[str], _: Condition, words: Words) -> Phrase:
    return Phrase(f"course: {_statuses(statuses, words)}")


def _checkpoint(name: str, condition: Condition, words: Words) -> Phrase:
    return Phrase(f"{_slots(name, condition)}, {DECIDES} has the course {_statuses(condition['statuses'], words)}")


def _checkpoint_level(name: str, condition: Condition, _: Words) -> Phrase:
    return Phrase(f"{_slots(name, condition)}, {DECIDES} has the pain level {_number(condition)}")


def _slot(name: str, condition: Condition, _: Words) -> Phrase:
    return Phrase(f"{_slots(name, condition)}")


def _slots(name: str, condition: Condition) -> str:
    days = " and ".join(f"{day}" for day in condition["at"])
    every = f", then every {condition['then_every']} days" if "then_every" in condition else ""
    until = f", until day {condition['until']}" if "until" in condition else ""
    return f"at the check of day {days} {_of(name)}{every}{until}"


def _of(clock: str) -> str:
    return "after the onset" if clock == "onset" else f"on the {spoken(clock)} clock"


def _statuses(statuses: Sequence[str], words: Words) -> str:
    return _or([words.value("status", status) for status in statuses])


def _findings(tier: str, condition: Condition, words: Words) -> Phrase:
    groups = _or(list(condition["groups"]))
    return Phrase(
        f"findings of the tier “{words.value('tier', tier)}” {_within(condition['days'])}, from "
        f"{condition['times']} or more different groups of {groups}"
    )


# --- Comparisons and windows ------------------------------------------------------------------------------------------


def _compared(name: str, condition: Condition, words: Words) -> str:
    told = []
    if "is" in condition:
        told.append("yes" if condition["is"] else "no")
    for key, start in (("in", ""), ("includes", "among others "), ("only", "nothing but ")):
        if key in condition:
            told.append(start + _or([words.value(name, value) for value in condition[key]]))
    number = _number(condition)
    return ", ".join([*told, number] if number else told)


def _number(condition: Condition) -> str:
    if "at_least" in condition and condition.get("at_least") == condition.get("at_most"):
        return f"exactly {condition['at_least']:g}"
    told = {
        "at_least": "{:g} or more",
        "at_most": "{:g} or less",
        "above": "more than {:g}",
        "below": "less than {:g}",
    }
    return " and ".join(told[key].format(condition[key]) for key in told if key in condition)


def _or(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}" if len(words) > 1 else "".join(words)


def _within(days: Sequence[int | None]) -> str:
    nearest, farthest = days
    if farthest is None:
        return "at any time" if not nearest else f"{_days(nearest)} ago or earlier"
    if farthest == 0:
        return "on this day"
    if nearest == farthest:
        return f"{_days(farthest)} ago"
    if nearest:
        return f"{nearest} to {_days(farthest)} ago"
    # Whole weeks are said as such; of any other window it must be plain that the day itself counts too.
    return f"in the last {farthest + 1} days" if farthest % 7 == 6 else f"today or up to {_days(farthest)} ago"


def _days(number: int) -> str:
    return f"{number} day" if number == 1 else f"{number} days"


TOLD: Mapping[str, Callable[[Any, Condition, Words], Phrase]] = {
    "all": _all,
    "any": _any,
    "not": _not,
    "use": _use,
    "count": _count,
    "some_entry": _some_entry,
    "entries": _entries,
    "answer": _answer,
    "every": _every,
    "baseline": _baseline,
    "later_date": _later_date,
    "first": _first,
    "earlier": _earlier,
    "previous": _previous,
    "latest": _latest,
    "rise": _rise,
    "fall": _fall,
    "above_first": _above_first,
    "rose": _rose,
    "switches": _switches,
    "mean_fall": _mean_fall,
    "mean_rise": _mean_rise,
    "against_mean": _against_mean,
    "clock": _clock,
    "first_entry": _first_entry,
    "joined_on_day": _joined_on_day,
    "silence": _silence,
    "level": _level,
    "status": _status,
    "checkpoint": _checkpoint,
    "checkpoint_level": _checkpoint_level,
    "slot": _slot,
    "findings": _findings,
}
