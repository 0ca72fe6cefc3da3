"""Today in its states: one thing to do now, the week, and exercises that rest while a warning sign is open."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.test import Client

from notifications import reminders
from selfcare.accounts.models import User
from selfcare.diary.models import Episode
from tests import factories
from tests.clinic import rows
from tests.web.conftest import QUIET

pytestmark = pytest.mark.django_db

# A Thursday.
NOW = datetime(2026, 3, 19, 12, 0, tzinfo=UTC)
TODAY = date(2026, 3, 19)


@pytest.fixture
def episode(ada: User) -> Episode:
    """Return Ada's episode of three weeks."""
    return factories.episode(patient=ada, onset_on=TODAY - timedelta(days=20), regions=["bu-l"])


@pytest.fixture
def phone(ada: User, episode: Episode, client: Client) -> Client:
    """Return Ada's browser without a script."""
    return factories.log_in(client, ada)


def check_in(episode: Episode, *ago: int) -> None:
    for days in ago:
        factories.entry(episode=episode, on=TODAY - timedelta(days=days), observations=dict(QUIET))


def page(client: Client) -> str:
    with time_machine.travel(NOW, tick=False):
        response = client.get("/")
    assert response.status_code == 200
    return unescape(response.content.decode())


def main_buttons(shown: str) -> list[str]:
    """Return the words of every button that stands out."""
    main = shown[shown.index("<main") : shown.index("</main>")]
    return re.findall(r'class="btn-primary"[^>]*>([^<]+)<', main)


def test_before_the_check_in_it_is_the_one_thing_to_do(phone: Client, episode: Episode) -> None:
    check_in(episode, 3, 2, 1)
    factories.programme(patient=episode.patient, as_of=TODAY)

    assert main_buttons(page(phone)) == ["Start check-in"]


def test_after_the_check_in_the_exercises_are(phone: Client, episode: Episode) -> None:
    check_in(episode, 3, 2, 1, 0)
    factories.programme(patient=episode.patient, as_of=TODAY)

    shown = page(phone)

    assert main_buttons(shown) == ["Start exercises"]
    assert "Your check-in is done. Next are your exercises." in shown


def test_what_was_answered_today_can_be_changed_from_here(phone: Client, episode: Episode) -> None:
    check_in(episode, 1)
    assert "Change an answer" not in page(phone)

    check_in(episode, 0)

    assert re.search(r'<a class="link" href="/diary/[\w-]+">Change an answer</a>', page(phone))


def test_done_exercises_are_done_for_today(phone: Client, ada: User, episode: Episode) -> None:
    check_in(episode, 1, 0)
    factories.programme(patient=ada, as_of=TODAY)
    due = re.search(r"(\d+) moves today", page(phone))
    assert due is not None
    moves = ("EX-01", "EX-02", "EX-03", "EX-05")
    for _time in range(3):
        factories.exercise_session(patient=ada, on=TODAY, results=[{"exercise": one} for one in moves])

    shown = page(phone)

    assert "Done for today." in shown
    assert "All done for today." in shown


@pytest.mark.parametrize(
    ("tier", "says"),
    [
        ("emergency", "No exercises until you have been seen."),
        ("same_day", "You need to speak to a clinician today. No exercises until then."),
    ],
)
def test_exercises_are_locked_while_a_warning_sign_is_open(
    phone: Client, ada: User, episode: Episode, tier: str, says: str
) -> None:
    check_in(episode, 1, 0)
    factories.programme(patient=ada, as_of=TODAY)
    rows.alert(patient=ada, tier=tier, now=NOW, as_of=TODAY)

    shown = page(phone)

    assert says in shown
    assert "Start exercises" not in shown
    assert "Open my exercises" not in shown
    assert main_buttons(shown) == []
    assert shown.index("Did you get seen?") < shown.index("Start check-in")


def test_the_week_tells_done_of_planned_and_which_week_it_is(phone: Client, episode: Episode) -> None:
    check_in(episode, 4, 2, 1)

    shown = page(phone)

    assert "2 of 7 planned check-ins. Week 3 of 8." in shown
    assert "missed" not in shown


def test_the_days_of_the_reminder_are_what_is_planned(phone: Client, ada: User, episode: Episode) -> None:
    reminders.set_reminder(ada.pk, local_time=time(19, 30), time_zone="Europe/London", days="135", now=NOW)
    check_in(episode, 4, 3, 2, 1, 0)

    assert "3 of 3 planned check-ins, plus 1." in page(phone)


def test_after_eight_weeks_no_week_is_counted(phone: Client, episode: Episode) -> None:
    Episode.objects.update(onset_on=TODAY - timedelta(days=56))
    check_in(episode, 1)

    assert not re.search(r"Week \d+ of 8", page(phone))


def test_the_page_asks_the_database_a_fixed_number_of_times(
    phone: Client, ada: User, episode: Episode, django_assert_max_num_queries: Any
) -> None:
    check_in(episode, *range(20))
    factories.programme(patient=ada, as_of=TODAY - timedelta(days=9))

    # The first look of the day brings the programme up to date.
    page(phone)

    with django_assert_max_num_queries(45):
        page(phone)
