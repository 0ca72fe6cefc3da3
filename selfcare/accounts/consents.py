"""What a patient agreed to, purpose by purpose, in which words."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

import yaml
from django.db import transaction

from notifications.models import Reminder
from selfcare.accounts import audit
from selfcare.accounts.models import Consent, User

TEXTS = Path(__file__).with_name("consent_texts.yaml")


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


@cache
def texts() -> dict[str, ConsentText]:
    """Return the newest text of each purpose, in the order in which they are asked."""
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
