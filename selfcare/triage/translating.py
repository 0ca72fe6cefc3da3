"""Which texts of the clinical catalogue patients read, and the catalogue in another language.

Rules, names and numbers have no language. Patients read everything here, some of it in an emergency: all but the
Learn cards and the patterns is safety wording (docs/decisions/0012-languages.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from edge.languages import Say, every_text

if TYPE_CHECKING:
    from selfcare.triage.catalogue import Catalogue

LOCALE = Path(__file__).parent / "locale"
CARD = ("title", "do", "say", "why")
QUESTION = ("text", "why")
PATTERN = ("title", "looks_like", "sometimes", "questions")
LEARN = ("title", "summary", "plain", "detailed")
NOT_FOR_PATIENTS = ("needs", "clinician_note")


def in_words(content: Catalogue, say: Say) -> Catalogue:
    """Return the catalogue with each text that patients read put through ``say``."""

    def some(place: str, fields: Mapping[str, Any], names: tuple[str, ...], *, safety: bool = True) -> dict[str, Any]:
        put = partial(say, place=place, safety=safety)
        return {**fields, **{name: every_text(fields[name], put) for name in names}}

    def whole(place: str, fields: Mapping[str, Any]) -> Any:
        return every_text(fields, partial(say, place=place, safety=True))

    cards = content.follow_up["cards"]
    texts = {name: value for name, value in content.guide.texts.items() if name not in NOT_FOR_PATIENTS}
    return replace(
        content,
        questions={name: some(f"question {name}", each, QUESTION) for name, each in content.questions.items()},
        answer_sets={name: whole(f"answers {name}", each) for name, each in content.answer_sets.items()},
        advices={name: some(f"advice {name}", each, CARD) for name, each in content.advices.items()},
        follow_up={
            **content.follow_up,
            "cards": {name: some(f"follow-up {name}", each, CARD) for name, each in cards.items()},
        },
        call=say(content.call, place="advice", safety=True),
        rules=tuple(
            replace(rule, patient_sentence=say(rule.patient_sentence, place=f"rule {rule.id}", safety=True))
            for rule in content.rules
        ),
        spoken=whole("said back", content.spoken),
        regions={name: _region(name, each, say) for name, each in content.regions.items()},
        guide=replace(
            content.guide,
            texts={**content.guide.texts, **whole("guide", texts)},
            specialists={
                name: whole(f"clinicians in {name}", each) for name, each in content.guide.specialists.items()
            },
            patterns={
                name: some(f"pattern {name}", each, PATTERN, safety=False)
                for name, each in content.guide.patterns.items()
            },
        ),
        learn={name: _learn(name, card, say) for name, card in content.learn.items()},
    )


def _region(name: str, region: Mapping[str, str], say: Say) -> dict[str, str]:
    """Return a region with its words put through ``say``; what is only a number is dialled as it stands."""
    place = f"region {name}"
    return {
        key: say(value, place=place, safety=True) if any(map(str.isalpha, value)) else value
        for key, value in region.items()
    }


def _learn(name: str, card: Mapping[str, Any], say: Say) -> dict[str, Any]:
    put = partial(say, place=f"learn {name}")
    asked = [{**one, "question": put(one["question"])} for one in card["related"]]
    return {**card, **{key: every_text(card[key], put) for key in LEARN}, "related": asked}
