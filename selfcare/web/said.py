"""PURE: a stored entry in the words that the person tapped, and what an entry says after one answer is changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from selfcare.triage import catalogue
from selfcare.web import bodymap, places
from selfcare.web.flow import SITE_KEYS, Step

# Which long-standing symptoms a clinician knows of: one list for several questions.
KNOWN = "known_to_clinician"


def answer_of(step: Step, observations: Mapping[str, Any]) -> str | None:
    """Return the value of the answer that these observations came from, the most exact one, or None."""
    fitting = [a for a in step["answers"] if a["writes"] and a["writes"].items() <= observations.items()]
    exact = max(fitting, key=lambda answer: len(answer["writes"]), default=None)
    if exact is not None:
        return exact["value"]
    # Another client may have stored a number of days that no button writes: the nearest wording counts.
    loose = [a for a in step["answers"] if a["writes"] and _fits_loosely(step, a, observations)]
    return loose[0]["value"] if loose else None


def lines(plan: Sequence[Step], observations: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return question and answer for each step that this entry answers, each question once."""
    result = []
    for step in plan:
        # A group has no answer of its own, and what confirms an answer is told by that answer.
        if step["kind"] in ("group", "confirm") or any(line["id"] == step["id"] for line in result):
            continue
        if said := _in_own_words(step, observations):
            result.append({"id": step["id"], "heading": step["heading"], "said": said, "private": step["private"]})
            continue
        value = answer_of(step, observations)
        answer = next((a for a in step["answers"] if a["value"] == value), None)
        if answer is not None:
            said = f"{value} / 10" if step["kind"] == "nrs" else answer["label"]
            result.append({"id": step["id"], "heading": step["heading"], "said": said, "private": step["private"]})
    return result


def _in_own_words(step: Step, observations: Mapping[str, Any]) -> str:
    """Return what was marked on the body map or written, for the steps that have no button for it."""
    if step["kind"] == "map":
        felt = {_("pain"): "places_with_pain", _("tingling"): "places_with_tingling", _("numb"): "places_with_numbness"}
        said = [bodymap.words(observations.get("places", []))]
        said += [
            f"{word}: {bodymap.words(observations[name])}" for word, name in felt.items() if observations.get(name)
        ]
        return ". ".join(filter(None, said))
    if any(field["kind"] == "text" for field in step["fields"]):
        return str(observations.get("note", ""))
    return ""


def changed(
    step: Step, answer: Mapping[str, Any] | None, extras: Mapping[str, Any], observations: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the observations with this step answered anew; without an answer, the step is not answered at all."""
    own = {key for one in step["answers"] for key in one["writes"]} | {field["name"] for field in step["fields"]}
    result = {key: value for key, value in observations.items() if key not in own - {KNOWN}}
    name = step["id"].removesuffix("_known")
    others = [one for one in observations.get(KNOWN, []) if one != name]
    if answer is not None:
        result.update(answer["writes"])
        others += answer["writes"].get(KNOWN, [])
        if answer["extras"]:
            result.update(extras)
    result.pop(KNOWN, None)
    if others:
        result[KNOWN] = others
    if "places" in own:
        # Site, side and tingling were worked out from the old map.
        for key in places.derived(observations):
            result.pop(key, None)
        result.update(places.derived(result))
    scores = [result[key] for key in SITE_KEYS if key in result]
    if scores:
        result["pain_avg"] = max(scores)
    elif own & set(SITE_KEYS):
        result.pop("pain_avg", None)
    return result


def days(entries: Iterable[Any], *, zone: ZoneInfo) -> list[dict[str, Any]]:
    """Return the entries folded by the day they are about, in the order given."""
    result: dict[date, dict[str, Any]] = {}
    needs = catalogue.current().guide.texts["needs"]
    for entry in entries:
        day = result.setdefault(entry.occurred_on, {"on": entry.occurred_on, "entries": []})
        values = entry.observations
        day["entries"].append({
            "id": entry.pk,
            # Without its zone: a template would turn it into the server's time.
            "at": entry.recorded_at.astimezone(zone).replace(tzinfo=None),
            "pain": values.get("pain_avg"),
            "interference": values.get("interference"),
            "safety": any(name in values for name in needs),
            "late": entry.written_on > entry.occurred_on,
            "told": entry.shown_tier,
            "corrected": entry.corrects_id is not None,
        })  # fmt: skip
    return list(result.values())


def is_late(on: date, *, at: datetime, zone: ZoneInfo) -> bool:
    """Return whether what was answered at an instant is about an earlier day."""
    return at.astimezone(zone).date() > on


def _fits_loosely(step: Step, answer: Mapping[str, Any], observations: Mapping[str, Any]) -> bool:
    core = _core(step, answer)
    # What writes nothing but a number of days is answered only where such a number is stored.
    return core.items() <= observations.items() if core else answer["writes"].keys() <= observations.keys()


def _core(step: Step, answer: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in answer["writes"].items() if not key.endswith("_since_days")}
