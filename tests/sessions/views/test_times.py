"""When people can come: three tables with numbers, what is missing in one sentence, and who has not answered."""

import pytest
from django.test import Client
from django.urls import reverse

from dialogue.models import AvailabilityWindow, NamedSlot, Person, SlotAnswer, Term
from tests.factories import make_facilitation, make_participation, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(chika):
    client = Client()
    client.force_login(chika)
    return client


def page_of(browser, term):
    return browser.get(reverse("term_times", args=[term.pk])).content.decode()


def people(term, *, students, alumni):
    """Everybody is free on Tuesdays from 19 to 21 o'clock."""
    for generation, number in (("student", students), ("alumni", alumni)):
        for _ in range(number):
            make_participation(term, generation=generation)


def test_each_party_has_a_table_with_headings_and_numbers(browser, term):
    people(term, students=3, alumni=2)
    make_facilitation(term)

    page = page_of(browser, term)

    assert page.count('<table class="heat">') == 3
    assert '<th scope="col">火</th>' in page
    assert '<th scope="row">19:00</th><td class="heat__0">0</td><td class="heat__4">3</td>' in page
    assert '<th scope="row">19:00</th><td class="heat__0">0</td><td class="heat__4">2</td>' in page
    assert "足りない時間はありません" in page
    assert "全員が答えています" in page


def test_the_missing_window_is_said_in_one_sentence(browser, term):
    people(term, students=3, alumni=2)

    page = page_of(browser, term)

    assert "毎週火曜 19:00〜20:30の進行役です。学生3人とセカンドキャリア2人が来られ" in page


def test_the_missing_window_of_a_fortnightly_term_is_said_in_english_without_a_capital_inside(browser, term, chika):
    people(term, students=3, alumni=2)
    Term.objects.filter(pk=term.pk).update(cadence="fortnightly")
    Person.objects.filter(pk=chika.pk).update(language="en")

    assert "a facilitator for every other Tuesday 19:00–20:30. 3 students" in page_of(browser, term)


def test_who_has_not_answered_is_named_and_not_counted(browser, term):
    people(term, students=1, alumni=0)
    silent = make_participation(term, make_person("しずか"))
    AvailabilityWindow.objects.filter(participation=silent).delete()

    page = page_of(browser, term)

    assert "しずか" in page
    assert "1人が答えました" in page


def test_who_answered_about_slots_has_answered(browser, term):
    one = make_participation(term)
    AvailabilityWindow.objects.filter(participation=one).delete()
    slot = NamedSlot.objects.create(term=term, weekday=2, starts=600, ends=720)
    SlotAnswer.objects.create(slot=slot, participation=one, answer="yes")

    page = page_of(browser, term)

    assert "全員が答えています" in page
    assert (
        '<th scope="row">10:00</th><td class="heat__0">0</td><td class="heat__0">0</td><td class="heat__4">1</td>'
        in page
    )


def test_a_term_without_an_answer_says_so(browser, term):
    assert "来られる時間の答えは、まだありません。" in page_of(browser, term)


def test_others_do_not_find_the_page(term, sam):
    client = Client()
    client.force_login(sam)

    assert client.get(reverse("term_times", args=[term.pk])).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_asks_as_often_for_one_as_for_three(browser, term, number, django_assert_num_queries):
    people(term, students=number, alumni=number)
    for _ in range(number):
        make_facilitation(term)
    page_of(browser, term)

    with django_assert_num_queries(12):
        page_of(browser, term)
