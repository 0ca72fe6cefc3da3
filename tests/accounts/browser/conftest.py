"""A real browser with a virtual passkey, which complains about everything that the content policy refuses."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.journeys.conftest import (  # noqa: F401 - fixtures
    _database_beside_the_event_loop,
    _little_to_read,
    _put_away_in_peace,
    browser_context_args,
    browser_type_launch_args,
)


@pytest.fixture
def phone(context: BrowserContext) -> Iterator[Page]:
    """Return a page whose phone has a fingerprint reader; any error in its console fails the test."""
    page = context.new_page()
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    yield page
    assert errors == []
