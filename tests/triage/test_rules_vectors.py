"""The rules against the shared vectors."""

from __future__ import annotations

from typing import Any

import pytest

from selfcare.triage import catalogue
from tests.triage import vectors

VECTORS = list(vectors.read())


@pytest.mark.parametrize("vector", [pytest.param(vector, id=name) for name, vector in VECTORS])
def test_the_rules_find_what_the_vector_expects(vector: dict[str, Any]) -> None:
    content = catalogue.current()

    found = vectors.found_by_all(content, vectors.history_of(vector, content), on=vectors.as_of(vector))

    assert vectors.in_short(found, about=vector["about"], like=vector["expect"]) == vector["expect"]


def test_the_rules_find_the_same_in_spanish() -> None:
    content = catalogue.current()
    spanish = content.spoken_in("es")

    for name, vector in VECTORS:
        history, on = vectors.history_of(vector, content), vectors.as_of(vector)
        assert vectors.found_by_all(spanish, history, on=on) == vectors.found_by_all(content, history, on=on), name


def test_every_branch_of_every_rule_has_a_vector_that_makes_it_fire() -> None:
    wanted = {(rule.id, branch.tier) for rule in catalogue.current().rules for branch in rule.branches}

    fired = {(found["rule"], found["tier"]) for _, vector in VECTORS for found in vector["expect"]}

    assert wanted - fired == set()


def test_every_rule_has_a_vector_of_its_own_observations_that_leaves_it_quiet() -> None:
    content = catalogue.current()
    fired = {rule.id: _names(vector) for _, vector in VECTORS for rule in content.rules if _expects(vector, rule.id)}

    quiet = {rule_id for rule_id, names in fired.items() if _some_quiet(rule_id, names)}

    assert {rule.id for rule in content.rules} - quiet == set()


def test_no_two_vectors_have_the_same_name() -> None:
    names = [name for name, _ in VECTORS]

    doubles = {name for name in names if names.count(name) > 1}

    assert doubles == set()


def _expects(vector: dict[str, Any], rule_id: str) -> bool:
    return any(found["rule"] == rule_id for found in vector["expect"])


def _names(vector: dict[str, Any]) -> set[str]:
    return {name for entry in vector["entries"] for name in entry if name != "day"}


def _some_quiet(rule_id: str, names: set[str]) -> bool:
    return any(
        rule_id.startswith(vector["about"]) and _names(vector) & names and not _expects(vector, rule_id)
        for _, vector in VECTORS
    )
