"""Ada with her episode and her diary, and the way through the check-in without a script."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from selfcare.accounts.models import User
from selfcare.diary.models import Episode
from tests import factories

LONDON = ZoneInfo("Europe/London")
QUIET = {
    "bladder": "none",
    "bowel": "none",
    "saddle": "none",
    "both_legs": "none",
    "weakness": 0,
    "numbness": 0,
    "gait_unsteady": False,
    "chills": False,
    "very_unwell": False,
    "interference": 3,
    "pain_buttock": 4,
    "pain_avg": 4,
    "night_pain": "none",
    "walk_pain": "none",
    "morning_stiffness_min": 0,
    "weight_loss": False,
}


class Walker:
    """A phone without a script: follows the redirects and answers the question on the page."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.url = ""
        self.response: Any = None

    def start(self) -> Walker:
        """Begin the check-in; the first question is on the page."""
        return self._follow(self.client.post("/check-in/start", follow=True))

    def answer(self, step: str, value: str, **fields: str) -> Walker:
        """Answer the question on the page, which must be ``step``."""
        assert self.step == step, f"the page asks {self.step!r}"
        return self._follow(self.client.post(self.url, {"answer": value, **fields}, follow=True))

    def answer_quietly(self, **answers: str) -> Walker:
        """Answer all questions that are left: with no change, or as told."""
        for _ in range(40):
            if not self.step:
                break
            step = self.response.context["step"]
            quiet = {"group": "no_change", "nrs": "3"}.get(step["kind"], step["answers"][0]["value"])
            self.answer(self.step, answers.get(self.step, quiet))
        return self

    @property
    def step(self) -> str:
        """Return the id of the question on the page, or an empty text."""
        parts = self.url.strip("/").split("/")
        asks = len(parts) == 3 and parts[0] == "check-in" and parts[2] != "advice"
        return parts[2] if asks else ""

    @property
    def page(self) -> str:
        """Return the page as text."""
        return self.response.content.decode()

    def _follow(self, response: Any) -> Walker:
        self.response = response
        if response.redirect_chain:
            self.url = response.redirect_chain[-1][0]
        return self


@pytest.fixture
def episode(ada: User) -> Episode:
    """Return Ada's episode of twelve days, with pain in the left buttock."""
    onset = timezone.localdate(timezone=LONDON) - timedelta(days=12)
    return factories.episode(patient=ada, onset_on=onset, regions=["bu-l"], pain_side="left", pain_site="buttock")


@pytest.fixture
def usual(episode: Episode) -> Episode:
    """Return Ada's episode with five quiet days, so that today's form is the short one."""
    today = timezone.localdate(timezone=LONDON)
    for ago in range(5, 0, -1):
        factories.entry(episode=episode, on=today - timedelta(days=ago), observations=dict(QUIET))
    return episode


@pytest.fixture
def walker(ada: User, episode: Episode, client: Client) -> Walker:
    """Return Ada's phone without a script."""
    return Walker(factories.log_in(client, ada))
