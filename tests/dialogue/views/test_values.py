"""Value cards: for one's own eyes, page by page, deleted whenever one likes."""

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from dialogue.core.values import VALUE_CARDS, Pile, pages
from dialogue.models import ValueSort
from dialogue.services.values import keep_choice, keep_piles, sorting_of
from tests.factories import NOW

pytestmark = pytest.mark.django_db
SORT, CHOOSE, FORGET = "/values/", "/values/choose/", "/values/forget/"
SIX = list(VALUE_CARDS)[:6]


def client_of(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def dear(person, slugs=SIX) -> None:
    keep_piles(person=person, piles=dict.fromkeys(slugs, Pile.VERY), now=NOW)


def test_cards_are_sorted_page_by_page_and_stay_where_they_were_put(aoi):
    client = client_of(aoi)
    first, second = pages()[0][0].slug, pages()[1][0].slug

    came_back = client.post(SORT, {first: "very"})
    assert came_back.url == f"{SORT}?page=2"
    client.post(came_back.url, {second: "less"})

    assert sorting_of(aoi).piles == {first: Pile.VERY, second: Pile.LESS}
    assert f'name="{first}" value="very" id="id_{first}_0" checked' in client.get(SORT).content.decode()


def test_the_last_page_leads_to_choosing_and_a_page_without_a_card_put_goes_on_too(aoi):
    client = client_of(aoi)

    assert client.post(f"{SORT}?page=1", {}).url == f"{SORT}?page=2"
    assert client.post(f"{SORT}?page={len(pages())}", {}).url == CHOOSE


@pytest.mark.parametrize("page", ["0", "99", "x", "-1"])
def test_a_page_that_the_deck_does_not_have_is_the_nearest(aoi, page):
    assert client_of(aoi).get(f"{SORT}?page={page}").status_code == 200


def test_a_pile_that_there_is_not_is_refused_and_nothing_changes(aoi):
    answer = client_of(aoi).post(SORT, {SIX[0]: "best"})

    assert answer.status_code == 200
    assert not ValueSort.objects.exists()


def test_up_to_five_are_chosen_with_words_of_ones_own(aoi):
    dear(aoi)
    client = client_of(aoi)
    client.post(CHOOSE, {"chosen": SIX[:5], "words": "川の音\n"})

    page = client.get(CHOOSE).content.decode()
    assert page.count(" checked") == 5
    assert "川の音" in page


@pytest.mark.parametrize(("chosen", "words"), [(SIX, "ことば"), (["hope"], "ことば"), (SIX[:1], "あ" * 5001)])
def test_more_than_five_or_a_card_from_elsewhere_is_refused_and_nothing_typed_is_lost(aoi, chosen, words):
    dear(aoi)
    page = client_of(aoi).post(CHOOSE, {"chosen": chosen, "words": words}).content.decode()

    assert 'class="error-summary"' in page
    assert words in page
    assert sorting_of(aoi).chosen == []
    with pytest.raises(ValueError, match="choice"):
        keep_choice(person=aoi, chosen=chosen, words=words, now=NOW)


def test_without_a_sorted_card_choosing_leads_back_to_the_piles(aoi):
    page = client_of(aoi).get(CHOOSE).content.decode()

    assert 'class="empty"' in page
    assert f'href="{SORT}"' in page


def test_nothing_can_be_put_that_is_no_card(aoi):
    with pytest.raises(ValueError, match="salary"):
        keep_piles(person=aoi, piles={"salary": Pile.VERY}, now=NOW)


def test_each_sees_their_own_cards_alone(aoi, takeshi, chika, cohort):
    dear(aoi)
    keep_choice(person=aoi, chosen=SIX[:2], words="ひみつのことば", now=NOW)

    for person in (takeshi, chika):
        client = client_of(person)
        for path in (SORT, CHOOSE):
            page = client.get(path).content.decode()
            assert "ひみつのことば" not in page
            assert " checked" not in page


def test_the_database_holds_one_token_and_no_readable_word(aoi):
    dear(aoi)
    keep_choice(person=aoi, chosen=SIX[:1], words="canary-葵", now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM dialogue_valuesort")
        stored = str(cursor.fetchall())

    assert "canary" not in stored
    assert SIX[0] not in stored
    assert "very" not in stored


def test_one_press_after_a_question_deletes_all_of_it_and_of_nobody_else(aoi, takeshi):
    dear(aoi)
    dear(takeshi)
    client = client_of(aoi)
    client.get(FORGET)
    assert ValueSort.objects.count() == 2

    client.post(FORGET)
    assert [one.person for one in ValueSort.objects.all()] == [takeshi]


def test_home_leads_there_those_who_take_part(cohort, aoi, sam):
    assert f'href="{SORT}"' in client_of(aoi).get("/").content.decode()
    assert f'href="{SORT}"' not in client_of(sam).get("/").content.decode()
    assert reverse("values") == SORT


@pytest.mark.parametrize("how_many", [1, 3])
@pytest.mark.parametrize("path", [SORT, CHOOSE])
def test_page_asks_the_database_alike_for_one_card_and_three(aoi, how_many, path, django_assert_num_queries):
    dear(aoi, SIX[:how_many])
    client = client_of(aoi)
    client.get(path)
    with django_assert_num_queries(4):
        assert client.get(path).status_code == 200
