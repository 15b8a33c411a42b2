"""The deck of value cards, and how a sorting is kept."""

import re

from hypothesis import given
from hypothesis import strategies as st

from dialogue.core.language import advice_in
from dialogue.core.values import VALUE_CARDS, Pile, Sorting, as_text, from_text, pages


def test_deck_holds_each_value_once_in_both_languages_with_a_short_meaning():
    cards = list(VALUE_CARDS.values())

    assert 83 <= len(cards) <= 100
    for texts in ([card.ja for card in cards], [card.en for card in cards], [card.means_ja for card in cards]):
        assert len(set(texts)) == len(cards)
    assert all(0 < len(card.means_ja) <= 24 and 0 < len(card.means_en.split()) <= 10 for card in cards)
    assert all(re.fullmatch(r"[a-z_]{2,20}", slug) for slug in VALUE_CARDS)


def test_no_card_advises_and_none_speaks_of_fit_score_or_job():
    words = re.compile(r"適性|適職|向いて|点数|スコア|診断|fit for|score|career|job", re.IGNORECASE)
    texts = [text for card in VALUE_CARDS.values() for text in (card.ja, card.en, card.means_ja, card.means_en)]

    assert [text for text in texts if words.search(text) or advice_in(text)] == []


def test_pages_hold_every_card_once():
    assert [card for page in pages() for card in page] == list(VALUE_CARDS.values())


@given(st.dictionaries(st.sampled_from(sorted(VALUE_CARDS)), st.sampled_from(Pile)), st.text(max_size=50))
def test_a_sorting_comes_back_as_it_was_kept(piles, words):
    sorting = Sorting(piles, list(piles)[:5], words)

    assert from_text(as_text(sorting)) == sorting


def test_a_card_that_the_deck_no_longer_has_is_passed_over():
    text = as_text(Sorting({"hope": Pile.VERY}, ["hope"], "")).replace("hope", "gone")

    assert from_text(text) == Sorting({}, [], "")


def test_cards_are_chosen_from_the_dearest_pile_that_is_not_empty():
    assert Sorting({"hope": Pile.YES, "art": Pile.VERY}).offered() == ["art"]
    assert Sorting({"hope": Pile.YES, "art": Pile.LESS}).offered() == ["hope"]
    assert Sorting({"art": Pile.LESS}, ["art"]).standing() == []
