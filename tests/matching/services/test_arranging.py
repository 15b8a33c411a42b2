"""Proposals are changed by hand one step at a time: judged, written down, and never over somebody else's change."""

from random import Random

import pytest

from dialogue.models import Participation, Term
from matching.boards import board_of
from matching.engine.board import Stale
from matching.engine.rules import BrokenRule
from matching.models import MatchRun
from matching.services.arranging import (
    ChangedMeanwhile,
    NotArrangeable,
    StepRefused,
    Wanted,
    arrange,
    redo,
    undo,
)
from matching.services.publish import publish_run
from matching.services.runs import discard_run
from tests.factories import NOW
from tests.matching.boards import ready_board
from tests.races import all_at_once

pytestmark = pytest.mark.django_db

LARGER = {1: "student", 2: "alumni"}


@pytest.fixture
def run(term: Term, clock_stands: None) -> MatchRun:
    return ready_board(term)


def state(run: MatchRun) -> tuple:
    """All that a run says, but for the numbers that the database gives to rows."""
    run.refresh_from_db()
    return (
        (run.placed, run.proven, run.hints),
        list(
            run.proposals.order_by("number").values_list(
                "number", "facilitation", "weekday", "starts", "quality", "shared_interests", "common_windows",
                "explanation",
            )
        ),
        sorted(run.proposed_members.values_list("proposal__number", "participation")),
        sorted(run.unplaced.values_list("participation", "reason"), key=str),
        list(run.unplaced.order_by("participation").values_list("change", flat=True)),
    )  # fmt: skip


def members(run: MatchRun, number: int, generation: str) -> list[str]:
    rows = run.proposed_members.filter(proposal__number=number, participation__generation=generation)
    return [str(pk) for pk in rows.order_by("participation").values_list("participation", flat=True)]


def test_somebody_moves_and_the_cards_follow(run, chika):
    one = members(run, 1, "student")[0]

    arrange(run_id=run.pk, wanted=Wanted(person=one, to=2), version=0, now=NOW, actor=chika)

    assert board_of(run, now=NOW).board.seats[one] == 2
    explanation = run.proposals.get(number=2).explanation
    assert len(explanation["new_faces"]) == 6
    assert (step := run.board_steps.get()).done_by == chika
    assert (step.number, step.kind) == (1, "move")


def test_somebody_may_wait_and_comes_back(run):
    one = members(run, 1, "student")[0]

    arrange(run_id=run.pk, wanted=Wanted(person=one), version=0, now=NOW)

    run.refresh_from_db()
    assert run.placed == 9
    assert not run.proven
    assert run.unplaced.get(participation=one).reason == Participation.WaitingReason.MATCHING
    arrange(run_id=run.pk, wanted=Wanted(person=one, to=1), version=1, now=NOW)
    run.refresh_from_db()
    assert run.placed == 10


def test_two_exchange_their_places(run):
    one, other = members(run, 1, "student")[0], members(run, 2, "student")[0]

    arrange(run_id=run.pk, wanted=Wanted(person=one, other=other), version=0, now=NOW)

    seats = board_of(run, now=NOW).board.seats
    assert (seats[one], seats[other]) == (2, 1)


def test_a_move_that_breaks_a_rule_is_refused_and_changes_nothing(run):
    [waiting] = run.unplaced.values_list("participation", flat=True)
    before = state(run)

    with pytest.raises(StepRefused) as refused:
        arrange(run_id=run.pk, wanted=Wanted(person=str(waiting), to=1), version=0, now=NOW)

    assert [breach.rule for _number, breach in refused.value.verdict.broken] == [
        BrokenRule.MEMBER_NOT_FREE,
        BrokenRule.TOO_FEW_WINDOWS,
    ]
    assert state(run) == before
    assert not run.board_steps.exists()


def test_a_cohort_is_never_made_smaller_than_the_term_allows(run):
    first, second = (members(run, 1, side)[-1] for side in ("student", "alumni"))
    arrange(run_id=run.pk, wanted=Wanted(person=first, to=2), version=0, now=NOW)

    with pytest.raises(StepRefused) as refused:
        arrange(run_id=run.pk, wanted=Wanted(person=second), version=1, now=NOW)

    assert BrokenRule.SIZE in {breach.rule for _number, breach in refused.value.verdict.broken}


@pytest.mark.parametrize("wanted", [{"person": "0", "to": 1}, {"person": "1", "to": 99}, {"person": "1", "other": "0"}])
def test_a_place_or_person_that_is_not_there_is_refused(wanted, run):
    with pytest.raises(Stale):
        arrange(run_id=run.pk, wanted=Wanted(**wanted), version=0, now=NOW)


def test_the_second_of_two_is_told_and_overwrites_nothing(run):
    one, other = members(run, 1, "student")[:2]
    arrange(run_id=run.pk, wanted=Wanted(person=one, to=2), version=0, now=NOW)
    before = state(run)

    with pytest.raises(ChangedMeanwhile) as error:
        arrange(run_id=run.pk, wanted=Wanted(person=other), version=0, now=NOW)
    with pytest.raises(ChangedMeanwhile):
        undo(run_id=run.pk, version=0, now=NOW)

    assert error.value.since == 0
    assert state(run) == before


@pytest.mark.parametrize("end", ["publish", "discard"])
def test_what_is_published_or_set_aside_is_not_changed_any_more(end, run):
    one = members(run, 1, "student")[0]
    publish_run(run_id=run.pk, now=NOW) if end == "publish" else discard_run(run_id=run.pk, now=NOW)

    with pytest.raises(NotArrangeable):
        arrange(run_id=run.pk, wanted=Wanted(person=one, to=2), version=0, now=NOW)


def test_a_run_that_was_changed_by_hand_is_published_as_it_stands(run):
    one = members(run, 1, "student")[0]
    arrange(run_id=run.pk, wanted=Wanted(person=one, to=2), version=0, now=NOW)
    wanted = sorted(run.proposed_members.values_list("proposal__number", "participation"))

    published = publish_run(run_id=run.pk, now=NOW)

    made = [
        (cohort.number, pk)
        for cohort in published.cohorts
        for pk in cohort.memberships.values_list("participation", flat=True)
    ]
    assert sorted(made) == wanted


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_undoing_everything_returns_the_exact_state_and_redoing_everything_the_other(seed, run):
    random = Random(seed)
    before, version = state(run), 0
    for _ in range(12):
        version += some_step(run, random, version)
    after = state(run)
    assert version

    back = 0
    while board_of(run, now=NOW).history.done:
        undo(run_id=run.pk, version=version + back, now=NOW)
        back += 1
    assert state(run) == before
    with pytest.raises(Stale):
        undo(run_id=run.pk, version=version + back, now=NOW)

    while board_of(run, now=NOW).history.undone:
        redo(run_id=run.pk, version=version + back, now=NOW)
        back += 1
    assert state(run) == after


def some_step(run: MatchRun, random: Random, version: int) -> bool:
    one, other = random.sample(sorted(board_of(run, now=NOW).board.seats), 2)
    wanted = random.choice(
        [Wanted(person=one, to=random.choice([None, 1, 2])), Wanted(person=one, other=other), Wanted(person=one, to=1)]
    )
    try:
        arrange(run_id=run.pk, wanted=wanted, version=version, now=NOW)
    except (Stale, StepRefused):
        return False
    return True


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_of_many_who_change_a_board_at_once_one_does_and_all_others_are_told(run):
    people = [one for number in (1, 2) for one in members(run, number, LARGER[number])][:4]

    def one_of(person: str):
        def change() -> str:
            seat = board_of(run, now=NOW).board.seats[person]
            try:
                arrange(run_id=run.pk, wanted=Wanted(person=person, to=3 - int(seat)), version=0, now=NOW)
            except (ChangedMeanwhile, StepRefused):
                return "told"
            return "done"

        return change

    answers = all_at_once([one_of(person) for person in people])

    assert sorted(answers) == ["done", *["told"] * (len(people) - 1)]
    assert run.board_steps.count() == 1
