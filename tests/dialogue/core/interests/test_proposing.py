"""Topics for words of people's own: what stands in them is found, the rest stays unproposed."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.core.interests import TOPICS, Proposal, name_of, proposals_for, propose
from dialogue.core.interests.embedding import Vector
from dialogue.core.interests.hints import read_hints
from dialogue.core.interests.learned import read, runs, share_of, topic_weights, written
from dialogue.core.interests.phrases import stem, stems_of
from dialogue.core.interests.proposing import likelihoods
from dialogue.interest_embedding import SentenceVectors
from tests.dialogue.core.interests.labelled import Labelled, held_out, judging, labelled, of_hands
from tests.dialogue.core.interests.train_topics import texts


def measured(texts: Sequence[Labelled]) -> dict[str, float]:
    """Precision and recall of what is proposed; how often the likeliest is right, and one of the likeliest three."""
    proposed = right = wanted = first = three = 0
    with_topics = [one for one in texts if one.topics]
    for one in with_topics:
        found, topics = propose(one.text), set(one.topics)
        proposed, wanted = proposed + len(found), wanted + len(topics)
        right += len(topics.intersection(found))
        likely = likelihoods(one.text)
        best = sorted(likely, key=lambda key: -likely[key])[:3]
        first, three = first + bool(topics.intersection(best[:1])), three + bool(topics.intersection(best))
    return {
        "precision": right / proposed,
        "recall": right / wanted,
        "first": first / len(with_topics),
        "three": three / len(with_topics),
    }


TEXTS = {
    "held out": held_out(),
    "judge_ja": labelled("judge_ja"),
    "judge_en": labelled("judge_en"),
    "strangers": labelled("strangers"),
}


@pytest.mark.parametrize(
    ("name", "language", "least"),
    [
        ("held out", "ja", {"precision": 0.80, "recall": 0.72, "first": 0.87, "three": 0.95}),
        ("held out", "en", {"precision": 0.70, "recall": 0.85, "first": 0.95, "three": 0.95}),
        ("judge_ja", "ja", {"precision": 0.75, "recall": 0.70, "first": 0.88, "three": 0.96}),
        ("judge_en", "en", {"precision": 0.75, "recall": 0.70, "first": 0.88, "three": 0.96}),
        ("strangers", "ja", {"precision": 0.70, "recall": 0.70, "first": 0.80, "three": 0.94}),
        ("strangers", "en", {"precision": 0.62, "recall": 0.70, "first": 0.76, "three": 0.86}),
    ],
)
def test_most_of_what_is_proposed_is_right_and_most_that_is_right_is_proposed(
    name: str, language: str, least: dict[str, float]
) -> None:
    reached = measured(
        [one for one in TEXTS[name] if (name[-2:] if name.startswith("judge") else one.language) == language]
    )

    assert {name: share for name, share in reached.items() if share < least[name]} == {}


def test_the_labelled_texts_are_many_and_name_topics_that_exist() -> None:
    assert len(held_out()) >= 100
    assert {key for one in [*of_hands(), *judging()] for key in one.topics} <= set(TOPICS)


def test_nothing_is_learned_from_what_judges() -> None:
    judges = {one.text.casefold() for one in judging()}

    assert len(judges) > 1000
    assert not [text for text, _, counts in texts() if counts >= 1 and text.casefold() in judges]


def test_what_was_learned_is_read_as_it_was_written() -> None:
    weights = read(written({"犬": -2.0, "花": -3.5}, {"ぶち": {0: 40}, "ぶ": {0: 5, 1: -7}, "never": {}}))

    assert weights.start == {"犬": -2.0, "花": -3.5}
    assert list(topic_weights().start) == list(TOPICS)
    found = weights.of("ぶち")
    assert found["犬"] == pytest.approx(-2 + 4.5 * share_of(runs("ぶち")))
    assert found["花"] == pytest.approx(-3.5 - 0.7 * share_of(runs("ぶち")))


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("key", TOPICS)
def test_the_name_of_a_topic_is_proposed_as_that_topic_first(key: str, language: str) -> None:
    assert propose(name_of(key, language))[0] == key


@pytest.mark.parametrize("text", ["わからない", "まだない", "I do not know yet", "", "。。。", "123"])
def test_nothing_is_proposed_where_nothing_is_close(text: str) -> None:
    assert propose(text) == ()


@pytest.mark.parametrize(
    ("text", "inside"),
    [("海外旅行", "海外・ことば"), ("家庭菜園", "家族"), ("日本の夏", "本・読書"), ("飛ばす", "鉄道・乗り物"),
     ("caring for others", "鉄道・乗り物"), ("I moved", "映画・ドラマ")],
)  # fmt: skip
def test_a_word_inside_a_longer_one_is_not_meant(text: str, inside: str) -> None:
    assert inside not in propose(text)


def test_width_case_and_endings_do_not_matter() -> None:
    assert propose("ＴＲＡＩＮＳ") == propose("train") == propose("Trains!")
    assert propose("ﾏﾗｿﾝ") == propose("マラソン")
    assert stem("running") == stem("runs") == stem("run")
    assert stems_of("The cities of my families") == stems_of("city, family")


@pytest.mark.parametrize(
    ("as_written", "also"),
    [("走る", "走らない"), ("走る", "走った"), ("編む", "編んだ"), ("飼う", "飼っている"), ("寂しい", "寂しくて"),
     ("捨てる", "捨てられない"), ("犬", "いぬ"), ("ねこ", "ネコ")],
)  # fmt: skip
def test_inflection_and_kana_do_not_matter(as_written: str, also: str) -> None:
    assert propose(as_written)[0] == propose(also)[0]


def test_a_word_that_says_little_gives_way_to_one_that_says_more() -> None:
    assert propose("はじめての孫が生まれました")[0] == "祖父母と孫"
    assert propose("my first cello")[0] == "音楽"
    assert propose("はじめて")[0] == propose("first")[0] == "挑戦"


def test_a_phrase_of_small_words_counts_as_it_stands() -> None:
    assert "思い出" in propose("what we used to do")
    assert "思い出" not in propose("what we use")


def test_every_topic_has_hints_in_both_languages_each_once() -> None:
    hints = read_hints()

    assert set(hints.of) == set(TOPICS)
    for key, by_language in hints.of.items():
        for words in by_language.values():
            assert len(words) >= 20, key
            assert len({word.casefold() for word in words}) == len(words), key


@given(st.text(max_size=60))
def test_any_text_gets_five_topics_at_most_and_each_once(text: str) -> None:
    found = propose(text)

    assert len(found) <= 5
    assert len(set(found)) == len(found)
    assert set(found) <= set(TOPICS)


def test_each_text_has_its_best_topic_before_another_has_its_second() -> None:
    texts = ["祖母の味噌汁と畑", "絵本", "犬", "星", "留学", "俳句"]
    found = proposals_for(texts, chosen=())

    assert [one.text for one in found] == texts
    assert sum(len(one.topics) for one in found) == len(texts)


def test_what_somebody_chose_already_or_another_text_brought_up_is_not_proposed() -> None:
    assert propose("登山") == propose("ハイキング") == ("山・自然",)
    assert proposals_for(["登山"], chosen={"山・自然"}) == ()
    assert proposals_for(["登山", "ハイキング"], chosen=()) == (Proposal("登山", ("山・自然",)),)


def test_another_embedder_ranks_what_words_leave_open() -> None:
    # a tiny space of one's own: whatever speaks of water points one way, everything else the other
    def encode(texts: list[str]) -> list[list[float]]:
        return [[1.0, 0.0] if "fishing" in text or "みずべ" in text else [0.0, 1.0] for text in texts]

    class Strict(SentenceVectors):
        least = 0.9
        trust = 10.0

    vectors: list[Vector] = Strict(encode).vectors(["みずべ"])
    assert vectors == [{0: 1.0, 1: 0.0}]
    assert propose("みずべ") == ()
    assert "山・自然" in propose("みずべ", embedder=Strict(encode))
