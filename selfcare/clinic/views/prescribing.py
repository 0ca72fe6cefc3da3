"""The programme editor, the comparison before publishing, and publishing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from edge.errors import Refused
from exercises import catalogue as catalogues
from exercises import prescribing, today, versions
from exercises.facts import About
from exercises.models import Programme, Version
from selfcare.accounts.models import User
from selfcare.clinic import prescription_words as words
from selfcare.clinic import programme, programme_rows
from selfcare.clinic import programme_editor as editor
from selfcare.clinic.desk import Desk
from selfcare.clinic.people import person
from selfcare.clinic.programme_editor import ChangedMeanwhile, Sheet
from selfcare.clinic.programme_forms import PrescriptionForm
from selfcare.clinic.views.patients import on_patient
from selfcare.clinic.views.programme import NOT_SET_UP, sentences, status_of


@require_http_methods(["GET", "HEAD", "POST"])
@on_patient
def edit(request: HttpRequest, desk: Desk, patient: User) -> HttpResponse:
    """Show the sheet; each button posts all of it, and only "save" writes a draft."""
    known = programme.about(desk, patient)
    if known is None:
        return render(request, NOT_SET_UP, {"desk": desk, "person": person(patient, now=desk.now)})
    if request.method != "POST":
        active = today.active_of(patient)
        if active:
            programme.looked_at(desk, patient, active)
        return _sheet(request, desk, patient, known, editor.begin(patient))
    sheet = editor.read(request.POST)
    do = request.POST.get("do", "")
    if do == "save":
        return _save(request, desk, patient, known, sheet)
    try:
        editor.act(sheet, do, known=known, patient=patient, posted=request.POST)
    except Refused as refused:
        return _sheet(request, desk, patient, known, sheet, errors=sentences(refused), status=422)
    return _sheet(request, desk, patient, known, sheet, unsaved=True)


def _save(request: HttpRequest, desk: Desk, patient: User, known: About, sheet: Sheet) -> HttpResponse:
    forms = editor.forms_of(sheet, known=known, bound=True)
    # Every form is asked, so that all sentences are shown at once.
    if not all(form.is_valid() for form in forms):
        return _sheet(request, desk, patient, known, sheet, forms=forms, status=422)
    try:
        editor.save(sheet, forms, desk=desk, known=known, patient=patient)
    except Refused as refused:
        errors = _to_their_forms(refused, sheet, forms)
        return _sheet(request, desk, patient, known, sheet, forms=forms, errors=errors, status=status_of(refused))
    except ChangedMeanwhile as changed:
        sheet.base = changed.base.token
        mine = prescribing.rows_of([form.body() for form in forms], known)
        theirs = versions.copied(changed.base.version) if changed.base.version else []
        clash = {"base": changed.base, "lines": words.differences(theirs, mine)}
        return _sheet(request, desk, patient, known, sheet, forms=forms, clash=clash, status=409)
    return redirect("clinic-programme-publish", patient.id)


def _to_their_forms(refused: Refused, sheet: Sheet, forms: list[PrescriptionForm]) -> list[str]:
    """Put each sentence beside its exercise and return those that belong to the whole sheet."""
    by_exercise = dict(zip(sheet.ids(), forms, strict=True))
    rest = []
    for name, sentence in refused.fields.items():
        if name in by_exercise:
            by_exercise[name].add_error(None, sentence)
        else:
            rest.append(sentence)
    return rest if refused.fields else [str(refused.detail)]


def _sheet(
    request: HttpRequest,
    desk: Desk,
    patient: User,
    known: About,
    sheet: Sheet,
    *,
    forms: list[PrescriptionForm] | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    forms = editor.forms_of(sheet, known=known, bound=False) if forms is None else forms
    rows = programme_rows.shown(sheet, forms, known=known, patient=patient)
    context = {
        "desk": desk,
        "person": person(patient, now=desk.now),
        "sheet": sheet,
        "rows": rows,
        "rows_wrong": [(row.exercise, row.name) for row in rows if row.form.is_bound and row.form.errors],
        "choices": programme_rows.choices(sheet, known),
        "left_out": programme_rows.left_out(sheet, known),
        "week": programme_rows.week(sheet),
        "plans": [plan for plan in catalogues.current().plans.values() if plan.id != "gentle_start"],
        "most_a_day": catalogues.current().most_a_day,
        **more,
    }
    return render(request, "clinic/programme_edit.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@on_patient
def publish(request: HttpRequest, desk: Desk, patient: User) -> HttpResponse:
    """Show what publishing changes; publish exactly what was shown."""
    known = programme.about(desk, patient)
    active = today.active_of(patient)
    if known is None or active is None:
        messages.error(request, gettext("There is no draft to publish. Write one first."))
        return redirect("clinic-programme-edit", patient.id)
    if request.method != "POST":
        programme.looked_at(desk, patient, active)
        return _comparison(request, desk, patient, known, active)
    try:
        version = editor.publish(
            draft_token=request.POST.get("draft", ""),
            published_token=request.POST.get("published", ""),
            desk=desk,
            known=known,
            patient=patient,
        )
    except ChangedMeanwhile as changed:
        return _comparison(request, desk, patient, known, active, clash=changed.base, status=409)
    except Refused as refused:
        # What speaks against single exercises is said by the comparison itself.
        errors = None if refused.fields else [str(refused.detail)]
        return _comparison(request, desk, patient, known, active, errors=errors, status=status_of(refused))
    told = gettext("Version %(number)d is published. The patient gets a message that there is something new.")
    messages.success(request, told % {"number": version.number})
    return redirect("clinic-programme", patient.id)


def _comparison(
    request: HttpRequest,
    desk: Desk,
    patient: User,
    known: About,
    active: Programme,
    *,
    status: int = 200,
    errors: list[str] | None = None,
    **more: Any,
) -> HttpResponse:
    draft = active.versions.filter(state=Version.State.DRAFT).select_related("created_by").first()
    published = today.published(active)
    rows = versions.copied(draft) if draft else []
    if draft and errors is None:
        errors = _against(rows, known, active)
    out = programme.resting({one.exercise: one for one in active.practices.all()})
    before = versions.copied(published) if published else []
    context = {
        "desk": desk,
        "person": person(patient, now=desk.now),
        "draft": draft,
        "draft_token": editor.token(active, Version.State.DRAFT),
        "published_token": editor.token(active, Version.State.PUBLISHED),
        "lines": words.differences(before, rows, resting=out) if draft else [],
        "errors": errors or [],
        **more,
    }
    return render(request, "clinic/programme_publish.html", context, status=status)


def _against(rows: list[dict[str, Any]], known: About, active: Programme) -> list[str]:
    """Return what stands before publishing, so that nobody learns it only from the button."""
    try:
        prescribing.check(rows, about=known, programme=active)
    except Refused as refused:
        return [f"{words.name_of(name)}: {sentence}" for name, sentence in refused.fields.items()]
    return []
