"""What each setting is now, in a few words beside its row on the settings page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from notifications.models import Reminder
from selfcare.web import phone, reminder_words
from selfcare.web.forms_phone import LookForm
from selfcare.web.patients import Patient


def current(patient: Patient, words: Sequence[str]) -> dict[str, str]:
    """Return the current values for a patient on a phone with these words in its cookie, by name of the setting."""
    reminder = Reminder.objects.filter(user=patient.user).first()
    return {
        "reminders": reminder_words.summary(reminder, zone=patient.profile.zone(), now=patient.now),
        "look": look(words),
        "privacy": privacy(words),
        "sharing": _("My care team") if patient.has_team else _("Only me"),
        "since": date_format(patient.episode.onset_on, "DATE_FORMAT") if patient.episode else "",
    }


def look(words: Sequence[str]) -> str:
    """Return how the app looks on this phone."""
    said = []
    for name, value in LookForm.answers(words).items():
        field: Any = LookForm.base_fields[name]
        if value:
            said.append(f"{field.label}: {dict(field.choices)[value]}")
    return ", ".join(said) or _("As usual")


def privacy(words: Sequence[str]) -> str:
    """Return what is switched on against the eyes of others."""
    said = {phone.DISCREET: _("Discreet"), phone.HIDE: _("Hide on every page")}
    return ", ".join(said[word] for word in words if word in said)
