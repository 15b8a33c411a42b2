"""A roster is read from whatever file a coordinator has, or the file says why not."""

import io
import zipfile
from datetime import datetime, time

import openpyxl
import pytest
from openpyxl.worksheet.formula import ArrayFormula

from dialogue.core.roster.rows import MAX_BYTES, MAX_ROWS
from tests.dialogue.core.roster.files import (
    AOI,
    HEADER,
    TAKESHI,
    codes_of,
    csv_bytes,
    errors_of,
    read,
    xlsx_bytes,
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_every_encoding_and_separator_gives_the_same_people(encoding, separator):
    header = (*HEADER, "参加できる時間")
    content = csv_bytes(
        header, (*AOI, "月 19:00-21:00, 21:30-23:00; 土 10:00-12:00"), encoding=encoding, separator=separator
    )

    (aoi,) = read(content).rows

    assert (aoi.family_name, len(aoi.windows)) == ("田中", 3)


def test_a_workbook_gives_the_same_people_as_text():
    assert read(xlsx_bytes(HEADER, AOI, TAKESHI), "名簿.xlsx") == read(csv_bytes(HEADER, AOI, TAKESHI))


def test_cells_with_numbers_dates_and_times_are_read():
    header = (*HEADER, "生年", "所属", "専攻")
    book = xlsx_bytes(header, (*AOI, datetime(2001, 4, 1), 12.0, time(19, 30)), (*TAKESHI, 1965, 3.5, True))  # noqa: DTZ001

    aoi, takeshi = read(book, "名簿.xlsx").rows

    assert (aoi.birth_year, aoi.affiliation, aoi.field) == (2001, "12", "19:30")
    assert (takeshi.birth_year, takeshi.affiliation, takeshi.field) == (1965, "3.5", "True")


def test_lines_are_those_that_excel_shows():
    text = csv_bytes(
        ("2026年度 名簿",), (), HEADER, AOI, (), ("b@example.org", "佐藤\n花", "学生"), ("bad", "山田", "学生")
    )
    book = xlsx_bytes(
        ("2026年度 名簿",), (), HEADER, AOI, (), ("b@example.org", "佐藤", "学生"), ("bad", "山田", "学生")
    )

    assert [error.line for error in errors_of(text)] == [7]
    assert [error.line for error in errors_of(book, "a.xlsx")] == [7]


def test_a_cell_that_excel_would_calculate_is_refused_with_its_place():
    book = openpyxl.Workbook()
    for row in (HEADER, AOI, TAKESHI):
        book.active.append(list(row))
    book.active["B2"] = '=CONCATENATE("田中","葵")'
    book.active["B3"] = ArrayFormula("B3", "=A1")
    page = io.BytesIO()
    book.save(page)

    found = errors_of(page.getvalue(), "a.xlsx")

    assert [(error.line, error.column, error.code) for error in found] == [
        (2, "氏名", "formula"),
        (3, "氏名", "formula"),
    ]
    assert found[0].value == '=CONCATENATE("田中","葵")'


def test_a_formula_in_a_column_that_is_not_read_does_no_harm():
    assert read(xlsx_bytes((*HEADER, "年齢"), (*AOI, "=2026-2005")), "a.xlsx").ignored_columns == ("年齢",)


def test_people_on_two_sheets_are_refused_and_other_sheets_are_passed_over():
    notes = [("これはメモです",)]

    assert len(read(xlsx_bytes(HEADER, AOI, メモ=notes), "a.xlsx").rows) == 1
    assert len(read(xlsx_bytes(*notes, 名簿=[HEADER, AOI]), "a.xlsx").rows) == 1
    (error,) = errors_of(xlsx_bytes(HEADER, AOI, 社会人=[HEADER, TAKESHI]), "a.xlsx")
    assert (error.code, error.detail) == ("several_sheets", {"sheets": "Sheet, 社会人"})


def test_a_hidden_sheet_is_not_read():
    book = openpyxl.Workbook()
    for row in (HEADER, AOI):
        book.active.append(list(row))
    hidden = book.create_sheet("old")
    hidden.sheet_state = "hidden"
    hidden.append(list(HEADER))
    page = io.BytesIO()
    book.save(page)

    assert len(read(page.getvalue(), "a.xlsx").rows) == 1


def zipped(**parts: bytes) -> bytes:
    page = io.BytesIO()
    with zipfile.ZipFile(page, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return page.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600
TABLE = csv_bytes(HEADER, AOI)


@pytest.mark.parametrize(
    ("content", "filename", "code"),
    [
        (b"", "a.csv", "empty_file"),
        (b"\xef\xbb\xbf\r\n,,,\r\n", "a.csv", "empty_file"),
        (xlsx_bytes(), "a.xlsx", "empty_file"),
        (OLE, "a.xls", "old_excel"),
        (OLE, "a.csv", "old_excel"),
        (TABLE, "a.xls", "old_excel"),
        (OLE, "a.xlsx", "password"),
        (TABLE, "a.xlsx", "broken_workbook"),
        (xlsx_bytes(HEADER, AOI)[:-900], "a.xlsx", "broken_workbook"),
        (zipped(xl__workbook_xml=b"<workbook"), "a.xlsx", "broken_workbook"),
        (zipped(content_xml=b"<office/>"), "a.ods", "not_a_table"),
        (b"%PDF-1.7 ...", "a.csv", "not_a_table"),
        (b"\x89PNG\r\n", "photo.png", "not_a_table"),
        (TABLE.decode().encode("utf-16-le"), "a.csv", "nul_character"),
        (TABLE.replace(b"aoi", b"a\x00i"), "a.csv", "nul_character"),
        (TABLE.decode().encode("iso-2022-jp"), "a.csv", "unknown_encoding"),
        (b"Email,Name,Generation\na@example.org,Jos\xe9,student", "a.csv", "unknown_encoding"),
        (b"\xff\xfe\x00", "a.csv", "empty_file"),
        (b"\xff\xfea\x00b", "a.csv", "unknown_encoding"),
        (csv_bytes(AOI, TAKESHI), "a.csv", "no_header"),
        (TABLE.decode().encode("euc-jp"), "a.csv", "unknown_encoding"),
        (csv_bytes(HEADER), "a.csv", "no_people"),
        (b'\xef\xbb\xbf' + TABLE + 'b@example.org,"佐藤 花,学生\n'.encode(), "a.csv", "broken_quotes"),
        (TABLE + 'b@example.org,"佐藤"花,学生\n'.encode(), "a.csv", "broken_quotes"),
        (TABLE + b"x" * 1_000_000 + ",田中,学生\n".encode(), "a.csv", "cell_too_long"),
        (xlsx_bytes(HEADER, ("x" * 6000, "田中", "学生")), "a.xlsx", "cell_too_long"),
        (TABLE + ",".join("x" * 201).encode(), "a.csv", "too_many_columns"),
        (TABLE + b"\n" * 100_001 + b"x", "a.csv", "too_many_rows"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_roster_says_why(content, filename, code):
    assert codes_of(content, filename) == [code]


@pytest.mark.parametrize("long", [{"備考"}, {"所属"}, {"備考", "所属"}])
def test_an_endless_cell_is_named_by_row_and_column_whether_or_not_it_is_read(long):
    header = (*HEADER, "所属", "備考")
    row = (*TAKESHI, *("あ" * 350_000 if name in long else "" for name in header[-2:]))

    for content, filename in (csv_bytes(header, AOI, row), "a.csv"), (xlsx_bytes(header, AOI, row), "a.xlsx"):
        assert {(error.line, error.column) for error in errors_of(content, filename)} == {(3, name) for name in long}


def test_limits_are_the_largest_that_pass():
    rows = [(f"p{number}@example.org", "田中", "学生") for number in range(MAX_ROWS)]

    assert len(read(csv_bytes(HEADER, *rows)).rows) == MAX_ROWS
    assert codes_of(csv_bytes(HEADER, *rows, AOI)) == ["too_many_rows"]
    assert codes_of(b"x" * (MAX_BYTES + 1)) == ["file_too_large"]


def test_a_workbook_that_unpacks_to_a_mountain_is_refused():
    assert codes_of(zipped(xl__workbook_xml=b"<a/>", xl__bomb_xml=b"0" * 101_000_000), "a.xlsx") == ["file_too_large"]


def repacked(book: bytes, **parts: bytes) -> bytes:
    """Return the workbook with parts replaced or added; `xl__a_xml` stands for xl/a.xml."""
    with zipfile.ZipFile(io.BytesIO(book)) as package:
        kept = {name.replace("/", "__").replace(".xml", "_xml"): package.read(name) for name in package.namelist()}
    return zipped(**{**kept, **parts})


def part_of(book: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(book)) as package:
        return package.read(name)


def test_a_workbook_with_expanding_entities_is_refused():
    book = xlsx_bytes(HEADER, AOI)
    sheet = part_of(book, "xl/worksheets/sheet1.xml")
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]>'.encode() + sheet.replace(b"aoi@example.org", b"&l9;")

    assert codes_of(repacked(book, xl__worksheets__sheet1_xml=bomb), "a.xlsx") == ["broken_workbook"]


def test_furigana_that_excel_keeps_beside_a_name_is_no_part_of_it():
    book = xlsx_bytes(HEADER, AOI)
    sheet = part_of(book, "xl/worksheets/sheet1.xml").replace(
        '<c r="B2" t="inlineStr"><is><t>田中 葵</t></is></c>'.encode(), b'<c r="B2" t="s"><v>0</v></c>'
    )
    strings = (
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>田中 葵</t>'
        '<rPh sb="0" eb="2"><t>タナカ</t></rPh><phoneticPr fontId="1"/></si></sst>'
    )
    types = part_of(book, "[Content_Types].xml").replace(
        b"</Types>",
        b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument'
        b'.spreadsheetml.sharedStrings+xml"/></Types>',
    )
    parts = {
        "xl__worksheets__sheet1_xml": sheet,
        "xl__sharedStrings_xml": strings.encode(),
        "[Content_Types]_xml": types,
    }

    (aoi,) = read(repacked(book, **parts), "a.xlsx").rows

    assert (aoi.family_name, aoi.given_name) == ("田中", "葵")


def test_a_row_that_a_stray_comma_has_shifted_is_refused():
    content = (
        csv_bytes((*HEADER, "参加できる時間")) + "a@example.org,田中 葵,学生,月 19:00-21:00, 火 19:00-21:00\n".encode()
    )

    (error,) = errors_of(content)

    assert (error.line, error.code, error.value) == (2, "extra_cells", "火 19:00-21:00")
