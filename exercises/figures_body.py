"""The body of the drawings: joints in space from joint angles, so that no limb ever grows or shrinks.

Space: x to the right of the page, y up, z towards the viewer; the length unit is a hundredth of the body's height.
Angles are degrees in clinicians' terms: flexion, abduction, external rotation and dorsiflexion are positive.
Segment lengths follow Drillis and Contini (1966, as given by Winter, Biomechanics and Motor Control of Human Movement).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Vector = tuple[float, float, float]

THIGH, SHANK, UPPER_ARM, FOREARM, HAND = 24.5, 24.0, 17.5, 14.5, 5.5
PELVIS_TO_WAIST, WAIST_TO_CHEST, CHEST_TO_NECK, NECK = 9.5, 11.0, 10.0, 5.0
HALF_HIPS, HALF_SHOULDERS = 4.6, 9.6
ANKLE_HEIGHT = 5.0
SIDES = {"right": 1, "left": -1}

# What a healthy adult's joints allow, in degrees; a drawing beyond it would show what nobody can do.
RANGES = {
    "hip flexion": (-25, 130),
    "hip abduction": (-40, 60),
    "hip rotation": (-50, 80),
    "knee flexion": (-3, 150),
    "elbow flexion": (-3, 150),
    "spine flexion": (-60, 90),
    "neck flexion": (-55, 60),
}

# Where the trunk points: its front and its head end.
STANCES: dict[str, tuple[Vector, Vector]] = {
    "upright": ((1, 0, 0), (0, 1, 0)),
    "on_back": ((0, 1, 0), (-1, 0, 0)),
    "on_front": ((0, -1, 0), (1, 0, 0)),
    "on_left_side_facing_us": ((0, 0, 1), (1, 0, 0)),
    "on_left_side_facing_away": ((0, 0, -1), (-1, 0, 0)),
}


class PoseError(Exception):
    """A pose that no body can take. The message names what does not fit."""


def vector(values: Sequence[float]) -> Vector:
    """Return three numbers of a sheet as a vector."""
    x, y, z = values
    return (float(x), float(y), float(z))


def add(a: Vector, b: Vector, by: float = 1.0) -> Vector:
    """Return a + by * b."""
    return (a[0] + by * b[0], a[1] + by * b[1], a[2] + by * b[2])


def dot(a: Vector, b: Vector) -> float:
    """Return the inner product."""
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def cross(a: Vector, b: Vector) -> Vector:
    """Return the vector product."""
    return (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])


def unit(a: Vector) -> Vector:
    """Return the vector of length 1 in the same direction."""
    length = math.sqrt(dot(a, a))
    return (a[0] / length, a[1] / length, a[2] / length)


def angle(a: Vector, b: Vector) -> float:
    """Return the angle between two vectors, in degrees."""
    return math.degrees(math.acos(max(-1.0, min(1.0, dot(unit(a), unit(b))))))


def _rotated(vector: Vector, axis: Vector, degrees: float) -> Vector:
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    along = dot(axis, vector) * (1 - cosine)
    turned = add((vector[0] * cosine, vector[1] * cosine, vector[2] * cosine), cross(axis, vector), sine)
    return add(turned, axis, along)


@dataclass(frozen=True)
class Frame:
    """The directions of a segment: its front, its head end, and the person's right."""

    forward: Vector
    up: Vector

    @property
    def right(self) -> Vector:
        """Return the direction of the person's right."""
        return cross(self.forward, self.up)

    def turned(self, axis: Vector, degrees: float) -> Frame:
        """Return the frame turned about an axis by the right-hand rule."""
        return Frame(_rotated(self.forward, axis, degrees), _rotated(self.up, axis, degrees))

    def bent(self, degrees: float) -> Frame:
        """Return the frame bent backwards: what extends a trunk flexes a hip."""
        return self.turned(self.right, degrees)

    def swung(self, side: int, flexion: float, abduction: float, rotation: float) -> Frame:
        """Return the frame of a limb that hangs from this one by a ball joint."""
        frame = self.bent(flexion)
        frame = frame.turned(frame.forward, -side * abduction)
        return frame.turned(frame.up, -side * rotation)


@dataclass(frozen=True)
class Body:
    """A body in a pose: where its joints are and how its segments point."""

    joints: Mapping[str, Vector]
    frames: Mapping[str, Frame]

    def bone(self, start: str, end: str) -> Vector:
        """Return the vector from one joint to another."""
        return add(self.joints[end], self.joints[start], -1)

    def angles(self) -> dict[str, float]:
        """Return the angles of the joints in degrees, measured from their places; a key is such as "right hip flexion".

        Rotation of the hip is read from the shin and therefore left out where the knee is nearly straight.
        """
        pelvis, found = self.frames["pelvis"], {}
        for name, side in SIDES.items():
            thigh, shank = self.bone(f"{name}_hip", f"{name}_knee"), self.bone(f"{name}_knee", f"{name}_ankle")
            flexion = math.degrees(math.atan2(dot(thigh, pelvis.forward), -dot(thigh, pelvis.up)))
            abduction = math.degrees(math.asin(side * dot(unit(thigh), pelvis.right)))
            # What a goniometer reads: the angle between thigh and trunk, to the front or to the back.
            bend = angle(thigh, add((0, 0, 0), pelvis.up, -1))
            found[f"{name} hip flexion"] = math.copysign(bend, dot(thigh, pelvis.forward))
            found[f"{name} hip abduction"] = abduction
            found[f"{name} knee flexion"] = angle(thigh, shank)
            if found[f"{name} knee flexion"] > 20:
                # Without rotation the shin hangs straight behind the thigh.
                thigh_frame = pelvis.swung(side, flexion, abduction, 0)
                behind, outwards = -dot(shank, thigh_frame.forward), side * dot(shank, thigh_frame.right)
                found[f"{name} hip rotation"] = math.degrees(math.atan2(-outwards, behind))
            upper, lower = self.bone(f"{name}_shoulder", f"{name}_elbow"), self.bone(f"{name}_elbow", f"{name}_wrist")
            found[f"{name} elbow flexion"] = angle(upper, lower)
        for name, lower_part, upper_part in (("spine", "pelvis", "chest"), ("neck", "chest", "head")):
            low, high = self.frames[lower_part], self.frames[upper_part]
            found[f"{name} flexion"] = math.degrees(math.atan2(dot(high.up, low.forward), dot(high.up, low.up)))
        return found

    def check(self) -> None:
        """Raise PoseError for a joint beyond its range."""
        for name, degrees in self.angles().items():
            low, high = next(span for joint, span in RANGES.items() if name.endswith(joint))
            if not low <= degrees <= high:
                raise PoseError(f"{name} is {degrees:.0f} degrees. Keep it from {low} to {high}.")


def build(pose: Mapping[str, Any]) -> Body:
    """Return the body in a pose of ``poses.yaml``.

    ``rest`` names the joints that lie on something and its height; the body is moved up or down until the lowest of
    them does. Raises PoseError for a joint beyond its range and for a hand or foot that cannot reach.
    """
    rest = pose["rest"]
    draft = _assembled(pose, 0.0, legs=not TRUNK.issuperset(rest["by"]), arms=False)
    lowest = min(draft.joints[name][1] - thickness(name) for name in rest["by"])
    body = _assembled(pose, rest["height"] - lowest, legs=True, arms=True)
    body.check()
    return body


def thickness(name: str) -> float:
    """Return how thick the body is round a joint: its radius."""
    return THICKNESS[name.removeprefix("right_").removeprefix("left_")]


TRUNK = {
    *("pelvis", "waist", "chest", "neck", "head"),
    *(f"{side}_{name}" for side in SIDES for name in ("hip", "buttock", "shoulder")),
}
THICKNESS = {
    "pelvis": 5.6,
    "waist": 5.0,
    "chest": 5.6,
    "neck": 3.4,
    "head": 6.6,
    "hip": 5.6,
    "buttock": 5.4,
    "knee": 3.9,
    "calf": 4.2,
    "ankle": 2.6,
    "heel": 2.4,
    "toe": 1.9,
    "shoulder": 3.6,
    "elbow": 2.7,
    "wrist": 2.1,
    "hand": 2.3,
}


def _assembled(pose: Mapping[str, Any], height: float, *, legs: bool, arms: bool) -> Body:
    pelvis_at = (float(pose.get("x", 0)), height, 0.0)
    pelvis = Frame(*STANCES[pose["stance"]])
    pelvis = pelvis.bent(-pose.get("lean", 0))
    joints, frames = {"pelvis": pelvis_at}, {"pelvis": pelvis}
    lumbar, thoracic = pose.get("spine", (0, 0))
    nod, look = pose.get("neck", (0, 0))
    waist = pelvis.bent(-lumbar)
    chest = waist.bent(-thoracic)
    neck = chest.bent(-nod / 2)
    head = neck.bent(-nod / 2)
    head = head.turned(head.up, -look)
    frames |= {"waist": waist, "chest": chest, "neck": neck, "head": head}
    # Half of a bend happens below the middle of a segment, which keeps the back round.
    joints["waist"] = add(pelvis_at, unit(add(pelvis.up, waist.up)), PELVIS_TO_WAIST)
    joints["chest"] = add(joints["waist"], unit(add(waist.up, chest.up)), WAIST_TO_CHEST)
    joints["neck"] = add(joints["chest"], chest.up, CHEST_TO_NECK)
    joints["head"] = add(add(joints["neck"], neck.up, NECK), head.up, 5.5)
    joints["face"] = add(joints["head"], head.forward, 10)
    for name, side in SIDES.items():
        joints[f"{name}_hip"] = add(pelvis_at, pelvis.right, side * HALF_HIPS)
        joints[f"{name}_buttock"] = add(add(joints[f"{name}_hip"], pelvis.forward, -2.0), pelvis.up, -0.5)
        shoulder = add(add(joints["neck"], chest.up, -2.0), chest.right, side * HALF_SHOULDERS)
        joints[f"{name}_shoulder"] = shoulder
    # The left leg first: it is the one that the right leg may rest on. The arms last: they hold the legs.
    for name in ("left", "right") if legs else ():
        _leg(name, pose[f"{name}_leg"], joints, frames)
    for name in ("left", "right") if arms else ():
        _arm(name, pose[f"{name}_arm"], joints, frames)
    return Body(joints, frames)


def _leg(name: str, leg: Mapping[str, Any], joints: dict[str, Vector], frames: dict[str, Frame]) -> None:
    hip = joints[f"{name}_hip"]
    if "foot" in leg:
        ankle = _place(leg["foot"], joints)
        knee = _middle(hip, ankle, THIGH, SHANK, leg["knee_to"], f"{name} foot")
        up, towards = (leg["sole"], leg["toes"]) if "toes" in leg else (add(knee, ankle, -1), leg["knee_to"])
        up = unit(vector(up))
        foot = Frame(unit(add(vector(towards), up, -dot(vector(towards), up))), up).bent(leg.get("ankle", 0))
    else:
        thigh = frames["pelvis"].swung(SIDES[name], *leg["hip"])
        shank = thigh.bent(-leg["knee"])
        foot = shank.bent(leg.get("ankle", 0))
        knee = add(hip, thigh.up, -THIGH)
        ankle = add(knee, shank.up, -SHANK)
    joints |= {f"{name}_knee": knee, f"{name}_ankle": ankle, f"{name}_calf": add(knee, add(ankle, knee, -1), 0.3)}
    joints[f"{name}_heel"] = add(add(ankle, foot.forward, -2.6), foot.up, 2.4 - ANKLE_HEIGHT)
    joints[f"{name}_toe"] = add(add(ankle, foot.forward, 9.5), foot.up, 1.9 - ANKLE_HEIGHT)


def _arm(name: str, arm: Mapping[str, Any], joints: dict[str, Vector], frames: dict[str, Frame]) -> None:
    shoulder = joints[f"{name}_shoulder"]
    if "hand" in arm:
        hand, lower = _place(arm["hand"], joints), FOREARM + HAND
        if "fingers" in arm:
            hand, lower = add(hand, unit(vector(arm["fingers"])), -HAND), FOREARM
        elbow = _middle(shoulder, hand, UPPER_ARM, lower, arm["elbow_to"], f"{name} hand")
        wrist = add(elbow, unit(add(hand, elbow, -1)), FOREARM)
        along = unit(vector(arm["fingers"])) if "fingers" in arm else unit(add(wrist, elbow, -1))
    else:
        upper = frames["chest"].swung(SIDES[name], *arm["shoulder"])
        forearm = upper.bent(arm["elbow"])
        elbow = add(shoulder, upper.up, -UPPER_ARM)
        wrist = add(elbow, forearm.up, -FOREARM)
        along = unit(add(wrist, elbow, -1))
    joints |= {f"{name}_elbow": elbow, f"{name}_wrist": wrist, f"{name}_hand": add(wrist, along, HAND)}


def _place(where: Any, joints: Mapping[str, Vector]) -> Vector:
    """Return a place: a joint with an offset, or a point in space."""
    if isinstance(where, Mapping):
        return add(joints[where["on"]], vector(where.get("by", (0, 0, 0))))
    return vector(where)


def _middle(top: Vector, end: Vector, upper: float, lower: float, towards: Any, what: str) -> Vector:
    """Return where knee or elbow are when both ends are given; it points ``towards`` a direction."""
    line = add(end, top, -1)
    reach = math.sqrt(dot(line, line))
    if not abs(upper - lower) < reach <= upper + lower + 0.01:
        raise PoseError(f"{what} is {reach:.1f} away. The limb reaches {upper + lower:.1f}.")
    along = (upper**2 - lower**2 + reach**2) / (2 * reach)
    aside = math.sqrt(max(0.0, upper**2 - along**2))
    direction = unit(line)
    pole = vector(towards)
    sideways = unit(add(pole, direction, -dot(pole, direction)))
    return add(add(top, direction, along), sideways, aside)
