"""The patient's messages without a script: honest about who reads and when, and nothing that was written is lost."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.test import Client

from selfcare.accounts import consents
from selfcare.accounts.models import CareRelationship, Clinic, User
from selfcare.correspondence import conversations
from selfcare.correspondence.models import LONGEST, Message
from tests import factories

pytestmark = pytest.mark.django_db

# A Tuesday in winter at ten in London.
NOW = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Any:
    """Stop the clock on a working morning."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def page(client: Client, path: str = "/messages") -> str:
    response = client.get(path)
    assert response.status_code == 200, response.status_code
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def post(client: Client, clinic: Clinic, text: str, **more: object) -> Any:
    return client.post("/messages", {"id": uuid.uuid4(), "clinic": clinic.pk, "text": text, **more})


def answered(ben: User, ada: User, clinic: Clinic, text: str = "Yes, you may.", *, seen: int = 0) -> Message:
    return conversations.reply(ben, ada, clinic, uuid.uuid4(), text, seen=seen, now=NOW)[0]


def test_without_messages_the_page_says_so_and_when_the_team_answers(ada_client: Client) -> None:
    words = page(ada_client)

    assert "No messages." in words
    assert "Your team answers on weekdays between 9am and 5pm." in words
    assert "All of your care team may read it, not one person alone." in words


def test_help_stands_above_the_form_and_the_question_above_the_button(ada_client: Client) -> None:
    words = page(ada_client)

    order = [
        "Messages are not for emergencies",
        "Something has changed",
        "Your message",
        "Is this new or worse?",
        "Send",
    ]
    places = [words.rindex(one) if one == "Send" else words.index(one) for one in order]
    assert places == sorted(places)
    assert 'href="/help-now/which"' in ada_client.get("/messages").content.decode()


def test_a_closed_clinic_says_when_it_opens_and_what_to_do_until_then(
    ada_client: Client, harbour: Clinic, clock: Any
) -> None:
    Clinic.objects.update(out_of_hours_text="Call 111.")
    assert "Call 111." not in page(ada_client)
    clock.move_to(NOW + timedelta(hours=10))

    words = page(ada_client)

    assert "The clinic is closed now. It opens on Wednesday at 9am." in words
    assert "While the clinic is closed: Call 111." in words


def test_a_message_is_sent_and_says_honestly_that_nobody_has_read_it(ada_client: Client, harbour: Clinic) -> None:
    assert post(ada_client, harbour, "May I swim?").status_code == 302

    words = page(ada_client)
    assert "Sent to your care team. Nobody is watching it live." in words
    assert "May I swim? Sent. Not read yet." in words


def test_reading_is_told_as_of_the_team_and_by_the_day(
    ada: User, ben: User, ada_client: Client, harbour: Clinic, clock: Any
) -> None:
    post(ada_client, harbour, "May I swim?")
    sent = Message.objects.get()
    conversations.mark_read(sent.conversation, [sent], by=ben, now=NOW + timedelta(hours=1))
    assert "Read by your team today." in page(ada_client)

    clock.move_to(NOW + timedelta(days=3))

    words = page(ada_client)
    assert "Read by your team on Tuesday." in words
    assert "Ben" not in words


def test_an_answer_is_new_until_it_was_on_the_screen(ada: User, ben: User, ada_client: Client, harbour: Clinic) -> None:
    factories.episode(patient=ada)
    answered(ben, ada, harbour)
    assert "1 new message" in page(ada_client, "/")

    assert "Ben, Harbour Clinic New today at 10:00 Yes, you may." in page(ada_client)

    assert "New today" not in page(ada_client)
    assert "new message" not in page(ada_client, "/")


def test_a_clinician_without_a_name_is_named_by_the_clinic_and_never_by_an_address(
    ada: User, ada_client: Client, harbour: Clinic
) -> None:
    answered(factories.member(of=harbour, email="bea@example.org"), ada, harbour)

    words = page(ada_client)

    assert "bea@example.org" not in words
    assert "Harbour Clinic New today" in words


@pytest.mark.parametrize("text", ["", "a" * (LONGEST + 1)])
def test_what_cannot_be_sent_stays_in_the_form(ada_client: Client, harbour: Clinic, text: str) -> None:
    response = post(ada_client, harbour, text)

    assert response.status_code == 422
    assert response.context["form"]["text"] == text
    assert "Not sent yet" in response.content.decode()
    assert not Message.objects.exists()


def test_the_same_form_sent_twice_is_one_message(ada_client: Client, harbour: Clinic) -> None:
    mine = uuid.uuid4()

    for _ in range(2):
        assert post(ada_client, harbour, "May I swim?", id=mine).status_code == 302

    assert Message.objects.count() == 1


def test_a_sent_form_with_new_words_can_be_sent_again_as_a_new_message(ada_client: Client, harbour: Clinic) -> None:
    mine = uuid.uuid4()
    post(ada_client, harbour, "May I swim?", id=mine)
    response = post(ada_client, harbour, "May I run?", id=mine)
    assert response.status_code == 422

    form = response.context["form"]
    post(ada_client, harbour, form["text"], id=form["id"])

    assert set(Message.objects.values_list("text", flat=True)) == {"May I swim?", "May I run?"}


def test_a_visit_is_asked_for_in_words_that_can_be_changed(ada_client: Client, harbour: Clinic) -> None:
    form = ada_client.get("/messages/visit").context["form"]
    assert form["text"] == "I would like to book a visit."

    post(ada_client, harbour, f"{form['text']} Mornings, please.", kind=form["kind"])

    assert Message.objects.get().kind == Message.Kind.VISIT_REQUEST
    assert "Visit request" in page(ada_client)


def test_what_is_written_is_shown_as_text(ada_client: Client, harbour: Clinic) -> None:
    post(ada_client, harbour, "<script>alert(1)</script>")

    assert "<script>alert(1)" not in ada_client.get("/messages").content.decode()


def test_without_a_clinic_the_page_says_whom_to_call(client: Client) -> None:
    alone = factories.log_in(client, factories.patient(email="dee@example.org"), second_factor=False)

    words = page(alone)

    assert "No clinic looks after you here." in words
    assert "Call your GP or clinic instead." in words
    assert "Your message" not in words


def test_without_the_care_consent_old_messages_can_be_read_and_none_be_sent(
    ada: User, ben: User, ada_client: Client, harbour: Clinic
) -> None:
    answered(ben, ada, harbour)
    consents.withdraw(ada, "care", now=NOW)

    words = page(ada_client)

    assert "Yes, you may." in words
    assert "You said no to sharing with your clinic." in words
    assert "Your message" not in words
    assert post(ada_client, harbour, "May I swim?").status_code == 422


def test_with_two_clinics_one_is_chosen_first(ada: User, ada_client: Client, harbour: Clinic) -> None:
    hill = factories.clinic(name="Hill Clinic")
    CareRelationship.objects.create(clinic=hill, patient=ada, from_at=factories.LONG_AGO)
    assert "Which clinic do you want to write to" in page(ada_client, "/messages/visit")

    post(ada_client, hill, "May I swim?")

    assert "May I swim?" in page(ada_client, f"/messages?clinic={hill.pk}")
    assert "May I swim?" not in page(ada_client, f"/messages?clinic={harbour.pk}")


def test_the_clinic_of_somebody_else_is_not_there(ada_client: Client) -> None:
    strange = factories.clinic(name="Hill Clinic")

    assert ada_client.get(f"/messages?clinic={strange.pk}").status_code == 404
    assert post(ada_client, strange, "May I swim?").status_code == 404


def test_earlier_messages_are_a_page_of_their_own(ada: User, ada_client: Client, harbour: Clinic) -> None:
    for n in range(1, 26):
        conversations.send(ada, uuid.uuid4(), f"Number {n}.", now=NOW)

    newest, earlier = page(ada_client), page(ada_client, "/messages?before=6")

    assert "Number 25." in newest
    assert "Number 5." not in newest
    assert "Number 5." in earlier
    assert "Your message" not in earlier


def test_what_the_earlier_page_did_not_show_is_not_marked_read(
    ada: User, ben: User, ada_client: Client, harbour: Clinic
) -> None:
    for seen in range(3):
        answered(ben, ada, harbour, f"Number {seen + 1}.", seen=seen)

    page(ada_client, "/messages?before=3")

    assert conversations.unread_count(ada.pk) == 1


def test_the_page_for_writing_without_a_network_knows_nobody(ada_client: Client, ada: User) -> None:
    words = ada_client.get("/messages/write").content.decode()

    assert str(ada.pk) not in words
    assert "csrf" not in words


def test_the_page_asks_the_database_as_often_for_many_messages_as_for_one(
    ada: User, ben: User, ada_client: Client, harbour: Clinic, django_assert_num_queries: Any
) -> None:
    answered(ben, ada, harbour)
    page(ada_client)
    with django_assert_num_queries(9):
        page(ada_client)
    for seen in range(1, 15):
        answered(ben, ada, harbour, f"Number {seen}.", seen=seen)
    page(ada_client)

    with django_assert_num_queries(9):
        page(ada_client)
