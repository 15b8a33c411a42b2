"""Whether a place lies where somebody means it to: a part of its name, a whole prefecture, or a region such as 九州."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from dialogue.core.text import narrow, visible

_NAMES: Final = """
北海道 青森県 岩手県 宮城県 秋田県 山形県 福島県 茨城県 栃木県 群馬県 埼玉県 千葉県
東京都 神奈川県 新潟県 富山県 石川県 福井県 山梨県 長野県 岐阜県 静岡県 愛知県 三重県
滋賀県 京都府 大阪府 兵庫県 奈良県 和歌山県 鳥取県 島根県 岡山県 広島県 山口県 徳島県
香川県 愛媛県 高知県 福岡県 佐賀県 長崎県 熊本県 大分県 宮崎県 鹿児島県 沖縄県
"""
_IN_LATIN: Final = """
hokkaido aomori iwate miyagi akita yamagata fukushima ibaraki tochigi gunma saitama chiba
tokyo kanagawa niigata toyama ishikawa fukui yamanashi nagano gifu shizuoka aichi mie
shiga kyoto osaka hyogo nara wakayama tottori shimane okayama hiroshima yamaguchi tokushima
kagawa ehime kochi fukuoka saga nagasaki kumamoto oita miyazaki kagoshima okinawa
"""
PREFECTURES: Final = tuple(_NAMES.split())
_LATIN: Final = dict(zip(_IN_LATIN.split(), PREFECTURES, strict=True))
_SHORT: Final = {name if name == "北海道" else name[:-1]: name for name in PREFECTURES}

_HOKURIKU: Final = ("富山県", "石川県", "福井県")
_KOSHINETSU: Final = ("新潟県", "山梨県", "長野県")
_TOKAI: Final = ("岐阜県", "静岡県", "愛知県", "三重県")
_KANSAI: Final = ("滋賀県", "京都府", "大阪府", "兵庫県", "奈良県", "和歌山県")
_KYUSHU: Final = ("福岡県", "佐賀県", "長崎県", "熊本県", "大分県", "宮崎県", "鹿児島県")
REGIONS: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    ("東北", "tohoku"): ("青森県", "岩手県", "宮城県", "秋田県", "山形県", "福島県"),
    ("関東", "kanto"): ("茨城県", "栃木県", "群馬県", "埼玉県", "千葉県", "東京都", "神奈川県"),
    ("中部", "chubu"): (*_HOKURIKU, *_KOSHINETSU, "岐阜県", "静岡県", "愛知県"),
    ("北陸", "hokuriku"): _HOKURIKU,
    ("甲信越", "koshinetsu"): _KOSHINETSU,
    ("東海", "tokai"): _TOKAI,
    ("近畿", "kinki"): ("三重県", *_KANSAI),
    ("関西", "kansai"): _KANSAI,
    ("中国", "chugoku"): ("鳥取県", "島根県", "岡山県", "広島県", "山口県"),
    ("四国", "shikoku"): ("徳島県", "香川県", "愛媛県", "高知県"),
    ("九州", "kyushu"): _KYUSHU,
    ("九州・沖縄", "kyushu and okinawa"): (*_KYUSHU, "沖縄県"),
}
"""The prefectures of a region, by its Japanese name and the one in Latin letters. 三重 lies in two: 東海 and 近畿."""

_BY_NAME: Final = {name: frozenset(some) for names, some in REGIONS.items() for name in names}
_WHOLE: Final = re.compile("|".join(PREFECTURES))
# A ward may have the name of a prefecture far away: 大阪市福島区.
_PART: Final = re.compile(rf"({'|'.join(_SHORT)})(?!区)|\b({'|'.join(_LATIN)})\b")


def lies_in(place: str, wanted: str) -> bool:
    """Return whether `wanted` is a part of the name of `place`, whatever the width and case of its letters.

    Where `wanted` is a prefecture, with or without 都, 府 or 県 or in Latin letters, the names of others are no part of
    it: 京都 does not find 東京都. Where it is one of `REGIONS`, with or without 地方 or "region", it finds the places
    that name one of its prefectures, and of those that name none, the ones with its own name in theirs.
    """
    name, part = _plain(place), _plain(wanted)
    region = part.removesuffix("地方").removesuffix(" region")
    if region in _BY_NAME:
        named = _prefectures_in(name)
        return bool(named & _BY_NAME[region]) if named else region in name
    if prefecture := _prefecture(part):
        short = next(key for key, whole in _SHORT.items() if whole == prefecture)
        others_left_out = _WHOLE.sub(lambda found: found[0] if found[0] == prefecture else " ", name)
        return (part if part in PREFECTURES else short) in others_left_out or part in others_left_out
    return part in name


def _prefecture(part: str) -> str:
    """Return the prefecture that a name means, or nothing."""
    return part if part in PREFECTURES else _SHORT.get(part) or _LATIN.get(part) or ""


def _prefectures_in(name: str) -> frozenset[str]:
    """Return the prefectures that a place names: those with 都, 道, 府 or 県, or else those without."""
    if whole := _WHOLE.findall(name):
        return frozenset(whole)
    return frozenset(_SHORT.get(short) or _LATIN[latin] for short, latin in _PART.findall(name))


def _plain(text: str) -> str:
    """Return a text in one width and case, without the marks of long vowels: Kyūshū is kyushu."""
    split = unicodedata.normalize("NFD", narrow(visible(text)).casefold())
    return unicodedata.normalize("NFC", re.sub("[\u0302\u0304]", "", split))
