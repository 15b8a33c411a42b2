"""Columns are known by their names, in the spellings that forms and people use."""

import pytest

from dialogue.core.roster import Column, FacilitatorRow, read_facilitators
from dialogue.core.roster.headers import column_of
from tests.dialogue.core.roster.files import AOI, HEADER, codes_of, csv_bytes, errors_of, read


@pytest.mark.parametrize(
    ("spellings", "column"),
    [
        ("メールアドレス メール Email E-mail ｅ－ｍａｉｌ MAIL メールアドレス（必須） Email* ※メール", Column.EMAIL),
        ("氏名 お名前 名前 Name 氏名（漢字） 【必須】お名前", Column.FULL_NAME),
        ("姓 苗字 Family_name last_name SURNAME", Column.FAMILY_NAME),
        ("名 Given_name First-Name", Column.GIVEN_NAME),
        ("ふりがな フリガナ ﾌﾘｶﾞﾅ お名前（ふりがな） 氏名（カナ） 氏名カナ", Column.FULL_KANA),
        ("せい セイ 姓（ふりがな） 姓(カナ)", Column.FAMILY_KANA),
        ("めい メイ 名（ふりがな）", Column.GIVEN_KANA),
        ("呼ばれたい名前 ニックネーム Preferred_name", Column.PREFERRED_NAME),
        ("世代 区分 Generation", Column.GENERATION),
        ("生年 生まれ年 生年月日 Birth_year 生年（西暦） 生年（例：1965）", Column.BIRTH_YEAR),
        ("18歳以上で、高校生ではない １８歳以上で高校生ではない", Column.ADULT),
        ("言語 Languages", Column.LANGUAGES),
        ("タイムゾーン Time_zone timezone", Column.ZONE),
        ("所属 学校 勤務先 学校・勤務先 Affiliation", Column.AFFILIATION),
        ("送り出し団体 Partner", Column.PARTNER),
        ("専攻 職種 分野 Field Field_of_work_or_study", Column.FIELD),
        ("興味 関心 興味のあるテーマ Interests 興味・関心", Column.INTERESTS),
        ("参加できる時間 空き時間 Availability 参加可能な時間帯（複数回答可）", Column.AVAILABILITY),
        ("一緒にしたくない人 Keep_apart", Column.KEEP_APART),
        ("一緒にしたい人 Keep_together", Column.KEEP_TOGETHER),
        ("担当できるグループ数 Cohorts", Column.MAX_COHORTS),
        ("備考 メールアドレス（保護者） 電話番号 年齢 No. タイムスタンプ", None),
    ],
)
def test_a_header_is_known_in_its_spellings(spellings, column):
    assert {spelling: column_of(spelling) for spelling in spellings.split()} == dict.fromkeys(spellings.split(), column)


def test_columns_may_stand_in_any_order_and_others_are_listed():
    roster = read(
        csv_bytes(("備考", "Generation", "Name", "", "Email"), ("x", "student", "Aoi", "", "aoi@example.org"))
    )

    assert roster.rows[0].email == "aoi@example.org"
    assert roster.ignored_columns == ("備考",)


def test_what_every_roster_needs_is_named_when_it_is_missing():
    found = errors_of(csv_bytes(("所属", "備考", "言語"), ("x", "y", "ja")))

    assert [(error.code, error.detail["header"]) for error in found] == [
        ("missing_header", "email"),
        ("missing_header", "generation"),
        ("missing_header", "name"),
    ]


def test_two_columns_for_one_thing_are_refused():
    (error,) = errors_of(csv_bytes((*HEADER, "E-mail"), (*AOI, "b@example.org")))

    assert (error.line, error.column, error.code, error.detail) == (
        1,
        "E-mail",
        "repeated_header",
        {"other": "メールアドレス"},
    )


def test_a_mapping_says_what_unknown_headers_mean_and_leaves_columns_out():
    content = csv_bytes(("連絡先", "氏名", "グループ", "メール"), ("aoi@example.org", "田中 葵", "学生", "-"))

    roster = read(content, mapping={"連絡先": Column.EMAIL, "グループ": Column.GENERATION, "メール": None})

    assert roster.rows[0].email == "aoi@example.org"
    assert roster.ignored_columns == ("メール",)
    assert codes_of(content, mapping={"電話": Column.EMAIL})[0] == "unknown_mapping"


def test_a_name_beside_a_surname_is_the_given_name():
    (aoi,) = read(csv_bytes(("メール", "姓", "名前", "世代"), ("aoi@example.org", "田中", "葵", "学生"))).rows

    assert (aoi.family_name, aoi.given_name) == ("田中", "葵")


def test_facilitators_need_no_generation():
    content = csv_bytes(
        ("メール", "氏名", "ふりがな", "参加できる時間", "担当できるグループ数"),
        ("fumi@example.net", "三宅 文", "ミヤケ フミ", "火 19:00-21:00", "２グループ"),
    )

    (fumi,) = read_facilitators(content=content, filename="a.csv").rows

    assert isinstance(fumi, FacilitatorRow)
    assert (fumi.given_name, fumi.family_kana, fumi.preferred_name) == ("文", "みやけ", "文")
    assert (fumi.languages, fumi.zone, fumi.max_cohorts, len(fumi.windows)) == (("ja",), "Asia/Tokyo", 2, 1)
