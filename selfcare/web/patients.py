"""What the patient's pages need to know about the person in front of them, read once per request."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.http import Http404

from exercises.models import Morning, Session
from selfcare.accounts import care, consents, profiles
from selfcare.accounts.models import Consent, PatientProfile, User
from selfcare.diary import monitoring
from selfcare.diary.models import Entry, Episode
from selfcare.triage import catalogue
from selfcare.triage.models import Alert
from selfcare.triage.rules import Answers, History
from selfcare.web import flow, places

# The reason word of the rule that a symptom raises (clinical.md 8.5), and the outcomes that say it was looked at.
REASONS = {
    "bladder": "bladder_change", "bowel": "bowel_change", "saddle": "saddle_change", "sexual": "sexual_change",
    "both_legs": "both_legs",
}  # fmt: skip
SEEN = (Alert.Outcome.SEEN_EMERGENCY, Alert.Outcome.SEEN_CLINIC)
REVIEW_RULES = "PER-"
# Whoever is older is not asked about periods.
LAST_PERIODS_AT = 58


@dataclass(frozen=True, slots=True)
class Patient:
    """A patient in set-up or beyond, on one local day."""

    user: User
    profile: PatientProfile
    now: datetime
    today: date
    episode: Episode | None
    history: History | None
    flags: list[str] = field(default_factory=list)
    has_team: bool = False

    @property
    def baseline(self) -> dict[str, Any]:
        """Return what is known of the person besides the diary, by the names of the vocabulary."""
        return dict(self.history.baseline) if self.history else {}

    @property
    def areas(self) -> list[str]:
        """Return the areas of the body that are marked now."""
        return places.current(self.entries, self.episode.regions if self.episode else [])

    @property
    def history_due(self) -> bool:
        """Return whether to ask about health again (clinical.md 1.2, Q-HIST)."""
        return self.profile.history_is_due(self.now)

    @property
    def unsure_again(self) -> bool:
        """Return whether a question that was answered with "not sure" comes again (RF-CES-07)."""
        return bool(flow.unsure_again(self.entries, now=self.now))

    @property
    def days_away(self) -> int:
        """Return for how many days there has been no entry; 0 before the first one."""
        newest = max((entry["on"] for entry in self.entries), default=self.today)
        return max(0, (self.today - newest).days)

    @property
    def entries(self) -> list[dict[str, Any]]:
        """Return the entries the rules read, as plain data."""
        return [as_plain(answers) for answers in self.history.entries] if self.history else []


def profile_of(user: Any) -> PatientProfile:
    """Return the patient profile of a user, where a page needs no more. Raises Http404 for a person without one."""
    profile = PatientProfile.objects.filter(user=user).first()
    if profile is None:
        raise Http404
    return profile


def load(user: Any, *, now: datetime) -> Patient:
    """Return the patient behind a user. Raises Http404 for a person without a patient profile."""
    profile = profile_of(user)
    today = profile.local_date(now)
    episode = Episode.objects.active().filter(patient=user).first()
    return Patient(
        user=user,
        profile=profile,
        now=now,
        today=today,
        episode=episode,
        # One day more: a phone east of home may already be in tomorrow.
        history=monitoring.history_of(episode, until=today + timedelta(days=1)) if episode else None,
        flags=[
            _intimate(user),
            *_unconfirmed(profile),
            *_by_body(profile, today),
            *_open_advice(user),
            *_exercised(user, today=today),
        ],
        has_team=care.clinics_of_patient(user.pk, now=now).exists() and consents.holds(user, Consent.Purpose.CARE),
    )


def as_plain(answers: Answers) -> dict[str, Any]:
    """Return one entry as the form's rules and the phone read it."""
    return {"id": answers.id, "on": answers.on, "at": answers.at, "values": dict(answers.values)}


def with_advice(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the entries with the tier of what the app told the person, for "Show this to staff"."""
    shown = Entry.objects.filter(pk__in=[entry["id"] for entry in entries]).values_list("pk", "shown_tier")
    told = {str(pk): tier for pk, tier in shown}
    return [entry | {"shown": told.get(str(entry["id"]), "")} for entry in entries]


def clinics_to_ring(patient: Patient) -> list[dict[str, str]]:
    """Return name and telephone of the clinics that see this diary."""
    if not patient.has_team:
        return []
    return list(
        care.clinics_of_patient(patient.user.pk, now=patient.now).order_by("name", "pk").values("name", "phone")
    )


def _exercised(user: Any, *, today: date) -> list[str]:
    """Return what the exercises of the last day call for.

    "exercised": nobody has said yet how the morning after was. "too_much": that is how a session felt.
    """
    yesterday = today - timedelta(days=1)
    lately = Session.objects.filter(patient=user, occurred_on__gte=yesterday).values_list("occurred_on", "felt")
    sessions = list(lately)
    asked = Morning.objects.filter(patient=user, on=today).exclude(pain=None)
    before = any(on == yesterday for on, _felt in sessions) and not asked.exists()
    too_much = any(felt == Session.Felt.TOO_MUCH for _on, felt in sessions)
    return [*(["exercised"] if before else []), *(["too_much"] if too_much else [])]


def _intimate(user: Any) -> str:
    return "intimate" if consents.holds(user, Consent.Purpose.INTIMATE) else "no_intimate"


def _unconfirmed(profile: PatientProfile) -> list[str]:
    """Return the symptoms for which "the same as always" must be confirmed (clinical.md 0).

    Neither did the person say that it has been there for over 3 months and a clinician knows, nor has exactly this
    symptom been assessed since it was last reported.
    """
    asked = [name for name, key in profiles.LONGSTANDING.items() if profile.history.get(key) is not True]
    alerts = Alert.objects.filter(patient_id=profile.pk, reason__in=REASONS.values()).order_by("opened_at", "id")
    newest = {alert.reason: alert for alert in alerts.only("reason", "status", "outcome")}
    return [f"unknown:{name}" for name in asked if not _assessed(newest.get(REASONS[name]))]


def _assessed(alert: Alert | None) -> bool:
    return alert is not None and alert.status == Alert.Status.CLOSED and alert.outcome in SEEN


def _by_body(profile: PatientProfile, today: date) -> list[str]:
    pregnant = "pregnant_weeks" in profile.history_on(today)
    periods = profile.sex != PatientProfile.Sex.MALE and not pregnant and profile.age_on(today) <= LAST_PERIODS_AT
    return [*(["pregnant"] if pregnant else []), *(["periods"] if periods else [])]


def _open_advice(user: Any) -> list[str]:
    """Return the flags that a review was advised and nobody has closed the advice, and what rules want to know."""
    fired = set(Alert.objects.open().filter(patient=user).values_list("rule_id", flat=True))
    advised = any(rule_id.startswith(REVIEW_RULES) for rule_id in fired)
    wanted = {key for rule in catalogue.current().rules if rule.id in fired for key in rule.asks}
    return [*(["review_open"] if advised else []), *(f"wanted:{key}" for key in sorted(wanted))]
