"""How the API reads and writes bodies: bounded, typed, and refused with a sentence that names the field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec
from django.http import HttpRequest, HttpResponse
from rest_framework import status as http

from edge.errors import LOOK_AGAIN, Refused

T = TypeVar("T")
SINGLE_LIMIT = 64 * 1024
BATCH_LIMIT = 1024 * 1024

_PATH = re.compile(r" - at `\$((?:\[\d+\])?(?:\.(?P<name>\w+))?)[^`]*`$")
_NAMED = re.compile(r"(?:unknown|required) field `(?P<name>[^`]*)`")


def read(request: Any, shape: type[T], *, limit: int = SINGLE_LIMIT, words: Mapping[str, str] | None = None) -> T:
    """Return the JSON body of a request as ``shape``.

    ``words`` holds the sentence to say when a field of that name is not as it should be. Raises Refused: 411 without a
    length, 413 over ``limit`` bytes (decided by the stated length, so that nothing is read), 415 for anything but JSON,
    400 for everything else.
    """
    django_request: HttpRequest = getattr(request, "_request", request)
    return decode(_bytes_of(django_request, limit=limit), shape, words=words)


def decode(raw: bytes | msgspec.Raw, shape: type[T], *, words: Mapping[str, str] | None = None) -> T:
    """Return JSON as ``shape``, or raise Refused with a sentence."""
    try:
        return msgspec.json.decode(raw, type=shape)
    except msgspec.ValidationError as error:
        raise as_refused(error, words=words) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Refused("Send the answers as JSON.") from None


def reply(content: object, *, status: int = 200) -> HttpResponse:
    """Return an answer that carries health data: JSON that no cache keeps."""
    response = HttpResponse(msgspec.json.encode(content), status=status, content_type="application/json")
    response["Cache-Control"] = "no-store"
    return response


def as_refused(error: msgspec.ValidationError, *, words: Mapping[str, str] | None = None) -> Refused:
    """Return what to tell about a value of the wrong shape, naming the field where one can be named."""
    said = str(error)
    named, path = _NAMED.search(said), _PATH.search(said)
    name = named["name"] if named else path["name"] if path else None
    if not name:
        return Refused("Send the answers as one JSON object.")
    if "unknown field" in said:
        return Refused(LOOK_AGAIN, fields={name: "This field is not known. Leave it out."})
    if "required field" in said:
        return Refused(LOOK_AGAIN, fields={name: (words or {}).get(name, "This field is missing. Send it too.")})
    return Refused(LOOK_AGAIN, fields={name: (words or {}).get(name, "Send this field as the API document says.")})


def _bytes_of(request: HttpRequest, *, limit: int) -> bytes:
    too_long = Refused(
        f"That is too long. Send at most {limit // 1024} KB at a time.",
        status_code=http.HTTP_413_REQUEST_ENTITY_TOO_LARGE,
    )
    if request.content_type != "application/json":
        raise Refused(
            "Send the answers as JSON, with the content type application/json.",
            status_code=http.HTTP_415_UNSUPPORTED_MEDIA_TYPE,
        )
    length = request.META.get("CONTENT_LENGTH") or ""
    if not length.isdecimal():
        raise Refused("Say how long the body is (Content-Length).", status_code=http.HTTP_411_LENGTH_REQUIRED)
    if int(length) > limit:
        raise too_long
    # read(), not .body: one byte more than allowed is enough to know, whatever the stated length.
    raw = request.read(limit + 1)
    if len(raw) > limit:
        raise too_long
    return raw
