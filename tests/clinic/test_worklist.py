"""The worklist: who stands on it, in which order, and what a row says."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from selfcare.accounts import consents
from selfcare.accounts.models import CareRelationship, Clinic, User
from selfcare.clinic import worklist
from selfcare.clinic.desk import Desk, open_desk
from selfcare.triage.models import Alert, AlertEvent
from tests import factories
from tests.clinic import rows
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("all_is_running")


def _desk(person: User) -> Desk:
    desk = open_desk(person, now=NOW)
    assert desk is not None
    return desk


def _order(person: User) -> list[Alert]:
    return [row.head for lane in worklist.load(_desk(person)).lanes for row in lane.rows]


def _another(harbour: Clinic, number: int) -> User:
    return factories.patient(email=f"patient{number}@example.org", name=f"Patient {number}", of=harbour)


def _entry(patient: User) -> uuid.UUID:
    observations = {"saddle": "new"}
    return factories.entry(episode=factories.episode(patient=patient), on=NOW.date(), observations=observations).id


def test_the_most_urgent_comes_first_then_the_oldest(harbour: Clinic, ada: User, ben: User) -> None:
    routine = rows.alert(patient=ada, tier="routine", opened=timedelta(days=20))
    today = rows.alert(patient=_another(harbour, 1), tier="same_day", opened=timedelta(hours=3))
    new = rows.alert(patient=_another(harbour, 2), opened=timedelta(minutes=1))
    old = rows.alert(patient=_another(harbour, 3), opened=timedelta(minutes=9))

    assert _order(ben) == [old, new, today, routine]


def test_an_old_routine_item_does_not_push_a_patient_up_among_emergencies(
    harbour: Clinic, ada: User, ben: User
) -> None:
    rows.alert(patient=ada, rule_id="PER-03", tier="routine", opened=timedelta(days=20))
    new = rows.alert(patient=ada, opened=timedelta(minutes=1))
    old = rows.alert(patient=_another(harbour, 1), opened=timedelta(minutes=9))

    assert _order(ben) == [old, new]


def test_a_patient_has_one_row_with_the_other_alerts_folded_in(ada: User, ben: User) -> None:
    rows.alert(patient=ada, rule_id="RF-CES-03")
    rows.alert(patient=ada, rule_id="RF-NEU-03", tier="same_day")

    page = worklist.load(_desk(ben))

    (row,) = page.lanes[0].rows
    assert [alert.rule_id for alert in row.alerts] == ["RF-CES-03", "RF-NEU-03"]
    assert len(row.more) == 1
    assert page.count == 1


def test_of_equally_urgent_alerts_the_oldest_speaks_for_the_patient(ada: User, ben: User) -> None:
    new = rows.alert(patient=ada, rule_id="RF-CES-01", opened=timedelta(minutes=1))
    old = rows.alert(patient=ada, rule_id="RF-CES-03", opened=timedelta(minutes=9))

    (row,) = worklist.load(_desk(ben)).lanes[0].rows

    assert (row.head, row.alerts) == (old, (old, new))


def test_cy_sees_nothing(ada: User, cy_client: Client) -> None:
    rows.alert(patient=ada)

    answer = cy_client.get("/clinic/")

    assert answer.status_code == 200
    assert ada.name not in answer.content.decode()
    assert "Nothing waiting. Updated 18:30." in answer.content.decode()


def test_a_withdrawn_consent_empties_the_row_at_once(ada: User, ben_client: Client) -> None:
    rows.alert(patient=ada)
    assert ada.name in ben_client.get("/clinic/").content.decode()

    consents.withdraw(ada, "care", now=timezone.now())

    assert ada.name not in ben_client.get("/clinic/").content.decode()


def test_an_ended_care_relationship_empties_the_row_at_once(ada: User, ben_client: Client) -> None:
    rows.alert(patient=ada)

    CareRelationship.objects.filter(patient=ada).update(until_at=NOW)

    assert ada.name not in ben_client.get("/clinic/").content.decode()


def test_a_row_says_when_it_was_reported_and_received(ada: User, ben_client: Client) -> None:
    rows.alert(patient=ada, reported_at=NOW - timedelta(hours=12), opened=timedelta(minutes=5))

    words = ben_client.get("/clinic/").content.decode()

    assert "Reported 06:30 / received 18:25 (12 hours ago)" in words
    assert "Arrived late" in words


def test_times_are_written_in_the_clinics_zone(ada: User, ben: User, ben_client: Client, harbour: Clinic) -> None:
    harbour.time_zone = "Asia/Tokyo"
    harbour.save()
    rows.alert(patient=ada, opened=timedelta(minutes=10))

    words = ben_client.get("/clinic/").content.decode()

    assert "Times are in Asia/Tokyo" in words
    assert "received 03:20" in words


def test_a_row_says_what_the_phone_told_the_patient(ada: User, ben_client: Client) -> None:
    entry = factories.entry(
        episode=factories.episode(patient=ada), on=NOW.date(), observations={"saddle": "new"}, received_at=NOW
    )
    entry.shown_tier = "emergency"
    entry.save()
    rows.alert(patient=ada, entry_id=entry.id)

    assert "Told the patient: Go to an emergency department now." in ben_client.get("/clinic/").content.decode()


def test_a_row_says_when_the_phone_had_said_less(ada: User, ben_client: Client) -> None:
    entry = factories.entry(
        episode=factories.episode(patient=ada), on=NOW.date(), observations={"saddle": "new"}, received_at=NOW
    )
    entry.shown_tier = "none"
    entry.save()
    rows.alert(patient=ada, entry_id=entry.id)

    words = ben_client.get("/clinic/").content.decode()

    assert "The server found more. In the app it now says: Go to an emergency department now." in words


def test_a_row_carries_the_patients_last_answer(ada: User, ben_client: Client) -> None:
    row = rows.alert(patient=ada)
    rows.said(row, "not_yet", ago=timedelta(minutes=5))
    rows.said(row, "seen", ago=timedelta(minutes=1))

    words = ben_client.get("/clinic/").content.decode()

    assert "says: I was seen" in words
    assert "not seen yet" not in words


def test_a_row_counts_how_often_it_was_reported_again(ada: User, ben_client: Client) -> None:
    row = rows.alert(patient=ada)
    for _ in range(2):
        AlertEvent.objects.create(alert=row, kind="repeated", at=NOW)

    assert "reported again 2 times" in ben_client.get("/clinic/").content.decode()


def test_a_row_names_its_owner_and_what_came_after(ada: User, ben: User, ben_client: Client) -> None:
    rows.taken(patient=ada, by=ben)
    rows.alert(patient=ada, rule_id="RF-CES-01")

    words = ben_client.get("/clinic/").content.decode()

    assert "Taken by Ben." in words
    assert "1 new item, not taken." in words


def test_an_emergency_taken_over_an_hour_ago_asks_for_another_look(ada: User, ben: User, ben_client: Client) -> None:
    rows.taken(patient=ada, by=ben, opened=timedelta(hours=2), ago=timedelta(minutes=61))

    assert "Taken over an hour ago, still open" in ben_client.get("/clinic/").content.decode()


def test_a_rule_that_the_catalogue_no_longer_has_is_still_listed(ada: User, ben_client: Client) -> None:
    rows.alert(patient=ada, rule_id="RF-GONE-99", reason="saddle_change")

    assert "Saddle change." in ben_client.get("/clinic/").content.decode()


def test_the_number_of_queries_does_not_grow_with_the_rows(
    harbour: Clinic, ada: User, ben: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    desk = _desk(ben)
    rows.alert(patient=ada, entry_id=_entry(ada))
    with django_assert_num_queries(5):
        worklist.load(desk)
    for number in range(12):
        patient = _another(harbour, number)
        row = rows.taken(patient=patient, by=ben, entry_id=_entry(patient))
        rows.said(row, "seen")

    with django_assert_num_queries(5):
        worklist.load(desk)


def test_the_fifty_first_patient_is_on_the_second_page(harbour: Clinic, ben: User) -> None:
    for number in range(51):
        rows.alert(patient=_another(harbour, number), opened=timedelta(minutes=number))

    first, second = worklist.load(_desk(ben)), worklist.load(_desk(ben), page=2)

    assert (len(first.lanes[0].rows), first.has_next, first.count) == (50, True, 51)
    assert (len(second.lanes[0].rows), second.has_next, second.lanes[0].count) == (1, False, 51)


def test_done_shows_thirty_days(ada: User, ben: User) -> None:
    recent = rows.closed(patient=ada, by=ben, ago=timedelta(days=29))
    rows.closed(patient=ada, by=ben, ago=timedelta(days=31))

    alerts, has_next = worklist.done(_desk(ben))

    assert (alerts, has_next) == ([recent], False)


def test_done_shows_outcome_and_name(ada: User, ben: User, ben_client: Client) -> None:
    rows.closed(patient=ada, by=ben, ago=timedelta(days=1))

    words = ben_client.get("/clinic/done/").content.decode()

    assert "Seen in clinic." in words
    assert "by Ben" in words


def test_cy_sees_nothing_done(ada: User, ben: User, cy_client: Client) -> None:
    rows.closed(patient=ada, by=ben, ago=timedelta(days=1))

    assert ada.name not in cy_client.get("/clinic/done/").content.decode()


def test_a_manager_is_told_why_the_list_is_empty(harbour: Clinic, ada: User) -> None:
    rows.alert(patient=ada)
    manager = factories.member(of=harbour, email="mo@example.org", name="Mo", role="manager")

    answer = factories.log_in(Client(), manager).get("/clinic/")

    assert "You do not see its patients" in answer.content.decode()


def test_a_patient_finds_no_such_page(ada_client: Client) -> None:
    assert ada_client.get("/clinic/").status_code == 404


def test_a_stranger_is_sent_to_log_in(client: Client, db: None) -> None:
    answer = client.get("/clinic/")

    assert answer.status_code == 302
    assert "login" in answer["Location"]


def test_no_page_is_kept_by_a_browser(ben_client: Client) -> None:
    assert ben_client.get("/clinic/")["Cache-Control"] == "no-store"


def test_the_fresh_fragment_is_the_part_of_the_page_that_changes(ada: User, ben_client: Client) -> None:
    rows.alert(patient=ada)

    fragment = ben_client.get("/clinic/rows/", headers={"X-Background": "1"}).content.decode()

    assert ada.name in fragment
    assert "<html" not in fragment


def test_a_row_says_that_a_patient_must_be_contacted(ada: User, ben: User, ben_client: Client) -> None:
    rows.taken(patient=ada, by=ben, silent_at=NOW)

    assert "Contact the patient: nothing heard" in ben_client.get("/clinic/").content.decode()


def test_a_row_says_that_a_patient_was_examined_and_stays_until_it_is_closed(ada: User, ben_client: Client) -> None:
    rows.alert(patient=ada, assessed_at=NOW)

    assert "Examined, the patient says" in ben_client.get("/clinic/").content.decode()
