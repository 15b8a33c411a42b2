"""A programme's decks: named, filled page by page, judged in words, drawn from alone, taken away."""

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from dialogue.core.prompts.cohort_profile import CohortProfile
from dialogue.core.prompts.series_plan import plan_series
from dialogue.models import AuditEntry, OwnDeck, Prompt, Term
from dialogue.services.own_prompts import approve_prompt, restore_prompt, retire_prompt, rewrite_prompt, write_prompt
from tests.dialogue.core.prompts.sample import SOUND, library
from tests.factories import NOW, make_coordinator, make_person, make_term

TEXT = replace(
    SOUND,
    ja="散歩の途中で引き返した日、そのあと道ばたで何に出会いましたか。",
    en="On a day you turned back from a walk, what did you meet by the road after that?",
    follow_ups_ja=("足もとには何がありましたか。", "風はどんなふうでしたか。", "帰ってから何をしましたか。"),
    follow_ups_en=("What lay at your feet?", "What was the wind like?", "What did you do back home?"),
)


QUERIES_OF_THE_LIST = 6


@pytest.fixture
def programme(term):
    return term.programme


@pytest.fixture
def chikas(client, chika, term):
    client.force_login(chika)
    return client


@pytest.fixture
def deck(programme) -> OwnDeck:
    return OwnDeck.objects.create(programme=programme, name="春の束")


def for_a_series_of(number: int) -> list[Prompt]:
    plan = plan_series(prompts=library().prompts, how_many_sessions=number, cohort=CohortProfile())
    return list(Prompt.objects.filter(slug__in=[slug for slugs in plan.slugs() for slug in slugs]))


def fill(deck: OwnDeck, number: int) -> None:
    deck.prompts.set(for_a_series_of(number))


def slugs_in(deck: OwnDeck) -> set[str]:
    return set(Prompt.objects.drawn_for(deck.programme_id, deck=deck.pk).values_list("slug", flat=True))


def test_a_deck_is_made_and_its_prompts_are_chosen_page_by_page(chikas, programme):
    page = chikas.post(reverse("own_deck_new"), {"programme": programme.pk, "name": " 春の束 "}, follow=True)
    deck = OwnDeck.objects.get()
    assert (deck.name, deck.programme, page.context["deck"]) == ("春の束", programme, deck)
    address = reverse("own_deck_prompts", args=[deck.pk])
    first = [key for key, _line, _lies in chikas.get(address).context["lines"]]
    second = [key for key, _line, _lies in chikas.get(address, {"page": 2}).context["lines"]]
    assert len(first) == 40

    chikas.post(address, {"shown": first, "chosen": first[:3]})
    page = chikas.post(f"{address}?page=2", {"shown": second, "chosen": second[:1]}, follow=True)

    assert "問いが4あります" in page.text
    assert page.context["prompts"].number == 2
    assert set(deck.prompts.values_list("pk", flat=True)) == {*first[:3], *second[:1]}
    chikas.post(address, {"shown": first, "chosen": first[1:2]})
    assert set(deck.prompts.values_list("pk", flat=True)) == {*first[1:2], *second[:1]}
    inside = chikas.get(address, {"whose": "in"}).context["lines"]
    assert [(key, lies) for key, _line, lies in inside] == [(first[1], True), (second[0], True)]
    assert chikas.get(address, {"whose": "not"}).context["prompts"].paginator.count == 158


def test_a_name_is_there_once_in_a_programme_and_is_changed(chikas, deck, programme):
    asked = chikas.post(reverse("own_deck_new"), {"programme": programme.pk, "name": "春の束"})
    assert "同じ名前の束がすでにあります" in asked.text
    assert chikas.post(reverse("own_deck_edit", args=[deck.pk]), {"name": "春の束"}).status_code == 302

    chikas.post(reverse("own_deck_edit", args=[deck.pk]), {"name": "秋の束"})

    deck.refresh_from_db()
    assert deck.name == "秋の束"
    with pytest.raises(IntegrityError), transaction.atomic():
        OwnDeck.objects.create(programme=programme, name="秋の束")


def test_what_a_programme_is_not_given_is_put_into_no_deck(chikas, deck, programme):
    left_out, fine = Prompt.objects.order_by("pk")[:2]
    left_out.left_out_by.add(programme)
    both = [left_out.pk, fine.pk]

    chikas.post(reverse("own_deck_prompts", args=[deck.pk]), {"shown": [*both, "x"], "chosen": [*both, "²", ""]})

    assert list(deck.prompts.all()) == [fine]


def test_the_page_of_a_deck_says_for_how_many_sessions_it_suffices_and_what_is_missing(chikas, deck):
    fill(deck, 4)

    page = chikas.get(reverse("own_deck", args=[deck.pk]))

    assert {one.how_many_sessions: bool(one.lacks) for one in page.context["lengths"]} == {
        4: False, 6: True, 8: True, 12: True,
    }  # fmt: skip
    assert "4回：足ります。" in page.text
    assert "問いの数：12必要、いま8" in page.text
    assert "%(" not in page.text
    english = chikas.get(reverse("own_deck", args=[deck.pk]), headers={"Accept-Language": "en"})
    assert len(page.context["lines"]) == len(english.context["lines"]) == 8


def test_a_term_draws_from_a_deck_that_suffices_and_from_every_prompt_again(chikas, deck, term):
    Term.objects.filter(pk=term.pk).update(session_count=4)
    address = reverse("own_deck_term", args=[deck.pk, term.pk])
    fill(deck, 4)
    assert "この束だけから引く" in chikas.get(reverse("own_deck", args=[deck.pk])).text

    page = chikas.post(address, {"alone": "on"}, follow=True)

    term.refresh_from_db()
    assert term.own_deck == deck
    assert "この期のグループは、この束だけから引きます。" in page.text
    for _twice in range(2):
        chikas.post(address)
    term.refresh_from_db()
    assert term.own_deck is None
    assert AuditEntry.objects.filter(action="term_deck_set").count() == 2


def test_a_deck_that_lacks_something_is_refused_in_words(chikas, deck, term):
    Term.objects.filter(pk=term.pk).update(session_count=6)
    fill(deck, 4)
    assert 'name="alone"' not in chikas.get(reverse("own_deck", args=[deck.pk])).text

    page = chikas.post(reverse("own_deck_term", args=[deck.pk, term.pk]), {"alone": "on"}, follow=True)

    assert "この束だけでは、6回分に足りません。" in page.text
    assert "問いの数：12必要、いま8" in page.text
    term.refresh_from_db()
    assert term.own_deck is None


def test_a_deck_that_a_term_draws_from_says_when_it_no_longer_suffices(chikas, deck, term, programme):
    fill(deck, 4)
    Term.objects.filter(pk=term.pk).update(own_deck=deck, session_count=4)
    deck.prompts.first().left_out_by.add(programme)

    page = chikas.get(reverse("own_deck", args=[deck.pk])).text

    assert "4回分に足りなくなりました" in page
    assert "すべての問いから引くようにもどす" in page


def test_taking_a_deck_away_is_asked_first_and_names_what_draws_from_it(chikas, deck, term, cohort):
    fill(deck, 4)
    Term.objects.filter(pk=term.pk).update(own_deck=deck)
    type(cohort).objects.filter(pk=cohort.pk).update(own_deck=deck)
    address = reverse("own_deck_remove", args=[deck.pk])
    asked = chikas.get(address).text
    assert term.name in asked
    assert f"{term.name}のグループ{cohort.number}" in asked

    chikas.post(address)

    assert not OwnDeck.objects.exists()
    term.refresh_from_db()
    cohort.refresh_from_db()
    assert (term.own_deck, cohort.own_deck) == (None, None)
    assert Prompt.objects.count() == 160


def test_decks_are_their_programmes_alone(chikas, client, deck, term):
    other = make_person("よそ")
    there = make_term(coordinator=other)
    client.force_login(other)

    assert deck.name not in client.get(reverse("own_decks")).text
    for page in ("own_deck", "own_deck_prompts", "own_deck_edit", "own_deck_remove"):
        assert client.get(reverse(page, args=[deck.pk])).status_code == 404
    own = OwnDeck.objects.create(programme=there.programme, name="よその束")
    assert client.post(reverse("own_deck_term", args=[own.pk, term.pk]), {"alone": "on"}).status_code == 404


def test_the_list_says_how_many_prompts_each_deck_gives_in_the_same_number_of_queries(
    chikas, deck, programme, django_assert_num_queries
):
    fill(deck, 4)
    deck.prompts.first().left_out_by.add(programme)
    chikas.get(reverse("own_decks"))
    with django_assert_num_queries(QUERIES_OF_THE_LIST):
        chikas.get(reverse("own_decks"))
    for number in range(4):
        fill(OwnDeck.objects.create(programme=programme, name=f"{number}"), 4)

    with django_assert_num_queries(QUERIES_OF_THE_LIST):
        page = chikas.get(reverse("own_decks"))

    [(_title, lines)] = page.context["groups"]
    assert [one.how_many for one in lines] == [7] * 5


@pytest.fixture
def nao(programme):
    person = make_person("なお")
    make_coordinator(programme, person)
    return person


def test_the_next_version_of_an_own_prompt_takes_its_place_in_the_decks_too(deck, programme, chika, nao):
    first = write_prompt(programme=programme, text=TEXT, author=chika, now=NOW)
    approve_prompt(prompt_id=first.pk, actor=nao, now=NOW)
    deck.prompts.add(first)
    second = rewrite_prompt(prompt_id=first.pk, text=TEXT, author=chika, now=NOW)
    assert slugs_in(deck) == {first.slug}

    approve_prompt(prompt_id=second.pk, actor=nao, now=NOW)

    assert slugs_in(deck) == {second.slug}
    retire_prompt(prompt_id=second.pk, actor=nao, now=NOW)
    restore_prompt(prompt_id=first.pk, actor=nao, now=NOW)
    assert slugs_in(deck) == {first.slug}


def test_what_is_adapted_stands_in_the_decks_for_the_library_until_it_is_taken_out(chikas, deck, programme, chika, nao):
    original = Prompt.objects.get(slug="someone-at-work")
    deck.prompts.add(original)
    own = write_prompt(programme=programme, text=TEXT, author=chika, now=NOW, adapts=original)
    approve_prompt(prompt_id=own.pk, actor=nao, now=NOW)
    assert slugs_in(deck) == {own.slug}
    retire_prompt(prompt_id=own.pk, actor=nao, now=NOW)
    assert slugs_in(deck) == {original.slug}
    restore_prompt(prompt_id=own.pk, actor=nao, now=NOW)

    chikas.post(reverse("own_deck_prompts", args=[deck.pk]), {"shown": [own.pk]})

    retire_prompt(prompt_id=own.pk, actor=nao, now=NOW)
    assert slugs_in(deck) == set()
