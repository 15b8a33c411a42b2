"""Sessions, to whom their pages show them; and a publication taken back, with the sessions that it made."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from dialogue import clock
from dialogue.api.fields import ConflictSerializer
from dialogue.models import Term
from matching.api.serializers import RunSerializer
from matching.api.views import runs_of
from matching.models import MatchRun
from sessions.api.serializers import SessionDetailSerializer, SessionSerializer
from sessions.models import DialogueSession
from sessions.people_reading import expected_at
from sessions.reading import glance_at, prompts_of
from sessions.services.unpublishing import NotTakenBack, take_back
from sessions.unpublish_words import NOT_TAKEN_BACK


class AfterSerializer(serializers.Serializer[dict[str, Any]]):
    """From when on sessions are wanted."""

    after = serializers.DateTimeField(
        required=False, help_text="a moment with its offset; sessions over by then are left out"
    )


class Sessions(ListAPIView):
    """One's own sessions, as a participant or facilitator, the earliest first; cancelled ones say so."""

    queryset = DialogueSession.objects.none()
    serializer_class = SessionSerializer

    @extend_schema(operation_id="sessions_list", parameters=[AfterSerializer])
    def get(self, *args: Any, **options: Any) -> Any:
        """List one's own sessions, as a participant or facilitator, the earliest first; cancelled ones say so."""
        return super().get(*args, **options)

    def get_queryset(self) -> QuerySet[DialogueSession]:
        asked = AfterSerializer(data=self.request.query_params)
        asked.is_valid(raise_exception=True)
        rows = DialogueSession.objects.of(self.request.user).as_seen_by(self.request.user)
        if "after" in asked.validated_data:
            rows = rows.not_over_at(asked.validated_data["after"])
        return rows.order_by("starts_at", "pk")


class TermSessions(ListAPIView):
    """The sessions of a term: all of them for its coordinators, one's own for everybody else."""

    queryset = DialogueSession.objects.none()
    serializer_class = SessionSerializer

    def get_queryset(self) -> QuerySet[DialogueSession]:
        reader = self.request.user
        term = get_object_or_404(Term.objects.visible_to(reader), pk=self.kwargs["pk"])
        rows = DialogueSession.objects.visible_to(reader).as_seen_by(reader)
        return rows.filter(cohort__term=term).order_by("starts_at", "pk")


class OneSession(RetrieveAPIView):
    """One session with its people and prompts."""

    queryset = DialogueSession.objects.none()
    serializer_class = SessionDetailSerializer

    def get_object(self) -> DialogueSession:
        """Return the session with `people` and `prompts`; answers only for its facilitator and coordinators."""
        reader = self.request.user
        rows = DialogueSession.objects.visible_to(reader).as_seen_by(reader)
        session = get_object_or_404(rows, pk=self.kwargs["pk"])
        sees_answers = session.coordinates or session.facilitator_id == reader.pk
        session.people = [
            {"name": one.name, "answer": (one.answer or None) if sees_answers else None} for one in expected_at(session)
        ]
        shown = glance_at(session=session, now=clock.now()).shows_prompts
        session.prompts = [prompt.text for prompt in prompts_of(session)] if shown else []
        return session


class RunUnpublish(APIView):
    """Taking a publication back."""

    @extend_schema(operation_id="runs_unpublish", request=None, responses={200: RunSerializer, 409: ConflictSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Make a published run ready again while nobody was told. 409 `not_held`, `left` or `changed` where it stays.

        Repeating it changes nothing. `held_until` of a run says until when nothing of it leaves.
        """
        run = get_object_or_404(MatchRun.objects.managed_by(request.user), pk=pk)
        try:
            take_back(run_id=run.pk, actor=request.user, now=clock.now())
        except NotTakenBack as refused:
            told = {"code": refused.why.value, "detail": NOT_TAKEN_BACK[refused.why], "rules": []}
            return Response(ConflictSerializer(told).data, status=status.HTTP_409_CONFLICT)
        return Response(RunSerializer(runs_of(request).get(pk=run.pk)).data)
