"""Publish a run: its proposals become cohorts, all of them or none."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction

from dialogue.models import Cohort, Participation, Person
from dialogue.outbox import Draft, queue_messages
from dialogue.services import audit
from dialogue.services.cohorts import CohortRefused, form_cohort
from matching.engine import PlannedCohort
from matching.engine.rules import Rulebook
from matching.inputs import read_input, slot_of_window
from matching.models import MatchRun

CHANGED_MEANWHILE: Final = "changed_meanwhile"


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
def publish_run(*, run_id: int, now: datetime, actor: Person | None = None, version: int | None = None) -> Published:
    """Make cohorts of a run's proposals in one transaction and tell each unplaced person's waiting reason.

    The proposals are checked again against the people, times and rules of this moment. Publishing twice is
    harmless: the second call changes nothing. With `version`, that of the board which was looked at, only what was
    seen is published.

    Raises:
        PublishRefused: a proposal would break a rule by now, or the run is not ready.
    """
    run = MatchRun.objects.select_for_update().select_related("term").get(pk=run_id)
    if run.status == MatchRun.Status.PUBLISHED:
        return Published(cohorts=(), waiting=0)
    if run.status != MatchRun.Status.READY:
        raise PublishRefused(("not_ready",))
    # The update comes first: on databases without row locks it is what makes a second publisher wait or lose.
    if not MatchRun.objects.filter(pk=run_id, status=MatchRun.Status.READY).update(
        status=MatchRun.Status.PUBLISHED, published_at=now
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
    if broken := Rulebook(read_input(run.term).problem).check_plan(plan):
        raise PublishRefused(tuple(sorted({breach.rule.value for breach in broken})))
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
            )
            for proposal in proposals
        )
    except CohortRefused as error:
        raise PublishRefused((error.rule,)) from error
    waiting = _tell_the_unplaced(run, now)
    audit.record(
        actor=actor,
        action="match_run_published",
        subject_key=f"run:{run.pk}",
        now=now,
        detail={"cohorts": len(cohorts), "waiting": waiting},
    )
    return Published(cohorts=cohorts, waiting=waiting)


def _tell_the_unplaced(run: MatchRun, now: datetime) -> int:
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
                    dedupe_key=f"not-placed:{run.pk}:{one.participation_id}",
                    due_at=now,
                )
            )
    return queue_messages(drafts, now=now)
