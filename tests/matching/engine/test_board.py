"""A board keeps everybody in one seat, and every step of it can be taken back."""

from random import Random

import pytest

from matching.engine.board import Board, Change, Frame, Lock, LockKind, Stale, Step, standing

FRAMES = {number: Frame(facilitator=str(number), start=10 * number) for number in (1, 2, 3)}


def board(seats: dict[str, int | str], *locks: Lock) -> Board:
    return Board(frames=FRAMES, seats=seats, locks=frozenset(locks))


def test_a_move_changes_one_seat_and_its_inverse_brings_it_back():
    before = board({"1": 1, "2": 1, "3": 2})

    change = before.move("1", 2)
    after = before.after(change)

    assert after.members(2) == ("1", "3")
    assert after.after(change.inverse()) == before


def test_two_people_exchange_their_seats_even_if_one_of_them_waits():
    before = board({"1": 1, "2": "no_valid_cohort"})

    after = before.after(before.swap("1", "2"))

    assert after.seats == {"1": "no_valid_cohort", "2": 1}


@pytest.mark.parametrize("seat", [1, 9])
def test_a_move_to_where_somebody_sits_or_to_nowhere_is_refused(seat):
    before = board({"1": 1})

    with pytest.raises(Stale):
        before.after(before.move("1", seat))


def test_a_change_does_not_fit_once_somebody_sits_elsewhere():
    before = board({"1": 1, "2": 2})
    change = before.move("1", 2)

    with pytest.raises(Stale):
        before.after(before.move("1", 3)).after(change)


def test_whoever_is_tied_to_somebody_goes_along():
    before = board({"1": 1, "2": 1, "3": 1, "4": 1}, Lock(LockKind.PAIR, ("2", "3")))

    along = before.companions("1", [("1", "2")])

    assert along == {"2", "3"}
    assert before.after(before.move("1", 2, along=along)).members(2) == ("1", "2", "3")


@pytest.mark.parametrize(
    ("lock", "is_in_the_way"),
    [
        (Lock(LockKind.COHORT, ("1",)), True),
        (Lock(LockKind.COHORT, ("2",)), True),
        (Lock(LockKind.COHORT, ("3",)), False),
        (Lock(LockKind.PERSON, ("1",)), True),
        (Lock(LockKind.PERSON, ("2",)), False),
        (Lock(LockKind.PAIR, ("1", "2")), True),
        (Lock(LockKind.PAIR, ("2", "3")), False),
        (Lock(LockKind.WINDOW, ("1",)), False),
    ],
)
def test_what_is_locked_is_in_the_way_of_a_move(lock, is_in_the_way):
    here = board({"1": 1, "2": 1, "3": 1, "4": 2}, lock)

    assert bool(here.in_the_way(here.move("1", 2))) is is_in_the_way


def test_a_history_tells_what_is_done_and_what_can_be_done_again():
    assert standing([(1, Step.MOVE), (2, Step.SWAP), (3, Step.UNDO), (4, Step.UNDO), (5, Step.REDO)]) == ([1], [2])


def test_a_new_step_forgets_what_was_undone():
    assert standing([(1, Step.MOVE), (2, Step.UNDO), (3, Step.SWAP)]) == ([3], [])


@pytest.mark.parametrize("step", [Step.UNDO, Step.REDO])
def test_a_history_cannot_take_back_what_was_never_done(step):
    with pytest.raises(Stale):
        standing([(1, step)])


@pytest.mark.parametrize("seed", range(30))
def test_whatever_is_done_undoing_all_of_it_returns_the_very_board_and_redoing_all_the_other(seed):
    random = Random(seed)
    first = here = board({str(one): random.choice([1, 2, 3, "waits"]) for one in range(12)})
    changes: list[Change] = []
    for _ in range(40):
        change = some_change(here, random)
        if change is not None:
            here = here.after(change)
            changes.append(change)
            assert sorted(here.seats) == sorted(first.seats)
    last = here

    for change in reversed(changes):
        here = here.after(change.inverse())
    assert here == first
    for change in changes:
        here = here.after(change)
    assert here == last


def some_change(here: Board, random: Random) -> Change | None:
    one, other = random.sample(sorted(here.seats), 2)
    lock = Lock(LockKind.PERSON, (one,))
    try:
        return random.choice(
            [
                lambda: here.move(one, random.choice([1, 2, 3, "waits"])),
                lambda: here.swap(one, other),
                lambda: Change(unlocked=(lock,)) if lock in here.locks else Change(locked=(lock,)),
            ]
        )()
    except Stale:
        return None
