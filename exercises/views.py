"""The API of the exercise programme: a person sees and logs their own, a clinician prescribes for their patients."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.views import APIView

from edge import bodies
from edge.errors import Refused
from edge.permissions import IsWhoThePhoneMeans
from edge.submitting import TakesDeviceTokens
from exercises import catalogue as catalogues
from exercises import changes, facts, prescribing, programmes, replies, schema, sessions, today
from exercises.answers import WORDS, DraftBody, HourAfterBody, MasteryBody, MorningsBody, SessionBody, UnlockBody
from exercises.mastery import BY_CLINICIAN
from exercises.models import Programme, Session


class CatalogueView(APIView):
    """The exercises."""

    @extend_schema(**schema.GET_CATALOGUE)
    def get(self, request: Request) -> HttpResponse:
        """Read every exercise as a phone shows it. Nothing of a person is in it; it changes only with its version."""
        catalogue = catalogues.shown()
        tag = f'"{catalogue.etag}"'
        if request.headers.get("If-None-Match") == tag:
            reply = HttpResponse(status=304)
        else:
            reply = bodies.reply(catalogue.phone)
        reply["ETag"], reply["Cache-Control"] = tag, "private, no-cache"
        return reply


class TodayView(APIView):
    """One's own exercises of today and the six days after it."""

    @extend_schema(**schema.GET_TODAY)
    def get(self, request: Request) -> HttpResponse:
        """Read what you do today, how long it takes, and what rests and why."""
        now = timezone.now()
        about = facts.about(request.user, now=now)
        opened = programmes.open_day(request.user, about=about, now=now)
        return bodies.reply(replies.today_of(opened[0], about) if opened else replies.no_programme(about))


class ProgrammeView(APIView):
    """One's own programme."""

    @extend_schema(**schema.GET_PROGRAMME)
    def get(self, request: Request) -> HttpResponse:
        """Read your programme: what is prescribed, what you did, what changed and why."""
        about = facts.about(request.user, now=timezone.now())
        return bodies.reply(replies.programme_of(_own(request), about, for_clinician=False))


class StartView(APIView):
    """The gentle start."""

    permission_classes = [IsAuthenticated, IsWhoThePhoneMeans]

    @extend_schema(**schema.POST_START)
    def post(self, request: Request) -> HttpResponse:
        """Begin with four gentle exercises, after a clear safety check and where no clinician gave you a programme."""
        now = timezone.now()
        about = facts.about(request.user, now=now)
        programme = programmes.self_start(request.user, about=about, now=now)
        return bodies.reply(replies.today_of(programme, about), status=201)


class PauseView(APIView):
    """A pause that you ask for."""

    @extend_schema(**schema.POST_PAUSE)
    def post(self, request: Request) -> HttpResponse:
        """Let your exercises rest until you go on. Twice is harmless."""
        return _on_own(
            request, lambda programme, about, now: programmes.pause(programme, by=request.user, on=about.as_of, now=now)
        )


class ResumeView(APIView):
    """The end of a pause."""

    @extend_schema(**schema.POST_RESUME)
    def post(self, request: Request) -> HttpResponse:
        """Go on with your exercises. After a stop for safety, answer the safety questions first."""
        return _on_own(
            request, lambda programme, about, now: programmes.resume(programme, by=request.user, about=about, now=now)
        )


class MaintenanceView(APIView):
    """Keeping well."""

    @extend_schema(**schema.POST_MAINTENANCE)
    def post(self, request: Request) -> HttpResponse:
        """Move to a short plan that keeps you well, when it is offered to you."""
        return _on_own(
            request,
            lambda programme, about, now: programmes.maintenance(programme, by=request.user, about=about, now=now),
        )


class SessionView(TakesDeviceTokens, APIView):
    """One session of one's own."""

    permission_classes = [IsAuthenticated, IsWhoThePhoneMeans]

    @extend_schema(**schema.PUT_SESSION)
    def put(self, request: Request, session_id: UUID) -> HttpResponse:
        """Store a session under the id that the phone made. The same id and body again gives the stored one back."""
        body = bodies.read(request, SessionBody, words=WORDS)
        now = timezone.now()
        about = facts.about(request.user, now=now)
        with _in_words():
            outcome = sessions.log_session(request.user, session_id, body, about=about, now=now)
        return bodies.reply(replies.logged(outcome), status=201 if outcome.created else 200)

    @extend_schema(**schema.GET_SESSION)
    def get(self, request: Request, session_id: UUID) -> HttpResponse:
        """Read a session of your own; somebody else's is told like one that does not exist."""
        session = Session.objects.filter(pk=session_id, patient=request.user).first()
        if session is None:
            raise NotFound
        return bodies.reply(replies.session_as_stored(session))


class HourAfterView(TakesDeviceTokens, APIView):
    """How it was an hour after a session."""

    permission_classes = [IsAuthenticated, IsWhoThePhoneMeans]

    @extend_schema(**schema.PUT_HOUR_AFTER)
    def put(self, request: Request, session_id: UUID) -> HttpResponse:
        """Say how bad the pain was about an hour after a session of your own, from 0 to 10. The first answer stands."""
        body = bodies.read(request, HourAfterBody, words=WORDS)
        now = timezone.now()
        about = facts.about(request.user, now=now)
        changed = sessions.note_hour_after(request.user, session_id, pain=body.pain, about=about, now=now)
        return bodies.reply({"changes": [replies.change(one, for_clinician=False) for one in changed]})


class MorningsView(APIView):
    """How the morning after was."""

    permission_classes = [IsAuthenticated, IsWhoThePhoneMeans]

    @extend_schema(**schema.PUT_MORNING)
    def put(self, request: Request) -> HttpResponse:
        """Say how a morning was: pain from 0 to 10, and whether it has settled. The newest answer of a day stands."""
        body = bodies.read(request, MorningsBody, words=WORDS)
        now = timezone.now()
        about = facts.about(request.user, now=now)
        changed = sessions.note_morning(
            request.user, on=body.on, pain=body.pain, settled=body.settled, about=about, now=now
        )
        return bodies.reply({"changes": [replies.change(one, for_clinician=False) for one in changed]})


class UndoView(APIView):
    """A change taken back."""

    @extend_schema(**schema.POST_UNDO)
    def post(self, request: Request, change_id: UUID) -> HttpResponse:
        """Take a change back: your own step up if you want less, or as a clinician any change of your patient."""
        change = changes.of(change_id)
        patient = change.practice.programme.patient if change else None
        if change is None or patient is None:
            raise NotFound
        own = patient == request.user
        if not request.user.has_perm("exercises.log_session" if own else "exercises.prescribe", patient):
            raise NotFound
        now = timezone.now()
        with transaction.atomic():
            undone = changes.undo(change, by=request.user, about=facts.about(patient, now=now), now=now)
            if not own:
                facts.audited(
                    "programme.undo", actor_id=request.user.pk, patient_id=patient.pk, object_id=change_id, now=now
                )
        return bodies.reply(replies.change(undone, for_clinician=not own))


class PatientProgrammeView(APIView):
    """A patient's programme, for a clinician."""

    @extend_schema(**schema.GET_PATIENT_PROGRAMME)
    def get(self, request: Request, patient_id: UUID) -> HttpResponse:
        """Read a patient's programme, adherence, colours and changes. Every reading is written to the audit trail."""
        patient, now = _patient(request, patient_id, "exercises.view_programme"), timezone.now()
        about = facts.about(patient, now=now)
        reply = replies.programme_of(_of(patient), about, for_clinician=patient.pk != request.user.pk)
        with transaction.atomic():
            facts.audited("programme.viewed", actor_id=request.user.pk, patient_id=patient.pk, now=now)
        return bodies.reply(reply)


class DraftView(APIView):
    """The draft of a patient's programme."""

    @extend_schema(**schema.PUT_DRAFT)
    def put(self, request: Request, patient_id: UUID) -> HttpResponse:
        """Replace the draft by these exercises, or by a default plan. Nothing changes for the patient yet."""
        patient = _patient(request, patient_id, "exercises.prescribe")
        body = bodies.read(request, DraftBody, words=WORDS)

        def write(about: Any, now: Any) -> None:
            wanted = body.exercises or (prescribing.from_plan(body.pattern, about=about) if body.pattern else [])
            prescribing.prescribe(patient, wanted, pattern=body.pattern, by=request.user, about=about, now=now)

        return _by_clinician(request, patient, "programme.drafted", write)


class PublishView(APIView):
    """The draft, put in force."""

    @extend_schema(**schema.POST_PUBLISH)
    def post(self, request: Request, patient_id: UUID) -> HttpResponse:
        """Publish the draft: it is what the patient does from now on. Progress stays where the dose was left alone."""
        patient = _patient(request, patient_id, "exercises.prescribe")
        return _by_clinician(
            request,
            patient,
            "programme.published",
            lambda about, now: prescribing.publish(patient, by=request.user, about=about, now=now),
        )


class EndView(APIView):
    """The end of a programme."""

    @extend_schema(**schema.POST_END)
    def post(self, request: Request, patient_id: UUID) -> HttpResponse:
        """End the patient's programme; what was done stays readable, and a new one may be begun."""
        patient, now = _patient(request, patient_id, "exercises.prescribe"), timezone.now()
        programme, about = _of(patient), facts.about(patient, now=now)
        with transaction.atomic():
            programmes.end(programme, by=request.user, on=about.as_of, now=now)
            facts.audited("programme.ended", actor_id=request.user.pk, patient_id=patient.pk, now=now)
        return bodies.reply(replies.programme_of(programme, about, for_clinician=True))


class PatientResumeView(APIView):
    """The end of a pause, by a clinician."""

    @extend_schema(**schema.POST_PATIENT_RESUME)
    def post(self, request: Request, patient_id: UUID) -> HttpResponse:
        """Let the patient go on, for example when you have seen them after a stop for safety."""
        patient = _patient(request, patient_id, "exercises.prescribe")
        return _by_clinician(
            request,
            patient,
            "programme.resumed",
            lambda about, now: programmes.resume(_of(patient), by=request.user, about=about, now=now),
        )


class MasteryView(APIView):
    """The mastery gate of one exercise."""

    @extend_schema(**schema.POST_MASTERY)
    def post(self, request: Request, patient_id: UUID, exercise_id: str) -> HttpResponse:
        """Take the next step of the gate: taught, checked (every point ticked), sent home; or back."""
        patient = _patient(request, patient_id, "exercises.prescribe")
        body = bodies.read(request, MasteryBody, words=WORDS)
        if body.event not in BY_CLINICIAN:
            raise Refused(_("This step is not taken by hand."), status_code=409)
        data = {"why": body.why} if body.why else {"checklist": body.checklist} if body.event == "checked" else {}
        return _by_clinician(
            request,
            patient,
            "programme.mastery",
            lambda about, now: prescribing.step(
                patient, exercise_id, body.event, by=request.user, about=about, now=now, data=data
            ),
        )


class UnlockView(APIView):
    """An exercise that stays locked until a clinician opens it for one person."""

    @extend_schema(**schema.POST_UNLOCK)
    def post(self, request: Request, patient_id: UUID, exercise_id: str) -> HttpResponse:
        """Open a locked exercise: from day 28, without a deficit, with low irritability, after the slider."""
        patient = _patient(request, patient_id, "exercises.prescribe")
        body = bodies.read(request, UnlockBody, words=WORDS)
        return _by_clinician(
            request,
            patient,
            "programme.unlocked",
            lambda about, now: prescribing.unlock(
                patient, exercise_id, irritability=body.irritability, by=request.user, about=about, now=now
            ),
        )


def _own(request: Request) -> Programme:
    return _of(request.user)


def _of(patient: Any) -> Programme:
    programme = today.active_of(patient)
    if programme is None:
        raise NotFound
    return programme


def _patient(request: Request, patient_id: UUID, permission: str) -> Any:
    """Return a patient for whom the person may do this; anybody else is told like nobody."""
    patient = get_user_model().objects.filter(pk=patient_id).first()
    if patient is None or not request.user.has_perm(permission, patient):
        raise NotFound
    return patient


def _on_own(request: Request, act: Callable[..., Any]) -> HttpResponse:
    now = timezone.now()
    about = facts.about(request.user, now=now)
    programme = _own(request)
    act(programme, about, now)
    return bodies.reply(replies.today_of(programme, about))


def _by_clinician(request: Request, patient: Any, action: str, act: Callable[..., Any]) -> HttpResponse:
    """Do something to a patient's programme; it is written to the audit trail together with what was done."""
    now = timezone.now()
    about = facts.about(patient, now=now)
    with transaction.atomic():
        act(about, now)
        facts.audited(action, actor_id=request.user.pk, patient_id=patient.pk, now=now)
    return bodies.reply(replies.programme_of(_of(patient), about, for_clinician=True))


@contextmanager
def _in_words() -> Iterator[None]:
    """Turn the sessions' own errors into answers. An id of somebody else is told like an own id with another body."""
    try:
        yield
    except sessions.IdTaken:
        sentence = _("This id stands for another session already. Save it as a new one.")
        raise Refused(sentence, status_code=409) from None
    except sessions.NoProgramme:
        sentence = _("You have no exercises yet. Start them first. Your session stays on this phone.")
        raise Refused(sentence, status_code=409) from None
