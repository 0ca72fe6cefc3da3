"""Who looked at or changed what. Ids only: an audit row never carries health data or a name."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from selfcare.accounts.models import AuditEvent


def record(
    action: str,
    *,
    actor_id: UUID | None,
    now: datetime,
    patient_id: UUID | None = None,
    clinic_id: UUID | None = None,
    object_id: object = "",
) -> AuditEvent:
    """Return the added row. Call it inside the transaction of what it tells about, so that neither exists alone."""
    return AuditEvent.objects.create(
        action=action,
        actor_id=actor_id,
        at=now,
        patient_id=patient_id,
        clinic_id=clinic_id,
        object_id=str(object_id),
    )


def seen_since(patient_id: UUID, *, since: datetime) -> bool:
    """Return whether somebody else has looked at the patient's diary since an instant."""
    seen = AuditEvent.objects.filter(patient_id=patient_id, at__gte=since, action="diary.viewed")
    return seen.exclude(actor_id=patient_id).exists()
