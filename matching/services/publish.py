"""Publish a run: its proposals become cohorts, all of them or none."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from dialogue.models import Cohort, OutboundMessage, Participation, Person, Term
from dialogue.outbox import Draft, queue_messages, withdraw_messages
from dialogue.services import audit
from dialogue.services.cohorts import CohortRefused, dissolve_cohorts, form_cohort
from dialogue.term_dates import dates_by_weekday
from matching.engine import PlannedCohort
from matching.engine.rules import Rulebook
from matching.inputs import read_input, slot_of_window
from matching.models import CohortProposal, MatchRun

CHANGED_MEANWHILE: Final = "changed_meanwhile"
LATER_DATES: Final = "later_dates"
"""Turns have passed since the run, so that its cohorts would meet on other dates than those it was formed for."""


class PublishRefused(Exception):
    """The proposals no longer hold, because people, times or rules have changed since the run. `rules` are codes."""

    def __init__(self, rules: tuple[str, ...]) -> None:
        super().__init__(", ".join(rules))
        self.rules = rules


@dataclass(frozen=True, slots=True)
class Published:
    """What publishing made."""

    cohorts: tuple[Cohort, ...]
    waiting: int


@transaction.atomic
def publish_run(
    *,
    run_id: int,
    now: datetime,
    actor: Person | None = None,
    version: int | None = None,
    hold: timedelta = timedelta(),
) -> Published:
    """Make cohorts of a run's proposals in one transaction and tell each unplaced person's waiting reason.

    The proposals are checked again against the people, times and rules of this moment, on the dates that the sessions
    would have if people heard of them now. Publishing twice is
    harmless: the second call changes nothing. With `version`, that of the board which was looked at, only what was
    seen is published. For as long as `hold` nobody is told, and all of it can be taken back.

    Raises:
        PublishRefused: a proposal would break a rule by now, or the run is not ready.
    """
    run = MatchRun.objects.select_for_update().select_related("term").get(pk=run_id)
    if run.status == MatchRun.Status.PUBLISHED:
        return Published(cohorts=(), waiting=0)
    if run.status != MatchRun.Status.READY:
        raise PublishRefused(("not_ready",))
    held_until = now + hold if hold else None
    # The update comes first: on databases without row locks it is what makes a second publisher wait or lose.
    if not MatchRun.objects.filter(pk=run_id, status=MatchRun.Status.READY).update(
        status=MatchRun.Status.PUBLISHED, published_at=now, held_until=held_until, waited_for=_reasons(run.term)
    ):
        return Published(cohorts=(), waiting=0)
    if version is not None and run.board_steps.count() != version:
        raise PublishRefused((CHANGED_MEANWHILE,))

    proposals = list(run.proposals.select_related("facilitation").prefetch_related("members").order_by("number"))
    plan = [
        PlannedCohort(
            members=tuple(str(member.participation_id) for member in proposal.members.all()),
            facilitator=str(proposal.facilitation_id),
            start=slot_of_window(weekday=proposal.weekday, starts=proposal.starts),
        )
        for proposal in proposals
    ]
    if broken := Rulebook(read_input(run.term, now=now).problem).check_plan(plan):
        later = (LATER_DATES,) if _meets_later(run, now) else ()
        raise PublishRefused((*later, *sorted({breach.rule.value for breach in broken})))
    try:
        cohorts = tuple(
            form_cohort(
                term=run.term,
                facilitation=proposal.facilitation,
                weekday=proposal.weekday,
                starts=proposal.starts,
                participation_ids=[member.participation_id for member in proposal.members.all()],
                shared_interests=proposal.shared_interests,
                now=now,
                held_until=held_until,
            )
            for proposal in proposals
        )
    except CohortRefused as error:
        raise PublishRefused((error.rule,)) from error
    for proposal, cohort in zip(proposals, cohorts, strict=True):
        proposal.cohort = cohort
    CohortProposal.objects.bulk_update(proposals, ["cohort"])
    waiting = _tell_the_unplaced(run, now, held_until)
    audit.record(
        actor=actor,
        action="match_run_published",
        subject_key=f"run:{run.pk}",
        now=now,
        detail={"cohorts": len(cohorts), "waiting": waiting},
    )
    return Published(cohorts=cohorts, waiting=waiting)


def _meets_later(run: MatchRun, now: datetime) -> bool:
    then = run.finished_at or run.created_at
    return dates_by_weekday(run.term, told_at=now) != dates_by_weekday(run.term, told_at=then)


def _reasons(term: Term) -> dict[str, str]:
    """Return why each person of a term waits, by key."""
    waiting = term.participations.filter(status=Participation.Status.ACCEPTED).exclude(waiting_reason="")
    return {str(pk): reason for pk, reason in waiting.values_list("pk", "waiting_reason")}


def _tell_the_unplaced(run: MatchRun, now: datetime, held_until: datetime | None) -> int:
    """Keep each unplaced person's reason, queue the mail that tells them, and return how many still wait."""
    drafts = []
    for one in run.unplaced.select_related("participation").order_by("participation"):
        still_waiting = Participation.objects.filter(
            pk=one.participation_id, status=Participation.Status.ACCEPTED
        ).update(waiting_reason=one.reason)
        if still_waiting:
            drafts.append(
                Draft(
                    kind="not_placed",
                    recipient_id=one.participation.person_id,
                    subject_key=f"participation:{one.participation_id}",
                    dedupe_key=f"{_not_placed(run.pk)}{one.participation_id}",
                    due_at=now,
                )
            )
    return queue_messages(drafts, now=now, not_before=held_until)


def _not_placed(run_id: int) -> str:
    """Return how the dedupe keys begin of what tells people that a run did not place them."""
    return f"not-placed:{run_id}:"


def not_placed_by(run_id: int) -> QuerySet[OutboundMessage]:
    """Return what tells people that a run did not place them."""
    return OutboundMessage.objects.filter(kind="not_placed", dedupe_key__startswith=_not_placed(run_id))


def cohorts_of(run_id: int) -> list[int]:
    """Return the keys of the cohorts that a run was published as."""
    published = CohortProposal.objects.filter(run=run_id, cohort__isnull=False).order_by("cohort")
    return list(published.values_list("cohort", flat=True))


@transaction.atomic
def unpublish_run(*, run_id: int, now: datetime, actor: Person | None = None) -> None:
    """Make a published run ready again as though it had never been published. Its cohorts go, with all that is theirs.

    The caller has made sure, under locks, that nobody was told of the cohorts and that nothing was done with them.

    Raises:
        AlreadyLeaving: somebody is being told that they were not placed.
    """
    run = MatchRun.objects.select_for_update().get(pk=run_id)
    withdraw_messages(not_placed_by(run_id))
    waited_for = {int(pk): reason for pk, reason in run.waited_for.items()}
    cohorts = cohorts_of(run_id)
    dissolve_cohorts(cohort_ids=cohorts, waited_for=waited_for)
    for one in run.unplaced.order_by("participation"):
        waiting = Participation.objects.filter(pk=one.participation_id, status=Participation.Status.ACCEPTED)
        waiting.filter(waiting_reason=one.reason).update(
            waiting_reason=waited_for.get(one.participation_id, one.reason)
        )
    run.status, run.published_at, run.held_until, run.waited_for = MatchRun.Status.READY, None, None, {}
    run.save(update_fields=["status", "published_at", "held_until", "waited_for"])
    audit.record(
        actor=actor,
        action="match_run_unpublished",
        subject_key=f"run:{run.pk}",
        now=now,
        detail={"cohorts": len(cohorts)},
    )
