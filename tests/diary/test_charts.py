"""The geometry of the small multiples."""

from __future__ import annotations

from datetime import date

from selfcare.diary.charts import LEFT, PLOT, RIGHT, WIDTH, Axis, bars, markers, panel

AXIS = Axis(first=date(2026, 3, 1), last=date(2026, 3, 31))


def _panel(*values: tuple[int, float]):
    return panel(
        "pain_avg",
        [(date(2026, 3, day), value, False) for day, value in values],
        axis=AXIS,
        highest=10,
        top=0,
    )


def test_the_first_day_is_left_and_the_last_day_right() -> None:
    drawn = _panel((1, 5), (31, 5))

    assert [point.x for point in drawn.points] == [LEFT, WIDTH - RIGHT]


def test_the_scale_does_not_follow_the_data() -> None:
    low, high = _panel((1, 1), (2, 2)), _panel((1, 1), (2, 10))

    assert low.points[0].y == high.points[0].y
    assert low.levels == high.levels


def test_zero_is_below_ten() -> None:
    drawn = _panel((1, 0), (2, 10))

    assert drawn.points[0].y > drawn.points[1].y


def test_a_line_goes_on_over_one_missing_day() -> None:
    assert len(_panel((1, 5), (3, 5)).lines) == 1


def test_a_line_breaks_at_two_missing_days() -> None:
    assert _panel((1, 5), (4, 5)).lines == ()


def test_each_side_of_a_gap_has_its_own_line() -> None:
    drawn = _panel((1, 5), (2, 5), (9, 5), (10, 5))

    assert len(drawn.lines) == 2


def test_a_day_outside_the_axis_is_not_drawn() -> None:
    early = panel("pain_avg", [(date(2026, 2, 28), 5, False)], axis=AXIS, highest=10, top=0)

    assert early.points == ()


def test_one_day_alone_does_not_divide_by_zero() -> None:
    single = Axis(first=date(2026, 3, 1), last=date(2026, 3, 1))

    assert single.x(date(2026, 3, 1)) == LEFT


def test_events_of_one_day_share_a_number() -> None:
    placed = markers([(date(2026, 3, 2), "One."), (date(2026, 3, 2), "Two.")], axis=AXIS, top=0)

    assert [(marker.number, marker.texts) for marker in placed] == [(1, ("One.", "Two."))]


def test_events_of_neighbouring_days_do_not_cover_each_other() -> None:
    placed = markers(
        [(date(2026, 3, day), "Event.") for day in (2, 3, 20)], axis=Axis(AXIS.first, date(2026, 5, 24)), top=0
    )

    assert [marker.lane for marker in placed] == [0, 1, 0]


def test_a_bar_is_filled_up_to_the_part_that_counts() -> None:
    (bar,) = bars([(date(2026, 3, 1), date(2026, 3, 7), 3, 6)], axis=AXIS, highest=7, top=0)

    assert (bar.height, bar.filled) == (round(PLOT * 6 / 7, 1), round(PLOT * 3 / 7, 1))
    assert bar.y + bar.height == bar.filled_y + bar.filled


def test_a_week_that_juts_out_of_the_axis_is_cut_off_and_one_outside_is_left_out() -> None:
    weeks = [(date(2026, 2, 1), date(2026, 2, 7), 1, 1), (date(2026, 3, 29), date(2026, 4, 4), 1, 1)]

    (bar,) = bars(weeks, axis=AXIS, highest=1, top=0)

    assert bar.x + bar.width <= WIDTH - RIGHT
