"""Offer repairs of a term at work, and carry one out as long as the world is as it was."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction

from dialogue.models import Cohort, Participation, Person, Term
from dialogue.outbox import hold_messages
from dialogue.services.cohorts import CohortRefused
from dialogue.services.reseating import Seating, reseat
from matching.engine.changes import Change, Changes
from matching.engine.repair import BrokenCohort, ChangedTime, Event, LateJoiner, LostFacilitator, Proposal, Repairs
from matching.engine.rules import Rulebook
from matching.engine.seats import Locks
from matching.inputs import window_of_slot
from matching.models import Repair
from matching.running import RunningPlan, read_running

MOST_OFFERED: Final = 5
MAILS_WAIT: Final = timedelta(minutes=10)
"""How long the mails of a repair wait, and so how long it can be taken back without anybody having heard of it."""


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

    @property
    def changes_a_time(self) -> bool:
        return bool(self.proposal.new_times or self.proposal.other_times)


def offers(*, term: Term, trouble: Trouble, now: datetime) -> tuple[RunningPlan, list[Offer]]:
    """Return the plan at work and what may be done, the mildest first.

    Offered is what leaves alone all that is locked, keeps everybody seated and opens no cohort. A cohort's time, for
    which its sessions are booked, changes only where nothing else can be done: its own, or that of another cohort.
    Nothing is offered for a cohort or a person that is locked itself; a cohort that lacks nothing only takes in.
    """
    plan = read_running(term, now=now)
    if is_locked(plan, trouble):
        return plan, []
    try:
        event = _event(plan, trouble)
    except KeyError:
        return plan, []
    for locks in _leeways(plan, trouble):
        repairs = Repairs(plan.problem, plan.planned, locks=locks)
        found = repairs.proposals(event, most=4 * MOST_OFFERED) if event is not None else []
        kept = [one for one in found if _can_be_done(plan, one, trouble)]
        if kept:
            return plan, [Offer(_key(plan, one), one) for one in kept[:MOST_OFFERED]]
    return plan, []


def change_that_seats(plan: RunningPlan, trouble: Trouble) -> Change | None:
    """Return the cheapest single change that would seat somebody who waits in a cohort at work, moving nobody else.

    None for anybody who does not wait, and when no single change does. A cohort that is locked takes nobody in.
    """
    person = str(trouble.participation_id)
    if person not in {one.id for one in plan.problem.participants}:
        return None
    return Changes(plan.problem, plan.planned, locks=plan.locks).cheapest(person, at_work=True)


def is_locked(plan: RunningPlan, trouble: Trouble) -> bool:
    """Whether what is to be mended is locked itself."""
    if trouble.cohort_id is not None:
        return any(plan.cohorts[at].pk == trouble.cohort_id for at in plan.locks.cohorts)
    person = str(trouble.participation_id)
    return person in plan.locks.people or any(person in plan.planned[at].members for at in plan.locks.cohorts)


def _leeways(plan: RunningPlan, trouble: Trouble) -> Iterator[Locks]:
    """Yield what must be left alone: every time at first, then only what is locked.

    Of a cohort that keeps its rules no time is changed, only to let somebody in who waits.
    """
    yield replace(plan.locks, times=frozenset(range(len(plan.cohorts))), opens=False)
    if not _only_takes_in(plan, trouble):
        yield replace(plan.locks, opens=False)


def _only_takes_in(plan: RunningPlan, trouble: Trouble) -> bool:
    """Whether nothing is to be mended: who waits may come into a cohort that keeps its rules."""
    return trouble.cohort_id is not None and not trouble.lost_facilitator and _is_sound(plan, trouble.cohort_id)


def _is_sound(plan: RunningPlan, cohort_id: int) -> bool:
    return any(one.pk == cohort_id and one.status == Cohort.Status.ACTIVE for one in plan.cohorts)


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
    if not proposal.mends or not proposal.changes:
        return False
    if _only_takes_in(plan, trouble) and not proposal.seated:
        return False
    return all(position < len(plan.cohorts) for position, _ in proposal.changes)


def _key(plan: RunningPlan, proposal: Proposal) -> str:
    """Return what a proposal is, of whom and from what, in one word: any change of these makes it another."""
    whole = [
        [plan.cohorts[at].pk, list(plan.planned[at].members), plan.planned[at].facilitator, plan.planned[at].start]
        + ([list(cohort.members), cohort.facilitator, cohort.start] if cohort is not None else [])
        for at, cohort in proposal.changes
    ]
    return hashlib.sha256(json.dumps(whole).encode()).hexdigest()[:32]


def apply_repair(*, term: Term, trouble: Trouble, key: str, now: datetime, actor: Person | None = None) -> Proposal:
    """Carry out the offer with this key: memberships, sessions to come, hours and mails, whole or not at all.

    Everything is read and offered anew under a lock: of two who ask at once, the second is told. The mails wait for
    `MAILS_WAIT`, and until then the repair can be taken back.

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
            seatings = _seatings(plan, offer.proposal)
            _write_down(plan, offer.proposal, seatings, now, actor)
            reseat(term=locked, seatings=seatings, now=now, actor=actor)
            hold_messages(made_at=now, until=now + MAILS_WAIT)
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
    found = []
    for at, cohort in proposal.changes:
        before = plan.cohorts[at]
        moves = cohort is not None and cohort.start != plan.planned[at].start
        found.append(
            Seating(
                cohort_id=before.pk,
                facilitation_id=int(cohort.facilitator) if cohort is not None else before.facilitation_id,
                participation_ids=tuple(int(member) for member in cohort.members) if cohort is not None else (),
                window=window_of_slot(cohort.start) if cohort is not None and moves else _window(before),
            )
        )
    return found


def _window(cohort: Cohort) -> tuple[int, int]:
    return cohort.weekday, cohort.starts


def _write_down(
    plan: RunningPlan, proposal: Proposal, seatings: Sequence[Seating], now: datetime, actor: Person | None
) -> None:
    before = [
        Seating(
            cohort_id=plan.cohorts[at].pk,
            facilitation_id=plan.cohorts[at].facilitation_id,
            participation_ids=tuple(int(member) for member in plan.planned[at].members),
            window=_window(plan.cohorts[at]),
        )
        for at, _ in proposal.changes
    ]
    waited = Participation.objects.filter(pk__in=[int(one) for one in proposal.seated])
    Repair.objects.create(
        term=plan.term,
        before=[row_of_seating(one) for one in before],
        after=[row_of_seating(one) for one in seatings],
        waited={str(pk): reason for pk, reason in waited.values_list("pk", "waiting_reason")},
        done_by=actor,
        done_at=now,
        mails_at=now + MAILS_WAIT,
    )


def row_of_seating(one: Seating) -> list[object]:
    """Return a seating in plain values."""
    return [one.cohort_id, one.facilitation_id, *(one.window or ()), sorted(one.participation_ids)]
