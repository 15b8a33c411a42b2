"""Offer repairs of a term at work, and carry one out as long as the world is as it was."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from dialogue.models import Person, Term
from dialogue.services.cohorts import CohortRefused
from dialogue.services.reseating import Seating, reseat
from matching.engine.repair import BrokenCohort, ChangedTime, Event, LateJoiner, LostFacilitator, Proposal, Repairs
from matching.engine.rules import Rulebook
from matching.running import RunningPlan, read_running

MOST_OFFERED = 5


class RepairRefused(Exception):
    """The repair cannot be carried out any more. `rule` is a code of `rule_words`."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What is to be mended: a cohort that is broken or full of free seats, one without its facilitator, or one person.

    Exactly one of the ids is set; `lost_facilitator` is said of the cohort.
    """

    cohort_id: int | None = None
    participation_id: int | None = None
    lost_facilitator: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """A proposal with the key by which it is asked for again."""

    key: str
    proposal: Proposal


def offers(*, term: Term, trouble: Trouble, now: datetime) -> tuple[RunningPlan, list[Offer]]:
    """Return the plan at work and what may be done, the mildest first.

    Offered is what keeps everybody seated, every cohort's time and the number of cohorts: the sessions are booked.
    """
    plan = read_running(term, now=now)
    repairs = Repairs(plan.problem, plan.planned)
    try:
        event = _event(plan, trouble)
        found = repairs.proposals(event, most=4 * MOST_OFFERED) if event is not None else []
    except KeyError:
        return plan, []
    kept = [one for one in found if _can_be_done(plan, one, trouble)]
    return plan, [Offer(_key(plan, one), one) for one in kept[:MOST_OFFERED]]


def _event(plan: RunningPlan, trouble: Trouble) -> Event | None:
    if trouble.cohort_id is not None:
        position = plan.position_of(trouble.cohort_id)
        if trouble.lost_facilitator:
            return LostFacilitator(plan.planned[position].facilitator)
        return BrokenCohort(position)
    person = str(trouble.participation_id)
    here = next((one for one in plan.planned if person in one.members), None)
    if here is None:
        return LateJoiner(person)
    window = [(here.start + step) % plan.problem.params.week_slots for step in range(plan.problem.params.window_slots)]
    whole = next(one.availability for one in plan.problem.participants if one.id == person)
    return ChangedTime(person, whole & ~sum(1 << slot for slot in window))


def _can_be_done(plan: RunningPlan, proposal: Proposal, trouble: Trouble) -> bool:
    if not proposal.mends or proposal.new_times or proposal.other_times or not proposal.changes:
        return False
    return all(position < len(plan.cohorts) for position, _ in proposal.changes)


def _key(plan: RunningPlan, proposal: Proposal) -> str:
    """Return what a proposal is, of whom and from what, in one word: any change of these makes it another."""
    whole = [
        [plan.cohorts[at].pk, list(plan.planned[at].members), plan.planned[at].facilitator, plan.planned[at].start]
        + ([list(cohort.members), cohort.facilitator] if cohort is not None else [])
        for at, cohort in proposal.changes
    ]
    return hashlib.sha256(json.dumps(whole).encode()).hexdigest()[:32]


def apply_repair(*, term: Term, trouble: Trouble, key: str, now: datetime, actor: Person | None = None) -> Proposal:
    """Carry out the offer with this key: memberships, sessions to come, hours and mails, whole or not at all.

    Everything is read and offered anew under a lock: of two who ask at once, the second is told.

    Raises:
        RepairRefused: the offer stands no more (`changed_meanwhile`), a rule would break, or somebody is booked
            elsewhere at one of the sessions (`time_taken`).
    """
    try:
        with transaction.atomic():
            locked = Term.objects.select_for_update().get(pk=term.pk)
            plan, found = offers(term=locked, trouble=trouble, now=now)
            offer = next((one for one in found if one.key == key), None)
            if offer is None:
                raise RepairRefused("changed_meanwhile")
            _check(plan, offer.proposal)
            reseat(term=locked, seatings=_seatings(plan, offer.proposal), now=now, actor=actor)
            return offer.proposal
    except CohortRefused as error:
        raise RepairRefused(error.rule) from error
    except IntegrityError as error:
        raise RepairRefused("time_taken") from error


def _check(plan: RunningPlan, proposal: Proposal) -> None:
    """Hold the changed cohorts, and the facilitators' loads, against the hard rules once more."""
    changes = dict(proposal.changes)
    cohorts = [changes.get(at, cohort) for at, cohort in enumerate(plan.planned)]
    standing = [(at, cohort) for at, cohort in enumerate(cohorts) if cohort is not None]
    before = {(one.rule, one.ids) for one in Rulebook(plan.problem).check_plan(plan.planned)}
    for breach in Rulebook(plan.problem).check_plan([cohort for _, cohort in standing]):
        is_new = (breach.rule, breach.ids) not in before
        if is_new or (breach.cohort is not None and standing[breach.cohort][0] in changes):
            raise RepairRefused(breach.rule.value)


def _seatings(plan: RunningPlan, proposal: Proposal) -> Sequence[Seating]:
    return [
        Seating(
            cohort_id=plan.cohorts[at].pk,
            facilitation_id=int(cohort.facilitator) if cohort is not None else plan.cohorts[at].facilitation_id,
            participation_ids=tuple(int(member) for member in cohort.members) if cohort is not None else (),
        )
        for at, cohort in proposal.changes
    ]
