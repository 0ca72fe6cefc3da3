"""The catalogue of exercises: read, checked and frozen.

The sheets lie in ``catalogue/*.yaml``. Loading refuses what nobody should rely on: unknown keys, names that do not
resolve, levels that do not climb, plans that break a rule of clinical.md 4, missing or unresolved citations.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from django.utils.translation import get_language  # type: ignore[import-untyped]

from edge.languages import SOURCE, Spoken
from edge.sheets import CatalogueError
from exercises import building, translating
from exercises.doses import Dose, Ladder, seconds
from exercises.filters import Filter, Pause
from exercises.progression import Numbers, Rules

__all__ = ["DIRECTORY", "Catalogue", "CatalogueError", "Exercise", "Level", "Plan", "current", "load", "shown"]

DIRECTORY = Path(__file__).parent / "catalogue"


@dataclass(frozen=True)
class Level:
    """One of the three doses of an exercise, with what is different in it, in the patient's and clinicians' words."""

    dose: Dose
    patient: str
    clinical: str
    only_if_closer: bool


@dataclass(frozen=True)
class Exercise:
    """One exercise, whole. ``patient`` and ``clinical`` hold its words: purpose, position, steps and so on."""

    id: str
    name: str
    clinical_name: str
    kind: str
    direction: str
    traits: frozenset[str]
    irritability: str
    sides: int
    tempo_s: tuple[int, ...]
    tempo_words: tuple[str, ...]
    rest_s: int
    hold_step_s: int
    whole_levels: bool
    every_other_day: bool
    equipment: tuple[str, ...]
    levels: tuple[Level, Level, Level]
    patient: Mapping[str, Any]
    clinical: Mapping[str, Any]
    adapt: Mapping[str, str]
    pair: str
    easier_exercise: str
    harder_exercise: str
    instead: str
    needs: Mapping[str, Any]
    locked: Mapping[str, Any]
    sources: tuple[str, ...]
    state: str

    @property
    def glide(self) -> bool:
        """Return whether it is a nerve glide: judged one colour stricter."""
        return self.kind == "glide"

    def ladder(self, *, most_level: int = 3, most_hold_s: int = 0) -> Ladder:
        """Return the doses it climbs on."""
        first, second, third = (level.dose for level in self.levels)
        return Ladder(
            levels=(first, second, third),
            whole_levels=self.whole_levels,
            most_level=most_level,
            hold_step_s=self.hold_step_s,
            most_hold_s=most_hold_s,
        )

    def seconds(self, dose: Dose, *, sides: int | None = None) -> int:
        """Return how long one go takes, in seconds."""
        return seconds(dose, tempo_s=self.tempo_s, rest_s=self.rest_s, sides=sides or self.sides)


@dataclass(frozen=True)
class Plan:
    """A default plan of a pattern: its exercises with their weekdays, in order."""

    id: str
    name: str
    clinical_name: str
    patient: str
    exercises: tuple[Mapping[str, str], ...]


@dataclass(frozen=True)
class Catalogue(Spoken):
    """One version of the exercises. Plain data inside; nothing changes it after loading."""

    IN_WORDS = staticmethod(translating.in_words)
    LOCALE = translating.LOCALE

    version: str
    title: str
    sign_off: Mapping[str, Any]
    published_on: date
    review_due_on: date
    expires_on: date
    most_a_day: int
    facts: Mapping[str, str]
    sources: Mapping[str, Mapping[str, Any]]
    filters: tuple[Filter, ...]
    pauses: tuple[Pause, ...]
    rests: Mapping[str, Mapping[str, str]]
    stop_card: Mapping[str, Any]
    hurts: Mapping[str, str]
    rules: Rules
    maintenance: Mapping[str, str]
    reasons: Mapping[str, Mapping[str, str]]
    exercises: Mapping[str, Exercise]
    starter: tuple[str, ...]
    plans: Mapping[str, Plan]
    language: str = SOURCE

    @property
    def numbers(self) -> Numbers:
        """Return the numbers of the dose rules."""
        return self.rules.numbers

    def exercise(self, exercise_id: str) -> Exercise:
        """Return an exercise. Raises KeyError for an id that this version does not have."""
        return self.exercises[exercise_id]

    @property
    def demonstration(self) -> bool:
        """Return whether something in here is not signed off yet."""
        states = {self.sign_off["state"], *(exercise.state for exercise in self.exercises.values())}
        return states != {"approved"}

    def reason(self, key: str, *, exercise_id: str, values: Mapping[str, Any]) -> dict[str, str]:
        """Return why a dose changed: one sentence for the patient and one for the clinician."""
        words, exercise = self.reasons[key], self.exercises[exercise_id]
        return {
            "patient": words["patient"].format_map({**values, "name": exercise.name}),
            "clinical": words["clinical"].format_map({**values, "name": exercise.clinical_name}),
        }

    @cached_property
    def phone(self) -> Mapping[str, Any]:
        """Return what a phone keeps to show and lead every exercise offline; nothing of a person is in it."""
        return {
            "version": self.version,
            "language": self.language,
            "demonstration": self.demonstration,
            "exercises": {exercise.id: _for_phone(exercise) for exercise in self.exercises.values()},
            "stop_card": _plain(self.stop_card),
            "hurts": _plain(self.hurts),
            "rests": _plain(self.rests),
        }

    @cached_property
    def etag(self) -> str:
        """Return the fingerprint of what the phone gets."""
        return hashlib.sha256(json.dumps(self.phone, sort_keys=True).encode()).hexdigest()[:32]


def _for_phone(exercise: Exercise) -> dict[str, Any]:
    return {
        "name": exercise.name,
        "kind": exercise.kind,
        "glide": exercise.glide,
        "sides": exercise.sides,
        "tempo_s": list(exercise.tempo_s),
        "tempo_words": list(exercise.tempo_words),
        "rest_s": exercise.rest_s,
        "equipment": list(exercise.equipment),
        "easier_exercise": exercise.easier_exercise,
        "harder_exercise": exercise.harder_exercise,
        "levels": [{**asdict(level.dose), "note": level.patient} for level in exercise.levels],
        **_plain(exercise.patient),
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value


def load(directory: Path = DIRECTORY, *, today: date | None = None) -> Catalogue:
    """Return the catalogue of a folder; with ``today``, refuse content that has expired.

    Raises CatalogueError with file, line and the mend.
    """
    parts = building.build(directory, today=today)
    exercises = {
        id_: Exercise(**{**fields, "levels": tuple(Level(**level) for level in fields["levels"])})
        for id_, fields in parts.pop("exercises").items()
    }
    plans = {id_: Plan(**fields) for id_, fields in parts.pop("plans").items()}
    return Catalogue(**parts, exercises=exercises, plans=plans)


@lru_cache(maxsize=1)
def current() -> Catalogue:
    """Return the catalogue that this process uses, read once. Expired content still serves."""
    return load()


def shown() -> Catalogue:
    """Return the catalogue in the language of the request, for pages and phones."""
    return current().spoken_in(get_language() or SOURCE)
