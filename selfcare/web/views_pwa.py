"""What makes the pages an app: the manifest, the service worker, and signing out so that nothing stays behind."""

from __future__ import annotations

import json

from csp.decorators import csp_replace
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils.translation import get_language, get_language_bidi, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_GET, require_POST

from edge.languages import SOURCE
from notifications import wording
from selfcare.accounts import devices
from selfcare.triage import languages
from selfcare.web import version

# What is shown without a network instead of a page of a person.
INSTEAD = {"/exercises": "/exercises/session", "/messages": "/messages/write", "/messages/visit": "/messages/write"}
# Pages of others on the same origin: the worker lets them pass untouched.
NOT_OURS = ("/clinic", "/account", "/_allauth", "/api", "/operator", "/healthz", "/readyz")


@cache_control(max_age=3600)
@require_GET
def manifest(request: HttpRequest) -> JsonResponse:
    """Return what a phone needs to put the app on its home screen; the name says nothing about health."""
    icons = [
        {"src": static(f"web/icons/{name}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for name, size, purpose in (("any-192", 192, "any"), ("any-512", 512, "any"), ("maskable-512", 512, "maskable"))
    ]
    document = {
        "id": "/",
        "name": settings.APP_NAME,
        "short_name": settings.APP_NAME,
        "description": settings.APP_NAME,
        "lang": get_language(),
        "dir": "rtl" if get_language_bidi() else "ltr",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#f7f8f6",
        "theme_color": "#00565b",
        "icons": icons,
        "shortcuts": [{"name": _("Check-in"), "url": "/check-in"}, {"name": _("Get help now"), "url": "/help-now"}],
    }
    return JsonResponse(document, content_type="application/manifest+json")


@csp_replace({
    "default-src": ["'none'"],
    "connect-src": ["'self'"],
    "script-src": ["'self'"],
    "require-trusted-types-for": ["'script'"],
})  # fmt: skip
@cache_control(no_cache=True)
@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """Return the service worker with the list of what it keeps; the worker obeys this answer's own policy."""
    config = {
        "version": version.current(),
        "keep": version.precached(),
        "later": [*version.reading(), *version.weeks()],
        "pages": [*version.PAGES, *version.reading(), *version.weeks()],
        "notOurs": list(NOT_OURS),
        "instead": INSTEAD,
        "title": settings.APP_NAME,
        "messages": {language: _messages(language) for language in languages.offered()},
        "language": SOURCE,
        "catalogue": version.CATALOGUE,
        "icon": static("web/icons/any-192.png"),
    }
    return render(request, "web/sw.js", {"config_json": json.dumps(config)}, content_type="text/javascript")


def _messages(language: str) -> dict[str, dict[str, str]]:
    with override(language):
        return {kind: {"text": str(one.push), "path": one.path} for kind, one in wording.WORDS.items()}


@never_cache
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session; the browser drops everything that it kept for this site except the country's numbers."""
    devices.sign_out_here(request)
    logout(request)
    response = redirect("home")
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response
