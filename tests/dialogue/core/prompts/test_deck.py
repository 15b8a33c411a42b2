"""A deck is read whole or refused with the prompt and the field that are wrong."""

from collections import Counter

import pytest

from dialogue.core.prompts.deck import DeckRefused, read_deck
from dialogue.core.prompts.prompt import Depth, Domain, Stage
from tests.dialogue.core.prompts.sample import small_deck, written

HEAD, DOMAINS = written()
FIRST_SLUG = 'slug = "news-that-made-me-pause"'


def test_the_small_deck_spreads_depths_stages_and_domains_so_that_twelve_sessions_fit() -> None:
    prompts = small_deck()

    assert Counter(int(one.depth) for one in prompts) == {1: 8, 2: 10, 3: 5, 4: 1}
    assert Counter(one.stage for one in prompts) == dict.fromkeys(Stage, 6)
    assert {one.domain for one in prompts} == set(Domain)
    assert all(one.stage is not Stage.BACKGROUND for one in prompts if one.depth >= Depth.DILEMMA)


@pytest.mark.parametrize(
    ("said", "instead", "told"),
    [
        (FIRST_SLUG, "", "number 1 of society_nature: slug"),
        ("depth = 1", "depth = 5", "news-that-made-me-pause: 5 is no depth"),
        ('stage = "background"', "", "news-that-made-me-pause: stage is missing"),
        ('en = "In recent news', 'en = " "\nold = "', "news-that-made-me-pause has unknown fields: old"),
        ("follow_ups = [", "follow_ups = [\n  3,", "news-that-made-me-pause: follow_ups"),
        ("alumni = {ja", "alumni = {jp", "news-that-made-me-pause: alumni"),
        ('slug = "colour-of-the-sky"', FIRST_SLUG, "Two prompts are called news-that-made-me-pause"),
        ('domain = "society_nature"', 'domain = "weather"', "no domain that is known"),
        ("[[prompt]]", "[[prompt", "not TOML"),
    ],
)
def test_a_spoilt_domain_is_refused_by_name(said: str, instead: str, told: str) -> None:
    text = DOMAINS["society_nature"]
    place = text.index(said)
    spoilt = text[:place] + instead + text[place + len(said) :]

    with pytest.raises(DeckRefused, match=told):
        read_deck(HEAD, [spoilt])


def test_a_deck_without_a_title_is_refused() -> None:
    with pytest.raises(DeckRefused, match="title"):
        read_deck('name = "library"\nversion = 2', [])
