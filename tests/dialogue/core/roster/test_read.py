"""A roster is taken whole or not at all, and every slip is told at once."""

import random

from dialogue.core.roster.errors import MAX_ERRORS, RosterRefused
from tests.dialogue.core.roster.files import AOI, HEADER, TAKESHI, csv_bytes, errors_of, read

WISHES = (*HEADER, "ふりがな", "呼ばれたい名前", "一緒にしたくない人", "一緒にしたい人")


def test_one_bad_cell_keeps_the_whole_file_out_and_all_slips_are_told():
    content = csv_bytes(
        (*HEADER, "生年"), (*AOI, "2005"), ("b", "佐藤 花", "学生", "2005"), ("c@example.org", "", "先生", "x")
    )

    found = [(error.line, error.column, error.code.value, error.value) for error in errors_of(content)]

    assert found == [
        (3, "メールアドレス", "email", "b"),
        (4, "氏名", "required", ""),
        (4, "世代", "generation", "先生"),
        (4, "生年", "birth_year", "x"),
    ]


def test_one_person_twice_is_told_with_both_rows():
    content = csv_bytes(HEADER, AOI, TAKESHI, ("ＡＯＩ＠Example.org ", "田中　葵", "学生"))

    (error,) = errors_of(content)

    assert (error.line, error.code, error.value, error.detail) == (
        4,
        "repeated_person",
        "aoi@example.org",
        {"first": "2"},
    )


def test_reading_a_file_again_gives_the_same_people():
    content = csv_bytes(HEADER, AOI, TAKESHI)

    assert read(content) == read(content)


def test_two_hundred_errors_are_told_and_all_are_counted():
    rows = [("?", "田中", "学生")] * 1000
    random.Random(1).shuffle(rows)

    try:
        read(csv_bytes(HEADER, *rows))
    except RosterRefused as refused:
        told = refused
    assert (len(told.errors), told.total) == (MAX_ERRORS, 1000)
    assert [error.line for error in told.errors] == list(range(2, 202))


def test_what_an_error_quotes_is_short_and_visible():
    (error,) = errors_of(csv_bytes(HEADER, ("\u202eevil\x07" + "x" * 500, "田中", "学生")))

    assert error.value == "evil" + "x" * 55 + "…"


def test_wishes_name_others_by_address_name_kana_or_preferred_name():
    content = csv_bytes(
        WISHES,
        (*AOI, "", "あおちゃん", "", ""),
        (*TAKESHI, "やまだ たけし", "", "ＡＯＩ@example.org", ""),
        ("hana@example.org", "佐藤 花", "学生", "", "", "田中葵さん、ヤマダタケシ", ""),
        ("ren@example.org", "鈴木 蓮", "学生", "", "", "なし", "あおちゃん; 佐藤　花"),
    )

    aoi, takeshi, hana, ren = read(content).rows

    assert (aoi.keep_apart, takeshi.keep_apart) == ((), ("aoi@example.org",))
    assert hana.keep_apart == ("aoi@example.org", "takeshi@example.org")
    assert (ren.keep_apart, ren.keep_together) == ((), ("aoi@example.org", "hana@example.org"))


def test_a_wish_about_nobody_or_several_or_oneself_is_refused():
    content = csv_bytes(
        WISHES,
        (*AOI, "", "", "鈴木 一", "だれか"),
        (*TAKESHI, "", "", "x@example.org", "山田 武"),
        ("s1@example.org", "鈴木 一", "学生", "", "", "", ""),
        ("s2@example.org", "鈴木 一", "学生", "", "", "", ""),
    )

    found = [(error.line, error.column, error.code.value, error.detail["part"]) for error in errors_of(content)]

    assert found == [
        (2, "一緒にしたくない人", "person_ambiguous", "鈴木 一"),
        (2, "一緒にしたい人", "person_unknown", "だれか"),
        (3, "一緒にしたくない人", "person_unknown", "x@example.org"),
        (3, "一緒にしたい人", "person_is_self", "山田 武"),
    ]


def test_two_people_cannot_be_kept_apart_and_together():
    content = csv_bytes(WISHES, (*AOI, "", "", "山田 武", ""), (*TAKESHI, "", "", "", "田中 葵"))

    (error,) = errors_of(content)

    assert (error.line, error.code, error.detail) == (3, "apart_and_together", {"email": "aoi@example.org"})


def test_a_wish_about_somebody_whose_address_is_refused_is_not_refused_as_well():
    content = csv_bytes(WISHES, ("aoi@", *AOI[1:], "", "", "", ""), (*TAKESHI, "", "", "田中 葵", ""))

    assert [error.code.value for error in errors_of(content)] == ["email"]
