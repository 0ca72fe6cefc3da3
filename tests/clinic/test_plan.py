"""The next review, the examination and the end of prompts, as a clinician sets them."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.test import Client

from selfcare.accounts.models import AuditEvent, User
from selfcare.diary.models import Episode
from tests import factories
from tests.diary.phone import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _evening() -> object:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def episode(ada: User) -> Episode:
    return factories.episode(patient=ada)


def test_a_clinician_sets_the_next_review_and_the_examination(ada: User, episode: Episode, ben_client: Client) -> None:
    answer = _save(ben_client, ada, next_review_on="2026-03-20", assessed_on="2026-03-01")

    episode.refresh_from_db()
    assert answer.status_code == 302
    assert (episode.next_review_on, episode.assessed_on) == (date(2026, 3, 20), date(2026, 3, 1))
    assert episode.next_check_at == NOW
    assert AuditEvent.objects.filter(action="episode.review_planned", patient_id=ada.pk).count() == 1


def test_a_review_in_the_past_is_refused_and_what_was_typed_stays(
    ada: User, episode: Episode, ben_client: Client
) -> None:
    answer = _save(ben_client, ada, next_review_on="2026-03-01", assessed_on="2026-02-20")

    episode.refresh_from_db()
    assert answer.status_code == 422
    assert b"Choose today or a later day" in answer.content
    assert b"2026-02-20" in answer.content
    assert (episode.next_review_on, episode.assessed_on) == (None, None)


def test_an_examination_tomorrow_is_refused(ada: User, episode: Episode, ben_client: Client) -> None:
    answer = _save(ben_client, ada, assessed_on="2026-03-03")

    assert answer.status_code == 422
    assert b"Choose a day that has already been" in answer.content


def test_the_page_says_that_prompts_have_ended_and_why(ada: User, episode: Episode, ben_client: Client) -> None:
    _save(ben_client, ada, stop="withdrew")

    page = ben_client.get(f"/clinic/patients/{ada.pk}/").content.decode()

    assert "the patient has withdrawn" in page
    assert Episode.objects.get().prompts_stopped_at == NOW


def test_an_end_by_mistake_is_taken_back(ada: User, episode: Episode, ben_client: Client) -> None:
    _save(ben_client, ada, stop="died")

    _save(ben_client, ada, stop="")

    episode.refresh_from_db()
    assert (episode.prompts_stopped_at, episode.prompts_stopped_because) == (None, "")
    assert list(Episode.objects.due(NOW)) == [episode]
    assert AuditEvent.objects.filter(action="episode.prompts_resumed", patient_id=ada.pk).count() == 1


def test_a_clinician_of_another_clinic_finds_nothing_to_plan(ada: User, episode: Episode, cy_client: Client) -> None:
    assert _save(cy_client, ada, next_review_on="2026-03-20").status_code == 404
    assert Episode.objects.get().next_review_on is None


def _save(client: Client, patient: User, **given: str) -> object:
    return client.post(f"/clinic/patients/{patient.pk}/plan/", given)
