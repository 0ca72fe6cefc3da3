"""Sending, answering and reading messages. A message alerts nobody and is judged by nothing: the pages say so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from selfcare.accounts import audit, care, hours
from selfcare.accounts.models import Clinic, User
from selfcare.correspondence import telling
from selfcare.correspondence.models import LONGEST, Conversation, Message

# More than this in an hour is a stuck phone, not a person.
MOST_IN_AN_HOUR = 30
HOUR = timedelta(hours=1)


class MessageRefused(Exception):
    """The message cannot be taken; ``args[0]`` is the sentence for the person who wrote it."""


class NoTeam(MessageRefused):
    """No clinic that the patient shares data with can be written to."""


class IdTaken(MessageRefused):
    """The id stands for another message, of this person or of somebody else: told alike."""


class TooMany(MessageRefused):
    """So many messages came in an hour that something must be wrong."""


class Moved(MessageRefused):
    """Something was written since the page was read: whoever answers must read it first."""


def clinics_of(patient_id: UUID, *, now: datetime) -> list[Clinic]:
    """Return the clinics that the patient may write to now: those that look after them, with the care consent."""
    return list(care.clinics_of_patient(patient_id, now=now))


def between(patient_id: UUID, clinic: Clinic) -> Conversation | None:
    """Return the conversation of a patient with a clinic, or None while nobody has written."""
    return Conversation.objects.filter(patient=patient_id, clinic=clinic).first()


def of_clinician(clinician: User, patient_id: UUID, *, now: datetime) -> list[Clinic]:
    """Return the clinics as whose team this person may write to the patient; empty for everybody else."""
    places = clinician.memberships.current(now).filter(role="clinician").values("clinic")
    return list(care.clinics_of_patient(patient_id, now=now).filter(id__in=places))


def messages_of(conversation: Conversation | None, *, before: int | None = None, most: int) -> list[Message]:
    """Return the newest messages, or the newest ones before a place, in their order, with who wrote and read them."""
    if conversation is None:
        return []
    found = conversation.messages.select_related("author", "read_by").order_by("-number")
    if before is not None:
        found = found.filter(number__lt=before)
    return list(found[:most])[::-1]


def of_patient(patient: User) -> list[Message]:
    """Return everything that was written to and by a patient, clinic by clinic in its order: for an export."""
    found = Message.objects.filter(conversation__patient=patient).select_related("conversation__clinic", "author")
    return list(found.order_by("conversation__clinic__name", "conversation_id", "number"))


def unread_count(patient_id: UUID) -> int:
    """Return how many messages of care teams the patient has not had on the screen."""
    unread = Message.objects.filter(side=Message.Side.CLINIC, read_at=None)
    return unread.filter(conversation__patient=patient_id).count()


def send(
    patient: User,
    message_id: UUID,
    text: str,
    *,
    clinic: Clinic | None = None,
    kind: str = Message.Kind.MESSAGE,
    now: datetime,
) -> tuple[Message, bool]:
    """Return what the patient wrote to a clinic, or to the only one there is, and whether it is new.

    Raises MessageRefused with a sentence, and stores nothing then.
    """
    words = _checked(text)
    with transaction.atomic():
        same = {"author": patient, "side": Message.Side.PATIENT, "text": words, "kind": kind, "clinic": clinic}
        if (stored := _sent_before(message_id, **same)) is not None:
            return stored, False
        conversation = _locked(patient.pk, _addressed(patient.pk, clinic, now=now))
        # It may have come by another way while this one waited for the lock.
        if (stored := _sent_before(message_id, **same)) is not None:
            return stored, False
        _not_too_many(patient, now=now)
        message = _add(conversation, message_id, words, author=patient, side=Message.Side.PATIENT, kind=kind, now=now)
        if conversation.waiting_since is None:
            place = conversation.clinic
            conversation.waiting_since = now
            conversation.next_overdue_at = hours.after_working_days(place, now, days=place.answer_messages_within_days)
            conversation.save(update_fields=["waiting_since", "next_overdue_at"])
    return message, True


def reply(
    clinician: User, patient: User, clinic: Clinic, message_id: UUID, text: str, *, seen: int, now: datetime
) -> tuple[Message, bool]:
    """Return what a member of the team wrote, and whether it is new; it answers all that the patient had written.

    ``seen`` is the number of the newest message on the page that was answered. Raises Moved where another has come
    since, and NoTeam for somebody who may not write to this patient for this clinic.
    """
    words = _checked(text)
    with transaction.atomic():
        same = {"author": clinician, "side": Message.Side.CLINIC, "text": words, "clinic": clinic}
        if (stored := _sent_before(message_id, **same)) is not None:
            return stored, False
        _may_write(clinician, patient, clinic, now=now)
        conversation = _locked(patient.pk, clinic)
        if (stored := _sent_before(message_id, **same)) is not None:
            return stored, False
        _not_moved(conversation, seen=seen)
        message = _add(conversation, message_id, words, author=clinician, side=Message.Side.CLINIC, now=now)
        _no_longer_waiting(conversation, now=now)
        telling.new_for_patient(conversation, now=now)
        _audit("message.sent", conversation, by=clinician, object_id=message.pk, now=now)
    return message, True


def needs_no_answer(conversation: Conversation, *, by: User, seen: int, now: datetime) -> None:
    """Write that what the patient wrote needs no answer. Raises Moved where something was written since."""
    with transaction.atomic():
        _may_write(by, conversation.patient, conversation.clinic, now=now)
        locked = _locked(conversation.patient_id, conversation.clinic)
        _not_moved(locked, seen=seen)
        if locked.waiting_since is None:
            return
        locked.settled_at, locked.settled_by = now, by
        locked.save(update_fields=["settled_at", "settled_by"])
        _no_longer_waiting(locked, now=now)
        _audit("conversation.settled", locked, by=by, object_id=locked.pk, now=now)


def mark_read(conversation: Conversation, shown: Iterable[Message], *, by: User, now: datetime) -> int:
    """Write that this person had these messages of the other side on the screen; return how many were new to it.

    The first reader of a team reads for the team. What the patient has read is no longer announced.
    """
    theirs = Message.Side.CLINIC if by.pk == conversation.patient_id else Message.Side.PATIENT
    ids = [message.pk for message in shown if message.side == theirs and message.read_at is None]
    if not ids:
        return 0
    with transaction.atomic():
        read = Message.objects.filter(pk__in=ids, read_at=None).update(read_at=now, read_by=by)
        if theirs == Message.Side.CLINIC:
            telling.read_by_patient(conversation, now=now)
    return read


def opened(conversation: Conversation | None, *, patient_id: UUID, clinic: Clinic, by: User, now: datetime) -> None:
    """Write to the audit trail that a clinician looked at a conversation, empty or not."""
    audit.record(
        "conversation.opened",
        actor_id=by.pk,
        patient_id=patient_id,
        clinic_id=clinic.pk,
        object_id=conversation.pk if conversation else "",
        now=now,
    )


def newest(messages: Sequence[Message]) -> int:
    """Return the number of the newest message: what a page has to hand back when it answers."""
    return messages[-1].number if messages else 0


def _checked(text: str) -> str:
    # A form counts each line end as two characters, a person does not.
    words = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if not words:
        raise MessageRefused(_("Write something first, then send it."))
    if (over := len(words) - LONGEST) > 0:
        raise MessageRefused(
            ngettext(
                "Your message is %(n)d letter too long. Make it a little shorter, then send it.",
                "Your message is %(n)d letters too long. Make it shorter, or send it in two parts.",
                over,
            )
            % {"n": over}
        )
    return words


def _sent_before(
    message_id: UUID,
    *,
    author: User,
    side: str,
    text: str,
    clinic: Clinic | None,
    kind: str = Message.Kind.MESSAGE,
) -> Message | None:
    """Return the message that was stored under this id, or None. Raises IdTaken where it is another one."""
    stored = Message.objects.filter(pk=message_id).select_related("conversation").first()
    if stored is None:
        return None
    elsewhere = clinic is not None and stored.conversation.clinic_id != clinic.pk
    if (stored.author_id, stored.side, stored.text, stored.kind) != (author.pk, side, text, kind) or elsewhere:
        raise IdTaken(_("This was sent before in other words. Load the page again, then write a new message."))
    return stored


def _addressed(patient_id: UUID, clinic: Clinic | None, *, now: datetime) -> Clinic:
    found = [each for each in clinics_of(patient_id, now=now) if clinic is None or each.pk == clinic.pk]
    if not found:
        raise NoTeam(_("There is no care team that can read this. It was not sent."))
    if len(found) > 1:
        raise MessageRefused(_("Choose which clinic you want to write to."))
    return found[0]


def _may_write(clinician: User, patient: User, clinic: Clinic, *, now: datetime) -> None:
    if clinic not in of_clinician(clinician, patient.pk, now=now):
        raise NoTeam(_("You no longer look after this patient for this clinic. It was not sent."))


def _locked(patient_id: UUID, clinic: Clinic) -> Conversation:
    """Return the conversation for the rest of the transaction: nobody else adds to it meanwhile."""
    Conversation.objects.get_or_create(patient_id=patient_id, clinic=clinic)
    found = Conversation.objects.select_for_update(of=("self",)).select_related("clinic")
    return found.get(patient=patient_id, clinic=clinic)


def _not_too_many(patient: User, *, now: datetime) -> None:
    lately = Message.objects.filter(author=patient, side=Message.Side.PATIENT, sent_at__gt=now - HOUR)
    if lately.count() >= MOST_IN_AN_HOUR:
        raise TooMany(_("You have sent many messages. Wait an hour, then send this one."))


def _not_moved(conversation: Conversation, *, seen: int) -> None:
    later = conversation.messages.filter(number__gt=seen).select_related("author").order_by("-number").first()
    if later is None:
        return
    if later.side == Message.Side.CLINIC and later.author is not None:
        raise Moved(
            _("%(name)s answered in the meantime. Read it, then send yours or leave it.")
            % {"name": later.author.get_full_name()}
        )
    raise Moved(_("A new message came in the meantime. Read it, then send yours."))


def _add(
    conversation: Conversation,
    message_id: UUID,
    text: str,
    *,
    author: User,
    side: str,
    kind: str = Message.Kind.MESSAGE,
    now: datetime,
) -> Message:
    last = conversation.messages.aggregate(last=Max("number"))["last"] or 0
    return Message.objects.create(
        id=message_id,
        conversation=conversation,
        number=last + 1,
        side=side,
        author=author,
        kind=kind,
        text=text,
        sent_at=now,
    )


def _no_longer_waiting(conversation: Conversation, *, now: datetime) -> None:
    conversation.waiting_since = conversation.next_overdue_at = None
    conversation.save(update_fields=["waiting_since", "next_overdue_at"])
    telling.answered(conversation, now=now)


def _audit(action: str, conversation: Conversation, *, by: User, object_id: Any, now: datetime) -> None:
    audit.record(
        action,
        actor_id=by.pk,
        patient_id=conversation.patient_id,
        clinic_id=conversation.clinic_id,
        object_id=object_id,
        now=now,
    )
