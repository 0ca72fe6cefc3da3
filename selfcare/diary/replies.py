"""What the API answers about entries and episodes: plain shapes, encoded without a serializer in the hot path."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from selfcare.diary.models import Entry, Episode
from selfcare.triage.models import Assessment


class FindingReply(msgspec.Struct, frozen=True):
    """One rule that fired; ``advice`` names a text of the catalogue."""

    rule: str
    tier: str
    advice: str


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of an entry. ``tier`` is null while nobody could assess it: that is never "no warning signs"."""

    id: UUID
    received_at: datetime
    occurred_on: date
    clock_suspect: bool
    tier: str | None
    findings: list[FindingReply]
    alerts: list[str]
    catalogue_version: str | None


def outcome(entry: Entry, assessment: Assessment | None) -> Outcome:
    """Return what the person who reported may know about the entry."""
    findings = assessment.findings if assessment else []
    # "None" would say that there are no warning signs; with a rule that failed that is not known.
    known = assessment is not None and (assessment.complete or bool(findings))
    return Outcome(
        id=entry.pk,
        received_at=entry.received_at,
        occurred_on=entry.occurred_on,
        clock_suspect=entry.clock_suspect,
        tier=assessment.tier if assessment is not None and known else None,
        findings=[FindingReply(rule=one["rule"], tier=one["tier"], advice=one["advice"]) for one in findings],
        alerts=sorted({one["alert"] for one in findings if one["alert"]}),
        catalogue_version=assessment.catalogue_version if assessment else None,
    )


def entry_as_stored(entry: Entry) -> dict[str, Any]:
    """Return an entry as it was reported and as it stands."""
    return {
        "id": entry.pk,
        "occurred_on": entry.occurred_on,
        "recorded_at": entry.recorded_at,
        "recorded_zone": entry.recorded_zone,
        "received_at": entry.received_at,
        "clock_suspect": entry.clock_suspect,
        "app_version": entry.app_version,
        "catalogue_version": entry.catalogue_version,
        "shown_tier": entry.shown_tier,
        "observations": entry.observations,
        "corrects": entry.corrects_id,
        "entered_in_error_at": entry.entered_in_error_at,
    }


def episode_as_stored(episode: Episode) -> dict[str, Any]:
    """Return an episode as the patient described it."""
    return {
        "id": episode.pk,
        "onset_on": episode.onset_on,
        "onset_estimated": episode.onset_estimated,
        "pain_side": episode.pain_side,
        "pain_site": episode.pain_site,
        "regions": episode.regions,
        "assessed_on": episode.assessed_on,
        "status": episode.status,
        "started_at": episode.started_at,
    }
