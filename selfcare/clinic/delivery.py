"""Is anybody being told? Computed by the page itself from the rows, so that it is true when every process is dead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from notifications import heartbeat
from notifications.models import Heartbeat, Kind, Message
from selfcare.accounts.models import Membership
from selfcare.clinic.desk import Desk

# reliability R8: a red-flag message that is a minute old and not delivered is late.
LATE_AFTER = timedelta(seconds=60)
# A message that failed for good is worth a warning for a day; after that the list itself has long been read.
FAILED_WITHIN = timedelta(days=1)
RED_FLAG_KINDS = (Kind.WORKLIST, Kind.ESCALATION, Kind.CONTACT, Kind.DIGEST, Kind.FOLLOW_UP)


@dataclass(frozen=True, slots=True)
class Delay:
    """Alerts are not reaching people; ``since`` is None where nothing has ever been delivered."""

    since: datetime | None


def delay(desk: Desk) -> Delay | None:
    """Return the delay in delivering alerts at this desk's clinics, or None while all is well.

    It counts as a delay when a message waits, and also when the processes that send and escalate have fallen silent.
    """
    oldest = _oldest_undelivered(desk)
    silent = _silent(desk)
    if oldest is None:
        return silent
    return Delay(since=min(oldest, silent.since) if silent and silent.since else oldest)


def _silent(desk: Desk) -> Delay | None:
    stale = heartbeat.stale(desk.now)
    if not stale:
        return None
    last_seen = Heartbeat.objects.filter(name__in=stale).order_by("at").values_list("at", flat=True).first()
    return Delay(since=last_seen)


def _oldest_undelivered(desk: Desk) -> datetime | None:
    colleagues = Membership.objects.current(desk.now).filter(clinic__in=desk.clinics).values("user_id")
    addresses = [clinic.duty_email for clinic in desk.clinics if clinic.duty_email]
    ours = Q(recipient__in=colleagues) | Q(recipient__in=desk.patients().values("id")) | Q(address__in=addresses)
    arrived = Message.objects.filter(
        cause=OuterRef("cause"), recipient=OuterRef("recipient"), address=OuterRef("address"), status="sent"
    )
    waiting = Q(status="due", created_at__lte=desk.now - LATE_AFTER)
    failed = Q(status="failed", created_at__gt=desk.now - FAILED_WITHIN) & ~Exists(arrived)
    return (
        Message.objects.filter(ours, waiting | failed, kind__in=RED_FLAG_KINDS)
        .order_by("created_at")
        .values_list("created_at", flat=True)
        .first()
    )
