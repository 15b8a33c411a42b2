"""The pages that offer repairs: in words, one press each, and honest when there is nothing."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from dialogue.models import Cohort, Membership, Person, Term
from dialogue.services.cohorts import end_participation
from tests.factories import NOW, make_cohort, make_facilitation, make_participation, make_person, make_session


@pytest.fixture(autouse=True)
def signed_in(client: Client, chika: Person, clock_stands: None) -> None:
    client.force_login(chika)
    Person.objects.filter(pk=chika.pk).update(language="en")


@pytest.fixture
def broken(term: Term, aoi: Person, takeshi: Person, fumi: Person) -> Cohort:
    cohort = make_cohort(term, students=(aoi,), alumni=(takeshi,), facilitator=fumi, number=3)
    make_session(cohort)
    end_participation(participation_id=aoi.participations.get().pk, now=NOW)
    return cohort


def test_cohort_that_needs_repair_leads_to_what_can_be_done(client: Client, broken: Cohort) -> None:
    page = client.get(reverse("cohort", args=[broken.pk])).content.decode()

    assert reverse("cohort_repair", args=[broken.pk]) in page


def test_offer_says_who_comes_and_is_carried_out_at_one_press(client: Client, term: Term, broken: Cohort) -> None:
    haru = make_participation(term, make_person("はる", family_name="春野", given_name="はる"))
    address = reverse("cohort_repair", args=[broken.pk])
    [offer] = client.get(address).context["offers"]

    response = client.post(address, {"offer": offer.key}, follow=True)

    assert offer.steps == ("はる (春野 はる), who waits, comes into cohort 3.",)
    assert "Nobody else changes cohort" in offer.stays
    assert response.redirect_chain == [(reverse("term_cohorts", args=[term.pk]), 302)]
    assert Membership.objects.filter(participation=haru, cohort=broken, left_at__isnull=True).exists()


def test_second_press_is_told_and_sees_what_can_be_done_now(client: Client, term: Term, broken: Cohort) -> None:
    make_participation(term)
    address = reverse("cohort_repair", args=[broken.pk])
    [offer] = client.get(address).context["offers"]
    client.post(address, {"offer": offer.key})

    response = client.post(address, {"offer": offer.key})

    assert response.status_code == 409
    assert "meanwhile" in response.content.decode()


@pytest.mark.parametrize("key", ["", "x" * 32, "あ"])
def test_offer_that_nobody_made_changes_nothing(key: str, client: Client, term: Term, broken: Cohort) -> None:
    make_participation(term)

    assert client.post(reverse("cohort_repair", args=[broken.pk]), {"offer": key}).status_code == 409
    assert Membership.objects.filter(left_at__isnull=True).count() == 3


def test_page_without_an_offer_says_so_and_what_would_help(client: Client, broken: Cohort) -> None:
    page = client.get(reverse("cohort_repair", args=[broken.pk])).content.decode()

    assert "Nothing can be done without changing a time." in page


def test_whoever_waits_is_listed_beside_the_cohorts_and_offered_a_place(
    client: Client, term: Term, broken: Cohort
) -> None:
    late = make_participation(term)
    address = reverse("participation_place", args=[late.pk])

    assert address in client.get(reverse("term_cohorts", args=[term.pk])).content.decode()
    assert len(client.get(address).context["offers"]) == 1


def test_another_facilitator_is_offered_by_name(client: Client, term: Term, broken: Cohort) -> None:
    make_participation(term)
    rei = make_facilitation(term, make_person("れい"))
    make_session(other := make_cohort(term, number=4, facilitator=make_person()))

    offers = client.get(reverse("cohort_repair", args=[other.pk]) + "?for=facilitator").context["offers"]

    assert any("れい leads cohort 4 from now on." in step for offer in offers for step in offer.steps)
    assert rei.cohorts.count() == 0


def test_cohort_that_has_ended_is_not_repaired(client: Client, broken: Cohort) -> None:
    Cohort.objects.filter(pk=broken.pk).update(status="ended")

    assert client.get(reverse("cohort_repair", args=[broken.pk])).status_code == 404


@pytest.mark.parametrize("waiting", [1, 3])
def test_offers_cost_the_same_for_more_of_them(
    waiting: int, client: Client, term: Term, broken: Cohort, django_assert_max_num_queries: Callable
) -> None:
    for _ in range(waiting):
        make_participation(term)

    with django_assert_max_num_queries(36):
        response = client.get(reverse("cohort_repair", args=[broken.pk]))
    assert len(response.context["offers"]) == waiting
