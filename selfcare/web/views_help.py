"""Help pages: no log-in, no script, no network once the phone has kept them, and nothing personal in them."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, get_language_info, override
from django.views.decorators.http import require_GET, require_http_methods

from edge.languages import SOURCE
from selfcare.triage import catalogue
from selfcare.web import staff_words, words
from selfcare.web.regions import all_regions, region_of, remember

LEVELS = ("now", "today", "soon")


@require_GET
def help_now(request: HttpRequest) -> HttpResponse:
    """Show the three cards, the call first."""
    return render(request, "web/help/now.html", {"chest": words.question("chest")})


@require_GET
def which(request: HttpRequest) -> HttpResponse:
    """Show the changes to pick from; each leads to the card for it."""
    return render(request, "web/help/which.html", {"groups": words.changes()})


@require_GET
def level(request: HttpRequest, name: str) -> HttpResponse:
    """Show one card alone."""
    if name not in LEVELS:
        raise Http404
    card = words.general_cards(region_of(request))[name]
    return render(request, "web/help/card.html", {"card": card, "chest": words.question("chest")})


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """Show the page for hospital staff: a script fills it with the answers on this phone, else it is a form to fill."""
    # Staff read the clinic's language, whatever the patient's is.
    with override(SOURCE):
        context = {"lines": staff_words.blank(), "staff_words": staff_words.page()}
    language = get_language() or SOURCE
    context |= {"staff_language": SOURCE, "speaks": "" if language == SOURCE else get_language_info(language)["name"]}
    return render(request, "web/help/show.html", context)


@require_http_methods(["GET", "POST"])
def countries(request: HttpRequest) -> HttpResponse:
    """Show the numbers of every country, or keep the country that was chosen."""
    if request.method == "POST":
        chosen = request.POST.get("country", "")
        response = redirect("help-now")
        return remember(response, chosen) if chosen in catalogue.current().regions else response
    return render(request, "web/help/countries.html", {"regions": all_regions()})


@require_GET
def clock(request: HttpRequest) -> HttpResponse:
    """Show the neutral page of a quick-hide: the time, and nothing about health."""
    return render(request, "web/clock.html")


@require_GET
def offline(request: HttpRequest) -> HttpResponse:
    """Show what works without a network, in place of a page that needs one."""
    return render(request, "web/offline.html")
