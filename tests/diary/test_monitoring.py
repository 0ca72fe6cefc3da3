"""What time brings: the window of the rules, due episodes, and two schedulers."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notifications.models import Message
from selfcare.accounts.models import PatientProfile, User
from selfcare.diary import monitoring, recording
from selfcare.diary.models import Entry, Episode
from selfcare.diary.tasks import assess_due_episodes
from selfcare.triage import alerts
from selfcare.triage import catalogue as catalogues
from selfcare.triage.models import Alert, Assessment
from selfcare.triage.tasks import escalate_unacknowledged
from tests import factories
from tests.diary.phone import NOW, TODAY, answers, body

pytestmark = pytest.mark.django_db


def test_a_history_is_read_in_one_query(ada: User, episode: Episode) -> None:
    _daily(episode, days=40)
    episode = Episode.objects.select_related("patient__patient").get()

    with CaptureQueriesContext(connection) as queries:
        history = monitoring.history_of(episode, until=TODAY)

    assert len(queries) == 1
    assert len(history.entries) == 40


def test_a_history_ends_at_its_day_and_holds_the_first_entries_however_old(ada: User, episode: Episode) -> None:
    first = TODAY - timedelta(days=catalogues.current().window_days + 100)
    Episode.objects.update(onset_on=first)
    episode.refresh_from_db()
    factories.entry(episode=episode, on=first, observations={"pain_avg": 8})
    _daily(episode, days=40)

    history = monitoring.history_of(episode, until=TODAY - timedelta(days=10))

    assert history.entries[0].on == first
    assert history.entries[-1].on == TODAY - timedelta(days=10)


def test_a_history_knows_the_patient_as_of_its_day(ada: User, episode: Episode) -> None:
    PatientProfile.objects.update(history={"cancer_history": True})
    Episode.objects.update(assessed_on=date(2026, 2, 20), pain_side="left")
    episode = Episode.objects.get()

    before = monitoring.history_of(episode, until=date(2026, 2, 19)).baseline
    after = monitoring.history_of(episode, until=date(2026, 2, 20)).baseline

    assert (before["assessed_this_episode"], after["assessed_this_episode"]) == (False, True)
    assert (after["age"], after["sex"], after["pain_side"], after["cancer_history"]) == (38, "female", "left", True)


def test_a_due_episode_is_judged_and_next_looked_at_in_the_local_morning(ada: User, episode: Episode) -> None:
    PatientProfile.objects.update(time_zone="Pacific/Auckland")

    checked = monitoring.assess_due(now=NOW)

    assert checked == 1
    assert Assessment.objects.get().as_of == date(2026, 3, 3)
    # 9 in the morning of 3 March in Auckland is 13 hours ahead of UTC; it is 7.30 there now.
    assert Episode.objects.get().next_check_at == datetime(2026, 3, 2, 20, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (datetime(2026, 3, 28, 8, 0, tzinfo=UTC), datetime(2026, 3, 28, 9, 0, tzinfo=UTC)),
        (datetime(2026, 3, 28, 9, 0, tzinfo=UTC), datetime(2026, 3, 29, 8, 0, tzinfo=UTC)),
        (datetime(2026, 10, 24, 12, 0, tzinfo=UTC), datetime(2026, 10, 25, 9, 0, tzinfo=UTC)),
    ],
    ids=["before-nine", "clocks-go-forward", "clocks-go-back"],
)
def test_the_next_check_is_at_nine_by_the_wall_clock(ada: User, now: datetime, expected: datetime) -> None:
    assert monitoring.next_check(ada.patient, now=now) == expected


def test_an_episode_that_is_not_due_is_left_alone(ada: User, episode: Episode) -> None:
    assert monitoring.assess_due(now=NOW - timedelta(seconds=1)) == 0
    assert not Assessment.objects.exists()


def test_two_schedulers_judge_an_episode_once(ada: User, episode: Episode) -> None:
    mine = list(Episode.objects.due(NOW).select_related("patient__patient"))
    theirs = list(Episode.objects.due(NOW).select_related("patient__patient"))

    done = [monitoring._check(one, now=NOW) for one in mine + theirs]

    assert done == [True, False]
    assert Assessment.objects.count() == 1


def test_one_episode_that_fails_does_not_hold_up_the_others(
    ada: User, episode: Episode, monkeypatch: pytest.MonkeyPatch
) -> None:
    dee = factories.patient(email="dee@example.org")
    factories.episode(patient=dee)
    assess = alerts.assess

    def failing(history: Any, **known: Any) -> Assessment:
        if known["patient_id"] == ada.pk:
            raise RuntimeError("A slip in a rule.")
        return assess(history, **known)

    monkeypatch.setattr(alerts, "assess", failing)

    monitoring.assess_due(now=NOW)

    assert Assessment.objects.get().patient == dee
    assert Alert.objects.get(patient=ada).rule_id == alerts.UNASSESSED
    assert Episode.objects.get(patient=ada).next_check_at == NOW + timedelta(hours=1)


def test_someone_whose_account_is_closed_is_not_prompted(ada: User, episode: Episode) -> None:
    User.objects.filter(pk=ada.pk).update(is_active=False)

    monitoring.assess_due(now=NOW)

    assert not Assessment.objects.exists()


def test_nothing_due_costs_two_queries(ada: User, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(2):
        monitoring.assess_due(now=NOW)


def test_six_weeks_without_getting_better_bring_the_review_prompt_once(ada: User) -> None:
    episode = factories.episode(patient=ada, onset_on=TODAY - timedelta(days=42))
    _daily(episode, days=43, pain_avg=6)

    for hour in range(3):
        Episode.objects.update(next_check_at=NOW)
        monitoring.assess_due(now=NOW + timedelta(hours=hour))

    alert = Alert.objects.get(rule_id="PER-03")
    assert alert.occasion
    assert alert.events.count() == 1
    assert Message.objects.filter(recipient=ada, kind="review", channel="email").count() == 1


def test_no_review_is_asked_for_while_a_clinician_has_set_a_later_one(ada: User) -> None:
    episode = factories.episode(
        patient=ada, onset_on=TODAY - timedelta(days=42), next_review_on=TODAY + timedelta(days=1)
    )
    _daily(episode, days=43, pain_avg=6)

    monitoring.assess_due(now=NOW)

    assert not Alert.objects.filter(rule_id="PER-03").exists()


def test_the_prompt_comes_back_a_week_later_in_the_same_alert(ada: User) -> None:
    episode = factories.episode(patient=ada, onset_on=TODAY - timedelta(days=42))
    _daily(episode, days=43, pain_avg=6)
    monitoring.assess_due(now=NOW)
    for day in range(1, 8):
        factories.entry(episode=episode, on=TODAY + timedelta(days=day), observations={"pain_avg": 6})

    monitoring.assess_due(now=NOW + timedelta(days=7))

    alert = Alert.objects.get(rule_id="PER-03")
    assert list(alert.events.order_by("id").values_list("kind", flat=True)) == ["opened", "repeated"]
    assert Message.objects.filter(recipient=ada, kind="review", channel="email").count() == 2


def test_a_prompt_that_a_clinician_closed_does_not_come_back_for_the_same_occasion(ada: User, ben: User) -> None:
    episode = factories.episode(patient=ada, onset_on=TODAY - timedelta(days=42))
    _daily(episode, days=43, pain_avg=6)
    monitoring.assess_due(now=NOW)
    alerts.close(Alert.objects.get(rule_id="PER-03").pk, by=ben, outcome="advice_given", now=NOW)

    recording.record_entry(ada, uuid.uuid4(), answers(pain_avg=6), now=NOW + timedelta(hours=1))

    assert not Alert.objects.open().filter(rule_id="PER-03").exists()


def test_a_prompt_is_held_while_an_emergency_is_open_and_told_when_it_is_closed(ada: User, ben: User) -> None:
    episode = factories.episode(patient=ada, onset_on=TODAY - timedelta(days=42))
    _daily(episode, days=43, pain_avg=6)
    the_day_before = answers(on=TODAY - timedelta(days=2), pain_avg=6, saddle="new", saddle_since_days=0)
    recording.record_entry(ada, uuid.uuid4(), the_day_before, now=NOW - timedelta(days=2))
    monitoring.assess_due(now=NOW)
    held = Message.objects.filter(kind="review").count()

    emergency = Alert.objects.get(tier="emergency")
    alerts.close(emergency.pk, by=ben, outcome="seen_emergency", note="Scan clear.", now=NOW + timedelta(hours=5))

    assert held == 0
    assert Alert.objects.filter(rule_id="PER-03").exists()
    assert Message.objects.filter(recipient=ada, kind="review", channel="email").count() == 1


def test_the_tasks_only_tell_the_time(ada: User, episode: Episode, evening: Any) -> None:
    recording.record_entry(ada, uuid.uuid4(), body(), now=NOW)

    assert assess_due_episodes() == 1
    assert escalate_unacknowledged() == 0


def _daily(episode: Episode, *, days: int, pain_avg: int = 4) -> None:
    """Store an entry for each of the last ``days`` days, today included."""
    for back in range(days):
        factories.entry(episode=episode, on=TODAY - timedelta(days=back), observations={"pain_avg": pain_avg})
    assert Entry.objects.filter(episode=episode).count() >= days
