"""The style sheets themselves: contrast of the colours in both themes, red for "now" alone, and no rule for nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from selfcare.web import bodymap
from selfcare.web import phone as web

PROJECT = Path(web.__file__).parents[2]
CSS = PROJECT / "selfcare/web/static/web/css"
SHEETS = sorted(CSS.glob("*.css"))
# Text, and what it stands on: at least 7 to 1 (ux.md 3.1).
TEXT = [
    *(("ink", on) for on in ("bg", "surface", "tint")),
    *(("ink-2", on) for on in ("bg", "surface")),
    *(("primary", on) for on in ("bg", "surface", "tint")),
    *(("err", on) for on in ("bg", "surface")),
    ("now", "surface"), ("on-now", "now"), ("on-today", "today"), ("on-soon", "soon"),
    ("on-primary", "primary"), ("ok", "surface"),
]  # fmt: skip
# Edges, marks and rings, and what they stand on: at least 3 to 1.
MARKS = [
    *(("edge", on) for on in ("bg", "surface", "tint")),
    *((mark, on) for mark in ("s1", "s2", "s3", "today-e", "soon", "now") for on in ("bg", "surface")),
    *(("focus-ring", on) for on in ("bg", "surface")),
    ("s1", "tint"),
]  # fmt: skip
RED = re.compile(r"var\(--(?:on-)?now\)")
MAY_BE_RED = re.compile(r"\.now\b|\.help-link\b")
CLASS = re.compile(r"\.(-?[a-zA-Z_][\w-]*)")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def rules(sheet: str, *, within: str = "") -> Iterator[tuple[str, str, str]]:
    """Give each rule of a sheet: the at-rules around it, its selectors, its declarations."""
    rest = COMMENT.sub("", sheet)
    while (start := rest.find("{")) >= 0:
        depth, end = 1, start + 1
        while depth:
            depth += {"{": 1, "}": -1}.get(rest[end], 0)
            end += 1
        head, body, rest = rest[:start].strip(), rest[start + 1 : end - 1], rest[end:]
        if head.startswith("@") and "{" in body:
            yield from rules(body, within=f"{within} {head}".strip())
        else:
            yield within, head, body


def tokens(theme: str) -> dict[str, str]:
    """Return the colours of a theme."""
    wanted = {"light": [(":root", "")], "dark": [(":root", ""), (':root[data-phone~="dark"]', "@media screen")]}[theme]
    found: dict[str, str] = {}
    for within, selectors, body in rules((CSS / "app.css").read_text(encoding="utf-8")):
        if (selectors, within) in wanted:
            found |= dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", body))
    return found


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour (WCAG 2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_contrast_of_black_on_white_is_21() -> None:
    assert round(contrast("#000000", "#ffffff"), 2) == 21


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("pairs", "least"), [(TEXT, 7), (MARKS, 3)], ids=["text", "marks"])
def test_colours_keep_their_contrast(theme: str, pairs: list[tuple[str, str]], least: int) -> None:
    colours = tokens(theme)

    weak = {
        f"{one} on {on}": round(found, 2)
        for one, on in pairs
        if (found := contrast(colours[one], colours[on])) < least
    }  # fmt: skip

    assert weak == {}


def test_red_means_now_alone() -> None:
    others = [
        f"{sheet.name}: {one.strip()}"
        for sheet in SHEETS
        for _within, selectors, body in rules(sheet.read_text(encoding="utf-8"))
        if RED.search(body)
        for one in selectors.split(",")
        if not MAY_BE_RED.search(one)
    ]

    assert others == []


def test_colours_stand_in_the_tokens_alone() -> None:
    loose = [
        f"{sheet.name}: {selectors}"
        for sheet in SHEETS
        for within, selectors, body in rules(sheet.read_text(encoding="utf-8"))
        if within != "@media print" and re.search(r"#[0-9a-f]{3}", re.sub(r"--[\w-]+:[^;]*", "", body))
    ]

    assert loose == []


def test_every_class_of_a_sheet_is_worn_somewhere() -> None:
    """A rule for a class that no template, script or module names is dead."""
    pages = [*PROJECT.glob("selfcare/**/templates/**/*.html")]
    names = r'class="((?:{%.*?%}|{{.*?}}|[^"])*)"|block body_class %}([^{]*){%'
    worn = " ".join("".join(each) for page in pages for each in re.findall(names, page.read_text("utf-8")))
    named = [*PROJECT.glob("selfcare/**/*.js"), *PROJECT.glob("selfcare/**/*.py"), *PROJECT.glob("exercises/**/*.py")]
    worn += " ".join(" ".join(re.findall(r"[\"'`]([^\"'`\n]*)[\"'`]", each.read_text("utf-8"))) for each in named)
    # Django writes the list of errors of a form itself.
    words = {"errorlist", *re.findall(r"[\w-]+", worn)} | {
        f"{kind}-{area}" for kind in ("at", "feel") for area in bodymap.AREAS
    }

    dead = {
        f"{sheet.name}: .{name}"
        for sheet in SHEETS
        for _within, selectors, _body in rules(sheet.read_text(encoding="utf-8"))
        for name in CLASS.findall(re.sub(r"\[[^\]]*\]", "", selectors))
        if name not in words
    }

    assert dead == set()


def test_every_colour_of_the_tokens_is_used() -> None:
    everything = "".join(each.read_text("utf-8") for each in PROJECT.glob("selfcare/**/*.css"))

    assert {name for name in tokens("light") if f"var(--{name})" not in everything} == set()
