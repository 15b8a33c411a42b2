"""The library of prompts, as those who run terms look through it."""

import pytest
from django.urls import reverse

from dialogue.models import Prompt
from dialogue.views.prompts import PROMPTS_ON_A_PAGE


@pytest.fixture
def chikas(client, chika, term):
    client.force_login(chika)
    return client


def found(page) -> int:
    return page.context["prompts"].paginator.count


def test_the_library_lists_every_prompt_in_pages(chikas):
    page = chikas.get(reverse("prompts"))

    assert found(page) == 160
    assert len(page.context["lines"]) == PROMPTS_ON_A_PAGE


@pytest.mark.parametrize(
    ("asked", "number"),
    [
        ({"domain": "work"}, 16),
        ({"depth": "4"}, 20),
        ({"stage": "choice"}, 40),
        ({"domain": "health", "depth": "3", "stage": "choice"}, 2),
        ({"words": "本棚 背表紙"}, 1),
        ({"words": "shelves"}, 1),
        ({"depth": "9", "domain": "weather"}, 160),
    ],
)
def test_prompts_are_found_by_their_tags_and_words(chikas, asked, number):
    assert found(chikas.get(reverse("prompts"), asked)) == number


def test_what_finds_nothing_says_what_to_try(chikas):
    page = chikas.get(reverse("prompts"), {"words": "宇宙遊泳"}).content.decode()

    assert "すべてに合う問いはありません。" in page
    assert "すべての問いを見る" in page


def test_a_prompt_shows_both_languages_follow_ups_and_samples(chikas):
    prompt = Prompt.objects.get(slug="where-i-used-to-eat")

    page = chikas.get(reverse("prompt", args=[prompt.slug])).content.decode()

    for text in (prompt.text_ja, prompt.text_en, *prompt.follow_ups_ja, prompt.samples["alumni"]["ja"]):
        assert text in page
    assert "家族にふれます" in page
    assert page.index(prompt.text_ja) < page.index(prompt.text_en)
    assert page.index(prompt.follow_ups_ja[0]) < page.index(prompt.follow_ups_en[0])


def test_an_unknown_prompt_and_somebody_who_runs_no_term_are_404(chikas, client, sam):
    assert chikas.get(reverse("prompt", args=["none"])).status_code == 404
    client.force_login(sam)
    assert client.get(reverse("prompts")).status_code == 404
    assert client.get(reverse("prompt", args=["someone-at-work"])).status_code == 404


@pytest.mark.parametrize("words", ["本棚", "友だち"])
def test_a_list_takes_the_same_queries_however_long_it_is(chikas, words, django_assert_num_queries):
    chikas.get(reverse("prompts"))

    with django_assert_num_queries(6):
        chikas.get(reverse("prompts"), {"words": words})
