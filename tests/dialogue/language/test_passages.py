"""A passage says where it stands, by which rule, and how the same could be told as one's own."""

import pytest

from dialogue.core.language import advice_in


def test_a_passage_is_the_sentence_that_advises_and_nothing_else():
    text = "私は三年で辞めました。あなたも、休んだほうがいいですよ。 また話しましょうね。"

    [found] = advice_in(text)

    assert text[found.start : found.end] == found.text == "あなたも、休んだほうがいいですよ。"
    assert found.frame.startswith("私の場合は")


def test_each_sentence_that_advises_is_a_passage():
    found = advice_in("You should call her. I never did. Have you thought about writing?")

    assert [one.text for one in found] == ["You should call her.", "Have you thought about writing?"]
    assert all(one.frame.endswith("…") or one.frame.endswith("?") for one in found)


@pytest.mark.parametrize(
    "text",
    [
        "「早く寝なさい」と母に言われました。",
        "父の口癖は『やればできる、やりなさい』でした。",
        '"You should go," she said.',
    ],
)
def test_what_others_said_is_not_the_writers_advice(text):
    assert advice_in(text) == []


def test_a_quotation_that_is_all_there_is_counts_as_the_writers_own():
    assert advice_in("「もっと人に頼ったほうがいいですよ」")


@pytest.mark.parametrize("text", ["", "   \n", "🙂🙂", "。。。", "1234", "\u3000"])
def test_a_text_without_sentences_advises_nothing(text):
    assert advice_in(text) == []


def test_width_and_language_make_no_difference_to_the_place():
    text = "Ａさん、もう一度やってみたらどうですか？"

    assert [one.text for one in advice_in(text)] == [text]
    assert advice_in("You should rest.", "en")[0].text == "You should rest."
    assert advice_in("You should rest.", "ja") == []
