"""The phone and the server mean the same: rules.js in a real Chromium against rules.py."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route

from selfcare.triage import catalogue
from tests.triage import diaries, vectors

pytestmark = pytest.mark.browser
MODULES = Path(catalogue.__file__).parent.parent / "web" / "static" / "web" / "js"
ORIGIN = "http://twins.localhost"
# The suite plays 1,000 diaries; before a release set TWIN_DIARIES=10000.
DIARIES = int(os.environ.get("TWIN_DIARIES", "1000"))
# Cases travel as text: the bridge to the browser takes minutes over a million small values.
EVALUATE = """async ([origin, text]) => {
  const { evaluate, inform } = await import(`${origin}/rules.js`);
  const content = await (await fetch(`${origin}/catalogue.json`)).json();
  const found = ([history, asOf]) => [...evaluate(content, history, asOf), ...inform(content, history, asOf)];
  return JSON.stringify(JSON.parse(text).map(found));
}"""


# Rules have no language: a catalogue in Spanish finds the same.
LANGUAGES = ["en-gb", "es"]


@pytest.fixture(params=["en-gb"])
def twin(page: Page, request: pytest.FixtureRequest) -> Page:
    """Return a page on which the phone's modules and the catalogue of a language can be loaded."""
    content = catalogue.current().spoken_in(request.param)
    page.route(f"{ORIGIN}/**", lambda route: _serve(route, content))
    page.goto(f"{ORIGIN}/")
    return page


@pytest.mark.parametrize("twin", LANGUAGES, indirect=True)
def test_the_phone_finds_what_every_vector_expects(twin: Page) -> None:
    content = catalogue.current()
    every = list(vectors.read())
    cases = [_case(vectors.history_of(vector, content), vectors.as_of(vector)) for _, vector in every]

    found = json.loads(twin.evaluate(EVALUATE, [ORIGIN, json.dumps(cases)]))

    short = {
        name: [_in_short(one, vector) for one in each if one["rule_id"].startswith(vector["about"])]
        for (name, vector), each in zip(every, found, strict=True)
    }
    assert short == {name: vector["expect"] for name, vector in every}


def test_phone_and_server_agree_on_random_diaries_down_to_the_evidence(twin: Page) -> None:
    content = catalogue.current()
    told = ((vectors.history_of(vector, content), vectors.as_of(vector)) for _, vector in vectors.read())
    drawn = chain(told, (diaries.diary(seed, content.vocabulary) for seed in range(DIARIES)))

    for batch in _in_batches(drawn, 100):
        cases = [_case(history, as_of) for history, as_of in batch]
        phone = json.loads(twin.evaluate(EVALUATE, [ORIGIN, json.dumps(cases)]))

        found = [vectors.found_by_all(content, history, on=as_of) for history, as_of in batch]
        server = [vectors.findings_as_plain(each) for each in found]
        assert phone == json.loads(json.dumps(server))


@pytest.mark.parametrize(("twin", "language"), [(each, each) for each in LANGUAGES], indirect=["twin"])
def test_the_phone_fills_a_card_like_the_server(twin: Page, language: str) -> None:
    content = catalogue.current().spoken_in(language)
    wanted = [(advice, country) for advice in content.advices for country in (*content.regions, "XX")]
    script = """async ([origin, wanted]) => {
      const { card } = await import(`${origin}/rules.js`);
      const content = await (await fetch(`${origin}/catalogue.json`)).json();
      return wanted.map(([advice, country]) => card(content, advice, country));
    }"""

    cards = twin.evaluate(script, [ORIGIN, wanted])

    assert cards == [content.card(advice, country) for advice, country in wanted]


def test_the_phone_leaves_a_history_as_it_was(twin: Page) -> None:
    history, as_of = diaries.diary(1, catalogue.current().vocabulary)
    script = """async ([origin, [history, asOf]]) => {
      const { evaluate } = await import(`${origin}/rules.js`);
      const content = await (await fetch(`${origin}/catalogue.json`)).json();
      evaluate(content, history, asOf);
      return history;
    }"""

    after = twin.evaluate(script, [ORIGIN, _case(history, as_of)])

    assert after == _case(history, as_of)[0]


def _case(history: Any, as_of: Any) -> list[Any]:
    return [vectors.as_plain(history), as_of.isoformat()]


def _in_short(finding: dict[str, Any], vector: dict[str, Any]) -> dict[str, Any]:
    named = {"rule": "rule_id", "tier": "tier", "reason": "reason", "occasion": "occasion"}
    if any(wanted["rule"] == finding["rule_id"] and "advice" in wanted for wanted in vector["expect"]):
        named["advice"] = "advice"
    return {short: finding[name] for short, name in named.items() if finding[name] or short != "occasion"}


def _serve(route: Route, content: catalogue.Catalogue) -> None:
    path = route.request.url.removeprefix(f"{ORIGIN}/")
    if path == "catalogue.json":
        route.fulfill(body=content.phone_json, content_type="application/json")
    elif path:
        route.fulfill(path=MODULES / path, content_type="text/javascript")
    else:
        route.fulfill(body="<!doctype html><title>Twins</title>", content_type="text/html")


def _in_batches(drawn: Iterator[Any], size: int) -> Iterator[list[Any]]:
    while batch := [one for _, one in zip(range(size), drawn, strict=False)]:
        yield batch
