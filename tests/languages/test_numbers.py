"""What a browser reads is written with a point, whatever the language of the page writes in its sentences."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from selfcare.accounts.models import User
from tests import factories
from tests.web.conftest import QUIET

pytestmark = pytest.mark.django_db

# The points of a line are pairs: there a comma stands between two numbers.
WITH_A_COMMA = re.compile(r' (?!points=)[\w-]+="-?\d+,\d+"')


def test_the_marks_of_a_chart_stand_where_they_belong_in_spanish(ada: User, ada_client: Client, spanish: str) -> None:
    today = timezone.now().date()
    episode = factories.episode(patient=ada, onset_on=today - timedelta(days=30))
    for ago in range(9, 0, -1):
        factories.entry(episode=episode, on=today - timedelta(days=ago), observations={**QUIET, "interference": ago})

    told = ada_client.get("/progress", headers={"X-Language": spanish}).content.decode()

    assert '<html lang="es"' in told
    assert '<circle class="mark"' in told
    assert WITH_A_COMMA.findall(told) == []


def test_a_temperature_with_a_tenth_can_be_sent_in_spanish(client: Client, spanish: str) -> None:
    told = client.get("/check-in", headers={"X-Language": spanish}).content.decode()

    assert '<html lang="es"' in told
    assert 'step="0.1"' in told
