"""What a clinician sets: drafts that are checked as a whole, published, compared; exercises unlocked one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from edge.errors import LOOK_AGAIN, Refused
from exercises import catalogue as catalogues
from exercises import filters, mastery, planning, records, reviewing, today, versions
from exercises.answers import PrescriptionBody
from exercises.catalogue import Catalogue, Exercise, Plan
from exercises.colours import GREEN
from exercises.doses import dose_of
from exercises.facts import About
from exercises.models import DoseChange, Practice, Prescription, Programme, Version
from notifications import outbox
from notifications.models import Kind

COMPARED = ("level", "dose", "side", "days", "start_on", "flare", "overrides", "position")


def prescribe(
    patient: Any,
    wanted: Sequence[PrescriptionBody],
    *,
    pattern: str = "",
    by: Any,
    about: About,
    now: datetime,
) -> Version:
    """Return the draft that holds exactly these exercises, in this order; the earlier draft is replaced.

    Begins a programme where there is none. Raises Refused with a sentence per exercise.
    """
    rows = rows_of(wanted, about)
    if pattern:
        _plan(pattern)
    check(rows, about=about)
    with transaction.atomic():
        programme = _programme_of(patient, about=about, now=now)
        return versions.draft_with(programme, rows, pattern=pattern, by=by, now=now)


def rows_of(wanted: Sequence[PrescriptionBody], about: About) -> list[dict[str, Any]]:
    """Return what is wanted as rows of a version: the side of the pain, today as the start, where nothing is said."""
    return [_row(one, about) for one in wanted]


def from_plan(plan_id: str, *, about: About) -> list[PrescriptionBody]:
    """Return a default plan as prescriptions for this person: what a filter forbids is replaced or left out.

    Raises Refused for a plan that the catalogue does not have.
    """
    catalogue = catalogues.current()
    wanted: dict[str, str] = {}
    for one in _plan(plan_id).exercises:
        first = catalogue.exercise(one["exercise"])
        chosen = next(
            (each for each in (first.id, one.get("or", ""), first.instead) if each and _fits(each, about, catalogue)),
            "",
        )
        if chosen:
            # Two places of the plan may end in one exercise: it then has the days of both.
            wanted[chosen] = "".join(sorted({*wanted.get(chosen, ""), *one["days"]}))
    cap = filters.cap(catalogue.filters, about.facts, "strength_days")
    return [
        PrescriptionBody(
            exercise=exercise_id,
            days=days[:cap] if cap and catalogue.exercise(exercise_id).kind == "strength" else days,
        )
        for exercise_id, days in wanted.items()
    ]


def _plan(plan_id: str) -> Plan:
    plans = catalogues.current().plans
    if plan_id not in plans:
        sentence = _("Choose one of the plans: %(plans)s.") % {"plans": ", ".join(plans)}
        raise Refused(LOOK_AGAIN, fields={"pattern": sentence})
    return plans[plan_id]


def _fits(exercise_id: str, about: About, catalogue: Catalogue) -> bool:
    exercise = catalogue.exercise(exercise_id)
    return not filters.forbidden(catalogue.filters, about.facts, traits=exercise.traits, adapt=exercise.adapt)


def publish(patient: Any, *, by: Any, about: About, now: datetime) -> Version:
    """Return the draft, published: from now on it is what the person does, and they are told that something is new.

    Progress is kept where the clinician left level and dose alone. Raises Refused (409 without a draft, 400 with a
    sentence per exercise where something speaks against it by now).
    """
    with transaction.atomic():
        programme = Programme.objects.active().select_for_update().filter(patient=patient).first()
        draft = programme.versions.filter(state=Version.State.DRAFT).first() if programme else None
        if programme is None or draft is None:
            raise Refused(_("There is no draft to publish. Write one first."), status_code=409)
        check(versions.copied(draft), about=about, programme=programme)
        # Written down before the plan changes: what was planned until yesterday was planned by the old version.
        reviewing.keep_days(programme, about=about)
        before = today.published(programme)
        versions.put_in_force(draft, by=by, on=about.as_of, now=now)
        _settle(programme, draft, before, by=by, about=about, now=now)
        programme.mode = Programme.Mode.PRESCRIBED
        programme.save(update_fields=["mode"])
        outbox.notify(patient.pk, cause=f"programme:{draft.pk}", kind=Kind.REVIEW, now=now)
    return draft


def difference(programme: Programme) -> dict[str, Any]:
    """Return what publishing would change, as ``compare`` tells it."""
    return compare(_prescribed(programme, Version.State.PUBLISHED), _prescribed(programme, Version.State.DRAFT))


def compare(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what differs between two lists of rows: {added, removed, changed: {exercise: {field: [was, becomes]}}}."""
    was, becomes = (
        {row["exercise"]: {**row, "position": position} for position, row in enumerate(rows, 1)}
        for rows in (before, after)
    )
    changed = {}
    for exercise_id in was.keys() & becomes.keys():
        fields = {
            name: [was[exercise_id][name], becomes[exercise_id][name]]
            for name in COMPARED
            if was[exercise_id][name] != becomes[exercise_id][name]
        }
        if fields:
            changed[exercise_id] = fields
    return {
        "added": [id_ for id_ in becomes if id_ not in was],
        "removed": [id_ for id_ in was if id_ not in becomes],
        "changed": dict(sorted(changed.items())),
    }


def unlock(patient: Any, exercise_id: str, *, irritability: str, by: Any, about: About, now: datetime) -> Practice:
    """Return the practice of a locked exercise, opened for this person by a clinician (EX-11).

    Raises Refused with every condition that does not hold: from day 28, no deficit, low irritability, slider first.
    """
    programme = today.active_of(patient)
    exercise = catalogues.current().exercises.get(exercise_id)
    if programme is None or exercise is None or not exercise.locked:
        raise Refused(_("This exercise needs no unlocking."), status_code=409)
    wrong = against_unlocking(programme, exercise, irritability=irritability, about=about)
    if wrong:
        raise Refused(LOOK_AGAIN, fields=wrong)
    with transaction.atomic():
        practice, _created = Practice.objects.get_or_create(
            programme=programme,
            exercise=exercise.id,
            defaults={"level": 1, "dose": exercise.levels[0].dose.stored(), "started_on": about.as_of},
        )
        practice.unlocked_at, practice.unlocked_by = now, by
        practice.save(update_fields=["unlocked_at", "unlocked_by"])
    return practice


def against_unlocking(programme: Programme, exercise: Exercise, *, irritability: str, about: About) -> dict[str, str]:
    """Return what speaks against opening a locked exercise, as a sentence per condition (clinical.md 4.3, EX-11)."""
    wrong = {}
    if about.days_since_onset is None or about.days_since_onset < exercise.locked["from_day"]:
        wrong["from_day"] = _("Wait until day %(day)s after the start.") % {"day": exercise.locked["from_day"]}
    if irritability != "low":
        wrong["irritability"] = _("Unlock it only when irritability is low.")
    for fact in ("weakness", "numbness"):
        # Not known is not "none".
        if about.facts.get(fact) != 0:
            wrong[fact] = _("Unlock it only when there is no deficit. Ask about it first.")
    slider = exercise.locked["slider"]
    read = records.read(programme, as_of=about.as_of)
    practice = read.practices.get(slider)
    green = any(one.colour == GREEN for one in read.tried.get(slider, ()))
    if practice is None or practice.mastery != Practice.Mastery.HOME or not green:
        wrong["slider"] = _("The slider comes first: %(exercise)s at home, with a green session.") % {
            "exercise": slider
        }
    return wrong


def _programme_of(patient: Any, *, about: About, now: datetime) -> Programme:
    programme = today.active_of(patient)
    return programme or begin(patient, mode=Programme.Mode.PRESCRIBED, about=about, now=now)


def begin(patient: Any, *, mode: str, about: About, now: datetime) -> Programme:
    """Return a new programme of a person who has none."""
    return Programme.objects.create(
        patient=patient,
        mode=mode,
        started_on=about.as_of,
        created_at=now,
        kept_until_on=about.as_of,
        next_look_at=about.next_look_at(),
    )


def _prescribed(programme: Programme, state: str) -> list[dict[str, Any]]:
    version = programme.versions.filter(state=state).first()
    return versions.copied(version) if version else []


def _row(one: PrescriptionBody, about: About) -> dict[str, Any]:
    exercise = catalogues.current().exercises.get(one.exercise)
    both = Prescription.Side.BOTH
    side = one.side or (about.side if about.side in ("left", "right") else both)
    return {
        "exercise": one.exercise,
        "level": one.level,
        "dose": one.dose.stored() if one.dose else None,
        "side": side if exercise and exercise.sides == 2 else one.side,
        "days": "".join(sorted(set(one.days))),
        "start_on": one.start_on or about.as_of,
        "flare": one.flare,
        # A database refuses the character that ends a text.
        "overrides": {filter_id: note.replace("\x00", "") for filter_id, note in one.overrides.items()},
    }


def check(rows: Sequence[Mapping[str, Any]], *, about: About, programme: Programme | None = None) -> None:
    """Raise Refused with a sentence for each exercise that may not stand in this programme."""
    catalogue = catalogues.current()
    wrong: dict[str, str] = {}
    ids = [row["exercise"] for row in rows]
    for row in rows:
        said = _against(row, ids, about=about, catalogue=catalogue)
        if said:
            wrong[row["exercise"]] = said
    if len(set(ids)) != len(ids):
        wrong["exercises"] = _("An exercise stands twice. Write it once, with all its days.")
    items = [planning.Item(row["exercise"], row["days"], row["start_on"]) for row in rows]
    full = planning.too_full(items, most=catalogue.most_a_day)
    if full:
        wrong["days"] = _("Day %(day)s holds more than %(most)s exercises. Spread them.") % {
            "day": full,
            "most": catalogue.most_a_day,
        }
    if not rows:
        wrong["exercises"] = _("Name at least one exercise.")
    if programme is not None:
        wrong |= _not_earned(programme, ids, about=about, catalogue=catalogue)
    if wrong:
        raise Refused(LOOK_AGAIN, fields=wrong)


def _against(row: Mapping[str, Any], ids: Sequence[str], *, about: About, catalogue: Catalogue) -> str:
    exercise = catalogue.exercises.get(row["exercise"])
    if exercise is None:
        return _("This exercise is not known. Use an id such as EX-01.")
    if any(one.id in row["overrides"] and not one.may_override for one in catalogue.filters):
        return _("This one cannot be prescribed in spite of the history. Take it out.")
    held = filters.forbidden(
        catalogue.filters,
        about.facts,
        traits=exercise.traits,
        adapt=exercise.adapt,
        overridden=row["overrides"],
    )
    if held:
        return next(one.clinical for one in catalogue.filters if one.id == held[0])
    if exercise.every_other_day and planning.back_to_back(row["days"]):
        return _("This exercise needs a day of rest between. Choose days such as 1, 3 and 5.")
    cap = filters.cap(catalogue.filters, about.facts, "strength_days")
    if cap and exercise.kind == "strength" and len(row["days"]) > cap:
        return _("At most %(days)s days a week of strength for this person.") % {"days": cap}
    pair = exercise.pair
    if pair and pair not in ids and _fits(pair, about, catalogue):
        return _("The stretch needs both hip positions. Add %(exercise)s.") % {"exercise": pair}
    flare = row["flare"]
    if flare and (len(flare) > 1 or not (flare.get("exercise") in ids or flare.get("level") in (1, 2, 3))):
        return _("For a flare name another exercise of this programme, or a level from 1 to 3.")
    return ""


def _not_earned(programme: Programme, ids: Sequence[str], *, about: About, catalogue: Catalogue) -> dict[str, str]:
    """Return what stands before an exercise that others must come before."""
    wrong = {}
    read = None
    for exercise in (catalogue.exercise(id_) for id_ in ids):
        if exercise.locked and not programme.practices.filter(exercise=exercise.id, unlocked_at__isnull=False).exists():
            wrong[exercise.id] = _("This exercise is locked. Unlock it for this person first.")
        if exercise.needs:
            read = read or records.read(programme, as_of=about.as_of)
            days = planning.green_days(read.colours_by_day(exercise.needs["exercise"]), green=GREEN)
            if days < exercise.needs["green_days"]:
                wrong[exercise.id] = _("Needs %(needed)s green days on %(exercise)s first. There are %(days)s.") % {
                    "needed": exercise.needs["green_days"],
                    "exercise": exercise.needs["exercise"],
                    "days": days,
                }
    return wrong


def _settle(
    programme: Programme, version: Version, before: Version | None, *, by: Any, about: About, now: datetime
) -> None:
    """Bring the practices in line with what a clinician has published."""
    earlier = {one.exercise: one for one in before.prescriptions.all()} if before else {}
    for prescription in version.prescriptions.all():
        practice, created = versions.practise(programme, prescription, on=about.as_of, now=now, by=by)
        was = earlier.get(prescription.exercise)
        kept = was is not None and (was.level, was.dose) == (prescription.level, prescription.dose)
        if created or (kept and practice.status == Practice.Status.ACTIVE):
            continue
        stood = records.standing(practice)
        dose = catalogues.current().exercise(practice.exercise).levels[prescription.level - 1].dose
        practice.status, practice.level = Practice.Status.ACTIVE, prescription.level
        practice.dose = (dose_of(prescription.dose) if prescription.dose else dose).stored()
        if records.standing(practice) != stood:
            reviewing.note(
                practice,
                kind=DoseChange.Kind.PRESCRIBED,
                before=stood,
                on=about.as_of,
                now=now,
                reason="prescribed",
                by=by,
            )


def step(
    patient: Any, exercise_id: str, kind: str, *, by: Any, about: About, now: datetime, data: Mapping[str, Any]
) -> Practice:
    """Return the practice after a clinician's step of the mastery gate. Raises Refused where it is not possible."""
    programme = today.active_of(patient)
    practice = programme.practices.filter(exercise=exercise_id).first() if programme else None
    if practice is None:
        raise Refused(_("Publish a programme with this exercise first."), status_code=409)
    with transaction.atomic():
        mastery.move(practice, kind, on=about.as_of, now=now, by=by, data=data)
    return practice
