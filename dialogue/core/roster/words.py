"""The closed vocabularies of a roster: what people write for a generation, an answer, a language, a place."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from dialogue.core.generation import Generation
from dialogue.core.text import for_comparing


def _words(table: Mapping[str, str]) -> Mapping[str, str]:
    """Return each spelling, as compared, with what it means."""
    return MappingProxyType(
        {for_comparing(spelling): meaning for meaning, spellings in table.items() for spelling in spellings.split()}
    )


NOTHING: Final = frozenset(
    _words({"nothing": "- ー – — ― なし 無し 無 とくになし 特になし ありません 未定 none n/a nil"})
)
GENERATION_WORDS: Final = _words(
    {
        Generation.STUDENT: "学生 大学生 大学院生 院生 短大生 専門学校生 専門学生 高専生 高校生 高等学校生 "
        "中高生 学部生 生徒 "
        "若者 若手 ユース student students undergraduate graduatestudent universitystudent collegestudent "
        "highschoolstudent highschool youth",
        Generation.ALUMNI: "セカンドキャリア セカンドキャリア世代 社会人 卒業生 校友 シニア 会社員 OB OG "
        "OB・OG OB/OG OBOG "
        "OB会 同窓生 alumni alumnus alumna alum graduate graduates secondcareer second-career "
        "secondcareeralumni senior "
        "professional",
    }
)
AT_SCHOOL: Final = frozenset(_words({"school": "高校生 高等学校生 中高生 生徒 highschoolstudent highschool"}))
YES_NO_WORDS: Final = _words(
    {
        "yes": "はい 該当する 該当 そうです yes y true 1 ○ ◯ 〇 ✓ ✔",
        "no": "いいえ 該当しない ちがいます 違います no n false 0 × ✕ ✗ "
        "わからない 分からない わかりません 分かりません 不明 未確認 未回答 unsure notsure unknown ? ？ △",
    }
)
CHOSEN_SIGNS: Final = frozenset(_words({"chosen": "○ ◯ 〇 ✓ ✔ ☑ レ はい 興味あり yes true x"}))
NOT_CHOSEN_SIGNS: Final = frozenset(_words({"not": "× ✕ ✗ ✖ ☓ いいえ 興味なし no false"}))
# What people answer to a time that is offered: ○ △ × and their relatives.
SLOT_ANSWERS: Final = _words(
    {
        "yes": "○ ◯ 〇 ◎ ✓ ✔ ☑ レ はい 可 可能 参加 参加可 参加できる 行ける yes true ok available",
        "maybe": "△ ▲ 未定 調整可 maybe ifneedbe if-need-be tentative",
        "no": "× ✕ ✗ ✖ ☓ 不可 不参加 参加不可 いいえ no false ng unavailable - ー − ―",
    }
)
LANGUAGE_WORDS: Final = _words(
    {
        "ja": "ja jp jpn 日本語 日 にほんご japanese",
        "en": "en eng 英語 英 えいご english",
        "ja en": "日英 日英両方 両方 どちらでも どちらも both jaen",
        "zh": "zh 中国語 chinese",
        "ko": "ko 韓国語 korean",
        "vi": "vi ベトナム語 vietnamese",
        "th": "th タイ語 thai",
        "id": "インドネシア語 indonesian",
        "ne": "ne ネパール語 nepali",
        "my": "ミャンマー語 ビルマ語 burmese",
        "pt": "pt ポルトガル語 portuguese",
        "es": "es スペイン語 spanish",
        "fr": "fr フランス語 french",
        "de": "de ドイツ語 german",
        "ru": "ru ロシア語 russian",
    }
)
ZONE_WORDS: Final = _words(
    {
        "Asia/Tokyo": "日本 日本時間 日本標準時 東京 jst tokyo japan",
        "Asia/Seoul": "韓国 ソウル seoul korea kst",
        "Asia/Taipei": "台湾 台北 taipei taiwan",
        "Asia/Singapore": "シンガポール singapore",
        "Asia/Bangkok": "タイ バンコク bangkok thailand",
        "Asia/Ho_Chi_Minh": "ベトナム ハノイ ホーチミン vietnam hanoi",
        "Europe/London": "英国 イギリス ロンドン london uk",
        "Europe/Paris": "フランス パリ paris france",
        "Europe/Berlin": "ドイツ ベルリン berlin germany",
        "America/New_York": "ニューヨーク newyork",
        "America/Los_Angeles": "ロサンゼルス losangeles",
        "America/Vancouver": "バンクーバー vancouver",
        "Australia/Sydney": "シドニー sydney",
        "Pacific/Honolulu": "ハワイ ホノルル hawaii honolulu",
        "UTC": "utc 協定世界時",
    }
)
