"""What an alert means, in the catalogue's words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext

from selfcare.clinic import wording
from selfcare.diary.models import Entry
from selfcare.triage import catalogue
from selfcare.triage.alerts import UNASSESSED
from selfcare.triage.models import Alert, Tier, urgency

# An answer that takes longer than this to arrive was kept on a phone without a network: say so in words.
LATE_AFTER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Explanation:
    """A rule as a clinician reads it."""

    title: str
    sentence: str
    sources: tuple[tuple[str, str], ...]


def explain(alert: Alert) -> Explanation:
    """Return why the alert exists. A rule that the present catalogue no longer has is named by its reason word."""
    if alert.rule_id == UNASSESSED:
        return Explanation(
            title=gettext("Could not be assessed"),
            sentence=gettext("The rules could not judge these answers. Read them yourself."),
            sources=(),
        )
    try:
        rule = catalogue.current().rule(alert.rule_id)
    except KeyError:
        words = alert.reason.replace("_", " ").capitalize()
        return Explanation(title=words, sentence=gettext("%(reason)s.") % {"reason": words}, sources=())
    return Explanation(title=rule.title, sentence=rule.clinician_sentence or rule.title, sources=_sources(rule.sources))


def _sources(ids: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return (id, title) of each citation."""
    known = catalogue.current().sources
    return tuple((each, known[each]["title"] if each in known else "") for each in ids)


def is_late(alert: Alert) -> bool:
    """Return whether the report reached the server long after the patient made it."""
    return alert.opened_at - alert.reported_at > LATE_AFTER


def told_patient(alert: Alert, entry: Entry | None) -> str:
    """Return what the app tells the patient: what the phone showed, and what the server added where it found more."""
    now = wording.told(alert.tier)
    if entry is None:
        return gettext("In the app: %(words)s") % {"words": now}
    shown = entry.shown_tier
    if shown not in Tier.values:
        return gettext("What the phone showed is not known. In the app it now says: %(words)s") % {"words": now}
    if urgency(shown) <= urgency(alert.tier):
        return wording.told(shown)
    words = {"shown": wording.told(shown), "more": now}
    return gettext("The phone said: %(shown)s The server found more. In the app it now says: %(more)s") % words
