"""The rules in words, for those who sign them and for those who act on them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from selfcare.clinic import rulebook
from selfcare.clinic.desk import Desk, at_desk
from selfcare.triage import catalogue, languages


@require_safe
@at_desk
def show(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show every rule of the catalogue that judges here. It holds nothing about anybody."""
    content, today = catalogue.current(), timezone.localdate(desk.now)
    country = desk.clinics[0].country
    approved, parts, release = rulebook.state(content, today=today)
    context = {
        "desk": desk,
        "content": content,
        "approved": approved,
        "parts": parts,
        "release": release,
        "groups": rulebook.groups(content, country=country, today=today),
        "definitions": rulebook.definitions(content),
        "clocks": rulebook.clocks(content),
        "questions": rulebook.questions(content, today=today),
        "cards": rulebook.cards(content, country=country, today=today),
        "translations": languages.translations(),
    }
    return render(request, "clinic/rules.html", context)
