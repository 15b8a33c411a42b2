"""Coordinators write notes on a board, and keep two people apart or together, by forms that need no mouse."""

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from dialogue.models import PairWish, Participation, Person, Term
from dialogue.services.pair_wishes import wish_for_pair
from matching.models import MatchRun
from matching.services.arranging import StepRefused, Wanted, arrange
from tests.factories import NOW, make_participation, make_term
from tests.matching.boards import ready_board

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(term: Term, client: Client, chika: Person, clock_stands: None) -> MatchRun:
    client.force_login(chika)
    return ready_board(term)


def seated(run: MatchRun, number: int) -> list[Participation]:
    rows = Participation.objects.filter(
        pk__in=run.proposed_members.filter(proposal__number=number).values("participation")
    )
    return list(rows.order_by("pk"))


# Notes


@pytest.mark.parametrize("number", ["", "1"])
def test_note_is_read_on_the_board_and_kept_encrypted(client: Client, run: MatchRun, number: str) -> None:
    address = reverse("run_note", args=[run.pk])
    assert client.get(address, {"number": number}).context["before"] == ""

    client.post(address, {"number": number, "text": "火曜は会場が使えない\r\n要確認", "before": ""})

    assert "火曜は会場が使えない<br>要確認" in client.get(reverse("run", args=[run.pk])).content.decode()
    with connection.cursor() as cursor:
        cursor.execute("SELECT note FROM matching_matchrun UNION ALL SELECT note FROM matching_cohortproposal")
        assert not any("会場" in str(kept) for (kept,) in cursor.fetchall())


def test_of_two_who_write_at_once_the_second_sees_both_texts_and_nothing_is_lost(client: Client, run: MatchRun) -> None:
    address = reverse("run_note", args=[run.pk])
    client.post(address, {"text": "first", "before": ""})

    response = client.post(address, {"text": "second", "before": ""})

    assert response.status_code == 409
    page = response.content.decode()
    assert "first" in page
    assert ">second</textarea>" in page
    run.refresh_from_db()
    assert run.note == "first"
    client.post(address, {"text": "first, second", "before": response.context["before"]})
    run.refresh_from_db()
    assert run.note == "first, second"


def test_note_of_a_cohort_stays_when_its_people_change(client: Client, run: MatchRun) -> None:
    client.post(reverse("run_note", args=[run.pk]), {"number": "1", "text": "静かな部屋", "before": ""})
    one = next(one for one in seated(run, 1) if one.generation == "student")

    arrange(run_id=run.pk, wanted=Wanted(person=str(one.pk), to=2), version=0, now=NOW)

    assert run.proposals.get(number=1).note == "静かな部屋"


@pytest.mark.parametrize("number", ["0", "9", "x", "99999999"])
def test_there_is_no_note_on_a_cohort_that_is_not_there(client: Client, run: MatchRun, number: str) -> None:
    assert client.get(reverse("run_note", args=[run.pk]), {"number": number}).status_code == 404


# Pairs


def pair(client: Client, run: MatchRun, one: Participation, other: Participation, kind: str) -> str:
    address = reverse("run_pair", args=[run.pk, one.pk])
    return client.post(address, {"other": other.pk, "kind": kind}, follow=True).content.decode()


def test_two_who_are_kept_apart_cannot_be_moved_together(client: Client, run: MatchRun) -> None:
    one = next(one for one in seated(run, 1) if one.generation == "student")
    other = next(other for other in seated(run, 2) if other.generation == "student")

    page = pair(client, run, one, other, "apart")

    assert "とは別のグループ" in page
    assert PairWish.objects.get().kind == "apart"
    with pytest.raises(StepRefused):
        arrange(run_id=run.pk, wanted=Wanted(person=str(one.pk), to=2), version=0, now=NOW)
    pair(client, run, one, other, "")
    assert not PairWish.objects.exists()
    arrange(run_id=run.pk, wanted=Wanted(person=str(one.pk), to=2), version=0, now=NOW)


def test_two_who_are_kept_together_move_together(client: Client, run: MatchRun) -> None:
    one, other = [one for one in seated(run, 1) if one.generation == "student"][:2]
    pair(client, run, one, other, "together")
    pair(client, run, other, one, "together")

    assert PairWish.objects.get().kind == "together"
    assert "と同じグループ" in client.get(reverse("run_move", args=[run.pk, one.pk])).content.decode()


def test_a_block_is_neither_shown_nor_written_over(client: Client, run: MatchRun) -> None:
    one, other = seated(run, 1)[0], seated(run, 2)[0]
    PairWish.objects.create(term=run.term, first=one, second=other, kind="blocked")

    assert client.get(reverse("run_move", args=[run.pk, one.pk])).context["menu"].wishes == ()
    pair(client, run, one, other, "together")
    pair(client, run, one, other, "")

    assert PairWish.objects.get().kind == "blocked"


@pytest.mark.parametrize("kind", ["apart", "blocked", "x"])
def test_nobody_of_another_term_and_no_other_kind_is_taken(client: Client, run: MatchRun, kind: str) -> None:
    one = seated(run, 1)[0]
    other = make_participation(make_term()) if kind == "apart" else seated(run, 2)[0]

    pair(client, run, one, other, kind)
    pair(client, run, one, one, "apart")

    assert not PairWish.objects.exists()


def test_wished_twice_it_is_wished_once(run: MatchRun) -> None:
    one, other = seated(run, 1)[:2]

    made = [wish_for_pair(one_id=one.pk, other_id=other.pk, kind="apart", now=NOW) for _ in range(2)]

    assert made[0] == made[1]
