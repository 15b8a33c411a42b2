"""A list as CSV: a spreadsheet programme shows every cell, and works out none."""

import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.core.sheet import BOM, Sheet, csv_of, may_be_formula


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def sheet(*rows: tuple) -> Sheet:
    return Sheet(name="名簿", headings=("名前", "人数"), rows=rows)


def test_csv_begins_with_the_mark_that_tells_its_encoding():
    assert csv_of(sheet()).startswith(BOM.encode())


def test_cells_arrive_as_they_are():
    content = csv_of(sheet(("青井, 葵", 3), ('「"」\n次の行', date(2026, 12, 1)), (None, 0)))

    assert read(content) == [["名前", "人数"], ["青井, 葵", "3"], ['「"」\n次の行', "2026-12-01"], ["", "0"]]


@pytest.mark.parametrize("text", ["=1+1", "+81", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", " =1", "\u3000=1"])
def test_what_might_be_a_formula_becomes_a_text(text):
    [_headings, row] = read(csv_of(sheet((text, 1))))

    assert row == [f"'{text}", "1"]


def test_numbers_of_ours_stay_numbers():
    assert read(csv_of(sheet(("a", -5))))[1] == ["a", "-5"]


@given(st.text(max_size=30))
def test_no_text_reaches_a_file_as_a_formula(text):
    [_headings, [cell, _number]] = read(csv_of(sheet((text, 1))))

    assert not may_be_formula(cell)
    assert cell.removeprefix("'") == text.removeprefix("'")


def test_row_of_another_length_is_refused():
    with pytest.raises(ValueError, match="zip"):
        csv_of(sheet(("a", 1, 2)))
