"""Weeks of a diary on one phone: the clock of the server and that of the browser, moved on together."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

import time_machine
from django.core.cache import cache
from playwright.sync_api import Locator, Page

from exercises import programmes
from notifications import heartbeat
from selfcare.accounts.models import User
from selfcare.diary.models import Entry
from selfcare.diary.monitoring import assess_due
from selfcare.diary.recording import record_entry
from selfcare.triage import follow_up
from tests.journeys import phone

LONDON = ZoneInfo("Europe/London")
MORNING, EVENING = time(9, 30), time(19, 30)
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
# What a short day writes when nothing has changed.
QUIET = {
    "bladder": "none",
    "bowel": "none",
    "saddle": "none",
    "both_legs": "none",
    "weakness": 0,
    "numbness": 0,
    "chills": False,
    "very_unwell": False,
}


@dataclass
class Weeks:
    """One person with one phone, from the day the pain began on."""

    person: User
    page: Page
    clock: time_machine.Coordinates
    onset: date
    pictures: Path | None
    taken: int = field(default=0)

    def at(self, day: int, clock: time = EVENING) -> datetime:
        """Return the instant of a local time, so many days after the onset."""
        return datetime.combine(self.onset + timedelta(days=day), clock, tzinfo=LONDON)

    def day(self, day: int, clock: time = EVENING) -> None:
        """Let it be that day for the server and the phone, with all that the hours between have brought done."""
        now = self.at(day, clock)
        self.clock.move_to(now)
        self.page.clock.set_system_time(now)
        cache.clear()
        for name in heartbeat.NAMES:
            heartbeat.beat(name, now=now)
        assess_due(now=now)
        programmes.look_at_due(now=now)
        follow_up.ask_due(now=now)
        follow_up.notice_silence(now=now)

    def run(self, seconds: float) -> None:
        """Let so much time pass on a page that counts it."""
        self.page.clock.run_for(round(seconds * 1000))
        self.clock.shift(timedelta(seconds=seconds))

    def live(self, first: int, last: int, answers: Mapping[str, Any]) -> None:
        """Let the days pass with a quiet check-in on each evening, beside the screens."""
        for day in range(first, last + 1):
            self.day(day, MORNING)
            now = self.at(day)
            self.clock.move_to(now)
            body = {
                "occurred_on": now.date().isoformat(),
                "recorded_at": now.isoformat(),
                "recorded_zone": "Europe/London",
                "observations": QUIET | answers,
            }
            record_entry(self.person, uuid.uuid4(), body, now=now)

    def open(self, path: str, *, picture: str = "") -> str:
        """Open a page and return its words."""
        self.page.goto(path)
        if picture:
            self.picture(picture)
        return self.words()

    def words(self) -> str:
        """Return the words that can be read on the page."""
        return re.sub(r"\s+", " ", self.page.locator("main").inner_text())

    def tap(self, name: str, *, role: Literal["button", "link"] = "button") -> None:
        """Tap a button or a link that leads to another page."""
        with self.page.expect_navigation():
            self.page.locator("main").get_by_role(role, name=name, exact=True).first.tap()

    def choose(self, **answers: str) -> None:
        """Choose one answer of each question of a form, and save."""
        for name, value in answers.items():
            self.page.locator(f'input[name="{name}"][value="{value}"]').check()
        self.tap("Save")

    def screen(self, name: str) -> Locator:
        """Return a screen of the check-in or the player, once it is the one that is shown."""
        shown: Locator = phone.screen(self.page, name)
        shown.wait_for()
        return shown

    def receipt(self) -> str:
        """Return the words of the receipt, once the server has the answers."""
        saved = self.screen("saved")
        saved.locator('[data-kept="sent"]').wait_for()
        return re.sub(r"\s+", " ", saved.inner_text())

    def newest(self) -> Entry:
        """Return the entry that came last."""
        return Entry.objects.filter(patient=self.person).latest("received_at")

    def picture(self, name: str) -> None:
        """Keep what the person sees, in both themes, where pictures are wanted."""
        if self.pictures is None:
            return
        self.taken += 1
        screen = self.page.viewport_size
        assert screen is not None
        # As tall as its page, so that the bar at the foot covers nothing.
        tall = self.page.evaluate("document.documentElement.scrollHeight")
        self.page.set_viewport_size({**screen, "height": max(tall, screen["height"])})
        for theme in THEMES:
            self.page.emulate_media(color_scheme=theme)
            path = self.pictures / f"{self.taken:02}-{name}-{theme}.png"
            # Colours fade when the theme changes: the picture is of what they come to.
            self.page.screenshot(path=path, animations="disabled")
        self.page.emulate_media(color_scheme="light")
        self.page.set_viewport_size(screen)
