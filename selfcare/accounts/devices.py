"""The browsers in which a person is signed in: kept, given a token that can only hand in, and signed out."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from notifications import subscriptions
from notifications.models import PushSubscription
from selfcare.accounts import audit
from selfcare.accounts.browsers import label_of
from selfcare.accounts.models import Device, User

# A token that nobody has used for so long is a phone that is gone.
LAPSES_AFTER = timedelta(days=180)
# "Last used" is told to the hour: no write for each entry.
NOTED_EVERY = timedelta(hours=1)


def signed_in(user: User, *, session_key: str, user_agent: str, now: datetime) -> Device:
    """Return the row of the browser that this session belongs to; rows that mean nothing any more are put away."""
    _put_away(user, now=now)
    device, _ = Device.objects.get_or_create(
        session_key=session_key,
        defaults={"user": user, "label": label_of(user_agent), "created_at": now, "last_used_at": now},
    )
    return device


def of_session(session_key: str | None) -> Device | None:
    """Return the browser of a session, or None where it has not been seen since sessions are listed."""
    return Device.objects.filter(session_key=session_key).first() if session_key else None


@transaction.atomic
def issue(
    user: User, *, session_key: str, user_agent: str, replaces: UUID | None, push_id: UUID | None, now: datetime
) -> tuple[Device, str]:
    """Return the browser of this session and its new token of 256 bits: the only moment at which the token is known.

    ``replaces`` is the row that this phone had in an earlier session; its token ends with it. ``push_id`` names the
    phone's own subscription; one of somebody else is ignored.
    """
    device = signed_in(user, session_key=session_key, user_agent=user_agent, now=now)
    Device.objects.filter(pk=replaces, user=user).exclude(pk=device.pk).delete()
    token = secrets.token_urlsafe(32)
    device.token_sha256 = _fingerprint(token)
    device.push = PushSubscription.objects.filter(pk=push_id, user=user).first()
    device.last_used_at = now
    device.save(update_fields=["token_sha256", "push", "last_used_at"])
    audit.record("device.token_issued", actor_id=user.pk, patient_id=user.pk, object_id=device.pk, now=now)
    return device, token


def by_token(token: str, *, now: datetime) -> Device | None:
    """Return the browser that holds the token, with its person; None for a token that does not hold (any more)."""
    device = Device.objects.select_related("user").filter(token_sha256=_fingerprint(token)).first()
    if device is None or not device.user.is_active or now - device.last_used_at > LAPSES_AFTER:
        return None
    used(device, now=now)
    return device


def used(device: Device, *, now: datetime) -> None:
    """Note that the browser was in use, at most once an hour."""
    if now - device.last_used_at > NOTED_EVERY:
        Device.objects.filter(pk=device.pk).update(last_used_at=now)


@transaction.atomic
def end(device: Device, *, by: User, now: datetime) -> None:
    """Sign a browser out: its session, its subscription to messages and its token end together."""
    if device.session_key:
        _store().delete(device.session_key)
    if device.push is not None:
        subscriptions.drop(device.push, now=now)
    Device.objects.filter(pk=device.pk).delete()
    audit.record("device.signed_out", actor_id=by.pk, patient_id=device.user_id, object_id=device.pk, now=now)


def sign_out_here(request: HttpRequest) -> None:
    """End the token and the subscription of the browser that signs out; the session itself is the caller's."""
    device = of_session(request.session.session_key) if request.user.is_authenticated else None
    if device is not None:
        end(device, by=device.user, now=timezone.now())


@transaction.atomic
def end_others(user: User, *, session_key: str | None, now: datetime) -> None:
    """Sign the person out everywhere but in this session: sessions, tokens and subscriptions, known here or not."""
    here = of_session(session_key)
    for device in Device.objects.filter(user=user).exclude(pk=here.pk if here else None).select_related("push"):
        end(device, by=user, now=now)
    end_sessions(user.pk, but=session_key)
    elsewhere = PushSubscription.objects.filter(user=user)
    for subscription in elsewhere.exclude(pk=here.push_id) if here and here.push_id else elsewhere:
        subscriptions.drop(subscription, now=now)


def end_sessions(user_id: UUID, *, but: str | None = None) -> None:
    """Delete every session of a person, also one that no row names; rare enough to read all sessions for it."""
    mine = [
        session.session_key
        for session in Session.objects.order_by("session_key").iterator()
        if session.get_decoded().get(SESSION_KEY) == str(user_id) and session.session_key != but
    ]
    Session.objects.filter(session_key__in=mine).delete()


@dataclass(frozen=True, slots=True)
class Listed:
    """One browser as its person sees it."""

    device: Device
    here: bool
    signed_in: bool
    hands_in: bool
    gets_messages: bool


def listed(user: User, *, session_key: str, now: datetime) -> dict[str, Any]:
    """Return the person's browsers, this one first, and how many more get messages that no row names."""
    rows = list(Device.objects.filter(user=user).select_related("push").order_by("-last_used_at", "id"))
    living = living_sessions(rows, now=now)
    pushes = set(PushSubscription.objects.filter(user=user, gone_at=None).values_list("pk", flat=True))
    found = [
        Listed(
            device=row,
            here=row.session_key == session_key,
            signed_in=row.session_key in living,
            hands_in=bool(row.token_sha256) and now - row.last_used_at <= LAPSES_AFTER,
            gets_messages=row.push_id in pushes,
        )
        for row in rows
    ]
    shown = [one for one in found if one.signed_in or one.hands_in or one.gets_messages]
    named = {one.device.push_id for one in shown}
    return {"devices": sorted(shown, key=lambda one: not one.here), "unnamed": len(pushes - named)}


def living_sessions(devices: list[Device], *, now: datetime) -> set[str]:
    """Return which of the devices' sessions are still open."""
    keys = [device.session_key for device in devices if device.session_key]
    rows = Session.objects.filter(session_key__in=keys, expire_date__gt=now)
    return set(rows.values_list("session_key", flat=True))


def _put_away(user: User, *, now: datetime) -> None:
    devices = list(Device.objects.filter(user=user))
    living = living_sessions(devices, now=now)
    for device in devices:
        lapsed = not device.token_sha256 or now - device.last_used_at > LAPSES_AFTER
        if lapsed and device.session_key not in living:
            device.delete()


def _store() -> Any:
    return import_module(settings.SESSION_ENGINE).SessionStore()


def _fingerprint(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
