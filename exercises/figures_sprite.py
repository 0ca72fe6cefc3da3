"""Draws the figures of ``poses.yaml`` and binds them into one SVG sprite."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from exercises import figures_body, figures_props
from exercises.figures_binding import HEIGHT, LINE, SIGN, WIDTH, Element, Symbol, bound
from exercises.figures_body import Body, PoseError, Vector, add, thickness, unit, vector
from exercises.figures_pen import SCALE, Camera, Circle, Pen, Point, bounds, covered, rims_of
from exercises.figures_signs import arrow_outline, mark_outline

MARGIN, THIN = 5, 4
FILLS = {
    "skin": "",
    "far": ' fill="var(--hair)"',
    "shirt": ' fill="var(--tint)"',
    "thing": f' stroke-width="{THIN}"',
    "accent": ' fill="var(--primary,#055)"',
    "ink": ' fill="currentColor"',
}
# An arrow that bends less, in units of the drawing, is drawn straight.
STRAIGHT_SHAFT = 1.5
# Below this many degrees of bend a limb is drawn in one piece.
STRAIGHT = 6
# From which part of its rim being hidden on a limb, and trunk or head, are left out.
HIDDEN, HIDDEN_WHOLLY = 0.8, 0.98
# Half the shaft, half the head, and how long the head is.
ARROW = (2.8, 9.0, 14.0)
# Which joints carry the skins of a limb, from the trunk outwards.
LEG = (("hip", "knee"), ("knee", "ankle"), ("heel", "toe"))
ARM = (("shoulder", "elbow"), ("elbow", "wrist"), ("wrist", "hand"))


@dataclass
class Shape:
    """One path of a drawing, with what it is filled with and how near it is."""

    skins: list[list[Circle]]
    fill: str
    nearness: float = 0.0
    faces: list[list[Point]] = field(default_factory=list)
    lines: list[list[Point]] = field(default_factory=list)
    limb: bool = False
    cap: tuple[Circle, Vector] | None = None


@dataclass
class Picture:
    """A drawing before it is written down: shapes from far to near, then the signs laid over them."""

    shapes: list[Shape] = field(default_factory=list)
    arrows: list[list[Point]] = field(default_factory=list)
    marks: list[Circle] = field(default_factory=list)

    def bounds(self) -> tuple[float, float, float, float]:
        """Return left, top, right and bottom of everything that is drawn."""
        circles = [circle for shape in self.shapes for skin in shape.skins for circle in skin]
        points = [*self.arrows, *(line for shape in self.shapes for line in (*shape.faces, *shape.lines))]
        circles += [(x, y, THIN / 2) for line in points for x, y in line]
        return bounds([*circles, *self.marks])


def picture(poses: Mapping[str, Any], phase: str) -> Picture:
    """Return the drawing of one phase of an exercise. Raises PoseError for a pose that no body can take."""
    pose = poses[phase]
    body, camera = figures_body.build(pose), Camera(*pose["view"])
    drawn = Picture()
    things = [figures_props.build(thing["kind"], body, _settings(thing)) for thing in pose.get("props", ())]
    for thing in things:
        drawn.shapes += [_seen(camera, thing)] if not thing.front else []
    drawn.shapes += _noticed(sorted(_body(body, camera, pose.get("crossed", ())), key=lambda shape: shape.nearness))
    for thing in things:
        drawn.shapes += [_seen(camera, thing)] if thing.front else []
    drawn.arrows = [_arrow(arrow, poses, pose, body, camera) for arrow in pose.get("arrows", ())]
    if "feel" in pose:
        at = pose["feel"]
        drawn.marks = [camera.circle(add(body.joints[at["on"]], vector(at.get("by", (0, 0, 0)))), 4.6)]
    return drawn


def _settings(thing: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in thing.items() if key != "kind"}


def _noticed(shapes: Sequence[Shape]) -> list[Shape]:
    """Return the shapes without the parts that nearer ones hide but for a sliver, which would only blur the outline."""
    kept = []
    for index, shape in enumerate(shapes):
        nearer = [[(x, y, r + LINE / 2) for x, y, r in skin] for other in shapes[index + 1 :] for skin in other.skins]
        skins = [skin for skin in shape.skins if _hidden(skin, nearer) < (HIDDEN if shape.limb else HIDDEN_WHOLLY)]
        if skins or shape.cap:
            kept.append(replace(shape, skins=skins))
    return kept


def _hidden(skin: Sequence[Circle], nearer: Sequence[Sequence[Circle]]) -> float:
    """Return which part of the rim of a skin lies behind others."""
    rims = rims_of(skin)
    return sum(any(covered(rim, other) for other in nearer) for rim in rims) / len(rims)


def _seen(camera: Camera, thing: figures_props.Prop) -> Shape:
    return Shape(
        [[camera.circle(at, radius) for at, radius in skin] for skin in thing.skins],
        thing.fill,
        faces=[[camera.seen(at)[:2] for at in face] for face in thing.faces],
        lines=[[camera.seen(at)[:2] for at in line] for line in thing.lines],
    )


def _body(body: Body, camera: Camera, crossed: Sequence[str]) -> list[Shape]:
    def circles(*names: str) -> list[Circle]:
        return [camera.circle(body.joints[name], thickness(name)) for name in names]

    def nearness(*names: str) -> float:
        return sum(camera.seen(body.joints[name])[2] for name in names) / len(names)

    shapes = []
    for joints in (LEG, ARM):
        roots = {side: nearness(f"{side}_{joints[0][0]}") for side in figures_body.SIDES}
        far = min(roots, key=lambda side: roots[side])
        for side in roots:
            names = [[f"{side}_{joint}" for joint in joints_of] for joints_of in joints]
            hidden = side == far and max(roots.values()) - min(roots.values()) > 5
            # A shin that lies across its own thigh needs an outline of its own.
            for parts in [names[:1], names[1:]] if names[0][1] in crossed else [names]:
                skins = [circles(*part) for part in _stretched(body, parts)]
                depth = nearness(*(name for part in parts for name in part))
                shapes.append(Shape(skins, "far" if hidden else "skin", depth, limb=True))
    shapes.append(Shape(_trunk(body, camera), "shirt", nearness("pelvis", "chest")))
    return shapes + _head(body, camera, nearness("head"))


def _stretched(body: Body, parts: Sequence[Sequence[str]]) -> list[list[str]]:
    """Return a limb's parts, neighbours as one where the joint between them is straight."""
    held = [list(parts[0])]
    for start, end in parts[1:]:
        before, joint = held[-1]
        if joint == start and figures_body.angle(body.bone(before, joint), body.bone(start, end)) < STRAIGHT:
            held[-1] = [before, end]
        else:
            held.append([start, end])
    return held


def _trunk(body: Body, camera: Camera) -> list[list[Circle]]:
    def pair(middle: str, apart: float) -> list[Circle]:
        at, right = body.joints[middle], body.frames[middle].right
        return [camera.circle(add(at, right, side * apart), thickness(middle)) for side in (1, -1)]

    ends = [
        camera.circle(body.joints[f"{side}_{name}"], thickness(name))
        for name in ("hip", "buttock")
        for side in ("right", "left")
    ]
    shoulders = [camera.circle(body.joints[f"{side}_shoulder"], thickness("shoulder")) for side in ("right", "left")]
    waist, chest = pair("waist", 3.6), pair("chest", 4.4)
    neck = [camera.circle(body.joints["neck"], thickness("neck"))]
    return [[*ends, *waist], [*waist, *chest, *shoulders, *neck]]


def _head(body: Body, camera: Camera, nearness: float) -> list[Shape]:
    at, frame = body.joints["head"], body.frames["head"]

    def ball(forward: float, up: float, radius: float) -> Circle:
        return camera.circle(add(add(at, frame.forward, forward), frame.up, up), radius)

    neck = camera.circle(body.joints["neck"], 3.0)
    skull, jaw, nose = ball(0, 0, thickness("head")), ball(2.6, -3.6, 3.4), ball(6.6, -2.0, 1.4)
    crown = unit(add(frame.up, frame.forward, -0.75))
    here, there = camera.seen(at), camera.seen(add(at, crown))
    axis = unit((there[0] - here[0], there[1] - here[1], (there[2] - here[2]) * SCALE))
    face = Shape([[skull, jaw], [ball(0, -2, 3.0), neck], [nose]], "skin", nearness)
    return [face, Shape([], "ink", nearness + 0.01, cap=(skull, axis))]


def _arrow(
    arrow: Mapping[str, Any], poses: Mapping[str, Any], pose: Mapping[str, Any], body: Body, camera: Camera
) -> list[Point]:
    aside = arrow.get("aside", (0, 0))
    if "along" in arrow:
        start = add(body.joints[arrow["of"]], vector(arrow.get("by", (0, 0, 0))))
        places = [add(start, vector(arrow["along"]), part) for part in (0, 0.5, 1)]
    else:
        first, last = arrow.get("span", (0.1, 0.9))
        goal = poses[arrow["to"]]
        parts = (first, (first + last) / 2, last)
        places = [figures_body.build(between(pose, goal, part)).joints[arrow["of"]] for part in parts]
    seen = [camera.seen(place) for place in places]
    return [(x + aside[0] * SCALE, y - aside[1] * SCALE) for x, y, _ in seen]


def between(first: Any, last: Any, part: float) -> Any:
    """Return the pose on the way from one to another; ``part`` runs from 0 to 1."""
    if isinstance(first, Mapping) and isinstance(last, Mapping):
        return {key: between(first[key], last[key], part) if key in last else first[key] for key in first}
    if isinstance(first, list) and isinstance(last, list) and len(first) == len(last):
        return [between(one, other, part) for one, other in zip(first, last, strict=True)]
    if isinstance(first, int | float) and isinstance(last, int | float):
        return first + (last - first) * part
    return first


def sprite(exercises: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the sprite: a symbol for each figure, such as ``EX-04-start``.

    Raises PoseError where a pose cannot be, or where a drawing leaves its frame.
    """
    symbols = []
    for exercise_id, poses in exercises.items():
        for scene in sorted({_scene(phase) for phase in poses}):
            phases = [phase for phase in poses if _scene(phase) == scene]
            pictures = {phase: _named(exercise_id, poses, phase) for phase in phases}
            offset = _framed(exercise_id, pictures.values())
            symbols += [
                Symbol(f"{exercise_id}-{phase}", poses[phase], _elements(drawn, offset))
                for phase, drawn in pictures.items()
            ]
    return bound(symbols)


def _scene(phase: str) -> str:
    return phase.rpartition("-")[0]


def _named(exercise_id: str, poses: Mapping[str, Any], phase: str) -> Picture:
    try:
        return picture(poses, phase)
    except PoseError as error:
        raise PoseError(f"{exercise_id}, {phase}: {error}") from None


def _framed(exercise_id: str, pictures: Iterable[Picture]) -> Point:
    """Return how far to move all pictures of a scene, so that nothing jumps when one follows the other."""
    edges = [drawn.bounds() for drawn in pictures]
    left, top = min(edge[0] for edge in edges), min(edge[1] for edge in edges)
    right, bottom = max(edge[2] for edge in edges), max(edge[3] for edge in edges)
    if right - left > WIDTH - 2 * MARGIN or bottom - top > HEIGHT - 2 * MARGIN:
        raise PoseError(f"{exercise_id} is {right - left:.0f} by {bottom - top:.0f}. The frame is {WIDTH} by {HEIGHT}.")
    return (round((WIDTH - left - right) / 2), round((HEIGHT - top - bottom) / 2))


def _elements(drawn: Picture, offset: Point) -> list[Element]:
    elements = []
    for shape in drawn.shapes:
        pen = Pen()
        for line in shape.lines:
            pen.line(line)
        for face in shape.faces:
            pen.polygon(face)
        drawn_before: set[Circle] = set()
        for skin in shape.skins:
            joint = next((circle for circle in skin if circle in drawn_before), None)
            pen.skin(skin, joint=joint if len(skin) == 2 else None)
            drawn_before.update(skin)
        if shape.cap:
            pen.cap(*shape.cap, edge=0.05)
        if pen.origin is not None:
            elements.append(_element(pen, offset, FILLS[shape.fill]))
    elements += [_element(arrow_outline(arrow), offset, SIGN) for arrow in drawn.arrows]
    return elements + [_element(mark_outline(mark), offset, SIGN) for mark in drawn.marks]


def _element(pen: Pen, offset: Point, attributes: str) -> Element:
    x, y = pen.origin or (0.0, 0.0)
    return Element(round(x + offset[0]), round(y + offset[1]), pen.path, attributes)
