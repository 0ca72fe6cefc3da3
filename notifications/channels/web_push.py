"""Web push: an encrypted envelope of constant size that says which kind of message waits, and nothing else."""

from __future__ import annotations

import base64
import binascii
import json
import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.utils.crypto import salted_hmac
from py_vapid import Vapid
from pywebpush import WebPusher, WebPushException
from urllib3 import HTTPResponse, Timeout
from urllib3.exceptions import HTTPError

from notifications import addresses, languages
from notifications.breaker import Breaker
from notifications.channels.base import DeliveryError
from notifications.models import Kind, Message, Priority
from notifications.wording import TITLE, WORDS

TIMEOUT = Timeout(connect=3.0, read=5.0)
# A host that does not answer must not keep the messages to all others waiting.
HOST_PAUSE_SECONDS = 30.0
VAPID_LIFETIME = timedelta(hours=12)
LONGEST_RETRY_AFTER = timedelta(hours=1)
_STEP = 256
_BASE64URL = re.compile(r"[A-Za-z0-9_-]{1,120}={0,2}")
_pool = addresses.guarded_pool()


class WebPush:
    """Sends to the push service of a browser."""

    def send(self, message: Message, now: datetime) -> None:
        """Return when the push service has taken the message, or raise DeliveryError."""
        subscription = message.subscription
        if subscription is None or subscription.gone_at is not None:
            raise DeliveryError("gone", permanent=True)
        try:
            host = addresses.check(subscription.endpoint)
        except addresses.AddressRefused as error:
            raise DeliveryError("address", permanent=True) from error
        breaker = breaker_of(host)
        if not breaker.allows():
            raise DeliveryError("host_paused", permanent=False, retry_after=timedelta(seconds=breaker.pause))
        body = _encrypt(subscription.p256dh, subscription.auth, payload(message))
        try:
            response = _post(subscription.endpoint, body, _headers(message, subscription.endpoint, now))
        except (HTTPError, OSError) as error:
            breaker.failed()
            raise DeliveryError("host_unreachable", permanent=False) from error
        breaker.succeeded()
        _translate(response, now)


@lru_cache(maxsize=256)
def breaker_of(host: str) -> Breaker:
    """Return the breaker of one push host, so that a dead one does not delay the others."""
    return Breaker(failures=5, pause=HOST_PAUSE_SECONDS)


def payload(message: Message) -> bytes:
    """Return the envelope's content: the type, and the same as a Declarative Web Push with words of the closed list.

    It has the same length for every kind, so that its size tells nothing either.
    """
    with languages.of(message.recipient):
        return _padded(message.kind, topic(message))


def _padded(kind: str, tag: str) -> bytes:
    length = max(len(_content(each, tag)) for each in Kind.values)
    return _content(kind, tag).ljust(-(-length // _STEP) * _STEP)


def _content(kind: str, tag: str) -> bytes:
    words = WORDS[kind]
    notification = {
        "title": TITLE,
        "body": str(words.push),
        "navigate": f"{settings.SITE_URL}{words.path}",
        "tag": tag,
    }
    return json.dumps({"web_push": 8030, "notification": notification, "type": kind}).encode("ascii")


def topic(message: Message) -> str:
    """Return 32 URL-safe characters, the same at each attempt: the push service keeps one, the phone shows one."""
    digest = salted_hmac("notifications.topic", message.key, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest[:24]).decode("ascii")


def public_key() -> str:
    """Return our VAPID public key as a browser wants it: the uncompressed point in base64url without padding."""
    point = _vapid(settings.VAPID_PRIVATE_KEY_FILE).public_key.public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode("ascii")


@lru_cache(maxsize=4)
def _vapid(path: Path) -> Vapid:
    return Vapid.from_pem(Path(path).read_bytes())


def keys_fit(*, p256dh: str, auth: str) -> bool:
    """Return whether these are the keys of a subscription: a point on P-256 and 16 bytes, both in base64url."""
    try:
        point, secret = _decode(p256dh), _decode(auth)
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except (binascii.Error, ValueError):
        return False
    return len(point) == 65 and len(secret) == 16


def _decode(text: str) -> bytes:
    if not _BASE64URL.fullmatch(text):
        raise ValueError(text)
    plain = text.rstrip("=").encode("ascii")
    return base64.b64decode(plain + b"=" * (-len(plain) % 4), altchars=b"-_", validate=True)


def _encrypt(p256dh: str, auth: str, content: bytes) -> bytes:
    info = {"endpoint": "", "keys": {"p256dh": p256dh, "auth": auth}}
    try:
        return bytes(WebPusher(info).encode(content)["body"])
    except (WebPushException, ValueError) as error:
        raise DeliveryError("keys", permanent=True) from error


def _headers(message: Message, endpoint: str, now: datetime) -> dict[str, str]:
    keep = WORDS[message.kind].keep
    if message.expires_at is not None:
        keep = min(keep, message.expires_at - now)
    scheme, _, rest = endpoint.partition("://")
    claims = {
        "aud": f"{scheme}://{rest.partition('/')[0]}",
        "exp": int((now + VAPID_LIFETIME).timestamp()),
        "sub": settings.VAPID_SUBJECT,
    }
    return {
        **_vapid(settings.VAPID_PRIVATE_KEY_FILE).sign(claims),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(max(0, int(keep.total_seconds()))),
        "Urgency": "high" if message.priority <= Priority.WORKLIST else "normal",
        "Topic": topic(message),
    }


def _post(endpoint: str, body: bytes, headers: dict[str, str]) -> HTTPResponse:
    """Return the answer. Redirects are answers like any other, and at most a few bytes of the body are read."""
    response = _pool.request(
        "POST",
        endpoint,
        body=body,
        headers=headers,
        timeout=TIMEOUT,
        redirect=False,
        retries=False,
        preload_content=False,
        decode_content=False,
    )
    # A body read to its end gives the connection back for reuse; a longer one is of no interest, nor is its connection.
    response.read(4096)
    response.close()
    return response  # type: ignore[return-value]


def _translate(response: HTTPResponse, now: datetime) -> None:
    """Raise DeliveryError unless the push service has taken the message."""
    status = response.status
    if 200 <= status < 300:
        return
    if status in {404, 410}:
        raise DeliveryError("gone", permanent=True)
    if status in {401, 403}:
        # Our key or our subject is wrong; the subscription is not. Seen with Apple: never a reason to switch it off.
        raise DeliveryError("vapid", permanent=False)
    if status in {408, 425, 429} or status >= 500:
        raise DeliveryError(
            f"http_{status}", permanent=False, retry_after=_retry_after(response.headers.get("Retry-After"), now)
        )
    raise DeliveryError(f"http_{status}", permanent=True)


def _retry_after(text: str | None, now: datetime) -> timedelta | None:
    """Return the wait that a Retry-After header asks for, at most an hour; None where there is none to be read."""
    if not text:
        return None
    if text.strip().isdecimal():
        wait = timedelta(seconds=min(int(text.strip()), 86400))
    else:
        try:
            at = parsedate_to_datetime(text)
        except ValueError:
            return None
        wait = (at if at.tzinfo else at.replace(tzinfo=UTC)) - now
    return max(timedelta(0), min(wait, LONGEST_RETRY_AFTER))
