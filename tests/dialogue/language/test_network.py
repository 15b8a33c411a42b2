"""The network hears a sentence with what is near it; what it never learned is one token, and silence says nothing."""

import numpy as np
import pytest

from dialogue.core.language import network
from dialogue.core.language.network import BOUNDARY, LONGEST, NEAR, from_arrays, network_of, tokens_of
from dialogue.core.language.sentences import even, sentences

FOUND = 3  # by the small network below: two filters and one of the deeper layers


def small(*, inside=(0.0, 0.0, 0.0), before=(0.0, 0.0, 0.0), after=(0.0, 0.0, 0.0)):
    """Know 私 and 君; filters find 私, and 君 followed by 私; a deeper one adds up what both find."""
    return from_arrays(
        {
            "tokens": np.array(["私", "君"]),
            "vectors": np.array([[0, 0], [0, 0], [1, 0], [0, 1]]),
            "filter 1 width": np.array(1),
            "filter 1 weights": np.array([[1], [0]]),
            "filter 1 start": np.array([0]),
            "filter 2 width": np.array(2),
            "filter 2 weights": np.array([[0], [1], [1], [0]]),
            "filter 2 start": np.array([-1]),
            "deeper 1 width": np.array(3),
            "deeper 1 weights": np.ones((6, 1)),
            "deeper 1 start": np.array([0]),
            "weights": np.array([*inside, *before, *after]),
            "start": np.array(0.5),
        }
    )


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("、", (0, 0, 0)),
        ("私", (1, 0, 1)),
        ("君、私", (1, 0, 1)),
        ("君私", (1, 1, 2)),
        ("私君", (1, 0, 1)),
    ],
)
def test_filters_find_what_they_look_for_side_by_side(sentence, found):
    heard = [small(inside=np.eye(FOUND)[at]).heard([sentence], "ja") for at in range(FOUND)]

    assert heard == [[0.5 + one] for one in found]


def test_what_stands_before_and_after_is_heard_apart_from_the_sentence():
    text = ["私。", "君。", "雨。"]

    assert small(inside=(1, 0, 0)).heard(text, "ja") == [1.5, 0.5, 0.5]
    assert small(before=(1, 0, 0)).heard(text, "ja") == [0.5, 1.5, 1.5]
    assert small(after=(1, 0, 0)).heard(["雨。", "私。"], "ja") == [1.5, 0.5]


def test_only_what_is_near_is_heard_with_a_sentence():
    far = ["私。", "あ" * NEAR, "君。"]

    assert small(before=(1, 0, 0)).heard(far, "ja") == [0.5, 1.5, 0.5]


def test_of_a_very_long_sentence_its_end_is_heard():
    tokens, [span] = tokens_of(["い" + "あ" * LONGEST], "ja")

    assert "い" not in tokens
    assert span == (1, LONGEST + 2)
    assert tokens[-1] == BOUNDARY


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_network_of_a_language_hears_each_sentence_and_is_read_once(language):
    text = {
        "ja": "私は三年で辞めました。あなたも、休んだほうがいいですよ。",
        "en": "I left early. You should go, too.",
    }[language]
    cut = [sentence for _, sentence in sentences(even(text), japanese=language == "ja")]

    told, advised = network_of(language).heard(cut, language)

    assert told < advised
    assert network_of(language) is network.network_of(language)
    assert len(network_of(language).heard(["🙂"], language)) == 1
