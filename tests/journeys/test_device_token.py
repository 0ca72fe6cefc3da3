"""What waits on a phone arrives although the sign-in has run out, and the phone learns nothing by it."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import BrowserContext, Page

from selfcare.accounts.models import Clinic, Device, User
from selfcare.diary.models import Entry
from selfcare.triage.models import Alert
from tests import factories
from tests.journeys import phone
from tests.journeys.test_checkin_phone import begin, context, report_saddle, sent_from_phone, usual  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# The names in one store of the phone; null while the app has not made its database yet.
NAMES_IN = """async (store) => {
    if (!(await indexedDB.databases()).some(({ name }) => name === "selfcare")) return null;
    const request = indexedDB.open("selfcare");
    await new Promise((resolve) => (request.onsuccess = resolve));
    const names = request.result.transaction(store).objectStore(store).getAllKeys();
    await new Promise((resolve) => (names.onsuccess = resolve));
    request.result.close();
    return names.result;
}"""
HAS_TOKEN = f"async () => ((await ({NAMES_IN})('sealed')) ?? []).some((name) => name.startsWith('device:'))"
ALL_SENT = f"async () => (await ({NAMES_IN})('outbox'))?.length === 0"


def left_with_an_answer(context: BrowserContext, *, token: bool = True) -> Page:  # noqa: F811
    """Return the phone: Ada has a token, answered without a network, and her session has been deleted on the server."""
    home = context.new_page()
    home.goto("/")
    phone.wait_until(home, HAS_TOKEN)
    phone.wait_for_worker(home)
    if not token:
        Device.objects.update(token_sha256=None)
    home.close()
    page = begin(context)
    phone.wait_for_worker(page)
    context.set_offline(True)
    report_saddle(page)
    phone.screen(page, "advice:now_cauda_equina").locator('[data-kept="phone"]').wait_for(state="visible")
    Session.objects.all().delete()
    return page


def test_an_answer_arrives_after_the_session_has_ended_and_the_clinic_is_told(
    context: BrowserContext,  # noqa: F811
    usual: User,  # noqa: F811
) -> None:
    page = left_with_an_answer(context)
    told: list[str] = []
    page.on("response", lambda one: told.append(one.text()) if one.request.method == "PUT" else None)

    context.set_offline(False)
    page.goto("/")
    phone.wait_until(page, ALL_SENT)

    (entry,) = sent_from_phone(usual)
    assert Alert.objects.filter(patient=usual, tier="emergency", entry_id=entry.pk).exists()
    assert all(set(text) and "tier" not in text and "emergency" not in text for text in told)
    assert page.locator("main h1").inner_text() == "Keep a short diary. Know when to get help."
    assert usual.name not in page.content()


def test_without_a_token_the_landing_page_says_that_the_answers_are_safe(
    context: BrowserContext,  # noqa: F811
    usual: User,  # noqa: F811
    pictures: Any,
) -> None:
    page = left_with_an_answer(context, token=False)

    context.set_offline(False)
    page.goto("/")

    page.locator("[data-unsent-signed-out]").wait_for(state="visible")
    phone.picture(page, pictures, "90-signed-out-with-answers")
    assert "You have been signed out to keep your answers private." in page.locator("[data-unsent]").inner_text()
    assert sent_from_phone(usual) == []
    # A token that the server does not take any more is not tried again.
    phone.wait_until(page, f"async () => !(await ({HAS_TOKEN})())")


def test_the_landing_page_says_nothing_of_answers_where_none_wait(context: BrowserContext) -> None:  # noqa: F811
    Session.objects.all().delete()
    page = context.new_page()

    page.goto("/")
    phone.wait_for_worker(page)

    assert not page.locator("[data-unsent]").is_visible()


def test_answers_of_ada_are_handed_in_as_ada_s_while_somebody_else_is_signed_in(
    context: BrowserContext,  # noqa: F811
    usual: User,  # noqa: F811
    harbour: Clinic,
    live_server: Any,
) -> None:
    eve = factories.patient(email="eve@example.org", name="Eve", of=harbour)
    factories.episode(patient=eve)
    page = left_with_an_answer(context)
    context.set_offline(False)
    client = factories.log_in(Client(), eve, second_factor=False)
    name = next(iter(client.cookies))
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])

    page.goto("/")
    phone.wait_until(page, ALL_SENT)

    assert len(sent_from_phone(usual)) == 1
    assert not Entry.objects.filter(patient=eve).exists()


def test_signing_out_takes_the_token_from_the_phone_and_from_the_server(
    context: BrowserContext,  # noqa: F811
    live_server: Any,
) -> None:
    page = context.new_page()
    page.goto("/")
    phone.wait_until(page, HAS_TOKEN)
    assert Device.objects.filter(token_sha256__isnull=False).count() == 1
    page.goto("/settings")
    phone.wait_for_worker(page)

    page.locator("form[data-sign-out] button:not([type=button])").tap()
    page.wait_for_url(f"{live_server.url}/")

    assert not Device.objects.exists()
    assert not page.evaluate(HAS_TOKEN)
