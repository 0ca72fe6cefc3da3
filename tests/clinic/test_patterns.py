"""The pattern guide and the reason of an alert on the clinician's pages."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from selfcare.accounts.models import User
from selfcare.clinic import explain, patterns
from selfcare.triage.alerts import UNASSESSED
from tests import factories
from tests.clinic import rows

pytestmark = pytest.mark.usefixtures("all_is_running")

TODAY = date(2026, 3, 2)


def test_a_clinician_sees_numbers_sources_and_what_the_diary_says(ada: User, ben_client: Client) -> None:
    episode = factories.episode(patient=ada, regions=["bu-l", "ca-l"])
    factories.entry(episode=episode, on=TODAY, observations={"walk_pain": "eases_standing_still"})

    shown = ben_client.get(f"/clinic/patients/{ada.id}/").content.decode()

    assert "Patterns to consider, education only" in shown
    assert "Vascular claudication" in shown
    assert "Pain on walking eases on standing still (2 Mar)." in shown
    assert "Calf pain with relief on standing: positive likelihood ratio 20. (S53)" in shown
    assert "S53: Nadeau, telling neurogenic from vascular claudication" in shown


def test_a_diary_that_fits_nothing_excludes_nothing(ada: User, ben_client: Client) -> None:
    factories.episode(patient=ada)

    shown = ben_client.get(f"/clinic/patients/{ada.id}/").content.decode()

    assert "The diary fits none of the patterns. That excludes nothing." in shown


def test_the_patterns_of_an_earlier_day_are_those_of_that_day(ada: User) -> None:
    episode = factories.episode(patient=ada)
    factories.entry(episode=episode, on=TODAY, observations={"walk_pain": "eases_standing_still"})

    earlier = patterns.consider(episode, as_of=date(2026, 3, 1))
    now = patterns.consider(episode, as_of=TODAY)

    assert [each.id for each in earlier] == []
    assert [each.id for each in now] == ["leg_artery"]


def test_the_thread_says_with_values_and_days_why_the_rule_fired(ada: User, ben_client: Client) -> None:
    days = {"2026-03-01": {"weakness": 1}, "2026-03-02": {"weakness": 2}}
    alert = rows.alert(patient=ada, rule_id="RF-NEU-01", inputs={"days": days})

    shown = ben_client.get(f"/clinic/alerts/{alert.id}/").content.decode()

    assert "Leg weakness rose from 1 (1 Mar) to 2 (2 Mar): RF-NEU-01, catalogue 0.1.0." in shown


def test_an_alert_without_a_judgement_claims_no_reason(ada: User, ben_client: Client) -> None:
    alert = rows.alert(patient=ada, rule_id=UNASSESSED, tier="same_day", inputs={"failed": ["RF-CES-01"]})

    shown = ben_client.get(f"/clinic/alerts/{alert.id}/").content.decode()

    assert explain.because(alert) == ""
    assert "The rules could not judge these answers." in shown
    assert "No single answer led to this" not in shown
