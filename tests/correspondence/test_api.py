"""The API of messages: one's own, once per id, in words when refused, and nobody else's."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from selfcare.accounts import consents
from selfcare.accounts.models import Clinic, User
from selfcare.correspondence import conversations
from selfcare.correspondence.models import LONGEST, Conversation, Message
from tests import factories

pytestmark = pytest.mark.django_db


def put(client: Client, text: str = "May I swim?", *, id_: uuid.UUID | None = None, **more: Any) -> Any:
    body = json.dumps({"text": text, **more})
    return client.put(f"/api/v1/messages/{id_ or uuid.uuid4()}", body, content_type="application/json")


@pytest.fixture
def answered(ada: User, ben: User, harbour: Clinic) -> Message:
    """Return Ben's word to Ada."""
    return conversations.reply(ben, ada, harbour, uuid.uuid4(), "You may swim.", seen=0, now=timezone.now())[0]


def test_a_message_is_stored_once_per_id(ada_client: Client) -> None:
    mine = uuid.uuid4()

    first, again = (put(ada_client, id_=mine) for _ in range(2))

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert first.json()["side"] == "patient"


def test_an_id_that_is_taken_is_refused_alike_whoever_it_belongs_to(ada_client: Client, harbour: Clinic) -> None:
    dee = factories.patient(email="dee@example.org", of=harbour)
    hers = conversations.send(dee, uuid.uuid4(), "Mine.", now=timezone.now())[0]
    mine = uuid.uuid4()
    put(ada_client, id_=mine)

    own, foreign = (put(ada_client, "Other words.", id_=taken) for taken in (mine, hers.pk))

    assert own.status_code == foreign.status_code == 409
    assert own.content == foreign.content


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"text": ""}, 400),
        ({"text": "a" * (LONGEST + 1)}, 400),
        ({"text": "May I?", "kind": "urgent"}, 400),
        ({"text": "May I?", "unknown": 1}, 400),
        ({"text": "May I?", "clinic": str(uuid.UUID(int=1))}, 404),
    ],
)
def test_what_does_not_fit_is_refused_in_words(ada_client: Client, body: dict[str, Any], status: int) -> None:
    answer = put(ada_client, **body)

    assert answer.status_code == status
    assert answer.json()["detail"].endswith(".")
    assert not Message.objects.exists()


def test_without_a_team_the_refusal_says_that_nothing_was_sent(ada: User, ada_client: Client) -> None:
    consents.withdraw(ada, "care", now=timezone.now())

    answer = put(ada_client)

    assert answer.status_code == 409
    assert "It was not sent." in answer.json()["detail"]


def test_a_message_of_somebody_else_s_phone_waits_for_its_person(ada_client: Client) -> None:
    body = json.dumps({"text": "May I swim?"})
    answer = ada_client.put(
        f"/api/v1/messages/{uuid.uuid4()}",
        body,
        content_type="application/json",
        headers={"X-Person": str(uuid.uuid4())},
    )

    assert answer.status_code == 403
    assert not Conversation.objects.exists()


def test_too_many_at_once_are_told_to_wait(ada: User, ada_client: Client) -> None:
    for n in range(conversations.MOST_IN_AN_HOUR):
        conversations.send(ada, uuid.uuid4(), f"Number {n}.", now=timezone.now())

    answer = put(ada_client)

    assert answer.status_code == 429
    assert "Wait an hour" in answer.json()["detail"]


def test_reading_the_list_marks_nothing_and_saying_so_does(ada_client: Client, answered: Message) -> None:
    listed = ada_client.get("/api/v1/messages")
    assert (listed.json()["unread"], listed.json()["messages"][0]["read_at"]) == (1, None)
    assert listed["Cache-Control"] == "no-store"

    assert ada_client.put(f"/api/v1/messages/{answered.pk}/read").json()["read_at"]

    assert ada_client.get("/api/v1/messages").json()["unread"] == 0


def test_nobody_reads_the_messages_of_somebody_else(
    ada: User, answered: Message, ben_client: Client, cy_client: Client
) -> None:
    for stranger in (ben_client, cy_client):
        assert stranger.get("/api/v1/messages").json()["messages"] == []
        assert stranger.put(f"/api/v1/messages/{answered.pk}/read").status_code == 404
    assert conversations.unread_count(ada.pk) == 1


def test_one_s_own_message_cannot_be_marked_as_read_by_the_team(ada_client: Client) -> None:
    mine = uuid.uuid4()
    put(ada_client, id_=mine)

    assert ada_client.put(f"/api/v1/messages/{mine}/read").status_code == 404
    assert Message.objects.get().read_at is None
