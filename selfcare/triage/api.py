"""The API of alerts: a patient sees their own, a clinician those of the patients they look after."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any
from uuid import UUID

import msgspec
from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.views import APIView

from edge import bodies
from edge.errors import NOT_HERE, Refused
from selfcare.accounts import audit
from selfcare.triage import alerts, listing, schema
from selfcare.triage.models import Alert
from selfcare.triage.moving import AlertConflict, UnknownAlert

Note = Annotated[str, msgspec.Meta(max_length=4000)]


class ActionBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What a clinician did."""

    note: Annotated[str, msgspec.Meta(min_length=1, max_length=4000)]
    # Somebody has spoken with the patient, or seen them.
    contact: bool = False


class CloseBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """How an alert ended."""

    outcome: str
    note: Note = ""


WORDS = {
    "contact": "Send true when somebody has spoken with the patient or seen them, else false.",
    "note": "Write down what was done, in at most 4,000 characters.",
    "outcome": f"Choose what came of it: {', '.join(Alert.Outcome.values)}.",
}


class AlertsView(APIView):
    """Alerts, most urgent first."""

    @extend_schema(**schema.GET_ALERTS)
    def get(self, request: Request) -> HttpResponse:
        """Read the open alerts that you may see: your own, and those of your patients if you are a clinician."""
        with transaction.atomic():
            page = listing.page(request.user, request.query_params, now=timezone.now())
        return bodies.reply(page)


class AcknowledgeView(APIView):
    """Taking an alert."""

    @extend_schema(**schema.POST_ACKNOWLEDGE)
    def post(self, request: Request, alert_id: UUID) -> HttpResponse:
        """Take the alert: it is in your hands, and nobody else is told any more. Twice is harmless."""
        return _act(request, alert_id, alerts.acknowledge)


class ReleaseView(APIView):
    """Giving an alert back."""

    @extend_schema(**schema.POST_RELEASE)
    def post(self, request: Request, alert_id: UUID) -> HttpResponse:
        """Give the alert back, so that another can take it; the rota is told again."""
        return _act(request, alert_id, alerts.release)


class ActionsView(APIView):
    """What was done about an alert."""

    @extend_schema(**schema.POST_ACTION)
    def post(self, request: Request, alert_id: UUID) -> HttpResponse:
        """Write down what was done, such as a phone call. The alert stays open."""
        return _act(request, alert_id, alerts.record_action, body=ActionBody)


class CloseView(APIView):
    """The end of an alert."""

    @extend_schema(**schema.POST_CLOSE)
    def post(self, request: Request, alert_id: UUID) -> HttpResponse:
        """Close the alert with what came of it; an emergency needs a note too."""
        return _act(request, alert_id, alerts.close, body=CloseBody)


class ReopenView(APIView):
    """A closing that was a slip."""

    @extend_schema(**schema.POST_REOPEN)
    def post(self, request: Request, alert_id: UUID) -> HttpResponse:
        """Undo your own closing, within a minute."""
        return _act(request, alert_id, alerts.undo_close)


def _act(
    request: Request, alert_id: UUID, act: Callable[..., Any], *, body: type[msgspec.Struct] | None = None
) -> HttpResponse:
    """Do something to an alert that this clinician may act on; it is written to the audit trail."""
    alert = Alert.objects.select_related("patient").filter(pk=alert_id).first()
    if alert is None or not request.user.has_perm("triage.act_on_alert", alert.patient):
        raise NotFound
    said = msgspec.structs.asdict(bodies.read(request, body, words=WORDS)) if body else {}
    now = timezone.now()
    with _in_words(), transaction.atomic():
        act(alert_id, by=request.user, now=now, **said)
        audit.record(
            f"alert.{act.__name__}", actor_id=request.user.pk, patient_id=alert.patient_id, object_id=alert_id, now=now
        )
    return bodies.reply(listing.as_seen_by_clinician(Alert.objects.select_related("acknowledged_by").get(pk=alert_id)))


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except UnknownAlert:
        raise Refused(NOT_HERE, status_code=404) from None
    except AlertConflict as error:
        raise Refused(str(error), status_code=409) from None
