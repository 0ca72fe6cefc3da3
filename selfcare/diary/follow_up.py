"""The patient's answer to "Did you get seen?": kept on every alert it is about, and an examination by the episode."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from selfcare.diary import episodes
from selfcare.triage import follow_up
from selfcare.triage.follow_up import Answer
from selfcare.triage.models import AlertEvent


@transaction.atomic
def answer(patient: Any, alert_ids: Iterable[UUID], said: Answer, *, now: datetime) -> list[AlertEvent]:
    """Return the events that keep the answer, one for each alert: all of them, or none.

    Raises UnknownAlert for an alert of somebody else, AlertConflict with a sentence for an answer that does not fit.
    """
    events = [
        follow_up.patient_said(alert_id, patient_id=patient.pk, answer=said, now=now) for alert_id in sorted(alert_ids)
    ]
    if said.examined and said.seen_on is not None:
        episodes.examined(patient, on=said.seen_on, now=now)
    return events
