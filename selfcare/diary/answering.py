"""The API of the follow-up: a patient answers whether they were seen about an alert."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.views import APIView

from edge import bodies
from edge.errors import NOT_HERE, Refused
from edge.openapi import DAY, ID, INSTANT, PERSON, STRING, WRITING, answers, one_of, thing
from edge.permissions import IsWhoThePhoneMeans
from selfcare.diary import follow_up
from selfcare.triage.follow_up import Answer
from selfcare.triage.models import Hindrance, Said, SeenAt, SeenOutcome
from selfcare.triage.moving import AlertConflict, UnknownAlert

WORDS_LIMIT = 2000


class AnswerBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """What the patient answers."""

    answer: Literal["seen", "there", "going", "not_yet", "could_not"]
    where: Literal["", "hospital", "gp", "clinic", "phone", "other"] = ""
    seen_on: date | None = None
    outcome: Literal["", "kept_in", "scan", "referred", "sent_home", "not_examined"] = ""
    why: Literal["", "transport", "cost", "fear", "caring", "too_ill", "no_appointment", "sent_home", "other"] = ""
    words: Annotated[str, msgspec.Meta(max_length=WORDS_LIMIT)] = ""

    def as_answer(self) -> Answer:
        """Return the answer in the words of triage."""
        return Answer(
            said=self.answer,
            where=self.where,
            seen_on=self.seen_on,
            outcome=self.outcome,
            why=self.why,
            words=self.words,
        )


SENTENCES = {
    "answer": f"Choose one of the answers: {', '.join(Said.values)}.",
    "where": f"Choose where you were seen: {', '.join(SeenAt.values)}.",
    "seen_on": "Send the day you were seen as a date, such as 2026-03-02.",
    "outcome": f"Choose what came of it: {', '.join(SeenOutcome.values)}.",
    "why": f"Choose why you could not get there: {', '.join(Hindrance.values)}.",
    "words": f"Write at most {WORDS_LIMIT} letters.",
}
_SHAPE = thing(
    answer=one_of(*Said.values),
    where=one_of("", *SeenAt.values) | {"description": 'With "seen" alone, like seen_on and outcome.'},
    seen_on=DAY | {"nullable": True, "description": "The patient's local day."},
    outcome=one_of("", *SeenOutcome.values)
    | {"description": "With where and seen_on it ends the asking, if somebody examined the patient in person."},
    why=one_of("", *Hindrance.values) | {"description": 'With "could_not" alone.'},
    words=STRING | {"maxLength": WORDS_LIMIT, "description": "What the patient adds in their own words."},
    optional=("where", "seen_on", "outcome", "why", "words"),
)
POST_SAID: dict[str, Any] = {
    "operation_id": "alert_said",
    "tags": ["Alerts"],
    "parameters": [PERSON],
    "request": {"application/json": _SHAPE},
    "responses": answers({200: thing(id=ID, said=one_of(*Said.values), at=INSTANT)}, refusals=(*WRITING, 404, 409)),
    "examples": [
        OpenApiExample("On the way", value={"answer": "going"}, request_only=True),
        OpenApiExample(
            "Examined",
            value={"answer": "seen", "where": "hospital", "seen_on": "2026-03-02", "outcome": "scan"},
            request_only=True,
        ),
        OpenApiExample("Could not go", value={"answer": "could_not", "why": "transport"}, request_only=True),
    ],
}


class SaidView(APIView):
    """The patient's answer to "did you get seen?"."""

    permission_classes = [IsAuthenticated, IsWhoThePhoneMeans]

    @extend_schema(**POST_SAID)
    def post(self, request: Request, alert_id: UUID) -> HttpResponse:
        """Answer whether you were seen about one of your own alerts. The alert stays open; a clinician closes it."""
        body = bodies.read(request, AnswerBody, words=SENTENCES)
        try:
            event = follow_up.answer(request.user, [alert_id], body.as_answer(), now=timezone.now())[0]
        except UnknownAlert:
            raise Refused(NOT_HERE, status_code=404) from None
        except AlertConflict as conflict:
            raise Refused(str(conflict), status_code=409) from None
        return bodies.reply({"id": alert_id, "said": event.data["answer"], "at": event.at})
