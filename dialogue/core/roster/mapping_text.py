"""A mapping written down: its slots and hours as people type them, and all of it as TOML."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Final

from dialogue.core.roster.availability import hhmm, read_slot
from dialogue.core.roster.availability_tokens import UnreadableAvailability
from dialogue.core.roster.clock_words import AvailabilityFault
from dialogue.core.roster.dialect import Dialect, Hours
from dialogue.core.roster.mapping import FileMapping, Slot, TimeRules

BARE_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")
_DAYS: Final = "月火水木金土日"
_WHOLE: Final = Dialect(all_day=(0, 24 * 60), clock=24)


def mapping_to_toml(mapping: FileMapping) -> str:
    """Return a text that `mapping_from_toml` reads as the same mapping. What is usual is left out."""
    return "\n".join(_lines(mapping)).lstrip("\n") + "\n"


def read_hours_of(text: str) -> Hours:
    """Return the hours of a text such as 08:00-22:00 or 22:00-25:00.

    Raises:
        UnreadableAvailability: it is no stretch of hours.
    """
    days, hours = read_slot(text, _WHOLE)
    if days or hours is None:
        raise UnreadableAvailability(text, AvailabilityFault.UNREADABLE)
    return hours


def print_hours(hours: Hours) -> str:
    return f"{hhmm(hours[0])}-{hhmm(hours[1])}"


def print_slot(slot: Slot) -> str:
    """Return what `read_slot` reads as the same slot: 月, 19:00-20:00, 火 19:00-21:00; "" for any time."""
    days = "・".join(_DAYS[day] for day in slot.days)
    return " ".join(part for part in (days, print_hours(slot.hours) if slot.hours else "") if part)


def slot_from(text: str) -> Slot:
    """Return the slot of a text as `print_slot` writes it.

    Raises:
        UnreadableAvailability: it names neither days nor hours.
    """
    if not text.strip():
        return Slot()
    return Slot(*read_slot(text, _WHOLE))


def _lines(mapping: FileMapping) -> Iterator[str]:
    rules, usual = mapping.rules, TimeRules()
    if mapping.people_in_columns:
        yield from _section("file", {"people": "columns"})
    yield from _section("columns", {header: column or "" for header, column in mapping.columns.items()})
    yield from _section("constants", {column.value: text for column, text in mapping.constants.items()})
    yield from _section("generations", mapping.generations)
    yield from _section("adults", mapping.adults)
    yield from _section("interests", mapping.interests)
    yield from _section("ratings", mapping.ratings)
    settings: dict[str, object] = {
        "says": rules.says,
        "day": print_hours(rules.day),
        "empty": "free" if rules.empty_is_free else "unknown",
        "maybe": "free" if rules.maybe_is_free else "no",
        "slot": rules.slot_minutes,
        "clock": rules.clock,
    }
    usually = ("free", print_hours(usual.day), "unknown", "no", 0, 0)
    yield from _section(
        "times",
        {name: value for (name, value), as_ever in zip(settings.items(), usually, strict=True) if value != as_ever},
    )
    yield from _section("times.columns", {header: print_slot(slot) for header, slot in mapping.times.items()})
    yield from _section("times.words", {word: print_hours(hours) for word, hours in rules.words.items()})
    yield from _section("times.answers", rules.answers)
    for header, meanings in mapping.meant.items():
        yield from _section(f"meant.{_quoted(header)}", meanings)
    yield from _section("addresses", mapping.addresses)


def _section(name: str, values: Mapping[str, object]) -> Iterator[str]:
    if values:
        yield f"\n[{name}]"
    for key, value in values.items():
        yield f"{key if BARE_KEY.fullmatch(key) else _quoted(key)} = {_written(value)}"


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else _quoted(str(value))


def _quoted(text: str) -> str:
    # TOML's basic strings are JSON's, but for DEL, which TOML wants escaped.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
