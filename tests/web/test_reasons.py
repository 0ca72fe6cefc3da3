"""The patient reads why the app said what it said: their own answers, with their days."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from selfcare.accounts.models import PatientProfile, User
from selfcare.diary import recording
from selfcare.diary.models import Entry, Episode
from selfcare.triage.models import Alert, Assessment
from selfcare.web import reasons
from tests import factories
from tests.web.conftest import LONDON, QUIET

pytestmark = pytest.mark.django_db


@pytest.fixture
def phone(client: Client, ada: User, episode: Episode) -> Client:
    """Return Ada's browser."""
    return factories.log_in(client, ada)


def recorded(ada: User, **values: Any) -> Entry:
    """Return an entry of today that has been judged."""
    now = timezone.now()
    body = {
        "occurred_on": timezone.localdate(timezone=LONDON).isoformat(),
        "recorded_at": now.isoformat(),
        "recorded_zone": "Europe/London",
        "observations": {**QUIET, **values},
    }
    return recording.record_entry(ada, uuid.uuid4(), body, now=now).entry


def test_today_says_which_answers_led_to_the_open_alert(phone: Client, ada: User) -> None:
    recorded(ada, saddle="new")

    shown = phone.get("/").content.decode()

    assert "We say this because today you told us: it feels different between your legs." in shown


def test_an_entry_says_what_was_advised_and_why(phone: Client, ada: User) -> None:
    entry = recorded(ada, chills=True)

    shown = phone.get(f"/diary/{entry.pk}").content.decode()

    assert "Get advice today." in shown
    assert "We say this because today you told us: you felt hot and shivery." in shown
    assert "Who can help: GP." in shown


def test_the_clinician_has_the_name_of_the_patients_country(phone: Client, ada: User) -> None:
    PatientProfile.objects.filter(user=ada).update(country="DE")
    entry = recorded(ada, chills=True)

    assert "Who can help: family doctor (Hausarzt)." in phone.get(f"/diary/{entry.pk}").content.decode()


def test_a_quiet_entry_shows_no_advice(phone: Client, ada: User) -> None:
    entry = recorded(ada)

    assert "Our advice for this day" not in phone.get(f"/diary/{entry.pk}").content.decode()


def test_advice_of_an_older_catalogue_does_not_break_the_page(phone: Client, ada: User) -> None:
    entry = recorded(ada, chills=True)
    Assessment.objects.filter(entry_id=entry.pk).update(
        findings=[{"rule": "RF-OLD-99", "tier": "same_day", "advice": "today_of_yesterday", "inputs": {}}]
    )

    assert phone.get(f"/diary/{entry.pk}").status_code == 200


def test_an_alert_of_an_older_catalogue_has_no_reason_and_breaks_nothing(phone: Client, ada: User) -> None:
    recorded(ada, saddle="new")
    Alert.objects.update(rule_id="RF-OLD-99")

    shown = phone.get("/")

    assert shown.status_code == 200
    assert "We say this because" not in shown.content.decode()


def test_who_must_go_to_hospital_is_sent_to_nobody_else(phone: Client, ada: User) -> None:
    entry = recorded(ada, saddle="new", numbness=3)

    shown = phone.get("/").content.decode() + phone.get(f"/diary/{entry.pk}").content.decode()

    assert "numbness was 3 out of 4" in shown
    assert "Who can help:" not in shown


def test_findings_with_the_same_advice_stand_together() -> None:
    today = timezone.localdate(timezone=LONDON)
    findings = [
        {
            "rule": rule,
            "tier": "emergency",
            "advice": "now_cauda_equina",
            "inputs": {"days": {str(today): {name: "new"}}},
        }
        for rule, name in (("RF-CES-01", "bladder"), ("RF-CES-03", "saddle"))
    ]

    (one,) = reasons.advised(findings, country="GB", today=today)

    assert one.title == "Go to A&E now, or call 999."
    assert len(one.reasons) == 2
