"""The areas of the body map, their names and where they lie on the drawing (a box of 240 by 430)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

WIDTH, HEIGHT = 240, 430
OUTLINE = (
    "M62 8C58 40 60 60 56 84 44 104 44 130 48 160 50 200 56 228 58 256 54 290 58 320 62 348 58 372 52 390"
    " 50 408 60 418 86 418 98 408 98 388 98 366 98 348 104 320 108 290 106 256 110 220 116 190 118 "
    "160H122C124 190 130 220 134 256 132 290 136 320 142 348V408C154 418 180 418 190 408 188 390 182 372 "
    "178 348 182 320 186 290 182 256 184 228 190 200 192 160 196 130 196 104 184 84 180 60 182 40 178 8Z"
)
SADDLE = "sad"


@dataclass(frozen=True, slots=True)
class Area:
    """One area that can be marked; ``site`` says which pain score it belongs to."""

    id: str
    name: str
    site: str
    x: int
    y: int
    width: int
    height: int

    @property
    def shape(self) -> str:
        """Return the class that places the area; the content policy allows no inline style."""
        return f"at-{self.id}"


BACK_VIEW = (
    Area("lb-l", _("Left lower back"), "back", 58, 14, 60, 68),
    Area("bu-l", _("Left buttock"), "buttock", 50, 86, 66, 56),
    Area("th-l", _("Back of left thigh"), "leg", 48, 148, 48, 104),
    Area("ca-l", _("Left calf"), "leg", 54, 258, 48, 90),
    Area("he-l", _("Left heel or sole"), "leg", 48, 354, 54, 62),
    Area(SADDLE, _("Between your legs or around your bottom"), "", 97, 146, 46, 46),
    Area("lb-r", _("Right lower back"), "back", 122, 14, 60, 68),
    Area("bu-r", _("Right buttock"), "buttock", 124, 86, 66, 56),
    Area("th-r", _("Back of right thigh"), "leg", 144, 148, 48, 104),
    Area("ca-r", _("Right calf"), "leg", 138, 258, 48, 90),
    Area("he-r", _("Right heel or sole"), "leg", 138, 354, 54, 62),
)
# Seen from the front, the person's right side is on the left of the drawing.
FRONT_VIEW = (
    Area("hi-l", _("Left outer hip or thigh"), "leg", 182, 104, 48, 110),
    Area("gr-l", _("Left groin"), "leg", 122, 92, 46, 44),
    Area("ft-l", _("Front of left thigh"), "leg", 126, 142, 52, 110),
    Area("sh-l", _("Left shin"), "leg", 138, 258, 48, 90),
    Area("fo-l", _("Top of left foot"), "leg", 138, 354, 54, 62),
    Area("hi-r", _("Right outer hip or thigh"), "leg", 10, 104, 48, 110),
    Area("gr-r", _("Right groin"), "leg", 72, 92, 46, 44),
    Area("ft-r", _("Front of right thigh"), "leg", 62, 142, 52, 110),
    Area("sh-r", _("Right shin"), "leg", 54, 258, 48, 90),
    Area("fo-r", _("Top of right foot"), "leg", 48, 354, 54, 62),
)
AREAS = {area.id: area for area in (*BACK_VIEW, *FRONT_VIEW)}


def views() -> list[dict[str, Any]]:
    """Return both drawings with their areas, and which side of the person is on which side of the paper."""
    left, right = gettext("Left"), gettext("Right")
    return [
        {"name": gettext("Seen from behind"), "areas": BACK_VIEW, "left": left, "right": right},
        {"name": gettext("Seen from the front"), "areas": FRONT_VIEW, "left": right, "right": left},
    ]


def words(regions: list[str], *, site: str = "") -> str:
    """Return the marked areas in words, for all of the body or for one pain score."""
    return ", ".join(str(AREAS[r].name) for r in regions if r in AREAS and (not site or AREAS[r].site == site))


def any_of(regions: list[str], *, site: str) -> bool:
    """Return whether one of the marked areas belongs to this pain score."""
    return any(AREAS[region].site == site for region in regions if region in AREAS)


def side(regions: list[str]) -> str:
    """Return the side of the pain as the vocabulary names it, or "" when no area with a side is marked."""
    left = any(region.endswith("-l") for region in regions)
    right = any(region.endswith("-r") for region in regions)
    return "both" if left and right else "left" if left else "right" if right else ""


def site(regions: list[str]) -> str:
    """Return the main site of the pain as the vocabulary names it, or "" when nothing is marked."""
    kinds = {KIND[region[:2]] for region in regions if region[:2] in KIND}
    return "" if not kinds else kinds.pop() if len(kinds) == 1 else "mixed"


KIND = {
    "lb": "low_back", "bu": "buttock", "th": "thigh", "ft": "thigh", "hi": "thigh", "gr": "groin",
    "ca": "leg_below_knee", "sh": "leg_below_knee", "he": "leg_below_knee", "fo": "leg_below_knee",
}  # fmt: skip
