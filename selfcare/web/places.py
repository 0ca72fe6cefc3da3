"""PURE: what the marked areas of the body map mean for a check-in; the twin of static/web/js/places.js."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from selfcare.web import bodymap

# The pain score that each site has, in the order of the questions.
SCORES = {"buttock": "pain_buttock", "leg": "pain_leg", "back": "pain_back"}
FEELS = ("places_with_pain", "places_with_tingling", "places_with_numbness")
FIELDS = ("places", *FEELS)
# ux.md 2.3, P23: so many sites are asked about on a usual day.
MOST_SITES = 2
RISE = 2

Entries = Sequence[Mapping[str, Any]]


def current(entries: Entries, regions: Sequence[str]) -> list[str]:
    """Return the areas of the newest body map; those of the start of the episode when there is no newer one."""
    marked = [entry["values"]["places"] for entry in entries if entry["values"].get("places")]
    return list(marked[-1] if marked else regions)


def sites(areas: Sequence[str]) -> list[str]:
    """Return the sites in play: those that have a marked area."""
    return [site for site in SCORES if bodymap.any_of(list(areas), site=site)]


def flags(areas: Sequence[str], *, entries: Entries, every_site: bool, one_score: bool) -> list[str]:
    """Return the flags that say which pain scores are asked.

    ``one_score``: one score for all of it, where there is more than one site. Unless ``every_site`` is wanted, the
    least sore of three sites is left out; one that was never scored counts as the sorest.
    """
    wanted = sites(areas)
    marked = ["marked"] if wanted else []
    marked += ["sided"] if {"buttock", "leg"} & set(wanted) else []
    if not wanted or (one_score and len(wanted) > 1):
        return ["one_score", *marked]
    if not every_site and len(wanted) > MOST_SITES:
        newest = last_scores(entries)
        least = min(reversed(wanted), key=lambda site: newest.get(SCORES[site], 11))
        wanted.remove(least)
    return [*wanted, *marked]


def last_scores(entries: Entries) -> dict[str, float]:
    """Return the newest pain scores by their names; entries are in the order of their days."""
    names = (*SCORES.values(), "pain_avg")
    return {name: entry["values"][name] for entry in entries for name in names if name in entry["values"]}


def rises(entries: Entries) -> list[str]:
    """Return a flag for each score that would be a clear rise, such as "rise:pain_leg:6"."""
    newest = last_scores(entries)
    return [f"rise:{name}:{value}" for name, last in newest.items() for value in range(11) if value >= last + RISE]


def cleaned(extras: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was marked, without a feeling of an area that is not marked any more."""
    marked = list(extras.get("places", []))
    result: dict[str, Any] = {"places": marked}
    for name in FEELS:
        felt = [area for area in extras.get(name, []) if area in marked]
        result.update({name: felt} if felt else {})
    return result


def answer(extras: Mapping[str, Any]) -> str:
    """Return the answer of the body map's step: what must be asked about, or "" when nothing is marked."""
    marked = cleaned(extras)
    numb = any(area != bodymap.SADDLE for area in marked.get("places_with_numbness", []))
    saddle = bodymap.SADDLE in marked["places"]
    return "" if not marked["places"] else f"{'numb' if numb else 'marked'}{'_saddle' if saddle else ''}"


def asked_again(value: str, given: Mapping[str, str]) -> list[str]:
    """Return the steps whose answer of "none" no longer fits what was marked: they are asked again."""
    names = [("numbness", "numb", "0"), ("saddle", "saddle", "none")]
    return [step for step, sign, none in names if sign in value and given.get(step) in ("", none)]


def derived(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what rules read of a body map: the site of the pain, its side, and tingling.

    "both" is said of legs alone: pain across the back is not on two sides in that sense.
    """
    marked = values.get("places")
    if not marked:
        return {}
    site = bodymap.site(marked)
    found: dict[str, Any] = {"pain_site": site} if site else {}
    felt = {area for name in FEELS[1:] for area in values.get(name, []) if area[:2] != "lb"}
    legs = [area for area in marked if area in felt or bodymap.any_of([area], site="leg")]
    side = bodymap.side(legs or marked)
    if side and (legs or side != "both") and (side == "both" or "pain_side" not in values):
        found["pain_side"] = side
    if values.get("places_with_tingling"):
        found["tingling"] = True
    return found
