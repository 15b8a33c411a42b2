"""The pages that offer repairs: in words, one press each, and honest when there is nothing."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from dialogue.models import Cohort, Membership, Person, Term
from dialogue.services.cohorts import end_participation
from tests.factories import (
    NOW,
    make_cohort,
    make_facilitation,
    make_participation,
    make_person,
    make_session,
    make_term,
)


@pytest.fixture(autouse=True)
def signed_in(client: Client, chika: Person) -> None:
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
    [(offer, _dates)] = client.get(address).context["offers"]

    response = client.post(address, {"offer": offer.key}, follow=True)

    assert offer.steps == ("はる (春野 はる), who waits, comes into cohort 3.",)
    assert "Nobody else changes cohort" in offer.stays
    assert response.redirect_chain == [(reverse("term_cohorts", args=[term.pk]), 302)]
    assert Membership.objects.filter(participation=haru, cohort=broken, left_at__isnull=True).exists()


def test_offer_says_what_comes_of_the_cohort(client: Client, term: Term, broken: Cohort, takeshi: Person) -> None:
    takeshi.participations.update(interests={"旅": 3, "写真": 3})
    make_participation(term, interests={"写真": 3})

    response = client.get(reverse("cohort_repair", args=[broken.pk]))

    said = "Cohort 3 afterwards: students 2, second career 2, shared interests: Photography."
    assert [offer.afterwards for offer, _dates in response.context["offers"]] == [(said,)]
    assert said in response.content.decode()


def test_offer_says_who_would_sit_together_though_they_have_met(
    client: Client, term: Term, broken: Cohort, takeshi: Person
) -> None:
    haru = make_person("はる", family_name="春野", given_name="はる")
    make_cohort(make_term(programme=term.programme), students=(haru,), alumni=(takeshi,))
    make_participation(term, haru)
    make_participation(term)

    offers = client.get(reverse("cohort_repair", args=[broken.pk])).context["offers"]

    said = {offer.steps[0].startswith("はる"): offer.afterwards[1:] for offer, _dates in offers}
    assert said[False] == ()
    assert len(said[True]) == 1
    assert "はる (春野 はる)" in said[True][0]
    assert "have met before" in said[True][0]


def test_second_press_is_told_and_sees_what_can_be_done_now(client: Client, term: Term, broken: Cohort) -> None:
    make_participation(term)
    address = reverse("cohort_repair", args=[broken.pk])
    [(offer, _dates)] = client.get(address).context["offers"]
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

    assert "Nothing can be done as things are." in page


def test_whoever_fits_nowhere_is_told_what_would_seat_them_in_a_cohort_at_work(client: Client, term: Term) -> None:
    make_session(
        make_cohort(term, number=3, students=(make_person(), make_person()), alumni=(make_person(), make_person()))
    )
    late = make_participation(term)
    late.windows.update(weekday=3)
    address = reverse("participation_place", args=[late.pk])

    page = client.get(address).content.decode()
    assert "No running cohort has a place that fits." in page
    assert "This would give a place" in page
    assert "If they had 90 more minutes free: cohort 3, Tuesdays 19:30–21:00." in page


def test_nothing_is_promised_of_a_cohort_that_is_locked(client: Client, term: Term) -> None:
    cohort = make_cohort(term, number=3, students=(make_person(), make_person()), alumni=(make_person(), make_person()))
    make_session(cohort)
    late = make_participation(term)
    late.windows.update(weekday=3)
    client.post(reverse("cohort_locks", args=[cohort.pk]), {"what": "cohort", "on": "1"})

    page = client.get(reverse("participation_place", args=[late.pk])).content.decode()

    assert "No running cohort has a place that fits." in page
    assert "This would give a place" not in page


def test_where_the_nearest_cohort_is_locked_the_next_is_named(client: Client, term: Term) -> None:
    pairs = [(make_person(), make_person()) for _ in range(4)]
    near = make_cohort(term, number=3, students=pairs[0], alumni=pairs[1])
    far = make_cohort(term, number=4, students=pairs[2], alumni=pairs[3])
    Cohort.objects.filter(pk=far.pk).update(weekday=2)
    make_session(near)
    make_session(far, starts_at=datetime(2026, 12, 2, 19, 30, tzinfo=ZoneInfo("Asia/Tokyo")))
    late = make_participation(term)
    late.windows.update(starts=20 * 60)
    client.post(reverse("cohort_locks", args=[near.pk]), {"what": "cohort", "on": "1"})

    page = client.get(reverse("participation_place", args=[late.pk])).content.decode()

    assert "If they had 90 more minutes free: cohort 4, Wednesdays 19:30–21:00." in page


def test_more_time_is_not_promised_to_somebody_whom_no_single_change_seats(client: Client, term: Term) -> None:
    late = make_participation(term)

    page = client.get(reverse("participation_place", args=[late.pk])).content.decode()

    assert "We found no single change that would give a place." in page
    assert "This would give a place" not in page


def test_whoever_has_a_place_and_fits_nowhere_else_is_not_sent_to_form_cohorts(
    client: Client, term: Term, takeshi: Person
) -> None:
    make_session(make_cohort(term, alumni=(takeshi,)))
    address = reverse("participation_place", args=[takeshi.participations.get().pk])

    page = client.get(address).content.decode()

    assert "No other cohort has a place that fits." in page
    assert "stays as it is" in page
    assert reverse("term_cohorts", args=[term.pk]) in page
    assert "Form cohorts anew" not in page


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

    assert any("れい leads cohort 4 from now on." in step for offer, _dates in offers for step in offer.steps)
    assert rei.cohorts.count() == 0


def test_cohort_that_lacks_nothing_is_offered_who_waits_and_no_other_facilitator(client: Client, term: Term) -> None:
    make_session(cohort := make_cohort(term, number=4))
    make_facilitation(term, make_person("れい"))
    address = reverse("cohort_repair", args=[cohort.pk])
    assert client.get(address).context["offers"] == []
    make_participation(term, make_person("はる", family_name="春野", given_name="はる"))

    offers = client.get(address).context["offers"]

    assert [offer.steps for offer, _dates in offers] == [("はる (春野 はる), who waits, comes into cohort 4.",)]


def test_another_time_is_offered_with_all_dates_where_nothing_else_works(
    client: Client, term: Term, broken: Cohort
) -> None:
    haru = make_participation(term, make_person("はる"))
    haru.windows.update(weekday=3)
    for one in (*term.participations.filter(status="placed"), *term.facilitations.all()):
        one.windows.create(weekday=3, starts=19 * 60, ends=21 * 60)
    address = reverse("cohort_repair", args=[broken.pk])

    response = client.get(address)

    page = response.content.decode()
    [(offer, _dates), *_more] = response.context["offers"]
    assert "Nothing works without another time" in page
    assert offer.steps[0].startswith("Cohort 3 meets at another time from now on: Thursdays 19:00–20:30")
    assert "New dates of cohort 3" in page
    assert "Thu 3 Dec" in page
    client.post(address, {"offer": offer.key})
    assert {one.starts_at.isoformat() for one in broken.sessions.all()} == {"2026-12-03T10:00:00+00:00"}


def test_what_is_locked_is_named_and_leads_to_its_lock(client: Client, broken: Cohort) -> None:
    locks = reverse("cohort_locks", args=[broken.pk])
    client.post(locks, {"what": "cohort", "on": "1"})

    page = client.get(reverse("cohort_repair", args=[broken.pk])).content.decode()

    assert "This is locked, so that no repair changes it." in page
    assert "Cohort 3 as a whole" in page
    assert locks in page


def test_locks_are_set_and_taken_off_on_their_page(client: Client, broken: Cohort, takeshi: Person) -> None:
    locks = reverse("cohort_locks", args=[broken.pk])
    who = f"person {takeshi.participations.get().pk}"
    assert locks in client.get(reverse("cohort", args=[broken.pk])).content.decode()
    for what in ("cohort", "window", who):
        client.post(locks, {"what": what, "on": "1"})
    assert client.get(locks).content.decode().count("Locked now") == 3

    client.post(locks, {"what": who, "on": ""})

    assert client.get(locks).content.decode().count("Locked now") == 2


@pytest.mark.parametrize("what", ["", "pair 1 2", "person", "person 0", "person x", "person ²"])
def test_what_cannot_be_locked_changes_nothing(what: str, client: Client, broken: Cohort) -> None:
    response = client.post(reverse("cohort_locks", args=[broken.pk]), {"what": what, "on": "1"})

    assert response.status_code == 302
    assert not broken.locks.exists()


def test_repair_is_taken_back_on_the_page_of_the_cohorts(client: Client, term: Term, broken: Cohort) -> None:
    haru = make_participation(term)
    address = reverse("cohort_repair", args=[broken.pk])
    [(offer, _dates)] = client.get(address).context["offers"]
    done = client.post(address, {"offer": offer.key}, follow=True)
    way_back = reverse("repair_take_back", args=[term.repairs.get().pk])
    assert way_back in done.content.decode()

    back = client.post(way_back, follow=True)

    haru.refresh_from_db()
    broken.refresh_from_db()
    assert (haru.status, broken.status) == ("accepted", "needs_repair")
    assert way_back not in back.content.decode()
    assert "no longer be taken back" in client.post(way_back, follow=True).content.decode()


def test_cohort_that_has_ended_is_not_repaired(client: Client, broken: Cohort) -> None:
    Cohort.objects.filter(pk=broken.pk).update(status="ended")

    assert client.get(reverse("cohort_repair", args=[broken.pk])).status_code == 404


@pytest.mark.parametrize("waiting", [1, 3])
def test_offers_cost_the_same_for_more_of_them(
    waiting: int, client: Client, term: Term, broken: Cohort, django_assert_max_num_queries: Callable
) -> None:
    for _ in range(waiting):
        make_participation(term)

    with django_assert_max_num_queries(38):
        response = client.get(reverse("cohort_repair", args=[broken.pk]))
    assert len(response.context["offers"]) == waiting
