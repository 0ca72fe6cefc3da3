"""Closing the loop: asked until somebody has examined her, silence as a task, and nothing that time does twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from notifications import outbox
from notifications.models import Message, Reminder
from selfcare.accounts.models import Clinic, PatientProfile, User
from selfcare.triage import alerts, catalogue, escalation, follow_up
from selfcare.triage.follow_up import Answer
from selfcare.triage.models import Alert, Assessment
from selfcare.triage.moving import AlertConflict, UnknownAlert
from tests import factories
from tests.diary.phone import NOW, QUIET, SADDLE, TODAY
from tests.triage.conftest import Report

pytestmark = pytest.mark.django_db

Asked = Callable[[], list[str]]
TWO_HOURS = timedelta(hours=2)
SCAN = Answer("seen", where="hospital", seen_on=TODAY, outcome="scan", words="A scan tonight.")
BOTH = {**SADDLE, "bladder": "new", "bladder_since_days": 0, "bladder_detail": ["leak"]}


@pytest.fixture
def asked(ada: User) -> Asked:
    """Return a function that tells over which channels Ada is still owed a question."""

    def owed() -> list[str]:
        waiting = Message.objects.filter(recipient=ada, cause__startswith="asked:", status="due")
        return sorted(waiting.values_list("channel", flat=True))

    return owed


@pytest.fixture
def unsure(report: Report) -> Alert:
    """Return an open same-day alert."""
    alert = report({**QUIET, "saddle": "unsure"})
    assert alert is not None
    assert alert.tier == "same_day"
    return alert


# --- Asking ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def sore(report: Report) -> Alert:
    """Return an open same-day alert about burning, which nobody was unsure of."""
    alert = report({**QUIET, "bladder": "new", "bladder_detail": ["burning_only"], "bladder_since_days": 1})
    assert alert is not None
    assert alert.tier == "same_day"
    return alert


def test_who_was_unsure_is_brought_to_the_question_again_after_four_hours(unsure: Alert, asked: Asked) -> None:
    times = []
    for _ in range(3):
        unsure.refresh_from_db()
        times.append(unsure.next_follow_up_at)
        follow_up.ask_due(now=unsure.next_follow_up_at)

    assert times == [NOW + TWO_HOURS, NOW + timedelta(hours=4), datetime(2026, 3, 3, 8, 0, tzinfo=UTC)]
    assert len(asked()) == 3


@pytest.mark.parametrize("kind", ["emergency", "sore"])
def test_the_question_comes_after_two_hours_then_every_morning(
    request: pytest.FixtureRequest, kind: str, asked: Asked
) -> None:
    alert = request.getfixturevalue(kind)

    early = follow_up.ask_due(now=NOW + TWO_HOURS - timedelta(seconds=1))
    times = []
    for _ in range(3):
        alert.refresh_from_db()
        times.append(alert.next_follow_up_at)
        assert follow_up.ask_due(now=alert.next_follow_up_at) == 1

    assert early == 0
    assert times == [NOW + TWO_HOURS, datetime(2026, 3, 3, 8, 0, tzinfo=UTC), datetime(2026, 3, 4, 8, 0, tzinfo=UTC)]
    assert alert.events.filter(kind="asked").count() == 3
    assert len(asked()) == 3


def test_a_routine_alert_is_not_asked_about(report: Report) -> None:
    alert = report({**QUIET, "weakness": 1, "weakness_since_days": 5})

    assert alert is not None
    assert alert.tier == "within_2_weeks"
    assert alert.next_follow_up_at is None
    assert follow_up.ask_due(now=NOW + timedelta(days=30)) == 0


@pytest.mark.parametrize(
    ("zone", "mornings"),
    [
        ("Pacific/Kiritimati", [datetime(2026, 3, 28, 18, 0, tzinfo=UTC), datetime(2026, 3, 29, 18, 0, tzinfo=UTC)]),
        ("America/Los_Angeles", [datetime(2026, 3, 28, 15, 0, tzinfo=UTC), datetime(2026, 3, 29, 15, 0, tzinfo=UTC)]),
        # The clocks change between these two mornings.
        ("Europe/London", [datetime(2026, 3, 28, 8, 0, tzinfo=UTC), datetime(2026, 3, 29, 7, 0, tzinfo=UTC)]),
    ],
)
def test_the_morning_is_eight_o_clock_where_she_lives(
    ada: User, report: Report, zone: str, mornings: list[datetime]
) -> None:
    PatientProfile.objects.filter(user=ada).update(time_zone=zone)
    told = datetime(2026, 3, 28, 5, 0, tzinfo=UTC)
    alert = report(SADDLE, on=date(2026, 3, 28), now=told)
    assert alert is not None
    follow_up.ask_due(now=told + TWO_HOURS)

    found = []
    for _ in mornings:
        alert.refresh_from_db()
        found.append(alert.next_follow_up_at)
        follow_up.ask_due(now=found[-1])

    assert found == mornings


def test_several_open_alerts_are_one_question(report: Report, asked: Asked) -> None:
    report(BOTH)
    assert Alert.objects.count() >= 2

    assert follow_up.ask_due(now=NOW + TWO_HOURS) == 1

    assert asked() == ["email"]
    assert all(alert.events.filter(kind="asked").count() == 1 for alert in Alert.objects.all())


def test_an_alert_that_would_be_asked_about_in_half_an_hour_joins_the_question(report: Report, asked: Asked) -> None:
    report(SADDLE)
    report(BOTH, now=NOW + timedelta(minutes=20))

    follow_up.ask_due(now=NOW + TWO_HOURS)
    follow_up.ask_due(now=NOW + TWO_HOURS + timedelta(minutes=20))

    assert asked() == ["email"]


@pytest.mark.parametrize(
    ("opened", "channels"),
    [
        (datetime(2026, 3, 2, 19, 29, tzinfo=UTC), ["email", "web_push"]),
        (datetime(2026, 3, 2, 19, 30, tzinfo=UTC), ["email"]),
        (datetime(2026, 3, 3, 5, 59, tzinfo=UTC), ["email"]),
        (datetime(2026, 3, 3, 6, 0, tzinfo=UTC), ["email", "web_push"]),
    ],
)
def test_at_night_the_question_comes_by_mail_and_wakes_nobody(
    report: Report, ada: User, asked: Asked, opened: datetime, channels: list[str]
) -> None:
    _phone_of(ada)
    report(SADDLE, on=opened.date(), now=opened)

    follow_up.ask_due(now=opened + TWO_HOURS)

    assert asked() == channels


def test_her_own_quiet_hours_count(report: Report, ada: User, asked: Asked) -> None:
    _phone_of(ada)
    Reminder.objects.create(
        user=ada,
        local_time="12:00",
        time_zone="Europe/London",
        quiet_from="20:00",
        quiet_until="21:00",
    )
    report(SADDLE)

    follow_up.ask_due(now=NOW + TWO_HOURS)

    assert asked() == ["email"]


def test_a_question_that_was_not_sent_by_the_next_one_is_of_no_use(emergency: Alert) -> None:
    follow_up.ask_due(now=NOW + TWO_HOURS)

    assert Message.objects.get(cause__startswith="asked:").expires_at == datetime(2026, 3, 3, 8, 0, tzinfo=UTC)


def test_two_schedulers_ask_once(emergency: Alert, asked: Asked) -> None:
    asking = [follow_up._ask(emergency.patient_id, now=NOW + TWO_HOURS) for _ in range(2)]

    assert asking == [True, False]
    assert asked() == ["email"]
    assert emergency.events.filter(kind="asked").count() == 1


def test_a_claim_on_an_alert_that_has_moved_on_is_lost(emergency: Alert) -> None:
    stale = Alert.objects.get(pk=emergency.pk)
    follow_up.ask_due(now=NOW + TWO_HOURS)

    assert not follow_up._claimed(stale, next_follow_up_at=NOW + timedelta(days=1))


def test_closing_ends_the_asking_and_takes_back_what_is_unsent(emergency: Alert, ben: User, asked: Asked) -> None:
    follow_up.ask_due(now=NOW + TWO_HOURS)

    _close(emergency, by=ben, now=NOW + TWO_HOURS)

    assert asked() == []
    assert follow_up.ask_due(now=NOW + timedelta(days=30)) == 0


def test_closing_one_of_two_alerts_keeps_the_question_about_the_other(report: Report, ben: User, asked: Asked) -> None:
    report(BOTH)
    follow_up.ask_due(now=NOW + TWO_HOURS)

    _close(Alert.objects.order_by("rule_id")[0], by=ben, now=NOW + TWO_HOURS)

    assert asked() == ["email"]


def test_taking_an_alert_does_not_end_the_asking(emergency: Alert, ben: User) -> None:
    alerts.acknowledge(emergency.pk, by=ben, now=NOW)

    assert follow_up.ask_due(now=NOW + TWO_HOURS) == 1


def test_a_question_whose_sender_died_is_sent_by_the_next(emergency: Alert, ada: User) -> None:
    follow_up.ask_due(now=NOW + TWO_HOURS)
    question = Message.objects.get(cause__startswith="asked:")
    held = outbox.claim(now=NOW + TWO_HOURS, message_id=question.pk)

    # Whoever held it is gone and never settles it; asking again adds nothing; the lease runs out.
    later = NOW + TWO_HOURS + outbox.MAIL_LEASE
    follow_up.ask_due(now=later)
    again = outbox.claim(now=later, message_id=question.pk)

    assert [message.pk for message in held] == [message.pk for message in again] == [question.pk]
    assert Message.objects.filter(cause__startswith="asked:").count() == 1


# --- Answers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "next_at"),
    [
        (Answer("going"), NOW + TWO_HOURS),
        (Answer("not_yet"), NOW + TWO_HOURS),
        (Answer("could_not", why="transport"), NOW + TWO_HOURS),
        (Answer("there"), datetime(2026, 3, 3, 8, 0, tzinfo=UTC)),
        (Answer("seen"), datetime(2026, 3, 3, 8, 0, tzinfo=UTC)),
        (Answer("seen", where="hospital", seen_on=TODAY), datetime(2026, 3, 3, 8, 0, tzinfo=UTC)),
        (
            Answer("seen", where="hospital", seen_on=TODAY, outcome="not_examined"),
            datetime(2026, 3, 3, 8, 0, tzinfo=UTC),
        ),
        (Answer("seen", where="phone", seen_on=TODAY, outcome="sent_home"), datetime(2026, 3, 3, 8, 0, tzinfo=UTC)),
        (SCAN, None),
    ],
    ids=lambda value: f"{value.said}-{value.where}-{value.outcome}" if isinstance(value, Answer) else None,
)
def test_only_an_examination_in_person_ends_the_asking(
    emergency: Alert, ada: User, answer: Answer, next_at: datetime | None
) -> None:
    follow_up.patient_said(emergency.pk, patient_id=ada.pk, answer=answer, now=NOW)

    emergency.refresh_from_db()
    assert emergency.next_follow_up_at == next_at
    assert (emergency.assessed_at is not None) == (next_at is None)
    assert emergency.status == "open"


def test_what_she_says_is_kept_in_codes_and_in_her_words(emergency: Alert, ada: User) -> None:
    follow_up.patient_said(emergency.pk, patient_id=ada.pk, answer=SCAN, now=NOW)

    event = emergency.events.get(kind="patient_said")
    assert event.data == {"answer": "seen", "where": "hospital", "seen_on": "2026-03-02", "outcome": "scan"}
    assert event.note == "A scan tonight."


def test_an_answer_takes_back_the_unsent_question(emergency: Alert, ada: User, asked: Asked) -> None:
    follow_up.ask_due(now=NOW + TWO_HOURS)

    follow_up.patient_said(emergency.pk, patient_id=ada.pk, answer=Answer("going"), now=NOW + TWO_HOURS)

    assert asked() == []


def test_another_reason_is_another_answer(emergency: Alert, ada: User) -> None:
    for why in ("cost", "cost", "fear"):
        follow_up.patient_said(emergency.pk, patient_id=ada.pk, answer=Answer("could_not", why=why), now=NOW)

    assert [event.data["why"] for event in emergency.events.filter(kind="patient_said").order_by("id")] == [
        "cost",
        "fear",
    ]


def test_a_patient_who_cannot_go_is_brought_to_the_rota_and_to_who_has_the_alert(
    emergency: Alert, ada: User, ben: User, harbour: Clinic
) -> None:
    eve = factories.member(of=harbour, email="eve@example.org", rota_level=1)
    alerts.acknowledge(emergency.pk, by=eve, now=NOW)

    follow_up.patient_said(emergency.pk, patient_id=ada.pk, answer=Answer("could_not", why="fear"), now=NOW)

    told = Message.objects.filter(cause__startswith="could_not:", channel="email")
    assert {message.recipient for message in told} == {ben, eve}


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (Answer("fine"), "Choose one of the answers."),
        (Answer("going", where="hospital"), "Choose where you were seen."),
        (Answer("seen", where="moon"), "Choose where you were seen."),
        (Answer("seen", outcome="fine"), "Choose what came of it."),
        (Answer("seen", why="cost"), "Choose why you could not get there."),
        (Answer("could_not", why="lazy"), "Choose why you could not get there."),
        (Answer("seen", seen_on=TODAY - timedelta(days=1)), "not before you told us, and not after today"),
        (Answer("seen", seen_on=TODAY + timedelta(days=1)), "not before you told us, and not after today"),
        (Answer("going", seen_on=TODAY), "not before you told us, and not after today"),
    ],
)
def test_an_answer_that_does_not_fit_is_refused_and_changes_nothing(
    emergency: Alert, ada: User, answer: Answer, sentence: str
) -> None:
    with pytest.raises(AlertConflict, match=sentence):
        follow_up.patient_said(emergency.pk, patient_id=ada.pk, answer=answer, now=NOW)

    assert not emergency.events.filter(kind="patient_said").exists()


def test_the_day_she_was_seen_is_her_own(report: Report, ada: User) -> None:
    PatientProfile.objects.filter(user=ada).update(time_zone="Pacific/Kiritimati")
    on, told = date(2026, 3, 3), datetime(2026, 3, 2, 11, 0, tzinfo=UTC)
    alert = report(SADDLE, on=on, now=told)
    assert alert is not None

    seen = Answer("seen", where="gp", seen_on=on, outcome="referred")
    follow_up.patient_said(alert.pk, patient_id=ada.pk, answer=seen, now=told)

    alert.refresh_from_db()
    assert alert.assessed_at == told


def test_a_stranger_cannot_answer(emergency: Alert, cy: User) -> None:
    with pytest.raises(UnknownAlert):
        follow_up.patient_said(emergency.pk, patient_id=cy.pk, answer=SCAN, now=NOW)


def test_an_answer_about_a_closed_alert_is_kept_and_starts_nothing(emergency: Alert, ada: User, ben: User) -> None:
    _close(emergency, by=ben, now=NOW)

    follow_up.patient_said(emergency.pk, patient_id=ada.pk, answer=Answer("could_not", why="cost"), now=NOW)

    emergency.refresh_from_db()
    assert emergency.events.filter(kind="patient_said").count() == 1
    assert emergency.next_follow_up_at is None
    assert not Message.objects.filter(cause__startswith="could_not:").exists()


def test_the_same_told_anew_after_an_examination_starts_the_asking_again(
    report: Report, emergency: Alert, ada: User
) -> None:
    follow_up.patient_said(emergency.pk, patient_id=ada.pk, answer=SCAN, now=NOW + TWO_HOURS)
    tomorrow = NOW + timedelta(days=1)

    report(SADDLE, on=TODAY + timedelta(days=1), now=tomorrow)

    emergency.refresh_from_db()
    assert (emergency.assessed_at, emergency.next_follow_up_at) == (None, tomorrow + TWO_HOURS)


def test_an_entry_from_before_the_examination_that_comes_late_starts_nothing(
    report: Report, emergency: Alert, ada: User
) -> None:
    said = NOW + timedelta(hours=3)
    follow_up.patient_said(emergency.pk, patient_id=ada.pk, answer=SCAN, now=said)

    report(SADDLE, now=NOW + timedelta(hours=1))

    emergency.refresh_from_db()
    assert (emergency.assessed_at, emergency.next_follow_up_at) == (said, None)


# --- Silence (T-11) --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "hours"), [("emergency", 2), ("unsure", 24)])
def test_silence_becomes_a_task_after_the_hours_of_the_tier(
    request: pytest.FixtureRequest, ben: User, kind: str, hours: int
) -> None:
    alert = request.getfixturevalue(kind)
    limit = NOW + timedelta(hours=hours)

    early = follow_up.notice_silence(now=limit - timedelta(seconds=1))
    on_time = follow_up.notice_silence(now=limit)

    alert.refresh_from_db()
    assert (early, on_time, alert.silent_at) == (0, 1, limit)
    assert alert.events.filter(kind="silent").count() == 1
    assert Message.objects.filter(recipient=ben, kind="contact", channel="email").count() == 1


def test_the_hours_of_silence_come_from_the_catalogue() -> None:
    assert catalogue.current().follow_up["silence_after_h"] == {"emergency": 2, "same_day": 24}


@pytest.mark.parametrize("sign", ["entry", "answer", "acknowledged"])
def test_a_sign_of_life_puts_the_task_off(report: Report, emergency: Alert, ada: User, ben: User, sign: str) -> None:
    later = NOW + timedelta(hours=1)
    if sign == "entry":
        report(QUIET, now=later)
    elif sign == "answer":
        follow_up.patient_said(emergency.pk, patient_id=ada.pk, answer=Answer("going"), now=later)
    else:
        alerts.acknowledge(emergency.pk, by=ben, now=later)

    at_first = follow_up.notice_silence(now=NOW + TWO_HOURS)
    at_last = follow_up.notice_silence(now=later + TWO_HOURS)

    assert (at_first, at_last) == (0, 1)


def test_an_entry_that_is_assessed_again_and_again_is_no_sign_of_life(emergency: Alert, ada: User) -> None:
    Assessment.objects.create(
        patient=ada,
        entry_id=emergency.entry_id,
        as_of=TODAY,
        catalogue_version="x",
        tier="none",
        evaluated_at=NOW + timedelta(minutes=119),
    )

    assert follow_up.notice_silence(now=NOW + TWO_HOURS) == 1


@pytest.mark.parametrize("by_clock", ["asked", "escalated", "no_answer"])
def test_what_the_clock_does_or_a_call_that_nobody_took_is_no_sign_of_life(
    emergency: Alert, ben: User, by_clock: str
) -> None:
    shortly_before = NOW + timedelta(minutes=119)
    if by_clock == "asked":
        Alert.objects.update(next_follow_up_at=shortly_before)
        assert follow_up.ask_due(now=shortly_before) == 1
    elif by_clock == "escalated":
        assert escalation.escalate_due(now=shortly_before) == 1
    else:
        alerts.record_action(emergency.pk, by=ben, note="Phoned, no answer.", now=shortly_before)

    assert follow_up.notice_silence(now=NOW + TWO_HOURS) == 1


def test_the_task_stays_until_somebody_has_reached_her(report: Report, emergency: Alert, ada: User, ben: User) -> None:
    silent = NOW + TWO_HOURS
    follow_up.notice_silence(now=silent)
    report(QUIET, now=silent + timedelta(minutes=1))
    follow_up.patient_said(emergency.pk, patient_id=ada.pk, answer=Answer("going"), now=silent)
    alerts.record_action(emergency.pk, by=ben, note="Phoned, no answer.", now=silent)
    emergency.refresh_from_db()
    before = emergency.silent_at

    alerts.record_action(emergency.pk, by=ben, note="Spoke with her.", contact=True, now=silent)

    emergency.refresh_from_db()
    assert (before, emergency.silent_at) == (silent, None)
    assert emergency.next_silence_at == silent + TWO_HOURS


def test_a_task_that_stands_is_not_raised_again(emergency: Alert, ada: User) -> None:
    follow_up.notice_silence(now=NOW + TWO_HOURS)
    follow_up.patient_said(emergency.pk, patient_id=ada.pk, answer=Answer("going"), now=NOW + TWO_HOURS)

    assert follow_up.notice_silence(now=NOW + timedelta(days=2)) == 0
    assert emergency.events.filter(kind="silent").count() == 1


def test_two_schedulers_notice_silence_once(emergency: Alert, ben: User) -> None:
    noticed = [follow_up._notice(emergency.pk, now=NOW + TWO_HOURS) for _ in range(2)]

    assert noticed == [True, False]
    assert Message.objects.filter(recipient=ben, kind="contact", channel="email").count() == 1


def test_taking_the_alert_takes_back_the_unsent_word_about_silence(emergency: Alert, ben: User) -> None:
    follow_up.notice_silence(now=NOW + TWO_HOURS)

    alerts.acknowledge(emergency.pk, by=ben, now=NOW + TWO_HOURS)

    assert not Message.objects.filter(kind="contact", status="due").exists()


def test_who_waits_at_the_hospital_is_not_silent_before_the_next_question(emergency: Alert, ada: User) -> None:
    follow_up.patient_said(emergency.pk, patient_id=ada.pk, answer=Answer("there"), now=NOW)
    asked_at = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)

    early = follow_up.notice_silence(now=asked_at + TWO_HOURS - timedelta(seconds=1))

    assert early == 0
    assert follow_up.notice_silence(now=asked_at + TWO_HOURS) == 1


def test_who_was_examined_is_not_silent(emergency: Alert, ada: User) -> None:
    follow_up.patient_said(emergency.pk, patient_id=ada.pk, answer=SCAN, now=NOW)

    assert follow_up.notice_silence(now=NOW + timedelta(days=30)) == 0


def test_a_closed_alert_is_not_silent(emergency: Alert, ben: User) -> None:
    _close(emergency, by=ben, now=NOW)

    assert follow_up.notice_silence(now=NOW + timedelta(days=30)) == 0


def test_undoing_a_closing_starts_every_clock_again(emergency: Alert, ben: User) -> None:
    _close(emergency, by=ben, now=NOW)

    alerts.undo_close(emergency.pk, by=ben, now=NOW)

    emergency.refresh_from_db()
    assert emergency.next_follow_up_at == emergency.next_silence_at == NOW + TWO_HOURS
    assert emergency.next_release_at == NOW + timedelta(minutes=60)


def _phone_of(person: User) -> None:
    person.push_subscriptions.create(
        endpoint="https://push.example.org/1", p256dh="p", auth="a", created_at=factories.LONG_AGO
    )


def _close(alert: Alert, *, by: User, now: datetime) -> Alert:
    return alerts.close(alert.pk, by=by, outcome="seen_emergency", note="Scan arranged.", now=now)
