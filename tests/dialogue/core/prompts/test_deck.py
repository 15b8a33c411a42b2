"""A deck file is read whole or refused with the prompt and the field that are wrong."""

import json
from collections import Counter
from itertools import combinations
from typing import Any

import pytest

from dialogue.core.prompts.deck import DeckRefused, read_deck
from dialogue.core.prompts.prompt import Depth, Domain, Stage
from tests.dialogue.core.prompts.sample import DECK_FILE, first_deck


def raw() -> dict[str, Any]:
    return json.loads(DECK_FILE.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def test_the_first_deck_spreads_depths_stages_and_domains_so_that_twelve_sessions_fit() -> None:
    prompts = first_deck().prompts

    assert Counter(int(one.depth) for one in prompts) == {1: 8, 2: 10, 3: 5, 4: 1}
    assert Counter(one.stage for one in prompts) == dict.fromkeys(Stage, 6)
    assert {one.domain for one in prompts} == set(Domain)
    assert all(one.stage is not Stage.BACKGROUND for one in prompts if one.depth >= Depth.DILEMMA)


def test_no_two_texts_of_the_first_deck_are_alike() -> None:
    def pairs(text: str) -> set[str]:
        return {text[n : n + 2] for n in range(len(text) - 1)}

    texts = [text for prompt in first_deck().prompts for _, text in prompt.texts_ja()]
    assert len(texts) == len(set(texts)) or Counter(texts).most_common(1)[0][1] == 1
    for one, other in combinations([prompt.ja for prompt in first_deck().prompts], 2):
        shared = len(pairs(one) & pairs(other)) / len(pairs(one) | pairs(other))
        assert shared < 0.4, (one, other)


def _without_slug(deck: dict[str, Any]) -> None:
    del deck["prompts"][0]["slug"]


def _depth_five(deck: dict[str, Any]) -> None:
    deck["prompts"][0]["depth"] = 5


def _no_stage(deck: dict[str, Any]) -> None:
    del deck["prompts"][0]["stage"]


def _empty_english(deck: dict[str, Any]) -> None:
    deck["prompts"][0]["en"] = " "


def _follow_ups_as_text(deck: dict[str, Any]) -> None:
    deck["prompts"][0]["follow_ups_ja"] = "何を感じましたか。"


def _unknown_field(deck: dict[str, Any]) -> None:
    deck["prompts"][0]["author"] = "someone"


def _twice(deck: dict[str, Any]) -> None:
    deck["prompts"].append(deck["prompts"][0])


def _no_title(deck: dict[str, Any]) -> None:
    del deck["title"]


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (_without_slug, "number 1: slug"),
        (_depth_five, "colour-of-the-sky: 5 is no depth"),
        (_no_stage, "colour-of-the-sky: stage is missing"),
        (_empty_english, "colour-of-the-sky: en is empty"),
        (_follow_ups_as_text, "colour-of-the-sky: follow_ups_ja"),
        (_unknown_field, "colour-of-the-sky has unknown fields: author"),
        (_twice, "Two prompts are called colour-of-the-sky"),
        (_no_title, "title"),
    ],
)
def test_a_spoilt_deck_is_refused_by_name(spoil: Any, told: str) -> None:
    deck = raw()
    spoil(deck)

    with pytest.raises(DeckRefused, match=told):
        read_deck(json.dumps(deck))


def test_a_text_that_is_not_json_is_refused() -> None:
    with pytest.raises(DeckRefused, match="not JSON"):
        read_deck("# a deck")
