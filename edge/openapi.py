"""Words for writing down what the API takes and gives, where no serializer exists that could say it."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

Shape = dict[str, Any]

STRING: Shape = {"type": "string"}
BOOLEAN: Shape = {"type": "boolean"}
INTEGER: Shape = {"type": "integer"}
ID: Shape = {"type": "string", "format": "uuid"}
DAY: Shape = {"type": "string", "format": "date"}
INSTANT: Shape = {"type": "string", "format": "date-time"}
ANY_OBJECT: Shape = {"type": "object", "additionalProperties": True}
FIELDS: Shape = {"type": "object", "additionalProperties": STRING}


def thing(*, optional: tuple[str, ...] = (), **fields: Shape) -> Shape:
    """Return an object with these fields and no others; those in ``optional`` may be left out."""
    required = [name for name in fields if name not in optional]
    shape: Shape = {"type": "object", "properties": fields, "additionalProperties": False}
    return shape | {"required": required} if required else shape


def one_of(*values: str) -> Shape:
    """Return one of these words."""
    return {"type": "string", "enum": list(values)}


def or_null(shape: Shape) -> Shape:
    """Return the shape, or null."""
    return {**shape, "nullable": True}


def list_of(shape: Shape, **limits: int) -> Shape:
    """Return a list."""
    return {"type": "array", "items": shape, **limits}


SAID_WRONG = thing(detail=STRING, fields=FIELDS, optional=("fields",))

_REASONS = {
    400: "Something does not fit. The sentences say what.",
    403: "Not signed in, or not allowed.",
    404: "There is nothing here for you.",
    409: "Something else was there first.",
    411: "The length of the body was not given.",
    413: "The body is too long.",
    415: "The body is not JSON.",
    429: "Too many at once. Wait before you try again.",
    503: "Busy. Keep what you have and try again after the time in Retry-After.",
}
READING = (403, 404, 503)
WRITING = (400, 403, 411, 413, 415, 503)


def answers(good: dict[int, Shape], *, refusals: tuple[int, ...]) -> dict[int, OpenApiResponse]:
    """Return the answers of a route: the good ones with their shapes, and how it refuses."""
    return {status: OpenApiResponse(shape, description="") for status, shape in good.items()} | {
        status: OpenApiResponse(SAID_WRONG, description=_REASONS[status]) for status in sorted(refusals)
    }


# On a phone that several people use, somebody else may have signed in since the body was written.
PERSON = OpenApiParameter(
    "X-Person",
    ID,
    OpenApiParameter.HEADER,
    description="Whose body this is. 403 when somebody else is signed in: keep it for its person. May be left out.",
)


def asked(name: str, shape: Shape, description: str) -> OpenApiParameter:
    """Return a query parameter."""
    return OpenApiParameter(name, shape, OpenApiParameter.QUERY, description=description)
