"""What an ordinary evening costs the database."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from selfcare.accounts.models import User
from selfcare.diary import recording
from selfcare.diary.models import Episode
from tests import factories
from tests.diary.phone import NOW, TODAY, body, put

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("evening")]

# Who is this (session, person, second factor needed?), profile, episode, entry, window of the diary, assessment,
# reminder. The rest is beginning and ending the transaction and its savepoints.
STATEMENTS = ["SELECT"] * 5 + ["INSERT", "SELECT", "INSERT", "SELECT"]


@pytest.mark.parametrize("days", [1, 40])
def test_an_ordinary_entry_costs_the_same_few_statements_however_long_the_diary(
    ada: User, episode: Episode, client: Client, days: int
) -> None:
    for back in range(days, 0, -1):
        factories.entry(episode=episode, on=TODAY - timedelta(days=back), observations={"pain_avg": 4})
    token = {"X-Session-Token": factories.session_token(ada, second_factor=False)}

    with CaptureQueriesContext(connection) as queries:
        answer = put(client, body(), headers=token)

    words = [query["sql"].split()[0] for query in queries]
    assert answer.status_code == 201
    assert [word for word in words if word in {"SELECT", "INSERT", "UPDATE", "DELETE"}] == STATEMENTS


def test_reading_the_diary_costs_one_query_however_long(ada: User, episode: Episode, ada_client: Client) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert ada_client.get("/api/v1/entries").status_code == 200
        return len(queries)

    recording.record_entry(ada, uuid.uuid4(), body(), now=NOW)
    short = statements()
    for back in range(1, 20):
        recording.record_entry(ada, uuid.uuid4(), body(on=TODAY - timedelta(days=back)), now=NOW)

    assert statements() == short


def test_alerts_cost_the_same_however_many(ada: User, episode: Episode, ben: User, ben_client: Client) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert ben_client.get("/api/v1/alerts").status_code == 200
        return len(queries)

    observations: dict[str, Any] = {"saddle": "new", "saddle_since_days": 0}
    recording.record_entry(ada, uuid.uuid4(), body(observations=observations), now=NOW)
    statements()  # The first one also notes that the clinician is at work.
    few = statements()
    observations |= {"bladder": "new", "bowel": "new", "weakness": 3, "numbness": 3, "chills": True}
    recording.record_entry(ada, uuid.uuid4(), body(observations=observations), now=NOW)

    assert statements() == few
