"""Charts and the summary in a real browser: one page on paper, legible in grey, the same numbers everywhere, a file."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from selfcare.accounts.models import Clinic, User
from selfcare.clinic import demonstration
from tests import factories
from tests.journeys import phone
from tests.web.conftest import LONDON, QUIET

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PRIVATE = {"bladder": "new", "saddle": "unsure", "low_mood_risk": True}
SCORES = [8, 8, 7, 7, 6, None, None, None, 6, 5, 5, 4, 4, 4]


@pytest.fixture
def ada(harbour: Clinic) -> User:
    """Return Ada with two weeks of entries, three days without one in the middle, and one answered a day later."""
    today = timezone.localdate(timezone=LONDON)
    ada = factories.patient(email="ada@example.org", name="Ada", of=harbour)
    episode = factories.episode(patient=ada, onset_on=today - timedelta(days=20), regions=["bu-l", "lb-l"])
    for ago, score in enumerate(reversed(SCORES)):
        if score is None:
            continue
        on = today - timedelta(days=ago)
        at = datetime(on.year, on.month, on.day, 18, tzinfo=UTC) + timedelta(days=1 if ago == 4 else 0)
        given = {**QUIET, "pain_leg": score, "pain_back": score - 1, "pain_avg": score, "interference": score - 2}
        factories.entry(episode=episode, on=on, observations=given | (PRIVATE if ago == 9 else {}), received_at=at)
    return ada


@pytest.fixture
def page(ada: User, phone_of: Callable[[User], Page]) -> Page:
    """Return Ada's phone."""
    return phone_of(ada)


def pages(printed: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", printed))


@pytest.mark.parametrize("paper", ["A4", "Letter"])
@pytest.mark.parametrize("path", ["/progress/summary", "/progress/summary?chosen=1&hide=1"])
def test_the_summary_is_one_page(page: Page, tmp_path: Path, paper: str, path: str) -> None:
    page.goto(path)

    assert pages(page.pdf(path=tmp_path / "summary.pdf", format=paper)) == 1


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_a_summary_of_many_weeks_is_one_page_too(phone_of: Callable[[User], Page], tmp_path: Path, paper: str) -> None:
    demonstration.load(now=timezone.now())
    page = phone_of(User.objects.get(email="una@example.org"))
    page.goto("/progress/summary")

    assert pages(page.pdf(path=tmp_path / "summary.pdf", format=paper)) == 1


def test_points_table_and_api_tell_the_same_numbers(page: Page) -> None:
    page.goto("/progress/pain")
    drawn = page.eval_on_selector_all(
        "svg .panel.leg circle", "all => all.map(({ dataset }) => [dataset.on, Number(dataset.value)])"
    )
    rows = page.locator("table").last.locator("tbody tr")
    head = page.locator("table").last.locator("thead th").all_inner_texts()
    column = next(n for n, name in enumerate(head) if name.startswith(("Leg", "Buttock or leg")))
    told = [float(rows.nth(n).locator("th, td").nth(column).inner_text()) for n in range(rows.count())]
    entries = page.evaluate(
        "() => fetch('/api/v1/entries').then((answer) => answer.json()).then(({ entries }) => entries)"
    )

    known = sorted((one["occurred_on"], float(one["observations"]["pain_leg"])) for one in entries)

    assert len(drawn) == sum(score is not None for score in SCORES)
    assert [tuple(point) for point in drawn] == known
    assert list(reversed(told)) == [value for _on, value in known]


def test_no_line_joins_the_days_around_a_gap(page: Page) -> None:
    page.goto("/progress/pain")
    gap = page.evaluate("""() => {
        const xs = [...document.querySelectorAll("svg .panel.leg circle")].map((dot) => Number(dot.getAttribute("cx")));
        const wide = Math.max(...xs.slice(1).map((x, n) => x - xs[n]));
        return xs.slice(1).map((x, n) => [xs[n], x]).find(([from, to]) => to - from === wide);
    }""")
    lines = page.eval_on_selector_all("svg .panel.leg polyline", "all => all.map((one) => one.getAttribute('points'))")

    ends = [[float(point.split(",")[0]) for point in line.split()] for line in lines]

    assert len(ends) == 2
    assert not any(xs[0] <= gap[0] and xs[-1] >= gap[1] for xs in ends)


def test_series_are_told_apart_without_colour(page: Page, pictures: Path | None) -> None:
    page.goto("/progress/pain")
    page.context.new_cdp_session(page).send("Emulation.setEmulatedVisionDeficiency", {"type": "achromatopsia"})
    phone.picture(page, pictures, "charts-in-grey")
    style = """name => {
        const panel = document.querySelector(`svg .panel.${name}`);
        const line = getComputedStyle(panel.querySelector("polyline"));
        return [panel.querySelector(".panel-name").textContent, line.strokeDasharray];
    }"""

    (leg, plain), (back, dashed) = page.evaluate(style, "leg"), page.evaluate(style, "back")

    assert leg != back
    assert plain != dashed
    late = page.locator("svg .panel.leg circle.late")
    assert late.count() == 1
    assert late.evaluate("dot => getComputedStyle(dot).fill") != late.evaluate("dot => getComputedStyle(dot).stroke")


def test_the_file_holds_what_is_on_the_paper_and_nothing_that_was_left_out(page: Page, ada: User) -> None:
    page.goto("/progress/summary?chosen=1&hide=1")
    page.evaluate("navigator.canShare = undefined")

    with page.expect_download() as download:
        page.get_by_role("button", name=re.compile("as a file")).tap()

    kept = Path(download.value.path()).read_text(encoding="utf-8")
    assert download.value.suggested_filename == "summary.html"
    assert ada.name in kept
    assert "left out at the patient's wish" in kept
    assert "peeing" not in kept
    assert "<svg" in kept
    assert "<script" not in kept
    assert "csrf" not in kept
