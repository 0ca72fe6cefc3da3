"""Progress: the charts, one chart with its numbers, and the page to print or hand over."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from selfcare.web import patients, phone, progress, progress_charts, progress_days, summary


@login_required
@never_cache
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Show how it goes: the conclusion first, then the charts."""
    now = timezone.now()
    patient = patients.load(request.user, now=now)
    if patient.episode is None:
        return redirect("setup-episode")
    return render(request, "web/progress/overview.html", progress.page(patient, now=now))


@login_required
@never_cache
@require_GET
def chart(request: HttpRequest, chart_name: str) -> HttpResponse:
    """Show one chart with the same numbers as tables."""
    now = timezone.now()
    patient = patients.load(request.user, now=now)
    diary = progress_days.diary_of(patient)
    if chart_name not in progress_charts.FIGURES:
        raise Http404
    if diary is None:
        return redirect("progress")
    figure = progress_charts.figure_of(chart_name, patient, diary, now=now)
    if figure is None:
        return redirect("progress")
    return render(
        request,
        "web/progress/chart.html",
        {
            "figure": figure,
            "updated": progress.clock(patient),
            "enough": diary.enough,
        },
    )


@login_required
@never_cache
@require_GET
def share(request: HttpRequest) -> HttpResponse:
    """Show the summary to print or hand over; "hide" leaves out the private answers."""
    now = timezone.now()
    patient = patients.load(request.user, now=now)
    diary = progress_days.diary_of(patient)
    if diary is None:
        return redirect("progress")
    # In discreet mode they stay out until the person asks for them.
    unasked = "chosen" not in request.GET and phone.DISCREET in phone.words_of(request)
    leave_out = bool(request.GET.get("hide")) or unasked
    return render(request, "web/progress/summary.html", summary.page(patient, diary, leave_out=leave_out, now=now))
