"""Why the app says what it says, in the patient's words: the answers behind a finding, with their days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.utils import formats
from django.utils.translation import gettext

from selfcare.triage import because, catalogue
from selfcare.triage.because import Speech
from selfcare.triage.models import Tier


def sentence(rule_id: str, inputs: Mapping[str, Any], *, today: date) -> str:
    """Return one sentence on why a rule fired; empty for a rule that the present catalogue no longer has."""
    content = catalogue.shown()
    try:
        rule = content.rule(rule_id)
    except KeyError:
        return ""
    return because.for_patient(inputs, speech_for(today), otherwise=rule.patient_sentence)


@dataclass(frozen=True, slots=True)
class Advised:
    """One piece of advice that an entry led to, why, and who can help."""

    title: str
    reasons: list[str]
    people: list[str]


def advised(findings: Iterable[Mapping[str, Any]], *, country: str, today: date) -> list[Advised]:
    """Return what stored findings advised, the most urgent first; findings with the same advice stand together.

    Whoever has to go to hospital is not sent to anybody else: only the most urgent advice names people.
    """
    content = catalogue.shown()
    found: dict[str, Advised] = {}
    first = ""
    for finding in findings:
        if finding["tier"] == Tier.NONE or finding["advice"] not in content.advices:
            continue
        first = first or finding["tier"]
        title = content.card(finding["advice"], country)["title"]
        one = found.setdefault(title, Advised(title, [], []))
        because_of = sentence(finding["rule"], finding["inputs"], today=today)
        if because_of and because_of not in one.reasons:
            one.reasons.append(because_of)
        helpers = people(finding["rule"], finding["tier"], country=country) if finding["tier"] == first else []
        one.people.extend(who for who in helpers if who not in one.people)
    return list(found.values())


def speech_for(today: date) -> Speech:
    """Return how things are said back on a day."""
    content = catalogue.shown()
    return Speech(content.spoken, today, partial(day_in_words, today=today), content.vocabulary.lists)


def people(rule_id: str, tier: str, *, country: str) -> list[str]:
    """Return whom the branch of a rule means, in the words of a country; nobody where the card names a place."""
    content = catalogue.shown()
    try:
        destination = content.rule(rule_id).branch(tier).destination
    except KeyError:
        return []
    return content.guide.people_at(destination, country)


def day_in_words(on: date, *, today: date) -> str:
    """Return a day as people say it: the weekday within the last six days, else the date."""
    days = (today - on).days
    if days == 0:
        return gettext("today")
    if 0 < days <= 6:
        return formats.date_format(on, "l")
    return formats.date_format(on, "MONTH_DAY_FORMAT" if on.year == today.year else "DATE_FORMAT")
