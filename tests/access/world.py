"""Ada's objects and everybody who may or may not reach them: what the access matrix is tried on."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from exercises.models import DoseChange
from notifications.models import PushSubscription
from selfcare.accounts.models import Device, Invitation, Membership
from selfcare.correspondence import conversations
from selfcare.triage.models import Alert
from tests import canary, factories
from tests.access import matrix

LATER = datetime(2099, 1, 1, tzinfo=UTC)
MISSING_NUMBER = 999_999


@dataclass
class World:
    """A clinic with its people, a second one, and the ids of what belongs to Ada and to Harbour Clinic."""

    clients: dict[str, Client]
    own: dict[str, Any]
    secrets: set[str]

    def address(self, route: str, *, missing: bool) -> str:
        """Return the address of a route, filled with Ada's objects or with ids that nobody has."""
        filled = route
        for name, value in self.own.items():
            for kind in ("uuid", "int", "slug", "str"):
                blank = f"<{kind}:{name}>"
                if blank not in filled:
                    continue
                nobodys = uuid.uuid5(uuid.NAMESPACE_OID, name)
                stranger = MISSING_NUMBER if kind == "int" else nobodys if kind == "uuid" else "nothing-here"
                filled = filled.replace(blank, str(stranger if missing else value))
        return "/" + filled

    def ask(self, role: str, method: str, address: str, **extra: Any) -> HttpResponse:
        """Return the answer of one request, leaving nothing behind: neither rows nor cookies nor used-up limits."""
        client = Client(enforce_csrf_checks=extra.pop("enforce_csrf_checks", False), raise_request_exception=False)
        client.cookies.load({name: morsel.value for name, morsel in self.clients[role].cookies.items()})
        cache.clear()
        with transaction.atomic():
            answer = client.generic(
                method, address, extra.pop("data", b"{}"), extra.pop("content_type", "application/json"), **extra
            )
            if answer.streaming:
                answer.getvalue()
            transaction.set_rollback(True)
        return answer


def build() -> World:
    """Return a world with one of everything that an address can name."""
    harbour, hill = factories.clinic(name="Harbour Clinic"), factories.clinic(name="Hill Clinic")
    ada = factories.patient(email="ada@example.org", name="Ada", of=harbour)
    dee = factories.patient(email="dee@example.org", name="Dee", of=hill)
    ben = factories.member(of=harbour, email="ben@example.org", name="Ben")
    people = {
        matrix.PATIENT: ada,
        matrix.OTHER_PATIENT: dee,
        matrix.CLINICIAN: ben,
        matrix.OTHER_CLINICIAN: factories.member(of=hill, email="cy@example.org", name="Cy"),
        matrix.MANAGER: factories.member(of=harbour, email="mo@example.org", name="Mo", role="manager"),
        matrix.BEFORE_SECOND_FACTOR: factories.member(of=harbour, email="eve@example.org", name="Eve"),
    }
    clients = {matrix.ANONYMOUS: Client()}
    for role, person in people.items():
        second = role in matrix.STAFF
        clients[role] = factories.log_in(Client(), person, second_factor=second)
    episode = factories.episode(patient=ada)
    factories.episode(patient=dee)
    mark = canary.of(ada.email)
    entry = factories.entry(
        episode=episode, on=date(2026, 3, 1), observations={"pain_avg": 5, "bladder": "new", "note": f"Rain {mark}"}
    )
    alert = Alert.objects.create(
        patient=ada,
        rule_id="RF-CES-01",
        reason="bladder_change",
        tier="emergency",
        urgency=0,
        catalogue_version="test",
        inputs={"days": {"2026-03-01": {"bladder": "new"}}},
        entry_id=entry.id,
        as_of=entry.occurred_on,
        reported_at=entry.recorded_at,
        opened_at=entry.received_at,
    )
    subscription = PushSubscription.objects.create(
        user=ada,
        endpoint="https://fcm.googleapis.com/push/1",
        p256dh="p",
        auth="a",
        created_at=factories.LONG_AGO,
    )
    invitation = Invitation.objects.create(
        clinic=harbour, created_by=ben, created_at=factories.LONG_AGO, code_sha256="c" * 64, expires_at=LATER
    )
    message, _new = conversations.reply(
        ben, ada, harbour, uuid.UUID(int=13), f"You may swim. {mark}", seen=0, now=factories.NOW
    )
    programme = factories.programme(patient=ada)
    session = factories.exercise_session(patient=ada, on=date(2026, 3, 2), results=[{"exercise": "EX-05", "during": 1}])
    practice = programme.practices.get(exercise="EX-05")
    stood = {"level": 1, "dose": practice.dose, "status": "active", "rest_until_on": None}
    change = DoseChange.objects.create(
        practice=practice,
        rule="DX-01",
        kind="up",
        at=factories.NOW,
        on=date(2026, 3, 2),
        before=stood,
        after=stood,
        values={"reason": "DX-01", "count": 3},
    )
    return World(
        clients=clients,
        own={
            "entry_id": entry.id,
            "new_id": uuid.UUID(int=11),
            "patient_id": ada.id,
            "alert_id": alert.id,
            "message_id": message.id,
            "subscription_id": subscription.id,
            "device_id": Device.objects.create(
                user=ada, label="Old", token_sha256="d" * 64, created_at=factories.NOW, last_used_at=factories.NOW
            ).id,
            "invitation_id": invitation.id,
            "clinic_id": harbour.id,
            "on": "2026-03-01",
            "place_id": Membership.objects.get(user=ben).id,
            "pk": factories.authenticator_app(ben).pk,
            "draft_id": uuid.UUID(int=12),
            "step_id": "pain",
            "slug": "general",
            "name": "now",
            "given": "nothing",
            "session_id": session.session.id,
            "change_id": change.id,
            "exercise_id": "EX-05",
            "card_id": "scans",
            "chart_name": "pain",
            "week_number": 4,
            "review_name": "week-4",
        },
        secrets={mark},
    )
