"""What happened on the way, by day: flares, injuries, visits and urgent advice; for charts, calendar and paper."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from selfcare.triage.models import Alert, Tier

URGENT = (Tier.EMERGENCY, Tier.SAME_DAY)

Events = list[tuple[date, str]]


def events(user: Any, answers: Iterable[tuple[date, Mapping[str, Any]]]) -> Events:
    """Return what happened in order of the days: what was said in ``answers``, and the urgent advice given."""
    advised = Alert.objects.filter(patient=user, tier__in=URGENT).values_list("as_of", flat=True)
    return sorted({*said(answers), *((on, _("We told you to get help.")) for on in advised)})


def said(answers: Iterable[tuple[date, Mapping[str, Any]]]) -> Events:
    """Return the events that the answers of these days tell of, each once, in order."""
    told: dict[str, dict[Any, str]] = {
        "flare": {True: _("A flare.")},
        "event": {
            "medicine_change": _("A change of medicine."),
            "visit": _("A visit to a clinician."),
            "injection": _("An injection."),
            "fall": _("A fall or an injury."),
            "other": _("A note."),
        },
        "trauma": {"minor": _("A small injury."), "major": _("A big injury.")},
        "review_step": {"booked": _("A visit is booked."), "seen": _("You were seen.")},
    }
    found = {
        (on, sentences[values[name]])
        for on, values in answers
        for name, sentences in told.items()
        if values.get(name) in sentences
    }
    return sorted(found)
