"""Which texts of the exercise catalogue patients read, and the catalogue in another language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from edge.languages import Say, every_text

if TYPE_CHECKING:
    from exercises.catalogue import Catalogue, Exercise

LOCALE = Path(__file__).parent / "locale"


def in_words(content: Catalogue, say: Say) -> Catalogue:
    """Return the catalogue with each text that patients read put through ``say``.

    What stops an exercise or the programme is safety wording.
    """
    stop = partial(say, place="stop card", safety=True)
    return replace(
        content,
        exercises={name: _exercise(each, say) for name, each in content.exercises.items()},
        plans={
            name: replace(plan, name=say(plan.name, place=place), patient=say(plan.patient, place=place))
            for name, plan in content.plans.items()
            for place in (f"plan {name}",)
        },
        stop_card=every_text(content.stop_card, stop),
        hurts=every_text(content.hurts, stop),
        rests=_for_patients("rests", content.rests, say),
        pauses=tuple(
            replace(pause, patient=say(pause.patient, place="rests", safety=True)) for pause in content.pauses
        ),
        filters=tuple(
            replace(one, patient=say(one.patient, place=f"filter {one.id}", safety=True)) for one in content.filters
        ),
        reasons=_for_patients("reasons of doses", content.reasons, say),
    )


def poses_in_words(poses: Mapping[str, Any], say: Say) -> dict[str, Any]:
    """Return the poses with what the drawings show put through ``say``, for who cannot see them."""
    return {
        name: {
            phase: {**figure, "title": say(figure["title"], place=place), "desc": say(figure["desc"], place=place)}
            for phase, figure in phases.items()
        }
        for name, phases in poses.items()
        for place in (f"drawings of {name}",)
    }


def _exercise(exercise: Exercise, say: Say) -> Exercise:
    put = partial(say, place=f"exercise {exercise.id}")
    return replace(
        exercise,
        name=put(exercise.name),
        tempo_words=tuple(map(put, exercise.tempo_words)),
        levels=tuple(replace(level, patient=put(level.patient) if level.patient else "") for level in exercise.levels),
        patient=every_text(exercise.patient, put),
        adapt=every_text(exercise.adapt, put),
    )


def _for_patients(what: str, section: Mapping[str, Mapping[str, str]], say: Say) -> dict[str, dict[str, str]]:
    return {
        name: {**words, "patient": say(words["patient"], place=what, safety=True)}
        if "patient" in words
        else dict(words)
        for name, words in section.items()
    }
