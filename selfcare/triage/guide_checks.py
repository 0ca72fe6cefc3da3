"""Checks the pattern guide, the names of clinicians and the phrases that answers are said back with."""

from __future__ import annotations

import string
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from edge.sheets import Sheet
from selfcare.triage.checking import ConditionChecker
from selfcare.triage.guide import Guide
from selfcare.triage.vocabulary import Term, Vocabulary

SECTIONS = {
    "patterns": dict,
    "guide": dict,
    "seeds": dict,
    "specialists": dict,
    "destination_people": dict,
    "spoken": dict,
}
PATTERN = {
    "title": str,
    "looks_like": list,
    "sometimes": str,
    "questions": list,
    "people": list,
    "then": list,
    "when": dict,
    "clinician": dict,
    "seeds": list,
    "sources": list,
    "evidence": dict,
}
CLINICIAN = {"name": str, "behaviour": str, "numbers": list}
TEXTS = {
    "needs": list,
    "title": str,
    "intro": list,
    "only_examination": str,
    "blocked": list,
    "not_judged": str,
    "unanswered": list,
    "nothing": str,
    "unsure": str,
    "changed": str,
    "clinician_note": str,
}
SPOKEN = {
    "because": str,
    "because_on": str,
    "because_today": str,
    "more": str,
    "average": str,
    "before": str,
    "days": str,
    "then": str,
    "and": str,
    "entry": dict,
    "baseline": dict,
    "facts": dict,
}
PLACEHOLDERS = {"because_on": {"on"}, "average": {"words"}, "before": {"words"}, "days": {"words", "n"}}
# How numbers are said back, and what may stand in each phrase.
LISTED = {"listed"}
NUMBERS: Mapping[str, Collection[str]] = {"was": {"n"}, "one": (), "went": {"then", "n"}}


def guide(parts: Mapping[str, Any], *, destinations: Iterable[str], checker: ConditionChecker) -> Guide:
    """Return the guide. Raises CatalogueError with file, line and the mend."""
    _check_specialists(parts["specialists"], parts["regions"], parts["fallback"])
    kinds = set(parts["specialists"][parts["fallback"]])
    _check_destinations(parts["destination_people"], destinations, kinds)
    _check_texts(parts["guide"], checker.vocabulary, kinds)
    for name, pattern in parts["patterns"].items():
        if not isinstance(pattern, Sheet):
            raise parts["patterns"].fault(f"{name!r} must hold keys.", name)
        _check_pattern(pattern, parts, kinds, checker)
    return Guide(
        patterns=parts["patterns"],
        texts=parts["guide"],
        seeds=parts["seeds"],
        specialists=parts["specialists"],
        destinations=parts["destination_people"],
        fallback_country=parts["fallback"],
    )


def _check_specialists(section: Sheet, regions: Sheet, fallback: str) -> None:
    for country in regions:
        if country not in section:
            raise section.fault(f"{country!r} of regions.yaml has no words for clinicians here. Add them.")
    for country, words in section.items():
        if country not in regions:
            raise section.fault(f"{country!r} is not in regions.yaml. Add it there, or take it out.", country)
        if not isinstance(words, Sheet):
            raise section.fault(f"{country!r} must hold a word for each kind of clinician.", country)
        words.fields(needs=dict.fromkeys(section[fallback], str))
        for kind, word in words.items():
            if not word.strip():
                raise words.fault(f"{kind!r} is empty. Write what people there call this clinician.", kind)


def _check_destinations(section: Sheet, destinations: Iterable[str], kinds: Iterable[str]) -> None:
    known = list(destinations)
    for name in section:
        if name not in known:
            raise section.fault(f"{name!r} is not in 'destinations'. Use one of: {', '.join(known)}.", name)
        _check_kinds(section, name, kinds)


def _check_kinds(sheet: Sheet, key: str, kinds: Iterable[str]) -> None:
    if not isinstance(sheet[key], list):
        raise sheet.fault(f"{key!r} must list kinds of clinicians.", key)
    sheet.one_of(key, sorted(kinds))


def _check_texts(section: Sheet, vocabulary: Vocabulary, kinds: Iterable[str]) -> None:
    section.fields(needs=TEXTS)
    section.one_of("needs", vocabulary.entry)
    _check_phrase(section, "unsure", section["unsure"], kinds)


def _check_pattern(pattern: Sheet, parts: Mapping[str, Any], kinds: Iterable[str], checker: ConditionChecker) -> None:
    pattern.fields(needs=PATTERN)
    pattern["clinician"].fields(needs=CLINICIAN)
    for key in ("people", "then"):
        _check_kinds(pattern, key, kinds)
    if not pattern["people"]:
        raise pattern.fault("'people' is empty. Name whom to see first.", "people")
    checker.check(pattern["when"], parent=pattern, key="when")
    pattern.one_of("seeds", parts["seeds"])
    pattern.one_of("sources", parts["sources"])
    if not pattern["seeds"] and not pattern["sources"]:
        raise pattern.fault("Neither 'seeds' nor 'sources' names anything. Cite at least one.", "sources")
    cited = {*pattern["seeds"], *pattern["sources"]}
    for each in pattern["clinician"]["numbers"]:
        if not isinstance(each, Sheet):
            raise pattern["clinician"].fault("'numbers' must be a list of {text, from}.", "numbers")
        each.fields(needs={"text": str, "from": list})
        each.one_of("from", sorted(cited))


def check_spoken(section: Sheet, vocabulary: Vocabulary) -> None:
    """Raise unless every phrase is about an answer that can be given, and holds the placeholders it needs."""
    section.fields(needs=SPOKEN)
    for key, allowed in PLACEHOLDERS.items():
        _check_phrase(section, key, section[key], allowed)
    for part, terms in (("entry", vocabulary.entry), ("baseline", vocabulary.baseline)):
        for name, phrases in section[part].items():
            if name not in terms:
                raise section[part].fault(f"{name!r} is not in the vocabulary. Mend the name.", name)
            if not isinstance(phrases, Sheet):
                raise section[part].fault(f"{name!r} must hold a phrase for each value.", name)
            _check_phrases(phrases, terms[name])


def _check_phrases(phrases: Sheet, term: Term) -> None:
    if term.kind in ("integer", "number"):
        phrases.fields(needs={}, takes=dict.fromkeys(NUMBERS, str))
        for key, phrase in phrases.items():
            _check_phrase(phrases, key, phrase, NUMBERS[key])
        return
    values = ("true", "false") if term.kind == "boolean" else (*term.values, *(LISTED if term.kind == "list" else ()))
    phrases.fields(needs={}, takes=dict.fromkeys(values, str))
    for key in LISTED & set(phrases):
        _check_phrase(phrases, key, phrases[key], {"words"})


def _check_phrase(sheet: Sheet, key: str, phrase: str, allowed: Iterable[str]) -> None:
    for _, placeholder, _, _ in string.Formatter().parse(phrase):
        if placeholder is not None and placeholder not in set(allowed):
            raise sheet.fault(f"{{{placeholder}}} is not known here. Use: {', '.join(sorted(allowed))}.", key)
