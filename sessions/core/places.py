"""Whether a place lies where somebody means it to: a part of its name, or a whole prefecture."""

from typing import Final

from dialogue.core.text import narrow, visible

_NAMES: Final = """
北海道 青森県 岩手県 宮城県 秋田県 山形県 福島県 茨城県 栃木県 群馬県 埼玉県 千葉県
東京都 神奈川県 新潟県 富山県 石川県 福井県 山梨県 長野県 岐阜県 静岡県 愛知県 三重県
滋賀県 京都府 大阪府 兵庫県 奈良県 和歌山県 鳥取県 島根県 岡山県 広島県 山口県 徳島県
香川県 愛媛県 高知県 福岡県 佐賀県 長崎県 熊本県 大分県 宮崎県 鹿児島県 沖縄県
"""
PREFECTURES: Final = tuple(_NAMES.split())


def lies_in(place: str, wanted: str) -> bool:
    """Return whether `wanted` is a part of the name of `place`, whatever the width and case of its letters.

    Where `wanted` is a prefecture, with or without 都, 府 or 県, the names of others are no part of it: 京都 does not
    find 東京都.
    """
    name, part = _plain(place), _plain(wanted)
    if part in PREFECTURES or any(part == one[:-1] for one in PREFECTURES):
        for other in PREFECTURES:
            if part in other and not other.startswith(part):
                name = name.replace(other, " ")
    return part in name


def _plain(text: str) -> str:
    return narrow(visible(text)).casefold()
