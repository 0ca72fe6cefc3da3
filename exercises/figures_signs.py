"""The signs laid over the drawings: arrows that show where to move, and the mark of where it is felt."""

from __future__ import annotations

import math

from exercises.figures_pen import Circle, Pen, Point

# Half the shaft, half the head, and how long the head is, in units of the drawing.
ARROW = (2.8, 9.0, 14.0)
# An arrow that bends less is drawn straight.
STRAIGHT_SHAFT = 1.5


def mark_outline(circle: Circle) -> Pen:
    """Return a dot in a ring: the hole between them runs the other way round. Whole thirds keep it in the middle."""
    x, y, radius = circle
    third = round(radius / 3)
    return Pen().skin([(x, y, 3 * third)]).hole((x, y, 2 * third)).skin([(x, y, third)])


def arrow_outline(points: list[Point]) -> Pen:
    """Return a bent arrow as one outline: along the shaft, round the head, and back."""
    half, head, length = ARROW
    start, middle, tip = points
    # Of the parabola through the middle point.
    control = (2 * middle[0] - (start[0] + tip[0]) / 2, 2 * middle[1] - (start[1] + tip[1]) / 2)
    neck = _aside(tip, control, tip, 0.0, back=length)
    one, other = (
        (_aside(start, start, control, side), _aside(control, start, tip, side), _aside(neck, control, tip, side))
        for side in (half, -half)
    )
    barbs = [_aside(neck, control, tip, head), tip, _aside(neck, control, tip, -head), other[2]]
    if math.dist(middle, _between(start, tip)) < STRAIGHT_SHAFT:
        return Pen().polygon([one[0], one[2], *barbs, other[0]])
    return Pen().line([one[0]]).bend(one[1], one[2]).go(barbs).bend(other[1], other[0]).close()


def _between(one: Point, other: Point) -> Point:
    return ((one[0] + other[0]) / 2, (one[1] + other[1]) / 2)


def _aside(point: Point, behind: Point, ahead: Point, by: float, *, back: float = 0.0) -> Point:
    """Return the point moved to one side of a direction, or back along it."""
    length = math.dist(behind, ahead) or 1.0
    x, y = (ahead[0] - behind[0]) / length, (ahead[1] - behind[1]) / length
    return (point[0] - y * by - x * back, point[1] + x * by - y * back)
