"""After the eight weeks: how the diary goes on, pain that comes back, and the weeks that were read."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, date, datetime, time, timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.test import Client

from notifications import reminders
from notifications.models import Reminder
from selfcare.accounts.models import User
from selfcare.diary import monitoring
from selfcare.diary.models import Entry, Episode, Pace, WeekRead
from selfcare.web import patients, progress_days
from tests import factories
from tests.clinic import rows
from tests.web.conftest import QUIET

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 10, 12, 0, tzinfo=UTC)
TODAY = date(2026, 6, 10)
ASKS = "Do you want to stop the diary, check in once a week, or keep it as it is?"


@pytest.fixture
def phone(ada: User, client: Client) -> Client:
    """Return Ada's browser without a script."""
    return factories.log_in(client, ada)


def begun(ada: User, *, days: int, joined: int | None = None) -> Episode:
    """Return Ada's episode that began so many days ago; she joined on the next day, or ``joined`` days ago."""
    episode = factories.episode(patient=ada, onset_on=TODAY - timedelta(days=days), regions=["bu-l"])
    Episode.objects.update(started_at=NOW - timedelta(days=days - 1 if joined is None else joined))
    return episode


def write(episode: Episode, *ago: int, **values: Any) -> None:
    for days in ago:
        factories.entry(episode=episode, on=TODAY - timedelta(days=days), observations={**QUIET, **values})


def get(client: Client, path: str = "/plan") -> str:
    with time_machine.travel(NOW, tick=False):
        response = client.get(path)
    assert response.status_code == 200, response.status_code
    return unescape(response.content.decode())


def post(client: Client, path: str, **form: str) -> str:
    with time_machine.travel(NOW, tick=False):
        return unescape(client.post(path, form, follow=True).content.decode())


def remind(ada: User) -> None:
    reminders.set_reminder(ada.pk, local_time=time(19, 30), time_zone="Europe/London", every_days=2, now=NOW)


def reminder(ada: User) -> tuple[bool, int]:
    row = Reminder.objects.get(user=ada)
    return row.enabled, row.every_days


@pytest.mark.parametrize(("days", "asked"), [(55, False), (56, True)])
def test_the_end_of_the_eight_weeks_asks_how_to_go_on(phone: Client, ada: User, days: int, asked: bool) -> None:
    begun(ada, days=days)

    assert (ASKS in get(phone)) is asked
    assert ("Choose how to go on" in get(phone, "/")) is asked


def test_who_joins_after_the_eight_weeks_is_asked_after_as_long_in_the_diary(phone: Client, ada: User) -> None:
    begun(ada, days=400, joined=55)
    assert ASKS not in get(phone)

    Episode.objects.update(started_at=NOW - timedelta(days=56))

    assert ASKS in get(phone)


@pytest.mark.parametrize(
    ("choice", "expected", "says"),
    [
        ("as_it_is", (True, 2), "You keep the diary as it is."),
        ("weekly", (True, 7), "You check in once a week."),
        ("stopped", (False, 2), "You stopped the diary. You can check in at any time."),
    ],
)
def test_the_reminder_follows_the_choice(
    phone: Client, ada: User, choice: str, expected: tuple[bool, int], says: str
) -> None:
    begun(ada, days=60)
    remind(ada)

    shown = post(phone, "/plan/pace", choice=choice)

    assert reminder(ada) == expected
    assert says in shown
    assert ASKS not in shown
    assert "Choose how to go on" not in get(phone, "/")


def test_the_door_back_brings_the_reminder_back_as_it_was(phone: Client, ada: User) -> None:
    begun(ada, days=60)
    remind(ada)

    for choice in ("weekly", "stopped", "as_it_is"):
        post(phone, "/plan/pace", choice=choice)

    assert reminder(ada) == (True, 2)


def test_who_has_no_reminder_gets_none_by_choosing(phone: Client, ada: User) -> None:
    begun(ada, days=60)

    post(phone, "/plan/pace", choice="weekly")

    assert not Reminder.objects.exists()


def test_a_stopped_diary_has_no_plan_and_can_be_used_at_any_time(phone: Client, ada: User) -> None:
    write(begun(ada, days=60), 3)
    post(phone, "/plan/pace", choice="stopped")

    shown = get(phone, "/")

    assert "You stopped the diary. You can check in at any time." in shown
    assert "planned check-ins" not in shown
    assert "Start check-in" in shown
    assert "No need to catch up" not in shown


def test_once_a_week_is_one_planned_check_in(phone: Client, ada: User) -> None:
    write(begun(ada, days=60), 8, 1)
    post(phone, "/plan/pace", choice="weekly")

    assert "1 of 1 planned check-ins." in get(phone, "/")


@pytest.mark.parametrize(("days", "tier"), [(55, ""), (60, "same_day")])
def test_nothing_is_chosen_before_the_end_or_over_a_warning(phone: Client, ada: User, days: int, tier: str) -> None:
    begun(ada, days=days)
    if tier:
        rows.alert(patient=ada, tier=tier, now=NOW)

    shown = post(phone, "/plan/pace", choice="stopped")

    assert ASKS not in shown
    assert not Pace.objects.exists()


def come_back(client: Client, on: date, pain: int = 6, entry: str = "") -> str:
    form = {"gone": "yes", "on": on.isoformat(), "pain_avg": str(pain), "entry": entry or str(uuid.uuid4())}
    return post(client, "/plan/again", **form)


def test_pain_that_came_back_after_a_month_starts_the_weeks_again(phone: Client, ada: User) -> None:
    episode = begun(ada, days=150)
    write(episode, 140, 139, 138, 137, 60, pain_leg=7, pain_avg=7)

    shown = come_back(phone, TODAY - timedelta(days=8))

    assert "The 8 weeks start again." in shown
    assert "Go through the safety questions" in shown
    plan = get(phone)
    assert "The weeks count from the day it came back: 2 June 2026." in plan
    assert re.search(r'aria-current="step".*?Week 2', plan, re.DOTALL)
    assert Entry.objects.filter(patient=ada).count() == 7


def test_a_new_stretch_has_its_own_start_level_and_keeps_the_old_days(phone: Client, ada: User) -> None:
    episode = begun(ada, days=150)
    write(episode, *range(140, 130, -1), pain_leg=9, pain_avg=9)
    write(episode, *range(75, 68, -1), pain_leg=9, pain_avg=9)
    write(episode, *range(7, 0, -1), pain_leg=5, pain_avg=5)
    come_back(phone, TODAY - timedelta(days=8))
    with time_machine.travel(NOW, tick=False):
        diary = progress_days.diary_of(patients.load(ada, now=NOW))

    assert diary is not None
    _change, start, level = diary.change("pain_leg")
    assert (start and start.rounded(), level and level.rounded()) == (5, 5)
    assert diary.days[0].on == TODAY - timedelta(days=75)
    assert "Clearly better" not in get(phone, "/progress")


def test_a_diary_with_pain_in_between_has_the_last_word(phone: Client, ada: User) -> None:
    episode = begun(ada, days=90)
    write(episode, 80, 79, 78, 20, pain_leg=6, pain_avg=6)

    shown = come_back(phone, TODAY - timedelta(days=5))

    assert "Your diary shows pain within the 30 days before." in shown
    assert "The weeks count from the day it began" in get(phone)


def test_pain_that_came_back_today_has_to_last_a_day(phone: Client, ada: User) -> None:
    write(begun(ada, days=120), 100, pain_avg=6)

    assert "if the pain lasts for more than a day" in come_back(phone, TODAY)


def test_next_to_no_pain_is_not_pain_that_came_back(phone: Client, ada: User) -> None:
    write(begun(ada, days=120), 100, pain_avg=6)

    assert "Your pain is very low now." in come_back(phone, TODAY - timedelta(days=3), pain=1)


def test_a_shorter_time_without_pain_goes_on_as_before(phone: Client, ada: User) -> None:
    write(begun(ada, days=60), 20)

    shown = post(phone, "/plan/again", gone="no")

    assert "Then your weeks go on as they are." in shown
    assert Entry.objects.filter(patient=ada).count() == 1


def test_a_form_that_is_sent_twice_is_stored_once(phone: Client, ada: User) -> None:
    write(begun(ada, days=150), 100)
    entry = str(uuid.uuid4())

    first, second = (come_back(phone, TODAY - timedelta(days=8), entry=entry) for _time in range(2))

    assert "The 8 weeks start again." in first
    assert "The 8 weeks start again." in second
    assert Entry.objects.filter(patient=ada).count() == 3


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"on": "2026-06-02"}, "Was the pain gone for 30 days or more?"),
        ({"gone": "yes", "on": ""}, "When did it come back?"),
        ({"gone": "yes", "pain_avg": "5", "on": ""}, "Choose the day on which it came back"),
        ({"gone": "yes", "pain_avg": "5", "on": "2026-06-11"}, "Choose the day on which it came back"),
        ({"gone": "yes", "pain_avg": "5", "on": "2024-06-11"}, "Choose the day on which it came back"),
        ({"gone": "yes", "pain_avg": "11", "on": "2026-06-02"}, "Choose the day on which it came back"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_lost(phone: Client, ada: User, form: dict[str, str], says: str) -> None:
    begun(ada, days=150)

    shown = post(phone, "/plan/again", **form)

    assert says in shown
    assert "gone" not in form or f'value="{form["on"]}"' in shown
    assert not Entry.objects.exists()


def test_it_waits_while_urgent_advice_is_open(phone: Client, ada: User) -> None:
    begun(ada, days=150)
    rows.alert(patient=ada, tier="emergency", now=NOW)

    assert "You have advice from us that comes first." in come_back(phone, TODAY - timedelta(days=8))
    assert not Entry.objects.exists()


def test_a_diary_that_was_stopped_goes_on_when_pain_comes_back(phone: Client, ada: User) -> None:
    episode = begun(ada, days=150)
    write(episode, 100, pain_avg=6)
    remind(ada)
    post(phone, "/plan/pace", choice="stopped")

    come_back(phone, TODAY - timedelta(days=8))

    assert reminder(ada) == (True, 2)
    assert "You stopped the diary" not in get(phone, "/")


def test_the_check_of_the_day_notices_it_as_well(phone: Client, ada: User) -> None:
    episode = begun(ada, days=150)
    write(episode, 100, pain_avg=6)
    remind(ada)
    post(phone, "/plan/pace", choice="weekly")
    write(episode, 0, confirmed_pain_free_days=35, new_episode_days=9, pain_avg=5)

    monitoring.assess_episode(Episode.objects.get(), now=NOW)

    assert reminder(ada) == (True, 2)
    assert Episode.objects.get().began_on == TODAY - timedelta(days=9)


def test_a_week_is_marked_as_read_once_and_can_be_taken_back(phone: Client, ada: User) -> None:
    begun(ada, days=10)

    for _time in range(2):
        shown = post(phone, "/plan/read", week="2", read="yes")
    assert WeekRead.objects.count() == 1
    assert "Take back: week 2 is read" in shown

    assert "Mark week 2 as read" in post(phone, "/plan/read", week="2", read="no")


@pytest.mark.parametrize("week", ["0", "9", "x", ""])
def test_only_a_week_can_be_read(phone: Client, ada: User, week: str) -> None:
    begun(ada, days=10)

    post(phone, "/plan/read", week=week)

    assert not WeekRead.objects.exists()


def test_when_pain_comes_back_the_weeks_are_unread(phone: Client, ada: User) -> None:
    write(begun(ada, days=150), 100, pain_avg=6)
    post(phone, "/plan/read", week="1", read="yes")

    come_back(phone, TODAY - timedelta(days=8))

    assert "Take back: week 1 is read" not in get(phone)
