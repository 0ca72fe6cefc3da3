"""A clinician's side of the messages: the list of unanswered ones, and one conversation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef

from selfcare.accounts.models import Clinic, User
from selfcare.clinic.desk import Desk
from selfcare.clinic.people import Person, person
from selfcare.correspondence import answer_times, conversations
from selfcare.correspondence.models import Conversation, ConversationQuerySet, Message

PAGE = 50
SHOWN = 50


@dataclass(frozen=True, slots=True)
class Waiting:
    """One patient who waits for an answer."""

    person: Person
    clinic: Clinic
    since: datetime
    late: bool
    wants_visit: bool


@dataclass(frozen=True, slots=True)
class Correspondence:
    """The page of one conversation."""

    person: Person
    clinic: Clinic
    clinics: tuple[Clinic, ...]
    conversation: Conversation | None
    messages: tuple[Message, ...]
    before: int | None
    hours: tuple[str, ...]

    @property
    def seen(self) -> int:
        """Return what an answer hands back, so that nobody answers what was not on the page."""
        return conversations.newest(self.messages)

    @property
    def waiting(self) -> bool:
        """Return whether the patient waits for an answer."""
        return self.conversation is not None and self.conversation.waiting_since is not None


def unanswered_of(desk: Desk) -> ConversationQuerySet:
    """Return the conversations in which a patient of this desk waits, the longest first."""
    return Conversation.objects.open_to(desk.clinician, now=desk.now).waiting()


def unanswered(desk: Desk, *, page: int = 1) -> tuple[list[Waiting], bool]:
    """Return one page of the patients who wait, and whether there are more, in a fixed number of queries."""
    first = (page - 1) * PAGE
    asks = Message.objects.filter(
        conversation=OuterRef("pk"),
        kind=Message.Kind.VISIT_REQUEST,
        side=Message.Side.PATIENT,
        sent_at__gte=OuterRef("waiting_since"),
    )
    found = list(
        unanswered_of(desk)
        .annotate(wants_visit=Exists(asks))
        .select_related("patient__patient", "clinic")[first : first + PAGE + 1]
    )
    return [_waiting(each, now=desk.now) for each in found[:PAGE]], len(found) > PAGE


def clinic_for(desk: Desk, patient: User, asked: str) -> Clinic | None:
    """Return the clinic as whose team this person writes: the one asked for, or the first; None where there is none."""
    clinics = conversations.of_clinician(desk.clinician, patient.pk, now=desk.now)
    return next((clinic for clinic in clinics if not asked or str(clinic.pk) == asked), None)


def load(desk: Desk, patient: User, clinic: Clinic, *, before: int | None = None) -> Correspondence:
    """Return the newest messages with a patient, or those before a place, and write nothing."""
    conversation = conversations.between(patient.pk, clinic)
    messages = conversations.messages_of(conversation, before=before, most=SHOWN)
    hours = (
        answer_times.usual(clinic),
        answer_times.closed(clinic, zone=desk.zone, now=desk.now),
        answer_times.how_long(clinic),
    )
    return Correspondence(
        person=person(patient, now=desk.now),
        clinic=clinic,
        clinics=tuple(conversations.of_clinician(desk.clinician, patient.pk, now=desk.now)),
        conversation=conversation,
        messages=tuple(messages),
        before=messages[0].number if messages and messages[0].number > 1 else None,
        hours=tuple(each for each in hours if each),
    )


def _waiting(conversation: Conversation, *, now: datetime) -> Waiting:
    return Waiting(
        person=person(conversation.patient, now=now),
        clinic=conversation.clinic,
        since=conversation.waiting_since,
        late=conversation.next_overdue_at is None or conversation.next_overdue_at <= now,
        wants_visit=conversation.wants_visit,
    )
