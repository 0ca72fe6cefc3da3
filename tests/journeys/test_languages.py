"""A phone in another language: chosen once, kept whole, and with the red flag card when there is no network."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from selfcare.accounts.models import Clinic, User
from selfcare.triage import catalogue, languages
from selfcare.web import version
from tests.journeys import diaries, phone
from tests.languages import pseudo

pytestmark = [pytest.mark.browser, pytest.mark.reads, pytest.mark.django_db(transaction=True)]

KEPT_IN = """async (language) => {
  const cache = await caches.open((await caches.keys()).find((name) => name.startsWith("selfcare-")));
  return (await (await cache.match("/-/language"))?.text()) === language;
}"""
# What is kept, by its path: the language of a page, of the catalogue, or nothing.
LANGUAGES_KEPT = """async () => {
  const cache = await caches.open((await caches.keys()).find((name) => name.startsWith("selfcare-")));
  const spoken = async (request) => {
    const text = await (await cache.match(request)).text();
    const path = new URL(request.url).pathname;
    return [path, path.endsWith("/catalogue") ? JSON.parse(text).language : /<html lang="([^"]*)"/.exec(text)?.[1]];
  };
  return Object.fromEntries(await Promise.all((await cache.keys()).map(spoken)));
}"""
# A wide table scrolls by itself.
WIDER = """() => [...document.querySelectorAll("body *")].filter((one) => one.offsetParent
    && (one.getBoundingClientRect().left < -1 || one.getBoundingClientRect().right > innerWidth + 1)
    && !one.closest(".visually-hidden, .skip, table")).map((one) => one.outerHTML.slice(0, 80)).slice(0, 3)"""
LEFT_OF = """([one, other]) => document.querySelector(one).getBoundingClientRect().left
    < document.querySelector(other).getBoundingClientRect().left"""


@pytest.fixture
def ada(harbour: Clinic) -> User:
    """Return Ada, who keeps her diary every day."""
    today = timezone.now().astimezone(diaries.LONDON).date()
    return diaries.usual_patient(harbour, today=today, regions=["bu-l"])


@pytest.fixture
def in_spanish(ada: User, phone_of: Callable[[User], Page], monkeypatch: pytest.MonkeyPatch) -> Page:
    """Return Ada's phone after she has chosen Spanish, with everything kept."""
    monkeypatch.setattr(languages, "offered", lambda: ("en-gb", "es"))
    page = phone_of(ada)
    page.goto("/settings")
    phone.wait_for_worker(page)
    page.locator('button[name="language"][value="es"]').tap()
    page.wait_for_selector('html[lang="es"]')
    phone.wait_until(page, KEPT_IN, "es")
    return page


def test_a_red_flag_is_told_in_spanish_without_a_network(in_spanish: Page, pictures: Path | None) -> None:
    content = catalogue.current().spoken_in("es")
    page = in_spanish
    page.goto("/check-in")
    page.locator('[data-screen^="step:"]:visible').first.wait_for()
    page.context.set_offline(True)
    page.goto("/check-in")
    asked = page.locator('[data-screen="step:toilet"]')
    asked.wait_for(state="visible")
    phone.picture(page, pictures, "es-question")
    phone.tap_answer(page, "toilet", "yes")
    phone.tap_answer(page, "bladder", "new_days")

    card = page.locator('[data-screen="advice:now_cauda_equina"]')
    card.wait_for(state="visible")

    phone.picture(page, pictures, "es-card")
    wanted = content.card("now_cauda_equina", "GB")
    assert page.locator("html").get_attribute("lang") == "es"
    assert wanted["title"] in card.inner_text()
    assert card.locator('a[href="tel:999"]').first.inner_text().strip() == content.call.format(number="999")
    for line in wanted["do"]:
        assert line in card.inner_text()


def test_everything_that_is_kept_speaks_the_same_language(in_spanish: Page) -> None:
    kept = in_spanish.evaluate(LANGUAGES_KEPT)

    spoken = {path: kept.get(path) for path in (*version.PAGES, version.CATALOGUE)}
    assert set(spoken.values()) == {"es"}
    assert {language for language in kept.values() if language} == {"es"}


def test_the_chosen_language_outlives_signing_out(in_spanish: Page) -> None:
    page = in_spanish
    page.goto("/settings")
    page.locator("form[data-sign-out] > button:not([type])").tap()
    page.wait_for_url("**/")

    assert page.locator("html").get_attribute("lang") == "es"
    page.goto("/help-now/now")
    assert page.locator("html").get_attribute("lang") == "es"


def test_without_a_network_a_change_of_language_waits_whole(
    ada: User, phone_of: Callable[[User], Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(languages, "offered", lambda: ("en-gb", "es"))
    page = phone_of(ada)
    page.goto("/settings")
    phone.wait_for_worker(page)
    phone.wait_until(page, KEPT_IN, "en-gb")
    # One page cannot be fetched: nothing of the new language may be put away.
    page.context.route("**/help-now/today", lambda route: route.abort())
    page.locator('button[name="language"][value="es"]').tap()
    page.wait_for_selector('html[lang="es"]')
    page.evaluate("""async () => {
      const { active } = await navigator.serviceWorker.ready;
      const { port1, port2 } = new MessageChannel();
      const done = new Promise((resolve) => (port1.onmessage = resolve));
      active.postMessage({ type: "choices", choices: { language: "es" } }, [port2]);
      await done;
    }""")

    kept = page.evaluate(LANGUAGES_KEPT)

    assert {kept[path] for path in (*version.PAGES, version.CATALOGUE)} == {"en-gb"}


@pytest.fixture
def from_the_right(ada: User, phone_of: Callable[[User], Page], monkeypatch: pytest.MonkeyPatch, settings: Any) -> Page:
    """Return Ada's phone, 320 pixels wide, in a language that runs from right to left and has long words."""
    pseudo.speak(monkeypatch, settings)
    monkeypatch.setattr(languages, "offered", lambda: ("en-gb", pseudo.FROM_THE_RIGHT))
    page = phone_of(ada)
    page.set_viewport_size({"width": 320, "height": 568})
    page.goto("/offline")
    page.context.add_cookies([{"name": "language", "value": pseudo.FROM_THE_RIGHT, "url": page.url}])
    return page


@pytest.mark.parametrize(
    "path",
    ["/", "/settings", "/settings/reminders", "/diary", "/check-in/start", "/progress", "/progress/pain", "/plan",
     "/plan/weeks/1", "/learn", "/learn/scans", "/help-now/countries", "/set-up/episode", "/exercises", "/patterns",
     "/today/follow-up", "/account/login/"],
)  # fmt: skip
def test_nothing_is_wider_than_a_small_phone_from_right_to_left(
    from_the_right: Page, path: str, pictures: Path | None
) -> None:
    page = from_the_right
    page.goto(path)
    phone.picture(page, pictures, f"rtl{path.replace('/', '-')}")

    assert page.locator("html").get_attribute("dir") == "rtl"
    assert page.evaluate("document.documentElement.scrollWidth") <= 320, page.evaluate(WIDER)
    assert page.evaluate(WIDER) == []


def test_the_page_is_mirrored_and_the_body_and_the_charts_are_not(from_the_right: Page) -> None:
    page = from_the_right
    page.goto("/set-up/episode")
    assert page.evaluate(LEFT_OF, [".at-bu-l", ".at-bu-r"])
    assert page.evaluate(LEFT_OF, [".help-link", ".brand"])

    page.goto("/progress/pain")
    directions = "() => [...document.querySelectorAll('.chart svg')].map((one) => getComputedStyle(one).direction)"
    assert set(page.evaluate(directions)) == {"ltr"}
