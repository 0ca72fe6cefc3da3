"""Evaluating with care: one rule that fails must never hide another."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import date

from selfcare.triage import rules
from selfcare.triage.catalogue import Catalogue
from selfcare.triage.models import urgency
from selfcare.triage.rules import Finding, History

logger = logging.getLogger(__name__)


def evaluate_each(
    catalogue: Catalogue, history: History, *, as_of: date
) -> tuple[tuple[Finding, ...], tuple[str, ...]]:
    """Return the findings of a day, and the ids of the rules that failed.

    The rules are tried one by one only after the whole has failed, so that a slip in a persistence rule costs nothing
    on an ordinary day and can never hide a red flag.
    """
    try:
        return rules.evaluate(catalogue, history, as_of=as_of), ()
    except Exception as error:
        # The type alone, here and below: the text of an error may hold an answer.
        logger.error("Evaluating a day failed with %s; each rule is tried alone.", type(error).__name__)
    findings: list[Finding] = []
    failed: list[str] = []
    # What reads findings comes last, and reads those of the rules that did not fail.
    for rule in sorted(catalogue.rules, key=lambda rule: rule.runs == "on_findings"):
        others = [other for other in catalogue.rules if other.id not in failed and rule.runs == "on_findings"]
        try:
            found = rules.evaluate(replace(catalogue, rules=(*others, rule)), history, as_of=as_of)
            findings += [finding for finding in found if finding.rule_id == rule.id]
        except Exception as error:
            logger.error("Rule %s failed with %s.", rule.id, type(error).__name__)
            failed.append(rule.id)
    return tuple(sorted(findings, key=lambda finding: urgency(finding.tier))), tuple(failed)


def fires_alone(finding: Finding, catalogue: Catalogue, history: History, *, as_of: date, entry_id: str) -> bool:
    """Return whether one entry makes the rule fire as urgently without the other entries of its day."""
    entries = tuple(entry for entry in history.entries if entry.on != as_of or entry.id == entry_id)
    again, failed = evaluate_each(catalogue, replace(history, entries=entries), as_of=as_of)
    return bool(failed) or any(
        other.rule_id == finding.rule_id and urgency(other.tier) <= urgency(finding.tier) for other in again
    )
