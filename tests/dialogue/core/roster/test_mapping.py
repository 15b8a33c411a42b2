"""A mapping says how a file is to be read, survives being written down, and refuses what it cannot mean."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogue.core.generation import Generation
from dialogue.core.roster import Column, FileMapping
from dialogue.core.roster.headers import header_key
from dialogue.core.roster.mapping import CONSTANT_COLUMNS, Answer, Says, Slot, TimeRules, header_digest
from dialogue.core.roster.mapping_text import mapping_to_toml, print_slot, slot_from
from dialogue.core.roster.mapping_toml import MAX_CHARACTERS, MappingFault, MappingRefused, mapping_from_toml

TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
HEADS = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=12)
HOURS = st.builds(lambda start, length: (start, start + length), st.integers(0, 1439), st.integers(1, 300))
PROPER_HOURS = HOURS.filter(lambda hours: hours[1] <= 29 * 60)
SLOTS = st.builds(
    Slot,
    st.lists(st.integers(0, 6), unique=True, max_size=3).map(tuple),
    st.one_of(st.none(), PROPER_HOURS),
)


@st.composite
def mappings(draw) -> FileMapping:
    heads = draw(st.lists(HEADS, unique_by=header_key, max_size=9))
    columns = draw(st.lists(st.sampled_from([*Column]), unique=True, max_size=3))
    ours, rated, timed = heads[:3], heads[3:6], heads[6:]
    return FileMapping(
        columns={head: columns[place] if place < len(columns) else None for place, head in enumerate(ours)},
        constants=draw(st.dictionaries(st.sampled_from(CONSTANT_COLUMNS), TEXTS, max_size=3)),
        generations=draw(st.dictionaries(TEXTS, st.sampled_from([*Generation]), max_size=3)),
        adults=draw(st.dictionaries(TEXTS, st.booleans(), max_size=2)),
        interests={head: draw(TEXTS) for head in rated},
        ratings=draw(st.dictionaries(TEXTS, st.integers(0, 5), max_size=3)),
        times={head: draw(SLOTS) for head in timed},
        rules=TimeRules(
            says=Says.FREE,
            day=draw(PROPER_HOURS),
            empty_is_free=draw(st.booleans()),
            maybe_is_free=draw(st.booleans()),
            slot_minutes=draw(st.integers(0, 720)),
            clock=draw(st.sampled_from([0, 12, 24])),
            words=draw(st.dictionaries(TEXTS, PROPER_HOURS, max_size=3)),
            answers=draw(st.dictionaries(TEXTS, st.sampled_from([*Answer]), max_size=3)),
        ),
        meant=draw(st.dictionaries(HEADS, st.dictionaries(TEXTS, TEXTS, min_size=1, max_size=2), max_size=2)),
        addresses=draw(st.dictionaries(TEXTS, TEXTS, max_size=2)),
        people_in_columns=draw(st.booleans()),
    )


@settings(deadline=None)
@given(mappings())
def test_mapping_that_is_written_down_reads_back_as_the_same(mapping):
    assert mapping_from_toml(mapping_to_toml(mapping)) == mapping


@given(SLOTS)
def test_slot_that_is_printed_reads_back_as_the_same(slot):
    assert slot_from(print_slot(slot)) == slot


def test_empty_text_is_a_mapping_that_changes_nothing():
    assert mapping_from_toml("") == FileMapping()
    assert mapping_to_toml(FileMapping()).strip() == ""


def test_busy_hours_bound_by_a_day_are_written_as_people_read_them():
    text = mapping_to_toml(
        FileMapping(
            times={"空き時間 [月]": Slot((0,))},
            rules=TimeRules(says=Says.BUSY, day=(420, 1500), words={"1限": (540, 630)}),
        )
    )

    assert '[times]\nsays = "busy"\nday = "07:00-25:00"' in text
    assert '"空き時間 [月]" = "月"' in text
    assert '"1限" = "09:00-10:30"' in text


@pytest.mark.parametrize(
    ("text", "fault", "key", "line"),
    [
        ('[columns]\n"x" = emial', MappingFault.NOT_TOML, "", 2),
        ('[columns]\n"氏名" = "full_name"\n"x" = "emial"', MappingFault.UNKNOWN_WORD, "columns.x", 3),
        ('[columns]\nx = ["email"]', MappingFault.NOT_A_TEXT, "columns.x", 2),
        ("columns = 3", MappingFault.NOT_A_TABLE, "columns", 1),
        ('[colums]\nx = "email"', MappingFault.UNKNOWN_KEY, "colums", 1),
        ('[constants]\nshoe = "24"', MappingFault.UNKNOWN_KEY, "constants.shoe", 2),
        ('[times]\nday = "22:00-8:00"\nsays = "idle"', MappingFault.UNKNOWN_WORD, "times.says", 3),
        ('[times]\nday = "all of it"', MappingFault.NO_HOURS, "times.day", 2),
        ("[times]\nslot = 100000", MappingFault.NO_NUMBER, "times.slot", 2),
        ("[times]\nclock = 13", MappingFault.UNKNOWN_WORD, "times.clock", 2),
        ('[times.columns]\n"月" = "つきようび"', MappingFault.NO_SLOT, 'times.columns."月"', 2),
        ("[ratings]\n好き = 9", MappingFault.NOT_TOML, "", 2),
        ('[ratings]\n"好き" = true', MappingFault.NO_NUMBER, 'ratings."好き"', 2),
        ('[adults]\n"大人" = "yes"', MappingFault.UNKNOWN_WORD, 'adults."大人"', 2),
        ('[columns]\n"メール" = ""\n[interests]\n"ﾒｰﾙ" = "x"', MappingFault.HEADER_TWICE, 'interests."ﾒｰﾙ"', 4),
        (
            '[columns]\n"a" = "email"\n"b" = "email"',
            MappingFault.COLUMN_TWICE,
            "columns.b",
            3,
        ),
        (
            '[times]\nsays = "busy"\n[times.columns]\n"x" = "火 19:00-21:00"',
            MappingFault.BUSY_SLOT,
            "times.columns.x",
            4,
        ),
    ],
)
def test_slip_in_a_mapping_is_named_by_key_and_line(text, fault, key, line):
    with pytest.raises(MappingRefused) as refused:
        mapping_from_toml(text)

    assert (fault, key, line) in {(error.fault, error.key, error.line) for error in refused.value.errors}


HOSTILE = {
    "deep lists": "x=" + "[" * 90_000,
    "a key of many parts": "a." * 45_000 + "a=1",
    "a table of many parts": "[" + "a." * 45_000 + "a]",
    "many parts inside": "x={" + "a." * 45_000 + "a=1}",
    "nested tables": "a={b=" * 20_000,
    "many keys": "[columns]\n" + "\n".join(f'"h{number}"="email"' for number in range(4_000)),
    "many slips": "[columns]\n" + "\n".join(f'"h{number}"=3' for number in range(1_900)),
    "too long": "#" * (MAX_CHARACTERS + 1),
    "a date that is none": "d=2026-99-99",
    "wrong types": "columns=3\ntimes=[1]\nmeant={a=1}\nfile='x'\nratings={a={}}",
    "quotes": "'" * 90_000,
    "numbers": "[times]\nslot = " + "9" * 5_000,
    "a lone surrogate": '[columns]\nx = "\\ud800"',
    "control characters": '[columns]\nx = "\x00"',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_mapping_is_refused_within_seconds(name):
    began = time.perf_counter()

    with pytest.raises(MappingRefused) as refused:
        mapping_from_toml(HOSTILE[name])

    assert 1 <= len(refused.value.errors) <= 100
    assert time.perf_counter() - began < 10


LINES = st.sampled_from(
    [
        *("[columns]", "[times]", "[times.columns]", "[meant]", '"x" = "email"', "x = 3", 'says = "busy"', "a.b = 1"),
        *("[[columns]]", '"月" = "月"', "= ", "day = ", "[meant.x]", "columns = 1", "[file]", 'people = "columns"'),
    ]
)


@settings(deadline=None)
@given(st.one_of(st.text(max_size=60), st.lists(LINES, max_size=8).map("\n".join)))
def test_any_text_is_a_mapping_or_is_refused(text):
    try:
        assert isinstance(mapping_from_toml(text), FileMapping)
    except MappingRefused as refused:
        told = refused.errors
    else:
        told = ("it is a mapping",)
    assert told


def test_digest_of_a_header_knows_a_form_by_its_heads_and_their_order():
    assert header_digest(("メール", "氏名")) == header_digest(("ﾒｰﾙ ", "氏 名"))
    assert header_digest(("メール", "氏名")) != header_digest(("氏名", "メール"))


def test_what_is_kept_for_the_next_file_holds_nothing_of_this_ones_people():
    mapping = FileMapping(columns={"a": None}, meant={"a": {"青井": "x"}}, addresses={"青井 葵": "b@example.org"})

    assert mapping.without_people() == FileMapping(columns={"a": None})
