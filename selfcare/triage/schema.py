"""The routes of alerts as the OpenAPI document shows them."""

from __future__ import annotations

from typing import Any

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
    asked,
    list_of,
    one_of,
    or_null,
    thing,
)
from selfcare.triage.models import TIERS, Alert, Said

_TAG = ["Alerts"]
_SAID = one_of(*Said.values)
_COMMON = {
    "id": ID,
    "mine": BOOLEAN,
    "rule": STRING,
    "tier": one_of(*TIERS),
    "status": one_of(*Alert.Status.values),
    "as_of": DAY,
    "opened_at": INSTANT,
    "said": or_null(_SAID),
    "assessed_at": or_null(INSTANT | {"description": "When the patient said that somebody had examined them."}),
    "next_follow_up_at": or_null(INSTANT | {"description": "When the patient is next asked whether they were seen."}),
}
OF_A_PATIENT = thing(**_COMMON, confirmed_at=or_null(INSTANT))
FOR_A_CLINICIAN = thing(
    **_COMMON,
    patient=ID,
    reason=STRING,
    reported_at=INSTANT,
    acknowledged_at=or_null(INSTANT),
    acknowledged_by=or_null(STRING),
    closed_at=or_null(INSTANT),
    outcome=or_null(one_of(*Alert.Outcome.values)),
    escalation_level=INTEGER,
    silent_since=or_null(INSTANT | {"description": "Nothing was heard: contact the patient."}),
    inputs=ANY_OBJECT,
)
_NOTE = STRING | {"maxLength": 4000}


def _change(operation_id: str, request: Any) -> dict[str, Any]:
    return {
        "operation_id": operation_id,
        "tags": _TAG,
        "request": {"application/json": request} if request else None,
        "responses": answers({200: FOR_A_CLINICIAN}, refusals=(*WRITING, 404, 409) if request else (*READING, 409)),
    }


GET_ALERTS: dict[str, Any] = {
    "operation_id": "alerts_list",
    "tags": _TAG,
    "parameters": [
        asked("status", one_of("open", "closed"), "open, which includes acknowledged, without it."),
        asked("after", STRING, '"next" of the page before.'),
    ],
    "responses": answers(
        {200: thing(alerts=list_of({"oneOf": [OF_A_PATIENT, FOR_A_CLINICIAN]}), next=or_null(STRING))},
        refusals=(400, 403, 503),
    ),
}
POST_ACKNOWLEDGE = _change("alert_acknowledge", None)
POST_RELEASE = _change("alert_release", None)
POST_ACTION = _change(
    "alert_record_action",
    thing(
        note=_NOTE | {"minLength": 1},
        contact=BOOLEAN | {"description": "Somebody has spoken with the patient, or seen them."},
        optional=("contact",),
    ),
)
POST_CLOSE = _change("alert_close", thing(outcome=one_of(*Alert.Outcome.values), note=_NOTE, optional=("note",)))
POST_REOPEN = _change("alert_reopen", None)
