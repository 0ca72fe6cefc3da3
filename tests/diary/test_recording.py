"""Writing to the diary: ids, corrections, clocks, and what happens when triage fails."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from edge.errors import Refused
from notifications.models import Message, Reminder
from selfcare.accounts.models import User
from selfcare.diary import monitoring, recording
from selfcare.diary.models import Entry, Episode
from selfcare.triage import alerts, evaluating, rules
from selfcare.triage.models import Alert, AlertEvent, Assessment
from tests import factories
from tests.diary.phone import NOW, SADDLE, TODAY, answers, body

pytestmark = pytest.mark.django_db


def test_an_entry_is_stored_with_its_assessment_its_alert_and_its_messages(
    ada: User, ben: User, episode: Episode
) -> None:
    recorded = recording.record_entry(ada, uuid.uuid4(), body(observations=SADDLE), now=NOW)

    alert = Alert.objects.get(patient=ada)
    assert recorded.created
    assert recorded.assessment is not None
    assert recorded.assessment.tier == alert.tier == "emergency"
    assert alert.rule_id == "RF-CES-03"
    assert set(Message.objects.values_list("recipient_id", "kind")) == {(ben.pk, "worklist"), (ada.pk, "follow_up")}


def test_the_same_id_and_body_again_gives_the_stored_entry_back(ada: User, episode: Episode) -> None:
    entry_id = uuid.uuid4()
    first = recording.record_entry(ada, entry_id, body(observations=SADDLE), now=NOW)

    again = recording.record_entry(ada, entry_id, body(observations=SADDLE), now=NOW + timedelta(days=3))

    assert not again.created
    assert again.entry.received_at == first.entry.received_at
    assert again.assessment == first.assessment
    assert Alert.objects.count() == AlertEvent.objects.count() == 1


def test_the_same_answers_in_another_order_are_the_same_entry(ada: User, episode: Episode) -> None:
    entry_id = uuid.uuid4()
    recording.record_entry(ada, entry_id, body(observations={"pain_avg": 4, "weakness": 0}), now=NOW)

    again = recording.record_entry(ada, entry_id, body(observations={"weakness": 0, "pain_avg": 4}), now=NOW)

    assert not again.created


@pytest.mark.parametrize(
    "change",
    [
        {"observations": {"pain_avg": 5}},
        {"occurred_on": "2026-03-01"},
        {"recorded_at": "2026-03-02T18:00:01+00:00"},
        {"recorded_zone": "Europe/Paris"},
        {"app_version": "2"},
        {"shown_tier": "none"},
    ],
    ids=str,
)
def test_the_same_id_with_another_body_is_refused_and_changes_nothing(
    ada: User, episode: Episode, change: dict[str, Any]
) -> None:
    entry_id = uuid.uuid4()
    recording.record_entry(ada, entry_id, body(), now=NOW)
    before = Entry.objects.values().get()

    with pytest.raises(recording.IdTaken):
        recording.record_entry(ada, entry_id, body(**change), now=NOW)

    assert Entry.objects.values().get() == before


def test_an_id_of_somebody_else_is_told_like_an_own_id_with_another_body(ada: User, episode: Episode) -> None:
    stranger = factories.patient(email="dee@example.org")
    entry_id = uuid.uuid4()
    recording.record_entry(ada, entry_id, body(), now=NOW)

    with pytest.raises(recording.IdTaken):
        recording.record_entry(stranger, entry_id, body(), now=NOW)

    assert Entry.objects.get().patient == ada


def test_a_first_entry_without_an_episode_begins_one_on_its_day(ada: User) -> None:
    recording.record_entry(ada, uuid.uuid4(), body(on=date(2026, 3, 1)), now=NOW)

    begun = Episode.objects.get(patient=ada)
    assert (begun.onset_on, begun.onset_estimated) == (date(2026, 3, 1), True)


def test_a_person_without_a_profile_is_told_to_finish_setting_up(ben: User) -> None:
    with pytest.raises(recording.NotSetUp):
        recording.record_entry(ben, uuid.uuid4(), body(), now=NOW)


def test_an_entry_takes_care_of_todays_reminder(ada: User, episode: Episode) -> None:
    Reminder.objects.create(
        user=ada, local_time="19:00", time_zone="Europe/London", next_at=NOW + timedelta(minutes=30)
    )

    recording.record_entry(ada, uuid.uuid4(), body(), now=NOW)

    assert Reminder.objects.get(user=ada).done_on == TODAY


# --- Clocks ----------------------------------------------------------------------------------------------------------


def test_a_clock_ten_minutes_ahead_is_ordinary_drift(ada: User, episode: Episode) -> None:
    entry = _recorded_at(ada, NOW + timedelta(minutes=10))

    assert not entry.clock_suspect


def test_a_clock_eleven_minutes_ahead_on_the_right_day_is_marked(ada: User, episode: Episode) -> None:
    entry = _recorded_at(ada, NOW + timedelta(minutes=11))

    assert (entry.clock_suspect, entry.occurred_on) == (True, TODAY)


def test_a_reminder_that_fails_loses_no_entry(ada: User, episode: Episode, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording.reminders, "checked_in", _broken)

    recording.record_entry(ada, uuid.uuid4(), body(), now=NOW)

    assert Entry.objects.count() == 1


def test_a_clock_more_than_ten_minutes_ahead_is_marked_and_the_servers_date_is_used(
    ada: User, episode: Episode
) -> None:
    entry = _recorded_at(ada, NOW + timedelta(days=400), on=TODAY + timedelta(days=400))

    assert entry.clock_suspect
    assert entry.occurred_on == TODAY
    assert entry.recorded_at == NOW + timedelta(days=400)


@pytest.mark.parametrize("day", [date(1969, 12, 31), date(1, 1, 1), date(9999, 12, 31), date(1987, 12, 31)], ids=str)
def test_an_absurd_day_is_marked_and_the_servers_date_is_used(ada: User, episode: Episode, day: date) -> None:
    entry = _recorded_at(ada, NOW, on=day)

    assert (entry.clock_suspect, entry.occurred_on) == (True, TODAY)


@pytest.mark.parametrize("day", [date(2026, 2, 10), date(2025, 6, 1), date(1990, 1, 1)], ids=str)
def test_a_day_in_the_past_is_late_and_keeps_its_date(ada: User, episode: Episode, day: date) -> None:
    entry = _recorded_at(ada, NOW, on=day)

    assert (entry.clock_suspect, entry.occurred_on) == (False, day)


@pytest.mark.parametrize(
    "stated", ["0001-01-01T00:00:00+10:00", "9999-12-31T23:59:59-10:00", "9999-12-31T12:00:00+00:00"]
)
def test_an_instant_at_the_edge_of_the_calendar_is_no_reason_to_refuse(
    ada: User, episode: Episode, stated: str
) -> None:
    recorded = recording.record_entry(ada, uuid.uuid4(), body(at=stated), now=NOW)

    assert recorded.entry.clock_suspect


@pytest.mark.parametrize(
    ("zone", "today"),
    [("Pacific/Kiritimati", date(2026, 3, 3)), ("Pacific/Niue", date(2026, 3, 2)), ("Europe/London", TODAY)],
)
def test_the_local_day_comes_from_the_zone_on_the_entry(ada: User, episode: Episode, zone: str, today: date) -> None:
    recorded = recording.record_entry(ada, uuid.uuid4(), body(on=today, at=NOW.isoformat(), zone=zone), now=NOW)

    assert (recorded.entry.clock_suspect, recorded.entry.occurred_on) == (False, today)


def test_tomorrow_in_the_patients_own_zone_is_in_the_future(ada: User, episode: Episode) -> None:
    recorded = recording.record_entry(ada, uuid.uuid4(), body(on=date(2026, 3, 3), at=NOW.isoformat()), now=NOW)

    assert (recorded.entry.clock_suspect, recorded.entry.occurred_on) == (True, TODAY)


def test_a_zone_that_nobody_knows_falls_back_to_the_home_zone(ada: User, episode: Episode) -> None:
    recorded = recording.record_entry(ada, uuid.uuid4(), body(zone="Mars/Olympus"), now=NOW)

    assert (recorded.entry.occurred_on, recorded.entry.recorded_zone) == (TODAY, "Mars/Olympus")


@pytest.mark.parametrize("zone", ["../../etc/passwd", "/etc/localtime", "a\x00b", "Europe", "."])
def test_a_hostile_zone_neither_opens_a_file_nor_refuses_the_entry(ada: User, episode: Episode, zone: str) -> None:
    recorded = recording.record_entry(ada, uuid.uuid4(), body(zone=zone, observations=SADDLE), now=NOW)

    assert recorded.assessment is not None
    assert recorded.assessment.tier == "emergency"


# --- Corrections -----------------------------------------------------------------------------------------------------


def test_a_correction_marks_the_earlier_entry_and_withdraws_no_alert(ada: User, episode: Episode) -> None:
    first, second = uuid.uuid4(), uuid.uuid4()
    recording.record_entry(ada, first, body(observations=SADDLE), now=NOW)

    corrected = recording.correct_entry(ada, first, second, body(), now=NOW + timedelta(minutes=5))

    assert corrected.created
    assert corrected.entry.corrects_id == first
    assert Entry.objects.get(pk=first).entered_in_error_at == NOW + timedelta(minutes=5)
    assert Alert.objects.open().get().rule_id == "RF-CES-03"


def test_a_corrected_entry_no_longer_counts(ada: User, episode: Episode) -> None:
    first, second = uuid.uuid4(), uuid.uuid4()
    recording.record_entry(ada, first, answers(pain_avg=9), now=NOW)
    recording.correct_entry(ada, first, second, answers(pain_avg=3), now=NOW)

    history = monitoring.history_of(episode, until=TODAY)

    assert [entry.id for entry in history.entries] == [str(second)]


def test_the_same_correction_again_gives_the_stored_one_back(ada: User, episode: Episode) -> None:
    first, second = uuid.uuid4(), uuid.uuid4()
    recording.record_entry(ada, first, body(), now=NOW)
    recording.correct_entry(ada, first, second, answers(pain_avg=3), now=NOW)

    again = recording.correct_entry(ada, first, second, answers(pain_avg=3), now=NOW)

    assert not again.created


def test_an_entry_that_was_corrected_cannot_be_corrected_by_another_one(ada: User, episode: Episode) -> None:
    first = uuid.uuid4()
    recording.record_entry(ada, first, body(), now=NOW)
    recording.correct_entry(ada, first, uuid.uuid4(), answers(pain_avg=3), now=NOW)

    with pytest.raises(recording.AlreadyCorrected):
        recording.correct_entry(ada, first, uuid.uuid4(), answers(pain_avg=2), now=NOW)

    assert Entry.objects.count() == 2


def test_an_entry_of_somebody_else_cannot_be_corrected_and_is_told_like_an_unknown_one(
    ada: User, episode: Episode
) -> None:
    stranger = factories.patient(email="dee@example.org")
    first = uuid.uuid4()
    recording.record_entry(ada, first, body(), now=NOW)
    recording.correct_entry(ada, first, uuid.uuid4(), answers(pain_avg=3), now=NOW)

    for theirs in (first, uuid.uuid4()):
        with pytest.raises(recording.UnknownEntry):
            recording.correct_entry(stranger, theirs, uuid.uuid4(), body(), now=NOW)

    assert Entry.objects.filter(patient=stranger).count() == 0


def test_an_unknown_entry_cannot_be_corrected_under_its_own_id(ada: User, episode: Episode) -> None:
    nobodys = uuid.uuid4()

    with pytest.raises(recording.IdTaken):
        recording.correct_entry(ada, nobodys, nobodys, body(), now=NOW)

    assert not Entry.objects.exists()


def test_an_entry_cannot_correct_itself(ada: User, episode: Episode) -> None:
    first = uuid.uuid4()
    recording.record_entry(ada, first, body(), now=NOW)

    with pytest.raises(recording.IdTaken):
        recording.correct_entry(ada, first, first, body(), now=NOW)


# --- When triage fails -----------------------------------------------------------------------------------------------


def test_a_failing_rule_costs_its_finding_and_hides_no_other(
    ada: User, ben: User, episode: Episode, monkeypatch: pytest.MonkeyPatch
) -> None:
    _let_fail(monkeypatch, "PER-02")

    recorded = recording.record_entry(ada, uuid.uuid4(), body(observations=SADDLE), now=NOW)

    assert set(Alert.objects.values_list("rule_id", "tier")) == {
        ("RF-CES-03", "emergency"),
        (alerts.UNASSESSED, "same_day"),
    }
    assert recorded.entry.needs_assessment


@pytest.mark.parametrize("broken", [(evaluating.rules, "evaluate"), (alerts, "assess")], ids=["every-rule", "around"])
def test_triage_that_fails_as_a_whole_loses_no_entry_and_tells_people(
    ada: User, ben: User, episode: Episode, monkeypatch: pytest.MonkeyPatch, settings: Any, broken: tuple[Any, str]
) -> None:
    settings.OPERATOR_EMAIL = "operator@example.org"
    monkeypatch.setattr(*broken, _broken)

    recorded = recording.record_entry(ada, uuid.uuid4(), body(observations=SADDLE), now=NOW)

    assert recorded.assessment is None or not recorded.assessment.complete
    assert Entry.objects.get().needs_assessment
    assert Alert.objects.get().rule_id == alerts.UNASSESSED
    assert Message.objects.filter(address="operator@example.org", kind="operator").count() == 1
    assert Message.objects.filter(recipient=ben, kind="worklist").count() == 1


def test_even_a_failure_to_say_so_loses_no_entry(ada: User, episode: Episode, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alerts, "assess", _broken)
    monkeypatch.setattr(alerts, "could_not_assess", _broken)

    recording.record_entry(ada, uuid.uuid4(), body(observations=SADDLE), now=NOW)

    assert Entry.objects.get().needs_assessment


def test_a_query_that_fails_while_assessing_loses_no_entry(
    ada: User, episode: Episode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(monitoring, "_rows", lambda *_a, **_k: list(Entry.objects.raw("SELECT no_such_column")))

    recording.record_entry(ada, uuid.uuid4(), body(observations=SADDLE), now=NOW)

    assert Entry.objects.get().needs_assessment
    assert Alert.objects.get().rule_id == alerts.UNASSESSED


def test_the_next_tick_assesses_what_waited(ada: User, episode: Episode, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(evaluating.rules, "evaluate", _broken)
        recording.record_entry(ada, uuid.uuid4(), body(observations=SADDLE), now=NOW)

    monitoring.assess_due(now=NOW + timedelta(minutes=1))

    assert not Entry.objects.get().needs_assessment
    assert Alert.objects.filter(rule_id="RF-CES-03", tier="emergency").count() == 1


def test_a_failure_that_goes_on_adds_no_alert_and_no_event_at_each_tick(
    ada: User, episode: Episode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evaluating.rules, "evaluate", _broken)
    recording.record_entry(ada, uuid.uuid4(), body(observations=SADDLE), now=NOW)

    for minute in range(1, 4):
        monitoring.assess_due(now=NOW + timedelta(minutes=minute))

    assert Alert.objects.count() == AlertEvent.objects.filter(kind="opened").count() == 1
    assert AlertEvent.objects.filter(entry_id__isnull=False).count() == 1


def test_an_unfit_answer_is_named_with_a_sentence_and_nothing_is_stored(ada: User, episode: Episode) -> None:
    with pytest.raises(Refused) as refused:
        recording.record_entry(ada, uuid.uuid4(), body(observations={"pain_avg": 11}), now=NOW)

    assert set(refused.value.fields) == {"pain_avg"}
    assert not Entry.objects.exists()
    assert not Assessment.objects.exists()


def _recorded_at(patient: User, recorded_at: datetime, *, on: date = TODAY) -> Entry:
    sent = body(on=on, at=recorded_at.astimezone(UTC).isoformat())
    return recording.record_entry(patient, uuid.uuid4(), sent, now=NOW).entry


def _broken(*_args: Any, **_kwargs: Any) -> Any:
    raise RuntimeError("A slip in a rule.")


def _let_fail(monkeypatch: pytest.MonkeyPatch, rule_id: str) -> None:
    judge = rules._judge_rule

    def failing(with_judge: Any, rule: Any) -> Any:
        if rule.id == rule_id:
            raise RuntimeError("A slip in a rule.")
        return judge(with_judge, rule)

    monkeypatch.setattr(rules, "_judge_rule", failing)
