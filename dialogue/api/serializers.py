"""Terms and cohorts as the API tells of them: people by the name they go by, and nothing else about them."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from dialogue.api.fields import WindowSerializer
from dialogue.core.week import WeeklyWindow
from dialogue.models import Cohort, Term


class TermSerializer(serializers.Serializer[Term]):
    """A term. Needs: programme."""

    id = serializers.IntegerField()
    programme = serializers.CharField(source="programme.name")
    programme_en = serializers.CharField(source="programme.name_en")
    name = serializers.CharField()
    zone = serializers.CharField(help_text="IANA name; wall-clock times of the term are in it")
    starts_on = serializers.DateField(help_text="first possible day")
    cadence = serializers.ChoiceField(choices=Term.Cadence.choices)
    session_count = serializers.IntegerField()
    session_minutes = serializers.IntegerField()
    contact = serializers.CharField(help_text="whom to call on the day")


class CohortSerializer(serializers.Serializer[Cohort]):
    """A cohort. Needs: term, facilitation's person, `members_of_today` and `coordinates`."""

    id = serializers.IntegerField()
    term = serializers.IntegerField(source="term_id")
    number = serializers.IntegerField()
    status = serializers.SerializerMethodField()
    window = serializers.SerializerMethodField()
    zone = serializers.CharField(source="term.zone")
    facilitator = serializers.CharField(source="facilitation.person.preferred_name")
    members = serializers.SerializerMethodField()

    @extend_schema_field(
        serializers.ChoiceField(choices=Cohort.Status.choices, allow_null=True, help_text="null but for coordinators")
    )
    def get_status(self, cohort: Cohort) -> str | None:
        return cohort.status if cohort.coordinates else None

    @extend_schema_field(WindowSerializer)
    def get_window(self, cohort: Cohort) -> dict[str, int]:
        window = WeeklyWindow(cohort.weekday, cohort.starts, cohort.starts + cohort.term.session_minutes)
        return WindowSerializer(window).data

    def get_members(self, cohort: Cohort) -> list[str]:
        return [one.participation.person.preferred_name for one in cohort.members_of_today]
