"""Invitations, hours and the rota."""

from __future__ import annotations

import re
import uuid
from datetime import time, timedelta

import pytest
from django.test import Client

from selfcare.accounts import invitations
from selfcare.accounts.models import AuditEvent, Clinic, Invitation, Membership, User
from tests import factories
from tests.factories import NOW

CODE = re.compile(r"\b(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}\b")


@pytest.fixture
def mo(harbour: Clinic) -> User:
    """Return Mo, who manages Harbour Clinic and sees no patients."""
    return factories.member(of=harbour, email="mo@example.org", name="Mo", role="manager")


@pytest.fixture
def mo_client(mo: User) -> Client:
    """Return a browser in which Mo is logged in."""
    return factories.log_in(Client(), mo)


def _hours(**fields: object) -> dict[str, object]:
    return {
        "phone": "",
        "working_days": ["1", "2", "3", "4", "5"],
        "opens_at": "08:00",
        "closes_at": "18:00",
        "out_of_hours_text": "Call 111.",
        "duty_email": "duty@example.org",
        "answer_messages_within_days": "2",
        "escalate_emergency_after_min": "10",
        "escalate_same_day_after_min": "120",
        "escalate_emergency_closed_after_min": "20",
        "escalate_same_day_closed_after_min": "240",
    } | fields


# --- invitations ------------------------------------------------------------------------------------------------------


def test_a_code_is_shown_once_in_groups_of_four_with_link_and_picture(harbour: Clinic, ben_client: Client) -> None:
    words = ben_client.post("/clinic/invitations/", {"kind": "patient", "clinic": harbour.id}).content.decode()

    code = CODE.search(words)
    assert code
    assert f"/join#{code[0]}" in words
    assert 'src="data:image/svg+xml;base64,' in words
    assert not CODE.search(ben_client.get("/clinic/invitations/").content.decode())


def test_the_code_that_is_shown_works(harbour: Clinic, ben_client: Client) -> None:
    words = ben_client.post("/clinic/invitations/", {"kind": "patient", "clinic": harbour.id}).content.decode()
    code = CODE.search(words)
    assert code

    used = invitations.accept(code[0], user=factories.patient(email="new@example.org"), now=NOW)

    assert used.clinic == harbour


@pytest.mark.parametrize("kind", ["clinician", "manager"])
def test_only_a_manager_invites_colleagues(harbour: Clinic, ben_client: Client, mo_client: Client, kind: str) -> None:
    body = {"kind": kind, "clinic": harbour.id}

    assert ben_client.post("/clinic/invitations/", body).status_code == 422
    assert not Invitation.objects.exists()
    assert mo_client.post("/clinic/invitations/", body).status_code == 200


def test_a_manager_of_one_clinic_is_no_manager_of_another(mo: User, mo_client: Client, cy: User) -> None:
    hill = Clinic.objects.get(name="Hill Clinic")
    Membership.objects.create(clinic=hill, user=mo, role="clinician", from_at=factories.LONG_AGO)

    answer = mo_client.post("/clinic/invitations/", {"kind": "manager", "clinic": hill.id})

    assert answer.status_code == 422
    assert "Only a manager of this clinic may invite colleagues." in answer.content.decode()


def test_nobody_invites_to_a_foreign_clinic(harbour: Clinic, cy_client: Client) -> None:
    answer = cy_client.post("/clinic/invitations/", {"kind": "patient", "clinic": harbour.id})

    assert answer.status_code == 422
    assert not Invitation.objects.exists()


def test_the_list_tells_waiting_used_withdrawn_and_expired(harbour: Clinic, ben: User, ben_client: Client) -> None:
    for state in ({}, {"used_at": NOW}, {"withdrawn_at": NOW}, {"expires_at": NOW - timedelta(seconds=1)}):
        row, _code = invitations.invite(harbour, kind="patient", by=ben, now=NOW)
        Invitation.objects.filter(id=row.id).update(**state)

    words = ben_client.get("/clinic/invitations/").content.decode()

    for word in ("waiting, until", "used 18:30", "withdrawn 18:30", "expired"):
        assert word in words


def test_a_withdrawn_invitation_no_longer_works(harbour: Clinic, ben: User, ben_client: Client) -> None:
    row, code = invitations.invite(harbour, kind="patient", by=ben, now=NOW)

    ben_client.post(f"/clinic/invitations/{row.id}/withdraw/")

    with pytest.raises(invitations.InvitationRefused):
        invitations.accept(code, user=factories.patient(email="new@example.org"), now=NOW)


def test_for_cy_a_foreign_invitation_is_the_same_as_an_unknown_one(
    harbour: Clinic, ben: User, cy_client: Client
) -> None:
    row, _code = invitations.invite(harbour, kind="patient", by=ben, now=NOW)

    foreign = cy_client.post(f"/clinic/invitations/{row.id}/withdraw/")
    unknown = cy_client.post(f"/clinic/invitations/{uuid.uuid4()}/withdraw/")

    assert (foreign.status_code, unknown.status_code) == (404, 404)
    assert foreign.content == unknown.content


def test_a_clinician_does_not_withdraw_a_managers_invitation(harbour: Clinic, ben_client: Client, mo: User) -> None:
    row, _code = invitations.invite(harbour, kind="clinician", by=mo, now=NOW)

    assert ben_client.post(f"/clinic/invitations/{row.id}/withdraw/").status_code == 404


# --- hours ------------------------------------------------------------------------------------------------------------


def test_a_manager_changes_hours_and_it_is_written_down(harbour: Clinic, mo: User, mo_client: Client) -> None:
    mo_client.post(f"/clinic/settings/{harbour.id}/", _hours())

    harbour.refresh_from_db()
    assert (harbour.opens_at, harbour.working_days, harbour.escalate_emergency_after_min) == (time(8), "12345", 10)
    assert AuditEvent.objects.filter(action="clinic.changed", actor_id=mo.id, clinic_id=harbour.id).exists()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"out_of_hours_text": " "}, "Write what patients should do then."),
        ({"closes_at": "07:00"}, "Choose a closing time after the opening time."),
        ({"opens_at": "nine"}, "Write the time like 09:00."),
        ({"working_days": []}, "Choose at least one day."),
        ({"escalate_emergency_after_min": "0"}, "Enter a number of minutes from 1 to 120."),
        ({"escalate_emergency_after_min": "121"}, "Enter a number of minutes from 1 to 120."),
        ({"escalate_same_day_after_min": "14"}, "Enter a number of minutes from 15 to 1440."),
        ({"escalate_emergency_closed_after_min": "121"}, "Enter a number of minutes from 1 to 120."),
        ({"escalate_same_day_closed_after_min": "1441"}, "Enter a number of minutes from 15 to 1440."),
        ({"duty_email": "duty"}, "Write the address like name@example.org."),
    ],
)
def test_hours_that_leave_a_gap_are_refused_with_a_sentence(
    harbour: Clinic, mo_client: Client, wrong: dict[str, object], sentence: str
) -> None:
    answer = mo_client.post(f"/clinic/settings/{harbour.id}/", _hours(**wrong))

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    harbour.refresh_from_db()
    assert harbour.escalate_emergency_after_min == 15


def test_a_clinic_that_never_closes_needs_no_text_for_the_gap(harbour: Clinic, mo_client: Client) -> None:
    answer = mo_client.post(
        f"/clinic/settings/{harbour.id}/",
        _hours(working_days=list("1234567"), opens_at="00:00", closes_at="00:00", out_of_hours_text=""),
    )

    assert answer.status_code == 302


def test_a_clinician_reads_hours_and_does_not_change_them(harbour: Clinic, ben_client: Client) -> None:
    assert "A manager of the clinic can change this." in ben_client.get("/clinic/settings/").content.decode()
    assert ben_client.post(f"/clinic/settings/{harbour.id}/", _hours()).status_code == 404


def test_cy_does_not_reach_the_settings_of_another_clinic(harbour: Clinic, cy_client: Client) -> None:
    foreign = cy_client.get(f"/clinic/settings/{harbour.id}/")
    unknown = cy_client.get(f"/clinic/settings/{uuid.uuid4()}/")

    assert (foreign.status_code, foreign.content) == (404, unknown.content)


# --- the team ---------------------------------------------------------------------------------------------------------


def test_a_manager_sets_who_is_told_first(ben: User, mo_client: Client) -> None:
    place = ben.memberships.get()

    levels = {f"p{place.id}-rota_level": "2", f"p{place.id}-out_of_hours_level": "0"}
    mo_client.post(f"/clinic/places/{place.id}/rota/", levels)

    place.refresh_from_db()
    assert (place.rota_level, place.out_of_hours_level) == (2, 0)
    assert AuditEvent.objects.filter(action="membership.rota_changed").exists()


def test_an_ended_place_ends_the_sight_of_patients(
    harbour: Clinic, ada: User, ben: User, ben_client: Client, mo_client: Client
) -> None:
    factories.member(of=harbour, email="bea@example.org", name="Bea")

    mo_client.post(f"/clinic/places/{ben.memberships.get().id}/end/")

    assert ben_client.get(f"/clinic/patients/{ada.id}/").status_code == 404


def test_the_last_clinician_stays(ben: User, mo_client: Client) -> None:
    place = ben.memberships.get()

    answer = mo_client.post(f"/clinic/places/{place.id}/end/", follow=True)

    assert "Somebody must be told about alerts. Invite another clinician first." in answer.content.decode()
    place.refresh_from_db()
    assert place.until_at is None


def test_the_last_manager_stays(mo: User, mo_client: Client) -> None:
    place = mo.memberships.get()

    answer = mo_client.post(f"/clinic/places/{place.id}/end/", follow=True)

    assert "Somebody must look after this clinic." in answer.content.decode()
    place.refresh_from_db()
    assert place.until_at is None


@pytest.mark.parametrize("path", ["rota/", "end/"])
@pytest.mark.parametrize("who", ["ben_client", "cy_client"])
def test_nobody_but_the_manager_changes_the_team(request: pytest.FixtureRequest, mo: User, path: str, who: str) -> None:
    place = mo.memberships.get()
    client = request.getfixturevalue(who)

    assert client.post(f"/clinic/places/{place.id}/{path}").status_code == 404
    place.refresh_from_db()
    assert place.until_at is None


def test_a_manager_reads_that_nobody_is_set_for_the_night(ben: User, mo_client: Client) -> None:
    before = mo_client.get("/clinic/settings/").content.decode()
    ben.memberships.update(out_of_hours_level=0)
    after = mo_client.get("/clinic/settings/").content.decode()

    assert "Nobody is set for out of hours" in before
    assert "Nobody is set for out of hours" not in after


def test_a_clinician_can_be_taken_off_the_night_again(ben: User, mo_client: Client) -> None:
    place = ben.memberships.get()
    ben.memberships.update(out_of_hours_level=0)

    levels = {f"p{place.id}-rota_level": "0", f"p{place.id}-out_of_hours_level": ""}
    mo_client.post(f"/clinic/places/{place.id}/rota/", levels)

    place.refresh_from_db()
    assert place.out_of_hours_level is None


def test_a_level_that_is_none_is_refused(ben: User, mo_client: Client) -> None:
    place = ben.memberships.get()

    levels = {f"p{place.id}-rota_level": "0", f"p{place.id}-out_of_hours_level": "9"}
    answer = mo_client.post(f"/clinic/places/{place.id}/rota/", levels, follow=True)

    assert "Choose when this person is told." in answer.content.decode()
    place.refresh_from_db()
    assert place.out_of_hours_level is None
