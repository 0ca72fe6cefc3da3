"""What another version of the catalogue would have said about diaries that exist: read-only, one patient at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db.models import Max, Min

from selfcare.diary import monitoring
from selfcare.diary.cases import START_ON, Case, history_from_case
from selfcare.diary.models import Entry, Episode
from selfcare.triage.catalogue import Catalogue
from selfcare.triage.evaluating import evaluate_each
from selfcare.triage.models import urgency
from selfcare.triage.rules import Finding, History, highest_tier


@dataclass(frozen=True, slots=True)
class Change:
    """A stretch of days on which the two versions give a patient another tier, and the rules that make it so."""

    patient: str
    first_on: date
    last_on: date
    before: str
    after: str
    why: tuple[str, ...]

    @property
    def is_lower(self) -> bool:
        """Return whether the newer version is the less urgent one."""
        return urgency(self.after) > urgency(self.before)


def of_episodes(old: Catalogue, new: Catalogue, *, now: datetime) -> Iterator[tuple[str, list[Change]]]:
    """Yield (patient id, changes) for each episode that is stored; an active one is replayed up to today.

    Reads one episode at a time, so that the memory does not grow with the patients.
    """
    episodes = Episode.objects.select_related("patient__patient").order_by("patient_id", "started_at", "id")
    for episode in episodes.iterator(chunk_size=100):
        patient = str(episode.patient_id)
        yield patient, changes(patient, _days(episode, now=now), old, new)


def of_cases(cases: Iterable[Case], old: Catalogue, new: Catalogue) -> Iterator[tuple[str, list[Change]]]:
    """Yield (case id, changes) for each case of a file; day 0 of a case is ``cases.START_ON``."""
    for case in cases:
        history, last = history_from_case(case), max((day for day, _ in case.entries), default=-1)
        days = ((START_ON + timedelta(days=day), history) for day in range(last + 1))
        yield case.id, changes(case.id, days, old, new)


def changes(patient: str, days: Iterable[tuple[date, History]], old: Catalogue, new: Catalogue) -> list[Change]:
    """Return where two versions differ in the tier of a day; days in a row that differ alike are one change."""
    found: list[Change] = []
    for day, history in days:
        before, after = _judge(old, history, day), _judge(new, history, day)
        tiers = highest_tier(before), highest_tier(after)
        if tiers[0] == tiers[1]:
            continue
        why = tuple(_why(before, after))
        last = found[-1] if found else None
        if last and last.last_on == day - timedelta(days=1) and (last.before, last.after, last.why) == (*tiers, why):
            found[-1] = replace(last, last_on=day)
        else:
            found.append(Change(patient, day, day, *tiers, why))
    return found


def _judge(content: Catalogue, history: History, day: date) -> tuple[Finding, ...]:
    findings, failed = evaluate_each(content, history, as_of=day)
    if failed:
        # A rule that crashes would look like a rule that is quiet.
        raise ReplayError(f"Version {content.version}: {', '.join(failed)} failed on {day}. Mend the rule first.")
    return findings


class ReplayError(Exception):
    """The replay cannot be trusted. The message says why."""


def _why(before: Iterable[Finding], after: Iterable[Finding]) -> Iterator[str]:
    was, is_now = ({finding.rule_id: finding.tier for finding in findings} for findings in (before, after))
    for rule_id in sorted(was.keys() | is_now.keys()):
        if rule_id not in is_now:
            yield f"{rule_id} ({was[rule_id]}) is quiet"
        elif rule_id not in was:
            yield f"{rule_id} ({is_now[rule_id]}) fires"
        elif was[rule_id] != is_now[rule_id]:
            yield f"{rule_id} goes from {was[rule_id]} to {is_now[rule_id]}"


def _days(episode: Episode, *, now: datetime) -> Iterator[tuple[date, History]]:
    span = Entry.objects.standing().filter(episode=episode).aggregate(first=Min("occurred_on"), last=Max("occurred_on"))
    if span["first"] is None:
        return
    last = span["last"]
    if episode.status == Episode.Status.ACTIVE:
        last = max(last, episode.patient.patient.local_date(now))
    whole = monitoring.history_of(episode, since=span["first"], until=last)
    for number in range((last - span["first"]).days + 1):
        day = span["first"] + timedelta(days=number)
        # Judging reads the entries up to the day alone; age, weeks and what is known are those of the day.
        yield day, replace(whole, baseline=monitoring.baseline_on(episode, day=day))
