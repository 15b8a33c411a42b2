"""Whatever a file holds, it gives a roster or a refusal; nothing else ever comes out."""

import io
import zipfile
from collections.abc import Callable
from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from dialogue.core.roster import Roster, RosterRefused, read_facilitators
from dialogue.core.roster.headers import Column
from tests.dialogue.core.roster.files import AOI, HEADER, csv_bytes, read, xlsx_bytes
from tests.thoroughness import examples

NAMES = st.sampled_from(["a.csv", "a.tsv", "a.xlsx", "a.xls", "", "名簿", ".", "a.pdf"])
HEADERS = st.sampled_from(
    [*HEADER, "姓", "名", "ふりがな", "生年", "18歳以上で、高校生ではない", "言語", "タイムゾーン", "興味",
     "参加できる時間", "一緒にしたくない人", "一緒にしたい人", "所属", "担当できるグループ数", "備考", ""]
)  # fmt: skip
CELLS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        [*AOI, "=1+1", "月 19:00-21:00", "月 25:00", "昭和40", "H99", "田中 葵", "なし", "ja", "🎌", "\u202e", "音楽:9"]
    ),
)
WORKBOOK = xlsx_bytes(HEADER, AOI, AOI)


def check(content: bytes, filename: str) -> None:
    for outcome in (outcome_of(read, content, filename), outcome_of(facilitators, content, filename)):
        if isinstance(outcome, RosterRefused):
            assert 1 <= len(outcome.errors) <= outcome.total
            assert all(len(error.value) <= 60 and "\n" not in error.value for error in outcome.errors)
        else:
            assert outcome.rows


def facilitators(content: bytes, filename: str) -> Roster:
    return read_facilitators(content=content, filename=filename)


def outcome_of(reader: Callable[[bytes, str], Roster], content: bytes, filename: str) -> Roster | RosterRefused:
    try:
        return reader(content, filename)
    except RosterRefused as refused:
        return refused


@settings(deadline=None)
@given(st.binary(max_size=400), NAMES)
def test_any_bytes_are_read_or_refused(content, filename):
    check(content, filename)


@settings(deadline=None)
@given(st.lists(HEADERS, max_size=12), st.lists(st.lists(CELLS, max_size=14), max_size=5))
def test_any_table_is_read_or_refused(header, rows):
    with suppress(UnicodeEncodeError):  # lone surrogates cannot stand in a file
        check(csv_bytes(header, *rows), "a.csv")


@settings(deadline=None)
@given(st.lists(CELLS, min_size=14, max_size=14), st.sampled_from(["utf-8-sig", "utf-16"]))
def test_any_row_below_a_full_header_is_read_or_refused(cells, encoding):
    header = [*HEADER, "ふりがな", "生年", "言語", "タイムゾーン", "興味", "参加できる時間", "一緒にしたくない人",
              "一緒にしたい人", "所属", "18歳以上で、高校生ではない", "ニックネーム"]  # fmt: skip
    with suppress(UnicodeEncodeError):
        check(csv_bytes(header, cells, encoding=encoding), "a.csv")


@settings(max_examples=examples(60), deadline=None)
@given(st.integers(0, len(WORKBOOK) - 1), st.binary(min_size=1, max_size=8))
def test_any_damaged_workbook_is_read_or_refused(position, damage):
    check(WORKBOOK[:position] + damage + WORKBOOK[position + len(damage) :], "a.xlsx")


@settings(max_examples=examples(60), deadline=None)
@given(st.data())
def test_any_damaged_part_of_a_workbook_is_read_or_refused(data):
    page = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(WORKBOOK)) as package, zipfile.ZipFile(page, "w") as broken:
        chosen = data.draw(st.sampled_from(package.namelist()))
        for name in package.namelist():
            content = package.read(name)
            if name == chosen:
                position = data.draw(st.integers(0, len(content)))
                content = content[:position] + data.draw(st.binary(max_size=6)) + content[position + 3 :]
            broken.writestr(name, content)
    check(page.getvalue(), "a.xlsx")


@settings(deadline=None)
@given(st.dictionaries(st.text(max_size=10), st.one_of(st.none(), st.sampled_from(list(Column)))))
def test_any_mapping_is_used_or_refused(mapping):
    with suppress(RosterRefused):
        read(csv_bytes(HEADER, AOI), mapping=mapping)
