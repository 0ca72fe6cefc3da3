"""Progress: the conclusion before the charts, the same numbers as a table, and no good news over a warning."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from exercises import programmes
from selfcare.accounts.models import PatientProfile, User
from selfcare.diary.models import Episode
from tests import factories
from tests.clinic import rows
from tests.web.conftest import LONDON, QUIET

pytestmark = pytest.mark.django_db

BETTER = "You are clearly better than at the start."
COMES_FIRST = "You have advice from us that comes first."


@pytest.fixture
def today() -> date:
    """Return Ada's day."""
    return timezone.localdate(timezone=LONDON)


@pytest.fixture
def episode(ada: User, today: date) -> Episode:
    """Return Ada's episode of four weeks."""
    onset = today - timedelta(days=27)
    return factories.episode(patient=ada, onset_on=onset, regions=["bu-l"], pain_side="left", pain_site="buttock")


@pytest.fixture
def phone(ada: User, episode: Episode, client: Client) -> Client:
    """Return Ada's browser without a script."""
    return factories.log_in(client, ada)


def diary(episode: Episode, scores: list[int], *, last: date, **values: Any) -> None:
    """Write one entry a day up to ``last``, with these scores for pain and for how much it got in the way."""
    for ago, score in enumerate(reversed(scores)):
        observations = {**QUIET, "pain_buttock": score, "pain_avg": score, "interference": score, **values}
        factories.entry(episode=episode, on=last - timedelta(days=ago), observations=observations)


def page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, response.status_code
    return unescape(response.content.decode())


def test_a_stranger_is_sent_to_sign_in(client: Client) -> None:
    for path in ("/progress", "/progress/pain", "/progress/summary"):
        assert client.get(path).headers["Location"].startswith("/account/login/")


def test_without_an_entry_it_says_what_will_show_here(phone: Client) -> None:
    shown = page(phone, "/progress")

    assert "Your chart will show here after 4 check-ins." in shown
    assert "<svg" not in shown


def test_three_check_ins_are_too_few_to_say(phone: Client, episode: Episode, today: date) -> None:
    diary(episode, [8, 5, 2], last=today)

    shown = page(phone, "/progress")

    assert "There are too few check-ins to say how it goes." in shown
    assert "<circle" in shown
    assert "<polyline" not in shown


def test_pain_that_fell_clearly_is_called_better_with_its_numbers(phone: Client, episode: Episode, today: date) -> None:
    diary(episode, [8] * 7 + [6] * 7 + [5] * 7, last=today)

    shown = page(phone, "/progress")

    assert BETTER in shown
    assert "Usual pain at the start: 8. Now: 5." in shown
    assert "Pain gets in your way clearly less than at the start." in shown


def test_pain_that_rose_clearly_is_called_worse_and_leads_to_help(phone: Client, episode: Episode, today: date) -> None:
    diary(episode, [4] * 7 + [6] * 7, last=today)

    shown = page(phone, "/progress")

    assert "Your pain is clearly worse than at the start." in shown
    assert 'href="/help-now/which">Something has changed' in shown


def test_pain_that_began_low_and_rose_a_little_is_not_called_low(phone: Client, episode: Episode, today: date) -> None:
    diary(episode, [3] * 3 + [4] * 7, last=today, interference=1)

    assert "Your pain began low, and it is about the same now." in page(phone, "/progress")


def test_while_urgent_advice_is_open_there_is_no_good_news(
    phone: Client, ada: User, episode: Episode, today: date
) -> None:
    diary(episode, [8] * 7 + [2] * 7, last=today)
    rows.alert(patient=ada, tier="same_day")

    shown = page(phone, "/progress")

    assert COMES_FIRST in shown
    assert BETTER not in shown
    assert "Your usual pain is low now." not in shown


def test_less_pain_with_a_weak_leg_says_that_weakness_needs_help(phone: Client, episode: Episode, today: date) -> None:
    diary(episode, [8] * 7 + [4] * 7, last=today, weakness=1)

    shown = page(phone, "/progress")

    assert BETTER in shown
    assert "A leg that gets weaker needs help sooner, even if the pain gets less." in shown


def test_weakness_stands_above_pain_and_function_comes_first(phone: Client, episode: Episode, today: date) -> None:
    diary(episode, [5] * 7, last=today, weakness=1)

    shown = page(phone, "/progress")

    places = [shown.index(f'id="title-{name}"') for name in ("function", "nerves", "pain")]
    assert places == sorted(places)


def test_a_grade_above_the_one_before_is_said(phone: Client, episode: Episode, today: date) -> None:
    diary(episode, [5], last=today - timedelta(days=1), weakness=0)
    diary(episode, [5], last=today, weakness=1)

    assert "Weakness: your newest answer is higher than the one before." in page(phone, "/progress/nerves")


def test_the_drawing_and_the_table_hold_the_same_numbers(phone: Client, episode: Episode, today: date) -> None:
    diary(episode, [7, 6, 6, 3, 4, 5], last=today)

    shown = page(phone, "/progress/pain")

    drawn = re.findall(r'data-on="([\d-]+)" data-value="([\d.]+)"', shown)
    table = shown[shown.index("<caption>Day by day") :]
    told = re.findall(r'<th scope="row">(\d+ \w+ \d+)</th><td class="number">([\d.]+)</td>', table)
    assert [float(value) for _on, value in drawn] == [7, 6, 6, 3, 4, 5]
    assert [float(value) for _on, value in reversed(told)] == [7, 6, 6, 3, 4, 5]


def test_the_line_of_averages_stays_open_over_a_gap(phone: Client, episode: Episode, today: date) -> None:
    diary(episode, [5] * 6, last=today - timedelta(days=9))
    diary(episode, [5] * 6, last=today)

    assert page(phone, "/progress/pain").count("<polyline") == 2


def test_a_late_answer_is_drawn_hollow_and_named(phone: Client, episode: Episode, today: date) -> None:
    at = timezone.now()
    on = today - timedelta(days=2)
    factories.entry(episode=episode, on=on, observations=dict(QUIET), received_at=at)

    shown = page(phone, "/progress/pain")

    assert 'class="late"' in shown
    assert '<td class="number">late</td>' in shown


def test_the_week_counts_the_days_on_which_pain_got_little_in_the_way(
    phone: Client, episode: Episode, today: date
) -> None:
    # The fourth week since the onset is the last seven days.
    diary(episode, [2, 3, 4, 9, 0, 1, 3], last=today)

    shown = page(phone, "/progress/function")

    row = re.search(r'<th scope="row">4</th><td class="number">(\d+)</td><td class="number">(\d+)</td>', shown)
    assert row is not None
    assert row.groups() == ("7", "5")


def test_what_happened_is_numbered_on_the_chart_and_listed(phone: Client, episode: Episode, today: date) -> None:
    diary(episode, [5] * 4, last=today - timedelta(days=1))
    diary(episode, [8], last=today, flare=True)

    shown = page(phone, "/progress/pain")

    assert 'class="event-number"' in shown
    assert "A flare." in shown


def test_done_of_planned_is_told_without_a_streak(phone: Client, ada: User, episode: Episode, today: date) -> None:
    diary(episode, [5] * 10, last=today)
    factories.programme(patient=ada, as_of=today - timedelta(days=9))
    factories.exercise_session(patient=ada, on=today - timedelta(days=1), results=[{"exercise": "EX-05"}])
    programmes.look_at_due(now=timezone.now())

    assert re.search(r"In the newest week you did 1 of \d+ planned exercises\.", page(phone, "/progress"))


def test_the_page_tells_the_time_on_the_patients_own_clock(
    phone: Client, ada: User, episode: Episode, today: date
) -> None:
    PatientProfile.objects.filter(user=ada).update(time_zone="Asia/Kathmandu")
    diary(episode, [5], last=today)

    with time_machine.travel(datetime(today.year, today.month, today.day, 12, 0, tzinfo=UTC), tick=False):
        assert "Updated 17:45." in page(phone, "/progress")


def test_an_unknown_chart_is_not_found(phone: Client, episode: Episode, today: date) -> None:
    diary(episode, [5], last=today)

    assert phone.get("/progress/nothing").status_code == 404


def test_the_pages_ask_the_database_a_fixed_number_of_times(
    phone: Client, episode: Episode, today: date, django_assert_max_num_queries: Any
) -> None:
    diary(episode, [5] * 27, last=today)

    with django_assert_max_num_queries(30):
        page(phone, "/progress")


def test_places_of_the_start_stand_alone_until_they_are_asked_again(
    phone: Client, episode: Episode, today: date
) -> None:
    diary(episode, [5], last=today)

    shown = page(phone, "/progress")

    assert "These are the places you marked at the start." in shown
    assert "At the start, Seen from behind: Left buttock" in shown


def test_places_then_and_now_are_told_without_a_meaning(phone: Client, episode: Episode, today: date) -> None:
    diary(episode, [5], last=today, places=["bu-l", "ca-l"])

    assert "New since the start: Left calf." in page(phone, "/progress")


def test_places_that_are_no_longer_marked_are_named(phone: Client, episode: Episode, today: date) -> None:
    diary(episode, [5], last=today - timedelta(days=22), places=["bu-l", "ca-l"])
    diary(episode, [5], last=today, places=["bu-l"])

    shown = page(phone, "/progress")

    assert "Not marked any more: Left calf." in shown
    assert shown.count('class="area"') == 3


def test_between_the_legs_is_no_place_of_pain_on_the_figures(phone: Client, episode: Episode, today: date) -> None:
    diary(episode, [5], last=today, places=["bu-l", "sad"])

    assert "You marked the same places as at the start." in page(phone, "/progress")
