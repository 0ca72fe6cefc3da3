"""PURE: the geometry of charts over days: small multiples for clinicians and the patient's own charts.

One time axis for all panels; the scale of a number is fixed and never follows the data. A gap of more than two days is
left open. The template draws what is returned here, and the table under the chart prints the same points.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

WIDTH = 480
LEFT = 40
RIGHT = 10
# Room for the name above the plot, and between the plots.
TOP = 28
PLOT = 66
BELOW = 10
NAME = 18
# A line over a longer silence would claim something about days of which nothing is known.
JOIN_DAYS = 2
DAYS_A_WEEK = 7
# Event markers of neighbouring days are drawn under each other.
LANE = 22
MARKER_WIDTH = 22
# What is left free between two weeks; a bar is never thinner than that.
BAR_GAP = 4


@dataclass(frozen=True, slots=True)
class Point:
    """One day's value and where it is drawn."""

    on: date
    value: float
    late: bool
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Tick:
    """A labelled place on an axis."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Panel:
    """One number over time."""

    name: str
    top: int
    points: tuple[Point, ...]
    lines: tuple[str, ...]
    levels: tuple[Tick, ...]

    @property
    def title_y(self) -> int:
        """Return the line on which the name of the number stands."""
        return self.top + NAME


@dataclass(frozen=True, slots=True)
class Axis:
    """The shared days of all panels."""

    first: date
    last: date

    def x(self, on: date) -> float:
        """Return where a day is drawn."""
        span = max((self.last - self.first).days, 1)
        return round(LEFT + (on - self.first).days / span * (WIDTH - LEFT - RIGHT), 1)

    def weeks(self) -> list[float]:
        """Return where each week after the first day begins."""
        days = range(DAYS_A_WEEK, (self.last - self.first).days, DAYS_A_WEEK)
        return [self.x(self.first + timedelta(days=day)) for day in days]


def panel(name: str, values: Iterable[tuple[date, float, bool]], *, axis: Axis, highest: float, top: int) -> Panel:
    """Return the panel of one number: ``values`` are (day, value, late), sorted by day, one for each day.

    ``highest`` is the fixed end of the scale; ``top`` is where the panel begins in the drawing.
    """

    def y(value: float) -> float:
        return round(top + TOP + PLOT - value / highest * PLOT, 1)

    points = tuple(
        Point(on=on, value=value, late=late, x=axis.x(on), y=y(value))
        for on, value, late in values
        if axis.first <= on <= axis.last
    )
    levels = tuple(Tick(at=y(level), text=f"{level:g}") for level in (0, highest // 2, highest))
    return Panel(name=name, top=top, points=points, lines=tuple(_lines(points)), levels=levels)


def _lines(points: tuple[Point, ...]) -> Iterable[str]:
    """Yield the points of each unbroken stretch of at least two days, as an SVG polyline wants them."""
    stretch: list[Point] = []
    for point in points:
        if stretch and (point.on - stretch[-1].on).days > JOIN_DAYS:
            if len(stretch) > 1:
                yield _polyline(stretch)
            stretch = []
        stretch.append(point)
    if len(stretch) > 1:
        yield _polyline(stretch)


def _polyline(points: list[Point]) -> str:
    return " ".join(f"{point.x},{point.y}" for point in points)


@dataclass(frozen=True, slots=True)
class Bar:
    """One week: an outline for all of it, filled up to the part that counts."""

    x: float
    width: float
    y: float
    height: float
    filled_y: float
    filled: float


def bars(weeks: Iterable[tuple[date, date, float, float]], *, axis: Axis, highest: float, top: int) -> tuple[Bar, ...]:
    """Return one bar for each week: ``weeks`` are (first day, last day, part, whole), both of ``highest`` at most.

    Weeks outside the axis are left out; one that juts out is cut off.
    """
    bottom = top + TOP + PLOT
    drawn = []
    for first, last, part, whole in weeks:
        if last < axis.first or first > axis.last:
            continue
        left = axis.x(max(first, axis.first))
        right = axis.x(min(last + timedelta(days=1), axis.last))
        height, filled = (round(value / highest * PLOT, 1) for value in (whole, part))
        width = round(max(right - left - BAR_GAP, BAR_GAP), 1)
        drawn.append(Bar(left, width, round(bottom - height, 1), height, round(bottom - filled, 1), filled))
    return tuple(drawn)


@dataclass(frozen=True, slots=True)
class Marker:
    """A numbered place on the time axis, with what happened on that day; close ones are drawn in lanes."""

    number: int
    on: date
    x: float
    y: float
    lane: int
    texts: tuple[str, ...]


def markers(events: Iterable[tuple[date, str]], *, axis: Axis, top: int) -> tuple[Marker, ...]:
    """Return one marker for each day with events, numbered in order; days outside the axis are left out."""
    by_day: dict[date, list[str]] = {}
    for on, text in events:
        if axis.first <= on <= axis.last:
            by_day.setdefault(on, []).append(text)
    ends: list[float] = []
    placed = []
    for number, (on, texts) in enumerate(sorted(by_day.items()), start=1):
        x = axis.x(on)
        lane = next((place for place, end in enumerate(ends) if x >= end), len(ends))
        ends[lane : lane + 1] = [x + MARKER_WIDTH]
        placed.append(Marker(number=number, on=on, x=x, y=top + LANE // 2 + lane * LANE, lane=lane, texts=tuple(texts)))
    return tuple(placed)
