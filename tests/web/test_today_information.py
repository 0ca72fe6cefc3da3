"""Today after 4 weeks: what else can help is told calmly, and not while something urgent is open."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from selfcare.accounts.models import User
from selfcare.diary.recording import record_entry
from tests import factories

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 18, 30, tzinfo=UTC)
TODAY = date(2026, 3, 2)
TITLE = "What else can help now."


@pytest.mark.parametrize(("days", "shown"), [(27, False), (28, True)])
def test_what_else_can_help_is_told_from_day_28_on(ada: User, client: Client, days: int, shown: bool) -> None:
    _diary(ada, days=days)

    assert (TITLE in _today(client, ada)) is shown


def test_it_is_not_told_while_a_warning_sign_is_open(ada: User, client: Client) -> None:
    _diary(ada, days=28)
    body = {
        "occurred_on": "2026-03-02",
        "recorded_at": NOW.isoformat(),
        "recorded_zone": "Europe/London",
        "observations": {"pain_avg": 5, "saddle": "new"},
    }
    record_entry(ada, uuid.uuid4(), body, now=NOW)

    assert TITLE not in _today(client, ada)


def _diary(patient: User, *, days: int) -> None:
    episode = factories.episode(patient=patient, onset_on=TODAY - timedelta(days=days))
    for back in range(days + 1):
        factories.entry(episode=episode, on=TODAY - timedelta(days=back), observations={"pain_avg": 5})


def _today(client: Client, patient: User) -> str:
    with time_machine.travel(NOW, tick=False):
        return str(factories.log_in(client, patient).get("/").content.decode())
