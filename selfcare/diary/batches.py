"""Many entries in one request: each is stored or refused on its own."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import InterfaceError, OperationalError

from edge import bodies
from edge.errors import BUSY, LOOK_AGAIN, Refused
from selfcare.diary import answers, recording, replies
from selfcare.diary.refusals import WORDS, told

logger = logging.getLogger(__name__)

LARGEST = 100


class Batch(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Up to 100 entries as they came; each is looked at on its own."""

    entries: list[msgspec.Raw]


class _Id(msgspec.Struct, frozen=True):
    id: Any = None


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one entry of a batch: the same as for a single one, and a code for programs."""

    id: Any
    status: int
    code: str
    detail: str = ""
    fields: dict[str, str] = {}
    outcome: replies.Outcome | None = None


def record(patient: Any, batch: Batch, *, now: datetime) -> list[Result]:
    """Return one result per entry, in the order in which they came. Raises Refused for more than 100 entries."""
    if len(batch.entries) > LARGEST:
        raise Refused(LOOK_AGAIN, fields={"entries": f"Send at most {LARGEST} entries at a time."})
    return [_record(patient, raw, now=now) for raw in batch.entries]


def _record(patient: Any, raw: msgspec.Raw, *, now: datetime) -> Result:
    stated: Any = None
    try:
        stated = bodies.decode(raw, _Id).id
        entry_id = _uuid(stated)
        body = bodies.decode(raw, answers.BatchItem, words=answers.WORDS).as_body()
        recorded = recording.record_entry(patient, entry_id, body, now=now)
    except Refused as error:
        return Result(
            id=stated, status=error.status_code, code="refused", detail=str(error.detail), fields=error.fields
        )
    except tuple(WORDS) as error:
        status, code, sentence = told(error)
        return Result(id=stated, status=status, code=code, detail=sentence)
    except (OperationalError, InterfaceError):
        return Result(id=stated, status=503, code="busy", detail=BUSY)
    except Exception as error:
        logger.error("An entry of a batch could not be stored: %s.", type(error).__name__)
        return Result(id=stated, status=500, code="failed", detail=BUSY)
    return Result(
        id=stated,
        status=201 if recorded.created else 200,
        code="stored" if recorded.created else "already_stored",
        outcome=replies.outcome(recorded.entry, recorded.assessment),
    )


def _uuid(stated: Any) -> UUID:
    try:
        return UUID(stated)
    except (AttributeError, TypeError, ValueError):
        raise Refused(LOOK_AGAIN, fields={"id": "Send the id of the entry as a UUID."}) from None
