"""A cyclic week as an integer: bit s is set when slot s is free.

Slot 0 follows the last slot, so a window may run over the week's end.
"""

from collections.abc import Iterable, Iterator


def mask_of_ranges(ranges: Iterable[tuple[int, int]], *, week_slots: int) -> int:
    """Return the mask of half-open slot ranges.

    Raises:
        ValueError: a range does not satisfy 0 <= first < end <= week_slots.
    """
    mask = 0
    for first, end in ranges:
        if not 0 <= first < end <= week_slots:
            raise ValueError(f"[{first}, {end}) is no slot range of a week of {week_slots} slots.")
        mask |= ((1 << (end - first)) - 1) << first
    return mask


def ranges_of_mask(mask: int) -> tuple[tuple[int, int], ...]:
    """Return the half-open slot ranges of a mask, in order; one over the week's end comes as two."""
    ranges: list[tuple[int, int]] = []
    for slot in bits(mask):
        if ranges and ranges[-1][1] == slot:
            ranges[-1] = (ranges[-1][0], slot + 1)
        else:
            ranges.append((slot, slot + 1))
    return tuple(ranges)


def bits(mask: int) -> Iterator[int]:
    """Yield the positions of the set bits, lowest first."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def rotate(mask: int, *, by: int, week_slots: int) -> int:
    """Return the mask moved `by` slots later in the cyclic week."""
    by %= week_slots
    return ((mask << by) | (mask >> (week_slots - by))) & ((1 << week_slots) - 1)


def window_starts(mask: int, *, week_slots: int, window_slots: int) -> int:
    """Return the starts s whose slots s to s + window_slots - 1 are all free."""
    starts = mask
    for step in range(1, window_slots):
        starts &= rotate(mask, by=-step, week_slots=week_slots)
    return starts


def disjoint_windows(starts: int, *, week_slots: int, window_slots: int) -> int:
    """Return how many windows that do not overlap fit, given the mask of possible starts.

    A free block of two and a half hours holds one window of ninety minutes, not three.
    """
    if starts == (1 << week_slots) - 1:
        return week_slots // window_slots
    # The first window of every free block, then the second, and so on: no block
    # can begin at a start whose predecessor is a start of the same block.
    wave = starts & ~rotate(starts, by=1, week_slots=week_slots)
    count = 0
    while wave:
        count += wave.bit_count()
        wave = rotate(wave, by=window_slots, week_slots=week_slots) & starts
    return count


def around(start: int, *, week_slots: int, window_slots: int) -> int:
    """Return the starts whose window would overlap the window at `start`, itself included."""
    mask = 0
    for step in range(1 - window_slots, window_slots):
        mask |= 1 << (start + step) % week_slots
    return mask
