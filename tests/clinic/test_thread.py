"""One patient's alerts: what the page shows, and what may be done with them."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from selfcare.accounts.models import AuditEvent, Clinic, User
from selfcare.clinic import thread
from selfcare.clinic.desk import open_desk
from selfcare.triage.models import Alert, AlertEvent
from tests import factories
from tests.clinic import rows
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("all_is_running")

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "{{ 7|add:7 }}{% debug %}",
    "javascript:alert(1)",
    "</textarea><script>alert(1)</script>",
]


@pytest.fixture
def second(harbour: Clinic) -> User:
    """Return Bea, Ben's colleague."""
    return factories.member(of=harbour, email="bea@example.org", name="Bea")


def _reported(ada: User, **observations: object) -> Alert:
    entry = factories.entry(
        episode=factories.episode(patient=ada), on=NOW.date(), observations=observations, received_at=NOW
    )
    return rows.alert(patient=ada, entry_id=entry.id)


def _token(row: Alert) -> int:
    return thread.token_of(thread.siblings(row))


def _close(client: Client, row: Alert, **fields: object) -> object:
    body = {
        "alert": [str(row.id)],
        "close-outcome": "seen_emergency",
        "close-note": "Scan done. The spinal team has taken over.",
        "close-same_person": "on",
        "close-token": _token(row),
    } | fields
    return client.post(f"/clinic/alerts/{row.id}/close/", body)


# --- who sees it ------------------------------------------------------------------------------------------------------


PATHS = ["", "state/", "take/", "action/", "escalate/", "close/", "undo/"]


@pytest.mark.parametrize("path", PATHS)
def test_for_cy_a_foreign_alert_is_the_same_as_an_unknown_one(ada: User, cy_client: Client, path: str) -> None:
    row = rows.alert(patient=ada)
    method = cy_client.get if path in ("", "state/") else cy_client.post

    foreign = method(f"/clinic/alerts/{row.id}/{path}")
    unknown = method(f"/clinic/alerts/{uuid.uuid4()}/{path}")

    assert (foreign.status_code, unknown.status_code) == (404, 404)
    assert foreign.content == unknown.content
    row.refresh_from_db()
    assert row.status == Alert.Status.OPEN


@pytest.mark.parametrize("path", PATHS)
def test_a_patient_does_not_reach_the_own_alert_from_the_clinicians_side(
    ada: User, ada_client: Client, path: str
) -> None:
    row = rows.alert(patient=ada)
    method = ada_client.get if path in ("", "state/") else ada_client.post

    assert method(f"/clinic/alerts/{row.id}/{path}").status_code == 404


def test_opening_a_thread_is_written_down(ada: User, ben: User, ben_client: Client) -> None:
    row = rows.alert(patient=ada)

    ben_client.get(f"/clinic/alerts/{row.id}/")

    (event,) = AuditEvent.objects.filter(action="diary.viewed")
    assert (event.actor_id, event.patient_id, event.object_id) == (ben.id, ada.id, f"alert:{row.id}")


def test_a_refused_look_is_not_written_down_as_a_look(ada: User, cy_client: Client) -> None:
    row = rows.alert(patient=ada)

    cy_client.get(f"/clinic/alerts/{row.id}/")

    assert not AuditEvent.objects.filter(action="diary.viewed").exists()


def test_without_its_audit_row_the_page_is_not_shown(
    ada: User, ben_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = rows.alert(patient=ada)
    monkeypatch.setattr("selfcare.accounts.audit.AuditEvent.objects.create", _broken)

    with pytest.raises(RuntimeError):
        ben_client.get(f"/clinic/alerts/{row.id}/")


def _broken(**_fields: object) -> None:
    raise RuntimeError


def test_the_poll_of_an_open_page_shows_no_diary(ada: User, ben_client: Client) -> None:
    row = _reported(ada, saddle="new", note="Since this morning.")

    words = ben_client.get(f"/clinic/alerts/{row.id}/state/").content.decode()

    assert "Saddle" not in words
    assert "this morning" not in words
    assert "Nobody has taken this." in words


# --- what it shows ----------------------------------------------------------------------------------------------------


def test_the_evidence_is_marked_also_in_words(ada: User, ben_client: Client) -> None:
    row = _reported(ada, saddle="new", pain_avg=4)

    words = ben_client.get(f"/clinic/alerts/{row.id}/").content.decode()

    assert '<mark>new</mark> <span class="because">evidence</span>' in words
    assert "<mark>4</mark>" not in words


def test_name_and_year_of_birth_stand_on_the_page(ada: User, ben_client: Client) -> None:
    row = rows.alert(patient=ada)

    words = ben_client.get(f"/clinic/alerts/{row.id}/").content.decode()

    assert ada.name in words
    assert "Born 1988" in words


def test_a_wrong_phone_clock_is_said(ada: User, ben_client: Client) -> None:
    row = _reported(ada, saddle="new")
    entry = ada.entries.get()
    entry.clock_suspect = True
    entry.save()

    words = ben_client.get(f"/clinic/alerts/{row.id}/").content.decode()

    assert "clock looked wrong" in words


def test_rule_and_catalogue_version_are_named(ada: User, ben_client: Client) -> None:
    row = rows.alert(patient=ada, catalogue_version="9.9.9")

    words = ben_client.get(f"/clinic/alerts/{row.id}/").content.decode()

    assert "RF-CES-03, catalogue 9.9.9" in words


def test_history_that_was_not_given_is_not_a_no(ada: User, ben_client: Client) -> None:
    row = rows.alert(patient=ada)

    assert "That is not a no." in ben_client.get(f"/clinic/alerts/{row.id}/").content.decode()


@pytest.mark.parametrize("text", HOSTILE)
def test_a_patients_note_is_shown_as_text(ada: User, ben_client: Client, text: str) -> None:
    row = _reported(ada, saddle="new", note=text, saddle_detail=text)
    row.inputs = {"days": {"2026-03-02": {"saddle": "new", "saddle_detail": text}}}
    row.save()

    words = ben_client.get(f"/clinic/alerts/{row.id}/").content.decode()

    assert "<script>alert" not in words
    assert not re.search(r"<(img src=x|svg onload)", words)
    if "{" in text:
        assert text in words


@pytest.mark.parametrize("text", HOSTILE)
def test_a_clinicians_note_is_shown_as_text(ada: User, ben_client: Client, text: str) -> None:
    row = rows.alert(patient=ada)
    ben_client.post(f"/clinic/alerts/{row.id}/action/", {"alert": row.id, "act-how": "phone", "act-note": text})

    words = ben_client.get(f"/clinic/alerts/{row.id}/").content.decode()

    assert "<script>alert" not in words
    assert not re.search(r"<(img src=x|svg onload)", words)


def test_the_number_of_queries_does_not_grow_with_the_alerts(
    ada: User, ben: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    desk = open_desk(ben, now=NOW)
    row = _reported(ada, saddle="new")
    alert = thread.find(desk, row.id)
    with django_assert_num_queries(5):
        thread.load(desk, alert)
    for number in range(8):
        rows.taken(patient=ada, by=ben, rule_id=f"RF-NEU-0{number}", tier="same_day")

    with django_assert_num_queries(5):
        thread.load(desk, alert)


# --- taking -----------------------------------------------------------------------------------------------------------


def test_taking_writes_name_and_time(ada: User, ben: User, ben_client: Client) -> None:
    row = rows.alert(patient=ada)

    ben_client.post(f"/clinic/alerts/{row.id}/take/", {"alert": row.id})

    row.refresh_from_db()
    assert (row.status, row.acknowledged_by, row.acknowledged_at) == ("acknowledged", ben, NOW)


def test_somebody_who_comes_second_is_told_who_was_first(
    ada: User, ben: User, ben_client: Client, second: User
) -> None:
    row = rows.taken(patient=ada, by=second, ago=timedelta(seconds=20))

    answer = ben_client.post(f"/clinic/alerts/{row.id}/take/", {"alert": row.id}, follow=True)

    assert "Bea took this 20 seconds ago." in answer.content.decode()
    row.refresh_from_db()
    assert row.acknowledged_by == second


def test_an_alert_that_the_page_did_not_show_stays_untaken(ada: User, ben_client: Client) -> None:
    shown = rows.alert(patient=ada, rule_id="RF-CES-03")
    came_later = rows.alert(patient=ada, rule_id="RF-CES-01")

    ben_client.post(f"/clinic/alerts/{shown.id}/take/", {"alert": shown.id})

    came_later.refresh_from_db()
    assert came_later.status == Alert.Status.OPEN


def test_the_alert_of_another_patient_cannot_be_slipped_in(harbour: Clinic, ada: User, ben_client: Client) -> None:
    own = rows.alert(patient=ada)
    other = rows.alert(patient=factories.patient(email="di@example.org", name="Di", of=harbour))

    ben_client.post(f"/clinic/alerts/{own.id}/take/", {"alert": [own.id, other.id]})

    other.refresh_from_db()
    assert other.status == Alert.Status.OPEN


def test_taking_nothing_is_said(ada: User, ben_client: Client) -> None:
    row = rows.alert(patient=ada)

    answer = ben_client.post(f"/clinic/alerts/{row.id}/take/", follow=True)

    assert "Nothing was chosen." in answer.content.decode()


def test_a_look_is_not_a_deed(ada: User, ben_client: Client) -> None:
    row = rows.alert(patient=ada)

    assert ben_client.get(f"/clinic/alerts/{row.id}/take/").status_code == 405


# --- writing down, passing on -----------------------------------------------------------------------------------


def test_what_was_done_is_kept_in_words(ada: User, ben: User, ben_client: Client) -> None:
    row = rows.alert(patient=ada)

    ben_client.post(
        f"/clinic/alerts/{row.id}/action/",
        {"alert": row.id, "act-how": "phone_no_answer", "act-note": "Will try again at 19:00."},
    )

    event = row.events.get(kind=AlertEvent.Kind.ACTION)
    assert (event.actor, event.note) == (ben, "Phoned, no answer. Will try again at 19:00.")


def test_what_was_done_must_be_chosen(ada: User, ben_client: Client) -> None:
    row = rows.alert(patient=ada)

    answer = ben_client.post(f"/clinic/alerts/{row.id}/action/", {"alert": row.id, "act-note": "My long note."})

    assert answer.status_code == 422
    assert "Choose what you did." in answer.content.decode()
    assert "My long note." in answer.content.decode()


def test_telling_the_next_people_is_written_with_a_name(ada: User, ben: User, ben_client: Client) -> None:
    row = rows.alert(patient=ada)

    ben_client.post(f"/clinic/alerts/{row.id}/escalate/", {"alert": row.id})

    assert row.events.get(kind=AlertEvent.Kind.ESCALATED).actor == ben
    row.refresh_from_db()
    assert row.escalation_level == 1


# --- closing ----------------------------------------------------------------------------------------------------------


def test_closing_keeps_outcome_note_and_name(ada: User, ben: User, ben_client: Client) -> None:
    row = rows.alert(patient=ada)

    _close(ben_client, row)

    row.refresh_from_db()
    assert (row.status, row.outcome, row.closed_by) == ("closed", "seen_emergency", ben)
    assert "spinal team" in row.events.get(kind=AlertEvent.Kind.CLOSED).note


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ({"close-outcome": ""}, "Choose how it ended."),
        ({"close-note": " "}, "A red item needs a note."),
        ({"close-same_person": ""}, "Check the name and year of birth above, then tick this box."),
    ],
)
def test_an_emergency_is_not_closed_without(
    ada: User, ben_client: Client, missing: dict[str, str], sentence: str
) -> None:
    row = rows.alert(patient=ada)

    answer = _close(ben_client, row, **missing)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    row.refresh_from_db()
    assert row.status == Alert.Status.OPEN


def test_a_routine_item_closes_without_a_note(ada: User, ben_client: Client) -> None:
    row = rows.alert(patient=ada, tier="routine")

    _close(ben_client, row, **{"close-note": "", "close-same_person": "", "close-outcome": "advice_given"})

    row.refresh_from_db()
    assert row.status == Alert.Status.CLOSED


def test_what_came_in_meanwhile_must_be_read_before_closing(ada: User, ben_client: Client) -> None:
    row = rows.alert(patient=ada)
    token = _token(row)
    AlertEvent.objects.create(alert=row, kind="repeated", at=NOW)

    answer = _close(ben_client, row, **{"close-token": token})

    assert answer.status_code == 422
    assert "Something happened since you opened this page." in answer.content.decode()
    row.refresh_from_db()
    assert row.status == Alert.Status.OPEN


def test_a_new_alert_of_the_patient_counts_as_something_new(ada: User, ben_client: Client) -> None:
    row = rows.alert(patient=ada)
    token = _token(row)
    rows.alert(patient=ada, rule_id="RF-CES-01")

    assert _close(ben_client, row, **{"close-token": token}).status_code == 422


def test_a_form_without_its_token_closes_nothing(ada: User, ben_client: Client) -> None:
    row = rows.alert(patient=ada)

    answer = _close(ben_client, row, **{"close-token": ""})

    assert answer.status_code == 422
    row.refresh_from_db()
    assert row.status == Alert.Status.OPEN


def test_of_several_alerts_all_are_closed_or_none(
    ada: User, ben: User, ben_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = rows.alert(patient=ada)
    second = rows.alert(patient=ada, rule_id="RF-CES-01", opened=timedelta(minutes=1))
    closed_meanwhile = {second.id}
    monkeypatch.setattr("selfcare.clinic.handling.alerts.close", _conflict_on(closed_meanwhile))

    answer = _close(ben_client, first, alert=[str(first.id), str(second.id)])

    assert "Bea closed this 2 seconds ago." in answer.content.decode()
    assert not Alert.objects.filter(status="closed").exists()


def _conflict_on(ids: set[uuid.UUID]):
    from selfcare.triage.alerts import close
    from selfcare.triage.moving import AlertConflict

    def closing(alert_id: uuid.UUID, **fields: object) -> object:
        if alert_id in ids:
            raise AlertConflict("Bea closed this 2 seconds ago.")
        return close(alert_id, **fields)

    return closing


def _ticked(page: str) -> set[str]:
    return set(re.findall(r'<input type="checkbox" name="alert" value="([\w-]+)" checked>', page))


def test_only_the_most_urgent_alerts_are_ticked_for_closing(ada: User, ben_client: Client) -> None:
    urgent = rows.alert(patient=ada)
    rows.alert(patient=ada, rule_id="PER-03", tier="routine")

    page = ben_client.get(f"/clinic/alerts/{urgent.id}/").content.decode()

    assert _ticked(page) == {str(urgent.id)}


def test_a_refused_closing_keeps_the_choice_of_alerts(ada: User, ben_client: Client) -> None:
    rows.alert(patient=ada)
    routine = rows.alert(patient=ada, rule_id="PER-03", tier="routine")

    answer = _close(ben_client, routine, **{"close-outcome": ""})

    assert _ticked(answer.content.decode()) == {str(routine.id)}


def test_a_routine_item_beside_an_emergency_closes_without_the_second_look(ada: User, ben_client: Client) -> None:
    urgent = rows.alert(patient=ada)
    routine = rows.alert(patient=ada, rule_id="PER-03", tier="routine")

    _close(ben_client, routine, **{"close-note": "", "close-same_person": ""})

    assert list(Alert.objects.filter(status="closed")) == [routine]
    assert urgent.status == Alert.Status.OPEN


def test_closing_can_be_undone_at_once(ada: User, ben_client: Client) -> None:
    row = rows.alert(patient=ada)
    _close(ben_client, row)

    page = ben_client.get(f"/clinic/alerts/{row.id}/").content.decode()
    ben_client.post(f"/clinic/alerts/{row.id}/undo/")

    assert f"/clinic/alerts/{row.id}/undo/" in page
    row.refresh_from_db()
    assert row.status == Alert.Status.ACKNOWLEDGED


def test_undoing_opens_everything_that_was_closed_together(ada: User, ben_client: Client) -> None:
    first = rows.alert(patient=ada)
    other = rows.alert(patient=ada, rule_id="RF-CES-01")
    _close(ben_client, first, alert=[str(first.id), str(other.id)])

    ben_client.post(f"/clinic/alerts/{first.id}/undo/")

    assert not Alert.objects.filter(status="closed").exists()


def test_closing_cannot_be_undone_later(ada: User, ben_client: Client) -> None:
    row = rows.alert(patient=ada)
    _close(ben_client, row)

    with time_machine.travel(NOW + timedelta(minutes=2), tick=False):
        page = ben_client.get(f"/clinic/alerts/{row.id}/").content.decode()
        ben_client.post(f"/clinic/alerts/{row.id}/undo/")

    assert f"/clinic/alerts/{row.id}/undo/" not in page
    row.refresh_from_db()
    assert row.status == Alert.Status.CLOSED


def test_a_red_item_offers_no_way_to_put_it_off(ada: User, ben_client: Client) -> None:
    row = rows.alert(patient=ada)

    page = ben_client.get(f"/clinic/alerts/{row.id}/").content.decode().lower()
    words = page[page.index("<main") : page.index("</main>")]

    assert "snooze" not in words
    assert "later" not in re.sub(r"corrected by the patient later", "", words)


# --- The loop --------------------------------------------------------------------------------------------------------


def test_a_silent_patient_stands_on_top_until_somebody_has_reached_her(
    ada: User, ben: User, ben_client: Client
) -> None:
    row = rows.alert(patient=ada, silent_at=NOW)
    path, words = f"/clinic/alerts/{row.id}/", "Contact the patient."
    before = ben_client.get(path).content.decode()

    ben_client.post(f"{path}action/", {"alert": str(row.id), "act-how": "phone_no_answer"})
    not_reached = ben_client.get(path).content.decode()
    ben_client.post(f"{path}action/", {"alert": str(row.id), "act-how": "phone"})
    reached = ben_client.get(path).content.decode()

    assert [words in page for page in (before, not_reached, reached)] == [True, True, False]


def test_what_was_taken_can_be_given_back_and_the_page_says_by_whom(ada: User, ben: User, ben_client: Client) -> None:
    row = rows.taken(patient=ada, by=ben)

    page = ben_client.post(f"/clinic/alerts/{row.id}/release/", {"alert": str(row.id)}, follow=True).content.decode()

    row.refresh_from_db()
    assert (row.status, row.acknowledged_by) == ("open", None)
    assert "Given back." in page
    assert "released, so that another can take it (Ben)" in page


def test_giving_back_what_nobody_has_is_told(ada: User, ben_client: Client) -> None:
    row = rows.alert(patient=ada)

    page = ben_client.post(f"/clinic/alerts/{row.id}/release/", {"alert": str(row.id)}, follow=True).content.decode()

    assert "Nothing was chosen." in page


def test_cy_cannot_give_back_what_ben_has(ada: User, ben: User, cy_client: Client) -> None:
    row = rows.taken(patient=ada, by=ben)

    assert cy_client.post(f"/clinic/alerts/{row.id}/release/", {"alert": str(row.id)}).status_code == 404
    row.refresh_from_db()
    assert row.acknowledged_by == ben


def test_the_page_says_where_when_and_what_came_of_it_in_words(ada: User, ben_client: Client) -> None:
    row = rows.alert(patient=ada, assessed_at=NOW)
    event = rows.said(row, "seen")
    event.data |= {"where": "hospital", "seen_on": "2026-03-02", "outcome": "scan"}
    event.note = "<b>They scanned me.</b>"
    event.save(update_fields=["data", "note"])

    page = ben_client.get(f"/clinic/alerts/{row.id}/").content.decode()

    assert "says: I was seen: At a hospital, 2 March 2026, A scan was done, or is booked." in page
    assert "&lt;b&gt;They scanned me.&lt;/b&gt;" in page


def test_the_page_says_why_she_could_not_go_and_when_she_is_asked_again(ada: User, ben_client: Client) -> None:
    row = rows.alert(patient=ada, next_follow_up_at=NOW + timedelta(hours=2))
    event = rows.said(row, "could_not")
    event.data["why"] = "transport"
    event.save(update_fields=["data"])

    page = ben_client.get(f"/clinic/alerts/{row.id}/").content.decode()

    assert "says: I could not get there: I have no way to get there." in page
    assert "The app asks again: " in page
