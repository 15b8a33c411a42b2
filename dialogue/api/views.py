"""Terms and their cohorts, to whom their pages show them; and the end of a token."""

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from dialogue import clock
from dialogue.api.serializers import CohortSerializer, TermSerializer
from dialogue.models import Cohort, Membership, Term
from dialogue.services.tokens import revoke_token


class Terms(ListAPIView):
    """The terms that one coordinates, facilitates in or takes part in, the latest first."""

    queryset = Term.objects.none()
    serializer_class = TermSerializer

    def get_queryset(self) -> QuerySet[Term]:
        return Term.objects.visible_to(self.request.user).select_related("programme").order_by("-starts_on", "-pk")


class OneTerm(RetrieveAPIView):
    """One of these terms."""

    queryset = Term.objects.none()
    serializer_class = TermSerializer

    def get_queryset(self) -> QuerySet[Term]:
        return Term.objects.visible_to(self.request.user).select_related("programme")


class TermCohorts(ListAPIView):
    """The cohorts of a term: all of them for its coordinators, one's own for everybody else."""

    queryset = Cohort.objects.none()
    serializer_class = CohortSerializer

    def get_queryset(self) -> QuerySet[Cohort]:
        term = get_object_or_404(Term.objects.visible_to(self.request.user), pk=self.kwargs["pk"])
        return _cohorts(self.request).filter(term=term).order_by("number")


class OneCohort(RetrieveAPIView):
    """One of these cohorts."""

    queryset = Cohort.objects.none()
    serializer_class = CohortSerializer

    def get_queryset(self) -> QuerySet[Cohort]:
        return _cohorts(self.request)


class TokenEnd(APIView):
    """The end of the token that asks."""

    @extend_schema(operation_id="token_revoke", request=None, responses={204: None})
    def post(self, request: Request) -> Response:
        """End the token that this request came with."""
        revoke_token(token_id=request.auth.pk, now=clock.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


def _cohorts(request: Request) -> QuerySet[Cohort]:
    today = Membership.objects.filter(left_at__isnull=True).select_related("participation__person")
    in_order = today.order_by("participation__person__family_kana", "participation__person__given_kana", "pk")
    coordinated = Cohort.objects.managed_by(request.user).filter(pk=OuterRef("pk"))
    return (
        Cohort.objects.visible_to(request.user)
        .annotate(coordinates=Exists(coordinated))
        .select_related("term", "facilitation__person")
        .prefetch_related(Prefetch("memberships", queryset=in_order, to_attr="members_of_today"))
    )
