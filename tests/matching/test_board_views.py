"""Rearrange proposed cohorts: a menu, what a step does, doing it, taking it back, and who did what."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from dialogue.models import Person, Term
from matching.boards import board_of
from matching.models import MatchRun
from matching.services.arranging import Wanted, arrange
from matching.services.publish import publish_run
from tests.factories import NOW, make_participation
from tests.matching.boards import ready_board


@pytest.fixture(autouse=True)
def signed_in(client: Client, chika: Person, clock_stands: None) -> None:
    Person.objects.filter(pk=chika.pk).update(language="en")
    chika.refresh_from_db()
    client.force_login(chika)


@pytest.fixture
def run(term: Term, clock_stands: None) -> MatchRun:
    return ready_board(term)


def somebody(run: MatchRun, number: int, side: str) -> int:
    return members(run, number, side)[0]


def members(run: MatchRun, number: int, side: str) -> list[int]:
    rows = run.proposed_members.filter(proposal__number=number, participation__generation=side)
    return list(rows.order_by("participation").values_list("participation", flat=True))


def move(client: Client, run: MatchRun, person: int, seat: str, version: int = 0):
    return client.post(reverse("run_move", args=[run.pk, person]), {"seat": seat, "version": version})


def looked_at(client: Client, run: MatchRun, person: int, seat: str = ""):
    return client.get(reverse("run_move", args=[run.pk, person]), {"seat": seat})


def test_each_person_of_a_finished_run_leads_to_a_place(client, run):
    page = client.get(reverse("run", args=[run.pk])).content.decode()

    for person in (somebody(run, 1, "student"), run.unplaced.get().participation_id):
        assert f'href="{reverse("run_move", args=[run.pk, person])}"' in page


def test_menu_names_what_fits_and_leaves_the_rest_to_be_looked_at(client, run):
    menu = looked_at(client, run, somebody(run, 1, "student")).context["menu"]

    assert [one.number for one in menu.cohorts] == [2]
    assert menu.may_wait
    assert len(menu.exchanges) == len(members(run, 2, "student")) + len(members(run, 2, "alumni"))
    assert len(menu.everybody) == len(menu.exchanges) + 1
    one_of_two = looked_at(client, run, somebody(run, 1, "alumni")).context["menu"]
    assert (one_of_two.cohorts, one_of_two.may_wait) == ((), False)


def test_a_step_is_shown_before_it_is_done(client, run):
    before = board_of(run, now=NOW).board

    response = looked_at(client, run, somebody(run, 1, "student"), "c2")

    page = response.content.decode()
    assert "goes from cohort 1 to cohort 2." in page
    assert [one.number for one in response.context["effect"].cohorts] == [1, 2]
    assert "The generations are more even" in page
    assert "Do this" in page
    assert board_of(run, now=NOW).board == before


def test_what_a_step_gains_and_loses_in_shared_interests_is_said(client, run):
    here, there = members(run, 1, "student"), members(run, 2, "alumni")
    run.term.participations.filter(pk=here[0]).update(interests={"茶道": 5})
    run.term.participations.filter(pk__in=[members(run, 1, "alumni")[0], there[0]]).update(interests={"茶道": 5})

    first, second = looked_at(client, run, here[0], "c2").context["effect"].cohorts

    assert first.lost == second.gained != ()


def test_a_rule_that_would_break_is_named_with_whom_it_concerns(client, run):
    waiting = run.unplaced.get().participation_id

    for response in (looked_at(client, run, waiting, "c1"), move(client, run, waiting, "c1")):
        [sentence] = response.context["effect"].refused
        assert sentence.endswith("is not free at the time of cohort 1.")
        assert "Do this" not in response.content.decode()
    assert not run.board_steps.exists()


def test_a_step_is_done_and_taken_back_and_done_again(client, run, chika):
    person = somebody(run, 1, "student")

    assert move(client, run, person, "c2").headers["Location"] == reverse("run", args=[run.pk])
    assert board_of(run, now=NOW).board.seats[str(person)] == 2
    client.post(reverse("run_step_back", args=[run.pk]), {"way": "undo", "version": 1})
    assert board_of(run, now=NOW).board.seats[str(person)] == 1
    client.post(reverse("run_step_back", args=[run.pk]), {"way": "redo", "version": 2})
    assert board_of(run, now=NOW).board.seats[str(person)] == 2

    page = client.get(reverse("run_history", args=[run.pk])).content.decode()
    assert page.count("goes from cohort 1 to cohort 2.") == 3
    assert "Undone: " in page
    assert "Done again: " in page
    assert chika.full_name in page


def test_the_second_of_two_reads_what_the_first_did(client, run):
    first, second = members(run, 1, "student")[:2]
    arrange(run_id=run.pk, wanted=Wanted(person=str(first), to=2), version=0, now=NOW)

    response = move(client, run, second, f"p{members(run, 2, 'student')[0]}")

    assert response.status_code == 409
    page = response.content.decode()
    assert "somebody has changed these cohorts meanwhile" in page
    assert "goes from cohort 1 to cohort 2." in page
    assert 'name="version" value="1"' in page
    assert run.board_steps.count() == 1


def test_undoing_what_somebody_else_did_meanwhile_is_told_first(client, run):
    person = somebody(run, 1, "student")
    arrange(run_id=run.pk, wanted=Wanted(person=str(person), to=2), version=0, now=NOW)

    response = client.post(reverse("run_step_back", args=[run.pk]), {"way": "undo", "version": 0}, follow=True)

    assert "somebody has changed these cohorts meanwhile" in response.content.decode()
    assert board_of(run, now=NOW).board.seats[str(person)] == 2


@pytest.mark.parametrize("seat", ["", "x", "c", "c99", "p", "p0", "c1", "w²"])
def test_a_seat_that_is_none_changes_nothing(seat, client, run):
    response = move(client, run, somebody(run, 1, "student"), seat)

    assert response.status_code in (200, 302, 409)
    assert not run.board_steps.exists()


def test_somebody_who_is_not_on_the_board_is_not_found(client, run, term):
    stranger = make_participation(term)

    assert looked_at(client, run, stranger.pk).status_code == 404
    assert looked_at(client, run, 0).status_code == 404


def test_a_published_run_offers_no_changes(client, run):
    person = somebody(run, 1, "student")
    publish_run(run_id=run.pk, now=NOW)

    assert move(client, run, person, "c2").headers["Location"] == reverse("run", args=[run.pk])
    assert reverse("run_move", args=[run.pk, person]) not in client.get(reverse("run", args=[run.pk])).content.decode()


def test_what_was_changed_after_somebody_looked_is_not_published(client, run):
    seen = client.get(reverse("run_publish", args=[run.pk])).context["version"]
    move(client, run, somebody(run, 1, "student"), "c2")

    response = client.post(reverse("run_publish", args=[run.pk]), {"version": seen}, follow=True)

    told = response.content.decode()
    assert "Nothing was published" in told
    assert "goes from cohort 1 to cohort 2" in told
    run.refresh_from_db()
    assert (run.status, run.published_at) == (MatchRun.Status.READY, None)
    client.post(reverse("run_publish", args=[run.pk]), {"version": seen + 1})
    run.refresh_from_db()
    assert run.status == MatchRun.Status.PUBLISHED


def test_what_was_changed_after_somebody_looked_is_not_set_aside(client, run):
    seen = client.get(reverse("run_discard", args=[run.pk])).context["version"]
    move(client, run, somebody(run, 1, "student"), "c2")

    response = client.post(reverse("run_discard", args=[run.pk]), {"version": seen}, follow=True)

    assert "goes from cohort 1 to cohort 2" in response.content.decode()
    run.refresh_from_db()
    assert run.status == MatchRun.Status.READY
    client.post(reverse("run_discard", args=[run.pk]), {"version": seen + 1})
    run.refresh_from_db()
    assert run.status == MatchRun.Status.DISCARDED


def test_advice_for_the_term_is_not_given_for_cohorts_that_were_changed(client, run):
    MatchRun.objects.update(hints={"facilitator": [[86, 4]]})
    assert client.get(reverse("run", args=[run.pk])).context["help"].hints

    move(client, run, somebody(run, 1, "student"), "c2")

    assert client.get(reverse("run", args=[run.pk])).context["help"].hints == ()


@pytest.mark.parametrize("steps", [1, 3])
def test_history_costs_the_same_for_more_steps(steps, client, run, django_assert_max_num_queries: Callable):
    person = somebody(run, 1, "student")
    for version in range(steps):
        arrange(run_id=run.pk, wanted=Wanted(person=str(person), to=2 - version % 2), version=version, now=NOW)

    with django_assert_max_num_queries(7):
        client.get(reverse("run_history", args=[run.pk]))
    with django_assert_max_num_queries(16):
        client.get(reverse("run", args=[run.pk]))


@pytest.mark.parametrize("more", [0, 4])
@pytest.mark.parametrize("seat", ["", "c2"])
def test_menu_and_preview_cost_the_same_for_more_people(
    more, seat, client, run, term, django_assert_max_num_queries: Callable
):
    for _ in range(more):
        run.unplaced.create(participation=make_participation(term), reason="not_enough_places")
    person = somebody(run, 1, "student")

    with django_assert_max_num_queries(26):
        looked_at(client, run, person, seat)
