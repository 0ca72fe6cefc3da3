"""The diary's routes as the OpenAPI document shows them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample

from edge.openapi import (
    ANY_OBJECT,
    BOOLEAN,
    DAY,
    FIELDS,
    ID,
    INSTANT,
    INTEGER,
    PERSON,
    READING,
    STRING,
    WRITING,
    answers,
    asked,
    list_of,
    one_of,
    or_null,
    thing,
)
from selfcare.triage.models import TIERS

TIER = one_of(*TIERS)
_OBSERVATIONS = ANY_OBJECT | {
    "description": "Names and values of the vocabulary in /api/v1/catalogue. A name left out was not answered."
}
_ENTRY_FIELDS = {
    "occurred_on": DAY | {"description": "The patient's local day that the answers are about."},
    "recorded_at": INSTANT | {"description": "When the phone says it was answered, with its offset."},
    "recorded_zone": STRING | {"maxLength": 64, "minLength": 1, "description": "The phone's zone: Europe/London."},
    "observations": _OBSERVATIONS,
    "app_version": STRING | {"maxLength": 40},
    "catalogue_version": STRING | {"maxLength": 40, "description": "What the phone evaluated."},
    "shown_tier": STRING | {"enum": ["", *TIERS], "description": "What the phone told the patient."},
}
_LEFT_OUT = ("app_version", "catalogue_version", "shown_tier")
ENTRY = thing(**_ENTRY_FIELDS, optional=_LEFT_OUT)
OUTCOME = thing(
    id=ID,
    received_at=INSTANT,
    occurred_on=DAY,
    clock_suspect=BOOLEAN | {"description": "The phone's clock or date was impossible; the server's date is used."},
    tier=or_null(TIER) | {"description": "null: nobody could assess it yet. That is never a sign that all is well."},
    findings=list_of(thing(rule=STRING, tier=TIER, advice=STRING)),
    alerts=list_of(STRING),
    catalogue_version=or_null(STRING),
)
STORED = thing(
    id=ID,
    occurred_on=DAY,
    recorded_at=INSTANT,
    recorded_zone=STRING,
    received_at=INSTANT,
    clock_suspect=BOOLEAN,
    app_version=STRING,
    catalogue_version=STRING,
    shown_tier=STRING,
    observations=_OBSERVATIONS,
    corrects=or_null(ID),
    entered_in_error_at=or_null(INSTANT),
)
PAGE = thing(entries=list_of(STORED), next=or_null(STRING))
RESULT = thing(
    id=or_null(STRING),
    status=INTEGER,
    code=one_of(
        "stored",
        "already_stored",
        "id_taken",
        "already_corrected",
        "unknown",
        "not_set_up",
        "refused",
        "busy",
        "failed",
    ),
    detail=STRING,
    fields=FIELDS,
    outcome=or_null(OUTCOME),
)
EPISODE_FIELDS = {
    "onset_on": DAY,
    "onset_estimated": BOOLEAN,
    "pain_side": one_of("", "left", "right", "both", "middle", "alternating"),
    "pain_site": one_of("", "low_back", "buttock", "thigh", "leg_below_knee", "groin", "mixed"),
    "regions": list_of(STRING, maxItems=60),
    "assessed_on": or_null(DAY),
}
EPISODE = thing(id=ID, **EPISODE_FIELDS, status=one_of("active", "ended"), started_at=INSTANT)

_EXAMPLE_ENTRY: dict[str, Any] = {
    "occurred_on": "2026-03-02",
    "recorded_at": "2026-03-02T18:30:00+00:00",
    "recorded_zone": "Europe/London",
    "app_version": "1",
    "catalogue_version": "clinical-0.1",
    "shown_tier": "none",
    "observations": {"pain_avg": 4, "bladder": "none", "saddle": "none", "weakness": 0},
}
_AN_ENTRY = [OpenApiExample("An ordinary evening", value=_EXAMPLE_ENTRY, request_only=True)]
_PAGING = [
    asked("limit", INTEGER | {"minimum": 1, "maximum": 100}, "How many entries; 30 without it."),
    asked("after", STRING, '"next" of the page before.'),
]
_TAG = ["Diary"]


def _json(shape: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": shape}


PUT_ENTRY: dict[str, Any] = {
    "operation_id": "entry_put",
    "tags": _TAG,
    "parameters": [PERSON],
    "request": _json(ENTRY),
    "responses": answers({201: OUTCOME, 200: OUTCOME}, refusals=(*WRITING, 409)),
    "examples": _AN_ENTRY,
}
GET_ENTRY: dict[str, Any] = {
    "operation_id": "entry_get",
    "tags": _TAG,
    "responses": answers({200: STORED}, refusals=READING),
}
PUT_CORRECTION: dict[str, Any] = {
    "operation_id": "entry_correct",
    "tags": _TAG,
    "parameters": [PERSON],
    "request": _json(ENTRY),
    "responses": answers({201: OUTCOME, 200: OUTCOME}, refusals=(*WRITING, 404, 409)),
    "examples": _AN_ENTRY,
}
POST_BATCH: dict[str, Any] = {
    "operation_id": "entries_batch",
    "tags": _TAG,
    "parameters": [PERSON],
    "request": _json(thing(entries=list_of(thing(id=ID, **_ENTRY_FIELDS, optional=_LEFT_OUT), maxItems=100))),
    "responses": answers({200: thing(results=list_of(RESULT))}, refusals=WRITING),
    "examples": [
        OpenApiExample(
            "One evening that was offline",
            value={"entries": [{"id": "8a6e0804-2bd0-4672-b79d-d97027f9071a", **_EXAMPLE_ENTRY}]},
            request_only=True,
        )
    ],
}
GET_ENTRIES: dict[str, Any] = {
    "operation_id": "entries_list",
    "tags": _TAG,
    "parameters": _PAGING,
    "responses": answers({200: PAGE}, refusals=(400, 403, 503)),
}
GET_PATIENT_ENTRIES: dict[str, Any] = {
    "operation_id": "patient_entries_list",
    "tags": _TAG,
    "parameters": _PAGING,
    "responses": answers({200: PAGE}, refusals=(400, *READING)),
}
GET_EPISODE: dict[str, Any] = {
    "operation_id": "episode_get",
    "tags": _TAG,
    "responses": answers({200: EPISODE}, refusals=READING),
}
PUT_EPISODE: dict[str, Any] = {
    "operation_id": "episode_put",
    "tags": _TAG,
    "request": _json(thing(**EPISODE_FIELDS, optional=tuple(EPISODE_FIELDS)[1:])),
    "responses": answers({200: EPISODE}, refusals=WRITING),
    "examples": [
        OpenApiExample(
            "Three weeks ago, left", value={"onset_on": "2026-02-09", "pain_side": "left"}, request_only=True
        )
    ],
}
