"""Single-use ways into a clinic. Only the fingerprint of a code is kept; the code itself is shown once."""

from __future__ import annotations

import base64
import hashlib
import io
import secrets
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from typing import Any

import qrcode
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from qrcode.image.svg import SvgPathFillImage

from edge import counting
from selfcare.accounts import audit
from selfcare.accounts.models import CareRelationship, Clinic, Invitation, Membership, User

LIFETIME = timedelta(hours=72)
# Crockford's base32: no I, L, O or U, so that a code can be read aloud. 16 letters of 5 bits are 80 bits.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LETTERS = 16
_AS_READ = str.maketrans("ILO", "110", " -\u2013\u2014\t\r\n")

# Guesses: per address and altogether, in a window. With 80 bits this makes a hit impossible for all practical purposes;
# the brake is there for a flaw nobody has thought of yet.
WINDOW_SECONDS = 600
PER_ADDRESS = 10
ALTOGETHER = 100

SESSION_KEY = "invitation_sha256"


class InvitationRefused(Exception):
    """An invitation cannot be used. The text is for the person, and the same for wrong, used and expired codes."""

    def __init__(self) -> None:
        super().__init__(_("This code does not work. Check it, or ask your clinic for a new one."))


class TooManyTries(Exception):
    """Codes are being guessed, from one address or from everywhere."""

    def __init__(self) -> None:
        super().__init__(_("There were too many tries. Wait 10 minutes, then enter your code again."))


def invite(clinic: Clinic, *, kind: str, by: User | None, now: datetime) -> tuple[Invitation, str]:
    """Return the new invitation and its code in groups of four: the only moment at which the code is known.

    Raises PermissionDenied where ``by`` may not invite such a person; ``by`` is None for the operator's command.
    """
    needed = "accounts.invite" if kind == Invitation.Kind.PATIENT else "accounts.manage_clinic"
    if by is not None and not by.has_perm(needed, clinic):
        raise PermissionDenied
    letters = "".join(secrets.choice(ALPHABET) for _ in range(LETTERS))
    with transaction.atomic():
        invitation = Invitation.objects.create(
            clinic=clinic,
            kind=kind,
            created_by=by,
            created_at=now,
            code_sha256=_fingerprint(letters),
            expires_at=now + LIFETIME,
        )
        audit.record(
            "invitation.created",
            actor_id=by.pk if by else None,
            clinic_id=clinic.pk,
            object_id=invitation.pk,
            now=now,
        )
    return invitation, "-".join(letters[i : i + 4] for i in range(0, LETTERS, 4))


def link(code: str) -> str:
    """Return the address to send. The code stands behind the #, so that it reaches no log of any server."""
    return f"{settings.SITE_URL}/join#{code}"


def qr_image(code: str) -> str:
    """Return the link as a QR code: a data address for an <img>."""
    return "data:image/svg+xml;base64," + base64.b64encode(qr_svg(link(code))).decode()


def qr_svg(text: str) -> bytes:
    """Return the text as a QR code on white ground: on a dark page a camera would not read it otherwise."""
    picture = io.BytesIO()
    qrcode.make(text, image_factory=SvgPathFillImage, box_size=12).save(picture)
    return picture.getvalue()


def withdraw(invitation: Invitation, *, by: User, now: datetime) -> bool:
    """Return whether the invitation was still open and now is not."""
    with transaction.atomic():
        closed = Invitation.objects.filter(pk=invitation.pk, used_at=None, withdrawn_at=None).update(withdrawn_at=now)
        if closed:
            audit.record(
                "invitation.withdrawn",
                actor_id=by.pk,
                clinic_id=invitation.clinic_id,
                object_id=invitation.pk,
                now=now,
            )
    return bool(closed)


def look_up(code: str, *, address: str, now: datetime) -> Invitation:
    """Return the open invitation of the code without using it.

    Raises TooManyTries, or InvitationRefused with one and the same sentence for every other reason.
    """
    _count_a_try(address, now=now)
    invitation = _open(_fingerprint(code), now=now)
    if invitation is None:
        counting.add_one("join:misses", now=now, window_seconds=WINDOW_SECONDS)
        raise InvitationRefused
    return invitation


def remember(session: SessionBase, invitation: Invitation) -> None:
    """Keep the invitation over sign-up and log-in; the session holds the fingerprint, never the code."""
    session[SESSION_KEY] = invitation.code_sha256


def pending(session: SessionBase, *, now: datetime) -> Invitation | None:
    """Return the invitation that this visitor has begun to use and that is still open."""
    fingerprint = session.get(SESSION_KEY)
    return _open(fingerprint, now=now) if fingerprint else None


def forget(session: SessionBase) -> None:
    """Drop the invitation from the session."""
    session.pop(SESSION_KEY, None)


def accept(code: str, *, user: User, now: datetime) -> Invitation:
    """Return the used invitation and let the person into the clinic; raises InvitationRefused(sentence)."""
    return _accept(_fingerprint(code), user=user, now=now)


def accept_pending(session: SessionBase, *, user: User, now: datetime) -> Invitation:
    """Use the invitation that the session remembers; raises InvitationRefused(sentence)."""
    fingerprint = session.get(SESSION_KEY, "")
    forget(session)
    return _accept(fingerprint, user=user, now=now)


@transaction.atomic
def _accept(fingerprint: str, *, user: User, now: datetime) -> Invitation:
    # One guarded UPDATE decides: of two people with the same code at the same moment, one gets in.
    if not _open_rows(now).filter(code_sha256=fingerprint).update(used_at=now, used_by=user):
        raise InvitationRefused
    invitation = Invitation.objects.select_related("clinic").get(code_sha256=fingerprint)
    if invitation.kind == Invitation.Kind.PATIENT:
        patient: Any = user.pk
        CareRelationship.objects.get_or_create(
            clinic=invitation.clinic, patient=user, until_at=None, defaults={"from_at": now}
        )
    else:
        patient = None
        Membership.objects.get_or_create(
            clinic=invitation.clinic, user=user, role=invitation.kind, until_at=None, defaults={"from_at": now}
        )
    audit.record(
        "invitation.accepted",
        actor_id=user.pk,
        patient_id=patient,
        clinic_id=invitation.clinic_id,
        object_id=invitation.pk,
        now=now,
    )
    return invitation


def _fingerprint(code: str) -> str:
    letters = code.upper().translate(_AS_READ)
    return hashlib.sha256(letters.encode()).hexdigest()


def _open_rows(now: datetime) -> Any:
    return Invitation.objects.filter(used_at=None, withdrawn_at=None, expires_at__gt=now)


def _open(fingerprint: str, *, now: datetime) -> Invitation | None:
    return _open_rows(now).select_related("clinic").filter(code_sha256=fingerprint).first()


def _count_a_try(address: str, *, now: datetime) -> None:
    tries = counting.add_one(f"join:{_network(address)}", now=now, window_seconds=WINDOW_SECONDS)
    misses = counting.so_far("join:misses", now=now, window_seconds=WINDOW_SECONDS)
    if tries > PER_ADDRESS or misses >= ALTOGETHER:
        raise TooManyTries


def _network(address: str) -> str:
    """Return what counts as one address: a household with IPv6 owns a whole /64."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"
    return parsed.exploded[:19] if isinstance(parsed, IPv6Address) else str(parsed)
