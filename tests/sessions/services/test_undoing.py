"""Whatever a coordinator does and takes back again, in any order of doing, everything is as it was before.

What may be done is kept in a heap with the state before each deed; whatever is taken off the heap must bring back
exactly the state that lies beneath it.
"""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

import pytest
from django.apps import apps
from django.db import transaction

from dialogue.models import Membership, OutboundMessage, PairWish, Term
from dialogue.services.cohorts import end_participation
from dialogue.services.pair_wishes import wish_for_pair
from matching.engine.board import Lock, LockKind, Stale
from matching.models import BoardStep, CohortLock, MatchRun
from matching.services.arranging import StepRefused, Wanted, arrange, lock, redo, undo
from matching.services.locking import set_lock
from matching.services.publish import PublishRefused, cohorts_of, publish_run
from matching.services.remarks import write_remark
from matching.services.repairing import RepairRefused, Trouble, apply_repair, offers
from sessions.models import Attendance, BusyTime, DialogueSession
from sessions.services.booking import book_queued_series
from sessions.services.taking_back import take_repair_back
from sessions.services.unpublishing import take_back
from tests import stopped_clock
from tests.factories import NOW, make_facilitation, make_participation
from tests.matching.boards import ready_board

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(3600)]

FEW, MANY = 8, 20
"""How many deeds a sequence has."""

TELLS = {"AuditEntry", "CalendarFeed", "BoardStep", "Repair"}
"""What tells of what was done stays told; a feed is made anew when it is next asked for."""
MADE_ANEW = {
    "ProposedMember": {"id"},
    "Unplaced": {"id"},
    "PairWish": {"id"},
    "CohortLock": {"id", "locked_at"},
}
"""Rows that are deleted and made again: they say the same under another key, or say when they were made."""

Undo = Callable[[], object]


@pytest.fixture
def run(term: Term, settings) -> MatchRun:
    settings.CLOCK = "tests.stopped_clock.now"
    stopped_clock.stop_at(NOW)
    return ready_board(term)


def every_row() -> dict[str, list[tuple]]:
    """Return every row of ours but those that only tell what was done."""
    found = {}
    for app in ("dialogue", "matching", "dialogue_sessions"):
        for model in apps.get_app_config(app).get_models():
            made_anew = MADE_ANEW.get(model.__name__, set())
            fields = model._meta.concrete_fields  # noqa: SLF001  the documented way to ask a model
            columns = [each.attname for each in fields if each.attname not in made_anew]
            if model.__name__ not in TELLS:
                found[model.__name__] = sorted(model.objects.values_list(*columns), key=repr)
    return found


class Heap:
    """Deeds that can be taken back, each upon the state before it."""

    def __init__(self, dice: Random, state: Callable[[], object]) -> None:
        self.dice, self.state = dice, state
        self.done: list[tuple[str, object, Undo]] = []
        self.told: list[str] = []
        self.now = NOW

    def tries(self, deed: Callable[[], Undo | None]) -> None:
        """Do it, and keep how it is taken back. One that is refused must have changed nothing."""
        self.now += timedelta(seconds=1)
        stopped_clock.stop_at(self.now)
        before = self.state()
        back = deed()
        if back is None:
            assert self.state() == before, deed.__name__
        else:
            self.done.append((deed.__name__, before, back))
        self.told.append(deed.__name__ if back else f"({deed.__name__})")

    def takes_one_back(self) -> None:
        self.now += timedelta(seconds=1)
        stopped_clock.stop_at(self.now)
        name, before, back = self.done.pop()
        back()
        self.told.append(f"{name} back")
        assert self.state() == before, self.told

    def goes_on(self, deeds: Callable[[], list[Callable[[], Undo | None]]], *, number: int) -> None:
        for _ in range(number):
            if self.done and self.dice.random() < 0.35:
                self.takes_one_back()
            else:
                self.tries(self.dice.choice(deeds()))
        while self.done:
            self.takes_one_back()


class Board(Heap):
    """A run before and after it is published, as long as nobody has heard of it."""

    def __init__(self, run: MatchRun, dice: Random) -> None:
        super().__init__(dice, every_row)
        self.run = run
        self.people = sorted(run.term.participations.values_list("pk", flat=True))

    @property
    def version(self) -> int:
        return BoardStep.objects.filter(run=self.run).count()

    def may(self) -> list[Callable[[], Undo | None]]:
        self.run.refresh_from_db()
        if self.run.status == MatchRun.Status.PUBLISHED:
            return [self.locks_a_cohort, self.locks_a_cohort, self.wishes, self.writes]
        # No wish here: what a board says of its cohorts follows the wishes of the moment, also when a step is undone.
        return [self.moves, self.moves, self.swaps, self.locks, self.does_again, self.writes, self.publishes]

    def two(self) -> tuple[int, int]:
        one, other = self.dice.sample(self.people, 2)
        return one, other

    def steps(self, step: Callable[[], object]) -> Undo | None:
        try:
            step()
        except (Stale, StepRefused):
            return None
        return lambda: undo(run_id=self.run.pk, version=self.version, now=self.now)

    def moves(self) -> Undo | None:
        wanted = Wanted(person=str(self.two()[0]), to=self.dice.choice((None, 1, 2)))
        return self.steps(lambda: arrange(run_id=self.run.pk, wanted=wanted, version=self.version, now=self.now))

    def swaps(self) -> Undo | None:
        one, other = self.two()
        wanted = Wanted(person=str(one), other=str(other))
        return self.steps(lambda: arrange(run_id=self.run.pk, wanted=wanted, version=self.version, now=self.now))

    def locks(self) -> Undo | None:
        kind = self.dice.choice(list(LockKind))
        pair = tuple(sorted(map(str, self.two())))
        of = {LockKind.PERSON: pair[:1], LockKind.PAIR: pair}.get(kind, (str(self.dice.choice((1, 2))),))
        what, on = Lock(kind, of), self.dice.random() < 0.7
        return self.steps(lambda: lock(run_id=self.run.pk, what=what, on=on, version=self.version, now=self.now))

    def does_again(self) -> Undo | None:
        return self.steps(lambda: redo(run_id=self.run.pk, version=self.version, now=self.now))

    def writes(self) -> Undo:
        number = self.dice.choice((None, 1, 2))
        row = self.run if number is None else self.run.proposals.get(number=number)
        row.refresh_from_db()
        before, after = row.note, f"{row.note}。"

        def write(text: str, instead_of: str) -> None:
            write_remark(run_id=self.run.pk, number=number, text=text, before=instead_of, now=self.now)

        write(after, before)
        return lambda: write(before, after)

    def wishes(self) -> Undo | None:
        one, other = sorted(self.two())
        wish = PairWish.objects.filter(first=one, second=other).first()
        before, after = wish.kind if wish else "", self.dice.choice(("apart", "together", ""))
        wish_for_pair(one_id=one, other_id=other, kind=after, now=self.now)
        return None if before == after else lambda: wish_for_pair(one_id=one, other_id=other, kind=before, now=self.now)

    def publishes(self) -> Undo | None:
        """The worker has come by, or has not yet."""
        try:
            publish_run(run_id=self.run.pk, now=self.now, hold=timedelta(minutes=5))
        except PublishRefused:
            return None
        if self.dice.random() < 0.7:
            book_queued_series(now=self.now)
        return lambda: take_back(run_id=self.run.pk, now=self.now)

    def locks_a_cohort(self) -> Undo | None:
        return locked(self.dice.choice(cohorts_of(self.run.pk)), self.dice, self.now)


def locked(cohort: int, dice: Random, now: datetime) -> Undo | None:
    """Lock or unlock something of a cohort that meets."""
    kind = dice.choice(list(CohortLock.Kind))
    members = Membership.objects.filter(cohort=cohort, left_at__isnull=True).order_by("pk")
    what = {"cohort_id": cohort, "kind": kind}
    if kind == CohortLock.Kind.PERSON:
        what["participation_id"] = dice.choice(list(members)).participation_id
    on = dice.random() < 0.7
    changed = set_lock(**what, on=on, now=now)
    return (lambda: set_lock(**what, on=not on, now=now)) if changed else None


class TermAtWork(Heap):
    """Cohorts that meet, of which somebody has left, and people who wait: repairs, locks, and all of it back."""

    def __init__(self, term: Term, dice: Random) -> None:
        super().__init__(dice, lambda: what_repairs_change(term))
        self.term = term

    def may(self) -> list[Callable[[], Undo | None]]:
        return [self.repairs, self.repairs, self.locks_a_cohort]

    def repairs(self) -> Undo | None:
        if self.done and self.done[-1][0] == "repairs":
            return None  # the one before it can no longer be taken back from under it
        trouble = self.dice.choice([
            *(Trouble(cohort_id=pk) for pk in self.term.cohorts.running().values_list("pk", flat=True)),
            *(Trouble(participation_id=one.pk) for one in self.term.participations.waiting()),
        ])  # fmt: skip
        _plan, found = offers(term=self.term, trouble=trouble, now=self.now)
        if not found:
            return None
        try:
            apply_repair(term=self.term, trouble=trouble, key=self.dice.choice(found).key, now=self.now)
        except RepairRefused:
            return None
        repair = self.term.repairs.order_by("done_at", "pk").last()
        return lambda: take_repair_back(repair_id=repair.pk, now=self.now)

    def locks_a_cohort(self) -> Undo | None:
        return locked(self.dice.choice(list(self.term.cohorts.running())).pk, self.dice, self.now)


def what_repairs_change(term: Term) -> object:
    """Return all that a repair may change, but for versions of calendar entries and when rows were written."""
    sessions = DialogueSession.objects.filter(cohort__term=term)
    return {
        "cohorts": set(term.cohorts.values_list("pk", "status", "facilitation", "weekday", "starts")),
        "locks": set(CohortLock.objects.values_list("cohort", "kind", "membership__participation")),
        "places": set(Membership.objects.filter(left_at__isnull=True).values_list("cohort", "participation")),
        "people": set(term.participations.values_list("pk", "status", "waiting_reason", "ended_at")),
        "sessions": set(sessions.values_list("pk", "starts_at", "ends_at", "status", "facilitator")),
        "hours": set(BusyTime.objects.values_list("session", "person", "room", "quarter")),
        "asked": set(Attendance.objects.values_list("session", "person", "answer", "came")),
    }


def term_at_work(run: MatchRun, dice: Random) -> Term:
    """Publish and book a run, let two people come late, and let somebody leave who is missed."""
    publish_run(run_id=run.pk, now=NOW)
    book_queued_series(now=NOW)
    OutboundMessage.objects.filter(due_at__lte=NOW).update(status="sent", sent_at=NOW)
    for generation in ("student", "alumni"):
        make_participation(run.term, generation=generation)
    make_facilitation(run.term, max_cohorts=1)
    cohort = dice.choice(list(run.term.cohorts.order_by("pk")))
    leaver = dice.choice(list(cohort.memberships.order_by("pk")))
    end_participation(participation_id=leaver.participation_id, now=NOW)
    return run.term


def check_board(run: MatchRun, seed: int, number: int) -> list[str]:
    heap = Board(run, Random(seed))
    heap.goes_on(heap.may, number=number)
    return heap.told


def check_repairs(run: MatchRun, seed: int, number: int) -> list[str]:
    dice = Random(seed)
    heap = TermAtWork(term_at_work(run, dice), dice)
    heap.goes_on(heap.may, number=number)
    return heap.told


def test_a_board_and_its_publication_come_back_exactly(run):
    assert "publishes back" in check_board(run, 1, FEW)


@pytest.mark.slow
def test_a_term_at_work_comes_back_exactly(run):
    assert "repairs back" in check_repairs(run, 2, FEW)


@pytest.mark.slow
@pytest.mark.parametrize(("check", "number"), [(check_board, 200), (check_repairs, 36)], ids=["board", "repairs"])
def test_many_sequences_come_back_exactly(run, check, number):
    told: Counter[str] = Counter()
    for seed in range(number):
        mark = transaction.savepoint()
        told.update(check(run, seed, MANY))
        transaction.savepoint_rollback(mark)
        run.refresh_from_db()
    assert told["publishes back"] + told["repairs back"] > number / 2
