"""Countries and time zones to choose from: ISO 3166 names and the zones of the time zone database."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from zoneinfo import available_timezones

# The database writes these as a cataloguer would; people look for them under another name.
_AS_PEOPLE_SAY = {
    "GB": "United Kingdom",
    "US": "United States",
    "KR": "South Korea",
    "KP": "North Korea",
    "CZ": "Czechia",
    "MM": "Myanmar",
    "CD": "Congo (Kinshasa)",
    "CG": "Congo (Brazzaville)",
}


@cache
def countries() -> tuple[tuple[str, str], ...]:
    """Return (ISO 3166 alpha-2 code, English name) of every country, by name."""
    lines = files("tzdata.zoneinfo").joinpath("iso3166.tab").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    named = [(code, _AS_PEOPLE_SAY.get(code, name)) for code, name in rows]
    return tuple(sorted(named, key=lambda row: row[1]))


@cache
def time_zones() -> tuple[str, ...]:
    """Return the names of the zones that a person may live in, sorted: places, and UTC."""
    places = (name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "SystemV/")))
    return (*sorted(places), "UTC")


def is_time_zone(name: str) -> bool:
    """Return whether the name is a zone of the database; old names that phones still send count too."""
    return name in available_timezones()
