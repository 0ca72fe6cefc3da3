"""The API of push subscriptions and reminders. Everything here concerns the person who asks, and nobody else."""

from __future__ import annotations

from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from notifications import reminders, schedule, subscriptions
from notifications.channels import web_push
from notifications.models import PushSubscription, Reminder
from notifications.serializers import (
    PushKeySerializer,
    QueuedSerializer,
    ReminderSerializer,
    ReminderStateSerializer,
    SubscriptionSerializer,
    SubscriptionStateSerializer,
)

NO_BROWSER = "No phone or browser of yours can be reached. Switch notifications on there first."
WRONG = OpenApiResponse(description="A sentence under `detail`, and one for each field under `fields`.")
UNKNOWN = OpenApiResponse(description="There is no such subscription of yours.")


class PushKey(APIView):
    """The key that a browser needs to subscribe."""

    @extend_schema(operation_id="push_key", responses=PushKeySerializer)
    def get(self, request: Request) -> Response:
        """Return our public key, for `applicationServerKey`."""
        return Response({"public_key": web_push.public_key()})


class PushSubscriptions(APIView):
    """The browsers that wake the person up."""

    @extend_schema(operation_id="push_subscriptions_list", responses=SubscriptionStateSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Return the person's browsers, newest first, and whether each can still be reached."""
        mine = PushSubscription.objects.filter(user=request.user).order_by("-created_at", "id")
        return Response(SubscriptionStateSerializer(mine, many=True).data)

    @extend_schema(
        operation_id="push_subscriptions_keep",
        request=SubscriptionSerializer,
        responses={200: SubscriptionStateSerializer, 201: SubscriptionStateSerializer, 400: WRONG},
    )
    def post(self, request: Request) -> Response:
        """Keep this browser's subscription. Sending the same one again is harmless: 201 when new, else 200."""
        asked = SubscriptionSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        kept, created = subscriptions.keep(
            request.user.pk,
            endpoint=asked.validated_data["endpoint"],
            **asked.validated_data["keys"],
            now=timezone.now(),
        )
        answer = status.HTTP_201_CREATED if created else status.HTTP_200_OK
        return Response(SubscriptionStateSerializer(kept).data, status=answer)


class PushSubscriptionDetail(APIView):
    """One browser."""

    @extend_schema(operation_id="push_subscription", responses={200: SubscriptionStateSerializer, 404: UNKNOWN})
    def get(self, request: Request, subscription_id: UUID) -> Response:
        """Return whether this browser can still be reached. If not, or if it is unknown: subscribe anew."""
        return Response(SubscriptionStateSerializer(_mine(request, subscription_id)).data)

    @extend_schema(operation_id="push_subscription_drop", responses={204: None, 404: UNKNOWN})
    def delete(self, request: Request, subscription_id: UUID) -> Response:
        """Forget this browser, for example when the person signs out on it."""
        subscriptions.drop(_mine(request, subscription_id), now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


class PushTest(APIView):
    """A test message."""

    @extend_schema(operation_id="push_test", request=None, responses={202: QueuedSerializer, 409: WRONG})
    def post(self, request: Request) -> Response:
        """Send a test message to each browser of the person, at most once a minute."""
        browsers = subscriptions.send_test(request.user.pk, now=timezone.now())
        if not browsers:
            return Response({"detail": NO_BROWSER}, status=status.HTTP_409_CONFLICT)
        return Response({"queued": browsers}, status=status.HTTP_202_ACCEPTED)


class ReminderView(APIView):
    """When the person wants to be asked to check in."""

    @extend_schema(operation_id="reminder", responses=ReminderStateSerializer)
    def get(self, request: Request) -> Response:
        """Return the person's reminder; one that is off, with a proposed time, where none was ever set."""
        stored = Reminder.objects.filter(user=request.user).first()
        proposed = Reminder(enabled=False, local_time=reminders.DEFAULT_TIME, time_zone="UTC")
        return Response(ReminderStateSerializer(stored or proposed).data)

    @extend_schema(
        operation_id="reminder_set",
        request=ReminderSerializer,
        responses={200: ReminderStateSerializer, 400: WRONG},
    )
    def put(self, request: Request) -> Response:
        """Set the reminder. What is left out takes its usual value."""
        asked = ReminderSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        try:
            stored = reminders.set_reminder(request.user.pk, **asked.validated_data, now=timezone.now())
        except schedule.NotSchedulable as refused:
            raise ValidationError({"paused_until": [str(refused)]}) from refused
        return Response(ReminderStateSerializer(stored).data)


def _mine(request: Request, subscription_id: UUID) -> PushSubscription:
    """Return the person's own subscription; somebody else's is as unknown as one that does not exist."""
    return get_object_or_404(PushSubscription, pk=subscription_id, user=request.user)
