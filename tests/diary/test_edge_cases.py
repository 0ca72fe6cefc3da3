"""The edge cases of clinical.md 2.6, and where each is held.

| Edge case | Test |
|---|---|
| onset unknown | test_an_unknown_onset_is_the_first_day_that_the_diary_knows |
| onset edited earlier | test_an_onset_edited_earlier_has_past_checkpoints_looked_at_now_and_told_once |
| onset edited later | test_an_onset_edited_later_withdraws_nothing |
| two entries on one local day | test_of_two_entries_on_a_day_the_worse_counts_for_safety_and_the_mean_for_the_level |
| entry dated tomorrow | test_recording: test_a_clock_more_than_ten_minutes_ahead_is_marked_and_the_servers_date_is_used |
| daylight-saving night | test_the_window_opens_on_the_calendar_day_across_the_night_of_a_clock_change |
| flight across the date line | test_a_day_that_is_tomorrow_at_home_is_judged_as_its_own_day |
| synced after 10 offline days | test_order: test_an_emergency_found_in_an_old_entry_is_raised_now |
| pain 0 with new weakness | test_weakness_without_any_pain_is_as_urgent |
| new painful side | test_a_new_painful_side_stays_in_the_episode_and_both_legs_are_an_emergency |
| injection or operation | test_a_review_set_after_an_injection_moves_the_prompt_and_not_the_clock |
| pregnancy starts | test_a_pregnancy_that_began_is_known_from_its_day_on_and_goes_on_with_time |
| turns 50 mid-episode | test_a_patient_who_turns_50_during_the_episode_is_judged_as_50 |
| death or withdrawal | test_nobody_is_prompted_after_death_or_withdrawal_and_a_red_flag_still_counts |
| prompt while an emergency is open | test_monitoring: test_a_prompt_is_held_while_an_emergency_is_open_and_told_when_it_is_closed |
| prompt while a same-day alert is open | test_a_prompt_is_held_while_a_same_day_alert_is_open_and_told_when_it_is_closed |

Beside them: what 2.4 and 2.5 say of silence, newcomers and new episodes, where rows and messages are concerned.
"""  # noqa: E501

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from notifications import reminders
from notifications.models import Message, Reminder
from selfcare.accounts.models import PatientProfile, User
from selfcare.diary import episodes, monitoring, recording
from selfcare.diary.models import Episode
from selfcare.triage import alerts
from selfcare.triage.models import Alert
from tests import factories
from tests.diary.phone import NOW, TODAY, answers, body

pytestmark = pytest.mark.django_db


def test_an_unknown_onset_is_the_first_day_that_the_diary_knows(ada: User) -> None:
    recording.record_entry(ada, uuid.uuid4(), body(), now=NOW)

    recording.record_entry(ada, uuid.uuid4(), body(on=TODAY - timedelta(days=9)), now=NOW)

    episode = Episode.objects.get()
    assert (episode.onset_on, episode.onset_estimated) == (date(2026, 2, 21), True)


def test_an_onset_that_the_patient_knows_is_not_moved_by_an_older_entry(ada: User, episode: Episode) -> None:
    recording.record_entry(ada, uuid.uuid4(), body(on=date(2026, 2, 1)), now=NOW)

    assert Episode.objects.get().onset_on == date(2026, 2, 9)


def test_an_onset_edited_earlier_has_past_checkpoints_looked_at_now_and_told_once(ada: User) -> None:
    episode = factories.episode(patient=ada, onset_on=TODAY - timedelta(days=20))
    _daily(episode, days=43, pain_avg=6, interference=8)
    monitoring.assess_due(now=NOW)
    before = Alert.objects.count()

    episodes.start(ada, onset_on=TODAY - timedelta(days=42), onset_estimated=False, now=NOW)
    monitoring.assess_due(now=NOW)

    assert before == 0
    assert set(Alert.objects.values_list("rule_id", flat=True)) == {"PER-03", "PER-04"}
    assert Message.objects.filter(recipient=ada, kind="review", channel="email").count() == 1


def test_an_onset_edited_later_withdraws_nothing(ada: User) -> None:
    episode = factories.episode(patient=ada, onset_on=TODAY - timedelta(days=42))
    _daily(episode, days=43, pain_avg=6)
    monitoring.assess_due(now=NOW)

    episodes.start(ada, onset_on=TODAY - timedelta(days=5), onset_estimated=False, now=NOW)
    monitoring.assess_due(now=NOW)

    assert Alert.objects.open().filter(rule_id="PER-03").exists()


def test_of_two_entries_on_a_day_the_worse_counts_for_safety_and_the_mean_for_the_level(ada: User) -> None:
    episode = factories.episode(patient=ada, onset_on=TODAY - timedelta(days=14))
    _daily(episode, days=15, pain_avg=6)
    for back in (0, 0, 0, 1, 1, 1, 2, 2):
        factories.entry(episode=episode, on=TODAY - timedelta(days=back), observations={"pain_avg": 8, "saddle": "new"})

    recording.record_entry(ada, uuid.uuid4(), answers(pain_avg=8, saddle="none"), now=NOW)

    # The days count once each, so the level is below the 7 of PER-01, though the mean of all entries is above it.
    assert set(Alert.objects.values_list("rule_id", flat=True)) == {"RF-CES-03"}


def test_the_window_opens_on_the_calendar_day_across_the_night_of_a_clock_change(ada: User) -> None:
    """42 days after 15 February is 29 March, the night on which British clocks go forward."""
    episode = factories.episode(patient=ada, onset_on=date(2026, 2, 15))
    for day in range(43):
        factories.entry(episode=episode, on=date(2026, 2, 15) + timedelta(days=day), observations={"pain_avg": 6})
    episode.refresh_from_db()

    monitoring.assess_episode(episode, now=datetime(2026, 3, 28, 23, 59, tzinfo=UTC))
    the_day_before = Alert.objects.filter(rule_id="PER-03").exists()
    monitoring.assess_episode(episode, now=datetime(2026, 3, 29, 0, 1, tzinfo=UTC))

    assert not the_day_before
    assert Alert.objects.get(rule_id="PER-03").as_of == date(2026, 3, 29)


def test_a_day_that_is_tomorrow_at_home_is_judged_as_its_own_day(ada: User, episode: Episode) -> None:
    """In Kiritimati it is already the morning of 3 March."""
    there = body(on=date(2026, 3, 3), at=NOW.isoformat(), zone="Pacific/Kiritimati", observations={"saddle": "new"})

    recorded = recording.record_entry(ada, uuid.uuid4(), there, now=NOW)

    assert not recorded.entry.clock_suspect
    assert Alert.objects.get(tier="emergency").as_of == date(2026, 3, 3)


def test_weakness_without_any_pain_is_as_urgent(ada: User, episode: Episode) -> None:
    recording.record_entry(ada, uuid.uuid4(), answers(on=TODAY - timedelta(days=1), pain_avg=0), now=NOW)

    recording.record_entry(ada, uuid.uuid4(), answers(pain_avg=0, weakness=2), now=NOW)

    assert Alert.objects.get(rule_id="RF-NEU-01").tier == "emergency"


def test_a_new_painful_side_stays_in_the_episode_and_both_legs_are_an_emergency(ada: User) -> None:
    factories.episode(patient=ada, pain_site="leg_below_knee", pain_side="left")
    for back, side in ((2, "left"), (1, "right")):
        recording.record_entry(ada, uuid.uuid4(), answers(on=TODAY - timedelta(days=back), pain_side=side), now=NOW)
    other_side = Alert.objects.filter(tier="emergency").exists()

    recording.record_entry(ada, uuid.uuid4(), answers(pain_side="both"), now=NOW)

    assert not other_side
    assert Alert.objects.get(tier="emergency").rule_id == "RF-CES-05"
    assert Episode.objects.get().began_on == date(2026, 2, 9)


def test_a_review_set_after_an_injection_moves_the_prompt_and_not_the_clock(ada: User) -> None:
    episode = factories.episode(patient=ada, onset_on=TODAY - timedelta(days=42), next_review_on=TODAY)
    _daily(episode, days=43, pain_avg=6)
    episode.next_review_on = TODAY + timedelta(days=1)
    episode.save(update_fields=["next_review_on"])
    monitoring.assess_due(now=NOW)
    while_waiting = Alert.objects.filter(rule_id="PER-03").count()

    monitoring.assess_due(now=NOW + timedelta(days=1))

    assert while_waiting == 0
    assert Alert.objects.get(rule_id="PER-03").occasion == "D42"


def test_a_pregnancy_that_began_is_known_from_its_day_on_and_goes_on_with_time(ada: User, episode: Episode) -> None:
    PatientProfile.objects.filter(user=ada).update(
        history={"pregnant_weeks": 20}, history_said_on={"pregnant_weeks": "2026-02-16"}
    )
    episode = Episode.objects.select_related("patient__patient").get()

    assert monitoring.history_of(episode, until=date(2026, 3, 1)).baseline["pregnant_weeks"] == 21
    assert monitoring.history_of(episode, until=date(2026, 3, 2)).baseline["pregnant_weeks"] == 22


def test_a_patient_who_turns_50_during_the_episode_is_judged_as_50(ada: User) -> None:
    PatientProfile.objects.filter(user=ada).update(year_of_birth=1976)
    episode = factories.episode(patient=ada, onset_on=date(2025, 12, 6))
    for day in range(29):
        factories.entry(episode=episode, on=date(2025, 12, 6) + timedelta(days=day), observations={"pain_avg": 6})

    monitoring.assess_episode(_fresh(episode), now=datetime(2026, 1, 3, 9, 30, tzinfo=UTC))

    assert Alert.objects.get(rule_id="RF-MAL-06").inputs["baseline"]["age"] == 50


@pytest.mark.parametrize("because", ["died", "withdrew"])
def test_nobody_is_prompted_after_death_or_withdrawal_and_a_red_flag_still_counts(
    ada: User, ben: User, because: str
) -> None:
    episode = factories.episode(patient=ada, onset_on=TODAY - timedelta(days=42))
    _daily(episode, days=43, pain_avg=6)
    reminders.set_reminder(ada.pk, local_time=time(19), time_zone="Europe/London", now=NOW)
    monitoring.assess_due(now=NOW)

    episodes.stop_prompts(episode, because=because, by=ben, now=NOW)
    monitoring.assess_due(now=NOW + timedelta(days=7))
    waiting = Message.objects.filter(recipient=ada, status="due").count()
    recording.record_entry(ada, uuid.uuid4(), answers(saddle="new"), now=NOW + timedelta(days=7))

    assert waiting == 0
    assert Reminder.objects.get(user=ada).next_at is None
    assert Alert.objects.get(rule_id="PER-03").occasion == "D42"
    assert Alert.objects.filter(tier="emergency").exists()


def test_a_prompt_is_held_while_a_same_day_alert_is_open_and_told_when_it_is_closed(ada: User, ben: User) -> None:
    episode = factories.episode(patient=ada, onset_on=TODAY - timedelta(days=42))
    _daily(episode, days=43, pain_avg=6)
    unsure = answers(on=TODAY - timedelta(days=2), pain_avg=6, saddle="unsure")
    recording.record_entry(ada, uuid.uuid4(), unsure, now=NOW - timedelta(days=2))
    monitoring.assess_due(now=NOW)
    held = Message.objects.filter(kind="review").count()

    alerts.close(Alert.objects.get(tier="same_day").pk, by=ben, outcome="advice_given", now=NOW + timedelta(hours=5))

    assert held == 0
    assert Message.objects.filter(recipient=ada, kind="review", channel="email").count() == 1


# --- Silence, newcomers, new episodes ---------------------------------------------------------------------------------


def test_silence_from_week_6_on_is_asked_about_then_prompted_then_a_task(ada: User) -> None:
    onset_on = TODAY - timedelta(days=42)
    episode = factories.episode(patient=ada, onset_on=onset_on)
    for day in range(3):
        factories.entry(episode=episode, on=onset_on + timedelta(days=day), observations={"pain_avg": 6})
    told = {}
    for day in (41, 42, 43, 48, 49, 56):
        monitoring.assess_episode(_fresh(episode), now=NOW + timedelta(days=day - 42))
        asked = Message.objects.filter(recipient=ada, kind="check_in", channel="email").count()
        told[day] = (asked, sorted(Alert.objects.values_list("rule_id", flat=True)))

    assert told == {
        41: (0, []),
        42: (1, []),
        43: (1, []),
        48: (1, []),
        49: (1, ["PER-07"]),
        56: (1, ["PER-07", "PER-07-TASK"]),
    }


def test_the_question_waits_while_something_urgent_is_open(ada: User, ben: User) -> None:
    onset_on = TODAY - timedelta(days=42)
    episode = factories.episode(patient=ada, onset_on=onset_on)
    recording.record_entry(ada, uuid.uuid4(), answers(on=onset_on, saddle="new"), now=NOW - timedelta(days=42))
    monitoring.assess_episode(_fresh(episode), now=NOW)
    held = Message.objects.filter(kind="check_in").count()

    emergency = Alert.objects.get(tier="emergency")
    alerts.close(emergency.pk, by=ben, outcome="seen_emergency", note="Scan clear.", now=NOW)
    monitoring.assess_episode(_fresh(episode), now=NOW + timedelta(days=1))

    assert held == 0
    assert Message.objects.filter(kind="check_in", channel="email").count() == 1


def test_somebody_who_joined_yesterday_with_old_pain_is_not_told_off_for_silence(ada: User) -> None:
    episode = factories.episode(patient=ada, onset_on=TODAY - timedelta(days=100))
    Episode.objects.update(started_at=NOW - timedelta(days=1))

    monitoring.assess_episode(_fresh(episode), now=NOW)

    assert (Alert.objects.count(), Message.objects.count()) == (0, 0)


def test_pain_that_comes_back_after_a_pain_free_month_begins_a_new_clock(ada: User) -> None:
    first = TODAY - timedelta(days=37)
    episode = factories.episode(patient=ada, onset_on=first - timedelta(days=10), assessed_on=first)
    for day in range(38):
        observations = {"pain_avg": 0 if 3 <= day < 36 else 6}
        factories.entry(episode=episode, on=first + timedelta(days=day), observations=observations)

    monitoring.assess_due(now=NOW)

    episode = _fresh(episode)
    baseline = monitoring.history_of(episode, until=TODAY).baseline
    assert episode.began_on == TODAY - timedelta(days=1)
    assert (episode.onset_on, baseline["assessed_this_episode"]) == (first - timedelta(days=10), False)


def test_a_late_entry_of_pain_in_the_pain_free_month_takes_the_new_clock_back(ada: User) -> None:
    first = TODAY - timedelta(days=37)
    episode = factories.episode(patient=ada, onset_on=first)
    for day in range(38):
        observations = {"pain_avg": 0 if 3 <= day < 36 else 6}
        factories.entry(episode=episode, on=first + timedelta(days=day), observations=observations)
    monitoring.assess_due(now=NOW)
    recording.record_entry(ada, uuid.uuid4(), answers(on=first + timedelta(days=15), pain_avg=5), now=NOW)

    monitoring.assess_due(now=NOW)

    assert _fresh(episode).began_on == first


# --- Everybody again --------------------------------------------------------------------------------------------------


def test_a_new_catalogue_makes_every_active_episode_due_within_the_hour(ada: User) -> None:
    for number in range(40):
        patient = factories.patient(email=f"p{number}@example.org")
        factories.episode(patient=patient)
    Episode.objects.update(next_check_at=NOW + timedelta(hours=14))

    moved = monitoring.look_again(now=NOW)

    dues = sorted(Episode.objects.values_list("next_check_at", flat=True))
    assert moved == 40
    assert NOW <= dues[0] < dues[-1] < NOW + timedelta(hours=1)
    assert len(set(dues)) > 10


def test_who_is_due_sooner_stays_so(ada: User, episode: Episode) -> None:
    Episode.objects.update(next_check_at=NOW - timedelta(hours=1))

    assert monitoring.look_again(now=NOW) == 0
    assert Episode.objects.get().next_check_at == NOW - timedelta(hours=1)


@pytest.mark.parametrize("others", [0, 30])
def test_a_check_costs_by_the_due_and_not_by_everybody(
    ada: User, episode: Episode, others: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(others):
        patient = factories.patient(email=f"p{number}@example.org")
        other = factories.episode(patient=patient)
        Episode.objects.filter(pk=other.pk).update(next_check_at=NOW + timedelta(hours=3))

    with django_assert_max_num_queries(12):
        assert monitoring.assess_due(now=NOW) == 1


def _fresh(episode: Episode) -> Episode:
    return Episode.objects.select_related("patient__patient").get(pk=episode.pk)


def _daily(episode: Episode, *, days: int, **observations: Any) -> None:
    """Store an entry for each of the last ``days`` days, today included."""
    for back in range(days):
        factories.entry(episode=episode, on=TODAY - timedelta(days=back), observations=observations)
