"""A canary in every patient: a string that may be seen by nobody but the patient and the patient's own care team.

While a test runs, every response of the product, every mail, every push payload and every log line is searched for
canaries. What is found goes into a list that the test must leave empty. The question "who may see this patient?" is
answered here by plain rows on purpose: the product's own permission code is what is being tested.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.handlers.base import BaseHandler
from django.db import connection
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from selfcare.accounts.models import CareRelationship, Consent, Membership, User

CANARY = re.compile(r"canary-[0-9a-f]{10}")
# Everybody in the tests lives at these addresses; none of them belongs into a log or a push.
ADDRESS = re.compile(r"[\w.+-]+@[\w.-]*example\.(?:org|com|net)")


def of(person: str) -> str:
    """Return the canary of a patient, by the e-mail address: always the same one, and no other patient's."""
    return f"canary-{hashlib.sha256(person.lower().encode()).hexdigest()[:10]}"


def found_in(text: str) -> set[str]:
    """Return the canaries in a text, whatever case a page or a mail has put it in."""
    return set(CANARY.findall(text.lower()))


def allowed_for(user: Any) -> set[str]:
    """Return the canaries that this user may see: the user's own, and those of the patients in the user's care."""
    if not getattr(user, "is_authenticated", False):
        return set()
    now = timezone.now()
    clinics = Membership.objects.filter(
        Q(until_at=None) | Q(until_at__gt=now), user=user, role=Membership.Role.CLINICIAN
    ).values("clinic")
    patients = (
        CareRelationship.objects.filter(Q(until_at=None) | Q(until_at__gt=now), clinic__in=clinics)
        .order_by("patient_id")
        .values_list("patient_id", flat=True)
    )
    seen = {patient for patient in patients if _agrees(patient)}
    return {of(email) for email in User.objects.filter(pk__in={user.pk, *seen}).values_list("email", flat=True)}


def _agrees(patient: Any) -> bool:
    newest = Consent.objects.filter(patient=patient, purpose=Consent.Purpose.CARE).order_by("-at", "-id").first()
    return newest is not None and newest.given


@contextlib.contextmanager
def _uncounted_queries() -> Iterator[None]:
    """Ask the database without being counted by a test that counts the product's own queries."""
    counting, connection.force_debug_cursor = connection.force_debug_cursor, False
    try:
        yield
    finally:
        connection.force_debug_cursor = counting


@dataclass
class Watch:
    """What was seen during one test, and whether it may have been."""

    violations: list[str] = field(default_factory=list)

    def response(self, request: HttpRequest, response: Any) -> None:
        """Search one response; canaries of others than the user's own patients are violations."""
        text = " ".join(f"{name}: {value}" for name, value in response.items())
        if not response.streaming:
            text += response.content.decode("utf-8", "replace")
        if found := found_in(text):
            with _uncounted_queries():
                allowed = allowed_for(getattr(request, "user", None))
            if foreign := found - allowed:
                self._note(f"the answer to {request.method} {request.path}", foreign)
        if found := found_in(request.get_full_path()):
            self._note("the address of a page", found)

    def mail(self, messages: Iterable[Any]) -> None:
        """Search mails: no canary but the reader's own in the body, none at all in the subject."""
        for message in messages:
            own = {of(address) for address in message.recipients()}
            if foreign := found_in(str(message.body)) - own:
                self._note("the body of a mail", foreign)
            if found := found_in(str(message.subject)):
                self._note("the subject of a mail", found)

    def push(self, payload: str) -> None:
        """Search one push payload: no canary and no address at all."""
        if found := found_in(payload) | set(ADDRESS.findall(payload)):
            self._note("a push payload", found)

    def log(self, line: str) -> None:
        """Search one log line: no canary and no address at all."""
        if found := found_in(line) | set(ADDRESS.findall(line)):
            self._note("a log line", found)

    def _note(self, where: str, canaries: set[str]) -> None:
        self.violations.append(f"{where} shows {', '.join(sorted(canaries))}")


class LogWatch(logging.Handler):
    """Hands every log record to a watch, with its traceback."""

    def __init__(self, watch: Watch) -> None:
        super().__init__(level=logging.DEBUG)
        self.watch = watch
        self.setFormatter(logging.Formatter("%(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        """Search the record, unless the mail server double wrote it: that is the other side of the line."""
        if not record.name.startswith("mail."):
            self.watch.log(self.format(record))


def watched(get_response: Callable[[BaseHandler, HttpRequest], Any], watch: Watch) -> Callable[..., Any]:
    """Return ``BaseHandler.get_response`` with every response shown to the watch: test client and live server."""

    def get_watched_response(handler: BaseHandler, request: HttpRequest) -> Any:
        response = get_response(handler, request)
        watch.response(request, response)
        return response

    return get_watched_response


def watched_encryption(encrypt: Callable[[str, str, bytes], bytes], watch: Watch) -> Callable[[str, str, bytes], bytes]:
    """Return the encryption of push payloads with every plain text shown to the watch first."""

    def encrypt_watched(p256dh: str, auth: str, content: bytes) -> bytes:
        watch.push(content.decode("utf-8", "replace"))
        return encrypt(p256dh, auth, content)

    return encrypt_watched
