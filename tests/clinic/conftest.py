"""The clinician's pages read the clock at the edge; here it stands still."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from notifications import heartbeat
from tests.factories import NOW


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    """Stop the clock at NOW."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def all_is_running(db: None) -> None:
    """Give a sign of life of every background process."""
    for name in heartbeat.NAMES:
        heartbeat.beat(name, now=NOW)
