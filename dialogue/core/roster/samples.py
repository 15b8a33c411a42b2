"""What a few cells of each column become under a mapping, so that somebody can see whether it is the right one."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Final

from dialogue.core.generation import Generation
from dialogue.core.mail_address import mail_address
from dialogue.core.roster import cells
from dialogue.core.roster.dialect import Dialect
from dialogue.core.roster.headers import Column, header_key
from dialogue.core.roster.mapping import ANYWHERE, FileMapping, Slot, keyed
from dialogue.core.roster.table import Table
from dialogue.core.roster.timetable import TimeCell, read_cell
from dialogue.core.text import visible
from dialogue.core.week import WeeklyWindow

LOOKED_AT: Final = 500
Read = str | Generation | bool | tuple[WeeklyWindow, ...] | None


@dataclass(frozen=True, slots=True)
class Sample:
    """A cell as it stands, and what it is read as: None where it cannot be read."""

    text: str
    read: Read


def samples(table: Table, mapping: FileMapping, *, most: int = 3) -> list[tuple[Sample, ...]]:
    """Return up to `most` different filled cells of each column, in the order of the columns.

    A column that is left out has samples that are read as nothing, the empty text.
    """
    by_key = {header_key(header): column for header, column in mapping.columns.items()}
    topics = {header_key(header) for header in mapping.interests}
    slots = {header_key(header): slot for header, slot in mapping.times.items()}
    meant = {header_key(header): meanings for header, meanings in mapping.meant.items()}
    dialect = mapping.rules.dialect()
    found: list[tuple[Sample, ...]] = []
    for position, name in enumerate(table.names):
        key = header_key(name)
        read = _reader(mapping, dialect, column=by_key.get(key), slot=slots.get(key), is_topic=key in topics)
        texts = dict.fromkeys(visible(row.cell(position)) for row in table.rows[:LOOKED_AT])
        chosen = [text for text in texts if text][:most]
        found.append(tuple(Sample(text, _read(read, meant.get(key, {}).get(text, text))) for text in chosen))
    return found


def _read(read: Callable[[str], Read], text: str) -> Read:
    with suppress(ValueError):
        return read(text)
    return None


def _reader(
    mapping: FileMapping, dialect: Dialect, *, column: Column | None, slot: Slot | None, is_topic: bool
) -> Callable[[str], Read]:
    if is_topic:
        ratings = keyed(mapping.ratings)
        return lambda text: str(cells.rating(text, ratings) or "–")
    if column is Column.AVAILABILITY:
        slot = ANYWHERE
    if slot is not None:
        where = slot
        return lambda text: read_cell(TimeCell(where, text), mapping.rules, dialect)
    if column is None:
        return lambda _: ""
    readers: Mapping[Column, Callable[[str], Read]] = {
        Column.EMAIL: mail_address,
        Column.SECOND_EMAIL: mail_address,
        Column.GENERATION: lambda text: cells.generation(text, mapping.generations)[0],
        Column.ADULT: partial(cells.is_adult, words=keyed(mapping.adults)),
        Column.BIRTH_YEAR: lambda text: str(cells.birth_year(text) or "–"),
        Column.LANGUAGES: lambda text: ", ".join(cells.languages(text)),
        Column.ZONE: cells.zone,
        Column.FULL_KANA: cells.kana,
        Column.FAMILY_KANA: cells.kana,
        Column.GIVEN_KANA: cells.kana,
        Column.INTERESTS: lambda text: ", ".join(f"{each.text}:{each.rating}" for each in cells.interests(text)),
        Column.MAX_COHORTS: lambda text: str(cells.max_cohorts(text)),
        Column.KEEP_APART: lambda text: ", ".join(cells.people(text)),
        Column.KEEP_TOGETHER: lambda text: ", ".join(cells.people(text)),
    }
    plain = cells.name if column in _NAMES else cells.line_of_text
    return readers.get(column, plain)


_NAMES: Final = (Column.FULL_NAME, Column.FAMILY_NAME, Column.GIVEN_NAME, Column.PREFERRED_NAME)
