"""Topics on pages: offered in groups, named in the reader's language, and asked about where own words lie near."""

import re

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from dialogue.core.interests import TOPICS, name_of
from dialogue.models import JoinLink, Participation, Person, Term
from tests.dialogue.sign_up import Applicant, make_link
from tests.factories import make_participation


@pytest.fixture(autouse=True)
def _mails_leave_at_once(db: None, settings) -> None:
    settings.NUMBER_MAIL_PAUSE = 0.0
    cache.clear()


@pytest.fixture
def link(term: Term) -> JoinLink:
    return make_link(term)


@pytest.fixture
def minato(link: JoinLink) -> Applicant:
    applicant = Applicant(link)
    applicant.begins()
    applicant.answers("name")
    applicant.answers("generation")
    return applicant


@pytest.fixture
def one(term: Term, aoi: Person) -> Participation:
    return make_participation(term, aoi, interests={"働くこと": 5, "川釣り": 2})


@pytest.fixture
def browser(client: Client, aoi: Person) -> Client:
    client.force_login(aoi)
    return client


def page_of(applicant: Applicant, page: str, language: str = "ja") -> str:
    return applicant.client.get(f"{applicant.base}{page}/", headers={"Accept-Language": language}).content.decode()


def offered(page: str) -> list[str]:
    return re.findall(r'<input type="checkbox" name="topics" value="([^"]+)"', page)


def ticked(page: str) -> set[str]:
    return set(re.findall(r'name="topics" value="([^"]+)" id="\w+" checked', page))


# The page about interests


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_topic_can_be_ticked_under_its_name(minato: Applicant, language: str) -> None:
    page = page_of(minato, "interests", language)

    assert sorted(offered(page)) == sorted(["not-yet", *TOPICS])
    for key in TOPICS:
        assert f"<span>{escape(name_of(key, language))}</span>" in page
    assert ticked(page) == set()


def test_not_yet_in_words_is_the_first_choice_and_stands_beside_the_broad_topics(minato: Applicant) -> None:
    at_once = offered(page_of(minato, "interests").partition("<details")[0])

    assert at_once[0] == "not-yet"
    assert at_once[1:] == [key for key, topic in TOPICS.items() if topic.of is None]


def test_what_was_ticked_inside_a_fold_shows_in_an_open_fold(minato: Applicant) -> None:
    minato.answers("interests", topics=["子育て", "家族"], own="")
    page = page_of(minato, "interests")

    assert ticked(page) == {"子育て", "家族"}
    assert '<details class="fold" open><summary>もう少しくわしく選ぶ' in page
    assert '<summary>人とのあいだ <span class="soft">子育て</span></summary>' in page
    assert "<summary>社会・世界</summary>" in page


def test_the_very_name_of_a_topic_in_own_words_is_the_topic(minato: Applicant) -> None:
    minato.answers("interests", topics=[], own="Family、川釣り")

    page = page_of(minato, "interests")
    assert ticked(page) == {"家族"}
    assert ">川釣り</textarea>" in page.replace("\n川", "川")


# Near to own words


def test_own_words_lead_to_topics_that_lie_near_and_nothing_is_ticked(minato: Applicant) -> None:
    answer = minato.answers("interests", topics=["働くこと"], own="川釣り、祖母の味噌汁")
    assert answer.url == f"{minato.base}near/"

    page = page_of(minato, "near")
    assert re.findall(r'name="near" value="([^"]+)"', page) == [
        "山・自然",
        "好きなこと・趣味",
        "祖父母と孫",
        "料理・食べること",
    ]
    assert "「川釣り」" in page
    assert " checked" not in page


def test_only_what_is_ticked_counts_and_own_words_stay(minato: Applicant) -> None:
    minato.answers("interests", topics=["働くこと"], own="川釣り、祖母の味噌汁")

    onward = minato.answers("near", near=["山・自然"])
    assert onward.url == f"{minato.base}times/"
    for page in ("times", "agreements"):
        minato.answers(page)
    number = minato.asks_for_the_number()
    minato.types(number)

    one = Participation.objects.get()
    assert one.interests == {"働くこと": 3, "山・自然": 3, "川釣り": 3, "祖母の味噌汁": 3}


def test_going_on_without_a_tick_is_fine_and_nobody_is_asked_twice(minato: Applicant) -> None:
    minato.answers("interests", topics=[], own="川釣り")
    assert minato.answers("near").url == f"{minato.base}times/"

    assert minato.answers("interests", topics=[], own="川釣り").url == f"{minato.base}times/"
    assert minato.answers("interests", topics=[], own="川釣り、絵本").url == f"{minato.base}near/"


def test_words_with_nothing_near_ask_nothing(minato: Applicant) -> None:
    assert minato.answers("interests", topics=[], own="まだない").url == f"{minato.base}times/"
    assert minato.client.get(f"{minato.base}near/").url == f"{minato.base}times/"


def test_a_topic_that_was_not_proposed_is_refused(minato: Applicant) -> None:
    minato.answers("interests", topics=[], own="川釣り")
    answer = minato.answers("near", near=["鉄道・乗り物"])

    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert ticked(page_of(minato, "interests")) == set()


def test_near_topics_are_named_in_english_for_an_english_reader(minato: Applicant) -> None:
    minato.answers("interests", topics=[], own="steam trains")

    assert "Trains and vehicles" in page_of(minato, "near", "en")


# Afterwards, on one's own pages


def test_own_answers_lead_to_near_topics_until_they_are_chosen(browser: Client, one: Participation) -> None:
    near = reverse("answers_near", args=[one.pk])
    assert near in browser.get(reverse("my_answers", args=[one.pk])).content.decode()

    answer = browser.post(near, {"near": ["山・自然", "好きなこと・趣味"]})

    one.refresh_from_db()
    assert answer.url == reverse("my_answers", args=[one.pk])
    assert one.interests == {"働くこと": 5, "山・自然": 3, "好きなこと・趣味": 3, "川釣り": 2}
    assert near not in browser.get(answer.url).content.decode()
    assert browser.get(near).url == answer.url


def test_new_own_words_ask_at_once_and_old_ones_do_not(browser: Client, one: Participation) -> None:
    interests = reverse("answers_interests", args=[one.pk])
    near = reverse("answers_near", args=[one.pk])

    kept = browser.post(interests, {"topics": ["働くこと"], "own": "川釣り"})
    assert kept.url == reverse("my_answers", args=[one.pk])
    assert browser.post(interests, {"topics": ["働くこと"], "own": "川釣り、絵本"}).url == near


def test_a_rating_from_a_roster_stays_with_its_topic(browser: Client, one: Participation) -> None:
    browser.post(reverse("answers_interests", args=[one.pk]), {"topics": ["働くこと", "旅"], "own": "川釣り"})

    one.refresh_from_db()
    assert one.interests == {"働くこと": 5, "旅": 3, "川釣り": 2}


def test_own_words_of_others_are_not_found(client: Client, sam: Person, one: Participation) -> None:
    client.force_login(sam)

    assert client.get(reverse("answers_near", args=[one.pk])).status_code == 404
    assert client.post(reverse("answers_near", args=[one.pk]), {"near": ["山・自然"]}).status_code == 404
