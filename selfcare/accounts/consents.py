"""What a patient agreed to, purpose by purpose, in which words."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path

import yaml
from django.db import transaction
from django.utils.translation import get_language

from edge.languages import SOURCE, Say, translated, words_of
from notifications.models import Reminder
from selfcare.accounts import audit
from selfcare.accounts.models import Consent, User

TEXTS = Path(__file__).with_name("consent_texts.yaml")
LOCALE = Path(__file__).parent / "locale"
WORDS = ("title", "summary", "more")


@dataclass(frozen=True)
class ConsentText:
    """One version of the words that a patient answers."""

    purpose: str
    version: str
    needed: bool
    title: str
    summary: str
    more: str

    @property
    def sha256(self) -> str:
        """Return the fingerprint of exactly these words."""
        words = "\n".join((self.purpose, self.version, self.title, self.summary, self.more))
        return hashlib.sha256(words.encode()).hexdigest()


def texts() -> dict[str, ConsentText]:
    """Return the newest text of each purpose as the person reads it, in the order in which they are asked."""
    return _in_language(get_language() or SOURCE)


def in_words(texts: Mapping[str, ConsentText], say: Say) -> dict[str, ConsentText]:
    """Return the texts with their words put through ``say``; a fingerprint is that of the words that were read."""
    return {
        purpose: replace(text, **{name: say(getattr(text, name), place=f"consent {purpose}") for name in WORDS})
        for purpose, text in texts.items()
    }


@cache
def _in_language(language: str) -> dict[str, ConsentText]:
    if language == SOURCE:
        return source_texts()
    return dict(translated(source_texts(), in_words, words_of(LOCALE, language)))


@cache
def source_texts() -> dict[str, ConsentText]:
    """Return the newest text of each purpose as it was written."""
    entries = [ConsentText(**entry) for entry in yaml.safe_load(TEXTS.read_text(encoding="utf-8"))]
    # Older versions stay in the file: they prove what a stored fingerprint stood for. The last one of a purpose counts.
    return {entry.purpose: entry for entry in entries}


def give(patient: User, purpose: str, *, now: datetime) -> Consent:
    """Return the added row that says yes to the newest text of the purpose."""
    return _answer(patient, purpose, given=True, now=now)


def withdraw(patient: User, purpose: str, *, now: datetime) -> Consent:
    """Return the added row that says no; it holds from this moment on."""
    return _answer(patient, purpose, given=False, now=now)


def answers(patient: User) -> dict[str, Consent]:
    """Return the newest answer per purpose; a purpose that was never answered is missing."""
    rows = Consent.objects.filter(patient=patient).order_by("at", "id")
    return {row.purpose: row for row in rows}


def holds(patient: User, purpose: str) -> bool:
    """Return whether the newest answer is yes.

    A new version of a text asks again. Until it is answered, care goes on under the old words, because a diary or an
    alert must not stop for a form; everything optional stops.
    """
    newest = Consent.objects.filter(patient=patient, purpose=purpose).order_by("-at", "-id").first()
    if newest is None or not newest.given:
        return False
    text = texts()[purpose]
    return text.needed or newest.text_version == text.version


@transaction.atomic
def _answer(patient: User, purpose: str, *, given: bool, now: datetime) -> Consent:
    text = texts()[purpose]
    row = Consent.objects.create(
        patient=patient, purpose=purpose, given=given, text_version=text.version, text_sha256=text.sha256, at=now
    )
    if purpose == Consent.Purpose.REMINDERS and not given:
        Reminder.objects.filter(user=patient).update(enabled=False, next_at=None)
    action = "consent.given" if given else "consent.withdrawn"
    audit.record(action, actor_id=patient.pk, patient_id=patient.pk, object_id=purpose, now=now)
    return row
