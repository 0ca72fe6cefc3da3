"""The check-in on a phone that is shared, impatient, offline or open twice: nothing lost, doubled or left behind."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page

from selfcare.accounts import profiles
from selfcare.accounts.models import Clinic, User
from selfcare.diary.models import Entry
from selfcare.triage.models import Alert
from selfcare.web import bodymap, flow, places, plan, version
from tests import factories
from tests.journeys import phone
from tests.web.conftest import QUIET

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NOW = datetime(2026, 3, 29, 18, tzinfo=UTC)
OTHER_FLAGS = ["pregnant", "periods", "review_open", "wanted:night_pain", "unknown:bladder", "unknown:both_legs"]
BASELINE = {
    "osteoporosis": True, "age": 71, "trauma": "minor", "cancer_history": True, "diabetes": True, "postpartum_weeks": 3,
    "back_pain_before_45": True, "uveitis_history": True, "anticoagulant": True,
}  # fmt: skip
TOLD: dict[str, list[Any]] = {
    "bowel": ["unsure", "none"], "saddle": ["unsure"], "weakness": [0, 1, 2], "numbness": [0, 1], "pain_avg": [3, 8],
    "night_pain": ["constant", "none"], "trauma": ["minor", "none"], "walk_pain": ["eases_standing_still"],
    "pain_side": ["left", "right"], "morning_stiffness_min": [0, 30], "better_moving": [True, False],
    "review_step": ["not_yet", "booked"], "cannot_bear_weight": [True, False], "low_mood_risk": [False],
    "pain_buttock": [0, 4, 8], "pain_leg": [2, 5], "pain_back": [1, 9], "places": [["bu-l", "ca-r"], ["lb-l"], []],
    "flare": [True], "medicine_started": ["anticoagulant", "opioid", "other"],
}  # fmt: skip

# Everything the browser keeps for this site, as text: what a curious person would find on the phone.
DUMP = """async () => {
    const found = { local: { ...localStorage }, session: { ...sessionStorage }, caches: {}, databases: {} };
    for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const request of await cache.keys()) {
            found.caches[request.url] = await (await cache.match(request)).text();
        }
    }
    const plain = (value) => JSON.stringify(value, (_, one) =>
        one instanceof ArrayBuffer ? new TextDecoder("latin1").decode(one) : one);
    for (const { name, version } of await indexedDB.databases()) {
        const database = await new Promise((resolve) => {
            const request = indexedDB.open(name, version);
            request.onsuccess = () => resolve(request.result);
        });
        for (const store of database.objectStoreNames) {
            const all = database.transaction(store).objectStore(store).getAll();
            await new Promise((resolve) => (all.onsuccess = resolve));
            found.databases[`${name}/${store}`] = all.result.map(plain);
        }
        database.close();
    }
    return JSON.stringify(found);
}"""


@pytest.fixture
def usual(ada: User) -> User:
    """Return Ada after five quiet days: today she gets the short form."""
    today = timezone.now().astimezone(ZoneInfo("Europe/London")).date()
    episode = factories.episode(patient=ada, onset_on=today - timedelta(days=12), regions=["bu-l"])
    for ago in range(5, 0, -1):
        factories.entry(episode=episode, on=today - timedelta(days=ago), observations=dict(QUIET))
    return ada


@pytest.fixture
def context(
    usual: User, browser: Browser, browser_context_args: dict[str, Any], live_server: Any
) -> Iterator[BrowserContext]:
    """Return Ada's phone."""
    context = phone.signed_in(browser, live_server.url, usual, args=browser_context_args)
    yield context
    context.close()


def sent_from_phone(person: User) -> list[Entry]:
    return list(Entry.objects.filter(patient=person).exclude(app_version__in=["", "pages"]).order_by("received_at"))


def begin(context: BrowserContext) -> Page:
    page = context.new_page()
    page.goto("/check-in")
    phone.screen(page, "step:toilet").wait_for(state="visible")
    return page


def report_saddle(page: Page) -> None:
    phone.tap_answer(page, "toilet", "no_change")
    phone.tap_answer(page, "between", "yes")
    phone.tap_answer(page, "saddle", "new_days")


def test_the_card_is_there_although_the_server_never_answers(context: BrowserContext) -> None:
    page = begin(context)
    page.route("**/api/v1/entries/**", lambda route: None)

    report_saddle(page)

    phone.screen(page, "advice:now_cauda_equina").locator('a[href="tel:999"]').wait_for(state="visible", timeout=1000)


def test_the_card_is_there_although_the_rules_never_come(
    usual: User, browser: Browser, browser_context_args: dict[str, Any], live_server: Any
) -> None:
    args = {**browser_context_args, "service_workers": "block"}
    context = phone.signed_in(browser, live_server.url, usual, args=args)
    page = context.new_page()
    page.route("**/api/v1/catalogue", lambda route: None)
    page.goto("/check-in")
    phone.screen(page, "step:toilet").wait_for(state="visible")

    report_saddle(page)

    phone.screen(page, "tier:emergency").locator('a[href="tel:999"]').wait_for(state="visible", timeout=1000)
    context.close()


def test_an_answer_given_offline_is_sent_once_when_the_network_is_back(context: BrowserContext, usual: User) -> None:
    page = begin(context)
    phone.wait_for_worker(page)
    context.set_offline(True)
    report_saddle(page)
    phone.screen(page, "advice:now_cauda_equina").locator('[data-kept="phone"]').wait_for(state="visible")
    assert sent_from_phone(usual) == []

    context.set_offline(False)
    page.goto("/")
    page.locator("[data-unsent]").wait_for(state="hidden")
    page.reload()
    page.wait_for_timeout(300)

    stored = sent_from_phone(usual)
    assert [entry.observations for entry in stored] == [
        {"bladder": "none", "bowel": "none", "saddle": "new", "saddle_since_days": 1}
    ]
    assert Alert.objects.filter(patient=usual, rule_id="RF-CES-03").count() == 1


def test_the_card_says_that_the_answer_was_sent_when_the_network_is_back(context: BrowserContext, usual: User) -> None:
    page = begin(context)
    phone.wait_for_worker(page)
    context.set_offline(True)
    report_saddle(page)
    card = phone.screen(page, "advice:now_cauda_equina")
    card.locator('[data-kept="phone"]').wait_for(state="visible")

    context.set_offline(False)

    card.locator('[data-kept="sent"]').wait_for(state="visible")
    assert len(sent_from_phone(usual)) == 1


def test_the_card_says_that_the_answer_was_sent_by_another_tab(context: BrowserContext, usual: User) -> None:
    page = begin(context)
    page.route("**/api/v1/entries/**", lambda route: route.abort())
    report_saddle(page)
    card = phone.screen(page, "advice:now_cauda_equina")
    card.locator('[data-kept="phone"]').wait_for(state="visible")

    context.new_page().goto("/diary")

    card.locator('[data-kept="sent"]').wait_for(state="visible")
    assert len(sent_from_phone(usual)) == 1


def test_an_unsent_answer_outlives_the_tab(context: BrowserContext, usual: User) -> None:
    page = begin(context)
    phone.wait_for_worker(page)
    context.set_offline(True)
    report_saddle(page)
    phone.screen(page, "advice:now_cauda_equina").locator('[data-kept="phone"]').wait_for(state="visible")
    page.close()

    context.set_offline(False)
    context.new_page().goto("/")

    context.pages[0].locator("[data-unsent]").wait_for(state="hidden")
    context.pages[0].wait_for_timeout(500)
    assert len(sent_from_phone(usual)) == 1


def test_a_half_filled_check_in_is_there_again_after_closing(context: BrowserContext) -> None:
    page = begin(context)
    phone.tap_answer(page, "toilet", "no_change")
    phone.screen(page, "step:between").wait_for(state="visible")
    page.wait_for_timeout(200)
    page.close()

    page = context.new_page()
    page.goto("/check-in")

    phone.screen(page, "step:between").wait_for(state="visible")


def test_a_double_tap_answers_one_question(context: BrowserContext) -> None:
    page = begin(context)
    page.wait_for_timeout(phone.BETWEEN_TAPS_MS)

    page.evaluate(
        """() => {
            document.querySelector('[data-screen="step:toilet"] button[value="no_change"]').click();
            document.querySelector('[data-screen="step:between"] button[value="no_change"]').click();
        }"""
    )

    assert phone.shown_step(page) == "between"


def test_a_second_tab_does_not_start_a_second_entry(context: BrowserContext) -> None:
    begin(context)

    second = context.new_page()
    second.goto("/check-in")

    phone.screen(second, "other-tab").wait_for(state="visible")


def test_the_second_tab_can_take_over_and_the_first_says_so(context: BrowserContext, usual: User) -> None:
    first = begin(context)
    phone.tap_answer(first, "toilet", "no_change")
    first.wait_for_timeout(200)
    second = context.new_page()
    second.goto("/check-in")

    phone.screen(second, "other-tab").locator("button").tap()

    phone.screen(second, "step:between").wait_for(state="visible")
    phone.screen(first, "taken-over").wait_for(state="visible")


def test_back_shows_the_answer_that_was_given(context: BrowserContext) -> None:
    page = begin(context)
    phone.tap_answer(page, "toilet", "no_change")
    phone.screen(page, "step:between").wait_for(state="visible")

    page.go_back()

    asked = phone.screen(page, "step:toilet")
    asked.wait_for(state="visible")
    assert asked.locator("[data-earlier]").inner_text() == "You chose: No change."


def test_a_session_that_is_over_keeps_the_answers_and_asks_to_sign_in(context: BrowserContext, usual: User) -> None:
    page = begin(context)
    context.clear_cookies()

    report_saddle(page)
    phone.screen(page, "advice:now_cauda_equina").locator('[data-kept="phone"]').wait_for(state="visible")
    page.goto("/")

    page.locator("[data-unsent-signed-out]").wait_for(state="visible")
    assert sent_from_phone(usual) == []


def test_what_waits_is_not_readable_on_the_phone(context: BrowserContext) -> None:
    page = begin(context)
    phone.wait_for_worker(page)
    context.set_offline(True)
    report_saddle(page)
    phone.screen(page, "advice:now_cauda_equina").locator('[data-kept="phone"]').wait_for(state="visible")

    databases = json.loads(page.evaluate(DUMP))["databases"]

    assert len(databases["selfcare/outbox"]) == 1
    assert "saddle" not in json.dumps(databases)
    assert "night_pain" not in json.dumps(databases)


def test_the_cache_holds_nothing_about_anybody(context: BrowserContext, usual: User) -> None:
    page = begin(context)
    phone.wait_for_worker(page)
    for path in ("/", "/diary", "/settings"):
        page.goto(path)

    caches = json.loads(page.evaluate(DUMP))["caches"]

    paths = {url.split("/", 3)[3] for url in caches}
    assert {"help-now", "check-in", "offline"} <= paths
    assert not paths & {"", "diary", "settings", "check-in/context"}
    assert str(usual.pk) not in json.dumps(caches)
    assert usual.name not in json.dumps(caches)


def test_after_signing_out_nothing_of_ada_is_left_for_the_next_person(
    context: BrowserContext, usual: User, harbour: Clinic, browser: Browser, live_server: Any
) -> None:
    page = begin(context)
    phone.answer_all(page, scores={"interference": 3, "pain_buttock": 4})
    phone.screen(page, "saved").locator('[data-kept="sent"]').wait_for(state="visible")
    page.goto("/settings")

    page.locator("form[data-sign-out] button:not([type=button])").tap()
    page.wait_for_url(f"{live_server.url}/")
    page.wait_for_timeout(500)

    left = page.evaluate(DUMP)
    assert str(usual.pk) not in left
    assert all(not rows for rows in json.loads(left)["databases"].values())
    page.goto("/check-in")
    phone.screen(page, "sign-in").wait_for(state="visible")


def test_signing_out_warns_of_answers_that_were_not_sent(context: BrowserContext) -> None:
    page = begin(context)
    phone.wait_for_worker(page)
    page.route("**/api/v1/entries/**", lambda route: route.abort())
    report_saddle(page)
    phone.screen(page, "advice:now_cauda_equina").locator('[data-kept="phone"]').wait_for(state="visible")

    page.goto("/settings")

    page.locator("[data-unsent-warning]").wait_for(state="visible")
    assert "deletes it from this phone" in page.locator("[data-unsent-warning]").inner_text()


def test_ada_s_unsent_answers_are_not_sent_as_somebody_else_s(
    context: BrowserContext, usual: User, harbour: Clinic, live_server: Any
) -> None:
    eve = factories.patient(email="eve@example.org", name="Eve", of=harbour)
    factories.episode(patient=eve)
    page = begin(context)
    page.route("**/api/v1/entries/**", lambda route: route.abort())
    with page.expect_event("requestfailed"):
        report_saddle(page)
    page.unroute("**/api/v1/entries/**")
    become(context, eve, live_server.url)

    page.goto("/")
    page.locator("[data-send-now]").tap()
    page.wait_for_timeout(800)

    assert sent_from_phone(eve) == []
    assert "of another person" in page.locator("[data-unsent-list]").inner_text()


def test_signed_out_offline_the_emergency_page_still_calls(context: BrowserContext) -> None:
    page = begin(context)
    phone.wait_for_worker(page)
    context.clear_cookies()
    context.set_offline(True)

    page.goto("/help-now")

    assert page.locator('main a[href="tel:999"]').first.is_visible()


def test_a_page_that_needs_the_network_says_what_works_without_it(context: BrowserContext) -> None:
    page = begin(context)
    phone.wait_for_worker(page)
    context.set_offline(True)

    page.goto("/diary")

    assert page.locator("main h1").inner_text() == "You are offline"
    assert page.locator('main a[href="/check-in"]').first.is_visible()


def test_a_new_version_waits_for_the_person_and_keeps_the_draft(
    context: BrowserContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = begin(context)
    phone.wait_for_worker(page)
    page.reload()
    phone.tap_answer(page, "toilet", "no_change")
    phone.screen(page, "step:between").wait_for(state="visible")
    monkeypatch.setattr(version, "current", lambda: "next")

    page.evaluate("navigator.serviceWorker.getRegistration().then((one) => one.update())")
    page.locator("#update-strip").wait_for(state="visible")
    assert phone.shown_step(page) == "between"
    with page.expect_navigation():
        page.locator("#update-now").tap()

    phone.screen(page, "step:between").wait_for(state="visible")
    assert page.evaluate("caches.keys()") == ["selfcare-next"]


def test_the_plan_runs_alike_on_the_phone_and_on_the_server(context: BrowserContext) -> None:
    """Random answers through both twins of the flow: the same steps, the same observations, the same waiting."""
    from_server = twin_cases(300)
    page = begin(context)

    from_phone = page.evaluate(
        """async (cases) => {
            const flow = await import("/static/web/js/flow.js");
            const places = await import("/static/web/js/places.js");
            const { plan } = JSON.parse(document.getElementById("plan").textContent);
            return cases.map(({ state, entries, on, baseline, now, map }) => ({
                places: places.current(entries, map.regions),
                sites: places.flags(map.areas, { entries, everySite: map.every, oneScore: map.one }),
                rises: places.rises(entries),
                map: places.answer(map.marked),
                again_for_map: places.askedAgain(places.answer(map.marked), state.given),
                cleaned: places.cleaned(map.marked),
                medicines: flow.medicinesStarted(entries),
                due: flow.due(plan, { ...state, baseline, entries, on }),
                again: flow.unsureAgain(entries, new Date(now)),
                steps: flow.sequence(plan, state).map(({ id }) => id),
                next: flow.nextStep(plan, state)?.id ?? null,
                waits: flow.waits(plan, state),
                observations: flow.observations(plan, state),
                mode: flow.modeFor(entries, on),
            }));
        }""",
        [case["given"] for case in from_server],
    )

    assert from_phone == [case["expected"] for case in from_server]


def twin_cases(count: int) -> list[dict[str, Any]]:
    """Return random check-ins with what the server's half of the twin makes of them."""
    chance = random.Random(7)
    steps = plan.check_in()
    cases = []
    for _ in range(count):
        on = date(2026, 3, 29)
        entries = random_entries(chance, on)
        marked = random_map(chance)
        areas, every, one = marked["places"], chance.random() < 0.3, chance.random() < 0.2
        sites = places.flags(areas, entries=entries, every_site=every, one_score=one)
        flags = [chance.choice(["intimate", "no_intimate"]), *sites, *places.rises(entries)]
        flags += [name for name in OTHER_FLAGS if chance.random() < 0.3]
        mode = chance.choice([flow.SHORT, flow.LONG, *flow.CHOSEN])
        baseline = {key: value for key, value in BASELINE.items() if chance.random() < 0.2}
        due = flow.due(steps, mode=mode, flags=flags, baseline=baseline, entries=entries, on=on)
        flags += due if chance.random() < 0.8 else []
        given: dict[str, str] = {}
        extras: dict[str, dict[str, Any]] = {}
        for _ in range(chance.randrange(16)):
            step = flow.next_step(steps, mode=mode, flags=flags, given=given)
            if step is None:
                break
            given[step["id"]] = chance.choice([*(answer["value"] for answer in step["answers"]), ""])
            extras[step["id"]] = {"weakness": {"weakness_side": "left"}, "map": places.cleaned(marked)}.get(
                step["id"], {}
            )
        last = {"weakness": chance.randrange(3)} if chance.random() < 0.7 else {}
        last |= {"places": ["bu-l"]}
        state = {"mode": mode, "flags": flags, "given": given}
        following = flow.next_step(steps, **state)
        cases.append({
            "given": {
                "state": {**state, "extras": extras, "last": last},
                "entries": [
                    {**entry, "on": entry["on"].isoformat(), "at": entry["at"].isoformat()} for entry in entries
                ],
                "on": on.isoformat(),
                "baseline": baseline,
                "now": NOW.isoformat(),
                "map": {"regions": ["lb-l"], "areas": areas, "every": every, "one": one, "marked": marked},
            },
            "expected": {
                "places": places.current(entries, ["lb-l"]),
                "sites": sites,
                "rises": places.rises(entries),
                "map": places.answer(marked),
                "again_for_map": places.asked_again(places.answer(marked), given),
                "cleaned": places.cleaned(marked),
                "medicines": medicines(entries),
                "due": flow.due(steps, mode=mode, flags=flags, baseline=baseline, entries=entries, on=on),
                "again": flow.unsure_again(entries, now=NOW),
                "steps": [step["id"] for step in flow.sequence(steps, **state)],
                "next": following["id"] if following else None,
                "waits": flow.waits(steps, **state),
                "observations": flow.observations(steps, flags=flags, given=given, extras=extras, last=last),
                "mode": flow.mode_for(entries, on=on),
            },
        })  # fmt: skip
    return cases


def random_map(chance: random.Random) -> dict[str, list[str]]:
    """Return a body map with up to four marks; what is felt may be of an area that is marked no more."""
    areas = chance.sample(sorted(bodymap.AREAS), chance.randrange(5))
    felt = {name: chance.sample(sorted(bodymap.AREAS), 2) + areas[:1] for name in places.FEELS if chance.random() < 0.4}
    return {"places": areas, **felt}


def medicines(entries: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the baseline facts that the server keeps for medicines that are new."""
    found: dict[str, Any] = {}
    for entry in entries:
        found |= profiles.MEDICINES.get(entry["values"].get("medicine_started"), {})
    return found


def random_entries(chance: random.Random, on: date) -> list[dict[str, Any]]:
    """Return up to seven entries of the last weeks, most of them quiet, with an answer here and there."""
    entries = []
    for _ in range(chance.randrange(8)):
        ago = chance.choice([0, 1, 1, 2, 3, 4, 5, 6, 7, 8, 13, 14, 20, 27, 28, 40])
        values = dict(QUIET) if chance.random() < 0.7 else {}
        values |= {key: chance.choice(told) for key, told in TOLD.items() if chance.random() < 0.2}
        at = NOW - timedelta(days=ago, minutes=chance.randrange(600))
        entries.append({"on": on - timedelta(days=ago), "at": at, "values": values})
    return sorted(entries, key=lambda entry: (entry["on"], entry["at"]))


def become(context: BrowserContext, person: User, url: str) -> None:
    """Let another person sign in on this phone while the first one's session is simply over."""
    client = factories.log_in(Client(), person)
    name = settings.SESSION_COOKIE_NAME
    context.clear_cookies()
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": url}])


def test_a_waiting_sign_that_nobody_comes_back_to_is_sent_as_it_is(context: BrowserContext, usual: User) -> None:
    page = begin(context)
    phone.tap_answer(page, "toilet", "no_change")
    phone.tap_answer(page, "between", "yes")
    phone.tap_answer(page, "saddle", "new_longer")
    phone.screen(page, "step:legs").wait_for(state="visible")
    page.wait_for_timeout(300)
    page.goto("/")
    page.locator("[data-draft]").wait_for(state="visible")
    page.wait_for_timeout(300)
    assert sent_from_phone(usual) == []

    page.evaluate(
        """async () => {
            const { handStale } = await import("/static/web/js/drafts.js");
            await handStale(new Date(Date.now() + 31 * 60 * 1000));
        }"""
    )

    assert [entry.observations["saddle"] for entry in sent_from_phone(usual)] == ["new"]


def test_a_country_chosen_on_a_kept_page_changes_the_numbers_offline_too(context: BrowserContext) -> None:
    page = begin(context)
    phone.wait_for_worker(page)
    page.goto("/help-now/countries")
    page.locator("select").select_option("IE")

    page.locator("form[data-country] button").tap()
    page.wait_for_url("**/help-now")
    context.set_offline(True)
    page.goto("/help-now/now")

    assert page.locator('main a[href^="tel:"]').first.get_attribute("href") == "tel:112"
