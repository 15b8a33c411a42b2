"""The cyclic week: windows may run over its end, and overlapping windows count once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.engine.week import (
    around,
    bits,
    disjoint_windows,
    mask_of_ranges,
    ranges_of_mask,
    rotate,
    window_starts,
)

SLOTS = 24
WEEKS = st.integers(0, (1 << SLOTS) - 1)
LENGTHS = st.integers(1, 5)


def slow_starts(mask, length):
    return {s for s in range(SLOTS) if all(mask >> (s + k) % SLOTS & 1 for k in range(length))}


@given(mask=WEEKS, length=LENGTHS)
def test_window_starts_are_those_with_every_slot_free(mask, length):
    assert set(bits(window_starts(mask, week_slots=SLOTS, window_slots=length))) == slow_starts(mask, length)


@given(mask=WEEKS, length=LENGTHS)
def test_disjoint_windows_fill_each_free_block(mask, length):
    starts = window_starts(mask, week_slots=SLOTS, window_slots=length)

    text = "".join("1" if mask >> slot & 1 else "0" for slot in range(SLOTS))
    if "0" in text:
        cut = text.index("0")
        text = text[cut:] + text[:cut]
    expected = sum(len(block) // length for block in text.split("0"))

    assert disjoint_windows(starts, week_slots=SLOTS, window_slots=length) == expected


def test_a_block_of_two_and_a_half_hours_is_one_window_of_ninety_minutes():
    starts = window_starts(mask_of_ranges([(10, 15)], week_slots=336), week_slots=336, window_slots=3)

    assert starts.bit_count() == 3
    assert disjoint_windows(starts, week_slots=336, window_slots=3) == 1


def test_a_window_may_run_over_the_week_s_end():
    mask = mask_of_ranges([(0, 1), (334, 336)], week_slots=336)

    assert list(bits(window_starts(mask, week_slots=336, window_slots=3))) == [334]


@given(mask=WEEKS)
def test_ranges_and_masks_say_the_same(mask):
    assert mask_of_ranges(ranges_of_mask(mask), week_slots=SLOTS) == mask


@given(mask=WEEKS, by=st.integers(-50, 50))
def test_rotating_back_returns_the_week(mask, by):
    assert rotate(rotate(mask, by=by, week_slots=SLOTS), by=-by, week_slots=SLOTS) == mask


def test_around_names_every_overlapping_start():
    assert sorted(bits(around(0, week_slots=336, window_slots=3))) == [0, 1, 2, 334, 335]


@pytest.mark.parametrize("wrong", [(-1, 3), (3, 3), (5, 4), (330, 337)])
def test_a_range_outside_the_week_is_refused(wrong):
    with pytest.raises(ValueError, match="slot range"):
        mask_of_ranges([wrong], week_slots=336)
