"""Writes figures down as one SVG sprite in few words: what stands in several of them is written once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 280, 224
LINE = 7.5
# What every figure inherits from the <svg> that points at it: written there, it need not stand in each symbol.
INHERITED = f'fill="var(--surface,#fff)" stroke="currentColor" stroke-width="{LINE}" paint-order="stroke"'
SIGN = ' fill="var(--primary,#055)" stroke="var(--surface)"'


@dataclass(frozen=True)
class Element:
    """One path: where it begins, its words from there, and its attributes."""

    x: int
    y: int
    words: str
    attributes: str

    @property
    def written(self) -> str:
        """Return the element at its place."""
        return f'<path d="M{self.x} {self.y}{self.words}"{self.attributes}/>'.replace(" -", "-")


@dataclass(frozen=True)
class Symbol:
    """One figure: its name, its pose with title and desc, and its paths from far to near."""

    name: str
    pose: Mapping[str, Any]
    body: Sequence[Element]


@dataclass(frozen=True)
class Group:
    """Elements that follow each other in several figures at the same place."""

    name: str
    written: str

    @property
    def pointer(self) -> str:
        """Return what stands for the group."""
        return f'<use href="#{self.name}"/>'


def bound(symbols: Sequence[Symbol]) -> str:
    """Return the sprite."""
    bodies: list[list[Element | Group]] = [list(symbol.body) for symbol in symbols]
    groups = _grouped(bodies)
    loose = [each for body in bodies for each in body if isinstance(each, Element)]
    moved = _moved(loose)

    def written(each: Element | Group) -> str:
        if isinstance(each, Group):
            return each.pointer
        name = moved.get((each.words, each.attributes))
        return f'<use href="#{name}" x="{each.x}" y="{each.y}"/>' if name else each.written

    parts = ['<svg xmlns="http://www.w3.org/2000/svg"><defs>']
    parts += [group.written.replace(" ", f' id="{group.name}" ', 1) for group in groups]
    parts += [Element(0, 0, *key).written.replace(" ", f' id="{name}" ', 1) for key, name in moved.items()]
    parts.append("</defs>")
    for symbol, body in zip(symbols, bodies, strict=True):
        parts.append(
            f'<symbol id="{symbol.name}" viewBox="0 0 {WIDTH} {HEIGHT}">'
            f"<title>{escape(symbol.pose['title'])}</title><desc>{escape(symbol.pose['desc'])}</desc>"
            f"{''.join(map(written, body))}</symbol>"
        )
    return "\n".join([*parts, "</svg>", ""])


def _grouped(bodies: list[list[Element | Group]]) -> list[Group]:
    """Put groups into the bodies for what follows each other in several of them, the most saving ones first."""
    groups: list[Group] = []
    while True:
        runs = Counter(run for body in bodies for run in _runs(body))
        best = max(runs, key=lambda run: (_saved(run, runs[run]), [each.written for each in run]), default=())
        if not best or _saved(best, runs[best]) <= 0:
            return groups
        text = "".join(each.written for each in best)
        name = f"g{len(groups)}"
        # A group needs an attribute to carry its id behind.
        group = Group(name, f"<g >{text}</g>" if len(best) > 1 else text)
        groups.append(group)
        for body in bodies:
            _replace(body, best, group)


def _runs(body: Sequence[Element | Group]) -> Iterable[tuple[Element, ...]]:
    """Return every run of elements once."""
    found = set()
    for start in range(len(body)):
        for end in range(start + 1, len(body) + 1):
            if isinstance(body[end - 1], Group):
                break
            found.add(tuple(each for each in body[start:end] if isinstance(each, Element)))
    return found


def _saved(run: Sequence[Element], times: int) -> int:
    """Return how many characters a group saves."""
    length = sum(len(each.written) for each in run)
    return times * length - length - times * len('<use href="#g99"/>') - len('<g id="g99"></g>')


def _replace(body: list[Element | Group], run: Sequence[Element], group: Group) -> None:
    for start in range(len(body) - len(run) + 1):
        if tuple(body[start : start + len(run)]) == tuple(run):
            body[start : start + len(run)] = [group]


def _moved(elements: Sequence[Element]) -> dict[tuple[str, str], str]:
    """Return names for the shapes that stand in several places."""
    counts = Counter((each.words, each.attributes) for each in elements)
    path, pointer, name = len('<path d="M123 123"/>'), len('<use href="#s99" x="123" y="123"/>'), len(' id="s99"')

    def saves(words: str, attributes: str, times: int) -> bool:
        length = len(words) + len(attributes) + path
        return times * length > length + name + times * pointer

    return {key: f"s{index}" for index, key in enumerate(key for key, times in counts.items() if saves(*key, times))}
