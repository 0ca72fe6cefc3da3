"""Plain functions that make rows for tests. Dates are written out; nobody in here is real."""

from __future__ import annotations

import time
import uuid
from datetime import UTC, date, datetime
from importlib import import_module
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.test import Client

from exercises import programmes, sessions
from exercises.answers import SessionBody
from exercises.facts import About
from exercises.models import Programme
from exercises.sessions import Logged
from notifications.models import Kind, Message, PushSubscription
from selfcare.accounts.models import CareRelationship, Clinic, Consent, Membership, PatientProfile, User
from selfcare.diary.models import Entry, Episode
from tests import canary
from tests.doubles.push_service import Browser

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
# A fixed secret for authenticator apps of invented people.
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 3, 2, 18, 30, tzinfo=UTC)


def user(*, email: str, name: str = "") -> User:
    """Return a person who can log in by e-mail code."""
    person = User.objects.create_user(email, name=name)
    EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=True)
    return person


def clinic(*, name: str = "Harbour Clinic", **fields: Any) -> Clinic:
    """Return a clinic."""
    return Clinic.objects.create(name=name, **fields)


def member(*, of: Clinic, email: str, role: str = "clinician", name: str = "", rota_level: int = 0) -> User:
    """Return a person who works in the clinic."""
    person = user(email=email, name=name)
    Membership.objects.create(clinic=of, user=person, role=role, rota_level=rota_level, from_at=LONG_AGO)
    return person


def patient(
    *,
    email: str,
    name: str = "",
    of: Clinic | None = None,
    consents: bool = True,
    time_zone: str = "Europe/London",
    year_of_birth: int = 1988,
    sex: str = "female",
    history: dict[str, Any] | None = None,
) -> User:
    """Return a patient who has finished set-up; with a clinic, one that looks after them and may see the diary."""
    # The canary: whoever sees this name or this goal without being allowed to turns the test red (tests/canary.py).
    mark = canary.of(email)
    person = user(email=email, name=f"{name} {mark}".strip())
    PatientProfile.objects.create(
        user=person,
        time_zone=time_zone,
        country="GB",
        year_of_birth=year_of_birth,
        sex=sex,
        history=history or {},
        goal=f"Walk to the shops {mark}",
        onboarded_at=LONG_AGO,
    )
    if of is not None:
        CareRelationship.objects.create(clinic=of, patient=person, from_at=LONG_AGO)
    if consents:
        Consent.objects.create(
            patient=person, purpose="care", given=True, text_version="1", text_sha256="0" * 64, at=LONG_AGO
        )
    return person


def episode(*, patient: User, onset_on: date = date(2026, 2, 9), **fields: Any) -> Episode:
    """Return the patient's active episode."""
    return Episode.objects.create(patient=patient, onset_on=onset_on, started_at=LONG_AGO, next_check_at=NOW, **fields)


def entry(*, episode: Episode, on: date, observations: dict[str, Any], received_at: datetime | None = None) -> Entry:
    """Return a stored entry, written past the recording function: for tests that only read."""
    at = received_at or datetime(on.year, on.month, on.day, 18, 0, tzinfo=UTC)
    return Entry.objects.create(
        id=uuid.uuid4(),
        patient=episode.patient,
        episode=episode,
        recorded_at=at,
        recorded_zone="Europe/London",
        occurred_on=on,
        received_at=at,
        observations=observations,
        body_sha256="0" * 64,
        needs_assessment=False,
    )


def about(*, as_of: date = date(2026, 3, 2), **known: Any) -> About:
    """Return what exercises know about somebody whose safety screen is clear and whose history holds nothing."""
    return About(**{"as_of": as_of, "zone": ZoneInfo("Europe/London"), "screen_clear": True, **known})


def programme(*, patient: User, as_of: date = date(2026, 3, 2)) -> Programme:
    """Return the gentle start of a patient, begun on a day."""
    return programmes.self_start(patient, about=about(as_of=as_of), now=at_noon(as_of))


def at_noon(day: date) -> datetime:
    """Return noon of a day in UTC."""
    return datetime(day.year, day.month, day.day, 12, 0, tzinfo=UTC)


def exercise_session(
    *, patient: User, on: date, results: list[dict[str, Any]], felt: str = "", facts: dict[str, Any] | None = None
) -> Logged:
    """Return a session of the evening of a day, logged as a phone would."""
    at = datetime(on.year, on.month, on.day, 18, 0, tzinfo=UTC)
    body = {
        "occurred_on": on,
        "recorded_at": at,
        "recorded_zone": "Europe/London",
        "felt": felt,
        "results": [{"done": True, **result} for result in results],
    }
    return sessions.log_session(
        patient,
        uuid.uuid4(),
        msgspec.convert(body, SessionBody),
        about=about(as_of=on, facts=facts or {}),
        now=at,
    )


def log_in(client: Client, person: User, *, second_factor: bool = True) -> Client:
    """Return the client, logged in by e-mail code and, unless told otherwise, with an authenticator app shown."""
    client.force_login(person, backend=BACKEND)
    session = client.session
    session.update(_authentication(person, second_factor=second_factor))
    session.save()
    return client


def session_token(person: User, *, second_factor: bool = True) -> str:
    """Return an X-Session-Token as other clients of the API hold it."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = BACKEND
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.update(_authentication(person, second_factor=second_factor))
    session.create()
    return session.session_key


def authenticator_app(person: User) -> Authenticator:
    """Return the person's authenticator app with TOTP_SECRET."""
    found = Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).first()
    return found or TOTP.activate(person, TOTP_SECRET).instance


def _authentication(person: User, *, second_factor: bool) -> dict[str, Any]:
    """Return what allauth keeps in the session about how the person showed who they are."""
    records = [{"method": "code", "at": time.time(), "email": person.email}]
    if second_factor:
        app = authenticator_app(person)
        records.append({"method": "mfa", "at": time.time(), "id": app.pk, "type": app.type})
    return {
        AUTHENTICATION_METHODS_SESSION_KEY: records,
        "account_authentication_methods_user": str(person.pk),
    }


def push_subscription(*, user: User, browser: Browser, **fields: Any) -> PushSubscription:
    """Return the subscription of a browser that the push service double has made."""
    return PushSubscription.objects.create(
        user=user,
        endpoint=browser.endpoint,
        p256dh=browser.p256dh,
        auth=browser.auth,
        created_at=LONG_AGO,
        **fields,
    )


def message(*, recipient: User | None = None, now: datetime = NOW, **fields: Any) -> Message:
    """Return a message that is due, written past the outbox: a mail unless a subscription is given."""
    id_ = uuid.uuid4()
    channel = Message.Channel.WEB_PUSH if fields.get("subscription") else Message.Channel.EMAIL
    return Message.objects.create(
        **{
            "id": id_,
            "key": f"test:{id_}",
            "cause": f"test:{id_}",
            "kind": Kind.WORKLIST,
            "channel": channel,
            "recipient": recipient,
            "created_at": now,
            "next_attempt_at": now,
        }
        | fields
    )
