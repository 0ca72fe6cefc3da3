"""The living style page: every component in every state, from the real templates. Open to developers alone."""

from __future__ import annotations

import re
from itertools import groupby

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from selfcare.web.regions import region_of
from selfcare.web.style_samples import Sample, samples

SHEETS = [f"web/css/{name}.css" for name in ("alerts", "diary", "messages", "progress")]
HIDDEN = re.compile(r" hidden(?=[ >])")
# What a script would say first: it stands in the element that it is written into.
SAYS = re.compile(r'(<(\w+)[^>]*? data-(?:text|one)="([^"]*)"[^>]*>)(</\2>)')
# Scripts find their places by these; here they find nothing. Styles ask for the phase of the player.
FOR_SCRIPTS = re.compile(r' data-(?!phase)[a-z-]+(?:="[^"]*")?')
POINTS = re.compile(r' (id|for|aria-labelledby|aria-describedby|href)="(#?)([^"]*)"')


@never_cache
@require_GET
def style(request: HttpRequest) -> HttpResponse:
    """Show every component in every state; there is no such page outside development."""
    if not settings.DEBUG:
        raise Http404
    shown = [
        {"sample": one, "html": _drawn(request, one, place)} for place, one in enumerate(samples(region_of(request)))
    ]
    groups = [
        {"name": name, "id": slugify(name), "shown": list(found)}
        for name, found in groupby(shown, key=lambda one: one["sample"].group)
    ]
    return render(request, "web/style.html", {"groups": groups, "sheets": SHEETS})


def _drawn(request: HttpRequest, sample: Sample, place: int) -> SafeString:
    """Return a component as it looks once a script has shown it and somebody has tapped it."""
    html = str(render_to_string(sample.template, sample.context, request))
    html = html.replace(*sample.tapped)
    for part, text in sample.written.items():
        html = re.sub(rf'(data-part="{part}"[^>]*>)', rf"\g<1>{text}", html)
    html = SAYS.sub(r"\1\3\4", html)
    if sample.revealed:
        html = HIDDEN.sub("", html)
    html = FOR_SCRIPTS.sub("", html)
    # The sentences are those of templates and of the samples, and nothing of anybody.
    return mark_safe(POINTS.sub(lambda found: _own(found, place), html))  # noqa: S308


def _own(found: re.Match[str], place: int) -> str:
    """Return a reference that means this sample alone: components stand on the page many times."""
    name, mark, value = found.groups()
    if name == "href" and not mark:
        return found.group()
    return f' {name}="{mark}{" ".join(f"s{place}-{one}" for one in value.split())}"'
