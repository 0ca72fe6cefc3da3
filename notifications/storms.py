"""Many alerts at once become few messages: what one person is told is bounded, what there is to act on is not.

The first few messages of five minutes go out at once. What comes after them joins one digest a minute, which is sent
when its minute is over (reliability.md R13). Every alert stays listed and is acknowledged by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db.models import Count

from notifications import outbox
from notifications.models import Kind, Message, Priority

# The kinds that call a clinician to the worklist.
TO_THE_WORKLIST = (Kind.WORKLIST, Kind.ESCALATION, Kind.CONTACT)
ENOUGH = 3
WITHIN = timedelta(minutes=5)
MINUTE = 60


def owe(user_ids: Iterable[UUID], *, cause: str, kind: str, now: datetime, addresses: Sequence[str] = ()) -> None:
    """Owe people, and bare addresses, a message about the worklist; whoever has had enough of them gets a digest."""
    people = list(user_ids)
    busy = _busy(people, addresses, now=now)
    outbox.owe(
        [each for each in people if each not in busy], cause=cause, kind=kind, now=now, priority=Priority.RED_FLAG
    )
    for address in addresses:
        if address not in busy:
            outbox.notify_address(address, cause=cause, kind=kind, now=now, priority=Priority.RED_FLAG)
    digest, due = digest_of(now), _end_of_minute(now)
    # Owed as of the moment at which it is to leave: nobody can be late with it before.
    outbox.owe(
        [each for each in people if each in busy],
        cause=digest,
        kind=Kind.DIGEST,
        now=due,
        priority=Priority.RED_FLAG,
    )
    for address in addresses:
        if address in busy:
            outbox.notify_address(address, cause=digest, kind=Kind.DIGEST, now=due, priority=Priority.RED_FLAG)


def digest_of(at: datetime) -> str:
    """Return the cause of the digests that what happened at this instant may have joined."""
    return f"digest:{int(at.timestamp()) // MINUTE}"


def minute_of(digest: str) -> tuple[datetime, datetime]:
    """Return the minute of a digest's cause, as its first instant and the first one after it."""
    first = datetime.fromtimestamp(int(digest.removeprefix("digest:")) * MINUTE, tz=UTC)
    return first, first + timedelta(seconds=MINUTE)


def _end_of_minute(now: datetime) -> datetime:
    return minute_of(digest_of(now))[1]


def _busy(people: Sequence[UUID], addresses: Sequence[str], *, now: datetime) -> set[UUID | str]:
    """Return who has had enough messages lately."""
    lately = Message.objects.filter(kind__in=TO_THE_WORKLIST, created_at__gt=now - WITHIN, created_at__lte=now)
    lately = lately.exclude(status=Message.Status.CANCELLED)
    busy: set[UUID | str] = set()
    for column, places in (("recipient_id", people), ("address", addresses)):
        if places:
            counted = lately.filter(**{f"{column}__in": places}).order_by().values_list(column)
            busy |= {place for place, causes in counted.annotate(Count("cause", distinct=True)) if causes >= ENOUGH}
    return busy
