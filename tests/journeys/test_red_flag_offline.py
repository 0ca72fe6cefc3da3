"""The same story without a network: advice at once, delivered once when the network is back, with true times."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.journeys import people, phone
from tests.journeys.people import Person, Team
from tests.journeys.stack import Stack

pytestmark = pytest.mark.browser


@dataclass
class Delivered:
    """What was seen while there was no network, and what the server had afterwards."""

    call: str
    stored_meanwhile: int
    answered: tuple[datetime, datetime]
    back_at: datetime
    entries: list[dict[str, Any]]
    alerts: list[dict[str, Any]]
    pushes: int
    worklist: str


@pytest.fixture(scope="module")
def bea(
    stack: Stack, team: Team, browser: Browser, browser_context_args: dict[str, Any], pictures: Path | None
) -> Iterator[Person]:
    """Return another patient of Ben's, who has opened the check-in once."""
    person = people.arrive(stack, browser, browser_context_args, "bea@example.org")
    people.become_patient(stack, person, invited_by=team.ben, name="Bea", pictures=None)
    yield person
    person.context.close()


@pytest.fixture(scope="module")
def delivered(stack: Stack, team: Team, bea: Person, pictures: Path | None) -> Delivered:
    """Cut the network in mid-entry, close the page, open it again, and let the network come back with two tabs open."""
    pushes, page = len(stack.push.received), bea.page
    page.goto("/check-in")
    page.locator('[data-screen="step:bladder"]').wait_for(state="visible")
    phone.wait_for_worker(page)
    bea.context.set_offline(True)
    before = datetime.now(UTC)
    phone.tap_answer(page, "bladder", "new_days")
    call = page.locator('[data-screen]:visible a[href^="tel:"]').first
    call.wait_for(state="visible")
    page.locator('[data-screen]:visible [data-kept="phone"]').wait_for(state="visible")
    phone.picture(page, pictures, "40-offline-card")
    seen = str(call.get_attribute("href"))
    after = datetime.now(UTC)
    page.close()
    reopened = bea.context.new_page()
    reopened.goto("/check-in")
    phone.picture(reopened, pictures, "41-offline-reopened")
    stored = len(people.entries(stack, bea))
    back_at = datetime.now(UTC)
    bea.context.set_offline(False)
    bea.page = bea.context.new_page()
    bea.page.goto("/")
    stack.wait_for(lambda: people.entries(stack, bea), seconds=45)
    reopened.reload()
    stack.wait_for(lambda: len(stack.push.received) > pushes)
    team.ben.page.goto("/clinic/")
    return Delivered(
        call=seen,
        stored_meanwhile=stored,
        answered=(before, after),
        back_at=back_at,
        entries=people.entries(stack, bea),
        alerts=people.alerts(stack, bea),
        pushes=len([message for message in stack.push.received[pushes:] if message.token == ben_token(team)]),
        worklist=team.ben.page.locator("section.lane").first.inner_text(),
    )


def ben_token(team: Team) -> str:
    """Return the address of Ben's browser at the push service."""
    assert team.ben.push is not None
    return team.ben.push.token


def test_the_number_to_call_is_on_the_screen_without_a_network(delivered: Delivered) -> None:
    assert delivered.call == "tel:999"


def test_nothing_reaches_the_server_while_there_is_no_network(delivered: Delivered) -> None:
    assert delivered.stored_meanwhile == 0


def test_the_entry_arrives_exactly_once_when_the_network_is_back(delivered: Delivered) -> None:
    assert len(delivered.entries) == 1


def test_it_keeps_the_time_of_the_answer_beside_the_time_of_arrival(delivered: Delivered) -> None:
    entry = delivered.entries[0]

    recorded, received = (datetime.fromisoformat(entry[name]) for name in ("recorded_at", "received_at"))

    assert delivered.answered[0] <= recorded <= delivered.answered[1]
    assert received >= delivered.back_at
    assert entry["clock_suspect"] is False


def test_exactly_one_alert_is_opened(delivered: Delivered) -> None:
    assert [(alert["rule_id"], alert["status"]) for alert in delivered.alerts] == [("RF-CES-01", "open")]


def test_ben_is_told_once(delivered: Delivered) -> None:
    assert delivered.pushes == 1


def test_ben_sees_when_it_was_reported_and_when_it_came(delivered: Delivered) -> None:
    assert "Bea" in delivered.worklist
    assert "Reported" in delivered.worklist
    assert "received" in delivered.worklist
