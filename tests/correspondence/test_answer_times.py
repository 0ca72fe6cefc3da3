"""When the team answers, in words: any set of days, any hours, another clock, and a night on which clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from selfcare.accounts.models import Clinic
from selfcare.correspondence import answer_times

LONDON, AUCKLAND = ZoneInfo("Europe/London"), ZoneInfo("Pacific/Auckland")


def clinic(**changes: object) -> Clinic:
    return Clinic(**{"opens_at": time(9), "closes_at": time(17), "working_days": "12345", **changes})


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        ({}, "Your team answers on weekdays between 9am and 5pm."),
        ({"working_days": "1234567", "closes_at": time(0)}, "Your team answers every day between 9am and midnight."),
        ({"working_days": "3", "closes_at": time(12)}, "Your team answers on Wednesday between 9am and midday."),
        (
            {"working_days": "135", "opens_at": time(8, 30), "closes_at": time(12, 45)},
            "Your team answers on Monday, Wednesday and Friday between 8.30am and 12.45pm.",
        ),
        (
            {"working_days": "1234567", "opens_at": time(0), "closes_at": time(0)},
            "Your team answers every day, by day and by night.",
        ),
    ],
)
def test_the_hours_of_a_clinic_are_said_as_people_say_them(hours: dict[str, object], said: str) -> None:
    assert answer_times.usual(clinic(**hours)) == said


def test_while_the_clinic_is_open_nothing_is_said_about_its_being_closed() -> None:
    assert answer_times.closed(clinic(), zone=LONDON, now=datetime(2026, 3, 3, 10, 0, tzinfo=UTC)) == ""


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (datetime(2026, 3, 3, 7, 0, tzinfo=UTC), "The clinic is closed now. It opens today at 9am."),
        (datetime(2026, 3, 3, 19, 0, tzinfo=UTC), "The clinic is closed now. It opens on Wednesday at 9am."),
        # Saturday before the clocks go forward: on Monday 9am is an hour earlier in UTC.
        (datetime(2026, 3, 28, 12, 0, tzinfo=UTC), "The clinic is closed now. It opens on Monday at 9am."),
    ],
)
def test_a_closed_clinic_says_when_it_opens(now: datetime, said: str) -> None:
    assert answer_times.closed(clinic(), zone=LONDON, now=now) == said


def test_the_opening_is_told_on_the_clock_of_who_reads_it() -> None:
    evening = datetime(2026, 3, 3, 19, 0, tzinfo=UTC)

    assert answer_times.closed(clinic(), zone=AUCKLAND, now=evening) == (
        "The clinic is closed now. It opens today at 10pm."
    )


def test_a_clinic_without_a_working_day_only_says_that_it_is_closed() -> None:
    never = clinic(working_days="")

    assert answer_times.closed(never, zone=LONDON, now=datetime(2026, 3, 3, tzinfo=UTC)) == "The clinic is closed now."


def test_it_is_said_whose_clock_the_hours_go_by_only_where_the_clocks_differ() -> None:
    now = datetime(2026, 3, 3, tzinfo=UTC)

    assert answer_times.own_clock(clinic(), zone=ZoneInfo("Europe/Lisbon"), now=now) == ""
    assert "the clinic's clock" in answer_times.own_clock(clinic(), zone=AUCKLAND, now=now)


def test_how_long_an_answer_may_take_follows_the_setting_and_promises_nothing() -> None:
    assert answer_times.how_long(clinic(answer_messages_within_days=1)) == (
        "It may take 1 working day, and sometimes more."
    )
    assert "3 working days, and sometimes more" in answer_times.how_long(clinic(answer_messages_within_days=3))
