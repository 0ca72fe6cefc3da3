"""The page of a patient's programme: what was done, what changed and why, and what a clinician does about it."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from exercises import catalogue as catalogues
from exercises import prescribing, programmes, sessions
from exercises.answers import PrescriptionBody
from exercises.models import DoseChange, Practice, Programme
from selfcare.accounts.models import AuditEvent, Clinic, User
from selfcare.clinic import programme
from selfcare.clinic.desk import open_desk
from tests import factories
from tests.clinic import rows
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("all_is_running")

TODAY = date(2026, 3, 2)
START = date(2026, 2, 16)
PLACES = ["", "edit/", "publish/"]
ACTS = [
    "resume/",
    "changes/00000000-0000-0000-0000-000000000001/undo/",
    "EX-05/mastery/",
    "EX-11/unlock/",
    "edit/",
    "publish/",
]


@pytest.fixture
def mo_client(harbour: Clinic) -> Client:
    """Return a browser in which Mo is logged in, who manages Harbour Clinic and sees no patients."""
    return factories.log_in(Client(), factories.member(of=harbour, email="mo@example.org", name="Mo", role="manager"))


def _address(ada: User, path: str = "") -> str:
    return f"/clinic/patients/{ada.id}/programme/{path}"


def _page(client: Client, ada: User, path: str = "") -> str:
    answer = client.get(_address(ada, path))
    assert answer.status_code == 200
    return answer.content.decode()


def _good(exercise: str = "EX-02") -> dict[str, Any]:
    return {"exercise": exercise, "before": 2, "during": 2, "spread": "no_change", "tingling_min": 0}


def _bad(exercise: str = "EX-05") -> dict[str, Any]:
    return {**_good(exercise), "during": 7}


def _began(ada: User) -> Programme:
    """Return a gentle start of two weeks ago, looked at until today."""
    begun = factories.programme(patient=ada, as_of=START)
    programmes.look(begun, about=factories.about(as_of=TODAY), now=NOW)
    return begun


def _train(ada: User, on: date, *results: dict[str, Any], morning: int = 1) -> None:
    factories.exercise_session(patient=ada, on=on, results=list(results))
    about = factories.about(as_of=on + timedelta(days=1))
    sessions.note_morning(ada, on=about.as_of, pain=morning, about=about, now=factories.at_noon(about.as_of))


# --- who --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PLACES)
def test_for_cy_the_programme_of_a_foreign_patient_is_the_same_as_that_of_nobody(
    ada: User, cy_client: Client, path: str
) -> None:
    factories.programme(patient=ada)

    foreign = cy_client.get(_address(ada, path))
    unknown = cy_client.get(f"/clinic/patients/{uuid.uuid4()}/programme/{path}")

    assert (foreign.status_code, unknown.status_code) == (404, 404)
    assert foreign.content == unknown.content


@pytest.mark.parametrize("path", ACTS)
def test_cy_changes_nothing(ada: User, cy_client: Client, path: str) -> None:
    factories.programme(patient=ada)

    answer = cy_client.post(_address(ada, path), {"event": "taught", "irritability": "low", "do": "save"})

    assert answer.status_code == 404
    assert not AuditEvent.objects.filter(patient_id=ada.id).exists()


@pytest.mark.parametrize("path", PLACES)
def test_a_manager_without_patients_sees_no_programme(ada: User, mo_client: Client, path: str) -> None:
    factories.programme(patient=ada)

    assert mo_client.get(_address(ada, path)).status_code == 404


def test_a_change_of_another_patient_is_not_undone_over_this_ones_address(
    ada: User, harbour: Clinic, ben_client: Client
) -> None:
    dee = factories.patient(email="dee@example.org", name="Dee", of=harbour)
    factories.programme(patient=dee)
    factories.exercise_session(patient=dee, on=TODAY, results=[_bad()])
    factories.programme(patient=ada)
    change = DoseChange.objects.get()

    answer = ben_client.post(_address(ada, f"changes/{change.id}/undo/"))

    assert answer.status_code == 404
    assert not hasattr(DoseChange.objects.get(pk=change.pk), "undone_by")


@pytest.mark.parametrize("path", PLACES)
def test_each_look_at_a_programme_is_written_down(ada: User, ben: User, ben_client: Client, path: str) -> None:
    begun = factories.programme(patient=ada)

    _page(ben_client, ada, path)

    event = AuditEvent.objects.get(action="programme.viewed")
    assert (event.actor_id, event.patient_id, event.object_id) == (ben.id, ada.id, str(begun.pk))


def test_the_review_page_shows_the_exercises_and_writes_that_they_were_read(ada: User, ben_client: Client) -> None:
    _began(ada)

    page = ben_client.get(f"/clinic/patients/{ada.id}/").content.decode()

    assert "Figure-four stretch, seated or lying (EX-05)" in page
    assert AuditEvent.objects.filter(action="programme.viewed").count() == 1


def test_without_a_programme_the_page_offers_to_prescribe_one(ada: User, ben_client: Client) -> None:
    page = _page(ben_client, ada)

    assert "No programme yet." in page
    assert "Prescribe a programme" in page


def test_who_has_not_finished_setting_up_gets_no_programme(harbour: Clinic, ben_client: Client) -> None:
    new = factories.patient(email="new@example.org", of=harbour)
    new.patient.delete()

    assert "has not finished setting up" in _page(ben_client, new)
    assert "has not finished setting up" in _page(ben_client, new, "edit/")


# --- what was done ----------------------------------------------------------------------------------------------------


def test_adherence_counts_done_of_planned_by_exercise_and_week(ada: User) -> None:
    begun = factories.programme(patient=ada, as_of=START)
    for after in (1, 3, 4):
        _train(ada, START + timedelta(days=after), _good())
    programmes.look(begun, about=factories.about(as_of=TODAY), now=NOW)

    shown = programme.load(factories.about(as_of=TODAY), ada)

    breathing = next(row for row in shown.rows if row.exercise == "EX-02")
    # The day of the start counts for nobody: there was no plan in its morning.
    first = dict(breathing.cells)[START]
    assert (first.planned, first.done) == (6, 3)
    assert shown.weeks == (START, START + timedelta(days=7), TODAY)


def test_rest_days_after_red_count_as_done(ada: User) -> None:
    begun = factories.programme(patient=ada, as_of=START)
    _train(ada, START + timedelta(days=1), _bad())
    programmes.look(begun, about=factories.about(as_of=START + timedelta(days=3)), now=NOW)

    shown = programme.load(factories.about(as_of=START + timedelta(days=3)), ada)

    stretch = next(row for row in shown.rows if row.exercise == "EX-05")
    # Tuesday was done, Wednesday rested as told.
    assert [(cell.planned, cell.done) for _week, cell in stretch.cells] == [(2, 2)]


def test_colours_are_told_in_words_and_a_spread_further_down_is_named(ada: User, ben_client: Client) -> None:
    factories.programme(patient=ada, as_of=START)
    _train(ada, START, {**_good("EX-03"), "spread": "further_down"})

    page = _page(ben_client, ada)

    assert '<li class="shade red">red<span class="muted"> 16 Feb, further down</span></li>' in page


def test_the_reason_of_a_pause_and_what_remains_allowed_are_shown(ada: User, ben_client: Client) -> None:
    factories.programme(patient=ada)
    episode = factories.episode(patient=ada)
    factories.entry(episode=episode, on=TODAY, observations={"pain_avg": 8})

    page = _page(ben_client, ada)

    assert "Pain at rest above 7 today; walking and breathing only." in page
    assert "Still allowed: Graded walking (EX-01), " in page


def test_an_open_emergency_pauses_everything_and_the_page_says_so(ada: User, ben_client: Client) -> None:
    factories.programme(patient=ada)
    rows.alert(patient=ada)

    page = _page(ben_client, ada)

    assert "An emergency alert is open; the programme is paused." in page
    assert "Nothing is allowed meanwhile." in page


def test_what_the_history_leaves_out_today_is_named_with_its_reason(ada: User, ben_client: Client) -> None:
    factories.programme(patient=ada)
    profile = ada.patient
    profile.history = {"hip_replacement": True}
    profile.save()

    assert "not cleared by the surgeon" in _page(ben_client, ada)


def test_after_a_safety_stop_a_clinician_lets_the_programme_go_on(ada: User, ben: User, ben_client: Client) -> None:
    begun = factories.programme(patient=ada)
    factories.exercise_session(patient=ada, on=TODAY, results=[{"exercise": "EX-05", "new_signs": True}])
    assert "Let the programme go on" in _page(ben_client, ada)

    answer = ben_client.post(_address(ada, "resume/"))

    begun.refresh_from_db()
    assert answer.status_code == 302
    assert begun.paused_for == ""
    assert AuditEvent.objects.get(action="programme.resumed").actor_id == ben.id


# --- what changed -----------------------------------------------------------------------------------------------------


def test_each_change_is_shown_with_its_rule_and_reason(ada: User, ben_client: Client) -> None:
    factories.programme(patient=ada)
    factories.exercise_session(patient=ada, on=TODAY, results=[_bad()])

    page = _page(ben_client, ada)

    assert "red session at level 1; rests for 1 day, then half the dose." in page
    assert "(DX-04)" in page
    assert "Was level 1: 3 times 20 s; now level 1: 20 s, rests until 3 Mar 2026." in page


def test_a_step_down_is_taken_back_upwards(ada: User, ben: User, ben_client: Client) -> None:
    factories.programme(patient=ada)
    factories.exercise_session(patient=ada, on=TODAY, results=[_bad()])
    change = DoseChange.objects.get()

    answer = ben_client.post(_address(ada, f"changes/{change.id}/undo/"))

    assert answer.status_code == 302
    assert Practice.objects.get(exercise="EX-05").dose["reps"] == 3
    assert AuditEvent.objects.get(action="programme.undo").actor_id == ben.id
    assert "a clinician undid the last change" in _page(ben_client, ada)


def test_a_step_up_is_taken_back_downwards(ada: User, ben_client: Client) -> None:
    factories.programme(patient=ada, as_of=START)
    Practice.objects.filter(exercise="EX-02").update(shown_by_clinician=True)
    for after in range(4):
        on = START + timedelta(days=after)
        _train(ada, on, _good())
        about = factories.about(as_of=on + timedelta(days=1))
        programmes.look(Programme.objects.get(), about=about, now=factories.at_noon(about.as_of))
        sessions.note_morning(ada, on=about.as_of, pain=1, about=about, now=factories.at_noon(about.as_of))
    change = DoseChange.objects.get(kind="up")

    ben_client.post(_address(ada, f"changes/{change.id}/undo/"))

    assert Practice.objects.get(exercise="EX-02").dose["reps"] == 8


def test_only_the_newest_change_of_an_exercise_offers_to_be_taken_back(ada: User, ben_client: Client) -> None:
    factories.programme(patient=ada, as_of=START)
    for after in (0, 2):
        factories.exercise_session(patient=ada, on=START + timedelta(days=after), results=[_bad()])
    first, second = DoseChange.objects.order_by("at")

    page = _page(ben_client, ada)

    assert f"changes/{second.id}/undo/" in page
    assert f"changes/{first.id}/undo/" not in page


def test_an_older_change_is_refused_with_a_sentence(ada: User, ben_client: Client) -> None:
    factories.programme(patient=ada, as_of=START)
    for after in (0, 2):
        factories.exercise_session(patient=ada, on=START + timedelta(days=after), results=[_bad()])
    first = DoseChange.objects.order_by("at").first()

    answer = ben_client.post(_address(ada, f"changes/{first.id}/undo/"))

    assert answer.status_code == 409
    assert "Look at the newest change." in answer.content.decode()
    assert not AuditEvent.objects.filter(action="programme.undo").exists()


# --- shown and checked ------------------------------------------------------------------------------------------------


def _prescribed(ada: User, ben: User, *ids: str) -> None:
    wanted = [PrescriptionBody(exercise=id_) for id_ in ids]
    prescribing.prescribe(ada, wanted, by=ben, about=factories.about(), now=NOW)
    prescribing.publish(ada, by=ben, about=factories.about(), now=NOW)


def test_an_exercise_goes_from_taught_over_checked_to_home_with_names_and_dates(
    ada: User, ben: User, ben_client: Client
) -> None:
    _prescribed(ada, ben, "EX-14")
    points = catalogues.current().exercise("EX-14").clinical["mastery"]

    for data in ({"event": "taught"}, {"event": "checked", "checklist": points}, {"event": "sent_home"}):
        assert ben_client.post(_address(ada, "EX-14/mastery/"), data).status_code == 302

    practice = Practice.objects.get(exercise="EX-14")
    assert (practice.mastery, practice.shown_by_clinician) == ("home", True)
    page = _page(ben_client, ada)
    assert "2 Mar 2026: shown back without fault, Ben" in page
    assert AuditEvent.objects.filter(action="programme.mastery", actor_id=ben.id).count() == 3


def test_a_checklist_with_an_open_point_is_refused_and_the_ticks_stay(ada: User, ben: User, ben_client: Client) -> None:
    _prescribed(ada, ben, "EX-14")
    first, *others = catalogues.current().exercise("EX-14").clinical["mastery"]
    ben_client.post(_address(ada, "EX-14/mastery/"), {"event": "taught"})

    answer = ben_client.post(_address(ada, "EX-14/mastery/"), {"event": "checked", "checklist": [first]})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Tick every point first." in page
    assert f'value="{first}" checked>' in page
    assert f'value="{others[0]}">' in page
    assert Practice.objects.get(exercise="EX-14").mastery == "taught"


def test_an_exercise_is_sent_back_to_be_checked_again(ada: User, ben_client: Client) -> None:
    factories.programme(patient=ada)

    ben_client.post(_address(ada, "EX-05/mastery/"), {"event": "recheck"})

    assert Practice.objects.get(exercise="EX-05").mastery == "taught"


@pytest.mark.parametrize("event", ["", "gentle_start", "no such step"])
def test_a_step_that_nobody_takes_by_hand_is_refused(ada: User, ben_client: Client, event: str) -> None:
    factories.programme(patient=ada)

    answer = ben_client.post(_address(ada, "EX-05/mastery/"), {"event": event})

    assert answer.status_code == 422
    assert "Choose a step" in answer.content.decode()


def test_an_unknown_exercise_is_not_found(ada: User, ben_client: Client) -> None:
    factories.programme(patient=ada)

    assert ben_client.post(_address(ada, "EX-99/mastery/"), {"event": "taught"}).status_code == 404
    assert ben_client.post(_address(ada, "EX-99/unlock/"), {"irritability": "low"}).status_code == 404


# --- unlocking --------------------------------------------------------------------------------------------------------


def test_the_conditions_of_the_tensioner_are_shown_as_they_stand(ada: User, ben_client: Client) -> None:
    factories.programme(patient=ada)
    episode = factories.episode(patient=ada, onset_on=TODAY - timedelta(days=40))
    factories.entry(episode=episode, on=TODAY, observations={"weakness": 0})

    page = _page(ben_client, ada)

    assert "Day 28 or later: <strong>met</strong>" in page
    assert "No weakness, and asked about: <strong>met</strong>" in page
    assert "No numbness, and asked about: <strong>not met</strong>" in page
    assert "The slider comes first: EX-10 at home, with a green session." in page


def test_the_tensioner_stays_locked_while_a_condition_is_not_met(ada: User, ben_client: Client) -> None:
    factories.programme(patient=ada)

    answer = ben_client.post(_address(ada, "EX-11/unlock/"), {"irritability": "low"})

    assert answer.status_code == 422
    assert "Wait until day 28 after the start." in answer.content.decode()
    assert not Practice.objects.filter(exercise="EX-11").exists()


def test_unlocking_needs_the_judgement_of_irritability(ada: User, ben_client: Client) -> None:
    factories.programme(patient=ada)

    answer = ben_client.post(_address(ada, "EX-11/unlock/"))

    assert answer.status_code == 422
    assert "Choose how irritable it is." in answer.content.decode()


def test_with_all_conditions_met_the_tensioner_is_unlocked_by_name(ada: User, ben: User, ben_client: Client) -> None:
    _prescribed(ada, ben, "EX-08")
    episode = factories.episode(patient=ada, onset_on=TODAY - timedelta(days=40))
    factories.entry(episode=episode, on=TODAY, observations={"weakness": 0, "numbness": 0})
    Practice.objects.create(
        programme=Programme.objects.get(),
        exercise="EX-10",
        mastery="home",
        level=1,
        dose={"sets": 1, "reps": 6},
        started_on=START,
    )
    factories.exercise_session(patient=ada, on=TODAY - timedelta(days=1), results=[_good("EX-10")])
    sessions.note_morning(ada, on=TODAY, pain=0, about=factories.about(), now=NOW)

    answer = ben_client.post(_address(ada, "EX-11/unlock/"), {"irritability": "low"})

    assert answer.status_code == 302
    assert Practice.objects.get(exercise="EX-11").unlocked_by == ben
    assert "Unlocked for this patient by Ben" in _page(ben_client, ada)


# --- how much it asks of the database ---------------------------------------------------------------------------------


def test_the_number_of_queries_does_not_grow_with_sessions_and_changes(
    ada: User, ben: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    factories.programme(patient=ada, as_of=START)
    desk = open_desk(ben, now=NOW)
    assert desk is not None
    known = programme.about(desk, ada)
    assert known is not None
    with django_assert_num_queries(13):
        programme.load(known, ada)

    for after in range(6):
        _train(ada, START + timedelta(days=2 * after), _good(), _bad())

    with django_assert_num_queries(13):
        programme.load(known, ada)
