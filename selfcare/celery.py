"""The Celery application and the one visible list of what time triggers.

Beat only ticks. What is due is a row with a due column, so a lost or doubled tick does no harm.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any

from celery import Celery
from celery.schedules import schedule

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "selfcare.settings")

app = Celery("selfcare")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

_STARTED_AT, _STARTED = datetime.now(UTC), monotonic()


def steady_now() -> datetime:
    """Return the time since the start of this process as a date that setting the machine's clock does not move.

    With Celery's own clock, beat falls silent for two hours when the clock is set back by two hours.
    """
    return _STARTED_AT + timedelta(seconds=monotonic() - _STARTED)


def tick(task: str, *, every: float) -> dict[str, Any]:
    """Return the beat entry of a task. A tick that nobody took within two periods is worthless and expires."""
    return {"task": task, "schedule": schedule(every, nowfun=steady_now), "options": {"expires": 2 * every}}


app.conf.beat_schedule = {
    "record-beat": tick("notifications.tasks.record_beat", every=10),
    "sweep-outbox": tick("notifications.tasks.sweep_outbox", every=10),
    "enqueue-due-reminders": tick("notifications.tasks.enqueue_due_reminders", every=30),
    "look-at-due-programmes": tick("exercises.tasks.look_at_due_programmes", every=60),
    "assess-due-episodes": tick("selfcare.diary.tasks.assess_due_episodes", every=60),
    # Before escalating: what was left alone escalates at once.
    "release-left-alone": tick("selfcare.triage.tasks.release_left_alone", every=30),
    "escalate-unacknowledged": tick("selfcare.triage.tasks.escalate_unacknowledged", every=30),
    "adopt-catalogue": tick("selfcare.diary.tasks.adopt_catalogue", every=60),
    "watch-catalogue": tick("selfcare.triage.tasks.watch_catalogue", every=600),
    "ask-whether-seen": tick("selfcare.triage.tasks.ask_whether_seen", every=30),
    "delete-due": tick("selfcare.records.tasks.delete_due", every=3600),
    "notice-silence": tick("selfcare.triage.tasks.notice_silence", every=30),
    "tell-of-messages": tick("selfcare.correspondence.tasks.tell_of_messages", every=60),
    "remind-of-unanswered": tick("selfcare.correspondence.tasks.remind_of_unanswered", every=60),
}
