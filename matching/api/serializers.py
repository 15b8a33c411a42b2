"""A match run as the API tells its coordinators of it."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from dialogue.api.fields import MomentField, WindowSerializer
from dialogue.core.week import WeeklyWindow
from dialogue.models import Generation, Participation
from matching.forms import MOST_SEED
from matching.models import CohortProposal, MatchRun, ProposedMember, Unplaced


class RunOrderSerializer(serializers.Serializer[dict[str, int]]):
    """What may be said when a run is started."""

    seed = serializers.IntegerField(
        required=False, min_value=0, max_value=MOST_SEED, help_text="to repeat an earlier run; left out, one is drawn"
    )


class ProposedMemberSerializer(serializers.Serializer[ProposedMember]):
    participation = serializers.IntegerField(source="participation_id")
    name = serializers.CharField(source="participation.person.preferred_name")
    generation = serializers.ChoiceField(source="participation.generation", choices=Generation.choices)


class ProposalSerializer(serializers.Serializer[CohortProposal]):
    number = serializers.IntegerField()
    window = serializers.SerializerMethodField()
    facilitator = serializers.CharField(source="facilitation.person.preferred_name")
    shared_interests = serializers.ListField(child=serializers.CharField())
    members = ProposedMemberSerializer(many=True)

    @extend_schema_field(WindowSerializer)
    def get_window(self, proposal: CohortProposal) -> dict[str, int]:
        ends = proposal.starts + proposal.run.term.session_minutes
        return WindowSerializer(WeeklyWindow(proposal.weekday, proposal.starts, ends)).data


class UnplacedSerializer(serializers.Serializer[Unplaced]):
    participation = serializers.IntegerField(source="participation_id")
    name = serializers.CharField(source="participation.person.preferred_name")
    reason = serializers.ChoiceField(choices=Participation.WaitingReason.choices)


class RunSerializer(serializers.Serializer[MatchRun]):
    """A run. Needs: term, and what `matching.api.views.runs_of` reads with it."""

    id = serializers.IntegerField()
    term = serializers.IntegerField(source="term_id")
    zone = serializers.CharField(source="term.zone", help_text="IANA name; the windows are in it")
    status = serializers.ChoiceField(choices=MatchRun.Status.choices)
    seed = serializers.IntegerField()
    engine_version = serializers.CharField()
    input_digest = serializers.CharField()
    progress = serializers.IntegerField(help_text="percent")
    trouble = serializers.CharField()
    created_at = MomentField()
    finished_at = MomentField(allow_null=True)
    published_at = MomentField(allow_null=True)
    held_until = MomentField(allow_null=True, help_text="until then nobody is told, and publishing can be taken back")
    people = serializers.IntegerField()
    placed = serializers.IntegerField()
    proposals = ProposalSerializer(many=True)
    unplaced = UnplacedSerializer(many=True)
