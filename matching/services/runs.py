"""Start a match run and carry it out."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q

from dialogue.models import Participation, Person, Term
from dialogue.services import audit
from dialogue.wake import wake
from matching.boards import row_of_change
from matching.describing import descriptions
from matching.engine import ENGINE_VERSION, Solution
from matching.engine.board import Change
from matching.engine.keeping import Keep
from matching.explaining import Explained
from matching.forming import Form, Order, formed_here
from matching.inputs import MatchInput, read_input, window_of_slot
from matching.keeping import keep_of_row, locks_of, row_of_keep
from matching.models import BoardStep, CohortProposal, MatchRun, ProposedMember, Unplaced
from matching.usual_wishes import usual_wishes
from matching.wishes import Wishes

log = logging.getLogger(__name__)

RUN_TASK = "matching.run_queued"
MOST_ATTEMPTS = 3

Status = MatchRun.Status


class RunUnderWay(Exception):
    """A run of this term has not finished yet."""


class NobodyToMatch(Exception):
    """No accepted person with consent waits in this term."""


@transaction.atomic
def start_run(
    *,
    term: Term,
    seed: int,
    now: datetime,
    actor: Person | None = None,
    wishes: Wishes | None = None,
    keeping: tuple[MatchRun, Keep] | None = None,
) -> MatchRun:
    """Queue a run and wake a worker after the commit. Without `wishes` it is formed as usual in this term.

    `keeping` is an earlier run of the term and what is to be kept of it.

    Raises:
        RunUnderWay: another run of this term is queued or running.
        NobodyToMatch: nobody waits with consent.
    """
    if not term.participations.to_be_matched().exists():
        raise NobodyToMatch
    try:
        with transaction.atomic():
            run = MatchRun.objects.create(
                term=term,
                seed=seed,
                wishes=(wishes or usual_wishes(term)).as_row(),
                engine_version=ENGINE_VERSION,
                asked_by=actor,
                created_at=now,
                rerun_of=keeping[0] if keeping else None,
                keeps=row_of_keep(keeping[1]) if keeping else {},
            )
    except IntegrityError as error:
        raise RunUnderWay from error
    audit.record(actor=actor, action="match_run_started", subject_key=f"run:{run.pk}", now=now, detail={"seed": seed})
    wake(RUN_TASK)
    return run


def run_again(*, failed: MatchRun, now: datetime, actor: Person | None = None) -> MatchRun:
    """Queue what a failed run was asked for once more: its seed, its wishes and what it was to keep. It stays as it is.

    Raises:
        RunUnderWay, NobodyToMatch: as in `start_run`.
    """
    return start_run(
        term=failed.term,
        seed=failed.seed,
        wishes=Wishes.of_row(failed.wishes),
        keeping=(failed.rerun_of, keep_of_row(failed.keeps)) if failed.rerun_of else None,
        now=now,
        actor=actor,
    )


def run_queued(*, now: datetime, form: Form = formed_here) -> int:
    """Carry out every queued run and return how many were finished. A run whose worker died is taken up again.

    `form` says where the cohorts are formed: a process that lives on has them formed apart.
    Safe to run late, twice or in parallel: a run is claimed by one conditional update.
    """
    lapsed = MatchRun.objects.filter(status=Status.RUNNING, leased_until__lt=now)
    lapsed.filter(attempts__gte=MOST_ATTEMPTS).update(
        status=Status.FAILED, leased_until=None, finished_at=now, trouble="worker_lost"
    )
    lapsed.filter(attempts__lt=MOST_ATTEMPTS).update(status=Status.QUEUED, leased_until=None)
    finished = 0
    for pk in list(MatchRun.objects.filter(status=Status.QUEUED).order_by("pk").values_list("pk", flat=True)):
        if _claim(pk, now):
            _carry_out(MatchRun.objects.select_related("term").get(pk=pk), now, form)
            finished += 1
    return finished


def _claim(pk: int, now: datetime) -> bool:
    lease = now + timedelta(seconds=settings.RUN_LEASE_SECONDS)
    return bool(
        MatchRun.objects.filter(pk=pk, status=Status.QUEUED).update(
            status=Status.RUNNING, leased_until=lease, attempts=F("attempts") + 1, progress=0, stage=""
        )
    )


def _carry_out(run: MatchRun, now: datetime, form: Form) -> None:
    try:
        wishes = Wishes.of_row(run.wishes)
        read = read_input(run.term, wishes, now=now)
        order = Order(
            problem=read.problem,
            answers=read.answers,
            seed=run.seed,
            options=wishes.options(),
            version=run.engine_version,
            keep=keep_of_row(run.keeps),
        )
        formed = form(order, Reporter(run_id=run.pk).report)
        _keep(run, read, formed.solution, formed.told, now)
    except Exception as error:
        log.exception("match run %s failed", run.pk)
        MatchRun.objects.filter(pk=run.pk, status=Status.RUNNING).update(
            status=Status.FAILED, leased_until=None, finished_at=now, trouble=type(error).__name__
        )


@dataclass(slots=True)
class Reporter:
    """Writes the engine's progress to the row, one write for each percent at most."""

    run_id: int
    percent: int = -1

    SHARES = {"bound": (0, 15), "place": (15, 45), "improve": (45, 95), "explain": (95, 99)}

    def report(self, stage: str, fraction: float) -> None:
        low, high = self.SHARES.get(stage, (0, 99))
        percent = int(low + (high - low) * min(max(fraction, 0.0), 1.0))
        if percent > self.percent:
            self.percent = percent
            MatchRun.objects.filter(pk=self.run_id, status=Status.RUNNING).update(progress=percent, stage=stage)


@transaction.atomic
def _keep(run: MatchRun, read: MatchInput, solution: Solution, told: Explained, now: datetime) -> None:
    """Write what the engine found, whole or not at all, unless the run was taken away meanwhile."""
    kept = MatchRun.objects.filter(pk=run.pk, status=Status.RUNNING, attempts=run.attempts).update(
        status=Status.READY,
        leased_until=None,
        finished_at=now,
        progress=100,
        stage="",
        input_digest=read.digest,
        people=len(read.problem.participants),
        placed=solution.placed,
        upper_bound=solution.upper_bound,
        bound_method=solution.bound_method.value,
        proven=solution.proven,
        hints=told.hints,
    )
    if not kept:
        return
    described = descriptions(read, solution.cohorts, told)
    proposals = CohortProposal.objects.bulk_create(
        CohortProposal(
            run=run,
            number=number,
            facilitation_id=int(cohort.facilitator),
            weekday=window_of_slot(cohort.start)[0],
            starts=window_of_slot(cohort.start)[1],
            **fields,
        )
        for number, (cohort, fields) in enumerate(zip(solution.cohorts, described, strict=True), start=1)
    )
    ProposedMember.objects.bulk_create(
        ProposedMember(run=run, proposal=proposal, participation_id=int(member))
        for proposal, cohort in zip(proposals, solution.cohorts, strict=True)
        for member in cohort.members
    )
    Unplaced.objects.bulk_create(
        Unplaced(
            run=run,
            participation_id=int(one.participant),
            reason=waiting_reason(one.reason.value),
            change=told.changes.get(one.participant, {}),
        )
        for one in solution.unplaced
    )
    if locked := locks_of(keep_of_row(run.keeps), solution.cohorts):
        BoardStep.objects.create(
            run=run,
            number=1,
            kind=BoardStep.Kind.LOCK,
            change=row_of_change(Change(locked=locked)),
            done_by=run.asked_by,
            done_at=now,
        )


def waiting_reason(code: str) -> Participation.WaitingReason:
    """Return the reason that a participation keeps, for the engine's code.

    Raises:
        ValueError: a code that participations do not know.
    """
    return Participation.WaitingReason(code.replace("-", "_"))


def discard_run(*, run_id: int, now: datetime, actor: Person | None = None) -> None:
    """Set a finished run aside. Doing so twice is harmless; a published run stays published."""
    set_aside = MatchRun.objects.filter(Q(status=Status.READY) | Q(status=Status.FAILED), pk=run_id).update(
        status=Status.DISCARDED
    )
    if set_aside:
        audit.record(actor=actor, action="match_run_discarded", subject_key=f"run:{run_id}", now=now)
