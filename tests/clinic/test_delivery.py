"""Alerts that do not reach people are said on the page itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from notifications.models import Heartbeat, Kind, Message
from selfcare.accounts.models import Clinic, User
from selfcare.clinic import delivery
from selfcare.clinic.desk import open_desk
from tests import factories
from tests.clinic import rows
from tests.factories import NOW

BANNER = "Delivery of alerts is delayed since"


def _message(recipient: User | None, *, age: timedelta, **fields: object) -> Message:
    return factories.message(recipient=recipient, now=NOW - age, **fields)


def _delay(person: User) -> delivery.Delay | None:
    return delivery.delay(open_desk(person, now=NOW))


@pytest.mark.usefixtures("all_is_running")
def test_nothing_is_said_while_all_is_well(ben: User) -> None:
    _message(ben, age=timedelta(hours=1), status=Message.Status.SENT)

    assert _delay(ben) is None


@pytest.mark.usefixtures("all_is_running")
@pytest.mark.parametrize(("seconds", "late"), [(59, False), (60, True)])
def test_an_alert_that_waits_for_a_minute_is_late(ben: User, seconds: int, late: bool) -> None:
    _message(ben, age=timedelta(seconds=seconds))

    assert (_delay(ben) is not None) is late


@pytest.mark.usefixtures("all_is_running")
def test_the_page_says_since_when(ben: User, ben_client: Client) -> None:
    _message(ben, age=timedelta(minutes=7))

    words = ben_client.get("/clinic/").content.decode()

    assert f"{BANNER} 18:23." in words
    assert "Check this list by hand." in words


@pytest.mark.usefixtures("all_is_running")
def test_a_thread_says_it_too(ada: User, ben: User, ben_client: Client) -> None:
    row = rows.alert(patient=ada)
    _message(ben, age=timedelta(minutes=7))

    assert BANNER in ben_client.get(f"/clinic/alerts/{row.id}/").content.decode()


@pytest.mark.usefixtures("all_is_running")
def test_a_late_reminder_is_no_alert(ben: User, ada: User) -> None:
    _message(ada, age=timedelta(hours=1), kind=Kind.CHECK_IN)

    assert _delay(ben) is None


@pytest.mark.usefixtures("all_is_running")
def test_a_patient_who_cannot_be_told_counts(ada: User, ben: User) -> None:
    _message(ada, age=timedelta(minutes=2), kind=Kind.FOLLOW_UP)

    assert _delay(ben) == delivery.Delay(since=NOW - timedelta(minutes=2))


@pytest.mark.usefixtures("all_is_running")
def test_an_address_of_another_clinic_does_not_count(ben: User, cy: User) -> None:
    _message(cy, age=timedelta(minutes=7))

    assert _delay(ben) is None


@pytest.mark.usefixtures("all_is_running")
def test_the_duty_address_counts(harbour: Clinic, ben: User) -> None:
    harbour.duty_email = "duty@example.org"
    harbour.save()
    _message(None, age=timedelta(minutes=7), address="duty@example.org", kind=Kind.ESCALATION)

    assert _delay(ben) is not None


@pytest.mark.usefixtures("all_is_running")
def test_a_message_that_failed_for_good_counts(ben: User) -> None:
    _message(ben, age=timedelta(minutes=7), status=Message.Status.FAILED)

    assert _delay(ben) is not None


@pytest.mark.usefixtures("all_is_running")
def test_a_dead_device_does_not_count_when_the_mail_arrived(ben: User) -> None:
    _message(ben, age=timedelta(minutes=7), status=Message.Status.FAILED, cause="entry:1")
    _message(ben, age=timedelta(minutes=7), status=Message.Status.SENT, cause="entry:1")

    assert _delay(ben) is None


@pytest.mark.usefixtures("all_is_running")
@pytest.mark.parametrize("name", ["beat", "worker", "courier"])
def test_a_process_that_fell_silent_is_a_delay_since_its_last_sign(ben: User, name: str) -> None:
    Heartbeat.objects.filter(name=name).update(at=NOW - timedelta(minutes=4))

    assert _delay(ben) == delivery.Delay(since=NOW - timedelta(minutes=4))


def test_with_every_process_dead_the_page_says_so(ben_client: Client) -> None:
    words = ben_client.get("/clinic/").content.decode()

    assert "Alerts are not being delivered at the moment." in words
