"""Hostile push addresses: none is stored, and none is connected to."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from pytest_django import Settings
from urllib3.exceptions import HTTPError

from notifications import addresses
from tests.doubles.push_service import PushService

FRIENDLY = [
    "https://fcm.googleapis.com/fcm/send/dGVzdA:APA91b-_x",
    "https://fcm.googleapis.com:443/fcm/send/abc",
    "https://updates.push.services.mozilla.com/wpush/v2/gAAAAABl",
    "https://web.push.apple.com/QKz-_0",
    "https://wns2-by3p.notify.windows.com/w/?token=BQYAAAD%2b",
]

HOSTILE = [
    # other hosts, and hosts that only look right
    "https://evil.example/push",
    "https://fcm.googleapis.com.evil.example/x",
    "https://evilfcm.googleapis.com/x",
    "https://fcm.googleapis.com./x",
    "https://evilpush.apple.com/x",
    "https://push.apple.com/x",
    "https://.push.apple.com/x",
    "https://a..push.apple.com/x",
    "https://FCM.googleapis.com/x",
    "https://fcm.googleapis.com%2eevil.example/x",
    "https://fcm%2egoogleapis%2ecom/x",
    "https://xn--fcm-googleapis.com/x",
    "https://fcm。googleapis。com/x",
    "https://ⓕcm.googleapis.com/x",
    f"https://{'a' * 64}.push.apple.com/x",
    # user information and separators that parsers read differently
    "https://fcm.googleapis.com@evil.example/x",
    "https://user:pass@fcm.googleapis.com/x",
    "https://evil.example#@fcm.googleapis.com/x",
    "https://evil.example\\@fcm.googleapis.com/x",
    "https://fcm.googleapis.com\\.evil.example/x",
    "https:\\\\fcm.googleapis.com/x",
    "https:///fcm.googleapis.com/x",
    "https:fcm.googleapis.com/x",
    "https://fcm.googleapis.com",
    "https://fcm.googleapis.com?x",
    "https://fcm.googleapis.com#/x",
    "https://fcm.googleapis.com/x#fragment",
    "https://fcm.googleapis.com/x\r\nHost: evil.example",
    "https://fcm.googleapis.com/x y",
    " https://fcm.googleapis.com/x",
    "https://fcm.googleapis.com/x\n",
    "https://fcm.googleapis.com\t/x",
    "https://fcm.googleapis.com\x00.evil.example/x",
    # schemes and ports
    "http://fcm.googleapis.com/x",
    "HTTPS://fcm.googleapis.com/x",
    "ftp://fcm.googleapis.com/x",
    "file:///etc/passwd",
    "gopher://127.0.0.1:6379/_FLUSHALL",
    "javascript:alert(1)",
    "//fcm.googleapis.com/x",
    "https://fcm.googleapis.com:80/x",
    "https://fcm.googleapis.com:6379/x",
    "https://fcm.googleapis.com:0443/x",
    "https://fcm.googleapis.com:/x",
    # this machine and its neighbours, in every spelling
    "https://127.0.0.1/x",
    "https://127.1/x",
    "https://2130706433/x",
    "https://0x7f000001/x",
    "https://0177.0.0.1/x",
    "https://localhost/x",
    "http://localhost:8000/x",
    "https://[::1]/x",
    "https://[::ffff:127.0.0.1]/x",
    "https://169.254.169.254/latest/meta-data/",
    "https://10.0.0.1/x",
    "https://192.168.0.1/x",
    "https://0.0.0.0/x",
    "https://[fe80::1%25eth0]/x",
    "",
    "https://fcm.googleapis.com/" + "x" * 1000,
]


@pytest.mark.parametrize("endpoint", FRIENDLY)
def test_the_known_push_services_are_taken(endpoint: str) -> None:
    assert addresses.check(endpoint)


@pytest.mark.parametrize("endpoint", HOSTILE)
def test_everything_else_is_refused(endpoint: str) -> None:
    with pytest.raises(addresses.AddressRefused):
        addresses.check(endpoint)


def test_loopback_is_taken_only_where_the_settings_say_so(settings: Settings) -> None:
    settings.PUSH_ALLOW_LOOPBACK = True

    assert addresses.check("http://127.0.0.1:8103/push/abc") == "127.0.0.1"


@pytest.mark.parametrize("endpoint", ["http://127.0.0.2/x", "http://10.0.0.1/x", "http://localhost.evil.example/x"])
def test_even_then_nothing_but_this_machine_is_taken(endpoint: str, settings: Settings) -> None:
    settings.PUSH_ALLOW_LOOPBACK = True

    with pytest.raises(addresses.AddressRefused):
        addresses.check(endpoint)


@pytest.mark.parametrize("address", ["142.250.180.10", "2a00:1450:4009:815::200a", "64:ff9b::8efa:b40a"])
def test_addresses_of_the_open_internet_are_public(address: str) -> None:
    assert addresses.is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "192.0.2.1",
        "198.18.0.1",
        "::",
        "::1",
        "fe80::1%eth0",
        "fc00::1",
        "ff02::1",
        "2001:db8::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    ],
)
def test_addresses_of_this_machine_and_its_neighbours_are_not(address: str) -> None:
    assert not addresses.is_public(address)


def resolve_to(monkeypatch: pytest.MonkeyPatch, *answers: list[tuple[str, int]]) -> list[Any]:
    """Let each look-up of any name give the next answer; return the list of look-ups."""
    asked: list[Any] = []
    left = list(answers)

    def look_up(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", place) for place in left.pop(0)]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return asked


def post(endpoint: str) -> int:
    pool = addresses.guarded_pool()
    return int(pool.request("POST", endpoint, body=b"x", timeout=0.3, retries=False, redirect=False).status)


def test_one_private_address_among_public_ones_is_enough_to_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    with PushService() as listener:
        port = int(listener.origin.rpartition(":")[2])
        resolve_to(monkeypatch, [("127.0.0.1", port), ("142.250.180.10", 443)])

        with pytest.raises(HTTPError):
            post("https://fcm.googleapis.com/x")

        assert listener.connections == 0


def test_a_name_is_looked_up_once_and_the_answer_is_what_is_connected_to(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.PUSH_ALLOW_LOOPBACK = True
    with PushService() as listener, PushService() as elsewhere:
        here = int(listener.origin.rpartition(":")[2])
        there = int(elsewhere.origin.rpartition(":")[2])
        # A rebinding name server: a harmless answer first, the target the second time.
        asked = resolve_to(monkeypatch, [("127.0.0.1", here)], [("127.0.0.1", there)])

        post("http://fcm.googleapis.com/x")

        assert len(asked) == 1
        assert (listener.connections, elsewhere.connections) == (1, 0)


def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    settings.PUSH_ALLOW_LOOPBACK = True
    with PushService() as listener, PushService() as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.origin)
        monkeypatch.setenv("http_proxy", proxy.origin)

        post(f"{listener.origin}/x")

        assert (listener.connections, proxy.connections) == (1, 0)
