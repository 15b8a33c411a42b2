"""Take a publication back while nothing of it has left: afterwards it is as though it had never been."""

from collections.abc import Collection, Iterator
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from django.db import models, transaction
from django.db.models import F, Q

from dialogue.models import Cohort, Membership, OutboundMessage, Participation, Person
from dialogue.outbox import AlreadyLeaving, withdraw_messages
from matching.models import CohortProposal, MatchRun, ProposedMember
from matching.services.publish import cohorts_of, unpublish_run
from sessions.copies import subject_of
from sessions.models import Attendance, BusyTime, DialogueSession, SessionPrompt, SessionSeries
from sessions.services.feeds import mark_feeds_stale

BOOKED: Final = frozenset(
    {SessionSeries, DialogueSession, BusyTime, Attendance, SessionPrompt, Membership, CohortProposal}
)
"""What publishing and booking write about a cohort. Whatever else points at it was written by somebody since."""


class TooLate(StrEnum):
    """Why a publication cannot be taken back."""

    NOT_HELD = "not_held"
    LEFT = "left"
    CHANGED = "changed"


class NotTakenBack(Exception):
    """A publication stays as it is, whole."""

    def __init__(self, why: TooLate) -> None:
        super().__init__(why.value)
        self.why = why


@transaction.atomic
def take_back(*, run_id: int, now: datetime, actor: Person | None = None) -> bool:
    """Make a published run ready again: its cohorts, sessions, hours and mails go, and its people wait as before.

    Returns whether this call did it; taken back twice, the second call changes nothing. Somebody who books or sends
    at this moment comes before or after: either all of it goes, or all of it stays.

    Raises:
        NotTakenBack: a message of it has left or is being sent, or somebody has done something with its cohorts.
    """
    run = MatchRun.objects.select_for_update().get(pk=run_id)
    if run.status == MatchRun.Status.READY:
        return False
    cohorts = cohorts_of(run_id)
    if run.status != MatchRun.Status.PUBLISHED or run.held_until is None:
        raise NotTakenBack(TooLate.NOT_HELD)
    sessions = _lock(cohorts)
    told = [f"cohort:{pk}" for pk in cohorts] + [subject_of(session) for session in sessions]
    try:
        withdraw_messages(OutboundMessage.objects.filter(subject_key__in=told))
        if _changed_since(run, cohorts, sessions):
            raise NotTakenBack(TooLate.CHANGED)
        people = _everyone_of(cohorts)
        unpublish_run(run_id=run_id, now=now, actor=actor)
    except AlreadyLeaving as error:
        raise NotTakenBack(TooLate.LEFT) from error
    mark_feeds_stale(people)
    return True


def _lock(cohorts: Collection[int]) -> list[DialogueSession]:
    """Lock all that may change under a publication and return its sessions, in the order in which others lock.

    The series go before the sessions and the cohorts: a booking holds its series until it is whole.
    """
    seated = Participation.objects.filter(pk__in=Membership.objects.filter(cohort__in=cohorts).values("participation"))
    list(seated.select_for_update().order_by("pk").values_list("pk"))
    list(SessionSeries.objects.filter(cohort__in=cohorts).select_for_update().order_by("pk").values_list("pk"))
    sessions = list(DialogueSession.objects.filter(cohort__in=cohorts).select_for_update().order_by("pk"))
    list(Attendance.objects.filter(session__in=sessions).select_for_update().order_by("pk").values_list("pk"))
    list(Cohort.objects.filter(pk__in=cohorts).select_for_update().order_by("pk").values_list("pk"))
    return sessions


def _changed_since(run: MatchRun, cohorts: Collection[int], sessions: Collection[DialogueSession]) -> bool:
    """Return whether anything is otherwise than publishing and booking left it."""
    return any(found.exists() for found in _changes(run, cohorts, [session.pk for session in sessions])) or (
        _seats(run) != set(Membership.objects.filter(cohort__in=cohorts).values_list("cohort", "participation"))
    )


def _seats(run: MatchRun) -> set[tuple[int | None, int]]:
    return set(ProposedMember.objects.filter(run=run).values_list("proposal__cohort", "participation"))


def _changes(run: MatchRun, cohorts: Collection[int], sessions: Collection[int]) -> Iterator[models.QuerySet[Any]]:
    yield run.proposals.filter(cohort__isnull=True)
    mine = Cohort.objects.filter(pk__in=cohorts)
    proposed = Q(facilitation=F("proposal__facilitation"), weekday=F("proposal__weekday"), starts=F("proposal__starts"))
    yield mine.exclude(proposed, status=Cohort.Status.ACTIVE)
    yield Membership.objects.filter(cohort__in=cohorts).exclude(
        left_at__isnull=True, participation__status=Participation.Status.PLACED
    )
    booked = DialogueSession.objects.filter(pk__in=sessions)
    yield booked.exclude(
        sequence=0, status=DialogueSession.Status.CONFIRMED, facilitator_away_at=None, created_at=F("changed_at")
    )
    yield Attendance.objects.filter(session__in=sessions).exclude(
        answer=Attendance.Answer.NONE, came=None, guest=None, link_version=0
    )
    yield DialogueSession.objects.filter(joint_with__in=sessions)
    yield SessionPrompt.objects.filter(session__in=sessions, by_hand=True)
    for model, keys in ((Cohort, cohorts), (DialogueSession, sessions)):
        for relation in model._meta.related_objects:  # noqa: SLF001  the documented way to ask a model
            if relation.related_model not in BOOKED:
                yield relation.related_model._base_manager.filter(  # noqa: SLF001
                    **{f"{relation.field.name}__in": keys}
                )


def _everyone_of(cohorts: Collection[int]) -> set[int]:
    """Return the people of cohorts, with those who lead them."""
    members = Membership.objects.filter(cohort__in=cohorts).values_list("participation__person", flat=True)
    leaders = Cohort.objects.filter(pk__in=cohorts).values_list("facilitation__person", flat=True)
    return {*members, *leaders}
