"""What a diary entry says to the exercise programme: how the morning after was, and that a flare has begun."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction

from exercises import facts, programmes, sessions
from selfcare.diary.models import Entry

log = logging.getLogger(__name__)

# A flare that reaches us later than on the next day is over, or is told again.
FLARE_HOLDS = timedelta(days=1)


def pass_on(entry: Entry, *, now: datetime) -> None:
    """Tell the programme what an entry says about exercises. Its failure costs the dose its news, never the entry."""
    said = entry.observations
    if said.get("ex_next_morning") is None and said.get("flare") is not True:
        return
    try:
        # The savepoint is what keeps the entry when even a query fails.
        with transaction.atomic():
            _tell(entry, now=now)
    except Exception as error:
        # The type alone: the text of an error may hold an answer.
        log.error("The programme did not hear of entry %s: %s.", entry.pk, type(error).__name__)


def _tell(entry: Entry, *, now: datetime) -> None:
    said, about = entry.observations, facts.about(entry.patient, now=now)
    if said.get("flare") is True and about.as_of - entry.occurred_on <= FLARE_HOLDS:
        programmes.flare(entry.patient, on=about.as_of, now=now)
    if said.get("ex_next_morning") is not None:
        sessions.note_morning(entry.patient, on=entry.occurred_on, pain=said["ex_next_morning"], about=about, now=now)
