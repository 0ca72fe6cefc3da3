"""What the patient's front page shows: one thing to do now, and what is still open."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from datetime import date, datetime, timedelta
from typing import Any

from notifications.models import Reminder
from selfcare.diary.models import Entry
from selfcare.triage import catalogue, rules
from selfcare.web import draft as drafts
from selfcare.web import follow_up, plan_weeks, programme
from selfcare.web.patients import Patient

WEEKS = 8
GAP_DAYS = 2


def page(
    patient: Patient, *, session: MutableMapping[str, Any], region: Mapping[str, Any], now: datetime
) -> dict[str, Any]:
    """Return what the template of Today needs."""
    assert patient.episode is not None
    monday = patient.today - timedelta(days=patient.today.weekday())
    newest = Entry.objects.standing().filter(patient=patient.user).order_by("-occurred_on", "-id").first()
    days = _checked_in(patient, since=monday)
    week = (patient.today - patient.episode.began_on).days // 7 + 1
    return {
        "patient": patient,
        "first": newest is None,
        "done": patient.today in days,
        "draft": drafts.load(session),
        "gap": newest is not None and (patient.today - newest.occurred_on).days > GAP_DAYS,
        "week": [{"on": day, "done": day in days} for day in (monday + timedelta(days=n) for n in range(7))],
        "done_count": len(days),
        "week_number": week if week <= WEEKS else None,
        "question": follow_up.question(patient, region, now=now),
        "review": plan_weeks.open_review(patient),
        "information": _information(patient),
        "hour_after": programme.hour_after_is_due(patient.user, now=now),
        "needs_goal": not patient.profile.goal,
        "needs_reminder": not Reminder.objects.filter(user=patient.user).exists(),
    }


def _checked_in(patient: Patient, *, since: date) -> set[date]:
    """Return the days on which safety questions were answered: a review alone is no check-in."""
    entries = Entry.objects.standing().filter(patient=patient.user).between(since, patient.today)
    needs = catalogue.current().guide.texts["needs"]
    answered = entries.values_list("occurred_on", "observations")
    return {on for on, observations in answered if any(name in observations for name in needs)}


def _information(patient: Patient) -> list[dict[str, Any]]:
    """Return the cards of what may be told without any urgency, such as what else can help after 4 weeks."""
    if patient.history is None:
        return []
    content = catalogue.current()
    found = rules.inform(content, patient.history, as_of=patient.today)
    # What only asks something is asked by the check-in.
    told = [finding for finding in found if not content.rule(finding.rule_id).asks]
    return [content.card(finding.advice, patient.profile.country) for finding in told]
