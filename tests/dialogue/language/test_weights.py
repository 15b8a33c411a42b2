"""Weights are read as they were written; the same sets give the same weights; what was never learned weighs nothing."""

import numpy as np
import pytest

from dialogue.core.language.pieces import pieces
from dialogue.core.language.weights import STEP, read, written
from tests.dialogue.language.fitting import Table, fitted


def test_weights_are_read_as_they_were_written():
    weights = {"たほうが": 1.25, "<私": -0.5, "#SELF&?": 0.31, "worth a": 2.0}

    known = read(written(-1.5, weights))

    assert known.start == -1.5
    for name, weight in weights.items():
        assert known.of([name]) == pytest.approx(weight, abs=STEP / 2)
    assert known.of(weights) == pytest.approx(sum(weights.values()), abs=2 * STEP)


def test_what_was_never_learned_or_weighs_nought_or_holds_a_tab_weighs_nothing():
    known = read(written(0.0, {"a": 1.0, "b": STEP / 3, "c\td": 1.0, "e\nf": 1.0}))

    assert known.of(["z", "b", "c\td", "e\nf", "c", "d"]) == 0.0
    assert len(known.checksums) == 1


@pytest.mark.parametrize(("language", "before"), [("ja", "<私は"), ("en", "<i was")])
def test_what_stands_before_a_sentence_is_weighed_apart_from_it(language, before):
    sentence, earlier = ("休んだ。", "私は若い。") if language == "ja" else ("I slept.", "I was young.")

    of_sentence, of_earlier = pieces(sentence, earlier, language)

    assert before in of_earlier
    assert not of_sentence & of_earlier
    assert pieces(sentence, "", language) == [of_sentence, set()]


@pytest.mark.parametrize("known", [0.0, np.array([2.0, -1.0, 0.5, 3.0, -2.0])])
def test_the_weights_found_are_those_at_which_the_price_is_lowest(known):
    rows = [([0], [1.0]), ([0, 1], [1.0, 2.0]), ([1], [1.0]), ([1, 2], [1.0, 0.5]), ([2], [1.0])]
    table, wanted, counts = Table.of(rows, 3), np.array([1.0, 1, 0, 0, 1]), np.array([1.0, 2, 1, 1, 0.5])

    found = fitted(table, wanted, counts, shrinking=0.5, known=known)

    missed = counts * (1 / (1 + np.exp(-table.times(found[:-1]) - found[-1] - known)) - wanted)
    assert np.abs(table.gathered(missed) + 0.5 * found[:-1]).max() < 1e-5
    assert abs(missed.sum()) < 1e-5
    assert (found == fitted(table, wanted, counts, shrinking=0.5, known=known)).all()
