"""The shape of what the API takes and gives. Checks shape and nothing else."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from notifications import addresses, schedule
from notifications.channels import web_push
from notifications.models import PushSubscription

YES_OR_NO = "Send true or false."
_TIME: dict[str, Any] = {
    "format": "%H:%M",
    "input_formats": ["%H:%M", "%H:%M:%S"],
    "error_messages": {"invalid": "Enter a time such as 19:30.", "required": "Enter a time such as 19:30."},
}


class Strict(serializers.Serializer[Any]):
    """Refuses fields that it does not know, and says what is wrong in one sentence with the fields beside it."""

    def to_internal_value(self, data: Any) -> Any:
        """Return the checked values; an unknown field is refused by name."""
        if isinstance(data, dict) and (unknown := sorted(set(data) - set(self.fields))):
            raise serializers.ValidationError({str(unknown[0])[:40]: ["This field is not known here. Leave it out."]})
        return super().to_internal_value(data)


class KeysSerializer(Strict):
    """The keys of a browser's push subscription."""

    p256dh = serializers.CharField(max_length=120)
    auth = serializers.CharField(max_length=40)


class SubscriptionSerializer(Strict):
    """What ``PushSubscription.toJSON()`` gives in a browser."""

    endpoint = serializers.CharField(max_length=addresses.LONGEST)
    expirationTime = serializers.IntegerField(allow_null=True, required=False)
    keys = KeysSerializer()

    def validate_endpoint(self, value: str) -> str:
        """Return the address if it is one that we send to."""
        try:
            addresses.check(value)
        except addresses.AddressRefused as error:
            raise serializers.ValidationError(str(error)) from error
        return value

    def validate_keys(self, value: dict[str, str]) -> dict[str, str]:
        """Return the keys if something can be encrypted for them."""
        if not web_push.keys_fit(p256dh=value["p256dh"], auth=value["auth"]):
            raise serializers.ValidationError("Send the keys exactly as the browser gave them.")
        return value


class SubscriptionStateSerializer(serializers.ModelSerializer[PushSubscription]):
    """Whether a browser can still be reached. The address itself is a secret and is not given back."""

    alive = serializers.SerializerMethodField()

    class Meta:
        model = PushSubscription
        fields = ["id", "alive", "created_at", "last_ok_at"]
        read_only_fields = fields

    def get_alive(self, subscription: PushSubscription) -> bool:
        """Return False when the push service has dropped it, so that the browser must subscribe anew."""
        return subscription.gone_at is None


class ReminderSerializer(Strict):
    """When a person wants to be asked to check in."""

    enabled = serializers.BooleanField(default=True, error_messages={"invalid": YES_OR_NO})
    local_time = serializers.TimeField(**_TIME)
    days = serializers.CharField(
        max_length=7,
        default=schedule.EVERY_DAY,
        help_text="ISO weekdays, Monday is 1: 12345 is Monday to Friday.",
        error_messages={"blank": "Choose at least one day of the week.", "max_length": "Name each day once."},
    )
    every_days = serializers.IntegerField(
        default=1,
        help_text="Days from one reminder to the next: 1, 2 or 7.",
        error_messages={"invalid": "Send 1, 2 or 7."},
    )
    paused_until = serializers.DateField(
        allow_null=True,
        default=None,
        help_text="The first local date on which reminders come again.",
        error_messages={"invalid": "Enter a date such as 2026-03-29."},
    )
    time_zone = serializers.CharField(
        max_length=64,
        help_text="IANA name, such as Europe/London.",
        error_messages={"required": "Choose your time zone from the list."},
    )
    by_push = serializers.BooleanField(default=True, error_messages={"invalid": YES_OR_NO})
    by_email = serializers.BooleanField(default=True, error_messages={"invalid": YES_OR_NO})
    quiet_from = serializers.TimeField(**_TIME, allow_null=True, default=None)
    quiet_until = serializers.TimeField(**_TIME, allow_null=True, default=None)

    def validate_days(self, value: str) -> str:
        """Return the days in order."""
        return _or_sentence(schedule.weekdays, value)

    def validate_every_days(self, value: int) -> int:
        """Return the number of days if it is one that is offered."""
        return int(_or_sentence(schedule.pace, value))

    def validate_time_zone(self, value: str) -> str:
        """Return the name if it is a time zone."""
        return _or_sentence(lambda name: schedule.zone(name).key, value)


class ReminderStateSerializer(ReminderSerializer):
    """The reminder as stored, and when it is next due."""

    next_at = serializers.DateTimeField(read_only=True, allow_null=True)


class PushKeySerializer(serializers.Serializer[Any]):
    """What ``applicationServerKey`` takes in a browser."""

    public_key = serializers.CharField()


class QueuedSerializer(serializers.Serializer[Any]):
    """How many messages are on their way."""

    queued = serializers.IntegerField()


def _or_sentence(check: Any, value: str) -> str:
    try:
        return str(check(value))
    except schedule.NotSchedulable as error:
        raise serializers.ValidationError(str(error)) from error
