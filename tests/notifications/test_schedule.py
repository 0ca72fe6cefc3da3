"""Local times and what becomes of them, above all in the nights on which clocks change."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notifications import schedule

LONDON = ZoneInfo("Europe/London")
DAY = timedelta(days=1)
# Awkward on purpose: half hours, a gap that reaches midnight, gaps at midnight, a date line, no changes at all.
ZONES = [
    "Europe/London",
    "America/New_York",
    "Australia/Lord_Howe",
    "America/Scoresbysund",
    "Africa/Cairo",
    "Asia/Beirut",
    "America/Santiago",
    "America/Havana",
    "Africa/Casablanca",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
    "Pacific/Apia",
    "Asia/Kathmandu",
    "Antarctica/Troll",
    "UTC",
]


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def due(
    after: str,
    at: str,
    *,
    tz: ZoneInfo = LONDON,
    days: str = "1234567",
    done: date | None = None,
    every: int = 1,
    not_before: date | None = None,
) -> str | None:
    found = schedule.next_due(
        utc(after), local_time=time.fromisoformat(at), days=days, tz=tz, done_on=done, every_days=every,
        not_before=not_before,
    )  # fmt: skip
    return found.strftime("%Y-%m-%d %H:%M") if found else None


# --- ordinary days ---


def test_later_today_if_the_time_is_still_to_come() -> None:
    assert due("2026-01-14 18:00", "19:30") == "2026-01-14 19:30"


def test_tomorrow_if_the_time_has_passed() -> None:
    assert due("2026-01-14 19:30", "19:30") == "2026-01-15 19:30"


def test_only_on_the_chosen_days() -> None:
    # 14 January 2026 is a Wednesday.
    assert due("2026-01-14 12:00", "19:30", days="1") == "2026-01-19 19:30"


def test_not_on_a_date_that_is_done() -> None:
    assert due("2026-01-14 12:00", "19:30", done=date(2026, 1, 14)) == "2026-01-15 19:30"


def test_a_week_ahead_when_the_only_day_is_done() -> None:
    assert due("2026-01-14 12:00", "19:30", days="3", done=date(2026, 1, 14)) == "2026-01-21 19:30"


def test_the_leap_day_is_a_day() -> None:
    assert due("2028-02-28 23:00", "19:30") == "2028-02-29 19:30"


def test_the_date_is_that_of_the_person() -> None:
    kiritimati = ZoneInfo("Pacific/Kiritimati")

    assert due("2026-01-14 09:00", "00:15", tz=kiritimati) == "2026-01-14 10:15"


def test_somebody_who_flies_back_over_the_date_line_is_not_asked_twice_for_one_date() -> None:
    # Reminded in Auckland on the 15th; in Honolulu it is still the 14th.
    honolulu = ZoneInfo("Pacific/Honolulu")

    assert due("2026-01-15 08:00", "19:30", tz=honolulu, done=date(2026, 1, 15)) == "2026-01-17 05:30"


# --- every other day, once a week, and a pause ---


@pytest.mark.parametrize(("every", "expected"), [(1, "2026-01-15"), (2, "2026-01-16"), (7, "2026-01-21")])
def test_the_pace_counts_from_the_date_that_is_taken_care_of(every: int, expected: str) -> None:
    assert due("2026-01-14 20:00", "19:30", done=date(2026, 1, 14), every=every) == f"{expected} 19:30"


def test_somebody_who_was_away_for_longer_than_the_pace_is_reminded_at_the_next_time() -> None:
    assert due("2026-01-14 12:00", "19:30", done=date(2026, 1, 1), every=7) == "2026-01-14 19:30"


def test_a_weekly_pace_waits_for_a_chosen_day() -> None:
    # Done on a Wednesday, wanted on Mondays: not before the 21st, and the 26th is the Monday after.
    assert due("2026-01-14 20:00", "19:30", done=date(2026, 1, 14), every=7, days="1") == "2026-01-26 19:30"


def test_every_other_day_keeps_its_wall_clock_over_the_change() -> None:
    # London, 29 March 2026: 01:00 becomes 02:00.
    assert due("2026-03-28 20:00", "19:30", done=date(2026, 3, 28), every=2) == "2026-03-30 18:30"


def test_nothing_is_due_before_a_pause_ends() -> None:
    assert due("2026-01-14 12:00", "19:30", not_before=date(2026, 1, 28)) == "2026-01-28 19:30"


def test_a_pause_that_ends_on_the_night_of_the_change_ends_at_the_first_instant_after_the_gap() -> None:
    assert due("2026-03-15 12:00", "01:30", not_before=date(2026, 3, 29)) == "2026-03-29 01:00"


def test_a_pause_across_the_change_of_autumn_keeps_the_wall_clock() -> None:
    assert due("2026-10-20 12:00", "19:30", not_before=date(2026, 10, 27)) == "2026-10-27 19:30"


def test_a_pause_that_is_over_changes_nothing() -> None:
    assert due("2026-01-14 12:00", "19:30", not_before=date(2026, 1, 1)) == "2026-01-14 19:30"


def test_a_pause_ends_on_the_person_s_own_date() -> None:
    kiritimati = ZoneInfo("Pacific/Kiritimati")

    assert due("2026-01-14 12:00", "00:15", tz=kiritimati, not_before=date(2026, 1, 20)) == "2026-01-19 10:15"


@pytest.mark.parametrize(("until", "kept"), [("2026-01-13", None), ("2026-01-14", None), ("2026-01-15", "2026-01-15")])
def test_only_a_date_ahead_is_a_pause(until: str, kept: str | None) -> None:
    found = schedule.rest_until(date.fromisoformat(until), today=date(2026, 1, 14))

    assert found == (date.fromisoformat(kept) if kept else None)


def test_a_pause_without_an_end_in_sight_is_refused() -> None:
    with pytest.raises(schedule.NotSchedulable):
        schedule.rest_until(date(2026, 2, 15), today=date(2026, 1, 14))


@pytest.mark.parametrize("every", [0, 3, 30])
def test_a_pace_that_is_not_offered_is_refused(every: int) -> None:
    with pytest.raises(schedule.NotSchedulable):
        schedule.pace(every)


# --- the clock change ---


def test_a_time_in_the_gap_becomes_the_first_instant_after_it() -> None:
    # London, 29 March 2026: 01:00 becomes 02:00.
    assert due("2026-03-29 00:00", "01:30") == "2026-03-29 01:00"


def test_a_time_that_comes_twice_means_its_first_occurrence() -> None:
    # London, 25 October 2026: 02:00 becomes 01:00.
    assert due("2026-10-24 23:00", "01:30") == "2026-10-25 00:30"


def test_the_second_occurrence_is_not_another_day() -> None:
    assert due("2026-10-25 00:30", "01:30") == "2026-10-26 01:30"


def test_an_evening_reminder_keeps_its_wall_clock_over_the_change() -> None:
    assert due("2026-03-28 20:00", "19:30") == "2026-03-29 18:30"


def test_a_gap_that_reaches_midnight_does_not_push_the_reminder_into_the_next_date() -> None:
    # Scoresbysund, 28 March 2026: 23:00 becomes 00:00 of the 29th.
    tz = ZoneInfo("America/Scoresbysund")

    found = schedule.instant(date(2026, 3, 28), time(23, 30), tz)

    assert found is not None
    assert found.astimezone(tz).strftime("%d %H:%M") == "28 22:59"


def test_a_gap_at_midnight_is_left_on_its_own_date() -> None:
    # Cairo, 24 April 2026: 00:00 becomes 01:00.
    tz = ZoneInfo("Africa/Cairo")

    found = schedule.instant(date(2026, 4, 24), time(0, 30), tz)

    assert found is not None
    assert found.astimezone(tz).strftime("%d %H:%M") == "24 01:00"


def test_a_date_that_a_zone_skipped_has_no_reminder() -> None:
    # Samoa moved over the date line: there was no 30 December 2011.
    assert schedule.instant(date(2011, 12, 30), time(19, 30), ZoneInfo("Pacific/Apia")) is None


# --- how late is too late ---


def latest(at: str, *, quiet_from: time | None = None, quiet_until: time | None = None) -> str:
    until = schedule.latest(utc(at), tz=LONDON, quiet_from=quiet_from, quiet_until=quiet_until)
    return until.strftime("%d %H:%M")


def test_a_reminder_is_of_use_for_three_hours() -> None:
    assert latest("2026-01-14 12:00") == "14 15:00"


def test_a_late_reminder_stops_where_quiet_hours_begin() -> None:
    assert latest("2026-01-14 19:30") == "14 21:30"


def test_a_time_in_the_quiet_hours_that_the_person_chose_is_kept_to() -> None:
    assert latest("2026-01-14 22:00") == "14 22:30"


def test_a_time_just_before_quiet_hours_still_has_half_an_hour() -> None:
    assert latest("2026-01-14 21:25") == "14 21:55"


def test_quiet_hours_of_ones_own_count() -> None:
    assert latest("2026-01-14 12:00", quiet_from=time(13, 0), quiet_until=time(14, 0)) == "14 13:00"


def test_nothing_is_ever_sent_at_three_in_the_morning_for_the_evening_before() -> None:
    for hour in range(24):
        chosen = datetime(2026, 1, 14, hour, 30, tzinfo=UTC)
        until = schedule.latest(chosen, tz=LONDON)
        assert until <= datetime(2026, 1, 15, 0, 0, tzinfo=UTC), hour


@pytest.mark.parametrize(
    ("at", "expected"),
    [("21:29", False), ("21:30", True), ("23:59", True), ("00:00", True), ("07:59", True), ("08:00", False)],
)
def test_quiet_hours_run_over_midnight(at: str, expected: bool) -> None:
    assert schedule.quiet(time.fromisoformat(at), begin=time(21, 30), end=time(8, 0)) is expected


def test_quiet_hours_with_equal_ends_are_none() -> None:
    assert not schedule.quiet(time(12, 0), begin=time(12, 0), end=time(12, 0))


# --- what cannot be used ---


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../../etc/passwd", "/etc/passwd", "Europe", "a" * 300, "E\0"])
def test_an_unknown_zone_is_said_in_a_sentence(name: str) -> None:
    with pytest.raises(schedule.NotSchedulable, match="time zone"):
        schedule.zone(name)


@pytest.mark.parametrize("days", ["", "8", "0", "12x"])
def test_unknown_days_are_said_in_a_sentence(days: str) -> None:
    with pytest.raises(schedule.NotSchedulable, match="day of the week"):
        schedule.weekdays(days)


def test_days_are_put_in_order_and_kept_once() -> None:
    assert schedule.weekdays("7315") == "1357"


# --- every day of two years ---


def walk(tz: ZoneInfo, at: time, *, start: datetime, end: datetime) -> Iterator[datetime]:
    """Yield each due instant, the way the planner goes from one to the next."""
    now, done = start, None
    while (found := schedule.next_due(now, local_time=at, days="1234567", tz=tz, done_on=done)) and found < end:
        yield found
        now, done = found, schedule.due_on(found, tz)


@lru_cache(maxsize=2000)
def transitions(name: str) -> tuple[datetime, ...]:
    """Return the instants, to the hour, at which a zone's offset changes in 2026 and 2027."""
    tz = ZoneInfo(name)
    hours = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=n) for n in range(0, 2 * 365 * 24, 24)]
    changes = []
    for early, late in itertools.pairwise(hours):
        if early.astimezone(tz).utcoffset() != late.astimezone(tz).utcoffset():
            changes.append(early)
    return tuple(changes)


@pytest.mark.parametrize("name", ZONES)
def test_each_local_date_of_two_years_has_exactly_one_reminder(name: str) -> None:
    tz = ZoneInfo(name)
    start, end = datetime(2026, 1, 1, 12, tzinfo=UTC), datetime(2027, 12, 31, 12, tzinfo=UTC)

    for at in (time(0, 0), time(2, 30), time(19, 30), time(23, 45)):
        dates = [schedule.due_on(found, tz) for found in walk(tz, at, start=start, end=end)]

        assert all(later - earlier == DAY for earlier, later in itertools.pairwise(dates)), at


@pytest.mark.parametrize("name", sorted(available_timezones()) if os.environ.get("SELFCARE_WIDE") else ZONES)
def test_around_each_clock_change_every_quarter_of_an_hour_has_one_reminder_a_date(name: str) -> None:
    tz = ZoneInfo(name)

    for change in transitions(name):
        for slot in range(96):
            at = time(slot // 4, slot % 4 * 15)
            found = list(walk(tz, at, start=change - 2 * DAY, end=change + 3 * DAY))
            dates = [schedule.due_on(each, tz) for each in found]
            assert all(later - earlier == DAY for earlier, later in itertools.pairwise(dates)), (change, at)
            for each, on in zip(found, dates, strict=True):
                wanted = datetime.combine(on, at)
                first = wanted.replace(tzinfo=tz).astimezone(UTC)
                exists = first.astimezone(tz).replace(tzinfo=None) == wanted
                second_before = (each - timedelta(seconds=1)).astimezone(tz).replace(tzinfo=None)
                # In a gap: the first instant after it, before which the wall showed a time earlier than the chosen one.
                assert each == first if exists else second_before < wanted, (change, at)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    after=st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)).map(lambda naive: naive.replace(tzinfo=UTC)),
    at=st.times().map(lambda value: value.replace(microsecond=0, tzinfo=None, fold=0)),
    days=st.sets(st.sampled_from("1234567"), min_size=1).map(lambda chosen: "".join(sorted(chosen))),
    name=st.sampled_from(ZONES),
    done_ago=st.none() | st.integers(0, 10),
)
def test_what_is_due_is_always_later_on_a_chosen_day_and_not_done(
    after: datetime, at: time, days: str, name: str, done_ago: int | None
) -> None:
    tz = schedule.zone(name)
    today = after.astimezone(tz).date()
    done_on = None if done_ago is None else today - timedelta(days=done_ago)

    found = schedule.next_due(after, local_time=at, days=days, tz=tz, done_on=done_on)

    assert found is not None
    on = schedule.due_on(found, tz)
    assert found > after
    assert str(on.isoweekday()) in days
    assert done_on is None or on > done_on
    assert found < schedule.latest(found, tz=tz) <= found + schedule.GRACE
