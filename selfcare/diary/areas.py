"""PURE: the marked areas of the body map as the pattern guide names them."""

from __future__ import annotations

from collections.abc import Iterable

# The first two letters of an area; the side follows after a hyphen.
NAMES = {
    "lb": "low_back", "bu": "buttock", "th": "back_of_thigh", "hi": "outer_thigh", "ft": "front_of_thigh",
    "gr": "groin", "ca": "calf", "sh": "shin", "he": "heel_or_sole", "fo": "top_of_foot",
}  # fmt: skip


def names(regions: Iterable[str]) -> list[str]:
    """Return the names of the marked areas, each once, from the back downwards; both sides have one name."""
    marked = {region[:2] for region in regions}
    return [name for letters, name in NAMES.items() if letters in marked]


# From the foot up; what is marked furthest down the leg says how far the pain reaches (ux.md 3.5).
FURTHEST = {
    "foot": {"he", "fo"}, "calf": {"ca", "sh"}, "thigh": {"th", "ft", "hi", "gr"}, "buttock": {"bu"}, "back": {"lb"},
}  # fmt: skip


def furthest(regions: Iterable[str]) -> str:
    """Return the marked part that is furthest down the leg, or "" when nothing of it is marked."""
    parts = {region[:2] for region in regions}
    return next((name for name, letters in FURTHEST.items() if parts & letters), "")


def moved(before: Iterable[str], now: Iterable[str]) -> str:
    """Return "down", "up" or "same": where the furthest point has gone; "" where one of the maps is empty."""
    order = list(FURTHEST)
    then, today = furthest(before), furthest(now)
    if not then or not today:
        return ""
    step = order.index(today) - order.index(then)
    return "same" if step == 0 else "down" if step < 0 else "up"
