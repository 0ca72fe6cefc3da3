"""Many alerts at once: few messages for one person, and no alert without one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from notifications import outbox, storms
from notifications.models import Message
from selfcare.accounts.models import User
from tests import factories

pytestmark = pytest.mark.django_db

# Twenty seconds into a minute.
NOW = datetime(2026, 3, 2, 18, 30, 20, tzinfo=UTC)
NEXT_MINUTE = datetime(2026, 3, 2, 18, 31, tzinfo=UTC)


@pytest.fixture
def zoe(db: None) -> User:
    """Return somebody who is told."""
    return factories.user(email="zoe@example.org")


def _alarms(people: list[UUID], count: int, *, now: datetime = NOW, first: int = 0, **more: object) -> None:
    for number in range(first, first + count):
        storms.owe(people, cause=f"alarm:{number}", kind="worklist", now=now, **more)


def _kinds(**where: object) -> list[str]:
    return sorted(Message.objects.filter(**where).values_list("kind", flat=True))


def test_the_first_three_go_out_at_once(zoe: User) -> None:
    _alarms([zoe.pk], 3)

    assert _kinds(recipient=zoe) == ["worklist"] * 3
    assert len(outbox.claim(now=NOW, limit=10)) == 3


def test_the_rest_of_the_minute_is_one_digest_at_its_end(zoe: User) -> None:
    _alarms([zoe.pk], 50)

    digest = Message.objects.get(recipient=zoe, kind="digest")
    assert _kinds(recipient=zoe) == ["digest", *["worklist"] * 3]
    assert digest.next_attempt_at == digest.created_at == NEXT_MINUTE
    assert digest.pk not in [message.pk for message in outbox.claim(now=NEXT_MINUTE - timedelta(seconds=1), limit=10)]
    assert digest.pk in [message.pk for message in outbox.claim(now=NEXT_MINUTE, limit=10)]


def test_what_comes_in_the_next_minute_has_a_digest_of_its_own(zoe: User) -> None:
    _alarms([zoe.pk], 5)

    _alarms([zoe.pk], 5, first=5, now=NEXT_MINUTE)

    assert _kinds(recipient=zoe, kind="digest") == ["digest"] * 2


def test_five_hundred_in_a_minute_are_at_most_ten_messages(zoe: User) -> None:
    for number in range(500):
        storms.owe([zoe.pk], cause=f"alarm:{number}", kind="worklist", now=NOW + timedelta(milliseconds=120 * number))

    assert Message.objects.filter(recipient=zoe).count() <= 10


def test_after_five_quiet_minutes_a_message_goes_out_by_itself_again(zoe: User) -> None:
    _alarms([zoe.pk], 3)

    storms.owe([zoe.pk], cause="alarm:9", kind="worklist", now=NOW + storms.WITHIN)

    assert _kinds(recipient=zoe) == ["worklist"] * 4


def test_what_was_taken_back_unsent_does_not_count(zoe: User) -> None:
    _alarms([zoe.pk], 3)
    outbox.cancel("alarm:0", now=NOW)

    _alarms([zoe.pk], 1, first=3)

    assert _kinds(recipient=zoe, status="due") == ["worklist"] * 3


def test_one_persons_storm_is_not_anothers(zoe: User) -> None:
    yan = factories.user(email="yan@example.org")
    _alarms([zoe.pk], 3)

    storms.owe([zoe.pk, yan.pk], cause="alarm:3", kind="worklist", now=NOW)

    assert _kinds(recipient=yan) == ["worklist"]
    assert _kinds(recipient=zoe, cause="alarm:3") == []


def test_a_duty_address_is_spared_in_the_same_way(zoe: User) -> None:
    _alarms([], 20, addresses=["duty@example.org"])

    assert _kinds(address="duty@example.org") == ["digest", *["worklist"] * 3]


def test_the_minute_of_a_digest_can_be_told_from_its_cause() -> None:
    first, end = storms.minute_of(storms.digest_of(NOW))

    assert (first, end) == (datetime(2026, 3, 2, 18, 30, tzinfo=UTC), NEXT_MINUTE)
