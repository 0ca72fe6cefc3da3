"""Fixtures of the diary: time stands still on the evening of 2 March 2026."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
import time_machine

from selfcare.accounts.models import User
from selfcare.diary.models import Episode
from tests import factories
from tests.diary.phone import NOW


@pytest.fixture
def evening() -> Iterator[time_machine.Coordinates]:
    """Return the clock, standing at half past six in the evening of 2 March 2026."""
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def episode(ada: User) -> Episode:
    """Return Ada's episode, which began three weeks before."""
    return factories.episode(patient=ada, onset_on=date(2026, 2, 9))
