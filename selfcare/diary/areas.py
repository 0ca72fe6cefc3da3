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
