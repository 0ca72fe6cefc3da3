"""The order in which entries arrive never changes what they mean.

A phone may have been offline for weeks. What is told late is judged on its own day and bears on the later ones.
"""

from __future__ import annotations

import itertools
import os
import random
import uuid
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from selfcare.accounts.models import User
from selfcare.diary import monitoring, recording
from selfcare.diary.models import Entry, Episode
from selfcare.triage.models import Alert, AlertEvent, Assessment, urgency
from tests import factories
from tests.diary.phone import NOW, QUIET, SADDLE, TODAY, answers, body

pytestmark = pytest.mark.django_db

# The suite plays a few; before a release set ORDER_HISTORIES=3000.
HISTORIES = int(os.environ.get("ORDER_HISTORIES", "25"))

# Day of the diary, minute of the day, and what was not quiet.
Reported = tuple[int, int, dict[str, Any]]

WEAKER: list[Reported] = [
    (0, 600, {"weakness": 0}),
    (1, 600, {"weakness": 1}),
    (2, 600, {"weakness": 2}),
    (5, 600, {"weakness": 3, "numbness": 2}),
]
BLADDER_IN_BETWEEN: list[Reported] = [
    (0, 600, {"both_legs": "none"}),
    (3, 600, {"bladder": "new", "bladder_detail": ["leak"], "bladder_since_days": 0}),
    (4, 600, {"bladder": "none"}),
    (6, 600, {"saddle": "unsure"}),
]
TWO_ON_ONE_DAY: list[Reported] = [
    (0, 600, {"numbness": 0}),
    (2, 600, {"numbness": 3}),
    (2, 1200, {"numbness": 1, "chills": True}),
    (9, 600, {"numbness": 1, "gait_unsteady": True}),
]


@pytest.mark.parametrize("diary", [WEAKER, BLADDER_IN_BETWEEN, TWO_ON_ONE_DAY], ids=["weaker", "bladder", "two-a-day"])
def test_every_order_of_arrival_of_a_small_diary_leads_to_the_same_alerts(diary: list[Reported]) -> None:
    in_order = _play(diary)

    for order in itertools.permutations(diary):
        assert _play(order) == in_order


@pytest.mark.parametrize("seed", range(6))
def test_a_shuffled_diary_is_judged_as_in_order_day_by_day_and_misses_no_alert(seed: int) -> None:
    chance = random.Random(seed)
    days = sorted(chance.choices(range(70), k=20))
    diary = [(day, minute, _random_answers(chance)) for minute, day in enumerate(days)]
    shuffled = chance.sample(diary, len(diary))

    patient, late_patient = _patient(), _patient()
    _arrive(patient, diary)
    _arrive(late_patient, shuffled)

    assert _judged(late_patient) == _judged(patient)
    # What looked worse while a part of the diary was missing is not taken back, so there may be more; never fewer.
    assert _alerts(late_patient) >= _all_of(_judged(late_patient))


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_any_small_diary_in_any_order_ends_with_the_same_judgement_and_misses_no_alert(seed: int) -> None:
    chance = random.Random(seed)
    days = sorted(chance.choices(range(60), k=chance.randint(2, 6)))
    # Two entries of one day follow each other; else the day alone says which came first.
    diary = [(day, 600 + place, _random_answers(chance)) for place, day in enumerate(days)]
    shuffled = chance.sample(diary, len(diary))

    patient, late_patient = _patient(), _patient()
    _arrive(patient, diary)
    _arrive(late_patient, shuffled)
    monitoring.assess_due(now=NOW + timedelta(hours=1))

    judged = _judged(late_patient)
    assert judged == _judged(patient)
    assert _today(late_patient) == _today(patient)
    # An alert latches: what looked worse while a part was missing stays. So there may be more, never fewer.
    assert _alerts(late_patient) >= _all_of(judged)
    late = _urgency(late_patient)
    # The most urgent of what the whole diary means is never told less urgently for coming late.
    for found in judged.values():
        assert all(late[rule] <= urgency(tier) for rule, tier, _ in found)


def test_an_emergency_found_in_an_old_entry_is_raised_now(ada: User, episode: Episode) -> None:
    recording.record_entry(ada, uuid.uuid4(), body(), now=NOW)

    recording.record_entry(ada, uuid.uuid4(), body(on=TODAY - timedelta(days=10), observations=SADDLE), now=NOW)

    alert = Alert.objects.get()
    assert (alert.tier, alert.as_of, alert.opened_at) == ("emergency", date(2026, 2, 20), NOW)


def test_a_late_entry_has_later_days_judged_again(ada: User, episode: Episode) -> None:
    recording.record_entry(ada, uuid.uuid4(), answers(weakness=2, on=TODAY), now=NOW)
    before = set(Alert.objects.values_list("rule_id", flat=True))

    recording.record_entry(ada, uuid.uuid4(), answers(weakness=0, on=TODAY - timedelta(days=1)), now=NOW)

    assert "RF-NEU-01" not in before
    assert Alert.objects.get(rule_id="RF-NEU-01").as_of == TODAY


def test_a_late_entry_has_time_look_at_the_episode_again(ada: User, episode: Episode) -> None:
    Episode.objects.update(next_check_at=NOW + timedelta(hours=14))
    recording.record_entry(ada, uuid.uuid4(), body(), now=NOW)

    recording.record_entry(ada, uuid.uuid4(), body(on=TODAY - timedelta(days=3)), now=NOW)

    assert Episode.objects.get().next_check_at == NOW


def test_an_entry_in_order_judges_one_day(ada: User, episode: Episode) -> None:
    for back in (3, 2, 1, 0):
        recording.record_entry(ada, uuid.uuid4(), body(on=TODAY - timedelta(days=back)), now=NOW)

    assert Assessment.objects.count() == 4


def _play(diary: Any) -> Any:
    patient = _patient()
    _arrive(patient, diary)
    return _judged(patient), _alerts(patient)


def _patient() -> User:
    person = factories.patient(email=f"{uuid.uuid4()}@example.org")
    factories.episode(patient=person, onset_on=TODAY - timedelta(days=100))
    return person


def _arrive(patient: User, diary: Any) -> None:
    first = TODAY - timedelta(days=70)
    for place, (day, minute, changes) in enumerate(diary):
        on = first + timedelta(days=day)
        at = (datetime.combine(on, time(), tzinfo=UTC) + timedelta(minutes=minute)).isoformat()
        sent = body(on=on, at=at, observations={**QUIET, **changes})
        recording.record_entry(patient, uuid.uuid4(), sent, now=NOW + timedelta(seconds=place))


def _judged(patient: User) -> dict[date, set[tuple[str, str, str]]]:
    """Return the findings of the newest assessment of each day that has entries."""
    days = set(Entry.objects.filter(patient=patient).values_list("occurred_on", flat=True))
    newest = {}
    for assessment in Assessment.objects.filter(patient=patient, as_of__in=days).order_by("evaluated_at"):
        newest[assessment.as_of] = {(one["rule"], one["tier"], one["occasion"]) for one in assessment.findings}
    return newest


def _all_of(judged: dict[date, set[tuple[str, str, str]]]) -> set[tuple[str, str, str]]:
    return {
        (rule, tier, occasion or day.isoformat()) for day, found in judged.items() for rule, tier, occasion in found
    }


def _alerts(patient: User) -> set[tuple[str, str, str]]:
    """Return rule, tier, and day or occasion of everything that the alerts of the patient stand for.

    An occasion, such as the review at six weeks, is told once, on whichever of its days is known first.
    """
    took_part = AlertEvent.objects.filter(alert__patient=patient, kind__in=("opened", "raised", "repeated"))
    return {
        (event.alert.rule_id, event.data["tier"], event.data["occasion"] or event.data["as_of"])
        for event in took_part.select_related("alert")
    }


def _today(patient: User) -> list[Any]:
    """Return what time alone brings, as it was judged last."""
    newest = Assessment.objects.filter(patient=patient, entry_id=None).latest("evaluated_at")
    return [(one["rule"], one["tier"], one["occasion"], one["inputs"]) for one in newest.findings]


def _urgency(patient: User) -> dict[str, int]:
    """Return the rank of the most urgent alert of each rule."""
    rows = Alert.objects.filter(patient=patient).order_by("-urgency")
    return {alert.rule_id: alert.urgency for alert in rows}


def _random_answers(chance: random.Random) -> dict[str, Any]:
    changes: dict[str, Any] = {"pain_avg": chance.randint(0, 10), "weakness": chance.choice([0, 0, 0, 1, 1, 2, 3])}
    changes["numbness"] = chance.choice([0, 0, 1, 2, 3])
    changes["saddle"] = chance.choice(["none"] * 9 + ["new", "unsure"])
    changes["bladder"] = chance.choice(["none"] * 9 + ["worse", "unsure"])
    changes["chills"] = chance.random() < 0.1
    return changes
