"""Days, times and names in words: the one place where pages, mails and calendars get them from.

Japanese: 「12月1日(火) 19:00〜20:30」. English: "Tue 1 December, 19:00–20:30". The weekday is always there, the clock
has 24 hours, and nothing is called "today" or "tomorrow", which are wrong by the time a mail is read.
Any language but Japanese is written in English.
"""

from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from dialogue.core.recurrence import Cadence
from dialogue.core.week import MINUTES_IN_DAY, WeeklyWindow
from dialogue.core.zone_names import offset_name, zone_name, zone_place

JAPANESE: Final = "ja"
_WEEKDAYS_JA: Final = "月火水木金土日"
_WEEKDAYS_EN: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_WEEKDAYS_EN_WHOLE: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_RHYTHMS_JA: Final = {Cadence.WEEKLY: "毎週", Cadence.FORTNIGHTLY: "隔週", Cadence.MONTHLY: "月1回・"}
_RHYTHMS_EN: Final = {
    Cadence.WEEKLY: "{day}s",
    Cadence.FORTNIGHTLY: "Every other {day}",
    Cadence.MONTHLY: "One {day} a month",
}
_MONTHS_EN: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_HONORIFICS: Final = ("さん", "ちゃん", "くん", "君", "様", "さま")


def format_date(*, day: date, language: str, year: bool = False) -> str:
    """Return the day with its weekday: 「12月1日(火)」 or "Tue 1 December"; with `year` also the year (西暦)."""
    if _is_japanese(language):
        written = f"{day.month}月{day.day}日({_WEEKDAYS_JA[day.weekday()]})"
        return f"{day.year}年{written}" if year else written
    written = f"{_WEEKDAYS_EN[day.weekday()]} {day.day} {_MONTHS_EN[day.month - 1]}"
    return f"{written} {day.year}" if year else written


def format_clock(*, minute: int, language: str) -> str:
    """Return the minutes after a midnight as a clock shows them: 「9:05」 or "09:05"; 1500 is 1:00 of the next day."""
    hours, minutes = divmod(minute % MINUTES_IN_DAY, 60)
    return f"{hours}:{minutes:02}" if _is_japanese(language) else f"{hours:02}:{minutes:02}"


def format_moment(*, at: datetime, zone: ZoneInfo, language: str, show_zone: bool = False, year: bool = False) -> str:
    """Return a moment as a clock in `zone` shows it, with its day: 「12月1日(火) 19:00」.

    The zone is named when asked, and unasked in the hour that a clock change repeats, there with its offset.

    Raises:
        ValueError: `at` has no zone of its own.
    """
    local = _local(at, zone)
    day = format_date(day=local.date(), language=language, year=year)
    return _with_zone(f"{day}{_gap(language)}{_clock(local, language)}", (local,), zone, language, show_zone)


def format_span(
    *,
    starts_at: datetime,
    ends_at: datetime,
    zone: ZoneInfo,
    language: str,
    show_zone: bool = False,
    year: bool = False,
) -> str:
    """Return from when to when: 「12月1日(火) 19:00〜20:30」; a span over midnight names both days.

    The zone is named as `format_moment` does.

    Raises:
        ValueError: a moment has no zone of its own, or the end lies before the start.
    """
    if ends_at < starts_at:
        raise ValueError(f"the span ends at {ends_at}, before it starts at {starts_at}")
    first, last = _local(starts_at, zone), _local(ends_at, zone)
    written = f"{format_date(day=first.date(), language=language, year=year)}{_gap(language)}{_clock(first, language)}"
    end = _clock(last, language)
    dash = "〜" if _is_japanese(language) else "–"
    if last.date() != first.date():
        end = f"{format_date(day=last.date(), language=language, year=year)}{_gap(language)}{end}"
        dash = "〜" if _is_japanese(language) else " – "
    return _with_zone(f"{written}{dash}{end}", (first, last), zone, language, show_zone)


def format_weekly(
    *,
    window: WeeklyWindow,
    language: str,
    zone: ZoneInfo | None = None,
    show_zone: bool = False,
    every: Cadence = Cadence.WEEKLY,
    inside: bool = False,
) -> str:
    """Return a window that comes back: 「毎週火曜 19:30〜21:00」 or "Tuesdays 19:30–21:00".

    `every` is the rhythm: 「隔週火曜 …」 for every other week; `inside` a sentence it has no capital. An end
    in the next day is written 「翌1:00」 or "01:00 the next day". The zone is named when asked for; its
    offset is left out where it changes with the season, because a wall-clock window keeps its hour.

    Raises:
        ValueError: `show_zone` is asked without a zone.
    """
    if show_zone and zone is None:
        raise ValueError("a weekly window can only show its zone when it is given one")
    starts = format_clock(minute=window.starts, language=language)
    ends = "24:00" if window.ends == MINUTES_IN_DAY else format_clock(minute=window.ends, language=language)
    into_next_day = window.ends > MINUTES_IN_DAY
    if _is_japanese(language):
        day = f"{_RHYTHMS_JA[every]}{_WEEKDAYS_JA[window.weekday]}曜"
        written = f"{day} {starts}〜{'翌' if into_next_day else ''}{ends}"
        return f"{written} {zone_name(zone=zone, language=language)}" if show_zone and zone else written
    day = _RHYTHMS_EN[every].format(day=_WEEKDAYS_EN_WHOLE[window.weekday])
    if inside and every != Cadence.WEEKLY:  # a weekday keeps its capital
        day = f"{day[0].lower()}{day[1:]}"
    written = f"{day} {starts}–{ends}{' the next day' if into_next_day else ''}"
    return f"{written} ({zone_place(zone=zone)})" if show_zone and zone else written


def format_name(*, name: str, language: str) -> str:
    """Return how a person is spoken of: the name they go by with さん in Japanese, plain in English.

    A name that already ends in an honorific is left as its owner wrote it.
    """
    if not _is_japanese(language) or name.endswith(_HONORIFICS) or not name:
        return name
    return f"{name}さん"


def format_ahead(*, ahead: timedelta, language: str) -> str:
    """Return how long it is until then: 「3日」, 「24時間」, 「40分」 or "3 days", "24 hours", "40 minutes".

    Days are told from two on, minutes below an hour. Minutes come in fives, and five at least: a mail is read a little
    after it was written.
    """
    minutes = max(5, 5 * round(ahead / timedelta(minutes=5)))
    if minutes < 55:
        return f"{minutes}分" if _is_japanese(language) else f"{minutes} minutes"
    hours = round(minutes / 60)
    if hours < 48:
        return f"{hours}時間" if _is_japanese(language) else f"{hours} hour{'s' * (hours > 1)}"
    days = round(hours / 24)
    return f"{days}日" if _is_japanese(language) else f"{days} days"


def same_clock(*, at: datetime, one: ZoneInfo, other: ZoneInfo) -> bool:
    """Return whether clocks in both zones show the same time at this moment."""
    return at.astimezone(one).utcoffset() == at.astimezone(other).utcoffset()


def utc_stamp(*, at: datetime) -> str:
    """Return the moment for a machine, in UTC to the second: "2026-12-01T10:00:00Z".

    Raises:
        ValueError: `at` has no zone of its own.
    """
    return _local(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _is_japanese(language: str) -> bool:
    return language.split("-")[0].lower() == JAPANESE


def _gap(language: str) -> str:
    return " " if _is_japanese(language) else ", "


def _local(at: datetime, zone: tzinfo) -> datetime:
    if at.utcoffset() is None:
        raise ValueError(f"{at} has no zone, so nobody can tell which moment it is")
    return at.astimezone(zone)


def _clock(local: datetime, language: str) -> str:
    return format_clock(minute=local.hour * 60 + local.minute, language=language)


def _happens_twice(local: datetime) -> bool:
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


def _with_zone(written: str, locals_: tuple[datetime, ...], zone: ZoneInfo, language: str, show_zone: bool) -> str:
    """Add the zone's name when asked for, and its offsets where a clock change makes an hour happen twice."""
    if any(_happens_twice(local) for local in locals_):
        offsets = "〜".join(dict.fromkeys(offset_name(zone=zone, at=local) for local in locals_))
        if _is_japanese(language):
            return f"{written} {zone_name(zone=zone, language=language, at=locals_[0])}({offsets})"
        return f"{written} ({zone_place(zone=zone, at=locals_[0])}, {offsets.replace('〜', ' to ')})"
    if not show_zone:
        return written
    if _is_japanese(language):
        return f"{written} {zone_name(zone=zone, language=language, at=locals_[0])}"
    return f"{written} ({zone_place(zone=zone, at=locals_[0])})"
