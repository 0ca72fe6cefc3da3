"""Where a person is signed in: the list, and signing out one browser or all the others."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from notifications.models import PushSubscription
from selfcare.accounts import devices
from selfcare.accounts.models import Device, User
from tests import factories

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0"
CHROME = "Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 Chrome/126.0.0.0 Mobile Safari/537.36"


def phone(person: User, *, agent: str, push: bool = False) -> tuple[Client, dict[str, Any]]:
    """Return a browser in which the person is signed in, with a token, and what the server gave it."""
    client = factories.log_in(Client(HTTP_USER_AGENT=agent), person, second_factor=False)
    body = {}
    if push:
        count = PushSubscription.objects.count()
        body["push"] = str(
            PushSubscription.objects.create(
                user=person,
                endpoint=f"https://fcm.googleapis.com/{count}",
                p256dh="p",
                auth="a",
                created_at=timezone.now(),
            ).pk
        )
    answer = client.post("/api/v1/device", json.dumps(body), content_type="application/json")
    return client, answer.json()


def signed_in(client: Client) -> bool:
    return bool(client.get("/settings/devices").status_code == 200)


def test_the_list_names_each_browser_in_plain_words_and_says_which_is_this_one(ada: User) -> None:
    here, _ = phone(ada, agent=FIREFOX)
    phone(ada, agent=CHROME, push=True)

    page = here.get("/settings/devices").content.decode()

    assert "Firefox on Linux (this one)" in page
    assert "Chrome on Android" in page
    assert page.count("Gets messages.") == 1
    assert page.index("Firefox") < page.index("Chrome on Android")


def test_signing_out_one_browser_ends_its_session_its_messages_and_its_token(ada: User) -> None:
    here, mine = phone(ada, agent=FIREFOX, push=True)
    there, theirs = phone(ada, agent=CHROME, push=True)

    here.post(f"/settings/devices/{theirs['id']}/sign-out")

    assert not signed_in(there)
    assert signed_in(here)
    assert devices.by_token(theirs["token"], now=timezone.now()) is None
    assert devices.by_token(mine["token"], now=timezone.now()) is not None
    assert PushSubscription.objects.count() == 1


def test_everywhere_else_ends_also_what_the_list_does_not_know(ada: User) -> None:
    here, mine = phone(ada, agent=FIREFOX, push=True)
    there, _ = phone(ada, agent=CHROME, push=True)
    unknown = factories.log_in(Client(), ada, second_factor=False)
    PushSubscription.objects.create(
        user=ada, endpoint="https://fcm.googleapis.com/old", p256dh="p", auth="a", created_at=timezone.now()
    )

    here.post("/settings/devices/sign-out")

    assert [signed_in(one) for one in (here, there, unknown)] == [True, False, False]
    assert [str(one.pk) for one in Device.objects.all()] == [mine["id"]]
    assert PushSubscription.objects.count() == 1


def test_everywhere_else_leaves_other_people_signed_in(ada: User) -> None:
    here, _ = phone(ada, agent=FIREFOX)
    dee = factories.patient(email="dee@example.org", name="Dee")
    other, theirs = phone(dee, agent=CHROME, push=True)

    here.post("/settings/devices/sign-out")

    assert signed_in(other)
    assert devices.by_token(theirs["token"], now=timezone.now()) is not None
    assert PushSubscription.objects.filter(user=dee).count() == 1


def test_a_browser_that_is_signed_out_but_can_still_send_is_on_the_list(ada: User) -> None:
    here, _ = phone(ada, agent=FIREFOX)
    _, theirs = phone(ada, agent=CHROME)
    key = Device.objects.get(pk=theirs["id"]).session_key
    Session.objects.filter(session_key=key).delete()

    page = here.get("/settings/devices").content.decode()

    assert "Signed out." in page
    assert page.count("Can send answers") == 2


def test_this_browser_is_not_signed_out_from_the_list_because_its_phone_would_keep_its_answers(ada: User) -> None:
    here, mine = phone(ada, agent=FIREFOX)

    assert here.post(f"/settings/devices/{mine['id']}/sign-out").status_code == 404
    assert signed_in(here)


def test_the_list_costs_the_same_however_many_browsers(ada: User) -> None:
    here, _ = phone(ada, agent=FIREFOX, push=True)

    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            here.get("/settings/devices")
        return len(queries)

    few = statements()
    for _number in range(5):
        phone(ada, agent=CHROME, push=True)

    assert statements() == few
