"""The sheet on which a programme is written: its rows as they were typed, what speaks against them, and saving them.

The whole sheet travels in the form, so that every button works without JavaScript and nothing is lost on the way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext

from edge.errors import Refused
from exercises import catalogue as catalogues
from exercises import filters, prescribing, today, versions
from exercises.answers import PrescriptionBody
from exercises.facts import About
from exercises.filters import Filter
from exercises.models import Practice, Programme, Version
from selfcare.accounts import audit
from selfcare.accounts.models import User
from selfcare.clinic import prescription_words as words
from selfcare.clinic.desk import Desk
from selfcare.clinic.programme_forms import OWN_DOSE, PrescriptionForm

# More rows than this were never shown by a page of ours.
MOST_ROWS = 20
NOBODY = "none"
FIELDS = ("exercise", "level", *OWN_DOSE, "side", "days", "start_on", "flare", "in_spite", "note")


@dataclass(frozen=True, slots=True)
class Base:
    """What a sheet was begun from: a later sheet must not replace it unseen."""

    token: str
    version: Version | None = None

    @property
    def by(self) -> str:
        """Return who wrote it; a rule where no person did."""
        person = self.version and (self.version.created_by or self.version.published_by)
        return person.get_full_name() if person else gettext("A dose rule")


class ChangedMeanwhile(Exception):
    """Somebody wrote another draft, or published, since the page was opened."""

    def __init__(self, base: Base) -> None:
        super().__init__(base.token)
        self.base = base


@dataclass
class Sheet:
    """The rows of a sheet as typed, with the draft or version that it was begun from."""

    base: str
    rows: list[dict[str, Any]] = field(default_factory=list)
    pattern: str = ""

    def ids(self) -> list[str]:
        """Return the exercises, in their order."""
        return [row["exercise"] for row in self.rows]


def base_of(patient: User) -> Base:
    """Return the newest state of a patient's programme: its draft, else what is published, else nothing."""
    active = today.active_of(patient)
    if active is None:
        return Base(NOBODY)
    for state in (Version.State.DRAFT, Version.State.PUBLISHED):
        found = active.versions.filter(state=state).select_related("created_by", "published_by").first()
        if found is not None:
            return Base(str(found.pk), found)
    return Base(NOBODY)


def begin(patient: User) -> Sheet:
    """Return the sheet that the editor opens with: the draft, else the present programme, else an empty one."""
    base = base_of(patient)
    if base.version is None:
        return Sheet(base.token)
    if base.version.state == Version.State.DRAFT:
        return Sheet(base.token, [_typed(row) for row in versions.copied(base.version)], base.version.pattern)
    return Sheet(base.token, present(patient), base.version.pattern)


def present(patient: User) -> list[dict[str, Any]]:
    """Return the present programme as rows; what rules took out or stopped stays out until somebody adds it again."""
    active = today.active_of(patient)
    version = today.published(active) if active else None
    if active is None or version is None:
        return []
    out = active.practices.exclude(status=Practice.Status.ACTIVE).values_list("exercise", flat=True)
    return [_typed(row) for row in versions.copied(version) if row["exercise"] not in set(out)]


def from_plan(plan_id: str, *, known: About) -> list[dict[str, Any]]:
    """Return a default plan as rows, fitted to this person. Raises Refused for a plan that does not exist."""
    wanted = prescribing.from_plan(plan_id, about=known)
    return [_typed(row) for row in prescribing.rows_of(wanted, known)]


def read(posted: QueryDict) -> Sheet:
    """Return the sheet that a page has posted, as it was typed; rows of unknown exercises are left out."""
    try:
        count = min(int(posted.get("count", "0")), MOST_ROWS)
    except ValueError:
        count = 0
    rows = []
    for number in range(count):
        row: dict[str, Any] = {name: posted.get(f"r{number}-{name}", "") for name in FIELDS}
        row["days"] = posted.getlist(f"r{number}-days")
        if row["exercise"] in catalogues.current().exercises:
            rows.append(row)
    return Sheet(posted.get("base", NOBODY), rows, posted.get("pattern", "")[:24])


def act(sheet: Sheet, do: str, *, known: About, patient: User, posted: QueryDict) -> None:
    """Change the sheet as a button says. Raises Refused with a sentence where that is not possible."""
    verb, _dash, what = do.partition(":")
    if verb == "plan":
        plan = posted.get("plan", "")
        sheet.rows, sheet.pattern = from_plan(plan, known=known), plan
    elif verb == "present":
        sheet.rows = present(patient)
    elif verb == "add":
        _add(sheet, what or posted.get("add", ""), known=known)
    elif what in sheet.ids():
        at = sheet.ids().index(what)
        if verb == "remove":
            del sheet.rows[at]
        elif verb in ("up", "down"):
            to = max(0, at - 1) if verb == "up" else at + 1
            sheet.rows.insert(to, sheet.rows.pop(at))


def _add(sheet: Sheet, exercise_id: str, *, known: About) -> None:
    if exercise_id not in catalogues.current().exercises:
        raise Refused(gettext("Choose the exercise to add."))
    if exercise_id in sheet.ids():
        raise Refused(gettext("%(name)s stands on the sheet already.") % {"name": words.name_of(exercise_id)})
    if len(sheet.rows) >= MOST_ROWS:
        raise Refused(gettext("The sheet is full. Take an exercise out first."))
    hard = [one for one in against(exercise_id, known) if not one.may_override]
    if hard:
        name = words.name_of(exercise_id)
        raise Refused(gettext("%(name)s is not added. %(why)s") % {"name": name, "why": hard[0].clinical})
    wanted = prescribing.rows_of([PrescriptionBody(exercise=exercise_id)], known)
    sheet.rows.append(_typed(wanted[0]))


def against(exercise_id: str, known: About) -> list[Filter]:
    """Return the filters of this person's history that speak against an exercise."""
    catalogue = catalogues.current()
    exercise = catalogue.exercise(exercise_id)
    held = filters.forbidden(catalogue.filters, known.facts, traits=exercise.traits, adapt=exercise.adapt)
    return [one for one in catalogue.filters if one.id in held]


def forms_of(sheet: Sheet, *, known: About, bound: bool) -> list[PrescriptionForm]:
    """Return one form per row, filled with what was typed; a bound one also says what is wrong with it."""
    made = []
    for number, row in enumerate(sheet.rows):
        soft = [one for one in against(row["exercise"], known) if one.may_override]
        others = [id_ for id_ in sheet.ids() if id_ != row["exercise"]]
        keywords = {"exercise": row["exercise"], "others": others, "soft": soft, "prefix": f"r{number}"}
        if bound:
            made.append(PrescriptionForm({f"r{number}-{name}": value for name, value in row.items()}, **keywords))
        else:
            made.append(PrescriptionForm(initial=row, **keywords))
    return made


def save(sheet: Sheet, forms: Sequence[PrescriptionForm], *, desk: Desk, known: About, patient: User) -> Version:
    """Return the draft that holds this sheet, written down together with who wrote it.

    Raises Refused with a sentence per exercise, and ChangedMeanwhile where the programme is not what the sheet was
    begun from any more.
    """
    with transaction.atomic():
        hold(patient)
        base = base_of(patient)
        if base.token != sheet.base:
            raise ChangedMeanwhile(base)
        wanted = [form.body() for form in forms]
        draft = prescribing.prescribe(
            patient, wanted, pattern=sheet.pattern, by=desk.clinician, about=known, now=desk.now
        )
        _audited("programme.drafted", desk, patient, draft)
    return draft


def publish(*, draft_token: str, published_token: str, desk: Desk, known: About, patient: User) -> Version:
    """Return the published version. Both tokens are what the person has seen compared.

    Raises ChangedMeanwhile where one of them has changed since, and Refused where something speaks against publishing.
    """
    with transaction.atomic():
        hold(patient)
        active = today.active_of(patient)
        if draft_token != token(active, Version.State.DRAFT) or published_token != token(
            active, Version.State.PUBLISHED
        ):
            raise ChangedMeanwhile(base_of(patient))
        version = prescribing.publish(patient, by=desk.clinician, about=known, now=desk.now)
        _audited("programme.published", desk, patient, version)
    return version


def token(active: Programme | None, state: str) -> str:
    """Return what names the version of a programme in this state."""
    found = active.versions.filter(state=state).values_list("pk", flat=True).first() if active else None
    return str(found) if found else NOBODY


def hold(patient: User) -> None:
    """Let everybody else who writes this person's programme wait until the transaction ends."""
    User.objects.select_for_update().get(pk=patient.pk)


def _audited(action: str, desk: Desk, patient: User, version: Version) -> None:
    audit.record(action, actor_id=desk.clinician.id, now=desk.now, patient_id=patient.id, object_id=version.pk)


def _typed(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row of a version as somebody would type it into the form."""
    flare, dose = row["flare"] or {}, row["dose"] or {}
    kept = "exercise" if "exercise" in flare else "level" if "level" in flare else ""
    notes = list(row["overrides"].values())
    return {
        "exercise": row["exercise"],
        "level": str(row["level"]),
        **{name: str(dose.get(name, "")) for name in OWN_DOSE},
        "side": row["side"],
        "days": list(row["days"]),
        "start_on": row["start_on"].isoformat(),
        "flare": f"{kept}:{flare[kept]}" if kept else "",
        "in_spite": "on" if notes else "",
        "note": notes[0] if notes else "",
    }
