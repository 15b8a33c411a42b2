"""Every slip in a roster is told in a sentence with its place, in the reader's language."""

import re

import pytest
from django.utils import translation

from dialogue.core.roster import (
    AvailabilityFault,
    ErrorCode,
    FileMapping,
    RosterError,
    RosterRefused,
    read_facilitators,
)
from dialogue.core.roster.mapping_toml import MappingError, MappingFault
from dialogue.mapping_errors import mapping_sentence
from dialogue.roster_errors import AVAILABILITY_SENTENCES, SENTENCES, sentence
from tests.dialogue.core.roster.files import AOI, HEADER, TAKESHI, csv_bytes, errors_of, xlsx_bytes

DETAIL = {
    "limit": "20",
    "sheets": "学生, 社会人",
    "header": "email",
    "other": "メール",
    "first": "2",
    "name": "山田 武",
    "year": "2019",
    "earliest": "1926",
    "latest": "2016",
    "part": "25:00",
    "fault": "impossible",
    "email": "aoi@example.org",
}


def test_every_code_and_every_fault_has_its_sentence():
    assert set(SENTENCES) == set(ErrorCode) - {ErrorCode.AVAILABILITY}
    assert set(AVAILABILITY_SENTENCES) == set(AvailabilityFault)


@pytest.mark.parametrize("code", list(ErrorCode))
def test_every_error_becomes_a_whole_sentence(code):
    with translation.override("en"):
        told = sentence(RosterError(3, "Email", code, "x", DETAIL))

    assert told.startswith("Row 3, “Email”: ")
    assert told.endswith((".", ".)"))
    assert "%(" not in told


def test_the_sentence_names_row_column_value_and_what_to_type():
    (error,) = errors_of(csv_bytes((*HEADER, "参加できる時間"), (*AOI, "月 19:00-21:00; 火 25:00-26:00")))

    with translation.override("en"):
        told = sentence(error)

    assert told.startswith("Row 2, “参加できる時間”: “25:00-26:00” holds a time that no clock shows. ")


def test_a_slip_of_the_whole_file_names_no_row():
    (error,) = errors_of(b"")

    with translation.override("en"):
        assert sentence(error) == "The file is empty. Choose a file with a header row and one person per row."


def test_percent_signs_in_a_file_are_quoted_as_they_are():
    with translation.override("en"):
        assert "“100%(x)s %d”" in sentence(RosterError(2, "50%", ErrorCode.EMAIL, "100%(x)s %d"))


def test_an_error_of_a_person_in_a_column_names_the_column():
    with translation.override("en"):
        told = sentence(RosterError(28, "コメント", ErrorCode.EMAIL, "x", in_column=True))

    assert told.startswith("Column AB, “コメント”: “x” is not an e-mail address.")


def test_times_that_are_not_every_week_come_with_what_to_type_in_the_readers_language():
    (error,) = errors_of(csv_bytes((*HEADER, "参加できる時間"), (*AOI, "第2・4土曜 10時〜12時")))

    with translation.override("en"):
        assert sentence(error).endswith("If it is right every week, type: Sat 10:00-12:00")


@pytest.mark.parametrize("fault", list(MappingFault))
def test_every_fault_of_a_mapping_has_its_sentence(fault):
    detail = {"limit": "5", "known": "a, b", "value": "x", "other": "y", "lowest": "0", "highest": "9"}

    with translation.override("en"):
        told = mapping_sentence(MappingError(fault, "times.day", 3, detail))

    assert told.startswith("Line 3, times.day: ")
    assert told.endswith((".", ".)"))
    assert "%(" not in told


WISHES = (*HEADER, "一緒にしたくない人", "一緒にしたい人")
PROVOKING = (
    (HEADER, ("x" * 5001, *AOI[1:])),
    (("メール", "E-mail", "生年"),),
    (HEADER, AOI, AOI),
    (HEADER, AOI, (AOI[0], *TAKESHI[1:])),
    ((*HEADER, "生年"), (*AOI, "2020")),
    ((*HEADER, "言語"), (*AOI, "クリンゴン語")),
    ((*HEADER, "興味"), (*AOI, "音楽:9")),
    ((*HEADER, "興味"), (*AOI, "、".join(map(str, range(31))))),
    ((*HEADER, "参加できる時間"), (*AOI, "月")),
    (WISHES, (*AOI, "だれか", "田中 葵")),
    (WISHES, (*AOI, "山田 武", "山田 武"), (*TAKESHI, "", "")),
    (WISHES, (*AOI, "", "山田 武"), (*TAKESHI, "", ""), ("t2@example.org", "山田 武", "学生", "", "")),
    (HEADER, *[AOI] * 20_001),
    (HEADER, ("x",) * 201),
)


def test_every_detail_that_a_sentence_uses_is_given_where_its_error_is_found():
    found = [error for rows in PROVOKING for error in errors_of(csv_bytes(*rows))]
    found += errors_of(b"x" * 20_000_001)
    found += errors_of(xlsx_bytes(HEADER, AOI, 二枚目=[HEADER, AOI]), "a.xlsx")
    found += errors_of(csv_bytes((*HEADER, "音楽"), (*AOI, "すこし")), mapping=FileMapping(interests={"音楽": "音楽"}))
    found += facilitator_errors(csv_bytes(("メール", "氏名", "Cohorts"), (*AOI[:2], "0")))

    with translation.override("en"):
        told = [sentence(error) for error in found]

    assert all(told)
    with_details = {code for code, text in SENTENCES.items() if set(re.findall(r"%\((\w+)\)s", str(text))) - {"value"}}
    assert with_details <= {error.code for error in found}


def facilitator_errors(content: bytes) -> tuple[RosterError, ...]:
    with pytest.raises(RosterRefused) as refused:
        read_facilitators(content=content, filename="a.csv")
    return refused.value.errors
