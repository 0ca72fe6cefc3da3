"""Eight weeks of a diary with the clock handed in: who is asked to book a review, and on which local day.

Onset is 16 February 2026, so the weeks run across the British clock change of 29 March: day 28 is 16 March, day 42 is
30 March, day 56 is 13 April.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from playwright.sync_api import Page

from selfcare.accounts.models import Clinic, User
from selfcare.diary.models import Episode
from selfcare.diary.monitoring import assess_due
from selfcare.diary.recording import record_entry
from selfcare.triage.models import Alert, Assessment
from tests import factories
from tests.journeys import phone

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONDON = ZoneInfo("Europe/London")
ONSET = date(2026, 2, 16)
FIRST_ENTRY = 10
Answers = Callable[[int], dict[str, Any]]
QUIET = {
    "bladder": "none",
    "bowel": "none",
    "saddle": "none",
    "both_legs": "none",
    "weakness": 0,
    "numbness": 0,
    "gait_unsteady": False,
    "chills": False,
    "very_unwell": False,
    "night_pain": "none",
}


def no_better(day: int) -> dict[str, Any]:
    """Six out of ten, week after week."""
    return {"pain_buttock": 6, "pain_avg": 6, "interference": 5}


def partly_better(day: int) -> dict[str, Any]:
    """From eight down to five, and no further."""
    pain = 8 if day < 15 else 6 if day < 22 else 5
    return {"pain_buttock": pain, "pain_avg": pain, "interference": 5}


def improving(day: int) -> dict[str, Any]:
    """A point less every four days."""
    pain = max(0, 6 - (day - FIRST_ENTRY) // 4)
    return {"pain_buttock": pain, "pain_avg": pain, "interference": max(0, pain - 1)}


def at(day: int, clock: time) -> datetime:
    """Return the instant of a local time on the day that is so many days after the onset."""
    return datetime.combine(ONSET + timedelta(days=day), clock, tzinfo=LONDON)


def patient(name: str, harbour: Clinic) -> User:
    """Return a patient of the clinic whose pain began on the day of onset."""
    person = factories.patient(email=f"{name}@example.org", name=name.title(), of=harbour)
    Episode.objects.create(
        patient=person,
        onset_on=ONSET,
        pain_site="buttock",
        pain_side="left",
        regions=["bu-l"],
        started_at=at(FIRST_ENTRY, time(9)),
        next_check_at=at(FIRST_ENTRY, time(9)),
    )
    return person


def check_in(person: User, day: int, answers: Answers) -> None:
    """Record the evening's check-in."""
    now = at(day, time(19, 30))
    body = {
        "occurred_on": now.date().isoformat(),
        "recorded_at": now.isoformat(),
        "recorded_zone": "Europe/London",
        "observations": QUIET | answers(day),
    }
    record_entry(person, uuid.uuid4(), body, now=now)


def live_through(person: User, answers: Answers, *, until: int) -> None:
    """Let the days pass, each with the morning's check and the evening's entry, up to and without ``until``."""
    for day in range(FIRST_ENTRY, until):
        assess_due(now=at(day, time(9, 30)))
        check_in(person, day, answers)


def prompts(person: User) -> set[tuple[str, int]]:
    """Return which persistence rules found something, and on which day after the onset that was first."""
    first: dict[tuple[str, str], int] = {}
    for assessment in Assessment.objects.filter(patient=person).order_by("as_of", "evaluated_at"):
        for finding in assessment.findings:
            if finding["rule"].startswith("PER-"):
                first.setdefault((finding["rule"], finding["occasion"]), (assessment.as_of - ONSET).days)
    return {(rule, day) for (rule, _occasion), day in first.items()}


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (no_better, {("PER-02", 28), ("PER-03", 42), ("PER-03", 49), ("PER-03", 56)}),
        (partly_better, {("PER-01", 14), ("PER-06", 56)}),
        (improving, set()),
    ],
)
def test_eight_weeks_bring_their_prompts_on_the_right_local_days(
    answers: Answers, expected: set[tuple[str, int]], harbour: Clinic
) -> None:
    person = patient("ada", harbour)

    live_through(person, answers, until=58)

    assert prompts(person) == expected


@pytest.fixture
def evening(request: pytest.FixtureRequest) -> Iterator[datetime]:
    """Let it be the evening of day 42 for everybody, the phone apart."""
    with time_machine.travel(at(42, time(19, 0)), tick=True) as travelled:
        assert travelled is not None
        yield at(42, time(19, 0))


def test_who_is_no_better_sees_the_prompt_when_the_window_opens(
    harbour: Clinic, phone_of: Callable[[User], Page], evening: datetime
) -> None:
    ada = patient("ada", harbour)
    live_through(ada, no_better, until=42)
    page = at_the_time(phone_of(ada), evening)

    check_in_on_the_phone(page, pain=6, interference=5)

    assert phone.screen(page, "saved").locator("[data-saved-card]:visible").count() == 1


def test_who_improves_sees_no_prompt_that_day(
    harbour: Clinic, phone_of: Callable[[User], Page], evening: datetime
) -> None:
    bea = patient("bea", harbour)
    live_through(bea, improving, until=42)
    page = at_the_time(phone_of(bea), evening)

    check_in_on_the_phone(page, pain=1, interference=0)

    assert phone.screen(page, "saved").locator("[data-saved-card]:visible").count() == 0


def test_her_clinician_finds_the_review_on_the_worklist(
    harbour: Clinic, ben: User, phone_of: Callable[[User], Page], evening: datetime
) -> None:
    ada = patient("ada", harbour)
    live_through(ada, no_better, until=42)
    check_in(ada, 42, no_better)
    page = phone_of(ben)

    page.goto("/clinic/")

    assert Alert.objects.open().filter(patient=ada, rule_id="PER-03").exists()
    assert ada.name in page.locator("main").inner_text()


def at_the_time(page: Page, now: datetime) -> Page:
    """Return the phone with its clock set."""
    page.clock.set_fixed_time(now)
    return page


def check_in_on_the_phone(page: Page, *, pain: int, interference: int) -> None:
    """Answer the day's questions with nothing changed, and wait until the entry is with the server."""
    page.goto("/check-in")
    phone.answer_all(
        page, scores={"interference": interference, "pain_buttock": pain, "pain_back": pain, "pain_avg": pain}
    )
    phone.screen(page, "saved").locator('[data-kept="sent"]').wait_for(state="visible")
