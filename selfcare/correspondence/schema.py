"""The routes of messages as the OpenAPI document shows them."""

from __future__ import annotations

from typing import Any

from edge.openapi import (
    ID,
    INSTANT,
    INTEGER,
    PERSON,
    READING,
    STRING,
    WRITING,
    answers,
    list_of,
    one_of,
    or_null,
    thing,
)
from selfcare.correspondence.models import LONGEST, Message

_FIELDS = {
    "text": STRING | {"minLength": 1, "maxLength": LONGEST},
    "kind": one_of(*Message.Kind.values),
    "clinic": or_null(ID) | {"description": "Which clinic. May be left out where there is one."},
}
MESSAGE = thing(
    id=ID,
    clinic=ID,
    side=one_of(*Message.Side.values),
    kind=one_of(*Message.Kind.values),
    text=STRING,
    sent_at=INSTANT,
    read_at=or_null(INSTANT) | {"description": "When the other side first had it on the screen."},
)
_TAGS = ["messages"]

GET_MESSAGES: dict[str, Any] = {
    "operation_id": "messages_list",
    "tags": _TAGS,
    "responses": answers({200: thing(messages=list_of(MESSAGE), unread=INTEGER)}, refusals=READING),
}
PUT_MESSAGE: dict[str, Any] = {
    "operation_id": "message_send",
    "tags": _TAGS,
    "parameters": [PERSON],
    "request": {"application/json": thing(**_FIELDS, optional=("kind", "clinic"))},
    "responses": answers({200: MESSAGE, 201: MESSAGE}, refusals=(*WRITING, 404, 409, 429)),
}
PUT_READ: dict[str, Any] = {
    "operation_id": "message_read",
    "tags": _TAGS,
    "request": None,
    "responses": answers({200: MESSAGE}, refusals=READING),
}
