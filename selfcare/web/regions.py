"""Which country's telephone numbers a page shows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from selfcare.triage import catalogue

COOKIE = "country"
# The patient's own country when it was last put into COOKIE: a traveller's choice stands until the profile changes.
HOME_COOKIE = "home_country"
# The service worker fetches pages without cookies, so that nothing personal can get into its cache.
HEADER = "X-Country"
YEAR = 365 * 24 * 3600


def region_of(request: HttpRequest) -> dict[str, Any]:
    """Return numbers, places and the country for this request: asked for, chosen before, or the installation's own."""
    content = catalogue.shown()
    asked = (request.headers.get(HEADER, ""), request.COOKIES.get(COOKIE, ""), settings.DEFAULT_COUNTRY)
    country = next((one for one in asked if _is_country(one)), content.fallback_region)
    return numbers(country)


def numbers(country: str) -> dict[str, Any]:
    """Return the numbers and places of a country; the fallback's for one that the catalogue does not list."""
    region = catalogue.shown().region(country)
    return {**region, "country": country, "emergency_call": dialled(region["emergency_number"])}


def all_regions() -> list[dict[str, Any]]:
    """Return every region of the catalogue."""
    return [numbers(country) for country in catalogue.current().regions]


def dialled(number: str) -> str:
    """Return a number as a telephone link wants it."""
    return number.replace(" ", "")


def follow_profile(request: HttpRequest, response: HttpResponse, country: str) -> HttpResponse:
    """Return the response, with the profile's country kept on this phone unless another one has been chosen since."""
    if request.COOKIES.get(HOME_COOKIE) != country:
        response.set_cookie(HOME_COOKIE, country, max_age=YEAR, secure=settings.HTTPS, samesite="Lax")
        remember(response, country)
    return response


def remember(response: HttpResponse, country: str) -> HttpResponse:
    """Return the response, with the country kept on this phone so that help pages show the right numbers signed out."""
    response.set_cookie(COOKIE, country, max_age=YEAR, secure=settings.HTTPS, samesite="Lax")
    return response


def _is_country(value: str) -> bool:
    return value.isascii() and value.isupper() and value.isalpha() and (len(value) == 2 or value == "OTHER")
