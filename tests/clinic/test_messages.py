"""The clinician's messages: who waits, who answers, what was read by whom, and nobody else's patients."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client

from edge.sheets import CatalogueError
from selfcare.accounts.models import AuditEvent, Clinic, Membership, User
from selfcare.clinic import message_texts
from selfcare.correspondence import conversations, telling
from selfcare.correspondence.models import LONGEST, Conversation, Message
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def ask(patient: User, text: str = "May I swim?", **more: Any) -> Message:
    return conversations.send(patient, uuid.uuid4(), text, now=more.pop("now", NOW), **more)[0]


def words_of(response: Any) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def address(patient: User, rest: str = "") -> str:
    return f"/clinic/patients/{patient.pk}/messages/{rest}"


def answer(client: Client, patient: User, text: str = "Yes.", *, seen: int = 1, **more: Any) -> Any:
    return client.post(address(patient), {"id": uuid.uuid4(), "text": text, "seen": seen, **more})


def test_the_longest_wait_stands_first_and_a_visit_request_is_named(
    harbour: Clinic, ada: User, ben_client: Client
) -> None:
    dee = factories.patient(email="dee@example.org", name="Dee", of=harbour)
    ask(ada)
    ask(dee, "A visit, please.", kind=Message.Kind.VISIT_REQUEST, now=NOW - timedelta(hours=2))

    words = words_of(ben_client.get("/clinic/messages/"))

    assert words.index("Visit request") < words.index("Dee") < words.index("Ada")
    assert "2 hours ago" in words
    # The words themselves are behind a page that is audited.
    assert "May I swim?" not in words


def test_the_navigation_counts_who_waits_and_the_worklist_stays_free_of_messages(ada: User, ben_client: Client) -> None:
    ask(ada)

    words = words_of(ben_client.get("/clinic/"))

    assert "Messages 1 wait for an answer" in words
    assert "Ada" not in words


def test_nothing_waiting_is_said(ben_client: Client) -> None:
    words = words_of(ben_client.get("/clinic/messages/"))

    assert "No message waits for an answer." in words
    assert "wait for an answer" not in words.split("Messages that wait")[0]


def test_opening_a_conversation_is_audited_and_reads_for_the_team(ada: User, ben: User, ben_client: Client) -> None:
    ask(ada)

    assert "May I swim?" in words_of(ben_client.get(address(ada)))

    assert Message.objects.get().read_by == ben
    assert AuditEvent.objects.filter(action="conversation.opened", actor_id=ben.pk, patient_id=ada.pk).count() == 1
    assert "First read 18:30 by Ben" in words_of(ben_client.get(address(ada)))


def test_an_answer_takes_the_patient_off_the_list_and_says_who_answered(ada: User, ben_client: Client) -> None:
    ask(ada)

    assert answer(ben_client, ada).status_code == 302

    assert "No message waits" in words_of(ben_client.get("/clinic/messages/"))
    assert "Ben 18:30 Yes. Not opened by the patient yet." in words_of(ben_client.get(address(ada)))


def test_no_answer_needed_takes_the_patient_off_the_list_and_sends_nothing(ada: User, ben_client: Client) -> None:
    ask(ada, "Thank you.")

    assert ben_client.post(address(ada, "settle/"), {"seen": 1}).status_code == 302

    assert not Conversation.objects.waiting().exists()
    assert Message.objects.count() == 1
    assert "Ben last noted “no answer needed”: 18:30." in words_of(ben_client.get(address(ada)))


def test_words_that_answer_what_was_not_read_stay_in_the_form(ada: User, ben_client: Client) -> None:
    ask(ada)
    ask(ada, "My foot is odd now.")

    response = answer(ben_client, ada, "Yes, swim.", seen=1)

    assert response.status_code == 422
    assert response.context["form"]["text"] == "Yes, swim."
    assert "My foot is odd now." in words_of(response)
    assert answer(ben_client, ada, "Yes, swim.", seen=response.context["shown"].seen).status_code == 302


def test_a_template_fills_the_form_and_says_that_it_is_a_draft(ada: User, ben_client: Client) -> None:
    response = ben_client.get(address(ada) + "?template=check_in")

    assert "Please do a check-in in the app today." in response.context["form"]["text"]
    assert "no clinical owner has signed them off" in words_of(response)


def test_an_unknown_template_fills_nothing(ada: User, ben_client: Client) -> None:
    assert ben_client.get(address(ada) + "?template=oops").context["form"]["text"] == ""


@pytest.mark.parametrize("rest", ["", "settle/"])
def test_a_clinician_of_another_clinic_finds_what_nobody_finds(
    ada: User, ben: User, cy_client: Client, rest: str
) -> None:
    ask(ada)
    nobody = User(pk=uuid.uuid4())

    foreign, missing = (cy_client.post(address(who, rest), {"text": "Yes.", "seen": 1}) for who in (ada, nobody))

    assert foreign.status_code == missing.status_code == 404
    assert Conversation.objects.waiting().count() == 1


def test_a_clinician_who_has_left_neither_sees_nor_counts_anything(ada: User, ben: User, ben_client: Client) -> None:
    hill = factories.clinic(name="Hill Clinic")
    Membership.objects.create(clinic=hill, user=ben, role="clinician", from_at=factories.LONG_AGO)
    ask(ada)
    Membership.objects.filter(user=ben).exclude(clinic=hill).update(until_at=NOW)

    assert ben_client.get(address(ada)).status_code == 404
    assert "No message waits" in words_of(ben_client.get("/clinic/messages/"))


def test_what_is_late_is_marked(harbour: Clinic, ada: User, ben_client: Client) -> None:
    ask(ada, now=NOW - timedelta(days=7))
    telling.remind_due(now=NOW)

    assert "Past the clinic's time" in words_of(ben_client.get("/clinic/messages/"))


def test_a_member_of_two_clinics_answers_for_the_one_that_was_written_to(
    ada: User, ben: User, ben_client: Client, harbour: Clinic
) -> None:
    hill = factories.clinic(name="Another Clinic")
    Membership.objects.create(clinic=hill, user=ben, role="clinician", from_at=factories.LONG_AGO)
    ada.care_relationships.create(clinic=hill, from_at=factories.LONG_AGO)
    ask(ada, clinic=harbour)

    assert "No messages yet." in words_of(ben_client.get(address(ada) + f"?clinic={hill.pk}"))
    assert "May I swim?" in words_of(ben_client.get(address(ada) + f"?clinic={harbour.pk}"))
    assert answer(ben_client, ada, clinic=harbour.pk).status_code == 302
    assert not Conversation.objects.waiting().exists()


def test_the_setting_of_the_clinic_decides_when_a_message_is_late(harbour: Clinic, ada: User) -> None:
    Clinic.objects.update(answer_messages_within_days=1)

    ask(User.objects.get(pk=ada.pk))

    # Written on Monday evening: counted from Tuesday's opening, late at Wednesday's.
    assert Conversation.objects.get().next_overdue_at == NOW.replace(day=4, hour=9, minute=0)


def test_the_list_asks_the_database_as_often_for_many_as_for_one(
    harbour: Clinic, ada: User, ben_client: Client, django_assert_num_queries: Any
) -> None:
    ask(ada)
    ben_client.get("/clinic/messages/")
    with django_assert_num_queries(8):
        ben_client.get("/clinic/messages/")
    for n in range(10):
        ask(factories.patient(email=f"p{n}@example.org", of=harbour))

    with django_assert_num_queries(8):
        assert words_of(ben_client.get("/clinic/messages/")).count("Waits since") == 11


class Shelf:
    """A shelf with one sheet."""

    place = "here"

    def __init__(self, text: str) -> None:
        self._text = text

    def text(self, name: str) -> str | None:
        return self._text


@pytest.mark.parametrize(
    "templates",
    ["{a: {name: A}}", "{a: {name: A, text: 3}}", f"{{a: {{name: A, text: {'a' * (LONGEST + 1)}}}}}"],
)
def test_a_sheet_of_texts_that_pages_cannot_rely_on_is_refused(templates: str) -> None:
    with pytest.raises(CatalogueError):
        message_texts.read(Shelf(f"state: draft\nwritten_on: 2026-11-21\ntemplates: {templates}\n"))


def test_every_text_sends_whoever_gets_worse_to_the_help_pages() -> None:
    texts = [template["text"] for template in message_texts.current()["templates"].values()]

    assert texts
    assert all("Use Get help now" in text for text in texts)
