"""The history of doses: why each changed, and taking a change back."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from edge.errors import Refused
from exercises import catalogue as catalogues
from exercises import records, reviewing
from exercises.facts import About
from exercises.models import DoseChange, Practice, Programme

Kind = DoseChange.Kind
# What a clinician may take back. A person may take back a step up only: downwards is always theirs to choose.
BY_CLINICIAN = (Kind.UP, Kind.DOWN, Kind.REMOVED, Kind.STOPPED, Kind.PRESCRIBED)
BY_PATIENT = (Kind.UP,)


def why(change: DoseChange) -> dict[str, str]:
    """Return why a dose changed: one sentence for the patient and one for the clinician."""
    values = dict(change.values)
    key = values.pop("reason")
    return catalogues.shown().reason(key, exercise_id=change.practice.exercise, values=values)


def history(programme: Programme) -> list[DoseChange]:
    """Return every change of a programme, newest first."""
    rows = DoseChange.objects.filter(practice__programme=programme).select_related("practice", "undone_by")
    return list(rows.order_by("-at", "-id"))


def of(change_id: UUID) -> DoseChange | None:
    """Return a change with the programme that it belongs to, or None."""
    return DoseChange.objects.select_related("practice__programme__patient").filter(pk=change_id).first()


def undo(change: DoseChange, *, by: Any, about: About, now: datetime) -> DoseChange:
    """Return the change that takes another one back: the patient downwards, a clinician both ways.

    Twice gives the same change back. Raises Refused (409) for a change that cannot be taken back any more.
    """
    with transaction.atomic():
        practice = Practice.objects.select_for_update().get(pk=change.practice_id)
        patient = by.pk == change.practice.programme.patient_id
        earlier = DoseChange.objects.filter(undoes=change).first()
        if earlier is not None:
            return earlier
        if change.kind not in (BY_PATIENT if patient else BY_CLINICIAN):
            sentence = (
                _("Only your clinician can take this back. Ask them.")
                if patient
                else _("This change cannot be taken back. Change the programme instead.")
            )
            raise Refused(sentence, status_code=409)
        newest = practice.changes.order_by("-at", "-id").first()
        if newest is None or newest.pk != change.pk:
            raise Refused(_("Something has changed since then. Look at the newest change."), status_code=409)
        stood = records.standing(practice)
        records.put_back(practice, change.before)
        reason = "undone-by-patient" if patient else "undone-by-clinician"
        try:
            return reviewing.note(
                practice,
                kind=Kind.UNDONE,
                before=stood,
                on=about.as_of,
                now=now,
                reason=reason,
                by=by,
                undoes=change,
            )
        except IntegrityError:
            raise Refused(_("Somebody took this back a moment ago."), status_code=409) from None
