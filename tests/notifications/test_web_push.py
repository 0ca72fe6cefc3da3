"""Real requests to a real push service on this machine: what it gets, and what its answers mean."""

from __future__ import annotations

import socket
import time
from datetime import timedelta

import pytest
from pytest_django import Settings
from urllib3 import Timeout

from notifications import outbox
from notifications.channels import web_push
from notifications.channels.base import DeliveryError
from notifications.channels.web_push import WebPush
from notifications.models import Kind, Message, Priority, PushSubscription
from notifications.wording import TITLE, WORDS
from selfcare.accounts.models import User
from tests import canary, factories
from tests.doubles.push_service import PushService
from tests.factories import NOW

Status = Message.Status


@pytest.fixture
def subscription(ben: User, push_service: PushService) -> PushSubscription:
    """Return Ben's browser at the push service."""
    return factories.push_subscription(user=ben, browser=push_service.subscribe())


def push(subscription: PushSubscription, **fields: object) -> Message:
    return factories.message(recipient=subscription.user, subscription=subscription, **fields)


def failure(message: Message) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        WebPush().send(message, NOW)
    return caught.value


# --- what is sent ---


def test_a_push_arrives_and_can_be_decrypted(subscription: PushSubscription, push_service: PushService) -> None:
    message = push(subscription)

    sent = outbox.deliver(message.pk, now=NOW)

    (received,) = push_service.received
    message.refresh_from_db()
    subscription.refresh_from_db()
    assert sent
    assert received.content["type"] == "worklist"
    assert (message.status, subscription.last_ok_at is not None) == (Status.SENT, True)


def test_every_payload_has_one_length_and_says_only_what_the_closed_list_says(
    subscription: PushSubscription, push_service: PushService, settings: Settings
) -> None:
    for kind in Kind.values:
        WebPush().send(push(subscription, kind=kind), NOW)

    received = push_service.received
    assert len({len(each.plain) for each in received}) == 1
    assert len({each.encrypted_length for each in received}) == 1
    for each in received:
        kind = each.content["type"]
        notification = each.content["notification"]
        assert set(each.content) == {"web_push", "notification", "type"}
        assert set(notification) == {"title", "body", "navigate", "tag"}
        assert (notification["title"], notification["body"]) == (TITLE, str(WORDS[kind].push))
        assert notification["navigate"] == settings.SITE_URL + WORDS[kind].path


def test_a_push_is_also_a_declarative_one(subscription: PushSubscription, push_service: PushService) -> None:
    WebPush().send(push(subscription), NOW)

    assert push_service.received[0].content["web_push"] == 8030


def test_a_push_knows_nothing_of_the_patient(
    ada: User, subscription: PushSubscription, push_service: PushService
) -> None:
    WebPush().send(push(subscription, cause=f"alert:{ada.pk}", key=f"alert:{ada.pk}:worklist"), NOW)

    (received,) = push_service.received
    everything = received.plain.decode() + repr(received.headers)
    assert not canary.found_in(everything)
    for secret in (str(ada.pk), ada.email, ada.name, subscription.user.email):
        assert secret not in everything


def test_the_topic_and_the_tag_are_the_same_at_each_attempt(
    subscription: PushSubscription, push_service: PushService
) -> None:
    message = push(subscription)

    WebPush().send(message, NOW)
    WebPush().send(message, NOW)
    WebPush().send(push(subscription), NOW)

    topics = [each.headers["Topic"] for each in push_service.received]
    tags = [each.content["notification"]["tag"] for each in push_service.received]
    assert topics == tags
    assert topics[0] == topics[1] != topics[2]
    assert len(topics[0]) == 32


@pytest.mark.parametrize(
    ("kind", "priority", "ttl", "urgency"),
    [
        (Kind.WORKLIST, Priority.RED_FLAG, "86400", "high"),
        (Kind.ESCALATION, Priority.WORKLIST, "86400", "high"),
        (Kind.CHECK_IN, Priority.REMINDER, "7200", "normal"),
    ],
)
def test_a_red_flag_is_kept_for_a_day_and_a_reminder_for_two_hours(
    kind: str, priority: int, ttl: str, urgency: str, subscription: PushSubscription, push_service: PushService
) -> None:
    WebPush().send(push(subscription, kind=kind, priority=priority), NOW)

    headers = push_service.received[0].headers
    assert (headers["TTL"], headers["Urgency"]) == (ttl, urgency)


def test_a_push_service_keeps_nothing_longer_than_it_is_of_use(
    subscription: PushSubscription, push_service: PushService
) -> None:
    WebPush().send(push(subscription, expires_at=NOW + timedelta(minutes=20)), NOW)

    assert push_service.received[0].headers["TTL"] == "1200"


def test_requests_are_signed_with_our_key(subscription: PushSubscription, push_service: PushService) -> None:
    WebPush().send(push(subscription), NOW)

    authorization = push_service.received[0].headers["Authorization"]
    assert authorization.startswith("vapid t=")
    assert authorization.endswith(f"k={web_push.public_key()}")


def test_connections_are_used_again(subscription: PushSubscription, push_service: PushService) -> None:
    for _ in range(5):
        WebPush().send(push(subscription), NOW)

    assert push_service.connections == 1


# --- what the answers mean ---


@pytest.mark.parametrize("status", [404, 410])
def test_gone_is_gone(status: int, subscription: PushSubscription, push_service: PushService) -> None:
    push_service.answer(status)
    message = push(subscription)

    outbox.deliver(message.pk, now=NOW)

    subscription.refresh_from_db()
    message.refresh_from_db()
    assert subscription.gone_at is not None
    assert (message.status, message.last_error) == (Status.FAILED, "gone")


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_key_is_our_fault_and_switches_nothing_off(
    status: int, subscription: PushSubscription, push_service: PushService
) -> None:
    push_service.answer(status)
    message = push(subscription)

    outbox.deliver(message.pk, now=NOW)

    subscription.refresh_from_db()
    message.refresh_from_db()
    assert subscription.gone_at is None
    assert (message.status, message.last_error) == (Status.DUE, "vapid")


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503])
def test_a_push_service_in_trouble_is_asked_again(
    status: int, subscription: PushSubscription, push_service: PushService
) -> None:
    push_service.answer(status)

    assert not failure(push(subscription)).permanent


@pytest.mark.parametrize("status", [400, 405, 413])
def test_a_request_that_can_never_work_is_not_repeated(
    status: int, subscription: PushSubscription, push_service: PushService
) -> None:
    push_service.answer(status)

    error = failure(push(subscription))

    assert (error.permanent, error.code) == (True, f"http_{status}")


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7),
        ("0", 0),
        ("999999999", 3600),
        ("Mon, 02 Mar 2026 18:31:00 GMT", 60),
        ("Mon, 02 Mar 2026 18:00:00 GMT", 0),
    ],
)
def test_retry_after_is_read_in_both_forms(
    header: str, seconds: int, subscription: PushSubscription, push_service: PushService
) -> None:
    push_service.answer(429, Retry_After=header)

    assert failure(push(subscription)).retry_after == timedelta(seconds=seconds)


def test_a_retry_after_that_makes_no_sense_is_ignored(
    subscription: PushSubscription, push_service: PushService
) -> None:
    push_service.answer(429, Retry_After="soon")

    assert failure(push(subscription)).retry_after is None


def test_no_attempt_is_made_before_retry_after_has_passed(
    subscription: PushSubscription, push_service: PushService
) -> None:
    push_service.answer(429, Retry_After="300")
    message = push(subscription)
    outbox.deliver(message.pk, now=NOW)

    outbox.deliver_due(now=NOW + timedelta(seconds=299))

    assert len(push_service.received) == 1


def test_a_redirect_is_not_followed(subscription: PushSubscription, push_service: PushService) -> None:
    with PushService() as canary_listener:
        push_service.answer(302, Location=f"{canary_listener.origin}/metadata")

        error = failure(push(subscription))

        assert (error.permanent, error.code) == (True, "http_302")
        assert canary_listener.connections == 0


def test_a_push_service_that_hangs_is_left_after_a_while(
    subscription: PushSubscription, push_service: PushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_push, "TIMEOUT", Timeout(connect=0.2, read=0.2))
    push_service.hang()
    started = time.monotonic()

    error = failure(push(subscription))

    assert (error.permanent, error.code) == (False, "host_unreachable")
    assert time.monotonic() - started < 10


def test_the_time_outs_are_those_that_the_lease_allows_for() -> None:
    together = web_push.TIMEOUT.connect_timeout + web_push.TIMEOUT.read_timeout

    assert together == 8
    assert outbox.PUSH_LEASE.total_seconds() > 2 * together


def test_a_dead_host_is_left_alone_after_five_failures(ben: User, settings: Settings) -> None:
    settings.PUSH_ALLOW_LOOPBACK = True
    with PushService() as service:
        browser = service.subscribe()
    subscription = factories.push_subscription(user=ben, browser=browser)

    codes = [failure(push(subscription)).code for _ in range(7)]

    assert codes == ["host_unreachable"] * 5 + ["host_paused"] * 2


def test_a_name_that_resolves_to_a_private_address_is_not_connected_to(
    ben: User, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    with PushService() as listener:
        port = int(listener.origin.rpartition(":")[2])
        monkeypatch.setattr(
            socket,
            "getaddrinfo",
            lambda *_, **__: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))],
        )
        subscription = factories.push_subscription(user=ben, browser=listener.subscribe())
        subscription.endpoint = "https://fcm.googleapis.com/fcm/send/abc"
        subscription.save(update_fields=["endpoint"])

        error = failure(push(subscription))

        assert (error.permanent, error.code) == (False, "host_unreachable")
        assert listener.connections == 0


def test_the_address_is_checked_again_at_the_moment_of_sending(
    subscription: PushSubscription, push_service: PushService, settings: Settings
) -> None:
    settings.PUSH_ALLOW_LOOPBACK = False

    error = failure(push(subscription))

    assert (error.permanent, error.code) == (True, "address")
    assert push_service.connections == 0


@pytest.mark.parametrize(
    ("p256dh", "auth"),
    [
        ("", ""),
        ("AAAA", "AAAA"),
        ("B" + "A" * 86, "A" * 22),
        ("not base64url!", "A" * 22),
        ("+" * 87, "A" * 22),
    ],
)
def test_keys_that_nothing_can_be_encrypted_for_are_noticed(p256dh: str, auth: str) -> None:
    assert not web_push.keys_fit(p256dh=p256dh, auth=auth)


def test_the_keys_of_a_browser_fit(push_service: PushService) -> None:
    browser = push_service.subscribe()

    assert web_push.keys_fit(p256dh=browser.p256dh, auth=browser.auth)


def test_logs_tell_ids_and_codes_only(
    ada: User, subscription: PushSubscription, push_service: PushService, caplog: pytest.LogCaptureFixture
) -> None:
    push_service.answer(500)
    message = push(subscription)

    with caplog.at_level("DEBUG"):  # LOG_LEVEL=DEBUG
        outbox.deliver(message.pk, now=NOW)

    ours = "\n".join(each.getMessage() for each in caplog.records if each.name.startswith("notifications"))
    assert ours == f"message {message.pk} attempt 1: http_500"
    assert ada.email not in caplog.text
    assert subscription.user.email not in caplog.text
    assert subscription.endpoint.rpartition("/")[2] not in caplog.text
