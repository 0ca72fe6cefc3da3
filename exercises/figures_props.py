"""The things in the drawings: each is a few skins drawn round balls in space, as the body is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from exercises.figures_body import Body, Vector, add, vector

Ball = tuple[Vector, float]
Skin = Sequence[Ball]

SEAT_HEIGHT = 26.0


@dataclass(frozen=True)
class Prop:
    """A thing of skins, flat faces and lines, filled as ``fill`` says; ``front`` puts it before the body."""

    skins: Sequence[Skin] = ()
    faces: Sequence[Sequence[Vector]] = ()
    lines: Sequence[Sequence[Vector]] = ()
    fill: str = "thing"
    front: bool = False


def mat(body: Body, *, x: Sequence[float], z: Sequence[float]) -> Prop:
    """Return a mat on the floor."""
    return Prop(faces=[_level(x, 0, z)])


def floor(body: Body, *, x: Sequence[float] = (0, 0), z: Sequence[float] = (0, 0)) -> Prop:
    """Return the line of the ground."""
    return Prop(lines=[[(x[0], 0, z[0]), (x[1], 0, z[1])]])


def chair(
    body: Body, *, x: float, height: float = SEAT_HEIGHT, deep: float = 24, wide: float = 24, back: bool = True
) -> Prop:
    """Return a chair that faces right; its seat ends at ``x``."""
    rear, sides = x - deep, (-wide / 2, wide / 2)
    legs = [[(at, 0, z), (at, height, z)] for z in sides for at in (rear, x)]
    seat = _level((rear, x), height, sides)
    if not back:
        return Prop(lines=legs, faces=[seat])
    posts = [[(rear, height, z), (rear - 3, height + 27, z)] for z in sides]
    rest = [(rear - 2, height + 16, sides[0]), (rear - 3, height + 27, sides[0]), (rear - 3, height + 27, sides[1])]
    return Prop(lines=[*legs, *posts], faces=[[*rest, (rear - 2, height + 16, sides[1])], seat])


def wall(body: Body, *, x: float, height: float) -> Prop:
    """Return an upright wall to the left of ``x``, hatched as in a plan."""
    hatches = [[(x, y + 7, 0), (x - 5, y, 0)] for y in range(4, int(height) - 7, 14)]
    return Prop(lines=[[(x, 0, 0), (x, height, 0)], *hatches])


def rail(body: Body, *, at: str, by: Vector = (0, 0, 0), half: float = 7) -> Prop:
    """Return a rail to hold: an upright with a bar on top, which lies at a joint, moved by ``by``."""
    x, y, z = add(body.joints[at], vector(by))
    return Prop(lines=[[(x, 0, z), (x, y, z)], [(x, y, z - half), (x, y, z + half)]])


def pillow(body: Body, *, under: str, by: Vector = (0, 0, 0), size: Vector = (8, 3, 6)) -> Prop:
    """Return a pillow whose middle lies at a joint, moved by ``by``; ``size`` is half of each side."""
    x, y, z = add(body.joints[under], vector(by))
    long, high, wide = size
    return Prop([[((x + i * (long - high), y, z + k * (wide - high)), high) for i in (-1, 1) for k in (-1, 1)]])


def ball(body: Body, *, at: str, by: Vector = (0, 0, 0), radius: float = 3.2) -> Prop:
    """Return a ball whose middle lies at a joint, moved by ``by``."""
    return Prop([[(add(body.joints[at], vector(by)), radius)]], fill="accent", front=True)


KINDS: Mapping[str, Callable[..., Prop]] = {
    kind.__name__: kind for kind in (mat, floor, chair, wall, rail, pillow, ball)
}


def build(kind: str, body: Body, settings: Mapping[str, Any]) -> Prop:
    """Return a thing of ``poses.yaml``. Raises KeyError for one that nobody can draw."""
    return KINDS[kind](body, **settings)


def _level(x: Sequence[float], y: float, z: Sequence[float]) -> list[Vector]:
    """Return a level rectangle."""
    return [(x[0], y, z[0]), (x[1], y, z[0]), (x[1], y, z[1]), (x[0], y, z[1])]
