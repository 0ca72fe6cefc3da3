"""The canary watch turns red: each way out is tried once with a foreign canary, and once with one that may be seen."""

from __future__ import annotations

import logging
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.handlers.base import BaseHandler
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from notifications.channels import web_push
from notifications.channels.base import DeliveryError
from selfcare.accounts.models import Consent, User
from tests import canary, factories

ADAS = canary.of("ada@example.org")


def page_for(user: Any, text: str) -> tuple[HttpRequest, HttpResponse]:
    """Return a request of the user and an answer with this text."""
    request = RequestFactory().get("/diary")
    request.user = user
    return request, HttpResponse(text)


def test_every_patient_has_a_canary_of_her_own(ada: User) -> None:
    bea = factories.patient(email="bea@example.org", name="Bea")

    canaries = [canary.found_in(person.name) for person in (ada, bea)]

    assert canaries == [{canary.of("ada@example.org")}, {canary.of("bea@example.org")}]


def test_ada_may_see_herself(ada: User) -> None:
    watch = canary.Watch()

    watch.response(*page_for(ada, f"Hello {ADAS}"))

    assert watch.violations == []


def test_her_clinician_may_see_ada(ada: User, ben: User) -> None:
    watch = canary.Watch()

    watch.response(*page_for(ben, f"Hello {ADAS}"))

    assert watch.violations == []


@pytest.mark.parametrize("who", ["stranger", "other patient", "clinician of another clinic", "manager of her clinic"])
def test_nobody_else_may_see_ada(who: str, ada: User, cy: User, harbour: Any) -> None:
    watch = canary.Watch()
    user: Any = {
        "stranger": AnonymousUser,
        "other patient": lambda: factories.patient(email="bea@example.org", name="Bea", of=harbour),
        "clinician of another clinic": lambda: cy,
        "manager of her clinic": lambda: factories.member(of=harbour, email="mo@example.org", role="manager"),
    }[who]()

    watch.response(*page_for(user, f"Hello {ADAS.upper()}"))

    assert len(watch.violations) == 1


def test_her_clinician_may_not_see_ada_after_she_has_withdrawn_her_consent(ada: User, ben: User) -> None:
    watch = canary.Watch()
    Consent.objects.create(
        patient=ada, purpose="care", given=False, text_version="1", text_sha256="0" * 64, at=factories.NOW
    )

    watch.response(*page_for(ben, f"Hello {ADAS}"))

    assert len(watch.violations) == 1


def test_a_header_is_searched_like_a_body(cy: User) -> None:
    watch = canary.Watch()
    request, response = page_for(cy, "")
    response["X-Patient"] = ADAS

    watch.response(request, response)

    assert len(watch.violations) == 1


def test_a_mail_to_somebody_else_may_not_name_ada() -> None:
    watch = canary.Watch()

    watch.mail([EmailMessage("Worklist", f"See {ADAS}", to=["ben@example.org"])])

    assert len(watch.violations) == 1


def test_a_subject_may_not_even_name_its_own_reader() -> None:
    watch = canary.Watch()

    watch.mail([EmailMessage(f"For {ADAS}", "", to=["ada@example.org"])])

    assert len(watch.violations) == 1


@pytest.mark.parametrize("text", [ADAS, "ada@example.org"])
def test_a_push_may_hold_neither_canary_nor_address(text: str) -> None:
    watch = canary.Watch()

    watch.push(f'{{"type": "{text}"}}')

    assert len(watch.violations) == 1


@pytest.mark.parametrize("text", [ADAS, "ada@example.org"])
def test_a_log_line_may_hold_neither_canary_nor_address(text: str) -> None:
    watch = canary.Watch()
    logger = logging.Logger("apart")
    logger.addHandler(canary.LogWatch(watch))

    logger.info("Saved the entry of %s", text)

    assert len(watch.violations) == 1


def test_the_test_client_is_watched(
    monkeypatch: pytest.MonkeyPatch, canary_watch: canary.Watch, client: Client
) -> None:
    leak = SimpleNamespace(get_response=lambda handler, request: HttpResponse(ADAS))
    monkeypatch.setattr(BaseHandler, "get_response", canary.watched(leak.get_response, canary_watch))

    client.get("/healthz")

    assert len(canary_watch.violations) == 1
    canary_watch.violations.clear()


def test_the_push_channel_is_watched(canary_watch: canary.Watch) -> None:
    with pytest.raises(DeliveryError):
        web_push._encrypt("no key", "no secret", ADAS.encode())

    assert len(canary_watch.violations) == 1
    canary_watch.violations.clear()


def test_the_product_is_watched_while_a_test_runs() -> None:
    assert BaseHandler.get_response.__qualname__ == "watched.<locals>.get_watched_response"
