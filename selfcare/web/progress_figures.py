"""PURE: one chart of the patient: its panels on one axis of days, and the same numbers as tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from selfcare.diary import charts

PANEL_HEIGHT = charts.TOP + charts.PLOT + charts.BELOW

Tick = tuple[float, str]


@dataclass(frozen=True, slots=True)
class Drawn:
    """What one panel shows, before it has a place: days as dots, their line, or weeks as bars."""

    label: str
    css: str
    highest: float
    ticks: tuple[Tick, ...]
    days: tuple[tuple[date, float, bool], ...] = ()
    line: tuple[tuple[date, float, bool], ...] = ()
    weeks: tuple[tuple[date, date, float, float], ...] = ()

    @classmethod
    def of_days(
        cls,
        label: str,
        css: str,
        days: Iterable[tuple[date, float, bool]],
        *,
        line: Iterable[tuple[date, float, bool]] = (),
        highest: float,
        ticks: tuple[Tick, ...],
    ) -> Drawn:
        """Return a panel with a dot for each (day, value, late) and a line through its averages."""
        return cls(label, css, highest, ticks, days=tuple(days), line=tuple(line))

    @classmethod
    def of_bars(
        cls, label: str, weeks: Iterable[tuple[date, date, float, float]], *, highest: float, ticks: tuple[Tick, ...]
    ) -> Drawn:
        """Return a panel with a bar for each (first day, last day, part, whole)."""
        return cls(label, "bars", highest, ticks, weeks=tuple(weeks))


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel in its place."""

    label: str
    css: str
    title_y: int
    ticks: tuple[charts.Tick, ...]
    points: tuple[charts.Point, ...]
    lines: tuple[str, ...]
    bars: tuple[charts.Bar, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The numbers behind a chart, for everybody who would rather read them."""

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Figure:
    """One chart with its conclusion in words and its numbers."""

    name: str
    title: str
    says: Sequence[str]
    hint: str
    axis: charts.Axis
    panels: tuple[Panel, ...]
    tables: Sequence[Table]
    events: tuple[charts.Marker, ...]
    bottom: int

    @property
    def dates_y(self) -> int:
        """Return the line on which the first and the last day stand."""
        lanes = max((marker.lane for marker in self.events), default=-1) + 1
        return self.bottom + lanes * charts.LANE + charts.NAME

    @property
    def height(self) -> int:
        """Return the height of the drawing."""
        return self.dates_y + charts.BELOW


def figure(
    name: str,
    *,
    title: str,
    says: Sequence[str],
    hint: str,
    axis: charts.Axis,
    parts: Sequence[Drawn],
    tables: Sequence[Table],
    happened: Iterable[tuple[date, str]] = (),
) -> Figure:
    """Return the chart with its panels one under the other."""
    panels = tuple(_placed(part, axis=axis, top=place * PANEL_HEIGHT) for place, part in enumerate(parts))
    bottom = len(panels) * PANEL_HEIGHT
    events = charts.markers(happened, axis=axis, top=bottom)
    return Figure(name, title, says, hint, axis, panels, tables, events, bottom)


def _placed(part: Drawn, *, axis: charts.Axis, top: int) -> Panel:
    dots = charts.panel(part.label, part.days, axis=axis, highest=part.highest, top=top)
    # Where there are too few entries for an average the days themselves are not joined either.
    averages = charts.panel(part.label, part.line, axis=axis, highest=part.highest, top=top)
    bottom = top + charts.TOP + charts.PLOT
    return Panel(
        label=part.label,
        css=part.css,
        title_y=dots.title_y,
        ticks=tuple(
            charts.Tick(at=round(bottom - at / part.highest * charts.PLOT, 1), text=text) for at, text in part.ticks
        ),
        points=dots.points,
        lines=averages.lines,
        bars=charts.bars(part.weeks, axis=axis, highest=part.highest, top=top),
    )
