"""Every address, every method, every role, own and foreign objects."""

from __future__ import annotations

import json
import re
from urllib.parse import urlencode

import pytest
from django.http import HttpResponse

from tests.access import matrix, table
from tests.access.world import World, build

# allauth's own addresses for other clients: they know sessions by a header alone, so a cookie must change nothing.
HEADLESS = "_allauth/"
# Where a person who may not go on is sent to.
GATES = re.compile(r"^/account/(login/\?next=|2fa/$|2fa/reauthenticate/$)")
REFUSED = {401, 403, 404, 405}
UUID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
# Differs from one answer to the next without meaning anything.
NONCE = re.compile(rb"(nonce-|nonce=\"|csrfmiddlewaretoken\" value=\")[A-Za-z0-9+/=_-]+")


@pytest.fixture
def world(db: None) -> World:
    """Return the people and the objects."""
    return build()


def _sent(row: matrix.Row) -> dict[str, object]:
    if row.form is not None:
        return {"data": urlencode(row.form), "content_type": "application/x-www-form-urlencoded"}
    return {"data": json.dumps(row.body or {}), "content_type": "application/json"}


def _refused(answer: HttpResponse, role: str, row: matrix.Row) -> bool:
    place = answer.get("Location", "")
    if answer.status_code in {301, 302, 303}:
        return bool(GATES.match(place)) or (place == "/" and role in row.redirects_home)
    return answer.status_code in REFUSED


def _face(answer: HttpResponse) -> tuple[int, str, bytes]:
    """Return what a person can tell from an answer: all of it but ids that were in the request, and nonces."""
    content = b"" if answer.streaming else answer.content
    return (
        answer.status_code,
        UUID.sub(b"ID", answer.get("Location", "").encode()).decode(),
        NONCE.sub(rb"\1", UUID.sub(b"ID", content)).replace(b"999999", b"N"),
    )


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    routes = {route for route in matrix.every_route() if not route.startswith(HEADLESS)}

    assert routes == set(table.TABLE)


@pytest.mark.parametrize("role", matrix.ROLES, ids=matrix.ROLES.get)
def test_a_role_gets_in_where_the_table_says_and_nowhere_else(world: World, role: str) -> None:
    wrong = []
    for route, row in table.TABLE.items():
        for method in _methods(route, role):
            allowed = role in getattr(row, method)
            answer = world.ask(role, method, world.address(route, missing=False), **_sent(row))
            refused = _refused(answer, role, row)
            if answer.status_code >= 500 and route != "readyz":
                wrong.append(f"{method} /{route} broke with {answer.status_code}")
            elif refused and allowed and not _is_gate_on_purpose(answer, route):
                wrong.append(f"{method} /{route} refused with {answer.status_code} {answer.get('Location', '')}")
            elif not refused and not allowed:
                wrong.append(f"{method} /{route} let in with {answer.status_code} {answer.get('Location', '')}")

    assert not wrong, f"{matrix.ROLES[role]}:\n" + "\n".join(wrong)


def _methods(route: str, role: str) -> tuple[str, ...]:
    """Return the methods to try: all, but on pages the rare ones only as those who would gain most from a hole."""
    everything = route.startswith("api/") or role in {matrix.ANONYMOUS, matrix.PATIENT, matrix.OTHER_CLINICIAN}
    return matrix.METHODS if everything else matrix.METHODS[:2]


def _is_gate_on_purpose(answer: HttpResponse, route: str) -> bool:
    """Return whether a signed-in person is asked for the second factor again before changing it."""
    return route.startswith("account/2fa/") and answer.get("Location", "").startswith("/account/2fa/reauthenticate/")


@pytest.mark.parametrize("role", matrix.ROLES, ids=matrix.ROLES.get)
def test_an_object_of_somebody_else_looks_like_one_that_does_not_exist(world: World, role: str) -> None:
    tells = []
    for route, row in table.TABLE.items():
        if role not in row.same_as_missing:
            continue
        for method in (method for method in matrix.METHODS if getattr(row, method)):
            foreign = world.ask(role, method, world.address(route, missing=False), **_sent(row))
            missing = world.ask(role, method, world.address(route, missing=True), **_sent(row))
            if _face(foreign) != _face(missing) and not _is_new_of_ones_own(route, method):
                tells.append(f"{method} /{route}: {_face(foreign)[:2]} against {_face(missing)[:2]}")

    assert not tells, f"{matrix.ROLES[role]} can tell:\n" + "\n".join(tells)


def _is_new_of_ones_own(route: str, method: str) -> bool:
    """Return whether an id that nobody has is free for the asker to use: what tests/diary says about taken ids."""
    return route == "api/v1/entries/<uuid:entry_id>" and method == "PUT"


def test_a_session_cookie_changes_nothing_at_the_addresses_of_other_clients(world: World) -> None:
    differs = []
    for route in sorted(route for route in set(matrix.every_route()) if route.startswith(HEADLESS)):
        for method in ("GET", "POST", "DELETE"):
            strangers = world.ask(matrix.ANONYMOUS, method, "/" + route)
            assert strangers.status_code < 500, f"{method} /{route}"
            differs += [
                f"{method} /{route} for {matrix.ROLES[role]}"
                for role in (matrix.PATIENT, matrix.CLINICIAN)
                if world.ask(role, method, "/" + route).status_code != strangers.status_code
            ]

    assert not differs


@pytest.mark.parametrize("role", [matrix.PATIENT, matrix.CLINICIAN, matrix.MANAGER], ids=matrix.ROLES.get)
def test_no_change_is_taken_from_a_page_of_another_site(world: World, role: str) -> None:
    taken = []
    for route, row in table.TABLE.items():
        for method in matrix.METHODS[1:]:
            if role not in getattr(row, method):
                continue
            address = world.address(route, missing=False)
            answer = world.ask(role, method, address, enforce_csrf_checks=True, **_sent(row))
            if answer.status_code != 403:
                taken.append(f"{method} /{route}: {answer.status_code} {answer.get('Location', '')}")

    assert not taken


def test_the_matrix_can_tell_who_is_let_in(world: World) -> None:
    """Ada sees her entry and Cy does not: were both answers alike, the matrix would prove nothing."""
    address = world.address("api/v1/entries/<uuid:entry_id>", missing=False)

    hers = world.ask(matrix.PATIENT, "GET", address)
    his = world.ask(matrix.OTHER_CLINICIAN, "GET", address)

    assert any(secret.encode() in hers.content for secret in world.secrets)
    assert his.status_code == 404
