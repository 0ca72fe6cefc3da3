"""Who is told of a message: the patient once an hour, not at night, not of what is read; the rota once."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, time, timedelta

import pytest

from notifications.models import Kind, Reminder
from notifications.models import Message as Owed
from selfcare.accounts import consents
from selfcare.accounts.models import Clinic, Membership, PatientProfile, User
from selfcare.correspondence import conversations, telling
from selfcare.correspondence.models import Conversation, Message
from tests import factories

pytestmark = pytest.mark.django_db

# A Tuesday in winter at ten in London.
NOW = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def ask(patient: User, *, now: datetime = NOW) -> Message:
    return conversations.send(patient, uuid.uuid4(), "May I swim?", now=now)[0]


def answer(ben: User, patient: User, clinic: Clinic, *, now: datetime) -> Message:
    seen = Message.objects.filter(conversation__patient=patient).count()
    return conversations.reply(ben, patient, clinic, uuid.uuid4(), "Yes.", seen=seen, now=now)[0]


def told(person: User, kind: str = Kind.MESSAGE) -> list[datetime]:
    owed = Owed.objects.filter(recipient=person, kind=kind, channel="email").exclude(status="cancelled")
    return list(owed.order_by("created_at").values_list("created_at", flat=True))


def test_an_answer_is_announced_at_once(ada: User, ben: User, harbour: Clinic) -> None:
    answer(ben, ada, harbour, now=NOW)

    assert told(ada) == [NOW]


def test_what_comes_within_the_hour_is_announced_together_when_the_hour_is_over(
    ada: User, ben: User, harbour: Clinic
) -> None:
    for minutes in (0, 10, 50):
        answer(ben, ada, harbour, now=NOW + timedelta(minutes=minutes))
    assert telling.tell_due(now=NOW + timedelta(minutes=59)) == 0

    assert telling.tell_due(now=NOW + HOUR) == 1
    assert telling.tell_due(now=NOW + 3 * HOUR) == 0

    assert told(ada) == [NOW, NOW + HOUR]


def test_what_was_read_before_its_hour_is_not_announced(ada: User, ben: User, harbour: Clinic) -> None:
    shown = [answer(ben, ada, harbour, now=NOW), answer(ben, ada, harbour, now=NOW + timedelta(minutes=5))]

    conversations.mark_read(Conversation.objects.get(), shown, by=ada, now=NOW + timedelta(minutes=6))

    assert telling.tell_due(now=NOW + HOUR) == 0
    assert told(ada) == []


def test_at_night_nothing_is_announced_before_the_morning_of_the_patient(harbour: Clinic, ben: User) -> None:
    far = factories.patient(email="fay@example.org", of=harbour, time_zone="Pacific/Auckland")
    # Eleven at night in Auckland.
    night = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)
    answer(ben, far, harbour, now=night)
    morning = datetime(2026, 3, 3, 19, 0, tzinfo=UTC)

    assert telling.tell_due(now=morning - timedelta(minutes=1)) == 0
    assert telling.tell_due(now=morning) == 1
    assert told(far) == [morning]


def test_a_morning_after_the_clocks_went_forward_is_the_morning_of_the_wall_clock(
    ada: User, ben: User, harbour: Clinic
) -> None:
    answer(ben, ada, harbour, now=datetime(2026, 3, 28, 22, 0, tzinfo=UTC))

    # Eight o'clock of British Summer Time.
    assert Conversation.objects.get().next_notice_at == datetime(2026, 3, 29, 7, 0, tzinfo=UTC)


def test_somebody_s_own_quiet_hours_count(ada: User, ben: User, harbour: Clinic) -> None:
    Reminder.objects.create(
        user=ada, local_time=time(19), time_zone="Europe/London", quiet_from=time(9), quiet_until=time(13, 30)
    )

    answer(ben, ada, harbour, now=NOW)

    assert Conversation.objects.get().next_notice_at == datetime(2026, 3, 3, 13, 30, tzinfo=UTC)


def test_a_message_is_no_reminder_so_saying_no_to_reminders_does_not_stop_it(
    ada: User, ben: User, harbour: Clinic
) -> None:
    consents.withdraw(ada, "reminders", now=NOW)

    answer(ben, ada, harbour, now=NOW)

    assert told(ada) == [NOW]


def test_the_clinic_is_not_called_when_a_patient_writes(ada: User, ben: User) -> None:
    ask(ada)

    assert not Owed.objects.exists()


def test_a_message_nobody_answers_is_told_to_the_rota_once(ada: User, ben: User, harbour: Clinic) -> None:
    second = factories.member(of=harbour, email="bea@example.org", name="Bea", rota_level=1)
    ask(ada)
    late = datetime(2026, 3, 5, 10, 0, tzinfo=UTC)

    assert telling.remind_due(now=late - timedelta(minutes=1)) == 0
    assert telling.remind_due(now=late) == 1
    assert telling.remind_due(now=late + timedelta(days=9)) == 0

    assert told(ben, Kind.UNANSWERED) == [late]
    assert told(second, Kind.UNANSWERED) == []
    # It still waits on the list.
    assert Conversation.objects.waiting().exists()


def test_an_answered_message_is_not_told_to_the_rota(ada: User, ben: User, harbour: Clinic) -> None:
    ask(ada)
    answer(ben, ada, harbour, now=NOW + HOUR)

    assert telling.remind_due(now=NOW + timedelta(days=30)) == 0


def test_many_unanswered_messages_of_one_morning_are_one_word_to_the_rota(harbour: Clinic, ben: User) -> None:
    saturday = datetime(2026, 3, 7, 12, 0, tzinfo=UTC)
    for n in range(5):
        ask(factories.patient(email=f"p{n}@example.org", of=harbour), now=saturday + n * HOUR)

    assert telling.remind_due(now=datetime(2026, 3, 11, 9, 0, tzinfo=UTC)) == 5

    assert len(told(ben, Kind.UNANSWERED)) == 1


def test_the_word_to_the_rota_is_withdrawn_when_the_last_late_message_is_answered(
    ada: User, ben: User, harbour: Clinic
) -> None:
    dee = factories.patient(email="dee@example.org", of=harbour)
    late = datetime(2026, 3, 5, 10, 0, tzinfo=UTC)
    for patient in (ada, dee):
        ask(patient)
    telling.remind_due(now=late)

    answer(ben, ada, harbour, now=late + timedelta(minutes=1))
    assert told(ben, Kind.UNANSWERED) == [late]
    answer(ben, dee, harbour, now=late + timedelta(minutes=2))
    assert told(ben, Kind.UNANSWERED) == []


def test_nobody_is_told_of_a_patient_who_no_longer_shares_with_the_clinic(ada: User, ben: User) -> None:
    ask(ada)
    consents.withdraw(ada, "care", now=NOW + HOUR)

    assert telling.remind_due(now=NOW + timedelta(days=9)) == 0
    assert not Owed.objects.exists()


def test_a_clinician_who_has_left_is_not_told(ada: User, ben: User, harbour: Clinic) -> None:
    factories.member(of=harbour, email="bea@example.org", name="Bea")
    ask(ada)
    Membership.objects.filter(user=ben).update(until_at=NOW)

    telling.remind_due(now=NOW + timedelta(days=9))

    assert told(ben, Kind.UNANSWERED) == []


def test_two_ticks_at_once_tell_a_patient_once(ada: User, ben: User, harbour: Clinic) -> None:
    for minutes in (0, 10):
        answer(ben, ada, harbour, now=NOW + timedelta(minutes=minutes))
    stale = Conversation.objects.get()

    assert telling.tell_due(now=NOW + HOUR) == 1
    assert telling._tell_if_still_unread(stale, now=NOW + HOUR) is False


def test_a_patient_without_a_profile_has_the_night_of_the_clinic(ada: User, ben: User, harbour: Clinic) -> None:
    PatientProfile.objects.filter(user=ada).delete()

    answer(ben, User.objects.get(pk=ada.pk), harbour, now=datetime(2026, 3, 3, 23, 0, tzinfo=UTC))

    assert Conversation.objects.get().next_notice_at == datetime(2026, 3, 4, 8, 0, tzinfo=UTC)
