"""The sheet that is printed for a patient: what stands on it, and what never does."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client

from exercises import prescribing
from exercises.answers import PrescriptionBody
from exercises.models import Practice
from selfcare.accounts.models import AuditEvent, Clinic, User
from tests import factories
from tests.clinic import rows
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("all_is_running")

TODAY = date(2026, 3, 2)
# Of EX-05, in the patient's words.
STEP = "Rest your ankle on the other knee."


def _address(ada: User) -> str:
    return f"/clinic/patients/{ada.id}/programme/paper/"


def _sheet(client: Client, ada: User) -> str:
    answer = client.get(_address(ada))
    assert answer.status_code == 200
    page = unescape(answer.content.decode())
    return page[page.index('<article class="paper') : page.index("</article>")]


def _with_history(ada: User, **history: Any) -> None:
    ada.patient.history = history
    ada.patient.save()


def test_for_cy_the_sheet_of_a_foreign_patient_is_the_same_as_that_of_nobody(ada: User, cy_client: Client) -> None:
    factories.programme(patient=ada)

    foreign, unknown = (cy_client.get(f"/clinic/patients/{id_}/programme/paper/") for id_ in (ada.id, uuid.uuid4()))

    assert (foreign.status_code, unknown.status_code) == (404, 404)
    assert foreign.content == unknown.content
    assert not AuditEvent.objects.filter(action="programme.printed").exists()


def test_printing_is_written_down(ada: User, ben: User, ben_client: Client) -> None:
    begun = factories.programme(patient=ada)

    _sheet(ben_client, ada)

    event = AuditEvent.objects.get(action="programme.printed")
    assert (event.actor_id, event.patient_id) == (ben.id, ada.id)
    assert event.object_id == str(begun.versions.get().pk)


def test_it_holds_the_steps_the_dose_the_days_and_both_drawings(ada: User, ben_client: Client) -> None:
    factories.programme(patient=ada)

    sheet = _sheet(ben_client, ada)

    assert STEP in sheet
    assert "3 times, hold 20 seconds each. Each side." in sheet
    assert "Every day." in sheet
    assert "figures.svg#EX-05-start" in sheet
    assert "figures.svg#EX-05-end" in sheet


def test_the_dose_is_the_one_that_the_patient_does_today(ada: User, ben_client: Client) -> None:
    factories.programme(patient=ada, as_of=TODAY - timedelta(days=2))
    red = {"exercise": "EX-05", "before": 2, "during": 7, "spread": "no_change", "tingling_min": 0}
    factories.exercise_session(patient=ada, on=TODAY - timedelta(days=2), results=[red])

    assert "1 time, hold 20 seconds each." in _sheet(ben_client, ada)


def test_the_drawings_show_the_side_that_is_worked(ada: User, ben: User, ben_client: Client) -> None:
    wanted = [PrescriptionBody(exercise="EX-05", side="left")]
    prescribing.prescribe(ada, wanted, by=ben, about=factories.about(), now=NOW)
    prescribing.publish(ada, by=ben, about=factories.about(), now=NOW)

    sheet = _sheet(ben_client, ada)

    assert sheet.count('class="figure mirrored"') == 2
    assert "Left side." in sheet


def test_when_to_stop_stands_before_the_moves_with_the_number_of_the_patients_country(
    ada: User, harbour: Clinic, ben_client: Client
) -> None:
    factories.programme(patient=ada)
    harbour.phone = "020 7946 0000"
    harbour.out_of_hours_text = "Call 111."
    harbour.save()
    ada.patient.country = "DE"
    ada.patient.save()

    sheet = _sheet(ben_client, ada)

    assert sheet.index("Peeing, pooing or sex has changed") < sheet.index(STEP)
    assert "If you cannot use the app, call 112." in sheet
    assert "call 020 7946 0000. When nobody answers: Call 111." in sheet


@pytest.mark.parametrize("mastery", ["locked", "taught", "checked"])
def test_what_is_not_cleared_for_home_is_not_shown_how_to_do(ada: User, ben_client: Client, mastery: str) -> None:
    factories.programme(patient=ada)
    Practice.objects.filter(exercise="EX-05").update(mastery=mastery)

    sheet = _sheet(ben_client, ada)

    assert STEP not in sheet
    assert "Not at home yet: Figure four." in sheet


def test_what_the_history_forbids_by_now_is_not_shown_how_to_do(ada: User, ben_client: Client) -> None:
    factories.programme(patient=ada)
    _with_history(ada, hip_replacement=True)

    sheet = _sheet(ben_client, ada)

    assert STEP not in sheet
    assert "Not for now: Figure four." in sheet


@pytest.mark.parametrize("status", ["removed", "stopped"])
def test_what_a_rule_took_out_or_stopped_does_not_stand_on_it(ada: User, ben_client: Client, status: str) -> None:
    factories.programme(patient=ada)
    Practice.objects.filter(exercise="EX-05").update(status=status)

    assert "Figure four" not in _sheet(ben_client, ada)


def test_an_open_emergency_is_told_at_the_top_of_the_sheet(ada: User, ben_client: Client) -> None:
    factories.programme(patient=ada)
    rows.alert(patient=ada)

    sheet = _sheet(ben_client, ada)

    assert sheet.index("No exercises until you have been seen.") < sheet.index(STEP)


def test_without_a_published_programme_there_is_nothing_to_print(ada: User, ben: User, ben_client: Client) -> None:
    wanted = [PrescriptionBody(exercise="EX-05")]
    prescribing.prescribe(ada, wanted, by=ben, about=factories.about(), now=NOW)

    answer = ben_client.get(_address(ada), follow=True)

    assert "Publish a programme first." in answer.content.decode()
