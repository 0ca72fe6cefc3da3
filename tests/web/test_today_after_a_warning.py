"""Today while an emergency is open: when it was told, what to do, and no word that sounds like "all is well"."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client

from selfcare.accounts.models import User
from selfcare.diary.models import Episode
from selfcare.diary.recording import record_entry
from tests import factories

pytestmark = pytest.mark.django_db

# Summer time: half past nine in London.
NOW = datetime(2026, 6, 2, 20, 30, tzinfo=UTC)


@pytest.fixture
def page(ada: User, episode: Episode, client: Client) -> str:
    """Return Today as Ada sees it right after she has reported a warning sign."""
    body = {
        "occurred_on": "2026-06-02",
        "recorded_at": NOW.isoformat(),
        "recorded_zone": "Europe/London",
        "observations": {"bladder": "new", "bladder_since_days": 1},
    }
    with time_machine.travel(NOW, tick=False):
        record_entry(ada, uuid.uuid4(), body, now=NOW)
        return str(factories.log_in(client, ada).get("/").content.decode())


def test_it_says_when_the_change_was_told_in_the_patient_s_own_time(page: str) -> None:
    assert "On 2 June, 21:30 you told us about a change." in page


def test_it_does_not_say_that_all_is_done(page: str) -> None:
    assert "All done" not in page


def test_it_asks_whether_she_was_seen_and_leads_to_what_to_do(page: str) -> None:
    assert "Did you get seen?" in page
    assert 'href="/help-now/now"' in page
