"""Why the app says what it says, for the pages of a patient."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import template

from selfcare.accounts.models import PatientProfile
from selfcare.triage.models import Alert
from selfcare.web import reasons

register = template.Library()


@register.inclusion_tag("web/_because.html")
def because(alert: Alert, profile: PatientProfile, today: date) -> dict[str, Any]:
    """Say why an alert was opened, and which kind of clinician is meant, in the words of the patient's country."""
    return {
        "sentence": reasons.sentence(alert.rule_id, alert.inputs, today=today),
        "people": reasons.people(alert.rule_id, alert.tier, country=profile.country),
    }
