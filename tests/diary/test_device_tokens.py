"""The token of a device: it hands in entries and sessions of its person, and it reads nothing."""

from __future__ import annotations

import json
import uuid
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session as BrowserSession
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from exercises.models import Session
from notifications.models import Message, PushSubscription
from selfcare.accounts import authentication, browsers, devices
from selfcare.accounts.models import Device, User
from selfcare.diary.models import Entry, Episode
from selfcare.triage.models import Alert
from tests import factories
from tests.access import matrix, table
from tests.access.world import World, build
from tests.diary.phone import NOW, SADDLE, TODAY, body, put

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("evening")]

AGENT = (
    "Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36"
)
MAY_HAND_IN = {
    ("PUT", "api/v1/entries/<uuid:entry_id>"),
    ("PUT", "api/v1/exercises/sessions/<uuid:session_id>"),
    ("PUT", "api/v1/exercises/sessions/<uuid:session_id>/hour-after"),
}

# Holds nothing of anybody and asks nobody who they are.
FOR_EVERYBODY = {"api/v1/catalogue"}


def token_of(client: Client, **asked: Any) -> dict[str, Any]:
    """Return what the server gives a phone that is signed in: the device's id and its token."""
    answer = client.post("/api/v1/device", json.dumps(asked), content_type="application/json", HTTP_USER_AGENT=AGENT)
    assert answer.status_code == 201, answer.content
    return dict(answer.json())


def shown(token: str) -> dict[str, Any]:
    """Return the header in which a phone shows the token."""
    return {"headers": {"Authorization": f"Device {token}"}}


@pytest.fixture
def token(ada: User, episode: Episode, ada_client: Client) -> str:
    """Return the token of Ada's phone, whose session has ended since."""
    given = token_of(ada_client)["token"]
    BrowserSession.objects.all().delete()
    return str(given)


def test_an_entry_arrives_after_the_session_has_ended_and_raises_its_alert(
    ada: User, ben: User, token: str, client: Client
) -> None:
    answer = put(client, body(observations=SADDLE), **shown(token))

    assert answer.status_code == 201
    assert Entry.objects.get().patient == ada
    assert Alert.objects.get().tier == "emergency"
    assert Message.objects.filter(recipient=ben).exists()


def test_the_answer_says_no_more_than_that_it_is_stored(token: str, client: Client) -> None:
    entry_id = uuid.uuid4()

    answer = put(client, body(observations=SADDLE), entry_id=entry_id, **shown(token))
    again = put(client, body(observations=SADDLE), entry_id=entry_id, **shown(token))

    assert answer.json() == again.json() == {"id": str(entry_id), "stored": True}
    assert again.status_code == 200


def test_an_id_that_is_taken_is_told_alike_whoever_has_it(token: str, client: Client, episode: Episode) -> None:
    own = factories.entry(episode=episode, on=TODAY, observations={"pain_avg": 3})
    dee = factories.patient(email="dee@example.org", name="Dee")
    foreign = factories.entry(episode=factories.episode(patient=dee), on=TODAY, observations={"pain_avg": 3})

    answers = [put(client, body(), entry_id=one.pk, **shown(token)) for one in (own, foreign)]

    assert [answer.status_code for answer in answers] == [409, 409]
    assert answers[0].content == answers[1].content


def test_a_session_and_the_hour_after_it_are_taken_and_told_nothing_about(
    ada: User, token: str, client: Client
) -> None:
    factories.programme(patient=ada, as_of=date(2026, 3, 2))
    address = f"/api/v1/exercises/sessions/{uuid.uuid4()}"

    session = client.put(address, json.dumps(table.EXERCISE_SESSION), content_type="application/json", **shown(token))
    hour = client.put(f"{address}/hour-after", json.dumps({"pain": 2}), content_type="application/json", **shown(token))

    assert [set(answer.json()) for answer in (session, hour)] == [{"id", "stored"}] * 2
    assert [result.hour_after for result in Session.objects.get().results.all()] == [2]


def test_an_hour_after_of_nobody_is_told_like_one_of_somebody_else(token: str, client: Client) -> None:
    dee = factories.patient(email="dee@example.org", name="Dee")
    factories.programme(patient=dee)
    foreign = factories.exercise_session(patient=dee, on=TODAY, results=[{"exercise": "EX-05"}]).session

    answers = [
        client.put(
            f"/api/v1/exercises/sessions/{one}/hour-after",
            '{"pain": 2}',
            content_type="application/json",
            **shown(token),
        )
        for one in (foreign.pk, uuid.uuid4())
    ]

    assert [answer.status_code for answer in answers] == [409, 409]
    assert answers[0].content == answers[1].content


def test_every_other_address_and_method_refuses_the_token_even_beside_a_session() -> None:
    world, given = _with_token()

    wrong = []
    for route in sorted(set(matrix.every_route())):
        if not route.startswith("api/v1/") or route in FOR_EVERYBODY:
            continue
        for method in matrix.METHODS:
            sent = json.dumps(table.TABLE[route].body or {})
            for role in (matrix.ANONYMOUS, matrix.PATIENT):
                answer = world.ask(role, method, world.address(route, missing=False), data=sent, **shown(given))
                refused = answer.status_code in {401, 405}
                if refused == ((method, route) in MAY_HAND_IN):
                    wrong.append(f"{method} /{route} as {matrix.ROLES[role]}: {answer.status_code}")

    assert wrong == []


def test_pages_take_no_notice_of_the_token() -> None:
    world, given = _with_token()

    differs = []
    for route in sorted(set(matrix.every_route())):
        if route.startswith(("api/", "_allauth")):
            continue
        for method in ("GET", "POST"):
            address = world.address(route, missing=False)
            strangers = world.ask(matrix.ANONYMOUS, method, address)
            with_token = world.ask(matrix.ANONYMOUS, method, address, **shown(given))
            if (with_token.status_code, with_token.get("Location")) != (
                strangers.status_code,
                strangers.get("Location"),
            ):
                differs.append(f"{method} /{route}")

    assert differs == []


def _with_token() -> tuple[World, str]:
    world = build()
    client = Client()
    client.cookies.load({name: one.value for name, one in world.clients[matrix.PATIENT].cookies.items()})
    return world, str(token_of(client)["token"])


def test_no_body_that_a_token_gets_holds_what_is_in_the_diary(token: str, client: Client, ada: User) -> None:
    answers = [
        put(client, content, entry_id=uuid.UUID(int=5), **shown(token))
        for content in (body(observations=SADDLE), body(), body(observations={"pain_avg": 99}), b"no")
    ]

    said = " ".join(answer.content.decode() for answer in answers)
    assert [answer.status_code for answer in answers] == [201, 409, 400, 400]
    assert not any(word in said for word in ("emergency", "RF-", "tier", "alert", ada.name, ada.email))


def test_an_entry_by_token_is_refused_when_it_is_meant_for_somebody_else(token: str, client: Client) -> None:
    headers = {"Authorization": f"Device {token}", "X-Person": str(uuid.uuid4())}

    answer = put(client, body(), headers=headers)

    assert answer.status_code == 409
    assert not Entry.objects.exists()


def test_a_cookie_of_somebody_else_changes_nothing_about_whose_entry_it_is(ada: User, token: str) -> None:
    dee = factories.patient(email="dee@example.org", name="Dee")

    put(factories.log_in(Client(), dee, second_factor=False), body(), **shown(token))

    assert Entry.objects.get().patient == ada


@pytest.mark.parametrize("made_up", ["", "x", "Device", "0" * 43])
def test_a_token_that_nobody_has_is_refused_and_stores_nothing(token: str, client: Client, made_up: str) -> None:
    answer = put(client, body(), **shown(made_up))

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Device"
    assert not Entry.objects.exists()


def test_a_token_lapses_after_180_days_without_use(
    token: str, client: Client, evening: time_machine.Coordinates
) -> None:
    evening.move_to(NOW + timedelta(days=180))
    assert put(client, body(), **shown(token)).status_code == 201
    evening.move_to(NOW + timedelta(days=359))
    assert put(client, body(), **shown(token)).status_code == 201
    evening.move_to(NOW + timedelta(days=359 + 181))

    assert put(client, body(), **shown(token)).status_code == 401


def test_a_token_ends_when_the_person_is_switched_off(ada: User, token: str, client: Client) -> None:
    User.objects.filter(pk=ada.pk).update(is_active=False)

    assert put(client, body(), **shown(token)).status_code == 401


def test_signing_out_ends_the_token_and_the_messages_of_that_browser(
    ada: User,
    episode: Episode,
    ada_client: Client,
    client: Client,
) -> None:
    push = PushSubscription.objects.create(
        user=ada, endpoint="https://fcm.googleapis.com/push/1", p256dh="p", auth="a", created_at=NOW
    )
    given = token_of(ada_client, push=str(push.pk))["token"]

    ada_client.post("/sign-out")

    assert put(client, body(), **shown(given)).status_code == 401
    assert not Device.objects.exists()
    assert not PushSubscription.objects.exists()


def test_a_session_that_is_locked_ends_alone_because_the_phone_keeps_what_waits(
    ada: User, episode: Episode, ada_client: Client, client: Client
) -> None:
    given = token_of(ada_client)["token"]

    ada_client.post("/account/logout/")

    assert put(client, body(), **shown(given)).status_code == 201


def test_a_new_token_of_the_same_phone_takes_the_place_of_the_old_one(ada: User, episode: Episode) -> None:
    first = token_of(factories.log_in(Client(), ada, second_factor=False))
    second = token_of(factories.log_in(Client(), ada, second_factor=False), replaces=first["id"])

    assert put(Client(), body(), **shown(first["token"])).status_code == 401
    assert put(Client(), body(), **shown(second["token"])).status_code == 201


def test_nobody_can_end_the_token_of_somebody_else_by_replacing_it(token: str, ada: User) -> None:
    dee = factories.patient(email="dee@example.org", name="Dee")
    theirs = Device.objects.get(user=ada)

    token_of(factories.log_in(Client(), dee, second_factor=False), replaces=str(theirs.pk))

    assert put(Client(), body(), **shown(token)).status_code == 201


def test_a_clinician_gets_no_token(ben_client: Client) -> None:
    assert ben_client.post("/api/v1/device", "{}", content_type="application/json").status_code == 403


def test_the_database_keeps_the_fingerprint_of_a_token_alone(ada_client: Client) -> None:
    given = token_of(ada_client)["token"]

    kept = Device.objects.values().get()

    assert len(given) >= 43
    assert given not in str(kept)


def test_a_flood_of_requests_with_one_token_is_slowed_down(token: str, client: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(authentication, "MOST_IN_WINDOW", 3)

    answers = [put(client, body(), **shown(token)) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [201, 201, 201, 429]
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_an_ordinary_entry_by_token_costs_no_more_than_one_by_session(token: str, client: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert put(client, body(), **shown(token)).status_code == 201

    words = [query["sql"].split()[0] for query in queries]
    counted = [word for word in words if word in {"SELECT", "INSERT", "UPDATE", "DELETE"}]
    # Who holds the token; then profile, episode, entry, window, assessment, reminder.
    assert counted == ["SELECT"] * 3 + ["INSERT", "SELECT", "INSERT", "SELECT"]


def test_the_context_names_the_device_only_while_it_has_a_token(ada: User, episode: Episode) -> None:
    client = factories.log_in(Client(), ada, second_factor=False)
    before = client.get("/check-in/context").json()["device"]
    given = token_of(client)

    assert before is None
    assert client.get("/check-in/context").json()["device"] == {"id": given["id"], "push": None}


def test_signing_in_puts_a_browser_on_the_list_and_takes_dead_ones_off(ada: User, client: Client) -> None:
    dead = Device.objects.create(user=ada, label="Old", session_key="gone", created_at=NOW, last_used_at=NOW)
    client.get("/account/login/", HTTP_USER_AGENT=AGENT)

    session = factories.log_in(client, ada, second_factor=False).session
    devices.signed_in(ada, session_key=session.session_key, user_agent=AGENT, now=NOW)

    assert [device.label for device in Device.objects.all()] == ["Chrome on Android"]
    assert dead.label not in Device.objects.values_list("label", flat=True)


@pytest.mark.parametrize(
    ("agent", "label"),
    [
        (AGENT, "Chrome on Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0", "Firefox on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/126.0 Safari/537.36 Edg/126.0", "Edge on Windows"),
        ("<script>alert(1)</script>", "A browser or app"),
        ("", "A browser or app"),
    ],
)
def test_a_browser_is_called_by_plain_words_and_never_by_what_it_sends(agent: str, label: str) -> None:
    assert browsers.label_of(agent) == label
