"""Change the proposals of a finished run by hand: each step judged, written down, and one that can be taken back."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import IntegrityError, transaction

from dialogue.models import Participation, Person
from dialogue.services import audit
from matching.boards import RunBoard, board_of, change_of_row, row_of_change
from matching.describing import descriptions
from matching.engine.board import Board, Change, Lock, Seat, Stale, Step
from matching.engine.judging import Judge, Verdict
from matching.explaining import explained_again
from matching.keeping import keep_of
from matching.models import BoardStep, CohortProposal, MatchRun, ProposedMember, Unplaced
from matching.services.runs import discard_run, start_run
from matching.wishes import Wishes

WAITS = Participation.WaitingReason.MATCHING.value
"""Why somebody waits whom a coordinator took out of a cohort: for the next forming of cohorts."""


class NotArrangeable(Exception):
    """The run is not ready: it is published, set aside or under way."""


class ChangedMeanwhile(Exception):
    """Somebody has changed the board since it was looked at. `since` is the version that was looked at."""

    def __init__(self, since: int) -> None:
        super().__init__(str(since))
        self.since = since


class StepRefused(Exception):
    """The step would break a rule or touch what is locked."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(", ".join(breach.rule.value for _number, breach in verdict.broken))
        self.verdict = verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a coordinator wants done: `person` into cohort `to` (None: they wait), or in exchange with `other`."""

    person: str
    to: int | None = None
    other: str | None = None

    @property
    def step(self) -> Step:
        return Step.MOVE if self.other is None else Step.SWAP


def change_for(seen: RunBoard, wanted: Wanted) -> Change:
    """Return what a wish comes to on this board. Whoever is to stay with the person goes along.

    Raises:
        Stale: nobody of this id has a seat, or they sit there already.
    """
    if wanted.other is not None:
        return seen.board.swap(wanted.person, wanted.other)
    seat: Seat = WAITS if wanted.to is None else wanted.to
    if isinstance(seat, int) and seat not in seen.board.frames:
        raise Stale(str(seat))
    pairs = [(pair.first, pair.second) for pair in seen.read.problem.together]
    return seen.board.move(wanted.person, seat, along=seen.board.companions(wanted.person, pairs))


def arrange(*, run_id: int, wanted: Wanted, version: int, now: datetime, actor: Person | None = None) -> BoardStep:
    """Move or exchange people among a run's proposals.

    `version` is that of the board which the coordinator looked at: of two who change it at once, the second is told.

    Raises:
        NotArrangeable: the run is not ready (any more).
        ChangedMeanwhile: the board is another by now.
        Stale: the person has no seat, or sits there already.
        StepRefused: a rule of the term would break that holds now, or something locked would move.
    """
    with transaction.atomic():
        seen = _locked(run_id, version, now)
        change = change_for(seen, wanted)
        verdict = Judge(seen.read.problem, seen.board).verdict(change)
        if not verdict.may_be:
            raise StepRefused(verdict)
        return _done(seen, wanted.step, change, now, actor)


def lock(*, run_id: int, what: Lock, on: bool, version: int, now: datetime, actor: Person | None = None) -> BoardStep:
    """Lock something of a run's proposals, or with `on` false unlock it.

    Raises:
        NotArrangeable, ChangedMeanwhile: as in `arrange`.
        Stale: it is locked already, or is not there to be locked.
    """
    with transaction.atomic():
        seen = _locked(run_id, version, now)
        if on and not seen.board.can_lock(what):
            raise Stale("lock")
        change = Change(locked=(what,)) if on else Change(unlocked=(what,))
        return _done(seen, Step.LOCK if on else Step.UNLOCK, change, now, actor)


def rerun(*, run_id: int, version: int, now: datetime, actor: Person | None = None) -> MatchRun:
    """Form all that is not locked anew, as a run of its own with the same seed and wishes. The run itself stays.

    Raises:
        NotArrangeable, ChangedMeanwhile: as in `arrange`.
        RunUnderWay, NobodyToMatch: as in `start_run`.
    """
    with transaction.atomic():
        seen = _locked(run_id, version, now)
        return start_run(
            term=seen.run.term,
            seed=seen.run.seed,
            wishes=Wishes.of_row(seen.run.wishes),
            keeping=(seen.run, keep_of(seen.board)),
            now=now,
            actor=actor,
        )


def set_aside(*, run_id: int, version: int, now: datetime, actor: Person | None = None) -> None:
    """Set a run aside as `discard_run` does, unless somebody has changed its proposals since they were looked at.

    Raises:
        ChangedMeanwhile: the board is another by now.
    """
    with transaction.atomic():
        run = MatchRun.objects.select_for_update().get(pk=run_id)
        if run.board_steps.count() != version:
            raise ChangedMeanwhile(version)
        discard_run(run_id=run_id, now=now, actor=actor)


def undo(*, run_id: int, version: int, now: datetime, actor: Person | None = None) -> BoardStep:
    """Take back the latest step that stands. It is not judged: what was before may be again.

    Raises:
        NotArrangeable, ChangedMeanwhile: as in `arrange`.
        Stale: there is nothing to undo.
    """
    with transaction.atomic():
        seen = _locked(run_id, version, now)
        last = seen.history.next_to_undo
        if last is None:
            raise Stale("undo")
        return _done(seen, Step.UNDO, change_of_row(last.change).inverse(), now, actor, of=last.number)


def redo(*, run_id: int, version: int, now: datetime, actor: Person | None = None) -> BoardStep:
    """Do again what was undone last.

    Raises:
        NotArrangeable, ChangedMeanwhile: as in `arrange`.
        Stale: there is nothing to do again.
    """
    with transaction.atomic():
        seen = _locked(run_id, version, now)
        last = seen.history.next_to_redo
        if last is None:
            raise Stale("redo")
        return _done(seen, Step.REDO, change_of_row(last.change), now, actor, of=last.number)


def _locked(run_id: int, version: int, now: datetime) -> RunBoard:
    run = MatchRun.objects.select_for_update(of=("self",)).select_related("term").get(pk=run_id)
    if run.status != MatchRun.Status.READY:
        raise NotArrangeable
    seen = board_of(run, now=now)
    if seen.history.version != version:
        raise ChangedMeanwhile(version)
    return seen


def _done(
    seen: RunBoard, step: Step, change: Change, now: datetime, actor: Person | None, *, of: int | None = None
) -> BoardStep:
    """Write a step down and carry it out."""
    after = seen.board.after(change)
    number = seen.history.version + 1
    try:
        with transaction.atomic():
            row = BoardStep.objects.create(
                run=seen.run,
                number=number,
                kind=step.value,
                of=of,
                change=row_of_change(change),
                done_by=actor,
                done_at=now,
            )
    except IntegrityError as error:  # where rows cannot be locked, this is what tells the second of two
        raise ChangedMeanwhile(seen.history.version) from error
    if change.seats:
        _seat(seen.run, change)
        _describe(seen, after)
    audit.record(
        actor=actor,
        action="board_changed",
        subject_key=f"run:{seen.run.pk}",
        now=now,
        detail={"step": number, "kind": step.value},
    )
    return row


def _seat(run: MatchRun, change: Change) -> None:
    proposals = dict(run.proposals.values_list("number", "pk"))
    going = [int(person) for person, _before, _after in change.seats]
    run.proposed_members.filter(participation__in=going).delete()
    run.unplaced.filter(participation__in=going).delete()
    ProposedMember.objects.bulk_create(
        ProposedMember(run=run, proposal_id=proposals[after], participation_id=int(person))
        for person, _before, after in change.seats
        if isinstance(after, int)
    )
    Unplaced.objects.bulk_create(
        Unplaced(run=run, participation_id=int(person), reason=after)
        for person, _before, after in change.seats
        if isinstance(after, str)
    )


def _describe(seen: RunBoard, board: Board) -> None:
    """Write anew what follows from who sits where: each cohort's reasons, and what would place whoever waits.

    Who has left the term counts no more; a cohort without anybody, or without its facilitator, has no reasons.
    """
    run, problem = seen.run, seen.read.problem
    people = {one.id for one in problem.participants}
    leaders = {one.id for one in problem.facilitators}
    cohorts = {
        number: replace(cohort, members=known)
        for number, cohort in board.cohorts().items()
        if (known := tuple(one for one in cohort.members if one in people)) and cohort.facilitator in leaders
    }
    waiting = [one.id for one in problem.participants if isinstance(board.seats.get(one.id), str)]
    told = explained_again(problem, cohorts, waiting=waiting, answers=seen.read.answers)
    fields = dict(zip(cohorts, descriptions(seen.read, list(cohorts.values()), told), strict=True))
    unknown = {"quality": 0.0, "shared_interests": [], "common_windows": [], "explanation": {}}
    changed = [one for one in run.proposals.all() if _set(one, fields.get(one.number, unknown))]
    CohortProposal.objects.bulk_update(changed, list(unknown))
    unplaced = [
        one for one in run.unplaced.all() if _set(one, {"change": told.changes.get(str(one.participation_id), {})})
    ]
    Unplaced.objects.bulk_update(unplaced, ["change"])
    placed = sum(isinstance(seat, int) for seat in board.seats.values())
    proven = run.upper_bound is not None and placed >= run.upper_bound
    MatchRun.objects.filter(pk=run.pk).update(placed=placed, proven=proven)


def _set(row: CohortProposal | Unplaced, fields: dict[str, object]) -> bool:
    """Set the fields of a row and return whether any of them is another than before."""
    differ = any(getattr(row, name) != value for name, value in fields.items())
    for name, value in fields.items():
        setattr(row, name, value)
    return differ
