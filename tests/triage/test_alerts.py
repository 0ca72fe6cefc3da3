"""Alerts in people's hands and under the clock: who is told, who was first, and what can never be undone."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

import pytest

from notifications.models import Message
from selfcare.accounts import consents
from selfcare.accounts.models import Clinic, Membership, User
from selfcare.triage import alerts, escalation, follow_up
from selfcare.triage.follow_up import Answer
from selfcare.triage.models import TRANSITIONS, Alert, AlertEvent
from selfcare.triage.moving import AlertConflict, UnknownAlert
from selfcare.triage.rules import Answers, History
from tests import factories
from tests.diary.phone import NOW, QUIET, SADDLE, TODAY
from tests.triage.conftest import Report

pytestmark = pytest.mark.django_db


def test_a_quiet_day_opens_nothing_and_tells_nobody(report: Report, ben: User) -> None:
    assert report(QUIET) is None

    assert not Message.objects.exists()


def test_a_second_report_joins_the_open_alert(report: Report, emergency: Alert) -> None:
    again = report(SADDLE, now=NOW + timedelta(hours=1))

    assert again == emergency
    assert list(emergency.events.order_by("id").values_list("kind", flat=True)) == ["opened", "repeated"]


def test_a_second_report_of_the_same_tells_nobody_twice(report: Report, ben: User) -> None:
    report(SADDLE)
    before = Message.objects.count()

    report(SADDLE, now=NOW + timedelta(hours=1))

    assert Message.objects.count() == before


def test_a_later_none_closes_nothing(report: Report, emergency: Alert) -> None:
    report(QUIET, on=TODAY + timedelta(days=1), now=NOW + timedelta(days=1))

    assert Alert.objects.open().get() == emergency


def test_several_alerts_of_one_report_are_one_message_for_each_person(report: Report, ben: User, ada: User) -> None:
    report({**SADDLE, "bladder": "new", "bladder_since_days": 0, "bladder_detail": ["leak"]})

    assert Alert.objects.count() >= 2
    assert Message.objects.filter(recipient=ben, channel="email").count() == 1
    assert Message.objects.filter(recipient=ada, channel="email").count() == 1


def test_a_more_urgent_finding_raises_the_alert_and_must_be_acknowledged_again(
    report: Report, ada: User, ben: User
) -> None:
    alert = report({**QUIET, "saddle": "unsure"})
    assert alert is not None
    assert alert.tier == "same_day"
    alerts.acknowledge(alert.pk, by=ben, now=NOW)

    report({**QUIET, "saddle": "unsure", "bowel": "unsure"}, now=NOW + timedelta(hours=1))

    alert.refresh_from_db()
    assert (alert.tier, alert.urgency, alert.status, alert.acknowledged_by) == ("emergency", 0, "open", None)
    assert alert.next_escalation_at == NOW + timedelta(hours=1, minutes=15)
    assert alert.events.filter(kind="raised").count() == 1
    assert Message.objects.filter(recipient=ben, kind="worklist", channel="email").count() == 2


def test_a_new_report_after_the_alert_was_closed_opens_a_new_one(report: Report, emergency: Alert, ben: User) -> None:
    _close(emergency, by=ben, now=NOW + timedelta(hours=1))

    again = report(SADDLE, now=NOW + timedelta(hours=2))

    assert again is not None
    assert again != emergency
    assert again.status == "open"


def test_another_entry_of_the_day_that_says_none_brings_nothing_back(
    report: Report, emergency: Alert, ben: User
) -> None:
    _close(emergency, by=ben, now=NOW + timedelta(hours=1))

    report(QUIET, now=NOW + timedelta(hours=2))

    assert not Alert.objects.open().exists()


def test_judging_a_closed_day_again_brings_nothing_back(report: Report, emergency: Alert, ben: User, ada: User) -> None:
    _close(emergency, by=ben, now=NOW + timedelta(hours=1))
    told = Answers(id=str(emergency.entry_id), on=TODAY, at=NOW, values=SADDLE)
    late = Answers(id=str(uuid.uuid4()), on=TODAY - timedelta(days=1), at=NOW, values=QUIET)
    history = History(baseline={}, onset_on=date(2026, 2, 9), entries=(late, told))

    for entry_id in (uuid.UUID(late.id), emergency.entry_id, None):
        alerts.assess(
            history, patient_id=ada.pk, entry_id=entry_id, as_of=TODAY, reported_at=NOW, now=NOW + timedelta(hours=2)
        )

    assert not Alert.objects.open().exists()


def test_a_patient_without_a_clinic_has_the_alert_and_is_told(db: None) -> None:
    dee = factories.patient(email="dee@example.org")
    entry_id = uuid.uuid4()
    history = History({}, date(2026, 2, 9), (Answers(str(entry_id), TODAY, NOW, SADDLE),))

    alerts.assess(history, patient_id=dee.pk, entry_id=entry_id, as_of=TODAY, reported_at=NOW, now=NOW)

    assert Alert.objects.get().next_escalation_at is None
    assert list(Message.objects.values_list("recipient_id", "kind")) == [(dee.pk, "follow_up")]


def test_without_consent_to_care_no_clinician_is_told(report: Report, ada: User, ben: User) -> None:
    consents.withdraw(ada, "care", now=NOW)

    report(SADDLE)

    assert not Message.objects.filter(recipient=ben).exists()
    assert Message.objects.filter(recipient=ada).exists()


# --- Taking and closing ----------------------------------------------------------------------------------------------


def test_acknowledging_names_the_person_stops_the_clock_and_takes_back_unsent_messages(
    emergency: Alert, ben: User, ada: User
) -> None:
    alert = alerts.acknowledge(emergency.pk, by=ben, now=NOW + timedelta(minutes=3))

    assert (alert.status, alert.acknowledged_by, alert.next_escalation_at) == ("acknowledged", ben, None)
    assert not Message.objects.filter(recipient=ben, status="due").exists()
    assert Message.objects.filter(recipient=ada, kind="follow_up", status="due").exists()


def test_messages_stay_due_while_another_alert_of_the_report_is_unacknowledged(report: Report, ben: User) -> None:
    report({**SADDLE, "bladder": "new", "bladder_since_days": 0, "bladder_detail": ["leak"]})
    first, *others = Alert.objects.order_by("rule_id")

    alerts.acknowledge(first.pk, by=ben, now=NOW)
    waiting_after_one = Message.objects.filter(recipient=ben, status="due").count()
    for alert in others:
        alerts.acknowledge(alert.pk, by=ben, now=NOW)

    assert waiting_after_one == 1
    assert not Message.objects.filter(recipient=ben, status="due").exists()


def test_acknowledging_twice_is_harmless(emergency: Alert, ben: User) -> None:
    alerts.acknowledge(emergency.pk, by=ben, now=NOW)

    alerts.acknowledge(emergency.pk, by=ben, now=NOW + timedelta(minutes=1))

    assert emergency.events.filter(kind="acknowledged").count() == 1


def test_who_comes_second_is_told_who_was_first(emergency: Alert, ben: User, harbour: Clinic) -> None:
    eve = factories.member(of=harbour, email="eve@example.org", name="Eve")
    alerts.acknowledge(emergency.pk, by=ben, now=NOW)

    with pytest.raises(AlertConflict, match=r"^Ben took this 20 seconds ago\.$"):
        alerts.acknowledge(emergency.pk, by=eve, now=NOW + timedelta(seconds=20))


def test_closing_needs_an_outcome(emergency: Alert, ben: User) -> None:
    with pytest.raises(AlertConflict, match="Choose what came of it"):
        alerts.close(emergency.pk, by=ben, outcome="", note="Seen.", now=NOW)


def test_closing_an_emergency_needs_a_note(emergency: Alert, ben: User) -> None:
    with pytest.raises(AlertConflict, match="Write down what was done"):
        alerts.close(emergency.pk, by=ben, outcome="seen_emergency", note="  ", now=NOW)

    emergency.refresh_from_db()
    assert emergency.status == "open"


def test_closing_keeps_who_when_and_what_came_of_it(emergency: Alert, ben: User) -> None:
    alert = _close(emergency, by=ben, now=NOW)

    assert (alert.status, alert.closed_by, alert.closed_at, alert.outcome) == ("closed", ben, NOW, "seen_emergency")
    assert alert.acknowledged_by == ben
    assert alert.events.get(kind="closed").note == "Scan arranged."


def test_a_closed_alert_can_neither_be_taken_nor_closed_nor_written_to(emergency: Alert, ben: User) -> None:
    _close(emergency, by=ben, now=NOW)

    for act in (
        lambda: alerts.acknowledge(emergency.pk, by=ben, now=NOW),
        lambda: _close(emergency, by=ben, now=NOW),
        lambda: alerts.record_action(emergency.pk, by=ben, note="Rang.", now=NOW),
    ):
        with pytest.raises(AlertConflict, match=r"^Ben closed this"):
            act()


def test_a_closing_can_be_undone_for_a_minute_by_who_closed(emergency: Alert, ben: User) -> None:
    _close(emergency, by=ben, now=NOW)

    alert = alerts.undo_close(emergency.pk, by=ben, now=NOW + timedelta(seconds=60))

    assert (alert.status, alert.outcome, alert.closed_by) == ("acknowledged", "", None)
    assert alert.events.filter(kind="reopened").count() == 1


def test_a_closing_cannot_be_undone_later_or_by_somebody_else(emergency: Alert, ben: User, cy: User) -> None:
    _close(emergency, by=ben, now=NOW)

    with pytest.raises(AlertConflict):
        alerts.undo_close(emergency.pk, by=ben, now=NOW + timedelta(seconds=61))
    with pytest.raises(AlertConflict):
        alerts.undo_close(emergency.pk, by=cy, now=NOW + timedelta(seconds=1))


def test_undoing_gives_way_to_a_newer_alert_of_the_same_kind(report: Report, emergency: Alert, ben: User) -> None:
    _close(emergency, by=ben, now=NOW)
    report(SADDLE, now=NOW + timedelta(seconds=10))

    with pytest.raises(AlertConflict, match="newer report"):
        alerts.undo_close(emergency.pk, by=ben, now=NOW + timedelta(seconds=20))


def test_what_was_done_is_an_event_and_moves_nothing(emergency: Alert, ben: User) -> None:
    alerts.record_action(emergency.pk, by=ben, note="Rang, no answer.", now=NOW)

    emergency.refresh_from_db()
    assert emergency.status == "open"
    assert emergency.events.get(kind="action").note == "Rang, no answer."


@pytest.mark.parametrize("answer", follow_up.SAID)
def test_what_the_patient_says_is_an_event(emergency: Alert, ada: User, answer: str) -> None:
    follow_up.patient_said(emergency.pk, patient_id=ada.pk, answer=Answer(answer), now=NOW)

    assert emergency.events.get(kind="patient_said").data["answer"] == answer


def test_the_same_answer_tapped_twice_is_kept_once(emergency: Alert, ada: User) -> None:
    for _ in range(2):
        follow_up.patient_said(emergency.pk, patient_id=ada.pk, answer=Answer("going"), now=NOW)

    assert emergency.events.filter(kind="patient_said").count() == 1


def test_a_patient_who_could_not_get_there_is_brought_to_the_clinicians_again(
    ben: User, emergency: Alert, ada: User
) -> None:
    follow_up.patient_said(emergency.pk, patient_id=ada.pk, answer=Answer("could_not"), now=NOW)

    assert Message.objects.filter(recipient=ben, kind="worklist", channel="email").count() == 2


def test_somebody_elses_alert_cannot_be_answered(emergency: Alert, cy: User) -> None:
    with pytest.raises(UnknownAlert):
        follow_up.patient_said(emergency.pk, patient_id=cy.pk, answer=Answer("seen"), now=NOW)


def test_every_state_can_be_left_only_as_the_table_says() -> None:
    moves = {(kind, frozenset(sources), target) for kind, (sources, target) in TRANSITIONS.items()}

    assert all(target in Alert.Status.values for _, _, target in moves)
    assert {kind for kind, sources, _ in moves if "closed" in sources} == {AlertEvent.Kind.REOPENED}


# --- Escalation ------------------------------------------------------------------------------------------------------


def test_an_emergency_that_nobody_takes_goes_to_the_next_level_after_fifteen_minutes(
    report: Report, harbour: Clinic, ben: User
) -> None:
    deputy = factories.member(of=harbour, email="eve@example.org", rota_level=1)
    alert = report(SADDLE)
    assert alert is not None

    early = escalation.escalate_due(now=NOW + timedelta(minutes=15) - timedelta(seconds=1))
    on_time = escalation.escalate_due(now=NOW + timedelta(minutes=15))

    alert.refresh_from_db()
    assert (early, on_time) == (0, 1)
    assert (alert.escalation_level, alert.next_escalation_at) == (1, NOW + timedelta(minutes=30))
    assert Message.objects.filter(recipient=deputy, kind="escalation").exists()
    assert alert.events.get(kind="escalated").data["level"] == 1


def test_past_the_last_level_the_duty_address_and_the_patient_are_told(
    report: Report, harbour: Clinic, ben: User, ada: User
) -> None:
    Clinic.objects.filter(pk=harbour.pk).update(duty_email="duty@example.org")
    report(SADDLE)

    escalation.escalate_due(now=NOW + timedelta(minutes=15))

    assert Message.objects.filter(address="duty@example.org", kind="escalation").count() == 1
    assert Message.objects.filter(recipient=ada, kind="follow_up", channel="email").count() == 2


def test_an_alert_that_nobody_takes_is_repeated_at_every_interval(report: Report, ben: User) -> None:
    alert = report(SADDLE)
    assert alert is not None

    for interval in range(1, 6):
        escalation.escalate_due(now=NOW + timedelta(minutes=15 * interval))

    assert alert.events.filter(kind="escalated").count() == 5
    assert Message.objects.filter(recipient=ben, kind="escalation", channel="email").count() == 5


def test_two_beats_at_once_escalate_once(emergency: Alert, ben: User) -> None:
    due = list(Alert.objects.due_for_escalation(NOW + timedelta(minutes=15)))
    stale = list(Alert.objects.due_for_escalation(NOW + timedelta(minutes=15)))

    moved = [escalation._escalate(alert, now=NOW + timedelta(minutes=15)) for alert in due + stale]

    assert moved == [True, False]
    assert emergency.events.filter(kind="escalated").count() == 1


def test_a_taken_alert_is_never_escalated(emergency: Alert, ben: User) -> None:
    stale = Alert.objects.get(pk=emergency.pk)
    alerts.acknowledge(emergency.pk, by=ben, now=NOW + timedelta(minutes=14))

    assert escalation.escalate_due(now=NOW + timedelta(days=1)) == 0
    assert not escalation._escalate(stale, now=NOW + timedelta(minutes=15))


def test_taking_an_alert_takes_back_what_its_escalation_has_not_sent(
    emergency: Alert, harbour: Clinic, ben: User
) -> None:
    deputy = factories.member(of=harbour, email="eve@example.org", rota_level=1)
    escalation.escalate_due(now=NOW + timedelta(minutes=15))

    alerts.acknowledge(emergency.pk, by=ben, now=NOW + timedelta(minutes=16))

    assert not Message.objects.filter(recipient__in=[ben, deputy], status="due").exists()


def test_a_same_day_alert_waits_as_long_as_the_clinic_says(report: Report, ben: User) -> None:
    alert = report({**QUIET, "saddle": "unsure"})

    assert alert is not None
    assert alert.next_escalation_at == NOW + timedelta(minutes=240)


def test_an_alert_of_a_clinic_without_anybody_left_goes_on_being_due(emergency: Alert, ben: User) -> None:
    Membership.objects.update(until_at=NOW)

    assert escalation.escalate_due(now=NOW + timedelta(minutes=15)) == 1
    assert Alert.objects.get().next_escalation_at == NOW + timedelta(minutes=30)


def _close(alert: Alert, *, by: User, now: datetime) -> Alert:
    return alerts.close(alert.pk, by=by, outcome="seen_emergency", note="Scan arranged.", now=now)
