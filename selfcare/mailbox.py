"""The mail of the demonstration profile, shown to the person who started it.

This page shows log-in codes, so whoever can open it can be anybody. It therefore answers only

- where mail is written to a folder, the site's address is this machine, and the catalogue is not signed off;
- to a request that came from this machine, by a local name, and that no proxy has handed on;
- under the address that the launcher printed: other users of the machine, or of a proxy that hides, do not know it.

Everything else gets the same 404 as an address that does not exist.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.shortcuts import render
from django.utils.crypto import constant_time_compare, salted_hmac
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from selfcare.triage import catalogue

SHOWN = 50
LOCAL_NAMES = {"localhost", "127.0.0.1", "[::1]"}
SIGNS_OF_A_PROXY = ("HTTP_FORWARDED", "HTTP_VIA", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_X_REAL_IP")
# Django's file backend ends each message with this line.
END_OF_MESSAGE = b"\n" + b"-" * 79 + b"\n"


@dataclass(frozen=True)
class Letter:
    """One mail as a person reads it."""

    to: str
    subject: str
    date: str
    text: str


def key() -> str:
    """Return the part of the page's address that cannot be guessed; it is the same as long as the secret key is."""
    return salted_hmac("selfcare.mailbox", "page", algorithm="sha256").hexdigest()[:20]


@never_cache
@require_safe
def mailbox(request: HttpRequest, given: str) -> HttpResponse:
    """Show the newest mails of the demonstration, or 404."""
    if not (constant_time_compare(given, key()) and is_open() and came_from_here(request)):
        raise Http404
    return render(request, "selfcare/mailbox.html", {"letters": newest_letters(settings.MAIL_DIR)})


def is_open() -> bool:
    """Return whether this installation has such a page at all."""
    return settings.EMBEDDED and catalogue.current().demonstration


def came_from_here(request: HttpRequest) -> bool:
    """Return whether the request was made on this machine and not handed on by a proxy."""
    try:
        address = ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    name, _port = split_domain_port(request.get_host())
    return address.is_loopback and name in LOCAL_NAMES and not any(sign in request.META for sign in SIGNS_OF_A_PROXY)


def newest_letters(folder: Path, *, limit: int = SHOWN) -> list[Letter]:
    """Return the newest mails of the folder, newest first; an empty list where there is no folder yet."""
    files = sorted(folder.glob("*.log"), key=lambda path: (path.stat().st_mtime_ns, path.name), reverse=True)
    return list(islice((letter for path in files for letter in reversed(_letters_in(path))), limit))


def _letters_in(path: Path) -> list[Letter]:
    pieces = path.read_bytes().split(END_OF_MESSAGE)
    return [_read(message_from_bytes(piece, policy=policy.default)) for piece in pieces if piece.strip()]


def _read(message: EmailMessage) -> Letter:
    body = message.get_body(preferencelist=("plain", "html"))
    return Letter(
        to=str(message["To"] or ""),
        subject=str(message["Subject"] or ""),
        date=str(message["Date"] or ""),
        text=body.get_content().strip() if body else "",
    )
