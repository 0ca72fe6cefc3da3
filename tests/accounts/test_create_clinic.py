"""The operator's command that begins a clinic."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from selfcare.accounts import invitations
from selfcare.accounts.models import Clinic, Membership
from tests import factories


def create(*arguments: str) -> str:
    out = StringIO()
    call_command("create_clinic", *arguments, stdout=out)
    return out.getvalue()


def test_the_printed_code_makes_the_first_manager(db: None, real_now) -> None:
    printed = create("Bay Clinic", "--manager", "mia@example.org", "--country", "ie", "--time-zone", "Europe/Dublin")
    code = re.search(r"join#(\S+)", printed).group(1)

    invitations.accept(code, user=factories.user(email="mia@example.org"), now=real_now)

    clinic = Clinic.objects.get(name="Bay Clinic")
    assert (clinic.country, clinic.time_zone) == ("IE", "Europe/Dublin")
    assert Membership.objects.get(clinic=clinic).role == "manager"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--manager", "mia"], "--manager is 'mia'; give an e-mail address."),
        (["--manager", "m@example.org", "--country", "ZZ"], "--country is 'ZZ'; give an ISO 3166 code"),
        (["--manager", "m@example.org", "--time-zone", "Mars"], "--time-zone is 'Mars'; give a name"),
    ],
)
def test_a_wrong_value_is_said_and_nothing_is_made(db: None, arguments: list[str], says: str) -> None:
    with pytest.raises(CommandError, match=re.escape(says)):
        create("Bay Clinic", *arguments)

    assert not Clinic.objects.exists()
