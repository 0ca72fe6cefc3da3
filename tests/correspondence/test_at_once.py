"""Several at the same moment, each with a connection of its own: one message per id, one answer to one question."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import pytest

from selfcare.correspondence import conversations
from selfcare.correspondence.models import Message
from tests import factories
from tests.notifications.conftest import shared_database  # noqa: F401
from tests.notifications.test_races import together

pytestmark = pytest.mark.usefixtures("shared_database")
NOW = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)


def test_one_message_sent_from_many_tabs_at_once_is_one() -> None:
    ada = factories.patient(email="ada@example.org", of=factories.clinic())
    mine = uuid.uuid4()

    raised = together(*[lambda: conversations.send(ada, mine, "May I swim?", now=NOW)] * 8)

    assert raised == []
    assert Message.objects.count() == 1


def test_of_two_clinicians_who_answer_at_once_one_is_asked_to_read_the_other() -> None:
    harbour = factories.clinic()
    ada = factories.patient(email="ada@example.org", of=harbour)
    team = [factories.member(of=harbour, email=f"{name}@example.org", name=name) for name in ("ben", "bea")]
    conversations.send(ada, uuid.uuid4(), "May I swim?", now=NOW)

    raised = together(
        *[lambda who=who: conversations.reply(who, ada, harbour, uuid.uuid4(), "Yes.", seen=1, now=NOW) for who in team]
    )

    assert [type(error) for error in raised] == [conversations.Moved]
    assert list(Message.objects.order_by("number").values_list("number", flat=True)) == [1, 2]


def test_patients_who_write_at_once_all_get_through_in_an_order() -> None:
    ada = factories.patient(email="ada@example.org", of=factories.clinic())

    raised = together(*[lambda n=n: conversations.send(ada, uuid.uuid4(), f"Number {n}.", now=NOW) for n in range(8)])

    assert raised == []
    assert sorted(Message.objects.values_list("number", flat=True)) == list(range(1, 9))
