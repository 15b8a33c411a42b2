"""People and free windows as arrays, for judging many changed cohorts at once.

Rows are padded with an empty seat (index n), which is free always, speaks everything and adds
nothing. The week is split into words of few enough bits that a turn of the week stays inside uint64.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.engine.model import Model, held_pairs, language_masks, starts_of
from matching.engine.problem import Generation, Params, Participant, Problem, Strictness
from matching.engine.score import SPARE_CAP
from matching.engine.week import disjoint_windows

Ints = NDArray[np.int64]
Words = NDArray[np.uint64]
Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]


@dataclass(slots=True)
class Arrays:
    """One row per person, and a last row for the empty seat."""

    params: Params
    vectors: Floats
    student: Ints
    real: Ints
    background: Ints
    attributes: Ints
    languages: Words
    free: Bools
    windows: Words
    bits_per_word: int
    hard: NDArray[np.uint8]
    soft: NDArray[np.uint8] | None
    fixed: Bools


def arrays_of(problem: Problem, model: Model) -> Arrays:
    """Return the arrays of a problem whose people are numbered as in it."""
    params, people = problem.params, problem.participants
    count, slots = len(people), params.week_slots
    tags = {tag: column for column, tag in enumerate(sorted({tag for one in people for tag in one.interests}))}
    vectors = np.zeros((count + 1, max(1, len(tags))), np.float32)
    for row, person in enumerate(people):
        for tag, weight in person.interests.items():
            vectors[row, tags[tag]] = weight
    lengths = np.sqrt((vectors * vectors).sum(axis=1))
    vectors /= np.where(lengths > 0, lengths, 1)[:, None]

    spoken, _, _ = language_masks(problem)
    backgrounds = {name: code for code, name in enumerate(sorted({one.background for one in people}))}
    bits_per_word = _word_bits(slots)
    words = slots // bits_per_word
    free = np.zeros((count + 1, slots + 1), np.bool_)
    for row, person in enumerate(people):
        mask = starts_of(person.availability, params=params)
        packed = np.frombuffer(mask.to_bytes((slots + 7) // 8, "little"), np.uint8)
        free[row, :slots] = np.unpackbits(packed, bitorder="little")[:slots]
    free[count] = True
    free[:, slots] = True
    weights = np.uint64(1) << np.arange(bits_per_word, dtype=np.uint64)
    windows = np.zeros((count + 1, words), np.uint64)
    for word in range(words):
        part = free[:, word * bits_per_word : (word + 1) * bits_per_word]
        windows[:, word] = (part * weights).sum(axis=1, dtype=np.uint64)

    movable = {members[0] for members in model.members if len(members) == 1}
    fixed = np.array([row not in movable for row in range(count)] + [False])
    soft_pairs = held_pairs(problem, strictness=Strictness.SOFT)
    return Arrays(
        params=params,
        vectors=vectors,
        student=np.array([one.generation == Generation.STUDENT for one in people] + [False], np.int64),
        real=np.array([1] * count + [0], np.int64),
        background=np.array([backgrounds[one.background] for one in people] + [-1], np.int64),
        attributes=_attribute_codes(people),
        languages=np.array([*spoken, -1 & (2**64 - 1)], np.uint64),
        free=free,
        windows=windows,
        bits_per_word=bits_per_word,
        hard=_pair_bits(held_pairs(problem, strictness=Strictness.HARD), count),
        soft=_pair_bits(soft_pairs, count) if soft_pairs else None,
        fixed=fixed,
    )


def _attribute_codes(people: Sequence[Participant]) -> Ints:
    """Return one row per person and one for the empty seat, a column per attribute; -1: not known."""
    names = sorted({name for one in people for name in one.attributes})
    codes = np.full((len(people) + 1, len(names)), -1, np.int64)
    for column, name in enumerate(names):
        values = {value: code for code, value in enumerate(sorted({one.attributes.get(name, "") for one in people}))}
        for row, one in enumerate(people):
            if one.attributes.get(name):
                codes[row, column] = values[one.attributes[name]]
    return codes


def _word_bits(slots: int) -> int:
    return max(width for width in range(1, 64) if slots % width == 0)


def _pair_bits(pairs: list[tuple[int, int]], count: int) -> NDArray[np.uint8]:
    bits = np.zeros((count + 1, count // 8 + 1), np.uint8)
    for one, other in pairs:
        bits[one, other >> 3] |= 1 << (other & 7)
        bits[other, one >> 3] |= 1 << (one & 7)
    return bits


def held(bits: NDArray[np.uint8], person: Ints, rows: Ints) -> Ints:
    """Return how many seats of each row hold somebody paired with that row's person."""
    found: Ints = (bits[person[:, None], rows >> 3] >> (rows & 7).astype(np.uint8) & 1).sum(axis=1, dtype=np.int64)
    return found


def turned(words: Words, by: int, width: int) -> Words:
    """Return weeks moved `by` slots later; `by` is less than a word."""
    shift, back = np.uint64(by), np.uint64(width - by)
    keep = np.uint64((1 << width) - 1)
    return ((words << shift) & keep) | (np.roll(words, 1, axis=-1) >> back)


def spare_windows(windows: Words, *, width: int, length: int, slots: int) -> Ints:
    """Return the spare windows of each row of common starts, at most SPARE_CAP."""
    if length >= width:
        return _spare_by_row(windows, width=width, length=length, slots=slots)
    wave = windows & ~turned(windows, 1, width)
    count = np.zeros(len(windows), np.int64)
    for step in range(SPARE_CAP + 1):
        if step:
            wave = turned(wave, length, width) & windows
        count += np.bitwise_count(wave).sum(axis=1, dtype=np.int64)
    always = (windows == np.uint64((1 << width) - 1)).all(axis=1)
    count[always] = slots // length
    return np.clip(count - 1, 0, SPARE_CAP)


def _spare_by_row(windows: Words, *, width: int, length: int, slots: int) -> Ints:
    found = []
    for row in windows.tolist():
        mask = sum(word << (width * place) for place, word in enumerate(row))
        found.append(disjoint_windows(mask, week_slots=slots, window_slots=length))
    return np.clip(np.array(found, np.int64) - 1, 0, SPARE_CAP)
