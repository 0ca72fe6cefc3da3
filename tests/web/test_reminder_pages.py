"""Reminders in Settings: when, how often, by which way, a pause, and the answer to "Fewer reminders?"."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from notifications import reminders
from notifications.models import Kind, Reminder
from notifications.wording import WORDS
from selfcare.accounts.models import PatientProfile, User
from selfcare.diary.models import Episode
from selfcare.web import reminder_words
from tests import factories

pytestmark = pytest.mark.django_db

LONDON = ZoneInfo("Europe/London")
FORM = {"enabled": "on", "local_time": "19:30", "every_days": "1", "days": list("1234567"), "by_email": "on"}


@pytest.fixture
def own(client: Client, ada: User, episode: Episode) -> Client:
    """Return Ada's phone."""
    return factories.log_in(client, ada)


@pytest.fixture
def reminder(ada: User) -> Reminder:
    """Return Ada's reminder at half past seven, every day."""
    return reminders.set_reminder(ada.pk, local_time=time(19, 30), time_zone="Europe/London", now=timezone.now())


def text(response: Any) -> str:
    return str(response.content.decode())


def fresh(reminder: Reminder) -> Reminder:
    return Reminder.objects.get(pk=reminder.pk)


def on_the_tenth(**fields: Any) -> Reminder:
    """Return a reminder due on 10 March 2026 at half past seven in London."""
    due = datetime(2026, 3, 10, 19, 30, tzinfo=UTC)
    return Reminder(**{"local_time": time(19, 30), "time_zone": "Europe/London", "next_at": due} | fields)


# --- the form ---


def test_everything_that_was_chosen_is_kept(own: Client, ada: User) -> None:
    own.post("/settings/reminders", {**FORM, "every_days": "2", "quiet_from": "22:00", "quiet_until": "07:00"})

    kept = Reminder.objects.get(user=ada)
    assert (kept.every_days, kept.by_email, kept.by_push) == (2, True, False)
    assert (kept.quiet_from, kept.quiet_until) == (time(22), time(7))


def test_saving_the_form_does_not_end_a_pause(own: Client, reminder: Reminder) -> None:
    own.post("/settings/reminders/pause", {"days": "14"})
    until = fresh(reminder).paused_until

    own.post("/settings/reminders", FORM)

    assert until is not None
    assert fresh(reminder).paused_until == until


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"by_email": ""}, "Choose at least one way."),
        ({"local_time": ""}, "Enter a time such as 19:30."),
        ({"quiet_from": "22:00", "quiet_until": ""}, "Enter a time such as 19:30."),
        ({"days": []}, "Choose at least one day."),
    ],
)
def test_a_slip_is_told_and_what_was_typed_stays(own: Client, given: dict[str, Any], sentence: str) -> None:
    response = own.post("/settings/reminders", {**FORM, "every_days": "7", **given})

    assert response.status_code == 422
    assert sentence in text(response)
    assert 'value="7" id="id_every_days_2" checked' in text(response)
    assert not Reminder.objects.exists()


# --- pause ---


def test_a_pause_of_a_week_ends_by_itself(own: Client, reminder: Reminder) -> None:
    own.post("/settings/reminders/pause", {"days": "7"})

    kept = fresh(reminder)
    today = timezone.localdate(timezone=LONDON)
    assert kept.paused_until == today + timedelta(days=7)
    assert kept.next_at is not None
    assert kept.next_at.astimezone(LONDON).date() == today + timedelta(days=7)


def test_a_pause_can_be_ended_at_once(own: Client, reminder: Reminder) -> None:
    own.post("/settings/reminders/pause", {"days": "14"})

    own.post("/settings/reminders/pause", {"days": "0"})

    assert fresh(reminder).paused_until is None


def test_a_pause_that_is_not_offered_changes_nothing(own: Client, reminder: Reminder) -> None:
    own.post("/settings/reminders/pause", {"days": "400"})

    assert fresh(reminder).paused_until is None


# --- fewer ---


def test_the_notification_opens_the_page_of_one_tap() -> None:
    assert WORDS[Kind.PACE].path == "/settings/reminders/fewer"


@pytest.mark.parametrize(("tapped", "kept"), [("1", (True, 1)), ("2", (True, 2)), ("7", (True, 7)), ("0", (False, 1))])
def test_one_tap_sets_the_pace_and_ends_the_silence(
    tapped: str, kept: tuple[bool, int], own: Client, reminder: Reminder
) -> None:
    Reminder.objects.update(ignored=reminders.SILENT, next_at=None)

    own.post("/settings/reminders/fewer", {"every_days": tapped})

    now = fresh(reminder)
    assert (now.enabled, now.every_days) == kept
    assert (now.next_at is not None) == now.enabled


def test_somebody_without_a_reminder_is_led_to_the_form(own: Client) -> None:
    assert own.get("/settings/reminders/fewer").headers["Location"] == "/settings/reminders"


# --- the offer on Today ---


def begun(ada: User, *, days_ago: int) -> None:
    day = timezone.localdate(timezone=LONDON) - timedelta(days=days_ago)
    PatientProfile.objects.filter(user=ada).update(onboarded_at=factories.at_noon(day))


@pytest.mark.parametrize(
    ("days", "offered"), [(13, None), (14, "every other day now"), (55, "every other day now"), (56, "once a week now")]
)
def test_a_slower_pace_is_offered_after_two_weeks_and_after_week_eight(
    days: int, offered: str | None, own: Client, ada: User, reminder: Reminder
) -> None:
    begun(ada, days_ago=days)

    page = text(own.get("/"))

    assert ("Fewer reminders?" in page) == (offered is not None)
    assert offered is None or offered in page


def test_who_keeps_the_pace_is_not_asked_again(own: Client, ada: User, reminder: Reminder) -> None:
    begun(ada, days_ago=20)

    own.post("/settings/reminders/fewer", {"every_days": "1", "offered": "2"})

    assert fresh(reminder).every_days == 1
    assert "Fewer reminders?" not in text(own.get("/"))


def test_who_kept_the_pace_after_two_weeks_is_asked_again_after_week_eight(
    own: Client, ada: User, reminder: Reminder
) -> None:
    own.post("/settings/reminders/fewer", {"every_days": "1", "offered": "2"})
    begun(ada, days_ago=60)

    assert "once a week now" in text(own.get("/"))


# --- words ---


@pytest.mark.parametrize(
    ("now", "words"),
    [
        ("2026-03-10 09:00", "Next reminder: today at 19:30."),
        ("2026-03-09 23:59", "Next reminder: tomorrow at 19:30."),
        ("2026-03-08 23:59", "Next reminder: Tuesday 10 March at 19:30."),
    ],
)
def test_the_next_reminder_is_said_in_words(now: str, words: str) -> None:
    at = datetime.fromisoformat(now).replace(tzinfo=UTC)

    assert reminder_words.coming(on_the_tenth(), zone=LONDON, now=at) == words


def test_the_next_reminder_is_told_on_the_person_s_own_clock() -> None:
    kiritimati = ZoneInfo("Pacific/Kiritimati")
    now = datetime(2026, 3, 10, 9, 59, tzinfo=UTC)

    said = reminder_words.coming(on_the_tenth(), zone=kiritimati, now=now)

    # 09:59 in UTC is one minute to midnight there; 19:30 in UTC is 09:30 of the day after.
    assert said == "Next reminder: tomorrow at 09:30."


def test_a_reminder_that_went_quiet_says_how_it_starts_again() -> None:
    said = reminder_words.coming(on_the_tenth(next_at=None), zone=LONDON, now=timezone.now())

    assert said.startswith("No reminder is planned.")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "19:30, every day"),
        ({"every_days": 7}, "19:30, once a week"),
        ({"days": "15"}, "19:30, Monday, Friday"),
        ({"enabled": False}, "Off"),
    ],
)
def test_the_settings_row_says_what_is_chosen(fields: dict[str, Any], words: str) -> None:
    now = datetime(2026, 3, 9, tzinfo=UTC)

    assert reminder_words.summary(on_the_tenth(**fields), zone=LONDON, now=now) == words
