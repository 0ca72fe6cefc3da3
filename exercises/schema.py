"""The programme's routes as the OpenAPI document shows them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample

from edge.openapi import (
    ANY_OBJECT,
    BOOLEAN,
    DAY,
    ID,
    INSTANT,
    INTEGER,
    READING,
    STRING,
    WRITING,
    answers,
    list_of,
    one_of,
    or_null,
    thing,
)
from exercises.colours import COLOURS, HURTS, SPREADS
from exercises.mastery import BY_CLINICIAN, WHY
from exercises.models import DoseChange, Practice, Programme, Session

PAIN = INTEGER | {"minimum": 0, "maximum": 10}
EXERCISE = STRING | {"minLength": 1, "maxLength": 8, "description": "An id such as EX-04."}
_DOSE_FIELDS = {
    "sets": INTEGER | {"minimum": 1},
    "reps": INTEGER | {"minimum": 1},
    "hold_s": INTEGER | {"minimum": 0},
    "times_a_day": INTEGER | {"minimum": 1},
    "days_a_week": INTEGER | {"minimum": 1, "maximum": 7},
}
DOSE = thing(**_DOSE_FIELDS)
DOSE_WANTED = thing(**_DOSE_FIELDS, optional=("hold_s", "times_a_day", "days_a_week"))
LEVEL = INTEGER | {"minimum": 1, "maximum": 3}
SIDE = one_of("", "left", "right", "both")
DAYS = STRING | {"pattern": "^[1-7]{1,7}$", "description": "ISO weekdays, Monday is 1."}
FLARE = or_null(thing(exercise=EXERCISE, level=LEVEL, optional=("exercise", "level")))

_RESULT_FIELDS = {
    "exercise": EXERCISE,
    "done": BOOLEAN,
    "level": or_null(LEVEL),
    "reps": or_null(INTEGER),
    "hold_s": or_null(INTEGER),
    "seconds": or_null(INTEGER),
    "before": or_null(PAIN),
    "during": or_null(PAIN) | {"description": "The worst pain during it."},
    "hour_after": or_null(PAIN),
    "spread": one_of("", *SPREADS),
    "tingling_min": or_null(INTEGER),
    "soreness_only": BOOLEAN,
    "hurt": one_of(*HURTS),
    "new_signs": BOOLEAN | {"description": "New numbness or weakness, or another safety item: stops the programme."},
}
_SESSION_FIELDS = {
    "occurred_on": DAY | {"description": "The patient's local day."},
    "recorded_at": INSTANT,
    "recorded_zone": STRING | {"minLength": 1, "maxLength": 64},
    "felt": one_of(*Session.Felt.values),
}
SESSION = thing(
    **_SESSION_FIELDS,
    results=list_of(thing(**_RESULT_FIELDS, optional=tuple(_RESULT_FIELDS)[2:]), minItems=1, maxItems=20),
    optional=("felt",),
)
STORED_SESSION = thing(
    id=ID, **_SESSION_FIELDS, received_at=INSTANT, clock_suspect=BOOLEAN, results=list_of(thing(**_RESULT_FIELDS))
)
_STANDING = ANY_OBJECT | {"description": "{level, dose, status, rest_until_on}"}
_CHANGE_FIELDS = {
    "id": ID,
    "exercise": EXERCISE,
    "kind": one_of(*DoseChange.Kind.values),
    "at": INSTANT,
    "on": DAY,
    "before": _STANDING,
    "after": _STANDING,
    "why": STRING | {"description": "One sentence for the patient."},
    "can_undo": BOOLEAN,
    "undoes": or_null(ID),
}
CHANGE = thing(**_CHANGE_FIELDS)
CLINICAL_CHANGE = thing(**_CHANGE_FIELDS, rule=STRING, clinical_why=STRING, for_clinician=BOOLEAN)
LOGGED = thing(
    id=ID,
    occurred_on=DAY,
    received_at=INSTANT,
    clock_suspect=BOOLEAN,
    stopped=BOOLEAN,
    says=list_of(STRING),
    changes=list_of(CHANGE),
    observations=ANY_OBJECT | {"description": "What the day's diary entry should carry, in the vocabulary's names."},
)
DAY_PLAN = thing(
    on=DAY,
    minutes=INTEGER,
    eased=BOOLEAN,
    rests=list_of(STRING),
    todo=list_of(
        thing(
            exercise=EXERCISE,
            level=LEVEL,
            dose=DOSE,
            side=SIDE,
            sides=INTEGER,
            seconds=INTEGER,
            note=STRING,
            adapted=list_of(STRING),
        )
    ),
    left_out=list_of(thing(exercise=EXERCISE, why=STRING, says=list_of(STRING))),
)
TODAY = thing(
    programme=or_null(ID),
    can_start=BOOLEAN,
    catalogue_version=STRING,
    days=list_of(DAY_PLAN),
    done=ANY_OBJECT | {"description": "How often each exercise was done today."},
    maintenance_offered=BOOLEAN,
    says=list_of(STRING),
)
_PRESCRIPTION_FIELDS = {
    "exercise": EXERCISE,
    "level": LEVEL,
    "dose": or_null(DOSE),
    "side": SIDE,
    "days": DAYS,
    "start_on": DAY,
    "flare": FLARE,
    "overrides": {
        "type": "object",
        "additionalProperties": STRING,
        "description": "The filters in spite of which it is prescribed, each with the reason.",
    },
}
VERSION = or_null(
    thing(
        number=INTEGER,
        pattern=STRING,
        published_at=or_null(INSTANT),
        exercises=list_of(thing(**_PRESCRIPTION_FIELDS)),
    )
)
_PROGRAMME_FIELDS = {
    "id": ID,
    "mode": one_of(*Programme.Mode.values),
    "started_on": DAY,
    "catalogue_version": STRING,
    "paused": list_of(STRING),
    "eased_until_on": or_null(DAY),
    "maintenance_offered": BOOLEAN,
    "published": VERSION,
    "practices": list_of(
        thing(
            exercise=EXERCISE,
            mastery=one_of(*Practice.Mastery.values),
            status=one_of(*Practice.Status.values),
            level=LEVEL,
            dose=DOSE,
            shown_by_clinician=BOOLEAN,
            unlocked=BOOLEAN,
            rest_until_on=or_null(DAY),
        )
    ),
    "sessions": ANY_OBJECT
    | {"description": f"Per exercise: sessions with their colour, one of {', '.join(COLOURS)}, oldest first."},
    "adherence": list_of(thing(exercise=EXERCISE, begins_on=DAY, planned=INTEGER, done=INTEGER)),
}
PROGRAMME = thing(**_PROGRAMME_FIELDS, changes=list_of(CHANGE))
CLINICAL_PROGRAMME = thing(
    **_PROGRAMME_FIELDS,
    changes=list_of(CLINICAL_CHANGE),
    draft=VERSION,
    difference=or_null(thing(added=list_of(STRING), removed=list_of(STRING), changed=ANY_OBJECT)),
)
DRAFT = thing(
    exercises=list_of(
        thing(
            **(_PRESCRIPTION_FIELDS | {"dose": or_null(DOSE_WANTED), "start_on": or_null(DAY)}),
            optional=tuple(_PRESCRIPTION_FIELDS)[1:],
        ),
        maxItems=20,
    ),
    pattern=STRING | {"maxLength": 24, "description": "A default plan, where no exercises are sent."},
    optional=("exercises", "pattern"),
)

_TAG = ["Exercises"]
_EXAMPLE_SESSION: dict[str, Any] = {
    "occurred_on": "2026-03-02",
    "recorded_at": "2026-03-02T18:30:00+00:00",
    "recorded_zone": "Europe/London",
    "felt": "fine",
    "results": [{"exercise": "EX-05", "done": True, "level": 1, "before": 3, "during": 2, "spread": "no_change"}],
}


def _json(shape: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": shape}


def _reads(operation_id: str, shape: dict[str, Any]) -> dict[str, Any]:
    return {"operation_id": operation_id, "tags": _TAG, "responses": answers({200: shape}, refusals=READING)}


def _does(
    operation_id: str,
    shape: dict[str, Any],
    *,
    request: dict[str, Any] | None = None,
    good: tuple[int, ...] = (200,),
    **more: Any,
) -> dict[str, Any]:
    refusals = (*WRITING, 404, 409) if request else (400, 403, 404, 409, 503)
    return {
        "operation_id": operation_id,
        "tags": _TAG,
        "request": _json(request) if request else None,
        "responses": answers(dict.fromkeys(good, shape), refusals=refusals),
        **more,
    }


GET_CATALOGUE = _reads("exercise_catalogue", ANY_OBJECT)
GET_TODAY = _reads("exercises_today", TODAY)
GET_PROGRAMME = _reads("programme_get", PROGRAMME)
POST_START = _does("programme_start", TODAY, good=(201,))
POST_PAUSE = _does("programme_pause", TODAY)
POST_RESUME = _does("programme_resume", TODAY)
POST_MAINTENANCE = _does("programme_maintenance", TODAY)
PUT_SESSION = _does(
    "exercise_session_put",
    LOGGED,
    request=SESSION,
    good=(201, 200),
    examples=[OpenApiExample("A quiet evening", value=_EXAMPLE_SESSION, request_only=True)],
)
GET_SESSION = _reads("exercise_session_get", STORED_SESSION)
PUT_HOUR_AFTER = _does("exercise_session_hour_after", thing(changes=list_of(CHANGE)), request=thing(pain=PAIN))
PUT_MORNING = _does(
    "exercise_morning_put",
    thing(changes=list_of(CHANGE)),
    request=thing(on=DAY, pain=or_null(PAIN), settled=or_null(BOOLEAN), optional=("pain", "settled")),
)
POST_UNDO = _does("dose_change_undo", CLINICAL_CHANGE | {"required": list(_CHANGE_FIELDS)})
GET_PATIENT_PROGRAMME = _reads("patient_programme_get", CLINICAL_PROGRAMME)
PUT_DRAFT = _does("programme_draft", CLINICAL_PROGRAMME, request=DRAFT)
POST_PUBLISH = _does("programme_publish", CLINICAL_PROGRAMME)
POST_END = _does("programme_end", CLINICAL_PROGRAMME)
POST_PATIENT_RESUME = _does("patient_programme_resume", CLINICAL_PROGRAMME)
POST_MASTERY = _does(
    "programme_mastery",
    CLINICAL_PROGRAMME,
    request=thing(
        event=one_of(*BY_CLINICIAN), checklist=list_of(STRING), why=one_of("", *WHY), optional=("checklist", "why")
    ),
)
POST_UNLOCK = _does(
    "programme_unlock", CLINICAL_PROGRAMME, request=thing(irritability=one_of("low", "moderate", "high"))
)
