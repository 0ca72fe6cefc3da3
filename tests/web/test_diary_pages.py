"""The calendar of the diary: each day with its shapes and words, months and weeks, and never a word about a gap."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from html import unescape
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils.translation import override

from selfcare.accounts.models import PatientProfile, User
from selfcare.diary.models import Entry, Episode
from selfcare.web import diary_month
from tests import factories
from tests.clinic import rows
from tests.web.conftest import QUIET

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 18, 12, 0, tzinfo=UTC)


@pytest.fixture
def episode(ada: User) -> Episode:
    """Return Ada's episode, begun in the winter."""
    return factories.episode(patient=ada, onset_on=date(2026, 1, 20), regions=["bu-l"])


@pytest.fixture
def phone(ada: User, episode: Episode, client: Client) -> Client:
    """Return Ada's browser without a script."""
    return factories.log_in(client, ada)


def write(episode: Episode, on: date, at: datetime | None = None, **values: Any) -> Entry:
    return factories.entry(episode=episode, on=on, observations={**QUIET, **values}, received_at=at)


def page(client: Client, path: str = "/diary") -> str:
    with time_machine.travel(NOON, tick=False):
        response = client.get(path)
    assert response.status_code == 200, response.status_code
    return unescape(response.content.decode())


def cell(shown: str, on: str) -> str:
    """Return what the calendar says of a day, as it is read aloud."""
    found = re.search(rf'<a href="/diary/days/{on}">(.*?)<span class="signs"', shown, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", "", found.group(1)).split()) if found else ""


def test_a_stranger_is_sent_to_sign_in(client: Client) -> None:
    for path in ("/diary", "/diary?month=2026-02", "/diary/days/2026-03-01"):
        assert client.get(path).headers["Location"].startswith("/account/login/")


def test_a_day_says_in_words_what_its_shapes_say(phone: Client, ada: User, episode: Episode) -> None:
    write(episode, date(2026, 3, 16))
    write(episode, date(2026, 3, 12), at=datetime(2026, 3, 13, 9, 0, tzinfo=UTC))
    write(episode, date(2026, 3, 10), flare=True)
    rows.alert(patient=ada, tier="emergency", as_of=date(2026, 3, 9))
    factories.programme(patient=ada)
    factories.exercise_session(patient=ada, on=date(2026, 3, 8), results=[{"exercise": "EX-05"}], felt="sore")

    shown = page(phone)

    assert cell(shown, "2026-03-16") == "16 March: check-in"
    assert cell(shown, "2026-03-12") == "12 March: answered later"
    assert cell(shown, "2026-03-10") == "10 March: check-in, something happened"
    assert cell(shown, "2026-03-09") == "9 March: we told you to get help"
    assert cell(shown, "2026-03-08") == "8 March: exercises"


def test_a_day_without_anything_is_a_plain_number_and_nothing_was_missed(phone: Client, episode: Episode) -> None:
    write(episode, date(2026, 3, 16))

    shown = page(phone)

    assert '<td><span class="number">15</span></td>' in shown
    assert "missed" not in shown


def test_today_is_marked(phone: Client, episode: Episode) -> None:
    write(episode, date(2026, 3, 16))

    assert re.findall(r'<td class="today" aria-current="date"><span class="number">(\d+)<', page(phone)) == ["18"]


def test_today_is_the_patients_day_and_not_the_servers(phone: Client, ada: User, episode: Episode) -> None:
    PatientProfile.objects.filter(user=ada).update(time_zone="Pacific/Kiritimati")
    write(episode, date(2026, 3, 16))

    assert re.findall(r'aria-current="date"><span class="number">(\d+)<', page(phone)) == ["19"]


def test_an_entry_written_abroad_on_its_own_day_is_not_late(phone: Client, episode: Episode) -> None:
    entry = write(episode, date(2026, 3, 12), at=datetime(2026, 3, 13, 3, 0, tzinfo=UTC))
    Entry.objects.filter(pk=entry.pk).update(recorded_zone="America/New_York")

    assert cell(page(phone), "2026-03-12") == "12 March: check-in"


def test_the_months_begin_with_the_first_entry_and_end_with_today(phone: Client, episode: Episode) -> None:
    write(episode, date(2026, 2, 28))

    march, february = page(phone), page(phone, "/diary?month=2026-02")

    assert ("?month=2026-02" in march, "?month=2026-04" in march) == (True, False)
    assert ("?month=2026-01" in february, "?month=2026-03" in february) == (False, True)


def test_days_of_other_months_are_not_in_a_month(phone: Client, episode: Episode) -> None:
    for on in (date(2026, 2, 28), date(2026, 3, 1)):
        write(episode, on)

    february = page(phone, "/diary?month=2026-02")

    assert 'href="/diary/days/2026-02-28"' in february
    assert 'href="/diary/days/2026-03-01"' not in february


def test_the_month_of_a_clock_change_has_each_day_once(phone: Client, episode: Episode) -> None:
    write(episode, date(2026, 3, 1))

    shown = page(phone, "/diary?month=2026-03")

    assert [int(day) for day in re.findall(r'<span class="number">(\d+)</span>', shown)] == list(range(1, 32))


@pytest.mark.parametrize(("language", "begins"), [("en-gb", "Monday"), ("en-us", "Sunday"), ("es", "Monday")])
def test_the_week_begins_where_the_language_begins_it(language: str, begins: str) -> None:
    with override(language):
        first, week = diary_month.weekdays()[0]["long"], diary_month.weeks(date(2026, 3, 1), {})[0]
    with override("en"):
        assert str(first) == begins
    assert len([cell for cell in week if cell.on]) == (7 if begins == "Sunday" else 1)


def test_a_month_without_entries_says_so_and_leads_back(phone: Client, episode: Episode) -> None:
    write(episode, date(2026, 1, 21))
    write(episode, date(2026, 3, 1))

    shown = page(phone, "/diary?month=2026-02")

    assert "Nothing is written in this month." in shown
    assert "Go to this month" in shown


def test_before_the_first_entry_it_says_what_to_do(phone: Client) -> None:
    shown = page(phone)

    assert "No check-ins yet." in shown
    assert "Nothing is written" not in shown


def test_a_day_shows_its_entries_sessions_and_events(phone: Client, ada: User, episode: Episode) -> None:
    write(episode, date(2026, 3, 10), flare=True)
    factories.programme(patient=ada)
    factories.exercise_session(patient=ada, on=date(2026, 3, 10), results=[{"exercise": "EX-05"}], felt="sore")

    shown = page(phone, "/diary/days/2026-03-10")

    assert "Pain 4" in shown
    assert "A flare." in shown
    assert "18:00: exercises. 1 move done. You were a bit sore." in shown


@pytest.mark.parametrize("observations", [{"event": "visit"}, {"global_change": "same", "review_step": "not_yet"}])
def test_what_holds_no_safety_answer_is_not_called_one(
    phone: Client, episode: Episode, observations: dict[str, str]
) -> None:
    factories.entry(episode=episode, on=date(2026, 3, 10), observations=observations)

    shown = page(phone, "/diary/days/2026-03-10")

    assert "Other answers" in shown
    assert "Safety answers" not in shown


def test_another_persons_day_is_empty(phone: Client, episode: Episode) -> None:
    dee = factories.patient(email="dee@example.org", name="Dee")
    write(factories.episode(patient=dee, onset_on=date(2026, 1, 1)), date(2026, 3, 10), pain_avg=9)

    assert "Nothing is written on this day." in page(phone, "/diary/days/2026-03-10")
    assert "/diary/days/" not in page(phone)


@pytest.mark.parametrize(
    "path", ["/diary?month=2026-13", "/diary?month=9999-12", "/diary?month=x", "/diary/days/today"]
)
def test_a_day_or_month_that_there_is_not_is_not_found(phone: Client, path: str) -> None:
    assert phone.get(f"/diary{path}").status_code == 404


def test_years_of_entries_take_no_more_questions_than_one(
    phone: Client, episode: Episode, django_assert_max_num_queries: Any
) -> None:
    for month in range(1, 13):
        for on in (date(2025, month, 3), date(2025, month, 4), date(2024, month, 5)):
            write(episode, on)
    for day in range(1, 19):
        write(episode, date(2026, 3, day))

    with django_assert_max_num_queries(26):
        page(phone)
