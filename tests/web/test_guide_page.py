"""The pattern guide on the patient's phone: after the warning signs, with the reason, in the country's words."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client
from django.utils import timezone

from selfcare.accounts.models import PatientProfile, User
from selfcare.diary.models import Entry, Episode
from selfcare.triage import catalogue, rules
from selfcare.triage.models import Alert
from tests import factories
from tests.clinic import rows
from tests.web.conftest import LONDON, QUIET

pytestmark = pytest.mark.django_db

TITLE = "Pain in the buttock or thigh"
BLOCKED = "You have advice from us that comes first."


@pytest.fixture
def phone(client: Client, ada: User, episode: Episode) -> Client:
    """Return Ada's browser."""
    return factories.log_in(client, ada)


def checked_in(episode: Episode, *, on: date | None = None, **values: Any) -> Entry:
    """Return a check-in of today with every safety question answered."""
    on = on or timezone.localdate(timezone=LONDON)
    return factories.entry(episode=episode, on=on, observations={**QUIET, **values})


def page(phone: Client) -> str:
    answer = phone.get("/patterns")
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_stranger_is_sent_to_sign_in(client: Client) -> None:
    assert client.get("/patterns").headers["Location"].startswith("/account/login/")


def test_a_clinician_has_no_guide_of_her_own(client: Client, ben: User) -> None:
    assert factories.log_in(client, ben).get("/patterns").status_code == 404


def test_after_a_quiet_check_in_the_guide_says_who_can_help_and_why(phone: Client, episode: Episode) -> None:
    checked_in(episode)

    shown = page(phone)

    assert TITLE in shown
    assert "We say this because you told us: it hurts here: buttock." in shown
    assert "physiotherapist or GP" in shown
    assert "Only an examination can tell." in shown
    assert "If you are not sure, see your GP or physiotherapist." in shown


def test_clinicians_have_the_names_of_the_patients_country(phone: Client, ada: User, episode: Episode) -> None:
    PatientProfile.objects.filter(user=ada).update(country="US")
    checked_in(episode)

    assert "physical therapist or primary care doctor" in page(phone)


@pytest.mark.parametrize("tier", ["emergency", "same_day"])
def test_while_an_urgent_alert_is_open_there_is_no_guide(phone: Client, ada: User, episode: Episode, tier: str) -> None:
    checked_in(episode)
    rows.alert(patient=ada, tier=tier)

    shown = page(phone)

    assert BLOCKED in shown
    assert TITLE not in shown


def test_an_alert_that_somebody_has_only_taken_still_comes_first(
    phone: Client, ada: User, ben: User, episode: Episode
) -> None:
    checked_in(episode)
    rows.taken(patient=ada, by=ben)

    assert BLOCKED in page(phone)


def test_a_routine_alert_does_not_close_the_guide(phone: Client, ada: User, episode: Episode) -> None:
    checked_in(episode)
    rows.alert(patient=ada, rule_id="PER-03", tier="routine")

    assert TITLE in page(phone)


def test_a_finding_of_today_comes_first_even_without_an_alert(phone: Client, episode: Episode) -> None:
    checked_in(episode, saddle="new")
    assert not Alert.objects.exists()

    shown = page(phone)

    assert BLOCKED in shown
    assert TITLE not in shown


def test_a_finding_from_a_phone_that_is_already_in_tomorrow_comes_first(phone: Client, episode: Episode) -> None:
    checked_in(episode)
    checked_in(episode, on=timezone.localdate(timezone=LONDON) + timedelta(days=1), saddle="new")

    assert BLOCKED in page(phone)


def test_without_a_check_in_today_the_questions_come_first(phone: Client, episode: Episode) -> None:
    checked_in(episode, on=timezone.localdate(timezone=LONDON) - timedelta(days=1))

    shown = page(phone)

    assert "We ask about warning signs before we show this page." in shown
    assert TITLE not in shown


@pytest.mark.parametrize("name", catalogue.current().guide.texts["needs"])
def test_a_safety_question_without_an_answer_is_no_no(phone: Client, episode: Episode, name: str) -> None:
    today = timezone.localdate(timezone=LONDON)
    answered = {key: value for key, value in QUIET.items() if key != name}
    factories.entry(episode=episode, on=today, observations=answered)

    assert TITLE not in page(phone)


def test_answers_that_nobody_could_judge_show_no_guide(phone: Client, episode: Episode) -> None:
    entry = checked_in(episode)
    Entry.objects.filter(pk=entry.pk).update(needs_assessment=True)

    shown = page(phone)

    assert "We could not check your answers" in shown
    assert TITLE not in shown


def test_rules_that_fail_show_no_guide(phone: Client, episode: Episode) -> None:
    checked_in(episode)

    with patch.object(rules, "evaluate", side_effect=ValueError):
        shown = page(phone)

    assert "We could not check your answers" in shown
    assert TITLE not in shown


def test_the_guide_shows_no_number_of_the_clinicians_view(phone: Client, episode: Episode) -> None:
    checked_in(episode)

    shown = page(phone)

    assert "%" not in shown
    for pattern in catalogue.current().guide.patterns.values():
        assert pattern["clinician"]["name"] not in shown
        assert all(each["text"].strip() not in shown for each in pattern["clinician"]["numbers"])


def test_today_leads_to_the_guide(phone: Client, episode: Episode) -> None:
    assert 'href="/patterns"' in phone.get("/").content.decode()
