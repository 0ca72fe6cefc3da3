"""What the page of messages shows: whom one may write to, when they answer, and what was written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.translation import gettext as _

from selfcare.accounts.models import CareRelationship, Clinic, PatientProfile, User
from selfcare.correspondence import answer_times, conversations
from selfcare.correspondence.models import Conversation, Message

SHOWN = 20
A_WEEK = 7


class Missing(StrEnum):
    """Why nobody can be written to."""

    NO_CLINIC = "no_clinic"
    NO_CONSENT = "no_consent"


@dataclass(frozen=True, slots=True)
class Letter:
    """One message as the patient reads it."""

    message: Message
    own: bool
    who: str
    when: str
    state: str
    new: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A clinic on the page, and whether it can be written to."""

    clinic: Clinic
    open: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """The page of one conversation."""

    place: Place
    letters: tuple[Letter, ...]
    messages: tuple[Message, ...]
    conversation: Conversation | None
    # Where the messages before these begin; None when these are the first ones.
    before: int | None
    # The times at which the team answers; empty where it cannot be written to.
    times: tuple[str, ...]
    out_of_hours: str


def places(patient: User, *, now: datetime) -> list[Place]:
    """Return the clinics that can be written to, then those that are left to read."""
    now_open = conversations.clinics_of(patient.pk, now=now)
    past = Clinic.objects.filter(conversations__patient=patient).exclude(id__in=[each.pk for each in now_open])
    return [
        *(Place(each, open=True) for each in now_open),
        *(Place(each, open=False) for each in past.order_by("name")),
    ]


def missing(patient: User, *, now: datetime) -> Missing:
    """Return why there is nobody to write to."""
    looked_after = CareRelationship.objects.current(now).filter(patient=patient).exists()
    return Missing.NO_CONSENT if looked_after else Missing.NO_CLINIC


def show(patient: User, profile: PatientProfile, place: Place, *, before: int | None, now: datetime) -> Shown:
    """Return the newest messages, or those before a place in the conversation, and when the team answers."""
    conversation = conversations.between(patient.pk, place.clinic)
    messages = conversations.messages_of(conversation, before=before, most=SHOWN)
    zone = profile.zone()
    return Shown(
        place=place,
        letters=tuple(_letter(message, place.clinic, zone=zone, now=now) for message in messages),
        messages=tuple(messages),
        conversation=conversation,
        before=messages[0].number if messages and messages[0].number > 1 else None,
        times=tuple(_times(place.clinic, zone=zone, now=now)) if place.open else (),
        out_of_hours=_out_of_hours(place, zone=zone, now=now),
    )


def _times(clinic: Clinic, *, zone: ZoneInfo, now: datetime) -> list[str]:
    said = [
        answer_times.usual(clinic),
        answer_times.own_clock(clinic, zone=zone, now=now),
        answer_times.closed(clinic, zone=zone, now=now),
        answer_times.how_long(clinic),
    ]
    return [each for each in said if each]


def _out_of_hours(place: Place, *, zone: ZoneInfo, now: datetime) -> str:
    is_closed = place.open and answer_times.closed(place.clinic, zone=zone, now=now)
    return place.clinic.out_of_hours_text if is_closed else ""


def _letter(message: Message, clinic: Clinic, *, zone: ZoneInfo, now: datetime) -> Letter:
    own = message.side == Message.Side.PATIENT
    return Letter(
        message=message,
        own=own,
        who=_("You") if own else _who(message, clinic),
        when=_when(message.sent_at, zone=zone, now=now),
        state=_state(message, zone=zone, now=now) if own else "",
        new=not own and message.read_at is None,
    )


def _who(message: Message, clinic: Clinic) -> str:
    # A name that was given; never the e-mail address that stands in for one elsewhere.
    name = message.author.name if message.author else ""
    return _("%(name)s, %(clinic)s") % {"name": name, "clinic": clinic.name} if name else clinic.name


def _state(message: Message, *, zone: ZoneInfo, now: datetime) -> str:
    if message.read_at is None:
        return _("Sent. Not read yet.")
    return _("Read by your team %(day)s.") % {"day": _day(message.read_at, zone=zone, now=now)}


def _when(at: datetime, *, zone: ZoneInfo, now: datetime) -> str:
    clock = formats.date_format(at.astimezone(zone), "H:i")
    return _("%(day)s at %(time)s") % {"day": _day(at, zone=zone, now=now), "time": clock}


def _day(at: datetime, *, zone: ZoneInfo, now: datetime) -> str:
    local, today = at.astimezone(zone), now.astimezone(zone).date()
    ago = (today - local.date()).days
    if ago == 0:
        return _("today")
    if ago == 1:
        return _("yesterday")
    if 1 < ago < A_WEEK:
        return _("on %(day)s") % {"day": formats.date_format(local, "l")}
    form = "MONTH_DAY_FORMAT" if local.year == today.year else "DATE_FORMAT"
    return _("on %(day)s") % {"day": formats.date_format(local, form)}
