"""What a coordinator wishes of a run reaches the engine, stays with the run, and can be told apart."""

import pytest
from django.test import Client
from django.urls import reverse

from dialogue.models import Affiliation, NamedSlot, Person, SlotAnswer, Term
from matching.engine import Strictness, Weights
from matching.engine.company import Part
from matching.inputs import read_input
from matching.models import MatchRun
from matching.services.runs import run_queued, start_run
from matching.wishes import ALONE_COUNTS, AS_USUAL, HOURS_COUNT, Respect, Stress, Wishes
from tests.factories import NOW, make_cohort, make_term

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "wishes",
    [
        Wishes(),
        Wishes(
            form_size=None,
            fair=False,
            common_windows=2,
            spare_facilitators=True,
            steady=True,
            not_alone=(Respect.ZONE, Respect.DECADE),
            stress={**AS_USUAL, Part.AFFINITY: Stress.MORE, Part.BALANCE: Stress.NONE},
        ),
    ],
)
def test_wishes_come_back_from_their_row(wishes: Wishes):
    assert Wishes.of_row(wishes.as_row()) == wishes


def test_a_run_from_before_there_were_wishes_is_as_usual():
    assert Wishes.of_row({}) == Wishes()


def test_wishes_are_options_of_the_engine():
    usual = Wishes().options()
    other = Wishes(form_size=4, fair=False, steady=True, spare_facilitators=True, not_alone=(Respect.FIELD,)).options()

    assert (usual.form_size, usual.fair, usual.cohort_cost, usual.alone_cost) == (5, True, 0.0, 0.0)
    assert usual.weights == Weights()
    assert (usual.steady, other.steady) == (False, True)
    assert (other.form_size, other.fair, other.cohort_cost, other.alone_cost) == (4, False, HOURS_COUNT, ALONE_COUNTS)


def test_what_was_chosen_on_the_page_stays_with_the_run(client: Client, full_term: Term, chika: Person):
    client.force_login(chika)

    client.post(
        reverse("term_runs", args=[full_term.pk]),
        {
            "form_size": "4",
            "common_windows": "2",
            "not_alone": ["partner", "decade"],
            "uneven": "on",
            "steady": "on",
            "affinity": "more",
            "balance": "none",
        },
    )

    assert Wishes.of_row(MatchRun.objects.get().wishes) == Wishes(
        form_size=4,
        fair=False,
        steady=True,
        common_windows=2,
        not_alone=(Respect.PARTNER, Respect.DECADE),
        stress={**AS_USUAL, Part.AFFINITY: Stress.MORE, Part.BALANCE: Stress.NONE},
    )


def test_the_page_of_a_run_says_what_was_wished_for_it(client: Client, full_term: Term, chika: Person):
    client.force_login(chika)
    Person.objects.update(language="en")
    client.post(reverse("term_runs", args=[full_term.pk]), {"not_alone": ["partner", "decade"], "robust": "less"})
    run_queued(now=NOW)

    wishes = client.get(reverse("run", args=[MatchRun.objects.get().pk])).context["wishes"]

    assert wishes[1:] == [
        "Nobody should be the only one: from their partner organisation, born in their decade",
        "Other times in common: Half as much as usual",
    ]


def test_no_part_of_good_company_counting_is_refused_in_words(client: Client, full_term: Term, chika: Person):
    client.force_login(chika)

    nothing = dict.fromkeys(("affinity", "robust", "balance", "diversity"), "none")
    response = client.post(reverse("term_runs", args=[full_term.pk]), nothing)

    assert list(response.context["form"].errors) == ["affinity"]
    assert response.context["stress_open"]
    assert not MatchRun.objects.exists()


def test_what_counts_otherwise_adds_up_to_as_much_as_usual():
    stress = {
        Part.AFFINITY: Stress.MORE,
        Part.ROBUST: Stress.LESS,
        Part.BALANCE: Stress.NONE,
        Part.DIVERSITY: Stress.USUAL,
    }

    weights = Wishes(stress=stress).options().weights

    parts = (weights.affinity, weights.robust, weights.balance, weights.diversity)
    assert parts == pytest.approx((1.0 / 1.25, 0.1 / 1.25, 0.0, 0.15 / 1.25))
    assert sum(parts) == pytest.approx(1.0)


@pytest.mark.parametrize(("kept", "respects"), [("", ()), ("partner", (Respect.PARTNER,)), (["zone"], (Respect.ZONE,))])
def test_a_run_from_when_one_respect_could_be_named_keeps_it(kept: object, respects: tuple[Respect, ...]):
    assert Wishes.of_row({"not_alone": kept}).not_alone == respects


def test_the_page_offers_five_and_even_cohorts_first(client: Client, full_term: Term, chika: Person):
    client.force_login(chika)

    form = client.get(reverse("term_runs", args=[full_term.pk])).context["form"]

    assert (form["form_size"].value(), form["uneven"].value(), form["not_alone"].value()) == ("5", None, None)
    assert not form.is_stressed


@pytest.mark.parametrize("respect", Respect)
def test_people_carry_only_the_respect_that_was_asked_for(full_term: Term, respect: Respect):
    people = read_input(full_term, Wishes(not_alone=(respect,)), now=NOW).problem.participants

    assert {name for one in people for name in one.attributes} == {respect.value}
    assert not any(one.attributes for one in read_input(full_term, now=NOW).problem.participants)


def test_people_carry_what_they_are_alike_in(full_term: Term, aoi: Person, takeshi: Person):
    Person.objects.filter(pk=aoi.pk).update(birth_year=2006)
    Person.objects.filter(pk=takeshi.pk).update(birth_year=1969, zone="Europe/London")
    school = Affiliation.objects.create(organisation=full_term.programme.organisation, name="青海大学", key="青海大学")
    full_term.participations.update(affiliation=school)
    full_term.participations.filter(person=aoi).update(field="海洋学", under_18=True, languages=["ja", "en"])
    earlier = make_term(programme=full_term.programme, name="前の期")
    make_cohort(earlier, students=(aoi,))

    people = {
        one.id: one for one in read_input(full_term, Wishes(not_alone=tuple(Respect)), now=NOW).problem.participants
    }

    told = [dict(people[str(full_term.participations.get(person=one).pk)].attributes) for one in (aoi, takeshi)]
    assert told == [
        {
            "partner": "",
            "affiliation": str(school.pk),
            "field": "海洋学",
            "zone": "Asia/Tokyo",
            "decade": "200",
            "languages": "en ja",
            "first_time": "known",
            "young": "young",
        },
        {
            "partner": "",
            "affiliation": "",
            "field": "",
            "zone": "Europe/London",
            "decade": "196",
            "languages": "ja",
            "first_time": "new",
            "young": "",
        },
    ]


@pytest.mark.parametrize("rule", Term.MetBeforeRule)
def test_how_new_faces_are_held_is_the_terms_to_say(full_term: Term, rule: Term.MetBeforeRule):
    full_term.met_before = rule

    assert read_input(full_term, now=NOW).problem.params.met_before == Strictness(rule.value)


def test_a_second_common_window_is_a_rule_of_the_run(full_term: Term):
    assert read_input(full_term, Wishes(common_windows=2), now=NOW).problem.params.min_windows == 2


def test_maybe_reaches_the_engine_apart_from_yes(full_term: Term):
    slot = NamedSlot.objects.create(term=full_term, weekday=5, starts=600, ends=690)
    one = full_term.participations.order_by("pk").first()
    SlotAnswer.objects.create(slot=slot, participation=one, answer="maybe")

    told = next(each for each in read_input(full_term, now=NOW).problem.participants if each.id == str(one.pk))

    assert told.maybe
    assert not told.maybe & told.availability


def test_run_with_other_wishes_proposes_by_them(full_term: Term):
    run = start_run(term=full_term, seed=1, now=NOW, wishes=Wishes(common_windows=3))
    run_queued(now=NOW)

    run.refresh_from_db()
    assert run.status == MatchRun.Status.READY
    assert all(len(one.common_windows) >= 3 for one in run.proposals.all())
