"""Nobody takes it, or somebody takes it and leaves it or gives it back: who is told, when, and what is taken back."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest

from notifications.models import Message
from selfcare.accounts.models import Clinic, Membership, User
from selfcare.triage import alerts, escalation, follow_up
from selfcare.triage.follow_up import Answer
from selfcare.triage.models import Alert
from selfcare.triage.moving import AlertConflict
from selfcare.triage.rules import Answers, History
from tests import factories
from tests.diary.phone import NOW, QUIET, SADDLE, TODAY
from tests.triage.conftest import Report

pytestmark = pytest.mark.django_db

HOUR = timedelta(minutes=60)
# Monday at ten: the clinic is open. NOW is half past six in the evening.
MORNING = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
UNSURE = {**QUIET, "saddle": "unsure"}


@pytest.fixture
def eve(harbour: Clinic) -> User:
    """Return Ben's deputy, who is told second."""
    return factories.member(of=harbour, email="eve@example.org", name="Eve", rota_level=1)


@pytest.fixture
def taken(emergency: Alert, ben: User) -> Alert:
    """Return the emergency in Ben's hands."""
    return alerts.acknowledge(emergency.pk, by=ben, now=NOW)


# --- Hours -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "now", "due"),
    [
        (SADDLE, MORNING, MORNING + timedelta(minutes=10)),
        (SADDLE, NOW, NOW + timedelta(minutes=20)),
        (UNSURE, MORNING, MORNING + timedelta(minutes=120)),
        (UNSURE, NOW, NOW + timedelta(minutes=720)),
        # Three in the morning: twelve hours would be three in the afternoon, but the clinic opens at nine.
        (UNSURE, datetime(2026, 3, 2, 3, 0, tzinfo=UTC), datetime(2026, 3, 2, 11, 0, tzinfo=UTC)),
    ],
)
def test_working_hours_and_the_rest_have_their_own_times(
    report: Report, harbour: Clinic, answers: dict[str, object], now: datetime, due: datetime
) -> None:
    Clinic.objects.filter(pk=harbour.pk).update(
        escalate_emergency_after_min=10,
        escalate_emergency_closed_after_min=20,
        escalate_same_day_after_min=120,
        escalate_same_day_closed_after_min=720,
    )

    alert = report(answers, now=now)

    assert alert is not None
    assert alert.next_escalation_at == due


def test_in_the_evening_the_person_on_duty_is_told_first(report: Report, ben: User, eve: User) -> None:
    Membership.objects.filter(user=eve).update(out_of_hours_level=0)

    report(SADDLE)

    assert set(Message.objects.filter(kind="worklist").values_list("recipient", flat=True)) == {eve.pk}


def test_the_patient_is_told_once_that_nobody_has_confirmed(report: Report, ben: User, ada: User) -> None:
    report({**SADDLE, "bladder": "new", "bladder_since_days": 0, "bladder_detail": ["leak"]})

    for interval in range(1, 6):
        escalation.escalate_due(now=NOW + timedelta(minutes=15 * interval))

    assert Message.objects.filter(recipient=ada, cause__startswith="unconfirmed:").count() == 1


def test_several_alerts_of_one_report_escalate_in_one_message(report: Report, ben: User, eve: User) -> None:
    report({**SADDLE, "bladder": "new", "bladder_since_days": 0, "bladder_detail": ["leak"]})

    assert escalation.escalate_due(now=NOW + timedelta(minutes=15)) >= 2

    assert Message.objects.filter(recipient=eve, kind="escalation").count() == 1


def test_taking_it_takes_back_the_word_that_nobody_has(emergency: Alert, ben: User, ada: User) -> None:
    escalation.escalate_due(now=NOW + timedelta(minutes=15))

    alerts.acknowledge(emergency.pk, by=ben, now=NOW + timedelta(minutes=16))

    assert not Message.objects.filter(cause__startswith="unconfirmed:", status="due").exists()
    # The advice of the report itself stays on its way.
    assert Message.objects.filter(recipient=ada, cause__startswith="entry:", status="due").exists()


@pytest.mark.parametrize("step", [timedelta(milliseconds=-1), timedelta(0), timedelta(milliseconds=1)])
def test_at_every_instant_it_is_either_taken_or_escalated(
    emergency: Alert, ben: User, eve: User, step: timedelta
) -> None:
    limit = NOW + timedelta(minutes=15)
    alerts.acknowledge(emergency.pk, by=ben, now=limit + step)

    assert escalation.escalate_due(now=limit) == 0
    assert not Message.objects.filter(kind="escalation").exists()


# --- Giving back -----------------------------------------------------------------------------------------------------


def test_giving_it_back_names_who_and_when_and_starts_the_rota_again(taken: Alert, ben: User, eve: User) -> None:
    later = NOW + timedelta(minutes=5)

    alert = alerts.release(taken.pk, by=ben, now=later)

    event = alert.events.get(kind="released")
    assert (alert.status, alert.acknowledged_by, alert.acknowledged_at) == ("open", None, None)
    assert (event.actor, event.at) == (ben, later)
    assert alert.next_escalation_at == later + timedelta(minutes=15)
    assert escalation.escalate_due(now=later + timedelta(minutes=15)) == 1


def test_giving_it_back_tells_the_others_of_the_first_level(taken: Alert, ben: User, harbour: Clinic) -> None:
    bea = factories.member(of=harbour, email="bea@example.org")

    alerts.release(taken.pk, by=ben, now=NOW + timedelta(minutes=5))

    told = Message.objects.filter(cause__startswith="released:", channel="email")
    assert [message.recipient for message in told] == [bea]


def test_another_takes_what_was_given_back(taken: Alert, ben: User, eve: User) -> None:
    alerts.release(taken.pk, by=ben, now=NOW)

    assert alerts.acknowledge(taken.pk, by=eve, now=NOW).acknowledged_by == eve


def test_what_nobody_has_taken_cannot_be_given_back(emergency: Alert, ben: User) -> None:
    with pytest.raises(AlertConflict, match="Nobody has taken this"):
        alerts.release(emergency.pk, by=ben, now=NOW)


def test_what_is_closed_cannot_be_given_back(taken: Alert, ben: User) -> None:
    alerts.close(taken.pk, by=ben, outcome="referred", note="Passed on.", now=NOW)

    with pytest.raises(AlertConflict, match=r"^Ben closed this"):
        alerts.release(taken.pk, by=ben, now=NOW)


# --- Left alone ------------------------------------------------------------------------------------------------------


def test_an_emergency_left_alone_for_an_hour_goes_back_and_escalates_at_once(
    taken: Alert, ben: User, eve: User
) -> None:
    early = escalation.release_due(now=NOW + HOUR - timedelta(seconds=1))
    on_time = escalation.release_due(now=NOW + HOUR)
    escalated = escalation.escalate_due(now=NOW + HOUR)

    taken.refresh_from_db()
    assert (early, on_time, escalated) == (0, 1, 1)
    assert (taken.status, taken.acknowledged_by) == ("open", None)
    assert taken.events.get(kind="released").actor is None
    assert Message.objects.filter(recipient=eve, kind="escalation").exists()


def test_whoever_writes_down_what_they_do_keeps_it_for_another_hour(taken: Alert, ben: User) -> None:
    alerts.record_action(taken.pk, by=ben, note="Phoned, no answer.", now=NOW + timedelta(minutes=50))

    assert escalation.release_due(now=NOW + HOUR) == 0
    assert escalation.release_due(now=NOW + HOUR + timedelta(minutes=50)) == 1


def test_a_same_day_matter_stays_with_whoever_took_it(report: Report, ben: User) -> None:
    alert = report(UNSURE)
    assert alert is not None
    alerts.acknowledge(alert.pk, by=ben, now=NOW)

    assert escalation.release_due(now=NOW + timedelta(days=3)) == 0


def test_nobody_is_woken_about_a_patient_who_has_arrived(taken: Alert, ada: User) -> None:
    follow_up.patient_said(taken.pk, patient_id=ada.pk, answer=Answer("there"), now=NOW)

    assert escalation.release_due(now=NOW + HOUR) == 0
    taken.refresh_from_db()
    assert taken.status == "acknowledged"


def test_a_patient_who_had_arrived_and_could_not_stay_counts_again(taken: Alert, ada: User) -> None:
    follow_up.patient_said(taken.pk, patient_id=ada.pk, answer=Answer("there"), now=NOW)
    escalation.release_due(now=NOW + HOUR)
    sent_home = Answer("could_not", why="sent_home")

    follow_up.patient_said(taken.pk, patient_id=ada.pk, answer=sent_home, now=NOW + HOUR)

    assert escalation.release_due(now=NOW + 2 * HOUR) == 1


def test_two_schedulers_give_it_back_once(taken: Alert) -> None:
    stale = [Alert.objects.get(pk=taken.pk) for _ in range(2)]

    assert [escalation._release(alert, now=NOW + HOUR) for alert in stale] == [True, False]
    assert taken.events.filter(kind="released").count() == 1


def test_an_action_in_the_same_moment_is_not_overrun(taken: Alert, ben: User) -> None:
    stale = Alert.objects.get(pk=taken.pk)
    alerts.record_action(taken.pk, by=ben, note="Spoke with her.", contact=True, now=NOW + HOUR)

    assert not escalation._release(stale, now=NOW + HOUR)
    taken.refresh_from_db()
    assert taken.status == "acknowledged"


def test_the_patient_is_told_anew_when_nobody_has_it_any_more(emergency: Alert, ben: User, ada: User) -> None:
    escalation.escalate_due(now=NOW + timedelta(minutes=15))
    alerts.acknowledge(emergency.pk, by=ben, now=NOW + timedelta(minutes=16))
    left_alone = NOW + timedelta(minutes=76)

    escalation.release_due(now=left_alone)
    escalation.escalate_due(now=left_alone)

    assert Message.objects.filter(recipient=ada, cause__startswith="unconfirmed:").count() == 2


# --- Storms ----------------------------------------------------------------------------------------------------------


def test_forty_patients_in_a_minute_are_forty_alerts_and_few_messages(harbour: Clinic, ben: User) -> None:
    _storm(harbour, 40)

    assert Alert.objects.filter(status="open").count() == 40
    assert Message.objects.filter(recipient=ben).count() <= 10


def test_the_digest_is_taken_back_when_the_last_alert_of_its_minute_is_taken(harbour: Clinic, ben: User) -> None:
    _storm(harbour, 5)
    found = list(Alert.objects.order_by("opened_at"))

    for alert in found[:-1]:
        alerts.acknowledge(alert.pk, by=ben, now=NOW)
    before = Message.objects.get(kind="digest").status
    alerts.acknowledge(found[-1].pk, by=ben, now=NOW)

    assert (before, Message.objects.get(kind="digest").status) == ("due", "cancelled")


def _storm(harbour: Clinic, patients: int) -> None:
    for number in range(patients):
        person = factories.patient(email=f"p{number}@example.org", of=harbour)
        entry_id, now = uuid.uuid4(), NOW + timedelta(milliseconds=number)
        history = History({}, date(2026, 2, 9), (Answers(str(entry_id), TODAY, now, SADDLE),))
        alerts.assess(history, patient_id=person.pk, entry_id=entry_id, as_of=TODAY, reported_at=now, now=now)
