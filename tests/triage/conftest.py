"""Ada reports, and triage makes of it what it makes."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from selfcare.accounts.models import User
from selfcare.triage import alerts
from selfcare.triage.models import Alert
from selfcare.triage.rules import Answers, History
from tests.diary.phone import NOW, SADDLE, TODAY

Report = Callable[..., Alert | None]


@pytest.fixture
def report(ada: User) -> Report:
    """Return a function that lets Ada report answers and returns the alert they led to."""
    told: list[Answers] = []

    def reporting(values: dict[str, Any], *, on: date = TODAY, now: datetime = NOW) -> Alert | None:
        entry_id = uuid.uuid4()
        told.append(Answers(id=str(entry_id), on=on, at=now, values=values))
        history = History(baseline={}, onset_on=date(2026, 2, 9), entries=tuple(told))
        assessment = alerts.assess(history, patient_id=ada.pk, entry_id=entry_id, as_of=on, reported_at=now, now=now)
        ids = [finding["alert"] for finding in assessment.findings if finding["alert"]]
        return Alert.objects.get(pk=ids[0]) if ids else None

    return reporting


@pytest.fixture
def emergency(report: Report) -> Alert:
    """Return the open alert of a new change of feeling in the saddle area."""
    alert = report(SADDLE)
    assert alert is not None
    return alert
