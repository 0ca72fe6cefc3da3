"""E-mail: a neutral subject, a neutral sentence and a link to this site."""

from __future__ import annotations

import smtplib
from datetime import datetime, timedelta
from email.utils import format_datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from notifications import languages
from notifications.breaker import Breaker
from notifications.channels.base import DeliveryError
from notifications.models import Message
from notifications.wording import WORDS

# A mail server that hangs must not hold up the pushes that wait behind it.
BREAKER = Breaker(failures=3, pause=15.0)
# These say that our own account or sender address is wrong: no reason to give up on the person.
OURS = (smtplib.SMTPAuthenticationError, smtplib.SMTPSenderRefused, smtplib.SMTPNotSupportedError)


class Email:
    """Sends through the mail server of the settings."""

    def send(self, message: Message, now: datetime) -> None:
        """Return when the server has taken the mail, or raise DeliveryError."""
        with languages.of(message.recipient):
            mail = compose(message, now)
        if not BREAKER.allows():
            raise DeliveryError("smtp_paused", permanent=False, retry_after=timedelta(seconds=BREAKER.pause))
        try:
            mail.send()
        except OSError as error:  # smtplib's exceptions are OSErrors too
            raise _translate(error) from error
        BREAKER.succeeded()


def compose(message: Message, now: datetime) -> EmailMessage:
    """Return the mail of a message, or raise DeliveryError where there is no address to send it to."""
    address = message.address or _address_of(message)
    if not address:
        raise DeliveryError("no_address", permanent=True)
    words = WORDS[message.kind]
    return EmailMessage(
        subject=str(words.subject),
        body=render_to_string(
            "notifications/mail.txt", {"words": words, "link": f"{settings.SITE_URL}{words.path}"}
        ).strip()
        + "\n",
        to=[address],
        headers={
            # The same at each attempt: a mail that is sent twice can be recognised as one.
            "Message-ID": f"<{message.id}@{urlsplit(settings.SITE_URL).hostname}>",
            "Date": format_datetime(now),
            "Auto-Submitted": "auto-generated",
        },
    )


def _address_of(message: Message) -> str:
    person = message.recipient
    if person is None or not person.is_active:
        return ""
    return str(getattr(person, person.get_email_field_name()))


def _translate(error: OSError) -> DeliveryError:
    """Return what a failure of the mail server means for the message: 5xx is for good, 4xx and silence pass."""
    if isinstance(error, OURS):
        BREAKER.succeeded()
        return DeliveryError("smtp_refuses_us", permanent=False)
    code = _smtp_code(error)
    if code is None:
        BREAKER.failed()
        return DeliveryError("smtp_unreachable", permanent=False)
    BREAKER.succeeded()
    return DeliveryError(f"smtp_{code}", permanent=code >= 500)


def _smtp_code(error: OSError) -> int | None:
    """Return the status the server answered with, or None where it did not answer."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return min(code for code, _ in error.recipients.values())
    if isinstance(error, smtplib.SMTPConnectError | smtplib.SMTPHeloError):
        return None
    if isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= 400:
        return int(error.smtp_code)
    return None
