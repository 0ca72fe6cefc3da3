"""The page on which a clinician reads the rules before signing them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from django.test import Client

from selfcare.accounts.models import Clinic
from selfcare.clinic import rulebook, rulebook_words
from selfcare.triage import catalogue
from tests.triage.sheets_folder import BEN, folder, sign, spoil

__all__ = ["folder"]

NAME_OF_THE_MACHINE = re.compile(r"\b[a-z]+_[a-z_]+\b|None|True|False|[{}]")


@pytest.fixture
def rules_page(harbour: Clinic, ben_client: Client) -> str:
    """Return the page as Ben sees it."""
    return ben_client.get("/clinic/rules/").content.decode()


def words(html: str) -> str:
    """Return what can be read of a piece of a page."""
    read = " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())
    return re.sub(r" (?=[.,:;])", "", read)


def between(html: str, start: str, end: str) -> str:
    """Return the piece of a page after ``start`` and before ``end``."""
    return html.partition(start)[2].partition(end)[0]


def article(html: str, rule_id: str) -> str:
    """Return what can be read of one rule."""
    return words("<" + between(html, f'<article class="rule" id="{rule_id}"', "</article>"))


def test_every_rule_stands_on_the_page_with_title_sentence_and_tier(rules_page: str) -> None:
    for rule in catalogue.current().rules:
        told = article(rules_page, rule.id)
        assert rule.title in told
        assert rule.clinician_sentence in told
        assert len(rule.branches) == told.count("When ")


def test_the_contents_lead_to_every_rule(rules_page: str) -> None:
    contents = between(rules_page, '<nav class="contents"', "</nav>")

    led_to = re.findall(r'<a href="#((?:RF|PER|T)-[^"]+)"', contents)

    assert led_to == re.findall(r'<article class="rule" id="([^"]+)"', rules_page)


def test_every_shared_condition_that_is_named_is_explained(rules_page: str) -> None:
    named = set(re.findall(r'href="#(def-[^"]+)"', rules_page))
    explained = set(re.findall(r'<dt id="(def-[^"]+)"', rules_page))

    assert named
    assert named <= explained


def test_a_rule_reads_as_a_clinician_would_say_it(rules_page: str) -> None:
    told = article(rules_page, "RF-URO-01")

    assert told.startswith("Burning when peeing, and nothing else RF-URO-01 Burning is the only urinary change")
    assert "Today Pharmacist or GP, seen within 24 hours, any transport." in told
    assert "When burning is the only change of the bladder, and no other CES item" in told
    assert "Sources: S2 BMJ Best Practice, suspected cauda equina syndrome, approach" in told
    assert "Version 1, written by the project. Submitted. Waits for 1 reviewer." in told


def test_an_exception_is_told_as_one(rules_page: str) -> None:
    assert "When Saddle sensation: new or worse Unless exactly one CES item, new more than 14 days ago" in article(
        rules_page, "RF-CES-03"
    )


def test_citations_lead_to_where_they_can_be_read(rules_page: str) -> None:
    assert 'href="https://bestpractice.bmj.com/topics/en-gb/3000164/diagnosis-approach"' in rules_page


def test_no_name_of_the_machine_is_left_in_the_words(rules_page: str) -> None:
    read = re.sub(r"<span class=\"rule-id\">[^<]*</span>", "", rules_page)

    assert NAME_OF_THE_MACHINE.findall(words(between(read, "<main", "</main>"))) == []


def test_a_signature_is_shown_with_name_role_and_days(folder: Path) -> None:
    sign(folder, "rule", "RF-URO-01", expires_on=date(2027, 6, 1))
    content = catalogue.load(folder, today=None)

    signed = _sign_off(content, "RF-URO-01", today=date(2027, 6, 1))
    expired = _sign_off(content, "RF-URO-01", today=date(2027, 6, 2))

    assert (signed.status, signed.is_approved, signed.reviewers) == ("approved", True, (f"{BEN}, GP",))
    assert (expired.is_approved, expired.remark) == (
        False,
        "The approval has expired. It still judges, and has to be reviewed.",
    )


def test_a_rule_that_was_changed_after_its_signature_says_so(folder: Path) -> None:
    sign(folder, "rule", "RF-URO-01")
    spoil(folder, "rules_cauda_equina.yaml", "You told us that peeing burns or stings.", "You said that peeing burns.")

    sign_off = _sign_off(catalogue.load(folder, today=None), "RF-URO-01", today=date(2026, 12, 1))

    assert (sign_off.status, sign_off.version) == ("submitted", 2)
    assert sign_off.remark == "Changed since it was signed; the signatures no longer count."


def _sign_off(content: catalogue.Catalogue, rule_id: str, *, today: date) -> rulebook.SignOff:
    described = [each for group in rulebook.groups(content, country="GB", today=today) for each in group.rules]
    return next(each.sign_off for each in described if each.rule.id == rule_id)


def test_a_group_without_a_name_is_shown_all_the_same() -> None:
    content = catalogue.current()
    strange = replace(content.rule("RF-URO-01"), group="NEW")

    groups = rulebook.groups(replace(content, rules=(strange,)), country="GB", today=date(2026, 12, 1))

    assert [(group.id, group.title) for group in groups] == [("NEW", "NEW")]


def test_the_page_holds_nothing_about_anybody(ada_client: Client, ben_client: Client, rules_page: str) -> None:
    assert "Ada" not in rules_page
    assert ada_client.get("/clinic/rules/").status_code == 404
    assert Client().get("/clinic/rules/").status_code == 302


def test_every_shared_condition_that_has_a_title_exists() -> None:
    assert rulebook_words.CONDITIONS.keys() <= catalogue.current().definitions.keys()


def test_every_destination_that_has_a_name_is_used() -> None:
    used = {branch.destination for rule in catalogue.current().rules for branch in rule.branches}

    assert rulebook_words.DESTINATIONS.keys() <= used


def test_questions_and_cards_name_evidence_sources_and_sign_off(rules_page: str) -> None:
    read = words(rules_page)

    assert "Evidence: expert opinion, low certainty. Sources: S2, S4, S63. Submitted. Waits for 1 reviewer." in read
    assert "now Go to A&E now, or call 999. Evidence: expert opinion, low certainty. Sources: S2, S6, S64." in read
