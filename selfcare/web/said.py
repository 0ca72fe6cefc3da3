"""PURE: a stored entry in the words that the person tapped, and what an entry says after one answer is changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

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
        value = answer_of(step, observations)
        answer = next((a for a in step["answers"] if a["value"] == value), None)
        if answer is not None:
            said = f"{value} / 10" if step["kind"] == "nrs" else answer["label"]
            result.append({"id": step["id"], "heading": step["heading"], "said": said})
    return result


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
    scores = [result[key] for key in SITE_KEYS if key in result]
    if scores:
        result["pain_avg"] = max(scores)
    elif own & set(SITE_KEYS):
        result.pop("pain_avg", None)
    return result


def days(entries: Iterable[Any], *, zone: ZoneInfo) -> list[dict[str, Any]]:
    """Return the entries folded by the day they are about, in the order given."""
    result: dict[date, dict[str, Any]] = {}
    for entry in entries:
        day = result.setdefault(entry.occurred_on, {"on": entry.occurred_on, "entries": []})
        values = entry.observations
        day["entries"].append({
            "id": entry.pk,
            # Without its zone: a template would turn it into the server's time.
            "at": entry.recorded_at.astimezone(zone).replace(tzinfo=None),
            "pain": values.get("pain_avg"),
            "interference": values.get("interference"),
            "late": is_late(entry.occurred_on, at=entry.recorded_at, zone=zone),
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
