"""How this phone shows the app: a few words in one cookie, read by the server and by the script in the head alike.

The words say nothing about anybody. They outlive signing out, as the country's numbers do.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from selfcare.web.regions import YEAR

# Letters, digits and "." alone: js/phone.js reads it without decoding.
COOKIE = "phone"
LIGHT, DARK = "light", "dark"
LARGE, LARGEST = "large", "largest"
BIG = "big"
DISCREET, HIDE = "discreet", "hide"
# At most one of each group; the groups are what one page of Settings asks.
LOOK = ((LIGHT, DARK), (LARGE, LARGEST), (BIG,))
PRIVACY = ((DISCREET,), (HIDE,))
# The clinician's side has a look of its own.
CLINIC = "/clinic"


def words_of(request: HttpRequest) -> list[str]:
    """Return the words that this phone's cookie holds, in a fixed order; what is not known is left out."""
    said = request.COOKIES.get(COOKIE, "").split(".")
    return [word for group in (*LOOK, *PRIVACY) for word in group if word in said]


def shown(request: HttpRequest) -> list[str]:
    """Return the words that count on the page asked for."""
    return [] if request.path.startswith(CLINIC) else words_of(request)


def keep(
    request: HttpRequest, response: HttpResponse, chosen: Iterable[str], *, of: tuple[tuple[str, ...], ...]
) -> HttpResponse:
    """Return the response that keeps these words on the phone in place of the others of the groups ``of``."""
    asked = {word for group in of for word in group}
    words = [word for word in words_of(request) if word not in asked] + [word for word in chosen if word in asked]
    if words:
        response.set_cookie(COOKIE, ".".join(words), max_age=YEAR, secure=settings.HTTPS, samesite="Lax")
    else:
        response.delete_cookie(COOKIE, samesite="Lax")
    return response
