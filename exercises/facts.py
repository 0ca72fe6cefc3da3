"""What the programme must know about a person that other rooms hold: asked through one name in the settings.

The rooms above answer (``settings.EXERCISES_ABOUT``), because this one may not import them; so does the audit trail
(``settings.EXERCISES_AUDIT``), and so do those who judge warning signs (``settings.EXERCISES_WRONG_WAY``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.module_loading import import_string

# When the day before is looked at: shortly after midnight where the person lives.
LOOK_TIME = time(0, 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What is known of a person on their local date ``as_of``.

    ``facts`` carries the names of the catalogue's ``facts`` sheet; a missing one is not known. ``screen_clear``: a
    safety screen was answered and found nothing, recently enough to rely on. ``m7()`` is the seven-day mean of pain on
    each of the last 14 days, newest last, None where it is not known. ``side`` is the side of the pain.
    """

    as_of: date
    zone: ZoneInfo
    facts: Mapping[str, Any] = field(default_factory=dict)
    screen_clear: bool = False
    days_since_onset: int | None = None
    side: str = ""
    # Asked only where it is needed: it reads the whole diary.
    m7: Callable[[], Sequence[float | None]] = tuple

    def next_look_at(self) -> datetime:
        """Return when the programme is next looked at: after the end of the person's day."""
        return datetime.combine(self.as_of + timedelta(days=1), LOOK_TIME, tzinfo=self.zone)


def about(patient: Any, *, now: datetime) -> About:
    """Return what the rooms above know about a person."""
    answer: Callable[..., About] = import_string(settings.EXERCISES_ABOUT)
    return answer(patient, now=now)


def audited(action: str, *, actor_id: UUID, patient_id: UUID, now: datetime, object_id: object = "") -> None:
    """Write down that a clinician looked at or changed a programme. Call it inside the transaction it tells about."""
    record: Callable[..., Any] = import_string(settings.EXERCISES_AUDIT)
    record(action, actor_id=actor_id, patient_id=patient_id, object_id=object_id, now=now)


def wrong_way(patient_id: UUID, *, on: date, now: datetime) -> None:
    """Tell those who judge warning signs that pain moved further down the leg twice, last on the day ``on`` (DX-08)."""
    tell: Callable[..., Any] = import_string(settings.EXERCISES_WRONG_WAY)
    tell(patient_id, on=on, now=now)
