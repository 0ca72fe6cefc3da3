"""A phone gets its 201, and a red flag its messages, while parts of the installation are dead."""

from __future__ import annotations

import http.client
import json
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from tests.diary import phone
from tests.faults.rig import Installation, eventually

pytestmark = [pytest.mark.services]

ADA_AND_BEN = """
from django.test import Client
from tests import factories
clinic = factories.clinic(name="Harbour Clinic")
factories.member(of=clinic, email="ben@example.org", name="Ben")
ada = factories.patient(email="ada@example.org", name="Ada", of=clinic)
factories.episode(patient=ada)
browser = Client()
browser.force_login(ada)
print(browser.cookies["session"].value)
"""
CSRF = "c" * 32


@dataclass
class Answer:
    status: int
    content: dict[str, object]
    seconds: float


def put(installation: Installation, session: str, content: dict[str, object]) -> Answer:
    """Send an entry as Ada's phone does."""
    connection = http.client.HTTPConnection("127.0.0.1", installation.port, timeout=30)
    began = time.monotonic()
    connection.request(
        "PUT",
        f"/api/v1/entries/{uuid.uuid4()}",
        json.dumps(content),
        {
            "Host": "localhost",
            "Content-Type": "application/json",
            "Cookie": f"session={session}; csrf={CSRF}",
            "X-CSRFToken": CSRF,
        },
    )
    response = connection.getresponse()
    answer = Answer(response.status, json.loads(response.read()), time.monotonic() - began)
    connection.close()
    return answer


def red_flag() -> dict[str, object]:
    now = datetime.now(UTC)
    return phone.body(on=now.date(), at=now.isoformat(), zone="UTC", observations=phone.SADDLE)


def mail_to_ben_is_sent(installation: Installation) -> bool:
    (count,) = installation.read(
        "SELECT count(*) FROM notifications_message JOIN accounts_user ON recipient_id = accounts_user.id "
        "WHERE email = 'ben@example.org' AND status = 'sent'"
    )[0]
    return bool(count)


def test_without_broker_the_entry_is_taken_and_the_clinician_is_told(installation: Installation) -> None:
    session = installation.python(ADA_AND_BEN)
    installation.start("web", "courier")

    answer = put(installation, session, red_flag())

    assert answer.status == 201, answer.content
    assert eventually(lambda: mail_to_ben_is_sent(installation), seconds=15), installation.log("courier")


def test_a_broker_that_hangs_does_not_keep_the_phone_waiting(installation: Installation) -> None:
    session = installation.python(ADA_AND_BEN)
    installation.start("broker", "web", "courier")
    installation.freeze("broker")

    answer = put(installation, session, red_flag())

    assert answer.status == 201, answer.content
    # Without time-outs it would wait for more than a minute.
    assert answer.seconds < 15
    assert eventually(lambda: mail_to_ben_is_sent(installation), seconds=15), installation.log("courier")


def test_an_entry_whose_server_died_after_the_answer_is_kept_and_told(installation: Installation) -> None:
    session = installation.python(ADA_AND_BEN)
    installation.start("web")
    answer = put(installation, session, red_flag())

    installation.kill("web")
    installation.start("courier")

    assert answer.status == 201, answer.content
    assert eventually(lambda: mail_to_ben_is_sent(installation), seconds=15), installation.log("courier")
