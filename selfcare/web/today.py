"""What the patient's front page shows: one thing to do now, and what is still open."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from datetime import date, datetime, timedelta
from typing import Any

from notifications import reminders
from notifications.models import Reminder
from selfcare.correspondence import conversations
from selfcare.diary import pace
from selfcare.diary.models import Entry
from selfcare.diary.pace import EVERY_DAYS, Choice
from selfcare.triage import catalogue, rules
from selfcare.web import course_words, diary_month, follow_up, plan_weeks, programme, week_ring
from selfcare.web import draft as drafts
from selfcare.web.patients import Patient
from selfcare.web.week_ring import Ring

GAP_DAYS = 2


def page(
    patient: Patient, *, session: MutableMapping[str, Any], region: Mapping[str, Any], now: datetime
) -> dict[str, Any]:
    """Return what the template of Today needs."""
    assert patient.episode is not None
    newest = Entry.objects.standing().filter(patient=patient.user).order_by("-occurred_on", "-recorded_at").first()
    begins = diary_month.begin_of_week(patient.today)
    days = _checked_in(patient, since=begins - timedelta(days=GAP_DAYS + 1))
    reminder = Reminder.objects.filter(user=patient.user).first()
    clock = plan_weeks.clock_of(patient)
    done = patient.today in days
    draft = drafts.load(session)
    question = follow_up.question(patient, region, now=now)
    exercises = programme.card(patient.user, now=now)
    choice = pace.chosen(patient.episode, began_on=clock.began_on)
    joined_on = patient.profile.local_date(patient.episode.started_at)
    return {
        "patient": patient,
        "first": newest is None,
        "done": done,
        "newest": newest if newest and newest.occurred_on == patient.today else None,
        "draft": draft,
        "gap": newest is not None and (patient.today - newest.occurred_on).days > GAP_DAYS,
        "ring": _ring(patient, days, reminder, choice, begins=begins),
        "stopped": course_words.shown()["pace"]["chosen"]["stopped"] if choice == Choice.STOPPED else "",
        "ended": course_words.shown()["after"][:1] if not choice and clock.finished(joined_on) else None,
        "week_number": None if clock.ended else clock.week,
        "last_week": plan_weeks.LAST,
        "question": question,
        "review": plan_weeks.open_review(patient),
        "information": _information(patient),
        "exercises": exercises,
        "hour_after": exercises["state"] != "locked" and programme.hour_after_is_due(patient.user, now=now),
        # One thing to do now: what is urgent, then the check-in, then the exercises.
        "now": "question" if question else "exercises" if done and not draft else "check_in",
        "needs_goal": not patient.profile.goal,
        "needs_reminder": reminder is None,
        "yesterday": _yesterday(patient, days, first=newest is None, now=now),
        "unread": conversations.unread_count(patient.user.pk),
        "slower": _slower(patient, reminder),
        "pace": reminder.every_days if reminder else None,
    }


def _yesterday(patient: Patient, days: set[date], *, first: bool, now: datetime) -> bool:
    """Return whether to offer the day before: it is missing, the diary had begun, and it is not noon yet."""
    yesterday = patient.today - timedelta(days=1)
    begun = patient.episode is not None and patient.profile.local_date(patient.episode.started_at) <= yesterday
    return begun and not first and yesterday not in days and drafts.may_fill_in_yesterday(patient, now=now)


def _ring(patient: Patient, days: set[date], reminder: Reminder | None, choice: str, *, begins: date) -> Ring:
    since = week_ring.since(patient.today, days, begins=begins, gap=GAP_DAYS)
    planned, every_days = week_ring.EVERY_DAY, EVERY_DAYS.get(Choice(choice), 1) if choice else 1
    if reminder is not None and reminder.enabled:
        planned, every_days = reminder.days, reminder.every_days
        since = max(since, reminder.paused_until or since)
    # A diary that is stopped has no plan.
    most = -(-week_ring.DAYS_A_WEEK // every_days) if every_days else 0
    return week_ring.ring(patient.today, days, begins=begins, days=planned, most=most, since=since)


def _slower(patient: Patient, reminder: Reminder | None) -> int | None:
    """Return the slower pace of reminders to offer today, or None."""
    since = patient.profile.onboarded_at
    if reminder is None or since is None:
        return None
    return reminders.slower_pace(reminder, days_so_far=(patient.today - patient.profile.local_date(since)).days)


def _checked_in(patient: Patient, *, since: date) -> set[date]:
    """Return the days on which safety questions were answered: a review alone is no check-in."""
    # A phone east of home may already be in tomorrow.
    entries = Entry.objects.standing().filter(patient=patient.user).between(since, patient.today + timedelta(days=1))
    needs = catalogue.current().guide.texts["needs"]
    answered = entries.values_list("occurred_on", "observations")
    return {on for on, observations in answered if any(name in observations for name in needs)}


def _information(patient: Patient) -> list[dict[str, Any]]:
    """Return the cards of what may be told without any urgency, such as what else can help after 4 weeks."""
    if patient.history is None:
        return []
    content = catalogue.shown()
    found = rules.inform(content, patient.history, as_of=patient.today)
    # What only asks something is asked by the check-in.
    told = [finding for finding in found if not content.rule(finding.rule_id).asks]
    return [content.card(finding.advice, patient.profile.country) for finding in told]
