"""The message of a review: on its day, once more three days later, and never over something urgent."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from notifications.models import Kind, Message
from selfcare.accounts.models import User
from selfcare.diary import reviews
from selfcare.diary.models import Episode
from selfcare.diary.monitoring import assess_episode
from selfcare.web import course_words
from tests import factories
from tests.clinic import rows

pytestmark = pytest.mark.django_db

# Day 42 is 30 March, the day after the clock change.
ONSET = date(2026, 2, 16)
LONDON = ZoneInfo("Europe/London")


@pytest.fixture
def episode(ada: User) -> Episode:
    """Return Ada's episode with low pain from the start, so that no rule asks for a review."""
    episode = factories.episode(patient=ada, onset_on=ONSET)
    for day in range(1, 57):
        on = ONSET + timedelta(days=day)
        factories.entry(episode=episode, on=on, observations={"pain_avg": 2, "interference": 1})
    return episode


def asked_on(episode: Episode, *days: int) -> list[int]:
    """Return the days, counted from the onset, on which the patient was told while these days passed."""
    for day in days:
        at = datetime.combine(ONSET + timedelta(days=day), time(9), tzinfo=LONDON).astimezone(UTC)
        assess_episode(episode, now=at)
    told = Message.objects.filter(kind=Kind.REVIEW, recipient=episode.patient, channel="email").order_by("created_at")
    return [(message.created_at.astimezone(LONDON).date() - ONSET).days for message in told]


def test_a_review_that_is_skipped_is_asked_for_once_more_three_days_later(episode: Episode) -> None:
    assert asked_on(episode, *range(25, 60)) == [28, 31, 42, 45]


def test_a_review_that_was_answered_is_not_asked_for_again(episode: Episode) -> None:
    factories.entry(episode=episode, on=ONSET + timedelta(days=29), observations={"review_step": "booked"})

    assert asked_on(episode, *range(25, 36)) == [28]


def test_who_was_away_on_the_day_is_asked_later_and_three_days_after_that(episode: Episode) -> None:
    assert asked_on(episode, 30, 31, 32, 33, 34) == [30, 33]


def test_nothing_is_asked_while_something_urgent_is_open(ada: User, episode: Episode) -> None:
    rows.alert(patient=ada, tier="same_day")

    assert asked_on(episode, 28, 31) == []


def test_the_clinicians_own_review_comes_instead(episode: Episode) -> None:
    Episode.objects.update(next_review_on=ONSET + timedelta(days=33))
    episode.refresh_from_db()

    assert asked_on(episode, *range(28, 36)) == [33]


def test_the_days_are_those_that_the_pages_tell() -> None:
    told = {name: (one["from_day"], one["to_day"]) for name, one in course_words.current()["reviews"].items()}

    assert told == dict(reviews.DAYS)
