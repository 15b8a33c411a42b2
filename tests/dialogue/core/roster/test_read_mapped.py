"""Files of any form under a mapping: what it says is read, what cannot be read is told, nothing is guessed."""

import pytest

from dialogue.core.generation import Generation
from dialogue.core.roster import Column, FileMapping, RosterRefused, print_windows, read_facilitators
from dialogue.core.roster.guess import guess_mapping, open_file
from dialogue.core.roster.mapping import Answer, Says, Slot, TimeRules
from dialogue.core.roster.read import try_participants
from dialogue.core.roster.samples import samples
from tests.dialogue.core.roster.files import (
    AOI,
    HEADER,
    TAKESHI,
    TODAY,
    codes_of,
    csv_bytes,
    errors_of,
    read,
    xlsx_bytes,
)

FREE = TimeRules()
BUSY = TimeRules(says=Says.BUSY, clock=24)


def times(cells: dict[str, str], slots: dict[str, Slot], rules: TimeRules = FREE) -> str:
    """Return the windows of Aoi, printed, from these columns."""
    content = csv_bytes((*HEADER, *cells), (*AOI, *cells.values()))
    return print_windows(read(content, mapping=FileMapping(times=slots, rules=rules)).rows[0].windows)


def guessed(content: bytes, filename: str = "a.csv", **changes: object):
    table = open_file(content=content, filename=filename)
    return table, guess_mapping(table)


WEEKDAYS = {"月": Slot((0,)), "火": Slot((1,))}


def test_columns_for_weekdays_list_free_hours():
    assert times({"月": "19:00-20:00, 20:00-21:00", "火": ""}, WEEKDAYS) == "月 19:00〜21:00"


def test_columns_for_hours_list_weekdays():
    slots = {"19時": Slot((), (1140, 1200)), "20時": Slot((), (1200, 1260))}

    assert times({"19時": "月曜日, 水曜日", "20時": "水曜日"}, slots) == "月 19:00〜20:00; 水 19:00〜21:00"


def test_busy_hours_leave_the_rest_of_the_day_free():
    assert times({"月": "9-17", "火": "終日"}, WEEKDAYS, BUSY) == "月 08:00〜09:00、17:00〜22:00"
    assert times({"月": "9-17", "火": ""}, WEEKDAYS, TimeRules(says=Says.BUSY, clock=24, day=(540, 1500))) == (
        "月 17:00〜翌01:00"
    )


def test_day_without_busy_hours_is_free_only_if_the_mapping_says_so():
    assert times({"月": "", "火": "なし"}, WEEKDAYS, BUSY) == "火 08:00〜22:00"
    assert times({"月": "", "火": "未定"}, WEEKDAYS, TimeRules(says=Says.BUSY, empty_is_free=True)) == (
        "月・火 08:00〜22:00"
    )


def test_busy_night_reaches_into_the_next_morning():
    whole_day = TimeRules(says=Says.BUSY, day=(0, 1440), empty_is_free=True)

    assert times({"月": "22:00-26:00", "火": ""}, WEEKDAYS, whole_day) == "月 00:00〜22:00; 火 02:00〜24:00"
    sunday = {"日": Slot((6,)), "月": Slot((0,))}
    assert times({"日": "22:00-26:00", "月": ""}, sunday, whole_day) == "月 02:00〜24:00; 日 00:00〜22:00"


def test_busy_text_tells_of_the_days_it_names():
    content = csv_bytes((*HEADER, "参加できない時間"), (*AOI, "月〜金 9:00-18:00"))
    mapping = FileMapping(columns={"参加できない時間": Column.AVAILABILITY}, rules=BUSY)

    (aoi,) = read(content, mapping=mapping).rows

    assert print_windows(aoi.windows) == "月・火・水・木・金 08:00〜09:00、18:00〜22:00"


SLOTS = {
    "12/1(火) 19時": Slot((1,), (1140, 1230)),
    "12/8(火) 19時": Slot((1,), (1140, 1230)),
    "土": Slot((5,), (600, 720)),
}


@pytest.mark.parametrize(
    ("answers", "free"),
    [
        (("○", "○", "×"), "火 19:00〜20:30"),
        (("○", "×", "◯"), "土 10:00〜12:00"),
        (("○", "", "✓"), "土 10:00〜12:00"),
        (("△", "○", "△"), ""),
    ],
)
def test_weekly_slot_is_free_where_every_date_of_it_is_taken(answers, free):
    assert times(dict(zip(SLOTS, answers, strict=True)), SLOTS) == free


def test_triangle_counts_as_free_only_if_the_mapping_says_so():
    cells = dict(zip(SLOTS, ("○", "△", "×"), strict=True))

    assert times(cells, SLOTS) == ""
    assert times(cells, SLOTS, TimeRules(maybe_is_free=True)) == "火 19:00〜20:30"


def test_answer_that_nobody_knows_is_told_and_can_be_given_a_meaning():
    content = csv_bytes((*HEADER, "土"), (*AOI, "たぶん"))
    slots = {"土": Slot((5,), (600, 720))}

    (error,) = errors_of(content, mapping=FileMapping(times=slots))
    assert (error.column, error.detail["part"], error.detail["fault"]) == ("土", "たぶん", "unknown_answer")
    rules = TimeRules(answers={"たぶん": Answer.YES})
    assert len(read(content, mapping=FileMapping(times=slots, rules=rules)).rows[0].windows) == 1


def test_words_of_a_form_have_the_hours_that_the_mapping_gives_them():
    rules = TimeRules(words={"1限": (540, 630), "夜": (1080, 1260)})

    assert (
        times({"月": "1限、夜", "火": "夜7時〜9時"}, WEEKDAYS, rules)
        == "月 09:00〜10:30、18:00〜21:00; 火 19:00〜21:00"
    )


def test_answers_constants_ratings_and_what_was_meant():
    head = ("メール", "氏名", "どちら", "音楽", "旅", "18歳以上", "時間")
    content = csv_bytes(
        head,
        ("aoi@example.org", "田中 葵", "あお組", "とても", "✓", "大人です", "第2・4土曜 10:00-12:00"),
        ("takeshi@example.org", "山田 武", "", "3", "", "", "火 19:00-21:00"),
    )
    mapping = FileMapping(
        columns={"どちら": Column.GENERATION, "時間": Column.AVAILABILITY},
        constants={Column.GENERATION: "alumni", Column.PARTNER: "みなと会", Column.LANGUAGES: "日英"},
        generations={"あお組": Generation.STUDENT},
        adults={"大人です": True},
        interests={"音楽": "音楽", "旅": "たび"},
        ratings={"とても": 5},
        meant={"時間": {"第2・4土曜 10:00-12:00": "土 10:00-12:00"}},
    )

    aoi, takeshi = read(content, mapping=mapping).rows

    assert (aoi.generation, takeshi.generation) == (Generation.STUDENT, Generation.ALUMNI)
    assert (aoi.partner, aoi.languages, aoi.under_18_or_high_school) == ("みなと会", ("ja", "en"), False)
    assert {each.text: each.rating for each in aoi.interests} == {"音楽": 5, "たび": 3}
    assert {each.text: each.rating for each in takeshi.interests} == {"音楽": 3}
    assert print_windows(aoi.windows) == "土 10:00〜12:00"


def test_constant_that_is_none_is_told_once():
    mapping = FileMapping(constants={Column.ZONE: "Asia/Atlantis"})

    (error,) = errors_of(csv_bytes(HEADER, AOI, TAKESHI), mapping=mapping)

    assert (error.line, error.column, error.code) == (0, "zone", "zone")


def test_formula_cell_is_refused_until_somebody_types_what_it_means():
    content = xlsx_bytes((*HEADER, "時間"), (*AOI, "=A1&B1"))
    columns = {"時間": Column.AVAILABILITY}

    assert codes_of(content, "a.xlsx", mapping=FileMapping(columns=columns)) == ["formula"]
    meant = {"時間": {"=A1&B1": "月 19:00-21:00"}}
    assert read(content, "a.xlsx", mapping=FileMapping(columns=columns, meant=meant)).rows[0].windows
    formula_again = {"時間": {"=A1&B1": "=1+1"}}
    assert codes_of(content, "a.xlsx", mapping=FileMapping(columns=columns, meant=formula_again)) == ["formula"]


def test_mapping_for_another_file_says_which_heads_are_missing():
    mapping = FileMapping(
        columns={"電話": None, "連絡先": Column.EMAIL}, times={"月": Slot((0,))}, interests={"旅": "旅"}
    )

    found = [(error.code.value, error.value) for error in errors_of(csv_bytes(HEADER, AOI), mapping=mapping)]

    assert found == [("unknown_mapping", "連絡先"), ("unknown_mapping", "旅"), ("unknown_mapping", "月")]


def test_two_heads_for_one_column_are_refused_under_a_mapping_too():
    mapping = FileMapping(columns={"氏名": Column.EMAIL, "メールアドレス": Column.EMAIL})

    assert "repeated_header" in codes_of(csv_bytes(HEADER, AOI), mapping=mapping)


def test_five_hundred_columns_are_refused():
    content = csv_bytes((*HEADER, *(f"q{number}" for number in range(500))), (*AOI, *["x"] * 500))

    with pytest.raises(RosterRefused) as refused:
        open_file(content=content, filename="a.csv")

    assert refused.value.errors[0].code == "too_many_columns"


def test_head_that_stands_twice_gets_a_number_so_that_each_can_be_named():
    content = csv_bytes((*HEADER, "時間", "時間", "時間"), (*AOI, "", "火 19:00-21:00", "x"))
    table, _ = guessed(content)

    assert table.names[3:] == ("時間", "時間 (2)", "時間 (3)")
    mapping = FileMapping(columns={"時間 (2)": Column.AVAILABILITY})
    assert print_windows(read(content, mapping=mapping).rows[0].windows) == "火 19:00〜21:00"


def test_merged_heads_over_two_rows_are_one_header():
    content = xlsx_bytes(
        ("名簿",),
        ("氏名", "メール", "世代", "空き時間", None, "備考"),
        (None, None, None, "月", "火", None),
        ("田中 葵", "aoi@example.org", "学生", "19:00-21:00", None, "=1+1"),
    )
    table, mapping = guessed(content, "a.xlsx")

    assert table.names == ("氏名", "メール", "世代", "空き時間 [月]", "空き時間 [火]", "備考")
    assert print_windows(read(content, "a.xlsx", mapping=mapping).rows[0].windows) == "月 19:00〜21:00"


def test_title_above_a_header_is_no_group_of_it():
    content = csv_bytes(("第4期 名簿", "2026年11月"), HEADER, AOI)

    assert guessed(content)[0].names == HEADER


def test_first_person_below_a_header_is_no_part_of_it():
    heads = ("氏名", "メール", "希望1", "希望2", "")
    table, _ = guessed(csv_bytes(heads, ("田中 葵", "aoi@example.org", "火 19:00-21:00", "木 19:00-21:00", "x")))

    assert table.names == heads
    assert len(table.rows) == 1


def test_person_in_a_column_is_named_by_the_column():
    content = csv_bytes(
        ("日程", "田中 葵", "山田 武"),
        ("12/1(火) 19:00〜", "○", "？？"),
        ("12/2(水) 19:00〜", "○", "×"),
        ("コメント", "aoi@example.org", "here@example"),
    )
    table, mapping = guessed(content)
    attempt = try_participants(table, mapping, today=TODAY)

    assert attempt.people == ()
    mapping = FileMapping(**{**as_fields(mapping), "constants": {Column.GENERATION: "student"}})
    attempt = try_participants(table, mapping, today=TODAY)
    assert [(error.line, error.in_column, error.code.value) for error in attempt.errors] == [
        (3, True, "email"),
        (3, True, "availability"),
    ]


def as_fields(mapping: FileMapping) -> dict[str, object]:
    return {name: getattr(mapping, name) for name in FileMapping.__slots__}


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("people.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old_excel"),
        ("people.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "password"),
        ("people.xls", csv_bytes(HEADER, AOI), "old_excel"),
    ],
)
def test_old_and_protected_files_are_refused_by_name(name, content, code):
    with pytest.raises(RosterRefused) as refused:
        open_file(content=content, filename=name)

    assert [error.code for error in refused.value.errors] == [code]


SHARED = ("pair@example.org", "pair@example.org")


def test_two_people_with_one_address_are_told_and_the_second_is_named():
    (error,) = errors_of(csv_bytes(HEADER, (SHARED[0], *AOI[1:]), (SHARED[1], *TAKESHI[1:])))

    assert (error.line, error.code, error.detail) == (3, "shared_address", {"first": "2", "name": "山田 武"})


def test_who_shares_an_address_takes_the_second_one_of_the_row():
    content = csv_bytes(
        (*HEADER, "別のメールアドレス"),
        (SHARED[0], *AOI[1:], "aoi@example.com"),
        (SHARED[1], *TAKESHI[1:], ""),
        ("hana@example.org", "佐藤 花", "学生", "unused@example.org"),
    )

    assert [one.email for one in read(content).rows] == ["aoi@example.com", "pair@example.org", "hana@example.org"]


def test_who_shares_an_address_takes_the_one_that_was_typed_for_the_name():
    content = csv_bytes(HEADER, (SHARED[0], *AOI[1:]), (SHARED[1], *TAKESHI[1:]))
    mapping = FileMapping(addresses={"山田　武": "pair+2@example.org"})

    assert [one.email for one in read(content, mapping=mapping).rows] == ["pair@example.org", "pair+2@example.org"]
    taken = FileMapping(addresses={"山田 武": "pair@example.org"})
    assert codes_of(content, mapping=taken) == ["shared_address"]
    no_address = FileMapping(addresses={"山田 武": "nowhere"})
    assert codes_of(content, mapping=no_address) == ["shared_address"]


def test_addresses_below_another_known_head_are_not_taken_for_those_of_the_people():
    head = ("氏名", "世代", "一緒にしたい人")
    _, mapping = guessed(csv_bytes(head, ("青井 葵", "学生", "takeshi@example.com"), ("竹田 武", "社会人", "")))

    assert mapping.columns["一緒にしたい人"] is Column.KEEP_TOGETHER


def test_facilitators_files_are_read_by_a_mapping_too():
    content = csv_bytes(("連絡先", "お名前は？", "月曜"), ("fumi@example.net", "三宅 文", "19:00-21:00"))
    table = open_file(content=content, filename="a.csv")
    mapping = guess_mapping(table, facilitators=True)

    (fumi,) = read_facilitators(content=content, filename="a.csv", mapping=mapping).rows

    assert (fumi.email, print_windows(fumi.windows)) == ("fumi@example.net", "月 19:00〜21:00")


def test_samples_show_what_cells_become_and_what_cannot_be_read():
    content = csv_bytes((*HEADER, "月", "備考"), (*AOI, "19:00-21:00", "x"), (*TAKESHI, "よる", ""))
    mapping = FileMapping(columns={"備考": None}, times={"月": Slot((0,))})
    table = open_file(content=content, filename="a.csv", mapping=mapping)

    shown = [[(one.text, one.read) for one in some] for some in samples(table, mapping)]

    assert (
        shown[2] == [("学生", Generation.STUDENT), ("セカンドキャリア", Generation.ALUMNI)] or shown[2][0][0] == "学生"
    )
    assert print_windows(shown[3][0][1]) == "月 19:00〜21:00"
    assert shown[3][1] == ("よる", None)
    assert shown[4] == [("x", "")]
