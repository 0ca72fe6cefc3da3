"""Every table that holds something of a person: where its rows are, and which columns leave with an export.

A table that is in neither list fails the suite, so that nothing is ever kept of a person and forgotten here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Model, Q, QuerySet

# What becomes of the rows when the account is deleted (docs/decisions/0011-account-deletion.md): gone at once, kept
# under an id without a name for the clinic's record, or kept for good because it holds ids alone.
GONE, RECORD, ID_ALONE = "gone", "record", "id_alone"


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its name in the export, its model, the way from a row to its person, what stays behind."""

    name: str
    model: str
    person: tuple[str, ...] = ("patient",)
    # Secrets, fingerprints, and columns that only say how the machine goes about its work.
    left_out: frozenset[str] = frozenset()
    # What a clinician has not given to the person yet.
    without: Mapping[str, Any] = field(default_factory=dict)
    after: str = RECORD

    def all_rows(self, person_id: UUID) -> QuerySet[Any]:
        """Return every row of one person, also what no export holds."""
        mine = Q()
        for way in self.person:
            mine |= Q(**{way: person_id})
        model: type[Model] = apps.get_model(self.model)
        return model._default_manager.filter(mine).order_by("pk")

    def rows(self, person_id: UUID) -> QuerySet[Any]:
        """Return the rows of one person in a fixed order."""
        return self.all_rows(person_id).exclude(**self.without)


def _of(*names: str) -> frozenset[str]:
    return frozenset(names)


_PLANNED = ("programme__patient",)

TABLES = (
    Table(
        "account", "accounts.User", ("pk",), _of("password", "is_superuser", "is_staff", "is_active"), after=ID_ALONE
    ),
    Table("email_addresses", "account.EmailAddress", ("user",), after=GONE),
    Table("ways_to_sign_in", "mfa.Authenticator", ("user",), _of("data"), after=GONE),
    Table("devices", "accounts.Device", ("user",), _of("session_key", "token_sha256", "push"), after=GONE),
    Table("profile", "accounts.PatientProfile", ("user",)),
    Table("consents", "accounts.Consent", after=ID_ALONE),
    Table("clinics", "accounts.CareRelationship"),
    Table("invitations", "accounts.Invitation", ("used_by",), _of("code_sha256"), after=GONE),
    Table("places_of_work", "accounts.Membership", ("user",)),
    Table("episodes", "diary.Episode", left_out=_of("next_check_at")),
    Table("entries", "diary.Entry", left_out=_of("body_sha256", "needs_assessment")),
    Table("paces", "diary.Pace", ("episode__patient",)),
    Table("weeks_read", "diary.WeekRead", ("episode__patient",)),
    Table("assessments", "triage.Assessment"),
    Table(
        "alerts",
        "triage.Alert",
        left_out=_of("urgency", "next_escalation_at", "next_follow_up_at", "next_silence_at", "next_release_at"),
    ),
    Table("alert_events", "triage.AlertEvent", ("alert__patient",)),
    Table("reviews", "clinic.Review"),
    Table("conversations", "correspondence.Conversation", left_out=_of("next_overdue_at", "next_notice_at")),
    Table("conversation_messages", "correspondence.Message", ("conversation__patient",)),
    Table("programmes", "exercises.Programme", left_out=_of("next_look_at")),
    Table("programme_versions", "exercises.Version", _PLANNED, without={"state": "draft"}),
    Table(
        "prescriptions", "exercises.Prescription", ("version__programme__patient",), without={"version__state": "draft"}
    ),
    Table("programme_events", "exercises.ProgrammeEvent", _PLANNED),
    Table("planned_exercises", "exercises.PlannedExercise", _PLANNED),
    Table("exercises", "exercises.Practice", _PLANNED),
    Table("exercise_steps", "exercises.MasteryEvent", ("practice__programme__patient",)),
    Table("dose_changes", "exercises.DoseChange", ("practice__programme__patient",)),
    Table("sessions", "exercises.Session", left_out=_of("body_sha256")),
    Table("session_results", "exercises.Result", ("session__patient",)),
    Table("mornings", "exercises.Morning"),
    Table("reminder", "notifications.Reminder", ("user",), _of("next_at"), after=GONE),
    Table("message_places", "notifications.PushSubscription", ("user",), _of("endpoint", "p256dh", "auth"), after=GONE),
    Table(
        "messages_sent",
        "notifications.Message",
        ("recipient",),
        _of("key", "cause", "address", "subscription", "claim", "next_attempt_at", "crashes"),
    ),
    Table("audit", "accounts.AuditEvent", ("patient_id",), after=ID_ALONE),
)

# Tables that no export needs, each with the reason.
NOT_EXPORTED = {
    "accounts.Clinic": "a place, not a person; its name is told with each relationship",
    "account.EmailConfirmation": "one-time links that are secrets while they hold; the addresses are exported",
    "sessions.Session": "a secret while it holds; what it stands for is in devices",
    "records.Deletion": "kept with the account's id alone; the page shows it while it waits",
    "triage.ContentInUse": "the clinical content of the installation",
    "notifications.Heartbeat": "the state of background processes",
    "auth.Permission": "the framework's own; nobody is in it",
    "auth.Group": "the framework's own; nobody is in it",
    "contenttypes.ContentType": "the framework's own",
}
