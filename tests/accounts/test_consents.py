"""Consents: versioned words, rows that are only added, effect at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest

from notifications.models import Reminder
from selfcare.accounts import consents
from selfcare.accounts.models import AuditEvent, Consent, User
from tests import factories

# A published text is never edited: a changed fingerprint here means that a new version must be added instead.
PUBLISHED: dict[tuple[str, str], str] = {
    ("care", "1"): "668b08c2b998d680f21dc5314e03f7432715aa8641121162ff81ad1dd73e4cd1",
    ("reminders", "1"): "05c0a627292abb8c1f457b64d23096df7206452b392b6f52092e3b4d9628d0f7",
    ("intimate", "1"): "5220bc6dc8b94185010089e9607b09c33bae28d6d5c7d173804c1a4c97e6d282",
    ("research", "1"): "79c5560d37aff191cd7910b96e94246b5482a2cf9184ff2d6721ca6c18cac44b",
}


def test_a_published_text_is_never_edited() -> None:
    now = {(text.purpose, text.version): text.sha256 for text in consents.texts().values()}

    assert now == PUBLISHED


def test_a_consent_row_holds_the_version_and_the_fingerprint_of_the_words(ada: User) -> None:
    row = consents.give(ada, "research", now=factories.NOW)

    text = consents.texts()["research"]
    assert (row.text_version, row.text_sha256, row.at) == (text.version, text.sha256, factories.NOW)


def test_the_newest_answer_counts(ada: User) -> None:
    consents.give(ada, "research", now=factories.NOW)
    consents.withdraw(ada, "research", now=factories.NOW)

    assert not consents.holds(ada, "research")
    assert Consent.objects.filter(patient=ada, purpose="research").count() == 2


def test_what_was_never_answered_does_not_hold(ada: User) -> None:
    assert not consents.holds(ada, "research")


@pytest.mark.parametrize(("purpose", "goes_on"), [("care", True), ("research", False)])
def test_a_new_version_stops_what_is_optional_and_never_care(
    ada: User, monkeypatch: pytest.MonkeyPatch, purpose: str, goes_on: bool
) -> None:
    consents.give(ada, purpose, now=factories.NOW)
    newer = {key: replace(text, version="2") for key, text in consents.texts().items()}
    monkeypatch.setattr(consents, "texts", lambda: newer)

    assert consents.holds(ada, purpose) is goes_on


def test_each_answer_is_audited(ada: User) -> None:
    consents.withdraw(ada, "care", now=factories.NOW)

    event = AuditEvent.objects.get()
    assert (event.action, event.patient_id, event.object_id) == ("consent.withdrawn", ada.pk, "care")


def test_withdrawing_reminders_stops_the_reminder(ada: User) -> None:
    Reminder.objects.create(user=ada, local_time=time(19, 30), time_zone="Europe/London", next_at=factories.NOW)

    consents.withdraw(ada, "reminders", now=factories.NOW)

    reminder = Reminder.objects.get(user=ada)
    assert (reminder.enabled, reminder.next_at) == (False, None)
