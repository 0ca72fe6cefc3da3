"""What the exercise programme is told about a person: from the diary, the open alerts and the profile."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from edge.errors import Refused
from exercises.facts import about as about_of
from selfcare.accounts.models import PatientProfile, User
from selfcare.diary import exercising, monitoring
from selfcare.diary.models import Episode
from selfcare.triage.models import Alert, Assessment
from tests import factories

NOW = datetime(2026, 3, 30, 20, 0, tzinfo=UTC)
TODAY = date(2026, 3, 30)
SCREEN = {"bladder": "none", "bowel": "none", "saddle": "none", "both_legs": "none", "weakness": 0, "numbness": 0}


@pytest.fixture
def episode(ada: User) -> Episode:
    return factories.episode(patient=ada, onset_on=date(2026, 3, 2), pain_side="left")


def say(episode: Episode, days_ago: int, **observations: Any) -> Any:
    return factories.entry(episode=episode, on=TODAY - timedelta(days=days_ago), observations=observations)


def judged(entry: Any, tier: str, *, complete: bool = True) -> None:
    Assessment.objects.create(
        patient=entry.patient,
        entry_id=entry.pk,
        as_of=entry.occurred_on,
        catalogue_version="test",
        tier=tier,
        complete=complete,
        evaluated_at=NOW,
    )


def alarm(ada: User, tier: str, status: str = "open") -> None:
    Alert.objects.create(
        patient=ada,
        rule_id=f"RF-{tier}-{status}"[:24],
        reason="fever",
        tier=tier,
        urgency=0 if tier == "emergency" else 1,
        status=status,
        catalogue_version="test",
        as_of=TODAY,
        reported_at=NOW,
        opened_at=NOW,
    )


def facts(ada: User) -> dict[str, Any]:
    return dict(exercising.about(ada, now=NOW).facts)


def test_the_settings_name_the_one_who_answers(ada: User, episode: Episode) -> None:
    found = about_of(ada, now=NOW)

    assert (found.as_of, found.side, found.days_since_onset) == (TODAY, "left", 28)


def test_the_persons_own_date_counts(ada: User) -> None:
    PatientProfile.objects.filter(user=ada).update(time_zone="Pacific/Kiritimati")

    assert exercising.about(ada, now=NOW).as_of == date(2026, 3, 31)


def test_a_person_who_is_no_patient_is_refused(ben: User) -> None:
    with pytest.raises(Refused, match="Finish setting up") as error:
        exercising.about(ben, now=NOW)

    assert error.value.status_code == 403


@pytest.mark.parametrize(
    ("tiers", "found"),
    [
        ([("same_day", "open"), ("emergency", "acknowledged")], "emergency"),
        ([("same_day", "open")], "same_day"),
        ([("emergency", "closed")], None),
        ([("within_2_weeks", "open")], None),
    ],
)
def test_the_most_urgent_open_alert_pauses(ada: User, tiers: list[tuple[str, str]], found: str | None) -> None:
    for tier, status in tiers:
        alarm(ada, tier, status)

    assert facts(ada).get("open_alert") == found


@pytest.mark.parametrize(
    ("days_ago", "observations", "fact", "value"),
    [
        (0, {"fever_c": 38}, "fever", True),
        (1, {"fever_c": 38.5}, "fever", True),
        (2, {"fever_c": 39}, "fever", False),
        (0, {"fever_c": 37.9}, "fever", False),
        (1, {"trauma": "minor"}, "new_trauma", True),
        (2, {"trauma": "major"}, "new_trauma", False),
        (0, {"trauma": "none"}, "new_trauma", False),
        (13, {"weakness": 2}, "weakness", 2),
        (14, {"weakness": 2}, "weakness", None),
        (3, {"numbness": 1}, "numbness", 1),
        (5, {"leg_swelling_one_side": True}, "leg_swelling_one_side", True),
        (5, {"chest_pain": True}, "heart_symptoms", True),
        (5, {"breathless": True}, "heart_symptoms", True),
        (5, {"breathless": False}, "heart_symptoms", False),
        (0, {"pain_avg": 8}, "pain_at_rest", 8),
        (1, {"pain_avg": 8}, "pain_at_rest", None),
    ],
)
def test_an_answer_counts_as_long_as_it_can(
    ada: User, episode: Episode, days_ago: int, observations: dict[str, Any], fact: str, value: Any
) -> None:
    say(episode, days_ago, **observations)

    assert facts(ada).get(fact) == value


def test_the_newest_answer_about_strength_counts(ada: User, episode: Episode) -> None:
    say(episode, 4, weakness=2)
    say(episode, 2, weakness=1)
    say(episode, 1, pain_avg=2)

    assert facts(ada)["weakness"] == 1


@pytest.mark.parametrize(
    ("weeks_ago", "weeks"),
    [(0, 12), (1, 13), (5, 17)],
)
def test_weeks_of_pregnancy_go_on(ada: User, weeks_ago: int, weeks: int) -> None:
    PatientProfile.objects.filter(user=ada).update(
        history={"pregnant_weeks": 12, "hip_replacement": True}, history_asked_at=NOW - timedelta(weeks=weeks_ago)
    )

    assert facts(ada)["pregnant_weeks"] == weeks
    assert facts(ada)["hip_replacement"] is True


@pytest.mark.parametrize(("days_ago", "recent"), [(41, True), (42, None)])
def test_an_operation_counts_for_six_weeks_after_it_was_told(ada: User, days_ago: int, recent: bool | None) -> None:
    PatientProfile.objects.filter(user=ada).update(
        history={"recent_spinal_procedure": True}, history_asked_at=NOW - timedelta(days=days_ago)
    )

    assert facts(ada).get("recent_surgery") is recent


@pytest.mark.parametrize(
    ("days_ago", "left_out", "tier", "complete", "clear"),
    [
        (0, None, "none", True, True),
        (1, None, "routine", True, True),
        (2, None, "none", True, False),
        (0, "saddle", "none", True, False),
        (0, None, "within_2_weeks", True, False),
        (0, None, "none", False, False),
    ],
)
def test_a_screen_is_clear_only_when_it_is_whole_fresh_and_judged_quiet(
    ada: User, episode: Episode, days_ago: int, left_out: str | None, tier: str, *, complete: bool, clear: bool
) -> None:
    answers = {name: value for name, value in SCREEN.items() if name != left_out}
    judged(say(episode, days_ago, **answers), tier, complete=complete)

    assert exercising.about(ada, now=NOW).screen_clear is clear


def test_an_open_alert_makes_no_screen_clear(ada: User, episode: Episode) -> None:
    judged(say(episode, 0, **SCREEN), "none")
    alarm(ada, "same_day")

    assert not exercising.about(ada, now=NOW).screen_clear


def test_the_level_of_pain_is_known_for_the_days_that_have_enough_entries(ada: User, episode: Episode) -> None:
    for days_ago in range(16):
        say(episode, days_ago, pain_avg=2)

    levels = exercising.about(ada, now=NOW).m7()

    # The first of the fourteen days has three entries behind it, one too few.
    assert list(levels) == [None, *[2.0] * 13]


def further_down_on(ada: User, *days: date) -> None:
    for day in days:
        result = {"exercise": "EX-03", "level": 1, "before": 2, "during": 2, "spread": "further_down"}
        factories.exercise_session(patient=ada, on=day, results=[result])


def test_pain_that_exercises_moved_down_makes_more_numbness_a_matter_of_the_day(ada: User, episode: Episode) -> None:
    factories.programme(patient=ada)
    say(episode, 1, numbness=0)
    say(episode, 0, numbness=1)

    further_down_on(ada, TODAY - timedelta(days=2), TODAY)
    monitoring.assess_due(now=NOW)

    assert list(Alert.objects.values_list("rule_id", "tier")) == [("RF-NEU-06", "same_day")]


def test_once_further_down_is_no_direction(ada: User, episode: Episode) -> None:
    factories.programme(patient=ada)
    say(episode, 1, numbness=0)
    say(episode, 0, numbness=1)

    further_down_on(ada, TODAY)
    monitoring.assess_due(now=NOW)

    assert not Alert.objects.exists()
