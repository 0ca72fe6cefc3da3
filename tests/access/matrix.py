"""The roles of the access matrix, one row of its table, and the walk over every address that Django knows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

ANONYMOUS, PATIENT, OTHER_PATIENT, CLINICIAN, OTHER_CLINICIAN, BEFORE_SECOND_FACTOR, MANAGER = "APDBCEM"
ROLES = {
    ANONYMOUS: "anonymous",
    PATIENT: "patient",
    OTHER_PATIENT: "other patient",
    CLINICIAN: "clinician",
    OTHER_CLINICIAN: "clinician of another clinic",
    BEFORE_SECOND_FACTOR: "clinician before the second factor",
    MANAGER: "manager",
}
STAFF = {CLINICIAN, OTHER_CLINICIAN, MANAGER}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Row:
    """Who may use one route, method by method, as letters of roles; whoever is not named must be refused.

    ``body`` or ``form`` is what is sent, where an empty body would be turned away before the question of who asks.
    ``same_as_missing`` names the roles for which Ada's object must look exactly like one that does not exist.
    ``redirects_home`` names refused roles that a page sends home instead of showing them an error.
    """

    GET: str = ""
    POST: str = ""
    PUT: str = ""
    PATCH: str = ""
    DELETE: str = ""
    body: Mapping[str, Any] | None = None
    form: Mapping[str, str] | None = None
    same_as_missing: str = ""
    redirects_home: str = ""

    @classmethod
    def any_method(cls, roles: str, *, but_not: Mapping[str, str] | None = None) -> Row:
        """Return a row for a view that treats all methods alike, less some roles for some methods."""
        left_out = but_not or {}
        return cls(**{method: "".join(r for r in roles if r not in left_out.get(method, "")) for method in METHODS})


def every_route() -> Iterator[str]:
    """Yield the pattern of every address, as Django writes it."""

    def walk(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[str]:
        for pattern in patterns:
            route = before + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, route)
            else:
                yield route

    return walk(get_resolver().url_patterns, "")
