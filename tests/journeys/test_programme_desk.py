"""The clinician's side of a programme in a real browser: readable for everybody, and one page on paper."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from exercises import prescribing
from exercises.models import Practice, Version
from selfcare.accounts.models import User
from tests import factories
from tests.journeys import phone

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SCREENS = {"desk": {"width": 1280, "height": 800}, "phone": {"width": 360, "height": 740}}


@pytest.fixture
def deep_gluteal(ada: User, ben: User) -> User:
    """Return Ada with the whole deep gluteal plan, cleared for home."""
    today = timezone.localdate()
    about = factories.about(as_of=today, side="left")
    wanted = prescribing.from_plan("deep_gluteal", about=about)
    prescribing.prescribe(ada, wanted, pattern="deep_gluteal", by=ben, about=about, now=timezone.now())
    prescribing.publish(ada, by=ben, about=about, now=timezone.now())
    Practice.objects.update(mastery="home")
    return ada


@pytest.fixture
def page_on(browser: Browser, live_server: Any, ben: User) -> Iterator[Callable[..., Page]]:
    """Return a function that opens Ben's browser on a screen; it is closed afterwards."""
    contexts: list[BrowserContext] = []

    def opened(screen: str = "desk", **more: Any) -> Page:
        args = {"viewport": SCREENS[screen], "locale": "en-GB", "timezone_id": "Europe/London", **more}
        contexts.append(phone.signed_in(browser, live_server.url, ben, args=args))
        return contexts[-1].new_page()

    yield opened
    for context in contexts:
        context.close()


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_of_a_programme_are_for_everybody(
    deep_gluteal: User, page_on: Callable[..., Page], screen: str, scheme: str
) -> None:
    factories.exercise_session(
        patient=deep_gluteal, on=timezone.localdate(), results=[{"exercise": "EX-05", "during": 7}]
    )
    page = page_on(screen, color_scheme=scheme)

    for path in ("", "edit/", "paper/"):
        page.goto(f"/clinic/patients/{deep_gluteal.id}/programme/{path}")

        found = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}})
        assert found.violations_count == 0, found.generate_report()
        beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert beyond == 0, path


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_the_sheet_of_a_whole_plan_is_one_page(
    deep_gluteal: User, page_on: Callable[..., Page], tmp_path: Path, paper: str
) -> None:
    page = page_on()
    page.goto(f"/clinic/patients/{deep_gluteal.id}/programme/paper/")
    assert page.locator(".move").count() == 8

    printed = page.pdf(path=tmp_path / "sheet.pdf", format=paper)

    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", printed)) == 1


def test_a_change_is_written_compared_and_published_with_scripts_switched_off(
    deep_gluteal: User, page_on: Callable[..., Page]
) -> None:
    page = page_on(java_script_enabled=False)
    page.goto(f"/clinic/patients/{deep_gluteal.id}/programme/edit/")

    page.locator("#row-EX-16").get_by_label("Level").select_option("2")
    page.locator('[value="remove:EX-12"]').click()
    page.get_by_role("button", name="Save the draft and compare").click()
    expect(page.get_by_role("row", name="Bridge (EX-16)")).to_contain_text("level 2: 2 sets of 10, held 3 s")
    page.get_by_role("button", name="Publish and tell the patient").click()

    expect(page.locator(".messages")).to_contain_text("Version 2 is published.")
    version = Version.objects.get(state="published")
    assert not version.prescriptions.filter(exercise="EX-12").exists()
    assert version.prescriptions.get(exercise="EX-16").level == 2


def test_enter_in_a_field_saves_and_takes_no_exercise_out(deep_gluteal: User, page_on: Callable[..., Page]) -> None:
    page = page_on()
    page.goto(f"/clinic/patients/{deep_gluteal.id}/programme/edit/")
    page.locator("#row-EX-14 summary").click()
    page.locator("#row-EX-14").get_by_label("Sets").fill("3")
    page.locator("#row-EX-14").get_by_label("Repetitions").fill("10")

    page.locator("#row-EX-14").get_by_label("Repetitions").press("Enter")

    expect(page.get_by_role("row", name="Clam (EX-14)")).to_contain_text("own dose: 3 sets of 10")


def test_leaving_a_sheet_that_is_not_saved_asks_first(deep_gluteal: User, page_on: Callable[..., Page]) -> None:
    page = page_on()
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.goto(f"/clinic/patients/{deep_gluteal.id}/programme/edit/")
    page.locator('[value="down:EX-01"]').click()
    expect(page.get_by_text("Not saved yet.")).to_be_visible()
    # A browser asks only on behalf of a page that somebody has touched.
    page.locator("#row-EX-16").get_by_label("Level").select_option("2")

    page.get_by_role("link", name="Back to the programme").click()

    expect(page.get_by_role("heading", name="Programme editor")).to_be_visible()
    assert asked == ["beforeunload"]
