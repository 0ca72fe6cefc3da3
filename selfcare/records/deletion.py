"""Deleting an account: what names a person goes at once, the clinic's record stays without a name for its period.

Why it is done so: docs/decisions/0011-account-deletion.md. Consents and the audit trail are never touched: the database
refuses it to everybody, and they hold ids alone.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils.translation import gettext as _

from exercises import programmes
from exercises.models import DoseChange, Programme
from notifications import reminders
from notifications.models import Message
from selfcare.accounts import audit, devices
from selfcare.accounts.models import CareRelationship, Invitation, Membership, PatientProfile, User
from selfcare.correspondence.models import Conversation
from selfcare.correspondence.models import Message as Written
from selfcare.diary import episodes
from selfcare.diary.models import Entry, Episode
from selfcare.records.models import Deletion
from selfcare.records.register import GONE, RECORD, TABLES
from selfcare.triage import catalogue
from selfcare.triage.models import Alert, AlertEvent, Assessment

log = logging.getLogger(__name__)

# An alert that nobody closes must not keep an account for ever.
LONGEST_WAIT = timedelta(days=30)
# What stands in the place of a patient's own words where the row must stay.
DELETED_WORDS = "(deleted)"
CHUNK = 500


class WorksHere(Exception):
    """The person also works in a clinic, whose rota counts on them: the clinic ends that place first."""


def waiting(person: User) -> Deletion | None:
    """Return the person's wish that has neither been carried out nor taken back."""
    return Deletion.objects.waiting().filter(person=person).first()


def must_wait(person: User) -> bool:
    """Return whether an alert of the person is open."""
    return Alert.objects.open().filter(patient=person).exists()


def was_in_care(person: User) -> bool:
    """Return whether a clinic has ever looked after the person: then it keeps a record."""
    return CareRelationship.objects.filter(patient=person).exists()


@transaction.atomic
def ask(person: User, *, now: datetime, at_once: bool = False) -> Deletion:
    """Return the wish: carried out at once, or waiting while an alert is open. Asking twice is one wish.

    ``at_once`` is for an account that had been deleted before, and came back with a backup.

    Raises WorksHere for somebody who has a place in a clinic.
    """
    if Membership.objects.current(now).filter(user=person).exists():
        raise WorksHere
    User.objects.select_for_update().get(pk=person.pk)
    wish = waiting(person)
    if wish is None:
        wish = Deletion.objects.create(person=person, asked_at=now, due_at=now + LONGEST_WAIT)
        audit.record("account.deletion_asked", actor_id=person.pk, patient_id=person.pk, now=now)
    if at_once or not must_wait(person):
        carry_out(wish, now=now)
    return wish


@transaction.atomic
def take_back(person: User, *, now: datetime) -> bool:
    """Return whether there was a wish that waited; it is over now."""
    if not Deletion.objects.waiting().filter(person=person).update(taken_back_at=now):
        return False
    audit.record("account.deletion_taken_back", actor_id=person.pk, patient_id=person.pk, now=now)
    return True


def carry_out_due(*, now: datetime) -> int:
    """Return how many waiting wishes were carried out: no alert is open any more, or they have waited long enough."""
    done = 0
    for wish in Deletion.objects.waiting().select_related("person").order_by("due_at", "id"):
        if wish.due_at > now and must_wait(wish.person):
            continue
        with transaction.atomic():
            # Two schedulers: the second finds it done.
            locked = Deletion.objects.select_for_update().waiting().filter(pk=wish.pk).first()
            if locked is not None:
                carry_out(locked, now=now)
                done += 1
    return done


@transaction.atomic
def carry_out(wish: Deletion, *, now: datetime) -> None:
    """Delete what names the person; without a clinic that keeps a record, the diary too."""
    person = User.objects.select_for_update().get(pk=wish.person_id)
    address, kept = person.email, was_in_care(person)
    _sign_out_everywhere(person, now=now)
    _stop(person, now=now)
    _take_words(person)
    Invitation.objects.filter(used_by=person).update(used_by=None)
    for table in TABLES:
        if table.after == GONE:
            table.all_rows(person.pk).delete()
    PatientProfile.objects.filter(user=person).update(goal="")
    person.email, person.name = f"{person.pk}@deleted.invalid", ""
    person.is_active, person.last_login = False, None
    person.set_unusable_password()
    person.save(update_fields=["email", "name", "is_active", "last_login", "password"])
    wish.done_at = now
    wish.erase_at = now + timedelta(days=366 * settings.RECORD_KEPT_YEARS) if kept else now
    wish.save(update_fields=["done_at", "erase_at"])
    audit.record("account.deleted", actor_id=person.pk, patient_id=person.pk, object_id=wish.pk, now=now)
    if not kept:
        erase(wish, now=now)
    # For the list that a restored backup is held against (docs/operations.md).
    log.info("The account %s was deleted.", person.pk)
    transaction.on_commit(lambda: _confirm(address), robust=True)


def erase_due(*, now: datetime) -> int:
    """Return how many records were erased because they are past their period."""
    due = list(Deletion.objects.to_erase(now))
    for wish in due:
        erase(wish, now=now)
    return len(due)


@transaction.atomic
def erase(wish: Deletion, *, now: datetime) -> None:
    """Erase the record that stayed. What is left are an id, consents and the audit trail, which hold ids alone."""
    of = wish.person_id
    # They point at rows of their own table, which keeps those from going.
    Entry.objects.filter(patient=of).update(corrects=None)
    DoseChange.objects.filter(practice__programme__patient=of).update(undoes=None)
    for table in reversed(TABLES):
        if table.after == RECORD:
            table.all_rows(of).delete()
    wish.erased_at = now
    wish.save(update_fields=["erased_at"])
    audit.record("account.record_erased", actor_id=None, patient_id=of, object_id=wish.pk, now=now)


def _sign_out_everywhere(person: User, *, now: datetime) -> None:
    devices.end_others(person, session_key=None, now=now)


def _stop(person: User, *, now: datetime) -> None:
    """End what time would do: prompts, reminders, exercises, questions about alerts; the clinic's care ends."""
    for episode in Episode.objects.active().filter(patient=person):
        episodes.stop_prompts(episode, because=Episode.Stopped.WITHDREW, by=person, now=now)
    reminders.stop(person.pk, now=now)
    for programme in Programme.objects.active().filter(patient=person):
        programmes.end(programme, by=person, on=now.date(), now=now)
    Message.objects.filter(recipient=person).exclude(status=Message.Status.SENT).delete()
    left_open = Alert.objects.open().filter(patient=person)
    AlertEvent.objects.bulk_create(
        AlertEvent(alert=alert, kind=AlertEvent.Kind.ACTION, at=now, data={"account": "deleted"}) for alert in left_open
    )
    left_open.update(next_escalation_at=None, next_follow_up_at=None, next_silence_at=None, next_release_at=None)
    Conversation.objects.filter(patient=person).update(waiting_since=None, next_overdue_at=None, next_notice_at=None)
    CareRelationship.objects.current(now).filter(patient=person).update(until_at=now)


def _take_words(person: User) -> None:
    """Take away what the person wrote in their own words: it may hold any name."""
    texts = {name for name, term in catalogue.current().vocabulary.entry.items() if term.kind == "text"}
    for model, column in ((Entry, "observations"), (Assessment, "findings"), (Alert, "inputs")):
        changed: list[Any] = []
        for row in model.objects.filter(patient=person).order_by("pk").iterator(chunk_size=CHUNK):
            before = getattr(row, column)
            after = _without(before, texts)
            if after != before:
                setattr(row, column, after)
                changed.append(row)
        model.objects.bulk_update(changed, [column], batch_size=CHUNK)
    AlertEvent.objects.filter(alert__patient=person, kind=AlertEvent.Kind.PATIENT_SAID).update(note="")
    Written.objects.filter(conversation__patient=person, side=Written.Side.PATIENT).update(text=DELETED_WORDS)


def _without(value: Any, names: set[str]) -> Any:
    if isinstance(value, dict):
        return {name: _without(one, names) for name, one in value.items() if name not in names}
    return [_without(one, names) for one in value] if isinstance(value, list) else value


def _confirm(address: str) -> None:
    """Send the one mail that is not owed by a row: a row would keep the address that has just been deleted."""
    text = _("Your account here has been deleted. You cannot sign in any more. If this was not you, tell your clinic.")
    try:
        EmailMessage(_("Your account"), text, to=[address]).send()
    except OSError as error:
        log.warning("The mail about a deleted account could not be sent: %s.", type(error).__name__)
