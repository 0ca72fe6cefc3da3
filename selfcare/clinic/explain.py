"""What an alert means, in the catalogue's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import formats
from django.utils.translation import gettext

from selfcare.clinic import wording
from selfcare.diary.models import Entry
from selfcare.triage import catalogue
from selfcare.triage.alerts import UNASSESSED
from selfcare.triage.because import Ground, Kind, Step, grounds, number
from selfcare.triage.models import Alert, Tier, urgency
from selfcare.triage.timeline import is_number

# An answer that takes longer than this to arrive was kept on a phone without a network: say so in words.
LATE_AFTER = timedelta(minutes=15)
# Of answers that went to and fro, this many are named; all of them stand under the evidence.
STEPS_NAMED = 3


@dataclass(frozen=True, slots=True)
class Explanation:
    """A rule as a clinician reads it."""

    title: str
    sentence: str
    sources: tuple[tuple[str, str], ...]


def explain(alert: Alert) -> Explanation:
    """Return why the alert exists. A rule that the present catalogue no longer has is named by its reason word."""
    if alert.rule_id == UNASSESSED:
        return Explanation(
            title=gettext("Could not be assessed"),
            sentence=gettext("The rules could not judge these answers. Read them yourself."),
            sources=(),
        )
    try:
        rule = catalogue.current().rule(alert.rule_id)
    except KeyError:
        words = alert.reason.replace("_", " ").capitalize()
        return Explanation(title=words, sentence=gettext("%(reason)s.") % {"reason": words}, sources=())
    return Explanation(title=rule.title, sentence=rule.clinician_sentence or rule.title, sources=_sources(rule.sources))


def _sources(ids: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return (id, title) of each citation."""
    known = catalogue.current().sources
    return tuple((each, known[each]["title"] if each in known else "") for each in ids)


def because(alert: Alert) -> str:
    """Return one sentence with the values and days that made the rule fire, the rule and its catalogue.

    Empty for the alert that says that no rule could judge.
    """
    if alert.rule_id == UNASSESSED:
        return ""
    return sentence(alert.rule_id, alert.inputs, as_of=alert.as_of, version=alert.catalogue_version)


def sentence(rule_id: str, inputs: Mapping[str, Any], *, as_of: date, version: str) -> str:
    """Return why a rule fired: "Leg weakness rose from 1 (12 Mar) to 2 (14 Mar): RF-NEU-03, catalogue 0.1.0."."""
    found = grounds(inputs, lists=catalogue.current().vocabulary.lists)
    rule = [rule_id] if any(ground.last.last_on for ground in found) else [rule_id, _day(as_of, as_of.year)]
    if version:
        rule.append(gettext("catalogue %(version)s") % {"version": version})
    said = in_words(inputs, as_of=as_of) or gettext("No single answer led to this")
    return f"{said}: {', '.join(rule)}."


def in_words(inputs: Mapping[str, Any], *, as_of: date) -> str:
    """Return what a finding rests on, as a clause without a full stop; empty for what rests on no single answer."""
    found = grounds(inputs, lists=catalogue.current().vocabulary.lists)
    clauses = [_clause(ground, year=as_of.year) for ground in found]
    said = "; ".join([*clauses[:1], *map(_uncapitalised, clauses[1:])])
    return said[:1].upper() + said[1:]


def _clause(ground: Ground, *, year: int) -> str:
    label = _label(ground)
    if ground.went:
        rose = gettext("%(label)s rose from %(then)s to %(now)s")
        fell = gettext("%(label)s fell from %(then)s to %(now)s")
        then, now = (f"{number(step.value)}{_on(step, year)}" for step in (ground.first, ground.last))
        return (rose if ground.last.value > ground.first.value else fell) % {"label": label, "then": then, "now": now}
    if ground.varies:
        both = {"label": label, "one": number(ground.first.value), "other": number(ground.last.value)}
        return gettext("%(label)s %(one)s and %(other)s") % both + _on(ground.last, year)
    if all(step.value is True for step in ground.steps):
        return f"{label}{_on(ground.last, year)}"
    steps = ground.steps[-STEPS_NAMED:]
    said = [f"{_value(ground, step.value)}{_on(step, year)}" for step in steps]
    return f"{label} {gettext(', then ').join(said)}"


def _label(ground: Ground) -> str:
    if ground.kind == Kind.FACT and ground.name in {rule.id for rule in catalogue.current().rules}:
        return catalogue.current().rule(ground.name).title
    # The range of a scale, such as "(0 to 10)", belongs to a table.
    known = wording.HISTORY.get(ground.name) if ground.kind == Kind.BASELINE else None
    label = str(known or wording.label_of(ground.name)).partition(" (")[0]
    if ground.kind == Kind.AVERAGE:
        return gettext("Mean of %(label)s") % {"label": _uncapitalised(label.partition(",")[0])}
    if ground.kind == Kind.BEFORE:
        return gettext("Earlier mean of %(label)s") % {"label": _uncapitalised(label.partition(",")[0])}
    return label


def _value(ground: Ground, value: Any) -> str:
    if is_number(value):
        return number(value)
    if ground.kind == Kind.FACT and isinstance(value, str) and _is_date(value):
        return _day(date.fromisoformat(value), None)
    return wording.value_of(ground.name, value).replace("_", " ")


def _on(step: Step, year: int) -> str:
    if step.last_on is None:
        return ""
    words = {"n": step.days, "day": _day(step.last_on, year)}
    return gettext(" (on %(n)d days, last %(day)s)") % words if step.days > 1 else f" ({words['day']})"


def _day(on: date, year: int | None) -> str:
    return formats.date_format(on, "j M" if on.year == year or year is None else "j M Y")


def _is_date(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _uncapitalised(words: str) -> str:
    """Return the words with a small first letter, unless they begin with an abbreviation."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def is_late(alert: Alert) -> bool:
    """Return whether the report reached the server long after the patient made it."""
    return alert.opened_at - alert.reported_at > LATE_AFTER


def told_patient(alert: Alert, entry: Entry | None) -> str:
    """Return what the app tells the patient: what the phone showed, and what the server added where it found more."""
    now = wording.told(alert.tier)
    if entry is None:
        return gettext("In the app: %(words)s") % {"words": now}
    shown = entry.shown_tier
    if shown not in Tier.values:
        return gettext("What the phone showed is not known. In the app it now says: %(words)s") % {"words": now}
    if urgency(shown) <= urgency(alert.tier):
        return wording.told(shown)
    words = {"shown": wording.told(shown), "more": now}
    return gettext("The phone said: %(shown)s The server found more. In the app it now says: %(more)s") % words
