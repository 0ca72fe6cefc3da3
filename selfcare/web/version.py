"""Which version of the patient's app this is: a fingerprint of everything the phone keeps for offline use."""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache
from os.path import normpath
from pathlib import Path

from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.urls import reverse

from exercises import catalogue as exercises
from selfcare.triage import catalogue, languages
from selfcare.web import course_words

STATIC = Path(__file__).parent / "static"
TEMPLATES = Path(__file__).parent / "templates"
# What a module needs before it can run; what it fetches later (`import(...)`) is not meant.
IMPORTED = re.compile(r'^(?:import|export)[^"(]*"(\.[^"]+)"', re.MULTILINE)
# Pages that hold nothing personal. The phone keeps them, and they work without a log-in and without a network.
PAGES = (
    "/check-in",
    "/exercises/session",
    "/messages/write",
    "/help-now",
    "/help-now/which",
    "/help-now/now",
    "/help-now/today",
    "/help-now/soon",
    "/help-now/show",
    "/help-now/countries",
    "/offline",
    "/clock",
)

CATALOGUE = "/api/v1/catalogue"


@cache
def reading() -> tuple[str, ...]:
    """Return the Learn pages. The phone keeps them after the others: a failure here must not cost it the help pages."""
    levels = (("learn", "learn-card"), ("learn-detailed", "learn-detailed-card"))
    return tuple(
        page
        for index, card in levels
        for page in (reverse(index), *(reverse(card, args=[name]) for name in catalogue.current().learn))
    )


@cache
def weeks() -> tuple[str, ...]:
    """Return the pages of the eight weeks, which the phone keeps beside the Learn pages."""
    return tuple(reverse("plan-week", args=[week]) for week in range(1, course_words.WEEKS + 1))


@cache
def files() -> tuple[str, ...]:
    """Return the static files that the pages need, by their names."""
    wanted = [*(STATIC / "web" / "js").rglob("*.js"), *(STATIC / "web" / "css").glob("*.css")]
    names = [path.relative_to(STATIC).as_posix() for path in wanted]
    return (*sorted(names), "web/icons/icon.svg", "exercises/figures.css", "exercises/figures.svg")


@cache
def modules(entry: str) -> tuple[str, ...]:
    """Return the modules that a module needs, itself first, so that a page can ask for all of them at once."""
    found = [entry]
    for name in found:
        source = (STATIC / name).read_text(encoding="utf-8")
        paths = (Path(name).parent / imported for imported in IMPORTED.findall(source))
        found += [path for path in dict.fromkeys(normpath(path) for path in paths) if path not in found]
    return tuple(found)


@cache
def current() -> str:
    """Return the version: it changes when a file, a page or a catalogue changes."""
    content = catalogue.current()
    # Kept pages name clinicians and hold the Learn cards with their review, which the phone's own catalogue does not.
    names = json.dumps(content.guide.specialists, sort_keys=True)
    etags = f"{content.etag}{exercises.current().etag}"
    digest = hashlib.sha256(
        f"{etags}{names}{content.learn}{content.standings}{course_words.current()}{languages.fingerprint()}".encode()
    )
    for name in files():
        found = finders.find(name)
        digest.update(Path(found).read_bytes() if found else name.encode())
    for path in sorted((*TEMPLATES.rglob("*.html"), *TEMPLATES.rglob("*.js"), *Path(__file__).parent.glob("*.py"))):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def precached() -> list[str]:
    """Return the addresses that the phone keeps, with the names under which this installation serves them."""
    return [*PAGES, CATALOGUE, *(static(name) for name in files())]
