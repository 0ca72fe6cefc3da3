"""All pages of the patient in all their states, and the people to whom they belong: the walk of the look checks."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page

from selfcare.accounts.models import Clinic, PatientProfile, User
from selfcare.correspondence import conversations
from selfcare.diary.models import Entry
from selfcare.diary.recording import record_entry
from tests import factories
from tests.journeys import phone
from tests.web.conftest import QUIET

LONDON = ZoneInfo("Europe/London")
MEASURES = (Path(__file__).parent / "measures.js").read_text(encoding="utf-8")

# Who sees which pages: a stranger, somebody in set-up, on the first day, in the usual state, with an open emergency.
PAGES: dict[str, tuple[str, ...]] = {
    "stranger": (
        "/", "/account/login/", "/account/signup/", "/join", "/help-now", "/help-now/which", "/help-now/now",
        "/help-now/today", "/help-now/soon", "/help-now/show", "/help-now/countries", "/offline", "/clock",
        "/no-such-page", "/learn", "/learn/who_helps", "/learn/detailed/myths", "/plan/weeks/3", "/messages/write",
        "/check-in",
    ),
    "newcomer": ("/welcome/about", "/welcome/consent", "/welcome/place", "/welcome/person", "/settings"),
    "first": ("/", "/set-up/episode", "/set-up/safety", "/set-up/goal", "/set-up/reminder", "/check-in/start",
              "/diary", "/exercises", "/progress", "/plan", "/messages"),
    "usual": (
        "/", "/check-in", "/check-in/start", "/check-in/start?what=changed", "/diary", "/diary/days/{day}",
        "/diary/{entry}", "/diary/{entry}/change/weakness", "/exercises", "/exercises/session", "/exercises/log",
        "/exercises/history", "/exercises/moves/EX-03", "/progress", "/progress/function", "/progress/nerves",
        "/progress/pain", "/progress/exercises", "/progress/summary", "/plan", "/plan/again", "/plan/reviews/week-4",
        "/messages", "/messages/visit", "/patterns", "/settings", "/settings/look", "/settings/sound",
        "/settings/privacy", "/settings/alerts", "/settings/reminders", "/settings/reminders/fewer",
        "/settings/devices", "/settings/export", "/settings/delete", "/settings/profile",
        "/settings/history", "/settings/sharing",
    ),
    "urgent": ("/", "/today/follow-up", "/exercises", "/progress", "/plan", "/plan/again", "/patterns"),
}  # fmt: skip


@dataclass
class Folk:
    """The people of the walk; a stranger is nobody."""

    people: dict[str, User | None]
    entry: Entry
    day: date

    def pages(self, who: str) -> list[str]:
        """Return the addresses that this person opens."""
        return [path.format(entry=self.entry.pk, day=self.day.isoformat()) for path in PAGES[who]]


def folk(harbour: Clinic, ben: User) -> Folk:
    """Return people in every state that a patient can be in."""
    now = timezone.now()
    today = now.astimezone(LONDON).date()
    newcomer = factories.user(email="new@example.org", name="New")
    first = factories.patient(email="dee@example.org", name="Dee", of=harbour)
    factories.episode(patient=first, onset_on=today - timedelta(days=4), regions=["bu-l"], pain_site="buttock")
    ada = factories.patient(email="ada@example.org", name="Ada", of=harbour)
    entry = _weeks_of_diary(ada, today=today)
    _letters(ada, ben, harbour, now=now)
    urgent = factories.patient(email="uli@example.org", name="Uli", of=harbour)
    factories.episode(patient=urgent, onset_on=today - timedelta(days=12), regions=["bu-r"], pain_site="buttock")
    record_entry(
        urgent,
        uuid.uuid4(),
        {
            "occurred_on": today.isoformat(),
            "recorded_at": now.isoformat(),
            "recorded_zone": "Europe/London",
            "observations": {**QUIET, "saddle": "new", "saddle_since_days": 0},
        },
        now=now,
    )
    people = {"stranger": None, "newcomer": newcomer, "first": first, "usual": ada, "urgent": urgent}
    return Folk(people=people, entry=entry, day=entry.occurred_on)


def _weeks_of_diary(ada: User, *, today: date) -> Entry:
    """Give Ada a month with a gap, a late answer, an event and exercises; return one of her entries."""
    PatientProfile.objects.filter(user=ada).update(history_asked_at=timezone.now() - timedelta(days=40))
    episode = factories.episode(
        patient=ada, onset_on=today - timedelta(days=31), regions=["bu-l", "th-l", "lb-l"], pain_site="buttock",
        pain_side="left",
    )  # fmt: skip
    entry = None
    for ago in [*range(28, 14, -1), *range(9, 0, -1)]:
        on = today - timedelta(days=ago)
        answers: dict[str, Any] = {**QUIET, "pain_buttock": ago // 5 + 2, "pain_back": 3, "weakness": int(ago > 20)}
        answers |= {"visit_seen": "gp"} if ago == 6 else {}
        late = datetime(on.year, on.month, on.day, 9, tzinfo=UTC) + timedelta(days=1) if ago == 4 else None
        entry = factories.entry(episode=episode, on=on, observations=answers, received_at=late)
    assert entry is not None
    factories.programme(patient=ada, as_of=today - timedelta(days=14))
    results = [{"exercise": "EX-05", "during": 1}]
    factories.exercise_session(patient=ada, on=today - timedelta(days=2), results=results, felt="fine")
    return entry


def _letters(ada: User, ben: User, harbour: Clinic, *, now: datetime) -> None:
    asked = uuid.uuid4()
    conversations.send(ada, asked, "May I swim with this?", now=now - timedelta(days=3))
    conversations.reply(ben, ada, harbour, uuid.uuid4(), "Yes, as far as it feels right.", seen=1, now=now)


@contextmanager
def still_phone(browser: Browser, args: dict[str, Any], url: str) -> Iterator[BrowserContext]:
    """Give a phone without a service worker: each page comes fresh, and nothing moves."""
    opened = browser.new_context(**{**args, "service_workers": "block", "reduced_motion": "reduce"}, base_url=url)
    opened.set_default_timeout(30_000)
    yield opened
    opened.close()


def walk(page: Page, who: str, everybody: Folk) -> Iterator[str]:
    """Open page after page of one person, each as it stands once its script has run."""
    for path in everybody.pages(who):
        page.goto(path)
        page.locator("h1:visible, h1.visually-hidden").first.wait_for(state="attached")
        if path in {"/check-in", "/exercises/session"}:
            page.locator('[data-screen]:visible:not([data-screen="loading"])').first.wait_for()
        yield path


def open_for(context: BrowserContext, person: User | None, url: str) -> Page:
    """Return a page of a browser in which the person, if any, is signed in."""
    context.clear_cookies()
    if person is not None:
        context.add_cookies(phone.cookies_of(person, url))
    return context.new_page()


def measured(
    page: Page, width: int, *, height: int = 640, targets: bool = False, large_text: bool = False
) -> list[str]:
    """Return the faults of the page that is shown at a width."""
    page.set_viewport_size({"width": width, "height": height})
    found = page.evaluate(MEASURES, {"width": width, "targets": targets, "largeText": large_text})
    return [f"{width} px: {fault}" for fault in found]
