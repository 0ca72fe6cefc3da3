"""Learn: short cards for everybody. No log-in, no script, nothing personal in them, so that the phone can keep them."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from selfcare.web import learn
from selfcare.web.regions import YEAR, region_of


@require_GET
def cards(request: HttpRequest, level: str = learn.PLAIN) -> HttpResponse:
    """Show the list of cards in one reading level."""
    found = learn.links(level, region_of(request))
    context = {"level": level, "cards": found, "other_path": learn.index_path(learn.other(level))}
    return _remember(render(request, "web/learn/list.html", context), level)


@require_GET
def card(request: HttpRequest, card_id: str, level: str = learn.PLAIN) -> HttpResponse:
    """Show one card in one reading level."""
    try:
        found = learn.card(card_id, level, region_of(request))
    except KeyError:
        raise Http404 from None
    context = {"level": level, "card": found, "other_path": found.other_path, "index_path": learn.index_path(level)}
    return _remember(render(request, "web/learn/card.html", context), level)


def _remember(response: HttpResponse, level: str) -> HttpResponse:
    """Return the response, with the level kept on this phone; learn.js does the same where the page is a kept one."""
    response.set_cookie(learn.COOKIE, level, max_age=YEAR, secure=settings.HTTPS, samesite="Lax")
    return response
