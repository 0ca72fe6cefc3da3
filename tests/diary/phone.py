"""What a phone sends: bodies of entries, and the requests that carry them."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, date, datetime, time
from typing import Any

from django.test import Client

TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 18, 30, tzinfo=UTC)
QUIET = {"pain_avg": 4, "bladder": "none", "bowel": "none", "saddle": "none", "both_legs": "none", "weakness": 0}
SADDLE = {**QUIET, "saddle": "new", "saddle_since_days": 0}


def body(*, on: date = TODAY, at: str | None = None, zone: str = "Europe/London", **changes: Any) -> dict[str, Any]:
    """Return the body of an entry with quiet answers; ``changes`` replace whole fields."""
    recorded_at = at or datetime.combine(on, time(18, 0), tzinfo=UTC).isoformat()
    return {
        "occurred_on": on.isoformat(),
        "recorded_at": recorded_at,
        "recorded_zone": zone,
        "observations": dict(QUIET),
        **changes,
    }


def answers(*, on: date = TODAY, **observations: Any) -> dict[str, Any]:
    """Return the body of an entry in which these answers differ from the quiet ones."""
    return body(on=on, observations={**QUIET, **observations})


def put(client: Client, content: Any, *, entry_id: uuid.UUID | None = None, **extra: Any) -> Any:
    """Return the answer to PUT of an entry; ``content`` may be bytes."""
    data = content if isinstance(content, bytes) else json.dumps(content)
    return client.put(f"/api/v1/entries/{entry_id or uuid.uuid4()}", data, content_type="application/json", **extra)


def post(client: Client, path: str, content: Any = None) -> Any:
    """Return the answer to POST of JSON to a path under /api/v1/."""
    return client.post(f"/api/v1/{path}", json.dumps(content or {}), content_type="application/json")
