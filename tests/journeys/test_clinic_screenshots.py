"""The pictures of the clinician's side in README: `make screenshots` takes them again from the invented people."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page

from notifications import heartbeat
from notifications.models import Message
from selfcare.accounts.models import Clinic, User
from selfcare.clinic import demonstration
from selfcare.diary import recording
from selfcare.triage import alerts, follow_up
from selfcare.triage.follow_up import Answer
from selfcare.triage.models import Alert
from tests import factories
from tests.journeys import phone

FOLDER = os.environ.get("SCREENSHOTS", "")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not FOLDER, reason="Pictures are taken by `make screenshots` only."),
]


@pytest.fixture
def page(browser: Browser, live_server: Any) -> Iterator[Page]:
    """Return a desktop page of the demonstration's clinician, with something on every lane of the worklist."""
    now = timezone.now()
    demonstration.load(now=now)
    clinic = Clinic.objects.get(name=demonstration.CLINIC)
    colleague = factories.member(of=clinic, email="bea@example.org", name="Bea Beispiel (invented)")
    _weaker_leg(clinic, now=now)
    _late_from_the_mountains(clinic, colleague, now=now)
    _first_weakness(clinic, now=now)
    for name in heartbeat.NAMES:
        heartbeat.beat(name, now=now)
    Message.objects.update(status=Message.Status.SENT)
    args = {"viewport": {"width": 1024, "height": 740}, "locale": "en-GB", "timezone_id": "Europe/London"}
    context = phone.signed_in(browser, live_server.url, User.objects.get(email="ben@example.org"), args=args)
    yield context.new_page()
    context.close()


def _patient(clinic: Clinic, email: str, name: str, born: int, *, weeks: int) -> User:
    person = factories.patient(email=email, of=clinic, year_of_birth=born)
    # Without the mark that tests look for: this name is for a picture.
    User.objects.filter(pk=person.pk).update(name=name)
    onset = timezone.now().date() - timedelta(weeks=weeks, days=10)
    factories.episode(patient=person, onset_on=onset, pain_side="left", pain_site="buttock")
    return person


def _report(
    person: User, at: datetime, *, shown: str = "none", received: datetime | None = None, **answers: Any
) -> None:
    body = {
        "occurred_on": at.date().isoformat(),
        "recorded_at": at.isoformat(),
        "recorded_zone": "Europe/London",
        "shown_tier": shown,
        "observations": {**demonstration.QUIET, **answers},
    }
    recording.record_entry(person, uuid.uuid4(), body, now=received or at + timedelta(seconds=20))


def _weaker_leg(clinic: Clinic, *, now: datetime) -> None:
    person = _patient(clinic, "dee@example.org", "Dee Drop (invented)", 1971, weeks=8)
    for ago in [day for day in range(56, 0, -1) if day not in (40, 39, 38, 37, 22, 21)]:
        pain = 7 - (ago % 3 == 0) if ago > 14 else 3 + (ago % 2)
        scores = {"pain_avg": pain, "pain_buttock": pain, "pain_back": pain - 2, "interference": pain - 1}
        _report(person, now - timedelta(days=ago), weakness=int(ago < 9), **scores)
    _report(
        person,
        now - timedelta(hours=2),
        shown="emergency",
        weakness=2,
        pain_avg=2,
        pain_buttock=2,
        interference=3,
        note="My foot catches on the stairs. Less pain though.",
    )


def _late_from_the_mountains(clinic: Clinic, colleague: User, *, now: datetime) -> None:
    person = _patient(clinic, "fay@example.org", "Fay Faraway (invented)", 1959, weeks=2)
    answers = {"bladder": "new", "bladder_detail": ["retention"], "bladder_since_days": 0, "pain_avg": 7}
    _report(person, now - timedelta(hours=11), shown="emergency", received=now - timedelta(minutes=20), **answers)
    alert = Alert.objects.get(patient=person)
    alerts.acknowledge(alert.id, by=colleague, now=now - timedelta(minutes=8))
    follow_up.patient_said(alert.id, patient_id=person.id, answer=Answer("going"), now=now - timedelta(minutes=3))


def _first_weakness(clinic: Clinic, *, now: datetime) -> None:
    person = _patient(clinic, "hal@example.org", "Hal Hazel (invented)", 1990, weeks=1)
    _report(person, now - timedelta(hours=26), weakness=0, pain_avg=5)
    _report(person, now - timedelta(hours=3), shown="within_2_weeks", weakness=1, pain_avg=5)


def test_screenshot_of_the_worklist(page: Page) -> None:
    page.goto("/clinic/")

    page.screenshot(path=Path(FOLDER) / "worklist.png")


def test_screenshot_of_a_diary(page: Page) -> None:
    page.goto(f"/clinic/patients/{User.objects.get(email='dee@example.org').id}/")
    page.evaluate("scrollTo(0, document.getElementById('diary-title').getBoundingClientRect().top - 16)")

    page.screenshot(path=Path(FOLDER) / "diary.png")
