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
def because(alerts: list[Alert], profile: PatientProfile, today: date) -> dict[str, Any]:
    """Say why alerts were opened, and which kind of clinician the most urgent ones mean in the patient's country."""
    sentences = [reasons.sentence(alert.rule_id, alert.inputs, today=today) for alert in alerts]
    first = min((alert.urgency for alert in alerts), default=0)
    most_urgent = [alert for alert in alerts if alert.urgency == first]
    people = [reasons.people(alert.rule_id, alert.tier, country=profile.country) for alert in most_urgent]
    return {
        "sentences": [each for each in dict.fromkeys(sentences) if each],
        "people": list(dict.fromkeys(who for some in people for who in some)),
    }
