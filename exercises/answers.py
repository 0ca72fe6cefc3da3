"""The shapes of what the API takes, and what is told about one that does not fit."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from typing import Annotated, Any, Literal

import msgspec

from exercises.colours import HURTS, SPREADS
from exercises.doses import Dose
from exercises.mastery import WHY
from exercises.models import MasteryEvent, Session

Pain = Annotated[int, msgspec.Meta(ge=0, le=10)]
Count = Annotated[int, msgspec.Meta(ge=0, le=1000)]
Seconds = Annotated[int, msgspec.Meta(ge=0, le=24 * 3600)]
ExerciseId = Annotated[str, msgspec.Meta(min_length=1, max_length=8)]


class Strict(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A body that holds what is named and nothing else."""


class ResultBody(Strict, frozen=True, kw_only=True):
    """One exercise of a session. What is left out was not answered."""

    exercise: ExerciseId
    done: bool
    level: Annotated[int, msgspec.Meta(ge=1, le=3)] | None = None
    reps: Count | None = None
    hold_s: Seconds | None = None
    seconds: Seconds | None = None
    before: Pain | None = None
    during: Pain | None = None
    hour_after: Pain | None = None
    spread: Literal[("", *SPREADS)] = ""  # type: ignore[valid-type]
    tingling_min: Annotated[int, msgspec.Meta(ge=0, le=1440)] | None = None
    soreness_only: bool = False
    hurt: Literal[HURTS] = ""  # type: ignore[valid-type]
    new_signs: bool = False


class SessionBody(Strict, frozen=True, kw_only=True):
    """One session as a phone sends it."""

    occurred_on: date
    recorded_at: datetime
    recorded_zone: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    felt: Literal[tuple(Session.Felt.values)] = ""  # type: ignore[valid-type]
    results: Annotated[list[ResultBody], msgspec.Meta(min_length=1, max_length=20)]


class HourAfterBody(Strict, frozen=True, kw_only=True):
    """The pain an hour after a session."""

    pain: Pain


class MorningsBody(Strict, frozen=True, kw_only=True):
    """What a person says about the morning of a local day."""

    on: date
    pain: Pain | None = None
    settled: bool | None = None


class DoseBody(Strict, frozen=True, kw_only=True):
    """A dose that a clinician wrote down."""

    sets: Annotated[int, msgspec.Meta(ge=1, le=10)]
    reps: Annotated[int, msgspec.Meta(ge=1, le=50)]
    hold_s: Annotated[int, msgspec.Meta(ge=0, le=3600)] = 0
    times_a_day: Annotated[int, msgspec.Meta(ge=1, le=10)] = 1
    days_a_week: Annotated[int, msgspec.Meta(ge=1, le=7)] = 7

    def stored(self) -> dict[str, int]:
        """Return the dose as it is stored."""
        return Dose(**msgspec.structs.asdict(self)).stored()


class PrescriptionBody(Strict, frozen=True, kw_only=True):
    """One exercise as a clinician prescribes it. ``flare``: {"exercise": id} or {"level": n} on gentle days.

    ``overrides`` names the filters in spite of which it is prescribed, each with the reason in words.
    """

    exercise: ExerciseId
    days: Annotated[str, msgspec.Meta(pattern="^[1-7]{1,7}$")] = "1234567"
    level: Annotated[int, msgspec.Meta(ge=1, le=3)] = 1
    dose: DoseBody | None = None
    side: Literal["", "left", "right", "both"] = ""
    start_on: date | None = None
    flare: dict[Literal["exercise", "level"], Any] | None = None
    overrides: dict[str, Annotated[str, msgspec.Meta(pattern=r"\S", max_length=500)]] = {}


class DraftBody(Strict, frozen=True, kw_only=True):
    """What a draft is to hold: a list of exercises, or the name of a default plan."""

    exercises: Annotated[list[PrescriptionBody], msgspec.Meta(max_length=20)] = []
    pattern: Annotated[str, msgspec.Meta(max_length=24)] = ""


class MasteryBody(Strict, frozen=True, kw_only=True):
    """One step of the mastery gate."""

    event: Literal[tuple(MasteryEvent.Kind.values)]  # type: ignore[valid-type]
    checklist: Annotated[list[str], msgspec.Meta(max_length=20)] = []
    why: Literal[("", *WHY)] = ""  # type: ignore[valid-type]


class UnlockBody(Strict, frozen=True, kw_only=True):
    """Why a locked exercise may be opened."""

    irritability: Literal["low", "moderate", "high"]


WORDS = {
    "occurred_on": "Send the day of the session as a date, such as 2026-03-02.",
    "recorded_at": "Send the moment at which the session ended with its offset, such as 2026-03-02T18:30:00+00:00.",
    "recorded_zone": "Send the time zone of the phone, such as Europe/London.",
    "results": "Send the exercises of the session as a list of 1 to 20.",
    "felt": f"Send how it felt: one of {', '.join(filter(None, Session.Felt.values))}, or nothing.",
    "spread": f"Send where the pain moved: one of {', '.join(SPREADS)}, or nothing.",
    "hurt": f"Send what was done about pain: one of {', '.join(filter(None, HURTS))}, or nothing.",
    "on": "Send the day of the morning as a date, such as 2026-03-02.",
    "pain": "Enter a pain score from 0 to 10.",
    **dict.fromkeys(("before", "during", "hour_after"), "Enter a pain score from 0 to 10."),
    "settled": "Send true or false.",
    "event": f"Choose a step: one of {', '.join(MasteryEvent.Kind.values)}.",
    "days": "Write weekdays as numbers, Monday is 1, such as 135.",
    "level": "Choose level 1, 2 or 3.",
    "overrides": "Name each filter with the reason in words, at most 500 characters.",
    "why": f"Send why: one of {', '.join(WHY)}, or nothing.",
    "irritability": "Choose low, moderate or high.",
}


def digest(body: SessionBody) -> str:
    """Return the fingerprint that tells a repeated session from another one under the same id."""
    return hashlib.sha256(msgspec.json.encode(body, order="deterministic")).hexdigest()
