"""The API of push subscriptions and reminders, as a browser and as somebody hostile would use it."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from notifications import subscriptions
from notifications.channels import web_push
from notifications.models import Kind, Message, PushSubscription, Reminder
from selfcare.accounts.models import User
from tests import factories
from tests.doubles.push_service import PushService
from tests.factories import NOW

SUBSCRIPTIONS = "/api/v1/push-subscriptions"
REMINDER = "/api/v1/reminder"
SOME_ID = "6a8f2b52-54bb-4d0f-9a1c-0f6f3d1c9d11"


def as_(person: User) -> Client:
    return factories.log_in(Client(), person)


def post(person: User, body: Any) -> Any:
    return as_(person).post(SUBSCRIPTIONS, body, content_type="application/json")


def put(person: User, **body: Any) -> Any:
    return as_(person).put(REMINDER, body, content_type="application/json")


# --- push subscriptions ---


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", SUBSCRIPTIONS),
        ("post", SUBSCRIPTIONS),
        ("post", f"{SUBSCRIPTIONS}/test"),
        ("get", f"{SUBSCRIPTIONS}/{SOME_ID}"),
        ("delete", f"{SUBSCRIPTIONS}/{SOME_ID}"),
        ("get", "/api/v1/push-key"),
        ("get", REMINDER),
        ("put", REMINDER),
    ],
)
def test_nothing_is_given_without_log_in(method: str, path: str, db: None) -> None:
    assert getattr(Client(), method)(path).status_code in {401, 403}


def test_a_forged_form_is_refused(ada: User, push_service: PushService) -> None:
    client = factories.log_in(Client(enforce_csrf_checks=True), ada)

    answer = client.post(SUBSCRIPTIONS, push_service.subscribe().as_json(), content_type="application/json")

    assert answer.status_code == 403
    assert not PushSubscription.objects.exists()


def test_the_key_is_the_one_we_sign_with(ada: User) -> None:
    answer = as_(ada).get("/api/v1/push-key")

    assert answer.json() == {"public_key": web_push.public_key()}
    assert len(answer.json()["public_key"]) == 87


def test_a_browser_is_kept(ada: User, push_service: PushService) -> None:
    browser = push_service.subscribe()

    answer = post(ada, browser.as_json())

    kept = PushSubscription.objects.get()
    assert answer.status_code == 201
    assert (kept.user, kept.endpoint) == (ada, browser.endpoint)
    assert (answer.json()["id"], answer.json()["alive"]) == (str(kept.pk), True)


def test_the_address_is_a_secret_and_not_given_back(ada: User, push_service: PushService) -> None:
    browser = push_service.subscribe()

    answers = [post(ada, browser.as_json()), as_(ada).get(SUBSCRIPTIONS)]

    for answer in answers:
        assert browser.token not in answer.content.decode()
        assert browser.auth not in answer.content.decode()


def test_the_same_browser_again_changes_nothing(ada: User, push_service: PushService) -> None:
    browser = push_service.subscribe()
    first = post(ada, browser.as_json())

    second = post(ada, browser.as_json())

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["id"] == second.json()["id"]


def test_a_browser_that_was_dropped_can_see_so_and_is_revived(ada: User, push_service: PushService) -> None:
    browser = push_service.subscribe()
    subscription = factories.push_subscription(user=ada, browser=browser, gone_at=NOW)
    seen = as_(ada).get(f"{SUBSCRIPTIONS}/{subscription.pk}").json()

    again = post(ada, browser.as_json())

    assert seen["alive"] is False
    assert (again.status_code, again.json()["alive"]) == (200, True)


def test_a_browser_that_changed_hands_shows_nothing_of_the_person_before(
    ada: User, cy: User, push_service: PushService
) -> None:
    browser = push_service.subscribe()
    subscription = factories.push_subscription(user=ada, browser=browser)
    waiting = factories.message(recipient=ada, subscription=subscription, kind=Kind.FOLLOW_UP)

    answer = post(cy, browser.as_json())

    waiting.refresh_from_db()
    assert answer.status_code == 200
    assert PushSubscription.objects.get().user == cy
    assert waiting.status == Message.Status.CANCELLED


def test_the_oldest_browser_makes_room(ada: User, push_service: PushService) -> None:
    for _ in range(subscriptions.MOST_PER_USER):
        factories.push_subscription(user=ada, browser=push_service.subscribe())

    answer = post(ada, push_service.subscribe().as_json())

    kept = set(PushSubscription.objects.values_list("pk", flat=True))
    assert len(kept) == subscriptions.MOST_PER_USER
    assert uuid.UUID(answer.json()["id"]) in kept


def test_forgetting_a_browser_takes_back_what_was_to_go_there(ada: User, push_service: PushService) -> None:
    subscription = factories.push_subscription(user=ada, browser=push_service.subscribe())
    waiting = factories.message(recipient=ada, subscription=subscription)

    answer = as_(ada).delete(f"{SUBSCRIPTIONS}/{subscription.pk}")

    waiting.refresh_from_db()
    assert answer.status_code == 204
    assert not PushSubscription.objects.exists()
    assert waiting.status == Message.Status.CANCELLED


@pytest.mark.parametrize("method", ["get", "delete"])
def test_somebody_elses_browser_is_as_unknown_as_none(
    method: str, ada: User, cy: User, push_service: PushService
) -> None:
    subscription = factories.push_subscription(user=ada, browser=push_service.subscribe())

    foreign = getattr(as_(cy), method)(f"{SUBSCRIPTIONS}/{subscription.pk}")
    missing = getattr(as_(cy), method)(f"{SUBSCRIPTIONS}/{uuid.uuid4()}")

    assert (foreign.status_code, foreign.content) == (404, missing.content)
    assert PushSubscription.objects.filter(pk=subscription.pk).exists()


def test_the_list_holds_ones_own_browsers_only(ada: User, cy: User, push_service: PushService) -> None:
    factories.push_subscription(user=ada, browser=push_service.subscribe())

    assert as_(cy).get(SUBSCRIPTIONS).json() == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"endpoint": "https://169.254.169.254/latest"}, "endpoint"),
        ({"endpoint": "https://evil.example/push"}, "endpoint"),
        ({"endpoint": 7}, "endpoint"),
        ({"endpoint": ""}, "endpoint"),
        ({"keys": {"p256dh": "AAAA", "auth": "AAAA"}}, "keys"),
        ({"keys": {"p256dh": "AAAA"}}, "keys"),
        ({"keys": []}, "keys"),
        ({"user": "1"}, "user"),
        ({"gone_at": None}, "gone_at"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(
    change: dict[str, Any], field: str, ada: User, push_service: PushService
) -> None:
    answer = post(ada, push_service.subscribe().as_json() | change)

    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == [field]
    assert answer.json()["detail"].endswith(".")
    assert not PushSubscription.objects.exists()


@pytest.mark.parametrize("body", ["[]", '"x"', "7", "null", "{", ""])
def test_a_body_that_is_no_object_is_refused(body: str, ada: User) -> None:
    answer = as_(ada).post(SUBSCRIPTIONS, body, content_type="application/json")

    assert answer.status_code == 400
    assert isinstance(answer.json()["detail"], str)


def test_loopback_is_refused_in_production(ada: User, push_service: PushService, settings: Settings) -> None:
    settings.PUSH_ALLOW_LOOPBACK = False

    assert post(ada, push_service.subscribe().as_json()).status_code == 400


def test_a_test_message_goes_to_each_browser_once_a_minute(
    ada: User, push_service: PushService, time_machine: Any
) -> None:
    time_machine.move_to(NOW, tick=False)
    factories.push_subscription(user=ada, browser=push_service.subscribe())

    answers = [as_(ada).post(f"{SUBSCRIPTIONS}/test") for _ in range(3)]

    assert [(answer.status_code, answer.json()) for answer in answers] == [(202, {"queued": 1})] * 3
    assert Message.objects.get().kind == Kind.TEST


def test_without_a_browser_there_is_nothing_to_test(ada: User) -> None:
    answer = as_(ada).post(f"{SUBSCRIPTIONS}/test")

    assert answer.status_code == 409
    assert "Switch notifications on" in answer.json()["detail"]


# --- the reminder ---


def test_a_reminder_is_set_and_read_back(ada: User, time_machine: Any) -> None:
    time_machine.move_to(NOW, tick=False)

    answer = put(ada, local_time="20:00", time_zone="Europe/London", days="12345")

    expected = {
        "enabled": True,
        "local_time": "20:00",
        "days": "12345",
        "every_days": 1,
        "paused_until": None,
        "time_zone": "Europe/London",
        "by_push": True,
        "by_email": True,
        "quiet_from": None,
        "quiet_until": None,
        "next_at": "2026-03-02T20:00:00Z",
    }
    assert (answer.status_code, answer.json()) == (200, expected)
    assert as_(ada).get(REMINDER).json() == expected


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("every_days", 3, "Choose every day, every other day or once a week."),
        ("paused_until", "2099-01-01", "Pause reminders for at most a month, or switch them off."),
        ("paused_until", "soon", "Enter a date such as 2026-03-29."),
    ],
)
def test_a_pace_or_a_pause_that_is_not_offered_is_told(ada: User, field: str, value: Any, sentence: str) -> None:
    answer = put(ada, local_time="20:00", time_zone="Europe/London", **{field: value})

    assert answer.status_code == 400
    assert answer.json()["fields"] == {field: sentence}


def test_before_anything_is_set_the_reminder_is_off_with_a_proposed_time(ada: User) -> None:
    answer = as_(ada).get(REMINDER).json()

    assert (answer["enabled"], answer["local_time"], answer["next_at"]) == (False, "19:30", None)


def test_everybody_has_a_reminder_of_their_own(ada: User, cy: User) -> None:
    put(ada, local_time="20:00", time_zone="Europe/London")

    assert as_(cy).get(REMINDER).json()["enabled"] is False
    put(cy, local_time="08:00", time_zone="Europe/Zurich")
    assert Reminder.objects.get(user=ada).time_zone == "Europe/London"


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"local_time": "25:00"}, "local_time", "Enter a time such as 19:30."),
        ({"local_time": None}, "local_time", None),
        ({"time_zone": "Mars/Olympus"}, "time_zone", "Choose your time zone from the list."),
        ({"time_zone": "../../etc/passwd"}, "time_zone", "Choose your time zone from the list."),
        ({"days": ""}, "days", "Choose at least one day of the week."),
        ({"days": "9"}, "days", "Choose at least one day of the week."),
        ({"enabled": "perhaps"}, "enabled", "Send true or false."),
        ({"user": 1}, "user", "This field is not known here. Leave it out."),
        ({"next_at": "2026-01-01T00:00:00Z"}, "next_at", "This field is not known here. Leave it out."),
    ],
)
def test_a_reminder_that_cannot_be_kept_is_refused_with_a_sentence(
    change: dict[str, Any], field: str, sentence: str | None, ada: User
) -> None:
    answer = put(ada, **({"local_time": "19:30", "time_zone": "Europe/London"} | change))

    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == [field]
    assert sentence in {None, answer.json()["fields"][field]}
    assert not Reminder.objects.exists()
