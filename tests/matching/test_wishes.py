"""What a coordinator wishes of a run reaches the engine, stays with the run, and can be told apart."""

import pytest
from django.test import Client
from django.urls import reverse

from dialogue.models import NamedSlot, Person, SlotAnswer, Term
from matching.inputs import read_input
from matching.models import MatchRun
from matching.services.runs import run_queued, start_run
from matching.wishes import ALONE_COUNTS, HOURS_COUNT, Respect, Wishes
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "wishes",
    [Wishes(), Wishes(form_size=None, fair=False, common_windows=2, spare_facilitators=True, not_alone=Respect.ZONE)],
)
def test_wishes_come_back_from_their_row(wishes: Wishes):
    assert Wishes.of_row(wishes.as_row()) == wishes


def test_a_run_from_before_there_were_wishes_is_as_usual():
    assert Wishes.of_row({}) == Wishes()


def test_wishes_are_options_of_the_engine():
    usual = Wishes().options()
    other = Wishes(form_size=4, fair=False, spare_facilitators=True, not_alone=Respect.FIELD).options()

    assert (usual.form_size, usual.fair, usual.cohort_cost, usual.alone_cost) == (5, True, 0.0, 0.0)
    assert (other.form_size, other.fair, other.cohort_cost, other.alone_cost) == (4, False, HOURS_COUNT, ALONE_COUNTS)


def test_what_was_chosen_on_the_page_stays_with_the_run(client: Client, full_term: Term, chika: Person):
    client.force_login(chika)

    client.post(
        reverse("term_runs", args=[full_term.pk]),
        {"form_size": "4", "common_windows": "2", "not_alone": "partner", "uneven": "on"},
    )

    assert Wishes.of_row(MatchRun.objects.get().wishes) == Wishes(
        form_size=4, fair=False, common_windows=2, not_alone=Respect.PARTNER
    )


def test_the_page_offers_five_and_even_cohorts_first(client: Client, full_term: Term, chika: Person):
    client.force_login(chika)

    form = client.get(reverse("term_runs", args=[full_term.pk])).context["form"]

    assert (form["form_size"].value(), form["uneven"].value(), form["not_alone"].value()) == ("5", None, None)


@pytest.mark.parametrize("respect", Respect)
def test_people_carry_only_the_respect_that_was_asked_for(full_term: Term, respect: Respect):
    people = read_input(full_term, Wishes(not_alone=respect)).problem.participants

    assert {name for one in people for name in one.attributes} == ({respect.value} if respect else set())


def test_a_second_common_window_is_a_rule_of_the_run(full_term: Term):
    assert read_input(full_term, Wishes(common_windows=2)).problem.params.min_windows == 2


def test_maybe_reaches_the_engine_apart_from_yes(full_term: Term):
    slot = NamedSlot.objects.create(term=full_term, weekday=5, starts=600, ends=690)
    one = full_term.participations.order_by("pk").first()
    SlotAnswer.objects.create(slot=slot, participation=one, answer="maybe")

    told = next(each for each in read_input(full_term).problem.participants if each.id == str(one.pk))

    assert told.maybe
    assert not told.maybe & told.availability


def test_run_with_other_wishes_proposes_by_them(full_term: Term):
    run = start_run(term=full_term, seed=1, now=NOW, wishes=Wishes(common_windows=3))
    run_queued(now=NOW)

    run.refresh_from_db()
    assert run.status == MatchRun.Status.READY
    assert all(len(one.common_windows) >= 3 for one in run.proposals.all())
