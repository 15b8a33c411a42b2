"""A cell is read as people write it; what cannot be read is named with its line and column."""

import pytest

from dialogue.core.generation import Generation
from dialogue.core.roster import Interest, RosterRefused, read_facilitators
from tests.dialogue.core.roster.files import AOI, HEADER, TAKESHI, csv_bytes, errors_of, only_error, person, read


@pytest.mark.parametrize(
    ("typed", "family", "given"),
    [
        ("田中　葵", "田中", "葵"),
        ("田中 葵 様", "田中", "葵"),
        ("鵜殿 誠殿", "鵜殿", "誠"),
        ("髙﨑 𠮷", "髙﨑", "𠮷"),
        ("Sukarno", "Sukarno", ""),
        ("Nguyễn Văn An", "Nguyễn", "Văn An"),
        ("田中葵", "田中葵", ""),
    ],
)
def test_a_full_name_is_split_at_its_first_space(typed, family, given):
    one = person(氏名=typed)

    assert (one.family_name, one.given_name, one.preferred_name) == (family, given, given or family)


def test_kana_is_stored_in_hiragana_and_the_preferred_name_without_san():
    one = person(ふりがな="ﾀﾅｶ アオイ", 呼ばれたい名前="アオさん")

    assert (one.family_kana, one.given_kana, one.preferred_name) == ("たなか", "あおい", "アオ")


@pytest.mark.parametrize("name", ["\u200b", "\u3164 \u2060", "\u202e"])
def test_a_name_that_only_looks_like_one_is_refused(name):
    assert only_error(氏名=name).code == "invisible_name"


def test_a_name_of_eighty_characters_passes_and_of_more_does_not():
    assert person(氏名="あ" * 80).family_name == "あ" * 80
    assert only_error(氏名="あ" * 81).detail == {"limit": "80"}


@pytest.mark.parametrize(
    ("typed", "generation", "under"),
    [
        ("学生", Generation.STUDENT, False),
        ("大学生", Generation.STUDENT, False),
        ("Student", Generation.STUDENT, False),
        ("高校生", Generation.STUDENT, True),
        ("セカンドキャリア", Generation.ALUMNI, False),
        ("社会人", Generation.ALUMNI, False),
        ("卒業生", Generation.ALUMNI, False),
        ("ＯＢ・ＯＧ", Generation.ALUMNI, False),
        ("OB/OG", Generation.ALUMNI, False),
        ("second career", Generation.ALUMNI, False),
        ("Alumni", Generation.ALUMNI, False),
    ],
)
def test_generations_are_known_by_their_usual_words(typed, generation, under):
    one = person(世代=typed)

    assert (one.generation, one.under_18_or_high_school) == (generation, under)


def test_a_programme_may_name_its_generations_itself():
    (aoi,) = read(csv_bytes(HEADER, (*AOI[:2], "みらい世代")), generation_words={"みらい世代": Generation.STUDENT}).rows

    assert aoi.generation is Generation.STUDENT


@pytest.mark.parametrize(
    "typed",
    ["1965", "1965年", "１９６５", "昭和40年", "昭和４０", "S40", "s40", "S.40", "1965-04-01", "1965/4/1", "1965.4.1",
     "1965年4月1日", "1965年4月",
     "19650401", "S40.4.1", "昭和40年4月1日生まれ", "1965年生まれ",
     "西暦1965年", " 1965 ", "昭和 40 年"],
)  # fmt: skip
def test_twenty_spellings_of_one_year_of_birth_are_read(typed):
    assert person(生年=typed).birth_year == 1965


@pytest.mark.parametrize(
    ("typed", "year"), [("平成12", 2000), ("H12", 2000), ("平成元年", 1989), ("大正15年", 1926), ("", None)]
)
def test_years_of_other_eras_are_read(typed, year):
    assert person(生年=typed).birth_year == year


def test_the_first_year_of_reiwa_is_read_and_then_found_too_recent():
    assert only_error(生年="令和元年").detail == {"year": "2019", "earliest": "1926", "latest": "2016"}


@pytest.mark.parametrize(
    "typed", ["65", "昭和65年", "平成0", "1965-13-01", "1965-02-30", "むかし", "昭和", "1965年1965年", "19-65"]
)
def test_what_is_no_year_of_birth_is_refused(typed):
    assert only_error(生年=typed).code == "birth_year"


@pytest.mark.parametrize("typed", ["1925", "2017", "1065"])
def test_a_year_of_birth_that_nobody_here_can_have_is_refused(typed):
    assert only_error(生年=typed).code == "birth_year_implausible"


ADULT = "18歳以上で、高校生ではない"


@pytest.mark.parametrize(
    ("answer", "year", "under"),
    [
        ("はい", "", False),
        ("いいえ", "", True),
        ("わからない", "", True),
        ("unsure", "1965", True),
        ("○", "2007", False),
        ("TRUE", "", False),
        ("", "", True),
        ("", "1965", False),
        (None, "2008", True),
        (None, "2007", False),
        (None, "", False),
    ],
)
def test_unsure_counts_as_under_eighteen(answer, year, under):
    cells = {"生年": year} if answer is None else {ADULT: answer, "生年": year}

    assert person(**cells).under_18_or_high_school is under


def test_an_answer_that_the_year_or_the_school_contradicts_is_refused():
    assert only_error(**{ADULT: "はい", "生年": "2010"}).code == "adult_contradicted"
    assert only_error(**{ADULT: "はい", "世代": "高校生"}).code == "adult_contradicted"
    assert only_error(**{ADULT: "たぶん"}).code == "adult"


@pytest.mark.parametrize(
    ("typed", "codes"),
    [("日本語・英語", ("ja", "en")), ("ja;en", ("ja", "en")), ("English, Japanese", ("en", "ja")),
     ("英語と日本語", ("en", "ja")), ("両方", ("ja", "en")), ("", ("ja",)), ("日本語 日本語", ("ja",))],
)  # fmt: skip
def test_languages_are_read_in_the_order_written(typed, codes):
    assert person(言語=typed).languages == codes


def test_a_language_that_is_not_known_is_named():
    assert only_error(言語="日本語、クリンゴン語").detail == {"part": "クリンゴン語"}


@pytest.mark.parametrize(
    ("typed", "zone"),
    [("", "Asia/Tokyo"), ("日本時間", "Asia/Tokyo"), ("JST", "Asia/Tokyo"), ("europe/london", "Europe/London"),
     ("America/New York", "America/New_York"), ("ハワイ", "Pacific/Honolulu"), ("UTC", "UTC")],
)  # fmt: skip
def test_time_zones_are_read_by_name_or_place(typed, zone):
    assert person(タイムゾーン=typed).zone == zone


@pytest.mark.parametrize("typed", ["EST", "CST", "+9", "../../etc/passwd", "Asia/Tokyoo", "Mars/Olympus"])
def test_a_time_zone_that_is_not_certain_is_refused(typed):
    assert only_error(タイムゾーン=typed).code in ("zone", "formula")


def test_a_term_in_an_unknown_zone_is_refused_too():
    assert [error.code for error in errors_of(csv_bytes(HEADER, AOI), default_zone="Tokyo/Asia")] == [
        "unknown_zone_setting"
    ]
    assert read(csv_bytes(HEADER, AOI), default_zone="Europe/Paris").rows[0].zone == "Europe/Paris"


def test_interests_keep_their_ratings():
    one = person(興味="音楽:5、料理（４）, 旅 2\n地域・防災; 本 ; 音楽:1、映画7選")

    assert one.interests == (
        Interest("音楽", 5), Interest("料理・食べること", 4), Interest("旅", 2), Interest("地域・ボランティア", 3),
        Interest("災害・防災", 3), Interest("本・読書", 3), Interest("映画7選", 3),
    )  # fmt: skip
    assert person(興味="特になし").interests == ()


def test_words_for_one_topic_are_one_and_the_higher_rating_counts():
    assert person(興味="育児:2、子育て:5、parenting:1").interests == (Interest("子育て", 5),)


def test_a_part_of_a_topic_counts_as_the_topic_and_stays_as_written():
    assert person(興味="ピアノ:4、盆栽の会").interests == (
        Interest("音楽", 4), Interest("ピアノ", 4), Interest("盆栽の会", 3),
    )  # fmt: skip


@pytest.mark.parametrize("typed", ["音楽:6", "音楽:0", "音楽（9）", "音楽 8"])
def test_a_rating_outside_one_to_five_is_refused(typed):
    assert only_error(興味=f"旅、{typed}").detail == {"part": typed}


@pytest.mark.parametrize("typed", ["=1+1", "＝1+1", " =cmd|' /C calc'!A0", "+1+2", "@SUM(A1)", "＠SUM(A1)", "+81+cmd"])
def test_a_formula_is_refused_with_its_place(typed):
    error = only_error(所属=typed)

    assert (error.line, error.column, error.code) == (2, "所属", "formula")


@pytest.mark.parametrize(
    "typed", ["+81 90-0000-0000", "＋８１ ９０ ００００ ００００", "A=B", "5-1", "-", "C++", "a@b"]
)
def test_what_only_looks_like_a_formula_passes(typed):
    assert person(所属=typed).email == "aoi@example.org"


def test_an_error_of_excel_is_not_taken_for_a_name():
    assert only_error(氏名="#REF!").code == "excel_error"
    assert person(所属="#1 School").affiliation == "#1 School"


@pytest.mark.parametrize(("typed", "code"), [("", "required"), ("aoi", "email"), ("a\u202e@example.org", "email")])
def test_an_address_is_required_and_must_be_one(typed, code):
    error = only_error(メールアドレス=typed)

    assert (error.line, error.column, error.code) == (2, "メールアドレス", code)


def test_name_and_generation_are_required():
    assert only_error(氏名=" ").code == "required"
    assert only_error(世代="").code == "required"
    assert only_error(世代="先生").value == "先生"
    assert only_error(ふりがな="田中 あおい").code == "kana"


def test_an_availability_that_cannot_be_read_names_the_part():
    error = only_error(空き時間="月 19:00-21:00; 火 25:00-26:00")

    assert (error.line, error.column, error.code) == (2, "空き時間", "availability")
    assert error.detail == {"part": "25:00-26:00", "fault": "impossible"}


@pytest.mark.parametrize("typed", ["0", "21", "たくさん", "1.5"])
def test_facilitators_take_on_one_to_twenty_cohorts(typed):
    content = csv_bytes(("メール", "氏名", "Cohorts"), (TAKESHI[0], TAKESHI[1], typed))
    with pytest.raises(RosterRefused) as refused:
        read_facilitators(content=content, filename="a.csv")
    assert [error.code for error in refused.value.errors] == ["max_cohorts"]
