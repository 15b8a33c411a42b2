"""Words that every answer of the API shares."""

from datetime import UTC
from typing import Any

from rest_framework import serializers

from dialogue.core.week import WeeklyWindow


class MomentField(serializers.DateTimeField):
    """A moment in UTC: `2026-12-01T10:30:00Z`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(default_timezone=UTC, **options)


class WindowSerializer(serializers.Serializer[WeeklyWindow]):
    """A weekly stretch of time by wall clock. A window over midnight ends past 1440."""

    weekday = serializers.IntegerField(help_text="0 is Monday")
    starts = serializers.IntegerField(help_text="minutes after midnight")
    ends = serializers.IntegerField(help_text="minutes after midnight")


class ConflictSerializer(serializers.Serializer[dict[str, Any]]):
    """Why something cannot be done as things stand."""

    code = serializers.CharField(help_text="for programs")
    detail = serializers.CharField(help_text="for people, in the language of Accept-Language")
    rules = serializers.ListField(child=serializers.CharField(), help_text="codes of the rules that would break")
