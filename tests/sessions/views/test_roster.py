"""The roster: everybody of a term, found in any spelling, and ending somebody's place."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from dialogue.models import Cohort, Participation, Person, Term
from tests.factories import make_facilitation, make_participation, make_person

Ended = Participation.Status.ENDED


@pytest.fixture
def names(term: Term, client: Client, chika: Person) -> Callable[..., list[str]]:
    client.force_login(chika)

    def listed(**query: str) -> list[str]:
        lines = client.get(reverse("term_people", args=[term.pk]), query).context["lines"]
        found = Person.objects.in_bulk([one.person_id for one in lines])
        return [found[one.person_id].preferred_name for one in lines]

    return listed


@pytest.mark.parametrize("q", ["葵", "青井 葵", "アオイ", "ｱｵｲ", "あおい", "AOI@example", "aoi@ 青井"])
def test_search_finds_a_person_in_any_spelling(
    q: str, names: Callable[..., list[str]], term: Term, aoi: Person, takeshi: Person
) -> None:
    make_participation(term, aoi)
    make_participation(term, takeshi, "alumni")

    assert names(q=q) == ["あおい"]


@pytest.mark.parametrize("q", ["%", "_", "'; DROP TABLE", "nobody"])
def test_search_for_what_nobody_has_finds_nobody(
    q: str, names: Callable[..., list[str]], term: Term, aoi: Person
) -> None:
    make_participation(term, aoi)

    assert names(q=q) == []


def test_list_is_narrowed_by_status_reason_and_generation(
    names: Callable[..., list[str]], term: Term, aoi: Person, takeshi: Person
) -> None:
    make_participation(term, aoi, waiting_reason="no_availability")
    make_participation(term, takeshi, "alumni", status="placed")

    assert names(status="waiting") == ["あおい"]
    assert names(status="waiting-no_availability") == ["あおい"]
    assert names(status="waiting-consent") == []
    assert names(status="placed") == ["たけし"]
    assert names(generation="alumni") == ["たけし"]


def test_filter_that_does_not_exist_narrows_nothing(names: Callable[..., list[str]], term: Term, aoi: Person) -> None:
    make_participation(term, aoi)

    assert names(status="secret", generation="x", page="-7") == ["あおい"]
    assert names(page="9" * 400) == ["あおい"]
    assert names(q="\x00") == ["あおい"]
    assert names(q="あ" * 5000) == ["あおい"]


@pytest.mark.parametrize("people", [1, 3])
@pytest.mark.parametrize("who", ["", "facilitators"])
def test_list_costs_the_same_for_more_people(
    people: int, who: str, term: Term, client: Client, chika: Person, django_assert_max_num_queries: Callable
) -> None:
    for _ in range(people):
        make_participation(term)
        make_facilitation(term)
    client.force_login(chika)

    with django_assert_max_num_queries(
        8 if who else 9
    ):  # participants are narrowed by cohort: one look for the choices
        client.get(reverse("term_people", args=[term.pk]), {"who": who} if who else {})


def test_page_of_a_long_list_is_small(term: Term, client: Client, chika: Person) -> None:
    for number in range(61):
        make_participation(term, make_person(f"ひと{number}"))
    client.force_login(chika)

    response = client.get(reverse("term_people", args=[term.pk]))

    assert len(response.context["people"]) == 60
    assert len(response.content) < 60_000


def test_address_of_a_participant_is_not_in_the_list(term: Term, client: Client, chika: Person, aoi: Person) -> None:
    make_participation(term, aoi)
    client.force_login(chika)

    assert "aoi@example.org" not in client.get(reverse("term_people", args=[term.pk])).content.decode()


def test_participation_ends_after_it_was_confirmed(cohort: Cohort, client: Client, chika: Person, aoi: Person) -> None:
    place = Participation.objects.get(term=cohort.term, person=aoi)
    client.force_login(chika)
    address = reverse("participation_end", args=[place.pk])

    asked = client.get(address)
    place.refresh_from_db()
    assert place.status != Ended
    assert f"{cohort.number}" in asked.content.decode()

    client.post(address)
    place.refresh_from_db()
    cohort.refresh_from_db()
    assert place.status == Ended
    assert cohort.status == Cohort.Status.NEEDS_REPAIR


def test_ending_twice_is_harmless(cohort: Cohort, client: Client, chika: Person, aoi: Person) -> None:
    place = Participation.objects.get(term=cohort.term, person=aoi)
    client.force_login(chika)
    address = reverse("participation_end", args=[place.pk])
    client.post(address)
    place.refresh_from_db()
    ended_at = place.ended_at

    assert client.post(address).status_code == 302
    assert client.get(address).status_code == 200
    place.refresh_from_db()
    assert place.ended_at == ended_at
