"""A session as the API tells of it: what the same person's page shows, and no way into its room."""

from rest_framework import serializers

from dialogue.api.fields import MomentField
from sessions.calendar_entries import page_of
from sessions.models import Attendance, DialogueSession
from sessions.people_reading import Expected


class SessionSerializer(serializers.Serializer[DialogueSession]):
    """A session. Needs what `as_seen_by` adds."""

    id = serializers.IntegerField()
    cohort = serializers.IntegerField(source="cohort_id")
    number = serializers.IntegerField()
    uid = serializers.CharField(help_text="its name in every calendar, for life")
    sequence = serializers.IntegerField(help_text="rises with each change of time, place or status")
    status = serializers.ChoiceField(choices=DialogueSession.Status.choices)
    starts_at = MomentField()
    ends_at = MomentField()
    zone = serializers.CharField(source="cohort.term.zone", help_text="IANA name of the term's zone")
    facilitator = serializers.CharField(source="facilitator.preferred_name")
    my_answer = serializers.ChoiceField(
        choices=Attendance.Answer.choices, allow_null=True, help_text="null for who is not asked"
    )
    page = serializers.SerializerMethodField(help_text="where people answer, and enter the room")

    def get_page(self, session: DialogueSession) -> str:
        return page_of(session)


class ExpectedSerializer(serializers.Serializer[Expected]):
    """Somebody who is expected; `answer` is null for readers who are participants themselves."""

    name = serializers.CharField()
    answer = serializers.ChoiceField(choices=Attendance.Answer.choices, allow_null=True)


class SessionDetailSerializer(SessionSerializer):
    """The same with its people and, from a day ahead, its prompts. Needs the view's `people` and `prompts`."""

    people = ExpectedSerializer(many=True)
    prompts = serializers.ListField(child=serializers.CharField(), help_text="empty until a day ahead")
