"""Invitations: single use, 72 hours, the same answer for everything that does not work."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connection
from django.test import Client

from selfcare.accounts import invitations
from selfcare.accounts.models import AuditEvent, CareRelationship, Clinic, Invitation, Membership, User
from tests import factories

NOW = factories.NOW


@pytest.fixture
def eve(db: None) -> User:
    return factories.patient(email="eve@example.org", name="Eve")


@pytest.fixture
def manager(harbour: Clinic) -> User:
    return factories.member(of=harbour, email="max@example.org", role="manager")


def test_a_code_is_four_groups_of_four_unambiguous_letters(harbour: Clinic, ben: User) -> None:
    _, code = invitations.invite(harbour, kind="patient", by=ben, now=NOW)

    assert [len(group) for group in code.split("-")] == [4, 4, 4, 4]
    assert set(code) - {"-"} <= set(invitations.ALPHABET)
    assert len(invitations.ALPHABET) ** invitations.LETTERS == 2**80


def test_only_the_fingerprint_of_a_code_is_stored(harbour: Clinic, ben: User) -> None:
    invitation, code = invitations.invite(harbour, kind="patient", by=ben, now=NOW)

    stored = {str(value) for value in Invitation.objects.values().get(pk=invitation.pk).values()}
    assert not any(code in value or code.replace("-", "") in value for value in stored)


def test_the_link_carries_the_code_where_no_log_sees_it(harbour: Clinic) -> None:
    assert invitations.link("AB12-CD34-EF56-GH78") == f"{settings.SITE_URL}/join#AB12-CD34-EF56-GH78"


def test_the_picture_is_an_svg_that_a_page_may_show() -> None:
    assert invitations.qr_image("AB12-CD34-EF56-GH78").startswith("data:image/svg+xml;base64,")


def test_accepting_as_a_patient_lets_the_clinic_look_after_them(harbour: Clinic, ben: User, eve: User) -> None:
    _, code = invitations.invite(harbour, kind="patient", by=ben, now=NOW)

    invitations.accept(code, user=eve, now=NOW)

    assert CareRelationship.objects.current(NOW).filter(clinic=harbour, patient=eve).exists()
    assert ben.has_perm("diary.view_diary", eve)


@pytest.mark.parametrize("kind", ["clinician", "manager"])
def test_accepting_as_a_colleague_gives_the_place(harbour: Clinic, manager: User, eve: User, kind: str) -> None:
    _, code = invitations.invite(harbour, kind=kind, by=manager, now=NOW)

    invitations.accept(code, user=eve, now=NOW)

    assert Membership.objects.current(NOW).get(user=eve).role == kind


def test_a_code_may_be_typed_carelessly(harbour: Clinic, ben: User, eve: User) -> None:
    _, code = invitations.invite(harbour, kind="patient", by=ben, now=NOW)
    typed = " " + code.lower().replace("-", " ").replace("0", "o").replace("1", "l")

    assert invitations.accept(typed, user=eve, now=NOW).clinic == harbour


def test_a_code_works_once(harbour: Clinic, ben: User, ada: User, eve: User) -> None:
    _, code = invitations.invite(harbour, kind="patient", by=ben, now=NOW)
    invitations.accept(code, user=ada, now=NOW)

    with pytest.raises(invitations.InvitationRefused):
        invitations.accept(code, user=eve, now=NOW)
    assert not CareRelationship.objects.filter(patient=eve).exists()


@pytest.mark.parametrize(("hours", "works"), [(71.99, True), (72, False)])
def test_a_code_works_for_72_hours(harbour: Clinic, ben: User, eve: User, hours: float, works: bool) -> None:
    _, code = invitations.invite(harbour, kind="patient", by=ben, now=NOW)
    later = NOW + timedelta(hours=hours)

    try:
        invitations.accept(code, user=eve, now=later)
    except invitations.InvitationRefused:
        assert not works
    else:
        assert works


def test_a_withdrawn_code_does_not_work(harbour: Clinic, ben: User, eve: User) -> None:
    invitation, code = invitations.invite(harbour, kind="patient", by=ben, now=NOW)

    assert invitations.withdraw(invitation, by=ben, now=NOW)
    with pytest.raises(invitations.InvitationRefused):
        invitations.accept(code, user=eve, now=NOW)


def test_who_was_invited_twice_has_one_relationship(harbour: Clinic, ben: User, eve: User) -> None:
    for _ in range(2):
        _, code = invitations.invite(harbour, kind="patient", by=ben, now=NOW)
        invitations.accept(code, user=eve, now=NOW)

    assert CareRelationship.objects.filter(patient=eve).count() == 1


def test_a_clinician_of_another_clinic_may_not_invite(harbour: Clinic, cy: User) -> None:
    with pytest.raises(PermissionDenied):
        invitations.invite(harbour, kind="patient", by=cy, now=NOW)


def test_a_clinician_may_not_invite_a_colleague(harbour: Clinic, ben: User) -> None:
    with pytest.raises(PermissionDenied):
        invitations.invite(harbour, kind="clinician", by=ben, now=NOW)


def test_inviting_and_accepting_are_audited_without_the_code(harbour: Clinic, ben: User, eve: User) -> None:
    invitation, code = invitations.invite(harbour, kind="patient", by=ben, now=NOW)
    invitations.accept(code, user=eve, now=NOW)

    events = list(AuditEvent.objects.order_by("id").values_list("action", "actor_id", "object_id"))
    assert events == [
        ("invitation.created", ben.pk, str(invitation.pk)),
        ("invitation.accepted", eve.pk, str(invitation.pk)),
    ]


def accept_when_not_locked(code: str, person: User) -> None:
    """Accept; the in-memory database of the fast suite says "locked" at once where a file or a server would wait."""
    while True:
        try:
            invitations.accept(code, user=person, now=NOW)
        except OperationalError:
            continue
        return


@pytest.mark.django_db(transaction=True)
def test_of_two_people_with_one_code_at_the_same_moment_one_gets_in(harbour: Clinic, ben: User) -> None:
    _, code = invitations.invite(harbour, kind="patient", by=ben, now=NOW)
    people = [factories.patient(email=f"p{number}@example.org") for number in range(4)]
    start = threading.Barrier(len(people))
    got_in: list[User] = []

    def accept(person: User) -> None:
        start.wait()
        try:
            accept_when_not_locked(code, person)
            got_in.append(person)
        except invitations.InvitationRefused:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=accept, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(got_in) == 1
    assert CareRelationship.objects.filter(clinic=harbour).count() == 1


# --- the page -------------------------------------------------------------------------------------------------------


def enter(client: Client, code: str, **extra: str):
    return client.post("/join", {"code": code}, **extra)


def test_a_good_code_leads_a_stranger_to_sign_up(client: Client, harbour: Clinic, ben: User, real_now) -> None:
    _, code = invitations.invite(harbour, kind="patient", by=ben, now=real_now)

    answer = enter(client, code)

    assert (answer.status_code, answer.url) == (302, "/account/signup/")


def test_a_code_survives_log_in_and_is_used_on_the_person_s_word(
    client: Client, harbour: Clinic, ben: User, eve: User, real_now
) -> None:
    _, code = invitations.invite(harbour, kind="patient", by=ben, now=real_now)
    enter(client, code)
    factories.log_in(client, eve, second_factor=False)

    page = client.get("/join/confirm")
    answer = client.post("/join/confirm", {"answer": "yes"})

    assert b"Harbour Clinic" in page.content
    assert answer.status_code == 302
    assert CareRelationship.objects.filter(clinic=harbour, patient=eve).exists()


def test_a_colleague_is_asked_for_a_name_before_joining(client: Client, harbour: Clinic, eve: User, real_now) -> None:
    User.objects.filter(pk=eve.pk).update(name="")
    _, code = invitations.invite(harbour, kind="clinician", by=None, now=real_now)
    enter(client, code)
    factories.log_in(client, User.objects.get(pk=eve.pk), second_factor=False)

    without = client.post("/join/confirm", {"answer": "yes", "name": " "})
    joined_without = Membership.objects.filter(clinic=harbour, user=eve).exists()
    named = client.post("/join/confirm", {"answer": "yes", "name": "Eve"})

    assert without.status_code == 400
    assert b"Enter your name." in without.content
    assert not joined_without
    assert named.status_code == 302
    assert Membership.objects.filter(clinic=harbour, user=eve, user__name="Eve").exists()


def test_saying_not_now_leaves_the_code_unused(client: Client, harbour: Clinic, ben: User, eve: User, real_now) -> None:
    invitation, code = invitations.invite(harbour, kind="patient", by=ben, now=real_now)
    enter(client, code)
    factories.log_in(client, eve, second_factor=False)

    client.post("/join/confirm", {"answer": "no"})

    assert Invitation.objects.get(pk=invitation.pk).used_at is None


def test_the_session_never_holds_the_code(client: Client, harbour: Clinic, ben: User, real_now) -> None:
    _, code = invitations.invite(harbour, kind="patient", by=ben, now=real_now)

    enter(client, code)

    assert code.replace("-", "") not in str(dict(client.session)).replace("-", "")


def test_wrong_used_and_expired_codes_get_the_same_answer(
    client: Client, harbour: Clinic, ben: User, eve: User, real_now
) -> None:
    _, used = invitations.invite(harbour, kind="patient", by=ben, now=real_now)
    invitations.accept(used, user=eve, now=real_now)
    _, expired = invitations.invite(harbour, kind="patient", by=ben, now=real_now - timedelta(hours=73))
    withdrawn_invitation, withdrawn = invitations.invite(harbour, kind="patient", by=ben, now=real_now)
    invitations.withdraw(withdrawn_invitation, by=ben, now=real_now)
    codes = ["AAAA-AAAA-AAAA-AAAA", used, expired, withdrawn]

    answers = [enter(Client(), code) for code in codes]

    pages = {
        answer.content.decode().replace(code, "CODE").split("<main")[1].split("</main>")[0]
        for answer, code in zip(answers, codes, strict=True)
    }
    masked = {mask_token(page) for page in pages}
    assert {answer.status_code for answer in answers} == {400}
    assert len(masked) == 1


def mask_token(page: str) -> str:
    before, _, rest = page.partition('name="csrfmiddlewaretoken" value="')
    return before + rest.partition('"')[2]


def test_the_eleventh_try_of_an_address_is_braked_even_with_a_good_code(
    client: Client, harbour: Clinic, ben: User, real_now
) -> None:
    _, code = invitations.invite(harbour, kind="patient", by=ben, now=real_now)
    for _ in range(invitations.PER_ADDRESS):
        enter(client, "AAAA-AAAA-AAAA-AAAA")

    assert enter(client, code).status_code == 429


def test_a_forged_forwarding_header_does_not_make_a_new_address(client: Client, db: None) -> None:
    answers = [
        enter(client, "AAAA-AAAA-AAAA-AAAA", HTTP_X_FORWARDED_FOR=f"203.0.113.{number}")
        for number in range(invitations.PER_ADDRESS + 1)
    ]

    assert answers[-1].status_code == 429


def test_guesses_from_everywhere_hit_a_common_brake(db: None) -> None:
    refusals = []
    for number in range(invitations.ALTOGETHER + 1):
        with pytest.raises((invitations.InvitationRefused, invitations.TooManyTries)) as refusal:
            invitations.look_up("AAAA", address=f"198.51.{number // 250}.{number % 250}", now=NOW)
        refusals.append(refusal.type)

    assert refusals == [invitations.InvitationRefused] * invitations.ALTOGETHER + [invitations.TooManyTries]


def test_of_parallel_guesses_exactly_the_allowed_number_passes() -> None:
    passed: list[bool] = []

    def try_once() -> None:
        try:
            invitations._count_a_try("203.0.113.9", now=NOW)
            passed.append(True)
        except invitations.TooManyTries:
            pass

    threads = [threading.Thread(target=try_once) for _ in range(60)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(passed) == invitations.PER_ADDRESS


def test_addresses_of_one_ipv6_household_count_as_one() -> None:
    assert invitations._network("2001:db8:1:2::1") == invitations._network("2001:db8:1:2:ffff::9")
