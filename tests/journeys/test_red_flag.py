"""The main job, end to end, on the real stack: a phone entry becomes advice, an alert, messages and a clinician's task.

The story: a 38-year-old with sciatica for three weeks who since this morning cannot feel when she needs to pee.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Route

from tests.doubles.push_service import Received
from tests.journeys import people, phone
from tests.journeys.people import Person, Team
from tests.journeys.stack import ROOT, Stack

pytestmark = pytest.mark.browser

STORY = ROOT / "tests" / "stories" / "cannot-feel-the-need-to-pee.json"
TELLING = re.compile(
    r"\b(ada|pain|back|leg|sciatica|bladder|pee|peeing|saddle|numb|weak|emergency|urgent|hospital|999|RF-CES\S*)\b",
    re.IGNORECASE,
)


@dataclass
class Told:
    """What was seen while Ada answered."""

    # Before anything had left the phone.
    card: str
    call: str
    call_in_view: bool
    stored_while_held: int
    requests_held: int
    # Afterwards.
    entry_id: str
    tier: str
    rules: list[str]
    observations: dict[str, Any]
    mails: list[EmailMessage] = field(default_factory=list)
    pushes: list[Received] = field(default_factory=list)


@pytest.fixture(scope="module")
def told(stack: Stack, team: Team, pictures: Path | None) -> Told:
    """Play the story on the phone, with the network holding every entry back until the card has been seen."""
    page, held = team.ada.page, []
    page.route("**/api/v1/entries/**", lambda route: held.append(route))
    mails, pushes = len(stack.mail.mails), len(stack.push.received)
    page.goto("/")
    phone.picture(page, pictures, "20-today")
    page.goto("/check-in")
    page.locator('[data-screen="step:bladder"]').wait_for(state="visible")
    phone.picture(page, pictures, "21-question")

    phone.tap_answer(page, "bladder", "new_days")

    call = page.locator('[data-screen]:visible a[href^="tel:"]').first
    call.wait_for(state="visible")
    phone.picture(page, pictures, "22-card-before-sending")
    box = call.bounding_box()
    seen = Told(
        card=page.locator("[data-screen]:visible .care-card").inner_text(),
        call=str(call.get_attribute("href")),
        call_in_view=box is not None and box["y"] + box["height"] <= 740,
        stored_while_held=len(people.entries(stack, team.ada)),
        requests_held=len(stack_held(page, held)),
        entry_id="",
        tier="",
        rules=[],
        observations={},
    )
    for route in held:
        route.continue_()
    page.unroute("**/api/v1/entries/**")
    page.locator('[data-screen]:visible [data-kept="sent"]').wait_for(state="visible")
    phone.picture(page, pictures, "23-card-after-sending")
    entry = stack.ask(
        "{'id': str(e.pk), 'observations': e.observations, 'tier': a.tier, 'rules': [f['rule'] for f in a.findings]}",
        given="from selfcare.diary.models import Entry\nfrom selfcare.triage.models import Assessment\n"
        f"e = Entry.objects.filter(patient={team.ada.id!r}).latest('received_at')\n"
        "a = Assessment.objects.filter(entry_id=e.pk).latest('evaluated_at')",
    )
    seen.entry_id, seen.tier = entry["id"], entry["tier"]
    seen.rules, seen.observations = entry["rules"], entry["observations"]
    stack.wait_for(lambda: len(stack.push.received) >= pushes + 2 and len(stack.mail.mails) >= mails + 2)
    seen.mails, seen.pushes = stack.mail.mails[mails:], stack.push.received[pushes:]
    return seen


def stack_held(page: Any, held: list[Route]) -> list[Route]:
    """Return the requests held back; gives the page a moment to make the first."""
    for _ in range(50):
        if held:
            break
        page.wait_for_timeout(100)
    return held


def test_the_card_says_go_now_before_anything_has_been_sent(told: Told) -> None:
    assert "Go to A&E now" in told.card or "now" in told.card.lower().splitlines()[0]
    assert told.requests_held == 1
    assert told.stored_while_held == 0


def test_the_number_to_call_is_the_right_one_and_in_view(told: Told) -> None:
    assert (told.call, told.call_in_view) == ("tel:999", True)


def test_the_server_agrees_with_the_phone(told: Told) -> None:
    assert (told.tier, told.rules) == ("emergency", ["RF-CES-01"])


def test_exactly_one_alert_is_open(stack: Stack, team: Team, told: Told) -> None:
    found = people.alerts(stack, team.ada)

    assert [(alert["rule_id"], alert["tier"]) for alert in found] == [("RF-CES-01", "emergency")]


def test_the_worker_sends_a_push_to_ben_and_one_to_ada(team: Team, told: Told) -> None:
    assert team.ben.push is not None
    assert team.ada.push is not None

    received = {message.token: message.content["type"] for message in told.pushes}

    assert received == {team.ben.push.token: "worklist", team.ada.push.token: "follow_up"}


def test_a_mail_goes_to_ben_and_one_to_ada(told: Told) -> None:
    assert sorted(mail["To"] for mail in told.mails) == ["ada@example.org", "ben@example.org"]


def test_no_message_says_what_it_is_about(told: Told) -> None:
    texts = [message.plain.decode() for message in told.pushes]
    texts += [f"{mail['Subject']}\n{mail.get_content()}" for mail in told.mails]

    found = [word for text in texts for word in TELLING.findall(text)]

    assert found == []


def test_the_replayed_story_gives_the_same_tier_and_rules(stack: Stack, told: Told, tmp_path: Path) -> None:
    story = json.loads(STORY.read_text())
    played = [{**story[0], "id": "played", "entries": [{"day": 0, **told.observations}]}]
    case = tmp_path / "case.json"
    case.write_text(json.dumps(story + played))

    replayed = json.loads(stack.manage("replay", str(case)))

    results = [
        (one["highest_tier"], [found["rule"] for day in one["days"] for found in day["findings"]]) for one in replayed
    ]
    assert results == [(told.tier, told.rules)] * 2


@pytest.fixture(scope="module")
def handled(stack: Stack, team: Team, told: Told, pictures: Path | None) -> dict[str, Any]:
    """Let Cy look first, then let Ben open the worklist and the diary, take the alert, record and close it."""
    cy, page = team.cy.page, team.ben.page
    alert = people.alerts(stack, team.ada)[0]["id"]
    seen: dict[str, Any] = {}
    cy.goto("/clinic/")
    seen["cy_list"] = cy.locator("main").inner_text()
    paths = {
        "thread": (f"/clinic/alerts/{alert}/", "/clinic/alerts/{}/"),
        "diary": (f"/clinic/patients/{team.ada.id}/", "/clinic/patients/{}/"),
        "api": (f"/api/v1/patients/{team.ada.id}/entries", "/api/v1/patients/{}/entries"),
    }
    nobody = "00000000-0000-4000-8000-000000000000"
    seen["cy_answers"] = {
        name: [plain(team.cy, path) for path in (real, pattern.format(nobody))]
        for name, (real, pattern) in paths.items()
    }
    page.goto("/clinic/")
    phone.picture(page, pictures, "30-worklist")
    seen["now_lane"] = page.locator("section.lane").first.inner_text()
    page.locator(".inbox-row .row-link").first.tap()
    page.wait_for_url("**/clinic/alerts/**")
    phone.picture(page, pictures, "31-thread")
    seen["thread"] = page.locator("main").inner_text()
    page.locator('main a[href^="/clinic/patients/"]').first.tap()
    page.wait_for_url("**/clinic/patients/**")
    phone.picture(page, pictures, "32-diary")
    seen["audit"] = stack.ask(
        f"list(AuditEvent.objects.filter(actor_id={team.ben.id!r}, patient_id={team.ada.id!r})"
        ".order_by('id').values_list('action', flat=True))",
        given="from selfcare.accounts.models import AuditEvent",
    )
    page.goto(f"/clinic/alerts/{alert}/")
    people.submit(page, button=f'form[action="/clinic/alerts/{alert}/take/"] button')
    seen["taken"] = people.alerts(stack, team.ada)[0]["status"]
    page.goto(f"/clinic/alerts/{alert}/")
    act = page.locator(f'form[action="/clinic/alerts/{alert}/action/"]')
    act.locator('input[name="act-how"][value="phone"]').check()
    act.locator("textarea").fill("Is on the way to hospital with her sister.")
    people.submit(page, button=f'form[action="/clinic/alerts/{alert}/action/"] button')
    phone.picture(page, pictures, "33-recorded")
    page.goto(f"/clinic/alerts/{alert}/")
    close = page.locator(f'form[action="/clinic/alerts/{alert}/close/"]')
    close.locator('input[name="close-outcome"][value="seen_emergency"]').check()
    close.locator("textarea").fill("Scan done, seen by the spinal team.")
    close.locator('input[type="checkbox"][name="close-same_person"]').check()
    people.submit(page, button=f'form[action="/clinic/alerts/{alert}/close/"] button')
    phone.picture(page, pictures, "34-closed")
    page.goto("/clinic/")
    seen["list_afterwards"] = page.locator("main").inner_text()
    page.goto("/clinic/done/")
    seen["done"] = page.locator("main").inner_text()
    return seen


def plain(person: Person, path: str) -> tuple[int, str]:
    """Return status and text of a page as this person gets it, without what differs at every request."""
    answer = person.context.request.get(path, max_redirects=0)
    return answer.status, re.sub(r'nonce="[^"]*"|[0-9a-f]{8}-[0-9a-f-]{27}', "", answer.text())


def test_ben_finds_ada_on_top_of_his_worklist(handled: dict[str, Any]) -> None:
    assert "Ada" in handled["now_lane"]


def test_cy_sees_an_empty_worklist(handled: dict[str, Any]) -> None:
    assert "Nothing waiting" in handled["cy_list"]
    assert "Ada" not in handled["cy_list"]


@pytest.mark.parametrize("place", ["thread", "diary", "api"])
def test_cy_gets_the_same_answer_for_ada_as_for_nobody(place: str, handled: dict[str, Any]) -> None:
    ada, nobody = handled["cy_answers"][place]

    assert ada[0] == 404
    assert ada == nobody


def test_ben_reading_the_diary_is_written_down(handled: dict[str, Any]) -> None:
    assert "diary.viewed" in handled["audit"]


def test_ben_takes_records_and_closes_the_alert(stack: Stack, team: Team, handled: dict[str, Any]) -> None:
    alert = people.alerts(stack, team.ada)[0]

    assert (handled["taken"], alert["status"], alert["outcome"]) == ("acknowledged", "closed", "seen_emergency")


def test_every_step_of_the_alert_is_a_row(stack: Stack, team: Team, handled: dict[str, Any]) -> None:
    kinds = stack.ask(
        f"list(AlertEvent.objects.filter(alert__patient={team.ada.id!r}).order_by('at', 'id')"
        ".values_list('kind', flat=True))",
        given="from selfcare.triage.models import AlertEvent",
    )

    assert kinds == ["opened", "acknowledged", "action", "closed"]


def test_a_closed_alert_moves_from_the_worklist_to_what_is_done(handled: dict[str, Any]) -> None:
    assert "Ada" not in handled["list_afterwards"]
    assert "Ada" in handled["done"]


def test_no_log_line_names_anybody_or_anything(stack: Stack, handled: dict[str, Any]) -> None:
    log = stack.log.read_text()

    found = re.findall(r"@example\.org|\bAda\b|cannot feel|bladder|reduced_feeling", log)

    assert found == []
