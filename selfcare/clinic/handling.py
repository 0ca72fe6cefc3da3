"""What a clinician does with the alerts of one thread. Each step is the triage room's; here they are done together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from selfcare.clinic import thread
from selfcare.clinic.desk import Desk
from selfcare.triage import alerts, escalation
from selfcare.triage.models import Alert
from selfcare.triage.moving import AlertConflict


class HandlingRefused(Exception):
    """The step is not possible; ``args[0]`` is the sentence for the person."""


def chosen(alert: Alert, posted: Sequence[str]) -> list[Alert]:
    """Return the posted alerts of this thread, the most urgent first; anything else that was posted is left out.

    A page posts the alerts it showed. One that came later stays as it is, so that it still escalates.
    """
    return [each for each in thread.siblings(alert) if str(each.id) in set(posted)]


def take(desk: Desk, wanted: Sequence[Alert]) -> list[str]:
    """Acknowledge each alert and return a sentence for each that somebody else had already taken."""
    return _each(wanted, lambda alert_id: alerts.acknowledge(alert_id, by=desk.clinician, now=desk.now))


def release(desk: Desk, wanted: Sequence[Alert]) -> list[str]:
    """Give each alert back, so that another can take it; return a sentence for each where that was not possible."""
    return _each(wanted, lambda alert_id: alerts.release(alert_id, by=desk.clinician, now=desk.now))


def record(desk: Desk, wanted: Sequence[Alert], *, note: str, contact: bool) -> list[str]:
    """Write what was done on each alert and return a sentence for each where that was not possible.

    ``contact``: somebody has reached the patient.
    """
    by, now = desk.clinician, desk.now
    return _each(wanted, lambda each: alerts.record_action(each, by=by, note=note, contact=contact, now=now))


def escalate(desk: Desk, wanted: Sequence[Alert]) -> list[str]:
    """Tell the next level of the rota at once and return a sentence for each alert where that was not possible."""
    return _each(wanted, lambda alert_id: escalation.escalate(alert_id, by=desk.clinician, now=desk.now))


def undo_close(desk: Desk, wanted: Sequence[Alert]) -> list[str]:
    """Open each alert again and return a sentence for each that must stay closed."""
    return _each(wanted, lambda alert_id: alerts.undo_close(alert_id, by=desk.clinician, now=desk.now))


def close(desk: Desk, alert: Alert, wanted: Sequence[Alert], *, outcome: str, note: str, token: int) -> None:
    """Close all the alerts or none of them; raises HandlingRefused with the sentence.

    ``token`` is what the page had seen (``thread.token_of``): whoever decides must have seen the last thing that
    happened, or a report that came in between would be closed unread.
    """
    with transaction.atomic():
        if thread.token_of(thread.siblings(alert)) != token:
            raise HandlingRefused(
                gettext("Something happened since you opened this page. Read what is new below, then close it.")
            )
        for each in wanted:
            try:
                alerts.close(each.id, by=desk.clinician, outcome=outcome, note=note, now=desk.now)
            except AlertConflict as conflict:
                raise HandlingRefused(str(conflict)) from conflict


def _each(wanted: Sequence[Alert], step: Callable[[UUID], object]) -> list[str]:
    if not wanted:
        return [gettext("Nothing was chosen. Load the page again.")]
    sentences = []
    for alert in wanted:
        try:
            step(alert.id)
        except AlertConflict as conflict:
            sentences.append(str(conflict))
    return list(dict.fromkeys(sentences))
