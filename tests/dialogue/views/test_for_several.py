"""Something for several people at once: first whom it is about, then whole or not at all, then what came of it."""

from datetime import date

import pytest
from django.urls import reverse

from dialogue.models import Cohort, IdentityCheck, PairWish, Participation
from dialogue.services.for_several import check_identities, wish_for_pairs
from dialogue.services.identity import CheckRefused
from tests.factories import NOW, make_participation, make_person, make_term

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, chika):
    chika.language = "en"
    chika.save()
    client.force_login(chika)
    return client


@pytest.fixture
def three(term) -> list[Participation]:
    return [make_participation(term, make_person(name, given_name=name)) for name in ("Ichi", "Ni", "San")]


def marks(people) -> list[str]:
    return [f"{one.pk}-0" for one in people]


def press(desk, term, do, people, **said) -> str:
    address = reverse("term_for_several", args=[term.pk])
    return desk.post(address, {"do": do, "who": marks(people), **said}, follow=True).content.decode()


def test_page_before_names_how_many_and_whom_and_changes_nothing(desk, term, three):
    gone = make_participation(term, make_person("Yon", given_name="Yon"), status="ended", ended_at=NOW)
    address = reverse("term_for_several", args=[term.pk])

    page = desk.get(address, {"do": "apart", "who": marks([*three, gone])}).content.decode()

    assert "Keep apart: 3 people" in page
    assert all(name in page for name in ("Ichi", "Ni", "San", "Yon"))
    assert page.index("These stay as they are") < page.index("Yon")
    assert not PairWish.objects.exists()


def test_every_two_are_kept_apart_once(desk, term, three):
    assert "Keep apart: 例田 Ichi, 例田 Ni, 例田 San." in press(desk, term, "apart", three)
    assert "It was so before" in press(desk, term, "apart", three)

    pairs = set(PairWish.objects.filter(kind="apart").values_list("first", "second"))
    one, two, last = (each.pk for each in three)
    assert pairs == {(one, two), (one, last), (two, last)}


def test_wish_changes_and_is_taken_back(term, three):
    for kind in ("apart", "together", None):
        wish_for_pairs(term=term, chosen=[one.pk for one in three], kind=kind, now=NOW)
        assert set(PairWish.objects.values_list("kind", flat=True)) == ({kind} if kind else set())


def test_block_outlasts_every_wish(desk, term, three):
    one, two, _last = three
    PairWish.objects.create(term=term, first=one, second=two, kind="blocked")

    assert "cannot share a cohort" in press(desk, term, "together", [one, two])
    for do in ("apart", "free"):
        press(desk, term, do, [one, two])

    assert list(PairWish.objects.values_list("kind", flat=True)) == ["blocked"]


def test_block_reads_like_any_two_who_are_kept_apart(desk, term, three):
    one, two, last = three
    PairWish.objects.create(term=term, first=one, second=two, kind="blocked")

    blocked = press(desk, term, "apart", [one, two])
    others = press(desk, term, "apart", [one, last])

    assert "Keep apart: 例田 Ichi, 例田 Ni." in blocked
    assert "Keep apart: 例田 Ichi, 例田 San." in others


def test_more_than_a_cohort_holds_are_not_kept_together(term):
    people = [make_participation(term) for _ in range(term.size_max + 1)]

    [came] = wish_for_pairs(term=term, chosen=[one.pk for one in people], kind="together", now=NOW)

    assert came.why == "too_many"
    assert not PairWish.objects.exists()


def test_cohort_in_which_two_are_kept_apart_needs_repair(cohort):
    two = list(Participation.objects.filter(memberships__cohort=cohort).order_by("pk")[:2])

    wish_for_pairs(term=cohort.term, chosen=[one.pk for one in two], kind="apart", now=NOW)

    cohort.refresh_from_db()
    assert cohort.status == Cohort.Status.NEEDS_REPAIR


def test_one_alone_is_told_to_choose_another(desk, term, three):
    assert "choose at least two people" in press(desk, term, "apart", three[:1])


def test_identities_are_checked_for_all_at_once(desk, term, three):
    page = press(desk, term, "identity", three, method="met", checked_on="2026-11-20")

    assert "Identity checked: 例田 Ichi, 例田 Ni, 例田 San." in page
    assert IdentityCheck.objects.filter(checked_on=date(2026, 11, 20), method="met").count() == 3


def test_identities_are_checked_for_all_or_for_none(term, three, chika):
    with pytest.raises(CheckRefused):
        check_identities(
            term=term, chosen=[one.pk for one in three], method="met", checked_on=date(2026, 12, 24),
            checked_by=chika, now=NOW,
        )  # fmt: skip

    assert not IdentityCheck.objects.exists()


def test_day_that_has_not_come_loses_nothing_typed(desk, term, three):
    address = reverse("term_for_several", args=[term.pk])
    said = {"do": "identity", "who": marks(three), "method": "met", "checked_on": "2027-01-01"}

    page = desk.post(address, said).content.decode()

    assert "This day has not come yet." in page
    assert 'value="met"' in page


def test_people_of_another_term_are_left_out(desk, term, three):
    press(desk, term, "apart", [three[0], make_participation(make_term())])

    assert not PairWish.objects.exists()


def test_nobody_chosen_is_told_so(desk, term):
    assert "Choose somebody first" in press(desk, term, "apart", [])
