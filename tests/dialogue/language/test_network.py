"""The network cuts a sentence into its likeliest pieces, looks at all of them as published, and knows long texts."""

import math

import numpy as np
import pytest

from dialogue.core.language.network import (
    BEGINNING,
    END,
    FIRST_PIECE,
    LONGEST,
    TOGETHER,
    UNKNOWN,
    Layer,
    Linear,
    Norm,
    Pieces,
    from_arrays,
    the_network,
    windows,
)
from dialogue.core.language.sentences import even, sentences

PIECES = {"▁": -3.0, "▁休": -4.0, "休": -5.0, "む": -4.0, "休む": -6.0, "▁rest": -4.0, "a": -9.0}
SIZE = 24


@pytest.mark.parametrize(
    ("sentence", "pieces"),
    [
        ("休む", ["▁休", "む"]),  # -8, and not "▁", "休む" with -9
        ("rest", ["▁rest"]),
        (" rest  休", ["▁rest", "▁休"]),
        ("ｒｅｓｔ", ["▁rest"]),
        ("休🙂む", ["▁休", None, "む"]),
        ("", ["▁"]),
    ],
)
def test_a_sentence_is_cut_into_its_likeliest_pieces(sentence, pieces):
    rows = [UNKNOWN if piece is None else FIRST_PIECE + list(PIECES).index(piece) for piece in pieces]

    assert Pieces.of(list(PIECES), list(PIECES.values())).cut(sentence) == rows


def test_a_text_that_has_room_is_read_at_once():
    assert list(windows([[7, 8], [9]])) == [([BEGINNING, 7, 8, 9, END], [(1, 3), (3, 4)])]
    assert list(windows([])) == []


def test_a_long_text_is_read_in_windows_each_with_the_sentence_before():
    cut = [[number] * 50 for number in range(10, 17)]

    found = list(windows(cut))

    asked = [rows[begin:end] for rows, spans in found for begin, end in spans]
    assert asked == cut
    assert all(len(rows) <= TOGETHER for rows, _ in found)
    assert found[1][0][1:51] == cut[2]
    assert found[1][1][0] == (51, 101)


def test_sentences_too_long_for_company_are_read_alone():
    found = list(windows([[5] * LONGEST, [6] * LONGEST]))

    assert [spans for _, spans in found] == [[(1, 1 + LONGEST)]] * 2


def test_a_layer_looks_and_thinks_as_published():
    """Attention in twelve heads, then a wide step bent by GELU; each added to what was there, and normed."""
    chance = np.random.default_rng(7)

    def linear(inputs: int, outputs: int) -> Linear:
        return Linear(chance.normal(size=(inputs, outputs)).astype("f4"), chance.normal(size=outputs).astype("f4"))

    def norm() -> Norm:
        return Norm(chance.normal(size=SIZE).astype("f4"), chance.normal(size=SIZE).astype("f4"))

    layer = Layer(linear(SIZE, 3 * SIZE), linear(SIZE, SIZE), norm(), linear(SIZE, 96), linear(96, SIZE), norm())
    rows = chance.normal(size=(5, SIZE)).astype("f4")

    looking = rows @ layer.looking.table + layer.looking.start
    asked, offered, told = looking[:, :SIZE], looking[:, SIZE : 2 * SIZE], looking[:, 2 * SIZE :]
    seen = np.zeros_like(rows)
    for head in range(12):
        own = slice(2 * head, 2 * head + 2)
        for one in range(5):
            likeness = [math.exp(asked[one, own] @ offered[other, own] / math.sqrt(2)) for other in range(5)]
            seen[one, own] = sum(part * told[other, own] for other, part in enumerate(likeness)) / sum(likeness)
    looked = normed(rows + seen @ layer.looked.table + layer.looked.start, layer.after_looking)
    wide = looked @ layer.wide.table + layer.wide.start
    bent = np.vectorize(lambda x: x * 0.5 * (1 + math.erf(x / math.sqrt(2))))(wide)
    wanted = normed(looked + bent @ layer.narrow.table + layer.narrow.start, layer.after_thinking)

    assert layer.of(rows) == pytest.approx(wanted, abs=5e-2)  # the bend by tanh is near to that by erf
    assert layer.of(rows).dtype == np.float32


def normed(rows, norm):
    return np.array([(row - row.mean()) / math.sqrt(row.var()) for row in rows]) * norm.scale + norm.start


def test_of_a_sentence_the_mean_and_the_most_of_its_own_pieces_are_weighed():
    arrays = {
        "pieces": np.array(["▁", "a", "b"]),
        "likely": np.array([-1.0, -1.0, -1.0]),
        "vectors": np.array([[0, 0], [0, 0], [0, 0], [0, 0], [1, -1], [100, -100], [-100, 100]]),
        "vectors scale": np.full(7, 0.01),
        "places": np.zeros((TOGETHER, 2)),
        "at first scale": np.ones(2),
        "at first start": np.zeros(2),
        "last table": np.array([[1.0], [0.0], [0.0], [10.0]]),
        "last scale": np.ones(1),
        "last start": np.array([0.5]),
    }
    # normed, "▁" and a are (1, -1), b is (-1, 1): of "a" the mean begins with 1 and the most ends with -1
    a, b = from_arrays(arrays).heard(["a", "bb"])

    assert a == pytest.approx(0.5 + 1 - 10, abs=1e-3)
    assert b == pytest.approx(0.5 - 1 / 3 + 10, abs=1e-3)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_network_hears_each_sentence_and_is_read_once(language):
    text = {
        "ja": "私は三年で辞めました。あなたも、休んだほうがいいですよ。",
        "en": "I left early. You should go, too.",
    }[language]
    cut = [sentence for _, sentence in sentences(even(text), japanese=language == "ja")]

    told, advised = the_network().heard(cut)

    assert told < advised
    assert the_network() is the_network()
    assert len(the_network().heard(["🙂"])) == 1
