"""A word of a list becomes the topic that it means; what is narrower stays beside it, what is unknown stays."""

import pytest

from dialogue.core.interests import TOPICS, meant, name_of, topic_called, topic_named, topic_of_kind


@pytest.mark.parametrize(
    ("word", "key"),
    [
        ("家族", "家族"),
        ("Family", "家族"),
        ("ＦＡＭＩＬＹ ", "家族"),
        ("育児", "子育て"),
        ("こそだて", "子育て"),
        ("parenting", "子育て"),
        ("友達", "友だち・人づきあい"),
        ("読書", "本・読書"),
        ("work life balance", "働き方"),
    ],
)
def test_a_name_or_synonym_means_its_topic(word: str, key: str) -> None:
    assert topic_named(word) == key
    assert meant(word) == (key,)


def test_a_part_of_a_topic_counts_as_the_topic_and_keeps_its_word() -> None:
    assert topic_named("ピアノ") is None
    assert topic_of_kind("ピアノ") == "音楽"
    assert meant("ピアノ") == ("音楽", "ピアノ")
    assert meant("Baseball") == ("スポーツ", "Baseball")


@pytest.mark.parametrize("word", ["ジャズ喫茶めぐり", "ham radio", ""])
def test_an_unknown_word_stays_as_it_is(word: str) -> None:
    assert topic_named(word) is None
    assert meant(word) == (word,)


def test_only_its_very_name_calls_a_topic() -> None:
    assert topic_called("Raising children") == "子育て"
    assert topic_called("育児") is None


@pytest.mark.parametrize("key", TOPICS)
def test_every_topic_is_found_by_key_and_by_both_names(key: str) -> None:
    for word in (key, name_of(key, "ja"), name_of(key, "en")):
        assert topic_named(word) == topic_called(word) == key


def test_names_come_in_the_language_of_the_reader_and_own_words_as_they_are() -> None:
    assert name_of("家族", "ja") == "家族"
    assert name_of("家族", "en") == "Family"
    assert name_of("ジャズ喫茶", "en") == "ジャズ喫茶"
