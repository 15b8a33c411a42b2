"""Text from people is stored in one shape, and nothing visible is lost."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogue.core.text import for_comparing, hiragana, narrow, person_name, short, visible


@pytest.mark.parametrize(
    "name",
    ["髙橋", "山﨑", "𠮷田", "阿弖流為", "長谷川", "Nguyễn", "Sukarno", "佐々木",
     "〆木", "関ヶ原", "葛\U000e0100城", "O'Brien", "👩‍🌾", "กมล", "محمد"],
)  # fmt: skip
def test_a_name_stays_as_it_was_written(name):
    assert person_name(name) == name


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("田中　葵", "田中 葵"),
        ("  田中 \t 葵 ", "田中 葵"),
        ("田中様", "田中"),
        ("田中さん", "田中"),
        ("田中 太郎 殿", "田中 太郎"),
        ("鵜殿", "鵜殿"),
        ("様", "様"),
        ("ﾀﾅｶ ｼﾞﾛｳ", "タナカ ジロウ"),
        ("Ｍａｒｉａ", "Maria"),
        ("か\u3099く", "がく"),
        ("葵\u202e\u200b\x00", "葵"),
        ("あ\u2028い", "あ い"),
        ("\u200b\u200d\u3164\u2800\u00ad", ""),
        ("\u200d葵\u200d", "葵"),
    ],
)
def test_a_name_is_stored_visible_and_in_one_width(typed, stored):
    assert person_name(typed) == stored


def test_kana_of_either_kind_and_width_are_stored_as_hiragana():
    assert hiragana("ﾀﾅｶ") == hiragana("タナカ") == hiragana("たなか") == "たなか"
    assert hiragana("ヴァイオリン・ヽヾー") == "ゔぁいおりん・ゝゞー"


def test_words_compare_without_width_case_kana_and_spaces():
    assert for_comparing("Ｅ-Ｍａｉｌ") == for_comparing("e-mail")
    assert for_comparing("フリ ガナ") == for_comparing("ふりがな")


def test_narrow_makes_ascii_of_full_width_digits():
    assert narrow("１９：００～２１：００") == "19:00~21:00"


def test_a_quoted_text_is_short_and_visible_even_when_the_cell_is_a_megabyte():
    assert short("あ" * 1_000_000) == "あ" * 59 + "…"
    assert short("a\u202eb\x07c\nd") == "abc d"


@settings(deadline=None)
@given(st.text())
def test_visible_text_has_nothing_hidden_and_stays_when_read_again(text):
    shown = visible(text)

    assert visible(shown) == shown
    assert not {unicodedata.category(char) for char in shown.replace("\u200d", "").replace("\u200c", "")} & {
        "Cc",
        "Cf",
        "Cs",
        "Zl",
        "Zp",
    }


@settings(deadline=None)
@given(st.text(alphabet=st.characters(max_codepoint=0x30FF)))
def test_a_stored_name_is_in_nfc_and_has_no_outer_spaces(text):
    name = person_name(text)

    assert name == name.strip() == unicodedata.normalize("NFC", name)
