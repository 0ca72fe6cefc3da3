"""A member of a clinic sees nothing before the second factor; everybody else is not bothered."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from django.utils import timezone

from selfcare import urls as product_urls
from selfcare.accounts.middleware import SEEN_AT
from selfcare.accounts.models import Clinic, Membership, User
from tests import factories


def clinical(request: HttpRequest) -> HttpResponse:
    return HttpResponse("clinical")


urlpatterns = [
    path("clinic/clinical", clinical),
    path("api/v1/clinical", clinical),
    *product_urls.urlpatterns,
]
pytestmark = pytest.mark.urls(__name__)

PAGE, API = "/clinic/clinical", "/api/v1/clinical"


def current_code() -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(factories.TOTP_SECRET, counter))


@pytest.fixture
def manager(harbour: Clinic) -> User:
    return factories.member(of=harbour, email="max@example.org", role="manager")


# --- the truth table --------------------------------------------------------------------------------------------------

WHO_GETS_THROUGH = [
    # role, has an authenticator, has shown it in this session, gets through
    ("patient", False, False, True),
    ("patient", True, False, True),
    ("clinician", False, False, False),
    ("clinician", True, False, False),
    ("clinician", True, True, True),
    ("manager", False, False, False),
    ("manager", True, False, False),
    ("manager", True, True, True),
]


@pytest.mark.parametrize("by", ["cookie", "token"])
@pytest.mark.parametrize(("role", "has_one", "shown", "through"), WHO_GETS_THROUGH)
def test_who_gets_through(
    ada: User, ben: User, manager: User, by: str, role: str, has_one: bool, shown: bool, through: bool
) -> None:
    person = {"patient": ada, "clinician": ben, "manager": manager}[role]
    if has_one:
        factories.authenticator_app(person)

    if by == "cookie":
        answer = factories.log_in(Client(), person, second_factor=shown).get(API)
    else:
        answer = Client().get(API, headers={"X-Session-Token": factories.session_token(person, second_factor=shown)})

    assert answer.status_code == (200 if through else 403)


def test_a_page_leads_to_set_up_where_there_is_no_second_factor_yet(ben: User) -> None:
    answer = factories.log_in(Client(), ben, second_factor=False).get(PAGE)

    assert (answer.status_code, answer.url) == (302, "/account/2fa/")


def test_a_page_leads_to_the_challenge_where_there_is_one(ben: User) -> None:
    factories.authenticator_app(ben)

    answer = factories.log_in(Client(), ben, second_factor=False).get(PAGE)

    assert (answer.status_code, answer.url) == (302, "/account/2fa/reauthenticate/")


def test_the_api_says_in_one_sentence_what_to_do(ben: User) -> None:
    answer = factories.log_in(Client(), ben, second_factor=False).get(API)

    assert answer.json() == {"detail": "Confirm your second sign-in step first."}


def test_a_patient_s_cookie_does_not_carry_a_clinician_s_token(ada: User, ben: User) -> None:
    token = factories.session_token(ben, second_factor=False)

    answer = factories.log_in(Client(), ada, second_factor=False).get(API, headers={"X-Session-Token": token})

    assert answer.status_code == 403


def test_who_has_one_may_not_set_up_another_before_showing_it(ben: User) -> None:
    factories.authenticator_app(ben)
    client = factories.log_in(Client(), ben, second_factor=False)

    answers = [client.get(f"/account/2fa/{page}") for page in ("keys/add/", "app/deactivate/", "recovery-codes/")]

    assert {answer.url for answer in answers} == {"/account/2fa/reauthenticate/"}


@pytest.mark.parametrize("address", ["/help-now", "/healthz", "/readyz", "/account/2fa/", "/account/2fa/app/activate/"])
def test_the_way_in_and_help_stay_open(ben: User, address: str) -> None:
    answer = factories.log_in(Client(), ben, second_factor=False).get(address)

    assert answer.status_code in {200, 404, 503}


def test_an_address_that_only_looks_public_stays_closed(ben: User) -> None:
    client = factories.log_in(Client(), ben, second_factor=False)

    assert client.get("/settings/profile").url == "/account/2fa/"


def test_who_left_the_clinic_is_an_ordinary_person_again(ben: User) -> None:
    Membership.objects.filter(user=ben).update(until_at=timezone.now())

    assert factories.log_in(Client(), ben, second_factor=False).get(API).status_code == 200


def test_a_removed_authenticator_stops_counting_at_once(ben: User, ben_client: Client) -> None:
    Authenticator.objects.filter(user=ben).delete()

    assert ben_client.get(API).status_code == 403


def test_somebody_else_s_authenticator_does_not_count(ben: User, cy: User) -> None:
    client = factories.log_in(Client(), ben)
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        {"method": "mfa", "at": time.time(), "id": factories.authenticator_app(cy).pk, "type": "totp"}
    ]
    session.save()

    assert client.get(API).status_code == 403


def test_a_person_who_is_asked_costs_one_query_more(ada: User, django_assert_num_queries) -> None:
    client = factories.log_in(Client(), ada, second_factor=False)

    with django_assert_num_queries(3):  # session, user, membership
        client.get(API)


# --- setting one up ---------------------------------------------------------------------------------------------------


def test_setting_up_an_app_counts_as_showing_it(ben: User, monkeypatch: pytest.MonkeyPatch) -> None:
    client = factories.log_in(Client(), ben, second_factor=False)
    secret = client.get("/account/2fa/app/activate/").context["form"].secret
    counter = next(iter(yield_hotp_counters_from_time()))
    before = client.session.session_key

    client.post("/account/2fa/app/activate/", {"code": format_hotp_value(hotp_value(secret, counter))})

    assert client.get(API).status_code == 200
    assert client.session.session_key != before


def test_the_secret_of_an_app_is_not_readable_in_the_database(ben: User) -> None:
    app = factories.authenticator_app(ben)

    assert factories.TOTP_SECRET not in str(app.data)


def test_showing_the_app_once_more_lets_a_session_through(ben: User) -> None:
    factories.authenticator_app(ben)
    client = factories.log_in(Client(), ben, second_factor=False)

    client.post("/account/2fa/reauthenticate/", {"code": current_code()})

    assert client.get(API).status_code == 200


def test_a_used_code_of_an_app_does_not_work_again(ben: User) -> None:
    factories.authenticator_app(ben)
    code = current_code()
    factories.log_in(Client(), ben, second_factor=False).post("/account/2fa/reauthenticate/", {"code": code})
    thief = factories.log_in(Client(), ben, second_factor=False)

    thief.post("/account/2fa/reauthenticate/", {"code": code})

    assert thief.get(API).status_code == 403


def test_a_clinician_logs_in_with_a_mailed_code_and_the_app(ben: User) -> None:
    factories.authenticator_app(ben)
    client = Client()
    client.post("/account/login/", {"login": ben.email})
    mailed = mail.outbox[-1].body.split("\n\n")[1].strip()
    second = client.post("/account/login/code/confirm/", {"code": mailed})
    before = client.session.get("_auth_user_id")

    client.post("/account/2fa/authenticate/", {"code": current_code()})

    assert second.url == "/account/2fa/authenticate/"
    assert before is None
    assert client.session["_auth_user_id"] == str(ben.pk)
    assert client.get(API).status_code == 200


# --- leaving the screen -----------------------------------------------------------------------------------------------


def set_session(client: Client, **values: object) -> None:
    session = client.session
    session.update(values)
    session.save()


def test_a_clinician_who_was_idle_for_too_long_is_signed_out(ben_client: Client) -> None:
    set_session(ben_client, **{SEEN_AT: time.time() - 15 * 60 - 1})

    answer = ben_client.get(PAGE)

    assert (answer.status_code, answer.url) == (302, "/account/login/?next=/clinic/clinical")
    assert "_auth_user_id" not in ben_client.session


def test_the_api_tells_an_idle_clinician_to_sign_in_again(ben_client: Client) -> None:
    set_session(ben_client, **{SEEN_AT: time.time() - 15 * 60 - 1})

    assert ben_client.get(API).status_code == 401


def test_doing_something_keeps_a_clinician_signed_in(ben_client: Client) -> None:
    set_session(ben_client, **{SEEN_AT: time.time() - 14 * 60})

    ben_client.get(PAGE)

    assert ben_client.session[SEEN_AT] > time.time() - 10


def test_a_page_that_asks_by_itself_keeps_nobody_signed_in(ben_client: Client) -> None:
    seen_at = time.time() - 14 * 60
    set_session(ben_client, **{SEEN_AT: seen_at})

    ben_client.get(API, headers={"X-Background": "1"})

    assert ben_client.session[SEEN_AT] == seen_at


def test_a_clinician_signs_in_anew_after_twelve_hours(ben: User, ben_client: Client) -> None:
    long_ago = time.time() - timedelta(hours=12, seconds=1).total_seconds()
    records = ben_client.session[AUTHENTICATION_METHODS_SESSION_KEY]
    set_session(ben_client, **{AUTHENTICATION_METHODS_SESSION_KEY: [{**records[0], "at": long_ago}, records[1]]})

    assert ben_client.get(API).status_code == 401


def test_an_idle_token_ends_too(ben: User) -> None:
    token = factories.session_token(ben)
    client = Client(headers={"X-Session-Token": token})
    client.get(API)
    session = type(client.session)(token)
    session[SEEN_AT] = time.time() - 15 * 60 - 1
    session.save()

    assert client.get(API).status_code == 401
    assert not session.exists(token)


def test_a_patient_s_phone_stays_signed_in(ada_client: Client) -> None:
    set_session(ada_client, **{SEEN_AT: time.time() - 30 * 24 * 3600})

    assert ada_client.get(API).status_code == 200
