"""The reviews at week 4 and at weeks 6 to 8: asked for on their day, and once more three days later (ux.md 2.3)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from notifications import outbox
from notifications.models import Kind, Message
from selfcare.diary.models import Episode
from selfcare.triage import telling
from selfcare.triage.rules import History

# First and last day of each review, counted from the onset (clinical.md 2.2): R4 and the window W.
DAYS: Mapping[str, tuple[int, int]] = {"week-4": (28, 34), "week-6": (42, 56)}
AGAIN_AFTER = timedelta(days=3)


def ask(episode: Episode, history: History, *, began_on: date, day: date, now: datetime) -> None:
    """Owe the patient the message of a review that is open on a day and not answered: once, and once more later.

    A message that a rule owes on these days, such as the one-month check, counts as the first. Nothing is asked while
    something urgent is open, nor before the day for which a clinician has set the next review.
    """
    name = open_on(day, began_on=began_on)
    if name is None or (episode.next_review_on is not None and day < episode.next_review_on):
        return
    first = began_on + timedelta(days=DAYS[name][0])
    answered = any(first <= entry.on <= day and "review_step" in entry.values for entry in history.entries)
    if answered or telling.urgent_open(episode.patient_id):
        return
    zone = episode.patient.patient.zone()
    sent = Message.objects.filter(
        recipient_id=episode.patient_id,
        kind=Kind.REVIEW,
        created_at__gte=datetime.combine(first, time(0), tzinfo=zone),
    )
    causes = dict(sent.order_by("created_at", "id").values_list("cause", "created_at"))
    if len(causes) > 1 or any(day - at.astimezone(zone).date() < AGAIN_AFTER for at in causes.values()):
        return
    cause = f"review:{episode.pk}:{began_on}:{name}:{len(causes) + 1}"
    outbox.notify(episode.patient_id, cause=cause, kind=Kind.REVIEW, now=now)


def open_on(day: date, *, began_on: date) -> str | None:
    """Return the review that is open on a day, or None."""
    since = (day - began_on).days
    return next((name for name, (first, last) in DAYS.items() if first <= since <= last), None)
