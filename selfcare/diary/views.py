"""The diary's API: what a phone sends and reads. Hot path: typed decoding, no serializer, few queries."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.views import APIView

from edge import bodies
from edge.permissions import IsWhoThePhoneMeans
from edge.submitting import TakesDeviceTokens
from selfcare.accounts import audit
from selfcare.accounts.models import User
from selfcare.diary import batches, episodes, paging, recording, replies, schema
from selfcare.diary.answers import WORDS, EntryBody
from selfcare.diary.episodes import EPISODE_WORDS, EpisodeBody
from selfcare.diary.models import Entry
from selfcare.diary.refusals import in_words


class EntryView(TakesDeviceTokens, APIView):
    """One entry of one's own diary."""

    permission_classes = [IsAuthenticated, IsWhoThePhoneMeans]

    @extend_schema(**schema.PUT_ENTRY)
    def put(self, request: Request, entry_id: UUID) -> HttpResponse:
        """Store an entry under the id that the phone made. The same id and body again gives the stored entry back."""
        body = bodies.read(request, EntryBody, words=WORDS)
        with in_words():
            recorded = recording.record_entry(request.user, entry_id, body, now=timezone.now())
        return _recorded(recorded)

    @extend_schema(**schema.GET_ENTRY)
    def get(self, request: Request, entry_id: UUID) -> HttpResponse:
        """Read an entry of your own; somebody else's is told like one that does not exist."""
        entry = Entry.objects.filter(pk=entry_id, patient=request.user).first()
        if entry is None:
            raise NotFound
        return bodies.reply(replies.entry_as_stored(entry))


class CorrectionView(APIView):
    """A new entry in the place of an earlier one."""

    permission_classes = [IsAuthenticated, IsWhoThePhoneMeans]

    @extend_schema(**schema.PUT_CORRECTION)
    def put(self, request: Request, entry_id: UUID, new_id: UUID) -> HttpResponse:
        """Replace an entry by a new one. The earlier one is kept, marked as replaced; no alert is withdrawn."""
        body = bodies.read(request, EntryBody, words=WORDS)
        with in_words():
            recorded = recording.correct_entry(request.user, entry_id, new_id, body, now=timezone.now())
        return _recorded(recorded)


class BatchView(APIView):
    """Many entries at once, for a phone that was offline."""

    permission_classes = [IsAuthenticated, IsWhoThePhoneMeans]

    @extend_schema(**schema.POST_BATCH)
    def post(self, request: Request) -> HttpResponse:
        """Store up to 100 entries, each on its own: the answer says for each what became of it."""
        batch = bodies.read(request, batches.Batch, limit=bodies.BATCH_LIMIT, words=WORDS)
        with in_words():
            results = batches.record(request.user, batch, now=timezone.now())
        return bodies.reply({"results": results})


class EntriesView(APIView):
    """One's own diary."""

    @extend_schema(**schema.GET_ENTRIES)
    def get(self, request: Request) -> HttpResponse:
        """Read your own entries, newest day first."""
        return bodies.reply(paging.page(Entry.objects.filter(patient=request.user), request.query_params))


class PatientEntriesView(APIView):
    """A patient's diary, for a clinician."""

    @extend_schema(**schema.GET_PATIENT_ENTRIES)
    def get(self, request: Request, patient_id: UUID) -> HttpResponse:
        """Read a patient's entries, newest day first. Every reading is written to the audit trail."""
        patient = User.objects.filter(pk=patient_id).first()
        if patient is None or not request.user.has_perm("diary.view_diary", patient):
            raise NotFound
        page = paging.page(Entry.objects.filter(patient=patient), request.query_params)
        with transaction.atomic():
            audit.record("diary.viewed", actor_id=request.user.pk, patient_id=patient.pk, now=timezone.now())
        return bodies.reply(page)


class EpisodeView(APIView):
    """The episode that the diary is about."""

    @extend_schema(**schema.GET_EPISODE)
    def get(self, request: Request) -> HttpResponse:
        """Read your active episode."""
        with in_words():
            episode, _profile = episodes.episode_of(request.user)
        if episode is None:
            raise NotFound
        return bodies.reply(replies.episode_as_stored(episode))

    @extend_schema(**schema.PUT_EPISODE)
    def put(self, request: Request) -> HttpResponse:
        """Begin your episode, or mend what you said about it. An alert is never withdrawn by this."""
        body = bodies.read(request, EpisodeBody, words=EPISODE_WORDS)
        with in_words():
            episode = episodes.start(request.user, **body.facts(), now=timezone.now())
        return bodies.reply(replies.episode_as_stored(episode))


def _recorded(recorded: recording.Recorded) -> HttpResponse:
    content: Any = replies.outcome(recorded.entry, recorded.assessment)
    return bodies.reply(content, status=201 if recorded.created else 200)
