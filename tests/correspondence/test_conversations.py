"""Sending and answering: one message per id, one order, no answer to what was not read, and nobody else's messages."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from selfcare.accounts import consents
from selfcare.accounts.models import AuditEvent, CareRelationship, Clinic, Membership, User
from selfcare.correspondence import conversations
from selfcare.correspondence.models import LONGEST, Conversation, Message
from tests import factories

pytestmark = pytest.mark.django_db

# A Tuesday in winter at ten in London.
NOW = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)


def ask(ada: User, text: str = "May I swim?", *, now: datetime = NOW, **more: object) -> Message:
    return conversations.send(ada, uuid.uuid4(), text, now=now, **more)[0]


def answer(ben: User, ada: User, clinic: Clinic, text: str = "Yes.", *, seen: int, now: datetime = LATER) -> Message:
    return conversations.reply(ben, ada, clinic, uuid.uuid4(), text, seen=seen, now=now)[0]


def texts(ada: User) -> list[str]:
    return [message.text for message in conversations.of_patient(ada)]


def test_a_message_waits_for_an_answer_until_somebody_answers(ada: User, ben: User, harbour: Clinic) -> None:
    ask(ada)
    waits = Conversation.objects.get()
    assert waits.waiting_since == NOW
    # Two working days of the clinic: Thursday at the same time.
    assert waits.next_overdue_at == datetime(2026, 3, 5, 10, 0, tzinfo=UTC)

    answer(ben, ada, harbour, seen=1)

    waits.refresh_from_db()
    assert waits.waiting_since is None
    assert waits.next_overdue_at is None


def test_the_same_message_sent_twice_is_one(ada: User) -> None:
    mine = uuid.uuid4()

    first, is_new = conversations.send(ada, mine, "May I swim?", now=NOW)
    again, is_new_again = conversations.send(ada, mine, "May I swim?\r\n", now=LATER)

    assert (is_new, is_new_again) == (True, False)
    assert first == again
    assert texts(ada) == ["May I swim?"]


def test_an_id_that_stands_for_other_words_is_refused_whoever_they_belong_to(ada: User, harbour: Clinic) -> None:
    dee = factories.patient(email="dee@example.org", name="Dee", of=harbour)
    mine, hers = ask(ada), ask(dee)

    said = set()
    for taken in (mine, hers):
        with pytest.raises(conversations.IdTaken) as refusal:
            conversations.send(ada, taken.pk, "Something else.", now=LATER)
        said.add(str(refusal.value))

    assert len(said) == 1
    assert texts(ada) == ["May I swim?"]


def test_messages_keep_their_order_when_the_clock_is_set_back(ada: User, ben: User, harbour: Clinic) -> None:
    ask(ada, "First.")
    answer(ben, ada, harbour, "Second.", seen=1, now=NOW - timedelta(hours=2))
    ask(ada, "Third.", now=NOW - timedelta(hours=3))

    assert texts(ada) == ["First.", "Second.", "Third."]


def test_a_second_clinician_must_read_the_first_answer_before_another_is_sent(
    ada: User, ben: User, harbour: Clinic
) -> None:
    bea = factories.member(of=harbour, email="bea@example.org", name="Bea")
    ask(ada)
    answer(ben, ada, harbour, "Yes.", seen=1)

    with pytest.raises(conversations.Moved, match="Ben answered in the meantime"):
        answer(bea, ada, harbour, "No.", seen=1)

    assert texts(ada) == ["May I swim?", "Yes."]
    answer(bea, ada, harbour, "In warm water.", seen=2)
    assert texts(ada) == ["May I swim?", "Yes.", "In warm water."]


def test_what_the_patient_added_must_be_read_before_it_is_answered(ada: User, ben: User, harbour: Clinic) -> None:
    ask(ada)
    ask(ada, "My foot is odd now.")

    with pytest.raises(conversations.Moved):
        answer(ben, ada, harbour, seen=1)
    with pytest.raises(conversations.Moved):
        conversations.needs_no_answer(Conversation.objects.get(), by=ben, seen=1, now=LATER)

    assert Conversation.objects.get().waiting_since == NOW


def test_an_answer_sent_twice_is_one_although_it_has_moved_the_conversation(
    ada: User, ben: User, harbour: Clinic
) -> None:
    ask(ada)
    reply_id = uuid.uuid4()

    for _ in range(2):
        conversations.reply(ben, ada, harbour, reply_id, "Yes.", seen=1, now=LATER)

    assert texts(ada) == ["May I swim?", "Yes."]


def test_no_answer_needed_ends_the_wait_and_says_who_decided(ada: User, ben: User) -> None:
    ask(ada, "Thank you.")

    conversations.needs_no_answer(Conversation.objects.get(), by=ben, seen=1, now=LATER)

    settled = Conversation.objects.get()
    assert settled.waiting_since is None
    assert (settled.settled_by, settled.settled_at) == (ben, LATER)
    assert AuditEvent.objects.filter(action="conversation.settled", actor_id=ben.pk, patient_id=ada.pk).exists()


def test_the_longest_wait_counts_when_a_patient_writes_again(ada: User) -> None:
    ask(ada)
    ask(ada, "And may I run?", now=NOW + timedelta(days=1))

    assert Conversation.objects.get().waiting_since == NOW


def test_a_message_of_two_thousand_letters_is_taken_and_one_more_is_refused_kindly(ada: User) -> None:
    ask(ada, "a" * LONGEST)
    # A line end of a form is two characters, and one for the person who typed it.
    ask(ada, "b\r\n" * 999 + "bb")

    with pytest.raises(conversations.MessageRefused, match="1 letter too long"):
        ask(ada, "a" * (LONGEST + 1))


@pytest.mark.parametrize("nothing", ["", "  \r\n ", "\x00"])
def test_nothing_is_not_sent(ada: User, nothing: str) -> None:
    with pytest.raises(conversations.MessageRefused, match="Write something"):
        ask(ada, nothing)

    assert not Message.objects.exists()


def test_without_the_care_consent_nothing_is_sent_and_no_clinician_may_write(
    ada: User, ben: User, harbour: Clinic
) -> None:
    ask(ada)
    consents.withdraw(ada, "care", now=NOW)

    with pytest.raises(conversations.NoTeam):
        ask(ada, "Again.")
    with pytest.raises(conversations.NoTeam):
        answer(ben, ada, harbour, seen=1)
    assert not Conversation.objects.open_to(ben, now=LATER).exists()


def test_a_clinician_of_another_clinic_or_one_who_has_left_may_neither_read_nor_write(
    ada: User, ben: User, cy: User, harbour: Clinic
) -> None:
    ask(ada)
    Membership.objects.filter(user=ben).update(until_at=NOW)

    for stranger in (ben, cy):
        assert not Conversation.objects.open_to(stranger, now=LATER).exists()
        with pytest.raises(conversations.NoTeam):
            answer(stranger, ada, harbour, seen=1)


def test_a_clinic_does_not_read_what_was_written_to_another_one_of_the_same_patient(
    ada: User, ben: User, cy: User, harbour: Clinic
) -> None:
    hill = cy.memberships.get().clinic
    CareRelationship.objects.create(clinic=hill, patient=ada, from_at=factories.LONG_AGO)
    ask(ada, clinic=harbour)

    assert Conversation.objects.open_to(ben, now=LATER).count() == 1
    assert not Conversation.objects.open_to(cy, now=LATER).exists()
    with pytest.raises(conversations.MessageRefused, match="Choose which clinic"):
        ask(ada, "To whom?")


def test_a_manager_who_sees_no_patients_reads_no_messages(ada: User, harbour: Clinic) -> None:
    mo = factories.member(of=harbour, email="mo@example.org", name="Mo", role="manager")
    ask(ada)

    assert not Conversation.objects.open_to(mo, now=LATER).exists()
    assert conversations.of_clinician(mo, ada.pk, now=LATER) == []


def test_the_first_reader_of_the_team_reads_for_the_team(ada: User, ben: User, harbour: Clinic) -> None:
    bea = factories.member(of=harbour, email="bea@example.org", name="Bea")
    shown = [ask(ada)]
    conversation = Conversation.objects.get()

    assert conversations.mark_read(conversation, shown, by=ben, now=NOW) == 1
    assert conversations.mark_read(conversation, shown, by=bea, now=LATER) == 0

    read = Message.objects.get()
    assert (read.read_by, read.read_at) == (ben, NOW)


def test_nobody_marks_their_own_messages_read(ada: User) -> None:
    mine = ask(ada)

    assert conversations.mark_read(Conversation.objects.get(), [mine], by=ada, now=LATER) == 0


def test_the_patient_is_told_how_many_answers_are_unread(ada: User, ben: User, harbour: Clinic) -> None:
    ask(ada)
    answered = answer(ben, ada, harbour, seen=1)
    assert conversations.unread_count(ada.pk) == 1

    conversations.mark_read(Conversation.objects.get(), [answered], by=ada, now=LATER)

    assert conversations.unread_count(ada.pk) == 0


def test_a_stuck_phone_is_stopped_after_thirty_messages_in_an_hour(ada: User) -> None:
    for n in range(conversations.MOST_IN_AN_HOUR):
        ask(ada, f"Number {n}.")

    with pytest.raises(conversations.TooMany):
        ask(ada, "One more.", now=LATER)
    ask(ada, "An hour later.", now=NOW + timedelta(hours=1))
