"""The demonstration: invented people, loaded once, and only on one's own machine."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from selfcare.accounts.models import Clinic, User
from selfcare.clinic import demonstration
from selfcare.diary.models import Entry
from selfcare.triage.models import Alert
from tests import factories


@pytest.fixture
def loaded(db: None) -> None:
    demonstration.load(now=factories.NOW)


def test_loading_twice_makes_one_demonstration(loaded: None) -> None:
    entries = Entry.objects.count()

    assert demonstration.load(now=factories.NOW) is False
    assert (Clinic.objects.count(), Entry.objects.count()) == (1, entries)


def test_one_patient_has_an_open_emergency_and_the_others_have_none(loaded: None) -> None:
    urgent = Alert.objects.filter(tier="emergency").values_list("patient__email", flat=True).distinct()

    assert list(urgent) == ["ada@example.org"]


def test_the_clinician_sees_every_patient_of_the_demonstration(loaded: None) -> None:
    ben = User.objects.get(email="ben@example.org")

    assert all(ben.has_perm("diary.view_diary", User.objects.get(email=p.email)) for p in demonstration.PATIENTS)


def test_every_address_belongs_to_nobody() -> None:
    addresses = [colleague[0] for colleague in demonstration.COLLEAGUES] + [p.email for p in demonstration.PATIENTS]

    assert all(address.endswith("@example.org") for address in addresses)


@pytest.mark.parametrize("command", ["load_demo", "demo_code"])
def test_a_real_installation_refuses_the_demonstration(db: None, settings, command: str) -> None:
    settings.DEMO = False

    with pytest.raises(CommandError):
        call_command(command)
    assert not User.objects.exists()


def test_the_command_says_how_to_sign_in(db: None, settings) -> None:
    settings.DEMO = True
    out = StringIO()

    call_command("load_demo", stdout=out)

    assert "ben@example.org" in out.getvalue()
    assert "make demo-code" in out.getvalue()
