"""A check-in that is under way without a script: kept in the session until it becomes an entry."""

from __future__ import annotations

import logging
import uuid
from collections.abc import MutableMapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from selfcare.accounts import profiles
from selfcare.diary import recording
from selfcare.triage import catalogue, rules
from selfcare.triage.models import Tier, urgency
from selfcare.triage.rules import Answers, Finding
from selfcare.web import flow, places, plan
from selfcare.web.patients import Patient

KEY = "check_in"
STOPS = (Tier.EMERGENCY, Tier.SAME_DAY)
# What is asked about this very day and not about the day before.
TODAY_ONLY = ("exercised", "too_much")
ALARMS = {"now": Tier.EMERGENCY, "today": Tier.SAME_DAY}

logger = logging.getLogger(__name__)


@dataclass
class Draft:
    """What has been answered so far. ``id`` becomes the id of the entry; ``handed`` steps are in an earlier entry."""

    id: str
    on: str
    mode: str
    # What cadence and earlier answers called for when it began.
    due: list[str] = field(default_factory=list)
    given: dict[str, str] = field(default_factory=dict)
    extras: dict[str, dict[str, Any]] = field(default_factory=dict)
    handed: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    # About the day before, begun on the morning after.
    late: bool = False
    # Told by a check-in earlier on this day.
    earlier: list[str] = field(default_factory=list)
    tier: str = Tier.NONE
    advice: str = ""
    # What earlier entries of the day had already called for when this check-in began.
    before: str = Tier.NONE

    def is_of(self, what: str) -> bool:
        """Return whether this is the check-in that was asked for; any one is when none was named."""
        return what in ("", self.mode) if not self.late else what in ("", flow.YESTERDAY)

    def areas(self, patient: Patient) -> list[str]:
        """Return the areas of the body that are marked, in this check-in or before it."""
        return self.extras["map"]["places"] if self.given.get("map") else patient.areas

    def flags(self, patient: Patient) -> list[str]:
        """Return what is known of the person, which sites are asked about and what is due, as the plan reads it."""
        known = [flag for flag in patient.flags if flag not in TODAY_ONLY or self.on == patient.today.isoformat()]
        return [*known, *self._sites(patient), *self.due]

    def _sites(self, patient: Patient) -> list[str]:
        return places.flags(
            self.areas(patient),
            entries=patient.entries,
            every_site=self.mode == flow.LONG,
            one_score=self.mode == flow.BAD_DAY,
        )

    def take_map(self, extras: dict[str, Any]) -> None:
        """Take the marked areas; what was answered "none" and no longer fits is asked again."""
        value = places.answer(extras)
        self.extras["map"], self.given["map"] = places.cleaned(extras), value
        for name in places.asked_again(value, self.given):
            self.given.pop(name)
            self.handed = [step for step in self.handed if step != name]

    def next_step(self, patient: Patient) -> flow.Step | None:
        """Return the first step without an answer, or None when the check-in is complete."""
        return flow.next_step(plan.check_in(), mode=self.mode, flags=self.flags(patient), given=self.given)

    def steps(self, patient: Patient) -> list[flow.Step]:
        """Return the steps of this check-in as far as the answers decide them."""
        return flow.sequence(plan.check_in(), mode=self.mode, flags=self.flags(patient), given=self.given)

    def observations(self, patient: Patient) -> dict[str, Any]:
        """Return what the answers that are in no entry yet say."""
        rest = [step for step in plan.check_in() if step["id"] not in self.handed]
        last = flow.last_grades(patient.entries) | {"places": patient.areas}
        return flow.observations(rest, flags=self.flags(patient), given=self.given, extras=self.extras, last=last)

    def left_out(self, patient: Patient) -> bool:
        """Return whether a safety question of this check-in has no answer."""
        return any(step["safety"] and not self.given.get(step["id"]) for step in self.steps(patient))


def begin(patient: Patient, *, what: str = "", now: datetime) -> Draft:
    """Return a new check-in for the patient's today; ``what`` is the form that was asked for, if any.

    "yesterday" is the day before, in the form that this day calls for.
    """
    entries = patient.entries
    on = patient.today - timedelta(days=1) if what == flow.YESTERDAY else patient.today
    mode = what if what in flow.CHOSEN else flow.mode_for(entries, on=on)
    urgent = [f for f in _told_earlier(patient) if f.tier in STOPS]
    draft = Draft(
        id=str(uuid.uuid4()),
        on=on.isoformat(),
        mode=mode,
        late=on < patient.today,
        given={"flare": "yes"} if mode in (flow.FLARE, flow.BAD_DAY) else {},
        # Advice that an earlier entry of today led to has been shown; it must not stop the first new answer.
        earlier=[_mark(finding) for finding in urgent],
        before=min((f.tier for f in urgent), key=urgency, default=Tier.NONE),
    )
    due = flow.due(
        plan.check_in(), mode=mode, flags=draft.flags(patient), baseline=patient.baseline, entries=entries, on=on
    )
    again = [] if on < patient.today else flow.unsure_again(entries, now=now)
    before = [entry for entry in entries if entry["on"] < on]
    rises = [] if mode in flow.BRIEF else places.rises(before)
    draft.due = [*due, *(f"due:{key}" for key in again), *rises]
    return draft


def may_fill_in_yesterday(patient: Patient, *, now: datetime) -> bool:
    """Return whether it is early enough on the patient's own clock to fill in the day before."""
    return now.astimezone(patient.profile.zone()).hour < flow.YESTERDAY_UNTIL


def is_over(draft: Draft, patient: Patient, *, now: datetime) -> bool:
    """Return whether the time for the day of this check-in has gone by: it is stored as far as it goes."""
    late_by = (patient.today - date.fromisoformat(draft.on)).days
    return late_by > 0 and not (late_by == 1 and draft.late and may_fill_in_yesterday(patient, now=now))


def load(session: MutableMapping[str, Any], draft_id: object = None) -> Draft | None:
    """Return the check-in of this session, or None when there is none or it has another id."""
    kept = session.get(KEY)
    return Draft(**kept) if kept and draft_id in (None, kept["id"]) else None


def keep(session: MutableMapping[str, Any], draft: Draft) -> None:
    """Keep the check-in for the next request."""
    session[KEY] = asdict(draft)


def forget(session: MutableMapping[str, Any]) -> None:
    """Forget the check-in: it has become an entry, or was empty."""
    session.pop(KEY, None)


def judge(draft: Draft, patient: Patient, *, now: datetime) -> Finding | None:
    """Return the most urgent finding that this check-in has not shown yet, and note that it is shown."""
    if flow.waits(plan.check_in(), mode=draft.mode, flags=draft.flags(patient), given=draft.given):
        return None
    on = date.fromisoformat(draft.on)
    answers = Answers(id=draft.id, on=on, at=now.astimezone(UTC), values=draft.observations(patient))
    try:
        findings = _newly_found(draft, patient, answers)
    except Exception:
        # Rules that cannot run must not hide a warning sign: the answers' own alarms stand in.
        logger.exception("Check-in %s could not be judged.", draft.id)
        findings = _alarms(draft)
    fresh = [f for f in findings if _mark(f) not in draft.told]
    draft.told += [_mark(finding) for finding in fresh]
    strongest = min(fresh, key=lambda f: urgency(f.tier), default=None)
    if strongest is not None and urgency(strongest.tier) < urgency(draft.tier):
        draft.tier, draft.advice = strongest.tier, strongest.advice
    return strongest


def hand_over(draft: Draft, patient: Patient, *, now: datetime) -> recording.Recorded | None:
    """Store what has been answered as an entry; the check-in goes on under a new id. None when nothing is new."""
    observations = draft.observations(patient)
    if not observations:
        return None
    body = {
        "occurred_on": draft.on,
        "recorded_at": now.isoformat(),
        "recorded_zone": patient.profile.time_zone,
        "app_version": "pages",
        "catalogue_version": catalogue.current().version,
        "shown_tier": draft.tier,
        "observations": observations,
    }
    recorded = recording.record_entry(patient.user, uuid.UUID(draft.id), body, now=now)
    draft.handed = list(draft.given)
    draft.id = str(uuid.uuid4())
    return recorded


def _newly_found(draft: Draft, patient: Patient, answers: Answers) -> tuple[Finding, ...]:
    """Return what is found now. A sign reported again is told again: what follows from earlier entries stays quiet."""
    assert patient.history is not None
    before = replace(patient, history=replace(patient.history, entries=_until(patient, answers.on)))
    without = {_mark(f) for f in _evaluate(before, on=answers.on)}
    again = {_mark(f) for f in _evaluate(before, on=answers.on, more=answers)} - without
    quiet = set(draft.earlier) - again
    return tuple(f for f in _evaluate(patient, on=answers.on, more=answers) if _mark(f) not in quiet)


def _until(patient: Patient, on: date) -> tuple[Answers, ...]:
    assert patient.history is not None
    return tuple(entry for entry in patient.history.entries if entry.on != on)


def _evaluate(patient: Patient, *, on: date, more: Answers | None = None) -> tuple[Finding, ...]:
    assert patient.history is not None
    entries = [*patient.history.entries, *([more] if more else [])]
    entries.sort(key=lambda entry: (entry.on, entry.at, entry.id))
    started = [profiles.MEDICINES.get(entry.values.get("medicine_started", ""), {}) for entry in entries]
    baseline = dict(patient.history.baseline)
    for facts in started:
        baseline.update(facts)
    history = replace(patient.history, baseline=baseline, entries=tuple(entries))
    return rules.evaluate(catalogue.current(), history, as_of=on)


def _told_earlier(patient: Patient) -> tuple[Finding, ...]:
    try:
        return _evaluate(patient, on=patient.today)
    except Exception:
        logger.exception("The diary of %s could not be judged.", patient.user.pk)
        return ()


def _alarms(draft: Draft) -> tuple[Finding, ...]:
    answers = {s["id"]: flow.chosen(s, draft.given.get(s["id"])) for s in plan.check_in()}
    return tuple(
        Finding(rule_id=f"alarm:{step}", reason="", tier=ALARMS[answer["alarm"]], advice="")
        for step, answer in answers.items()
        if answer and answer["alarm"]
    )


def _mark(finding: Finding) -> str:
    return f"{finding.rule_id} {finding.tier}"
