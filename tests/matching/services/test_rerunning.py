"""What is locked on a board cannot be moved, and is found again when the rest is formed anew."""

import pytest
from django.urls import reverse

from dialogue.models import Person, Term
from matching.boards import board_of, history_of
from matching.engine.board import Lock, LockKind, Stale
from matching.models import MatchRun
from matching.services.arranging import ChangedMeanwhile, StepRefused, Wanted, arrange, lock, rerun, undo
from matching.services.publish import publish_run
from matching.services.runs import run_queued
from tests.factories import NOW
from tests.matching.boards import quickly, ready_board

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(term: Term, clock_stands: None) -> MatchRun:
    return ready_board(term)


def members(run: MatchRun, number: int) -> list[str]:
    return list(board_of(run, now=NOW).board.members(number))


def again(run: MatchRun) -> MatchRun:
    found = rerun(run_id=run.pk, version=run.board_steps.count(), now=NOW)
    run_queued(now=NOW, form=quickly)
    found.refresh_from_db()
    assert found.status == "ready"
    return found


def locked(run: MatchRun, kind: str, *of: str, on: bool = True) -> Lock:
    what = Lock(LockKind(kind), of)
    lock(run_id=run.pk, what=what, on=on, version=run.board_steps.count(), now=NOW)
    return what


def test_what_is_locked_is_not_moved_until_it_is_unlocked(run):
    one = next(person for person in members(run, 1) if board_of(run, now=NOW).board.seats[person] == 1)
    what = locked(run, "cohort", "1")

    with pytest.raises(StepRefused) as refused:
        arrange(run_id=run.pk, wanted=Wanted(person=one, to=2), version=1, now=NOW)

    assert refused.value.verdict.locked == (what,)
    locked(run, "cohort", "1", on=False)
    arrange(run_id=run.pk, wanted=Wanted(person=one, to=2), version=2, now=NOW)


def test_a_lock_is_a_step_that_can_be_taken_back(run):
    locked(run, "window", "2")

    undo(run_id=run.pk, version=1, now=NOW)

    assert history_of(run).locks == frozenset()


@pytest.mark.parametrize(
    ("kind", "of"),
    [("cohort", ("9",)), ("person", ("0",)), ("pair", ("1", "1")), ("window", ()), ("pair", ("2", "1"))],
)
def test_what_is_not_there_cannot_be_locked(kind, of, run):
    with pytest.raises(Stale):
        locked(run, kind, *of)


def test_whoever_waits_cannot_be_locked_in_a_cohort(run):
    with pytest.raises(Stale):
        locked(run, "person", str(run.unplaced.get().participation_id))


def test_a_locked_cohort_is_found_again_and_stays_locked(run):
    one, other = members(run, 1)[0], members(run, 2)[0]
    arrange(run_id=run.pk, wanted=Wanted(person=one, other=other), version=0, now=NOW)
    locked(run, "cohort", "1")
    kept = members(run, 1)

    found = again(run)

    [number] = [number for number in (1, 2) if members(found, number) == kept]
    assert history_of(found).locks == {Lock(LockKind.COHORT, (str(number),))}
    assert found.rerun_of == run
    publish_run(run_id=found.pk, now=NOW)


def test_a_locked_person_and_a_locked_pair_are_found_again(run):
    one, other = members(run, 1)[0], members(run, 1)[-1]
    facilitation = run.proposals.get(number=1).facilitation_id
    locked(run, "person", one)
    locked(run, "pair", *sorted((one, other), key=int))

    found = again(run)

    home = found.proposals.get(members__participation=one)
    assert (home.facilitation_id, home.weekday, home.starts) == (facilitation, 1, 19 * 60)
    assert board_of(found, now=NOW).board.seats[other] == home.number
    assert len(history_of(found).locks) == 2


def test_the_run_itself_stays_as_it_was(run):
    before = {number: members(run, number) for number in (1, 2)}

    again(run)

    run.refresh_from_db()
    assert run.status == "ready"
    assert {number: members(run, number) for number in (1, 2)} == before


def test_a_board_that_was_changed_meanwhile_is_not_formed_anew(run):
    locked(run, "cohort", "1")

    with pytest.raises(ChangedMeanwhile):
        rerun(run_id=run.pk, version=0, now=NOW)


def test_locks_are_set_and_taken_off_on_the_page(client, run, chika):
    Person.objects.update(language="en")
    client.force_login(chika)
    one, other = members(run, 1)[:2]
    menu = client.get(reverse("run_move", args=[run.pk, one])).content.decode()
    assert f'value="person {one}"' in menu
    assert f'value="pair {one} {other}"' in menu

    address = reverse("run_lock", args=[run.pk])
    client.post(address, {"what": f"pair {one} {other}", "on": "1", "version": 0})
    client.post(address, {"what": "cohort 2", "on": "1", "version": 1})
    page = client.get(reverse("run", args=[run.pk])).content.decode()

    assert "2 locks" in page
    assert "Locked now" in page
    client.post(address, {"what": f"pair {one} {other}", "on": "", "version": 2})
    assert history_of(run).locks == {Lock(LockKind.COHORT, ("2",))}
    for what in ("", "pair", "cohort x", "house 1", "cohort 99"):
        client.post(address, {"what": what, "on": "1", "version": 3})
    assert run.board_steps.count() == 3


def test_two_runs_are_compared_side_by_side(client, run, chika, django_assert_max_num_queries):
    Person.objects.update(language="en")
    client.force_login(chika)
    page = client.get(reverse("run_rerun", args=[run.pk])).content.decode()
    assert "everything is formed anew" in page
    assert "the same cohorts come of it" in page
    locked(run, "cohort", "1")
    locked(run, "cohort", "2")
    response = client.post(reverse("run_rerun", args=[run.pk]), {"version": 2})
    found = MatchRun.objects.get(rerun_of=run)
    assert response.headers["Location"] == reverse("run", args=[found.pk])
    run_queued(now=NOW, form=quickly)
    one, other = members(found, 1)[0], members(found, 2)[0]
    for number in ("1", "2"):
        locked(found, "cohort", number, on=False)
    arrange(run_id=found.pk, wanted=Wanted(person=one, other=other), version=3, now=NOW)

    with django_assert_max_num_queries(20):
        response = client.get(reverse("run_compare", args=[found.pk, run.pk]))
    told = response.context["told"]
    assert len(told.evenness) == 2
    assert all("on average" in one and one in response.content.decode() for one in told.evenness)

    assert (told.moved, told.same, len(told.rows)) == (2, 0, 2)
    assert all(len(row.both) == 4 and len(row.one.own) == len(row.other.own) == 1 for row in told.rows)
    assert (
        reverse("run_compare", args=[found.pk, run.pk]) in client.get(reverse("run", args=[found.pk])).content.decode()
    )
