"""Other ways to store an entry: as bare as Django allows, with log-in, and as the framework's tutorial does it.

All do the product's inserts, entry and assessment in one transaction, without judging anything.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from selfcare.accounts.authentication import by_token
from selfcare.diary.models import Entry, Episode
from selfcare.triage.models import Assessment


@csrf_exempt
def bare(request: HttpRequest, entry_id: UUID) -> JsonResponse:
    """Store an entry without log-in, validation or rules; patient and episode come with the request."""
    patient_id, episode_id = UUID(request.headers["X-Patient"]), UUID(request.headers["X-Episode"])
    with transaction.atomic():
        entry = _store(request, entry_id, patient_id=patient_id, episode_id=episode_id)
    return JsonResponse({"id": entry_id, "received_at": entry.received_at}, status=201)


@csrf_exempt
def lean(request: HttpRequest, entry_id: UUID) -> JsonResponse:
    """Store an entry with the product's log-in and a lock on the episode, in a plain view and without rules."""
    found = by_token(request)
    if found is None:
        return JsonResponse({"detail": "Sign in."}, status=403)
    with transaction.atomic():
        episode = Episode.objects.select_for_update().get(patient=found[0], status="active")
        entry = _store(request, entry_id, patient_id=found[0].pk, episode_id=episode.pk)
    return JsonResponse({"id": entry_id, "received_at": entry.received_at}, status=201)


def _store(request: HttpRequest, entry_id: UUID, *, patient_id: UUID, episode_id: UUID) -> Entry:
    body = json.loads(request.body)
    entry = Entry.objects.create(
        id=entry_id,
        patient_id=patient_id,
        episode_id=episode_id,
        recorded_at=body["recorded_at"],
        recorded_zone=body["recorded_zone"],
        occurred_on=body["occurred_on"],
        received_at=timezone.now(),
        app_version=body["app_version"],
        observations=body["observations"],
        body_sha256=hashlib.sha256(request.body).hexdigest(),
        needs_assessment=False,
    )
    _assessment(entry)
    return entry


CHANGE = ["none", "new", "worse", "same_as_always", "unsure"]
SIDES = ["left", "right", "both"]


class ObservationsSerializer(serializers.Serializer):
    """The answers of the benchmark's entry, each with its kind and range."""

    pain_avg = serializers.FloatField(min_value=0, max_value=10)
    pain_worst = serializers.FloatField(min_value=0, max_value=10)
    pain_leg = serializers.FloatField(min_value=0, max_value=10)
    pain_back = serializers.FloatField(min_value=0, max_value=10)
    interference = serializers.FloatField(min_value=0, max_value=10)
    pain_side = serializers.ChoiceField(SIDES)
    bladder = serializers.ChoiceField(CHANGE)
    bowel = serializers.ChoiceField(CHANGE)
    saddle = serializers.ChoiceField(CHANGE)
    sexual = serializers.ChoiceField(CHANGE)
    both_legs = serializers.ChoiceField(CHANGE)
    weakness = serializers.IntegerField(min_value=0, max_value=4)
    numbness = serializers.IntegerField(min_value=0, max_value=4)
    tingling = serializers.BooleanField()
    muscle_soreness = serializers.BooleanField()
    gait_unsteady = serializers.BooleanField()
    chills = serializers.BooleanField()
    very_unwell = serializers.BooleanField()
    weight_loss = serializers.BooleanField()
    night_pain = serializers.ChoiceField(["none", "wakes_when_turning", "second_half", "constant"])
    morning_stiffness_min = serializers.IntegerField(min_value=0)
    better_moving = serializers.BooleanField()
    walk_distance_m = serializers.IntegerField(min_value=0)
    sitting_minutes = serializers.IntegerField(min_value=0)
    note = serializers.CharField(max_length=4000)


class EntrySerializer(serializers.ModelSerializer):
    """Every field of an entry, field by field."""

    observations = ObservationsSerializer()

    class Meta:
        model = Entry
        fields = [
            "id",
            "patient",
            "episode",
            "recorded_at",
            "recorded_zone",
            "occurred_on",
            "received_at",
            "app_version",
            "catalogue_version",
            "shown_tier",
            "observations",
            "body_sha256",
        ]
        extra_kwargs = {"id": {"read_only": False}}

    def create(self, validated_data: dict[str, Any]) -> Entry:
        """Return the stored entry."""
        return Entry.objects.create(**validated_data, needs_assessment=False)


class SerializerView(APIView):
    """A ModelSerializer behind the same log-in as the product's."""

    def put(self, request: Request, entry_id: UUID) -> Response:
        """Store an entry."""
        with transaction.atomic():
            episode = Episode.objects.get(patient=request.user, status="active")
            more = {
                "id": entry_id,
                "patient": request.user.pk,
                "episode": episode.pk,
                "received_at": timezone.now(),
                "body_sha256": "0" * 64,
            }
            serializer = EntrySerializer(data={**request.data, **more})
            serializer.is_valid(raise_exception=True)
            _assessment(serializer.save())
        return Response(serializer.data, status=201)


def _assessment(entry: Entry) -> None:
    Assessment.objects.create(
        patient_id=entry.patient_id,
        entry_id=entry.pk,
        as_of=entry.occurred_on,
        catalogue_version="0",
        tier="none",
        evaluated_at=entry.received_at,
    )
