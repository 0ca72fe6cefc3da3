"""Which version of the patient's app this is: a fingerprint of everything the phone keeps for offline use."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.templatetags.static import static

from exercises import catalogue as exercises
from selfcare.triage import catalogue

STATIC = Path(__file__).parent / "static"
TEMPLATES = Path(__file__).parent / "templates"
# Pages that hold nothing personal. The phone keeps them, and they work without a log-in and without a network.
PAGES = (
    "/check-in",
    "/exercises/session",
    "/help-now",
    "/help-now/which",
    "/help-now/now",
    "/help-now/today",
    "/help-now/soon",
    "/help-now/show",
    "/help-now/countries",
    "/offline",
)


@cache
def files() -> tuple[str, ...]:
    """Return the static files that the pages need, by their names."""
    wanted = [*(STATIC / "web" / "js").rglob("*.js"), *(STATIC / "web" / "css").glob("*.css")]
    names = [path.relative_to(STATIC).as_posix() for path in wanted]
    return (*sorted(names), "web/icons/icon.svg", "exercises/figures.css", "exercises/figures.svg")


@cache
def current() -> str:
    """Return the version: it changes when a file, a page or a catalogue changes."""
    content = catalogue.current()
    # The cards on kept pages name clinicians, which the phone's own catalogue does not hold.
    names = json.dumps(content.guide.specialists, sort_keys=True)
    digest = hashlib.sha256(f"{content.etag}{names}{exercises.current().etag}".encode())
    for name in files():
        found = finders.find(name)
        digest.update(Path(found).read_bytes() if found else name.encode())
    for path in sorted((*TEMPLATES.rglob("*.html"), *TEMPLATES.rglob("*.js"), *Path(__file__).parent.glob("*.py"))):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def precached() -> list[str]:
    """Return the addresses that the phone keeps, with the names under which this installation serves them."""
    return [*PAGES, "/api/v1/catalogue", *(static(name) for name in files())]
