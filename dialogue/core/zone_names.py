"""Time zones in words: 「日本時間」, 「ニューヨーク時間」, "Tokyo time", and the UTC offset where no city is known."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

# Only zones that Japanese readers know by a usual name; any other is written by its offset.
_NAMES_JA: Final[Mapping[str, str]] = MappingProxyType(
    {
        "Africa/Cairo": "カイロ時間",
        "Africa/Johannesburg": "ヨハネスブルグ時間",
        "Africa/Lagos": "ラゴス時間",
        "Africa/Nairobi": "ナイロビ時間",
        "America/Argentina/Buenos_Aires": "ブエノスアイレス時間",
        "America/Bogota": "ボゴタ時間",
        "America/Chicago": "シカゴ時間",
        "America/Denver": "デンバー時間",
        "America/Lima": "リマ時間",
        "America/Los_Angeles": "ロサンゼルス時間",
        "America/Mexico_City": "メキシコシティ時間",
        "America/New_York": "ニューヨーク時間",
        "America/Sao_Paulo": "サンパウロ時間",
        "America/Toronto": "トロント時間",
        "America/Vancouver": "バンクーバー時間",
        "Asia/Bangkok": "バンコク時間",
        "Asia/Dhaka": "ダッカ時間",
        "Asia/Dubai": "ドバイ時間",
        "Asia/Ho_Chi_Minh": "ホーチミン時間",
        "Asia/Hong_Kong": "香港時間",
        "Asia/Jakarta": "ジャカルタ時間",
        "Asia/Kathmandu": "カトマンズ時間",
        "Asia/Kolkata": "インド時間",
        "Asia/Kuala_Lumpur": "クアラルンプール時間",
        "Asia/Manila": "マニラ時間",
        "Asia/Seoul": "韓国時間",
        "Asia/Shanghai": "中国時間",
        "Asia/Singapore": "シンガポール時間",
        "Asia/Taipei": "台湾時間",
        "Asia/Tokyo": "日本時間",
        "Asia/Yangon": "ヤンゴン時間",
        "Australia/Brisbane": "ブリスベン時間",
        "Australia/Melbourne": "メルボルン時間",
        "Australia/Perth": "パース時間",
        "Australia/Sydney": "シドニー時間",
        "Europe/Amsterdam": "アムステルダム時間",
        "Europe/Berlin": "ベルリン時間",
        "Europe/Istanbul": "イスタンブール時間",
        "Europe/London": "ロンドン時間",
        "Europe/Madrid": "マドリード時間",
        "Europe/Paris": "パリ時間",
        "Europe/Rome": "ローマ時間",
        "Europe/Stockholm": "ストックホルム時間",
        "Europe/Vienna": "ウィーン時間",
        "Europe/Zurich": "チューリッヒ時間",
        "Pacific/Auckland": "オークランド時間",
        "Pacific/Honolulu": "ホノルル時間",
    }
)
# Keys of the IANA database that name an alias or a bare offset instead of a place.
_WITHOUT_PLACE: Final = ("Etc", "UTC", "GMT", "UCT", "Zulu", "Universal", "Greenwich")
_SAME_PLACE: Final[Mapping[str, str]] = MappingProxyType({"Japan": "Asia/Tokyo", "Asia/Calcutta": "Asia/Kolkata"})


def zone_name(*, zone: ZoneInfo, language: str, at: datetime | None = None) -> str:
    """Return the zone in words: 「日本時間」, 「ニューヨーク時間」 or "Tokyo time".

    Where the language has no usual name for the place, the offset from UTC at the moment `at` stands for it
    (「UTC+5:45」); without a moment, the key of the zone does.
    """
    key = _key(zone)
    if language.split("-")[0].lower() == "ja":
        return _NAMES_JA.get(key) or (offset_name(zone=zone, at=at) if at else key)
    place = zone_place(zone=zone, at=at)
    return place if key.split("/")[0] in _WITHOUT_PLACE or "/" not in key else f"{place} time"


def zone_place(*, zone: ZoneInfo, at: datetime | None = None) -> str:
    """Return the English place of a zone, "New York".

    A zone without a place is written by its offset at the moment, or by its key where no moment is given.
    """
    key = _key(zone)
    if key.split("/")[0] in _WITHOUT_PLACE or "/" not in key:
        return offset_name(zone=zone, at=at) if at else key
    return key.rsplit("/", 1)[-1].replace("_", " ")


def offset_name(*, zone: ZoneInfo, at: datetime) -> str:
    """Return how far clocks in the zone are from UTC at a moment: "UTC+9", "UTC−3:30", "UTC"."""
    offset = at.astimezone(zone).utcoffset() or timedelta()
    if not offset:
        return "UTC"
    hours, minutes = divmod(abs(offset) // timedelta(minutes=1), 60)
    return f"UTC{'+' if offset > timedelta() else '−'}{hours}{f':{minutes:02}' if minutes else ''}"


def _key(zone: ZoneInfo) -> str:
    return _SAME_PLACE.get(zone.key, zone.key)
