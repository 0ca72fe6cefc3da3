"""The closed list of everything that may appear on a lock screen, in a subject line or in the body of a mail.

Nobody who glances at a phone or a mailbox may learn that this is about health: no name, number, symptom or clinic. The
push texts are those of the interface guide; the service worker holds the same list.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from notifications.models import Kind

# Title of every notification: the neutral name of the app.
TITLE = "selfcare"


@dataclass(frozen=True)
class Words:
    """What one kind of message says, where it leads, and how long a push service may keep it."""

    push: str | Promise
    subject: str | Promise
    body: str | Promise
    path: str
    keep: timedelta
    footer: str | Promise = ""


_PREFERENCES = _("You can change or switch off reminders in the app, under Settings.")

WORDS: dict[str, Words] = {
    Kind.CHECK_IN: Words(
        push=_("Time for your check-in"),
        subject=_("Time for your check-in"),
        body=_("It is time for your check-in. It takes about a minute. Open the app to start."),
        path="/",
        keep=timedelta(hours=2),
        footer=_PREFERENCES,
    ),
    Kind.MESSAGE: Words(
        push=_("You have a new message"),
        subject=_("You have a new message"),
        body=_("There is a new message for you. Open the app to read it."),
        path="/messages",
        keep=timedelta(hours=24),
    ),
    Kind.REVIEW: Words(
        push=_("Your plan has a new page"),
        subject=_("Your plan has a new page"),
        body=_("Your plan has a new page. Open the app to read it."),
        path="/",
        keep=timedelta(hours=24),
    ),
    Kind.UNSENT: Words(
        push=_("Open the app to finish sending"),
        subject=_("Open the app to finish sending"),
        body=_("Something on your phone has not been sent yet. Open the app while you are online to finish sending."),
        path="/",
        keep=timedelta(hours=24),
    ),
    Kind.FOLLOW_UP: Words(
        push=_("Please open the app"),
        subject=_("Please open the app"),
        body=_("There is a question for you in the app. Please open it now and answer."),
        path="/",
        keep=timedelta(hours=24),
    ),
    Kind.PACE: Words(
        push=_("Fewer reminders?"),
        subject=_("Fewer reminders?"),
        body=_(
            "We will not send more reminders for now. They start again after your next check-in, "
            "or when you choose how often you want them."
        ),
        path="/settings/reminders/fewer",
        keep=timedelta(hours=24),
        footer=_PREFERENCES,
    ),
    Kind.WORKLIST: Words(
        push=_("Your worklist has a new item"),
        subject=_("Your worklist has a new item"),
        body=_("Your worklist has a new item. Open the worklist and confirm that you have seen it."),
        path="/clinic/",
        keep=timedelta(hours=24),
    ),
    Kind.ESCALATION: Words(
        push=_("Nobody has confirmed an item on the worklist"),
        subject=_("Nobody has confirmed an item on the worklist"),
        body=_("An item on the worklist has not been confirmed in time. Open the worklist now and confirm it."),
        path="/clinic/",
        keep=timedelta(hours=24),
    ),
    Kind.CONTACT: Words(
        push=_("An item on the worklist waits for a call"),
        subject=_("An item on the worklist waits for a call"),
        body=_("An item on the worklist waits for somebody to make contact. Open the worklist now."),
        path="/clinic/",
        keep=timedelta(hours=24),
    ),
    Kind.DIGEST: Words(
        push=_("Your worklist has several new items"),
        subject=_("Your worklist has several new items"),
        body=_("Your worklist has several items that wait. Open the worklist now and confirm that you have seen them."),
        path="/clinic/",
        keep=timedelta(hours=24),
    ),
    Kind.UNANSWERED: Words(
        push=_("A message waits for an answer"),
        subject=_("A message waits for an answer"),
        body=_("A message has waited for an answer for some time. Open the list of messages and answer it."),
        path="/clinic/messages/",
        keep=timedelta(hours=24),
    ),
    Kind.OPERATOR: Words(
        push=_("The service needs its operator"),
        subject=_("The service needs its operator"),
        body=_("A part of the service does not do its work, or messages cannot be sent. Open the page below."),
        path="/readyz",
        keep=timedelta(hours=24),
    ),
    Kind.TEST: Words(
        push=_("This is a test message"),
        subject=_("This is a test message"),
        body=_("This is a test message. Messages reach you here."),
        path="/",
        keep=timedelta(hours=1),
    ),
}
