"""The pen of the drawings: how round shapes in space become the few numbers of an SVG path."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from exercises.figures_body import Vector

# One hundredth of the body's height in units of the drawing.
SCALE = 2.0
STEPS = 360
# What a shape may lose without being missed, in units of the drawing.
UNSEEN = 1.4
# How far the ends of an open skin are drawn in.
TUCK = 1.5

Point = tuple[float, float]
Circle = tuple[float, float, float]


@dataclass(frozen=True)
class Camera:
    """Where we look from: ``yaw`` turns what points right towards us, ``elevation`` looks down; both in degrees.

    There is no perspective, so that near and far figures have one size.
    """

    yaw: float
    elevation: float

    def seen(self, at: Vector) -> Vector:
        """Return x to the right, y down, both in units of the drawing, and the nearness."""
        yaw, tilt = math.radians(self.yaw), math.radians(self.elevation)
        x = at[0] * math.cos(yaw) - at[2] * math.sin(yaw)
        z = at[0] * math.sin(yaw) + at[2] * math.cos(yaw)
        y = at[1] * math.cos(tilt) - z * math.sin(tilt)
        return (x * SCALE, -y * SCALE, z * math.cos(tilt) + at[1] * math.sin(tilt))

    def circle(self, at: Vector, radius: float) -> Circle:
        """Return a ball as the circle that is seen of it."""
        x, y, _ = self.seen(at)
        return (x, y, radius * SCALE)


def hull(circles: Sequence[Circle]) -> list[tuple[Circle, float, float]]:
    """Return the outline of a skin drawn tight round circles: arcs as circle, first and last angle in radians."""
    owners = []
    for step in range(STEPS):
        turn = 2 * math.pi * step / STEPS
        cosine, sine = math.cos(turn), math.sin(turn)
        owners.append(
            max(range(len(circles)), key=lambda i: circles[i][0] * cosine + circles[i][1] * sine + circles[i][2])
        )
    changes = [step for step in range(STEPS) if owners[step] != owners[step - 1]]
    if not changes:
        return [(circles[owners[0]], 0.0, 2 * math.pi)]
    arcs = []
    for first, following in zip(changes, [*changes[1:], changes[0] + STEPS], strict=True):
        # A tangent leaves half a step before the next owner is seen.
        start, end = (2 * math.pi * (at - 0.5) / STEPS for at in (first, following))
        arcs.append((circles[owners[first]], start, end))
    return arcs


def _needed(circles: Sequence[Circle]) -> list[Circle]:
    """Return the circles without those that nobody would miss in their hull."""
    held = list(circles)
    for circle in circles:
        rest = [other for other in held if other is not circle]
        if rest and all(_support([circle], turn) - _support(rest, turn) < UNSEEN for turn in range(0, 360, 6)):
            held = rest
    return held


def _support(circles: Sequence[Circle], degrees: float) -> float:
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return max(x * cosine + y * sine + radius for x, y, radius in circles)


class Pen:
    """Writes one path in whole numbers, each move counted from the last: equal shapes give equal words anywhere."""

    def __init__(self) -> None:
        self.origin: Point | None = None
        self.start = self.at = (0, 0)
        self.words: list[str] = []

    def skin(self, circles: Sequence[Circle], *, joint: Circle | None = None) -> Pen:
        """Add the outline of a hull; it stays open at ``joint``, which lies under another skin of the same path."""
        arcs = hull(_needed(circles))
        (x, y, radius), first, _ = arcs[0]
        if len(arcs) == 1:
            self._move((x - radius, y))
            size = round(radius)
            self.words.append(f"a{size} {size} 0 11{2 * size} 0a{size} {size} 0 11-{2 * size} 0")
            return self.close()
        opening = next((index for index, (circle, _, _) in enumerate(arcs) if circle == joint), None)
        if opening is not None:
            # Drawn in a little, so that the outline of the open ends stays below that of the joint.
            (x, y, radius), last, first = arcs[opening]
            ends = [_on((x, y, radius - TUCK), turn) for turn in (first, last)]
            self._move(ends[0])
            for circle, start, end in [*arcs[opening + 1 :], *arcs[:opening]]:
                self._line(_on(circle, start))
                self._arc(circle, start, end)
            return self.go(ends[1:])
        self._move(_on(arcs[0][0], first))
        for index, (circle, start, end) in enumerate(arcs):
            if index:
                self._line(_on(circle, start))
            self._arc(circle, start, end)
        return self.close()

    def hole(self, circle: Circle) -> Pen:
        """Add a circle that runs the other way round, which takes it out of what it lies in."""
        x, y, radius = circle
        self._move((x - radius, y))
        size = round(radius)
        self.words.append(f"a{size} {size} 0 10{2 * size} 0a{size} {size} 0 10-{2 * size} 0")
        return self.close()

    def polygon(self, points: Sequence[Point]) -> Pen:
        """Add a closed polygon."""
        self.line(points)
        return self.close()

    def line(self, points: Sequence[Point]) -> Pen:
        """Add an open line, which has no inside."""
        self._move(points[0])
        return self.go(points[1:])

    def bend(self, control: Point, to: Point) -> Pen:
        """Add a parabola that leaves towards ``control`` and arrives from it."""
        assert self.origin is not None
        before = self.at
        dx, dy = self._step(to)
        cx, cy = (round(each - origin) - at for each, origin, at in zip(control, self.origin, before, strict=True))
        self.words.append(f"q{cx} {cy} {dx} {dy}")
        return self

    def go(self, points: Sequence[Point]) -> Pen:
        """Add straight lines from where the pen is."""
        for point in points:
            self._line(point)
        return self

    def cap(self, circle: Circle, axis: Vector, edge: float) -> Pen:
        """Add the visible part of a ball's cap round ``axis`` (x right, y down, nearness); ``edge`` is its cosine."""
        x, y, radius = circle
        across, ring = math.hypot(axis[0], axis[1]), math.sqrt(1 - edge**2)
        heading = math.atan2(axis[1], axis[0])
        if across <= abs(edge):
            # The whole cap faces us, or none of it.
            return (
                self.skin([(x + radius * edge * axis[0], y + radius * edge * axis[1], radius * ring)])
                if axis[2] > 0
                else self
            )
        half = math.acos(edge / across)
        first = _on(circle, heading - half)
        self._move(first)
        self._arc(circle, heading - half, heading + half)
        # Back along the cap's edge, which is seen as an ellipse: round the far side when the cap faces us.
        wide, narrow, turn = (
            round(radius * ring),
            round(radius * ring * abs(axis[2])),
            round(math.degrees(heading)) + 90,
        )
        dx, dy = self._step(first)
        self.words.append(f"a{wide} {narrow} {turn} {int(edge * axis[2] > 0)}{int(axis[2] > 0)}{dx} {dy}")
        return self.close()

    @property
    def path(self) -> str:
        """Return what was written after the first move, as part of the value of ``d``."""
        return "".join(self.words).replace(" -", "-")

    def _step(self, to: Point) -> tuple[int, int]:
        if self.origin is None:
            self.origin = to
        x, y = round(to[0] - self.origin[0]), round(to[1] - self.origin[1])
        step = (x - self.at[0], y - self.at[1])
        self.at = (x, y)
        return step

    def _move(self, to: Point) -> None:
        dx, dy = self._step(to)
        if dx or dy:
            self.words.append(f"m{dx} {dy}")
        self.start = self.at

    def close(self) -> Pen:
        """Add the way back to where the outline began."""
        self.at = self.start
        self.words.append("z")
        return self

    def _line(self, to: Point) -> None:
        dx, dy = self._step(to)
        if dx or dy:
            self.words.append(f"l{dx} {dy}" if dx and dy else f"h{dx}" if dx else f"v{dy}")

    def _arc(self, circle: Circle, start: float, end: float) -> None:
        sweep = end - start
        before = self.at
        dx, dy = self._step(_on(circle, end))
        if sweep > math.radians(100):
            height = circle[2] * (1 - math.cos(sweep / 2))
            radius, large = _flat_arc(math.hypot(dx, dy), height)
            self.words.append(f"a{radius} {radius} 0 {large}1{dx} {dy}")
        elif abs(dx) + abs(dy) > 2:
            # A short arc is a parabola through the point where its ends' tangents meet, in fewer words.
            reach = circle[2] / math.cos(sweep / 2)
            self.at = before
            self.bend(_on((circle[0], circle[1], reach), (start + end) / 2), _on(circle, end))
        elif dx or dy:
            self.words.append(f"l{dx} {dy}")


def bounds(circles: Iterable[Circle]) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom of circles."""
    held = list(circles)
    return (
        min(x - r for x, _, r in held),
        min(y - r for _, y, r in held),
        max(x + r for x, _, r in held),
        max(y + r for _, y, r in held),
    )


def _on(circle: Circle, turn: float) -> Point:
    return (circle[0] + circle[2] * math.cos(turn), circle[1] + circle[2] * math.sin(turn))


def covered(circle: Circle, skin: Sequence[Circle]) -> bool:
    """Return whether a circle lies within a hull."""
    return all(_support([circle], turn) <= _support(skin, turn) for turn in range(0, 360, 15))


def _flat_arc(chord: float, height: float) -> tuple[str, int]:
    """Return the shortest radius that gives an arc of this height over a chord, and whether it is the larger arc.

    Near half a circle a small error of the radius flattens the arc a lot; a radius too small is read as half a circle.
    """
    half = chord / 2
    exact = (half**2 + height**2) / (2 * height)
    large = int(height > half)
    for radius in (1, math.floor(exact), math.ceil(exact), round(exact, 1)):
        bulge = math.sqrt(max(0.0, radius**2 - half**2))
        if abs((max(radius, half) + (bulge if large else -bulge)) - height) < 0.6:
            break
    return f"{radius:g}", large


def rims_of(skin: Sequence[Circle]) -> list[Circle]:
    """Return small circles along the outline of a hull."""
    rims = []
    arcs = hull(skin)
    for (circle, start, end), (following, at, _) in zip(arcs, [*arcs[1:], arcs[0]], strict=True):
        rims += [(*_on(circle, start + (end - start) * part / 4), 0.5) for part in range(5)]
        (x0, y0), (x1, y1) = _on(circle, end), _on(following, at)
        rims += [(x0 + (x1 - x0) * part / 6, y0 + (y1 - y0) * part / 6, 0.5) for part in range(1, 6)]
    return rims
