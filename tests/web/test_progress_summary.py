"""The summary on paper: what was reported, on one page, with private answers left out where the person wants it."""

from __future__ import annotations

from datetime import date, timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from selfcare.accounts.models import User
from selfcare.diary.models import Episode
from selfcare.web import plan, said
from tests import factories
from tests.clinic import rows
from tests.web.conftest import LONDON, QUIET

pytestmark = pytest.mark.django_db

PRIVATE = {"bladder": "new", "saddle": "unsure", "sexual": "new", "low_mood_risk": True}
PRIVATE_WORDS = ("peeing", "private parts", "sex life", "harm")


@pytest.fixture
def today() -> date:
    """Return Ada's day."""
    return timezone.localdate(timezone=LONDON)


@pytest.fixture
def phone(ada: User, episode: Episode, client: Client) -> Client:
    """Return Ada's browser without a script."""
    return factories.log_in(client, ada)


def page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, response.status_code
    shown = unescape(response.content.decode())
    return shown[shown.index("<main") : shown.index("</main>")]


def test_answers_that_were_not_no_change_stand_on_it_with_their_days(
    phone: Client, episode: Episode, today: date
) -> None:
    for ago in (3, 2, 1):
        factories.entry(episode=episode, on=today - timedelta(days=ago), observations={**QUIET, "weakness": 1})

    shown = page(phone, "/progress/summary")

    first, last = today - timedelta(days=3), today - timedelta(days=1)
    assert f"{first:%-d} {first:%b} to {last:%-d} {last:%b}, 3 days." in shown


def test_private_answers_stand_on_it_unless_left_out(phone: Client, ada: User, episode: Episode, today: date) -> None:
    factories.entry(episode=episode, on=today, observations={**QUIET, **PRIVATE})
    rows.alert(patient=ada, tier="emergency")

    whole, less = page(phone, "/progress/summary"), page(phone, "/progress/summary?hide=1")

    assert "Has peeing changed?" in whole
    assert [word for word in PRIVATE_WORDS if word in less] == []
    assert "are left out at the patient's wish" in less
    assert "are left out at the patient's wish" not in whole


def test_a_question_that_was_not_asked_is_not_called_no_change(phone: Client, episode: Episode, today: date) -> None:
    factories.entry(episode=episode, on=today, observations={"pain_avg": 4})

    shown = page(phone, "/progress/summary")

    assert "No warning sign was asked about in this time." in shown
    assert "no change each time" not in shown


def test_without_an_entry_it_leads_back_to_progress(phone: Client) -> None:
    assert phone.get("/progress/summary").headers["Location"] == "/progress"


def test_a_day_on_which_weakness_began_is_only_told_where_it_was_given() -> None:
    since = next(step for step in plan.check_in() if step["id"] == "weakness_since")

    assert said.answer_of(since, {"weakness": 1}) is None
    assert said.answer_of(since, {"weakness": 2, "weakness_since_days": 3}) == "days"
