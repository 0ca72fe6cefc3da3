"""The exercise programme in words: doses, sides, reasons for a rest, weeks; what pages and phone both show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from exercises import catalogue as catalogues
from exercises import facts, figures, planning, programmes, records, replies, today
from exercises.catalogue import Exercise
from exercises.dose_words import WALK as WALK
from exercises.dose_words import dose_words
from exercises.facts import About
from exercises.models import Programme, ProgrammeEvent, Result

OTHER_SIDE = {"left": "right", "right": "left"}
WEEKS = 4
Kind = ProgrammeEvent.Kind
# "One hour after": from a little before until it is no longer that (clinical.md 4.5). programme.js has both.
HOUR_AFTER = timedelta(minutes=45), timedelta(minutes=150)
LATELY = timedelta(days=2)
# The cat-camel goes both ways from the middle; the bird-dog moves the leg alone at level 1 (clinical.md 4.3).
FRAMES = {("EX-03", 1): ("end", "middle"), ("EX-03", 2): ("end", "middle"), ("EX-03", 3): ("end", "middle"),
          ("EX-17", 1): ("start", "middle")}  # fmt: skip


def today_of(programme: Programme | None, about: About, *, now: datetime) -> dict[str, Any]:
    """Return the next seven days as the API tells them, with the words that only pages and the phone need."""
    reply = replies.today_of(programme, about) if programme else replies.no_programme(about)
    for day in reply["days"]:
        day["on"] = day["on"].isoformat()
        for one in day["todo"]:
            exercise = catalogues.shown().exercise(one["exercise"])
            one["words"] = dose_words(exercise, one["dose"], sides=one["sides"])
            one["notes"] = [note for note in (one["note"], *one["adapted"]) if note]
            one["frames"] = frames(exercise, level=one["level"])
            one["side_order"] = side_order(exercise, one["side"], sides=one["sides"], sore=about.side)
    return {
        **reply,
        "trained_on": _trained_on(programme, about) if programme else [],
        "ask_after": ask_after(programme, now=now),
    }


def side_order(exercise: Exercise, side: str, *, sides: int, sore: str) -> list[str]:
    """Return the sides in their order: the easier one first, which is the one that does not hurt (ux.md 3.7)."""
    if exercise.sides == 1:
        return [""]
    if sides == 1:
        return [side]
    return [OTHER_SIDE[sore], sore] if sore in OTHER_SIDE else ["left", "right"]


def frames(exercise: Exercise, *, level: int) -> tuple[str, str]:
    """Return the two drawings between which a move goes at a level: where its first half leads is the second."""
    drawn = FRAMES.get((exercise.id, level))
    return drawn or figures.frames(exercise.id, level=level, by_level=exercise.whole_levels)


def _caption(phase: str) -> str:
    return {
        "start": _("At the start"),
        "middle": _("On the way"),
        "end": _("At the end"),
        "lying-end": _("Lying down"),
        "sitting-end": _("On a chair"),
        "standing-end": _("Standing"),
        "floor-end": _("On the floor"),
    }[phase]


def ask_after(programme: Programme | None, *, now: datetime) -> dict[str, Any] | None:
    """Return the session of which "one hour after" is still open, or None; who shows it looks at the time."""
    if programme is None:
        return None
    latest = programme.sessions.order_by("-recorded_at", "-id").first()
    if latest is None or now - latest.recorded_at > HOUR_AFTER[1]:
        return None
    if not latest.results.filter(done=True, hour_after=None).exists():
        return None
    return {"session": str(latest.pk), "ended_at": latest.recorded_at.isoformat()}


def card(patient: Any, *, now: datetime) -> dict[str, Any]:
    """Return how today's exercises stand: "locked", "none", "rest", "due" or "done", with sentences and minutes."""
    about = facts.about(patient, now=now)
    alert = about.facts.get("open_alert", "")
    if alert:
        return {"state": "locked", "says": [rests()[f"open_{alert}"]]}
    opened = programmes.open_day(patient, about=about, now=now)
    if opened is None:
        return {"state": "none"}
    found, day = opened
    if not day.todo:
        return {"state": "rest", "says": [rests()[key] for key in day.rests]}
    results = Result.objects.filter(session__programme=found, session__occurred_on=about.as_of, done=True)
    done = Counter(results.values_list("exercise", flat=True))
    left = [one for one in day.todo if done[one.exercise] < one.dose.times_a_day]
    return {
        "state": "due" if left else "done",
        "moves": len(left),
        "minutes": day.minutes if len(left) == len(day.todo) else None,
        "eased": day.eased,
        "says": [rests()[key] for key in day.rests],
    }


def hour_after_is_due(patient: Any, *, now: datetime) -> bool:
    """Return whether "one hour after" is open and it is about that time."""
    return is_due(ask_after(today.active_of(patient), now=now), now=now)


def is_due(asked: Mapping[str, Any] | None, *, now: datetime) -> bool:
    """Return whether it is about an hour since the session."""
    if asked is None:
        return False
    return HOUR_AFTER[0] <= now - datetime.fromisoformat(asked["ended_at"]) <= HOUR_AFTER[1]


def for_phone() -> dict[str, Any]:
    """Return what the player needs of every exercise. Nothing of a person is in it."""
    wanted = ("name", "kind", "glide", "tempo_s", "tempo_words", "rest_s")
    return {
        id_: {name: one[name] for name in wanted} | {"position": one["position"], "easier": one["easier"]}
        for id_, one in catalogues.shown().phone["exercises"].items()
    }


def rests() -> dict[str, str]:
    """Return why exercises rest, in the patient's words, by key."""
    return {key: words["patient"] for key, words in catalogues.shown().rests.items()}


def weeks_of(programme: Programme, about: About) -> list[dict[str, Any]]:
    """Return planned against done of the last weeks, the newest first. Nothing counts in a row."""
    kept = records.read(programme, as_of=about.as_of).kept
    weeks: dict[date, dict[str, Any]] = {}
    for week in planning.adherence(kept):
        if week.planned:
            found = weeks.setdefault(
                week.begins_on, {"begins_on": week.begins_on, "planned": 0, "done": 0, "moves": []}
            )
            found["planned"] += week.planned
            found["done"] += week.done
            exercise = catalogues.shown().exercise(week.exercise)
            found["moves"].append({"name": exercise.name, "planned": week.planned, "done": week.done})
    return [weeks[begins] for begins in sorted(weeks, reverse=True)][:WEEKS]


def story_of(programme: Programme) -> list[dict[str, Any]]:
    """Return what happened to the programme as a whole, the newest first."""
    sentences = {
        Kind.STARTED: _("You started."),
        Kind.PUBLISHED: _("Your clinician gave you a new plan."),
        Kind.PAUSED: _("Your exercises were paused."),
        Kind.RESUMED: _("Your exercises went on."),
        Kind.EASED: _("Gentle days began."),
        Kind.MAINTENANCE: _("You moved to the plan that keeps you well."),
    }
    events = programme.events.filter(kind__in=sentences).order_by("-at", "-id")
    # What a person put in force alone is told by what they did: started, moved on.
    own = [event for event in events if (event.kind, event.actor_id) != (Kind.PUBLISHED, programme.patient_id)]
    return [{"on": event.on, "says": sentences[event.kind]} for event in own[:20]]


def offer(programme: Programme, about: About) -> str:
    """Return the sentence that offers the plan for keeping well (DX-12), or an empty text."""
    if not programmes.maintenance_is_offered(programme, about):
        return ""
    catalogue = catalogues.shown()
    return catalogue.reasons["DX-12"]["patient"].format(days=catalogue.numbers.maintenance_days)


def page_of(exercise: Exercise) -> dict[str, Any]:
    """Return what the page of one exercise shows; nothing of a person is in it."""
    return {
        "id": exercise.id,
        "name": exercise.name,
        "patient": exercise.patient,
        "figures": [(phase, _caption(phase)) for phase in figures.phases(exercise.id)],
        "kit": _kit(exercise.equipment),
    }


def _kit(equipment: Iterable[str]) -> str:
    names = {
        "mat": _("a mat"),
        "chair": _("a chair"),
        "towel": _("a towel"),
        "pillow": _("a pillow"),
        "band": _("a band"),
        "ball": _("a soft ball"),
    }
    return ", ".join(names[one] for one in equipment if one in names)


def _trained_on(programme: Programme, about: About) -> list[str]:
    days = programme.sessions.between(about.as_of - LATELY, about.as_of).values_list("occurred_on", flat=True)
    return sorted({day.isoformat() for day in days})
