"""Match runs, for the coordinators of their term: start one, look at it, publish it."""

import secrets
from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from dialogue import clock
from dialogue.api.fields import ConflictSerializer
from dialogue.models import Term
from matching.api.serializers import RunOrderSerializer, RunSerializer
from matching.models import CohortProposal, MatchRun, ProposedMember, Unplaced
from matching.rule_words import rule_sentences
from matching.services.publish import PublishRefused, publish_run
from matching.services.runs import NobodyToMatch, RunUnderWay, start_run


class TermRuns(APIView):
    """Starting a run."""

    @extend_schema(
        operation_id="terms_runs_create",
        request=RunOrderSerializer,
        responses={201: RunSerializer, 409: ConflictSerializer},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Start a run of a term. 409 with code `run_under_way` or `nobody_to_match` where none can be."""
        term = get_object_or_404(Term.objects.managed_by(request.user), pk=pk)
        order = RunOrderSerializer(data=request.data)
        order.is_valid(raise_exception=True)
        seed = order.validated_data.get("seed", secrets.randbelow(1_000_000))
        try:
            run = start_run(term=term, seed=seed, actor=request.user, now=clock.now())
        except RunUnderWay:
            words = _("Cohorts are being formed already. Look at that run first.")
            return _conflict("run_under_way", words)
        except NobodyToMatch:
            return _conflict("nobody_to_match", _("Nobody waits who has been accepted and has given consent."))
        return Response(RunSerializer(runs_of(request).get(pk=run.pk)).data, status=status.HTTP_201_CREATED)


class OneRun(RetrieveAPIView):
    """A run: how far it is, what it proposes, and who is left waiting for which reason."""

    queryset = MatchRun.objects.none()
    serializer_class = RunSerializer

    def get_queryset(self) -> QuerySet[MatchRun]:
        return runs_of(self.request)


class RunPublish(APIView):
    """Publishing a run."""

    @extend_schema(operation_id="runs_publish", request=None, responses={200: RunSerializer, 409: ConflictSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Make cohorts of a run's proposals. Repeating it changes nothing; 409 `publish_refused` names the rules."""
        run = get_object_or_404(MatchRun.objects.managed_by(request.user), pk=pk)
        try:
            hold = timedelta(seconds=settings.PUBLISH_HOLD_SECONDS)
            publish_run(run_id=run.pk, actor=request.user, now=clock.now(), hold=hold)
        except PublishRefused as refused:
            sentences = " ".join(str(words) for words in rule_sentences(refused.rules))
            return _conflict("publish_refused", sentences, refused.rules)
        return Response(RunSerializer(runs_of(request).get(pk=run.pk)).data)


def runs_of(request: Request) -> QuerySet[MatchRun]:
    """Return the runs that the reader coordinates, with all that is told of one."""
    proposals = CohortProposal.objects.select_related("run__term", "facilitation__person").order_by("number")
    members = ProposedMember.objects.select_related("participation__person").order_by("participation")
    unplaced = Unplaced.objects.select_related("participation__person").order_by("participation")
    return (
        MatchRun.objects.managed_by(request.user)
        .select_related("term")
        .prefetch_related(
            Prefetch("proposals", proposals), Prefetch("proposals__members", members), Prefetch("unplaced", unplaced)
        )
    )


def _conflict(code: str, detail: str, rules: Iterable[str] = ()) -> Response:
    answer = {"code": code, "detail": detail, "rules": list(rules)}
    return Response(ConflictSerializer(answer).data, status=status.HTTP_409_CONFLICT)
