"""Thoughts of self-harm lead to the card for a crisis, on the phone and on the pages alike (RF-OTH-05)."""

from __future__ import annotations

from selfcare.triage import catalogue
from selfcare.web import regions, words


def test_the_phone_has_the_card_that_the_finding_calls_for() -> None:
    called_for = {branch.advice for rule in catalogue.current().rules for branch in rule.branches}

    on_the_phone = {card["advice"] for card in words.advice_cards(regions.numbers("GB"))}

    assert called_for - on_the_phone == set()


def test_the_card_offers_the_crisis_line_first_and_says_nothing_of_the_back() -> None:
    advice = catalogue.current().rule("RF-OTH-05").branch("emergency").advice

    card = words.card_for(advice, "emergency", regions.numbers("GB"))

    assert card["title"] == "If you feel you cannot go on, talk to someone now."
    assert [call["number"] for call in card["calls"]] == ["116123", "999"]
    assert "back" not in " ".join((card["title"], card["say"], *card["do"], *card["why"]))
