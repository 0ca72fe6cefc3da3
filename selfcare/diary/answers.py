"""The shape of a reported entry, and what is told about one that does not fit.

Shape and names are strict; time is not. A wrong clock or an unknown zone is never a reason to refuse, because a red
flag might be in the answers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any

import msgspec

from edge import bodies
from edge.errors import LOOK_AGAIN, Refused
from selfcare.triage.models import TIERS

Short = Annotated[str, msgspec.Meta(max_length=40)]


class EntryBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """One entry as a phone sends it."""

    occurred_on: date
    recorded_at: datetime
    recorded_zone: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    observations: dict[str, Any]
    app_version: Short = ""
    catalogue_version: Short = ""
    shown_tier: Annotated[str, msgspec.Meta(max_length=16)] = ""


class BatchItem(EntryBody, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """One entry of a batch: as a phone sends it, with its id."""

    id: Any = None

    def as_body(self) -> EntryBody:
        """Return the entry without its id."""
        return EntryBody(**{name: getattr(self, name) for name in EntryBody.__struct_fields__})


WORDS = {
    "occurred_on": "Send the day the answers are about as a date, such as 2026-03-02.",
    "recorded_at": "Send the moment of answering with its offset, such as 2026-03-02T18:30:00+00:00.",
    "recorded_zone": "Send the time zone of the phone, such as Europe/London.",
    "observations": "Send the answers as an object of names and values.",
    "app_version": "Send the version of the app in at most 40 characters.",
    "catalogue_version": "Send the version of the catalogue in at most 40 characters.",
    "shown_tier": f"Send what the patient was told: one of {', '.join(TIERS)}.",
    "entries": "Send the entries as a list.",
}


def as_body(body: EntryBody | Mapping[str, Any]) -> EntryBody:
    """Return the typed form of an entry that came as a mapping. Raises Refused with a sentence per field."""
    if isinstance(body, EntryBody):
        return body
    try:
        return msgspec.convert(dict(body), EntryBody)
    except msgspec.ValidationError as error:
        raise bodies.as_refused(error, words=WORDS) from None


def checked(body: EntryBody, vocabulary: Any) -> EntryBody:
    """Return the entry as it is stored: every name known, every value in range, without characters a database refuses.

    Raises Refused with a sentence for each field that needs mending.
    """
    wrong: dict[str, str] = {}
    if body.recorded_at.tzinfo is None:
        wrong["recorded_at"] = WORDS["recorded_at"]
    if body.shown_tier and body.shown_tier not in TIERS:
        wrong["shown_tier"] = WORDS["shown_tier"]
    observations: dict[str, Any] = {}
    for name, value in body.observations.items():
        said = vocabulary.fault(name, value)
        if said:
            wrong[name] = said
        observations[name] = value.replace("\x00", "") if isinstance(value, str) else value
    if wrong:
        raise Refused(LOOK_AGAIN, fields=wrong)
    return msgspec.structs.replace(
        body,
        observations=observations,
        recorded_zone=body.recorded_zone.replace("\x00", ""),
        app_version=body.app_version.replace("\x00", ""),
        catalogue_version=body.catalogue_version.replace("\x00", ""),
    )


def digest(body: EntryBody, *, corrects: object = None) -> str:
    """Return the fingerprint that tells a repeated entry from another one under the same id."""
    content = (corrects and str(corrects), body)
    return hashlib.sha256(msgspec.json.encode(content, order="deterministic")).hexdigest()
