"""The worklist and its Done tab."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from selfcare.clinic import delivery, worklist
from selfcare.clinic.desk import Desk, at_desk
from selfcare.clinic.people import person


@require_safe
@at_desk
def show(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show the open alerts, one row for each patient."""
    return render(request, "clinic/worklist.html", _rows(request, desk))


@require_safe
@at_desk
def rows(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Answer a page that keeps itself fresh with the changing part of the worklist."""
    return render(request, "clinic/worklist_rows.html", _rows(request, desk))


@require_safe
@at_desk
def done(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show the alerts that were closed in the last thirty days."""
    number = page_number(request)
    alerts, has_next = worklist.done(desk, page=number)
    closed = [(alert, person(alert.patient, now=desk.now)) for alert in alerts]
    return render(request, "clinic/done.html", {"desk": desk, "closed": closed, "number": number, "has_next": has_next})


def _rows(request: HttpRequest, desk: Desk) -> dict[str, Any]:
    page = worklist.load(desk, page=page_number(request))
    return {"desk": desk, "page": page, "delay": delivery.delay(desk)}


def page_number(request: HttpRequest) -> int:
    """Return the page that was asked for; anything that is not a page number is the first."""
    asked = request.GET.get("page", "")
    return max(1, int(asked)) if asked.isdecimal() and len(asked) < 5 else 1
