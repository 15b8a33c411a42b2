"""Days, times and names are worded once, the same for pages, mails and calendars."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.core.recurrence import Cadence
from dialogue.core.week import WeeklyWindow
from dialogue.core.wording import (
    format_ahead,
    format_clock,
    format_date,
    format_moment,
    format_name,
    format_span,
    format_weekly,
    same_clock,
    utc_stamp,
)
from dialogue.core.zone_names import offset_name, zone_name, zone_place

TOKYO = ZoneInfo("Asia/Tokyo")
NEW_YORK = ZoneInfo("America/New_York")
FIRST = datetime(2026, 12, 1, 10, 0, tzinfo=UTC)
MINUTES_90 = timedelta(minutes=90)

SIX_ZONES = [
    ("Asia/Tokyo", "12月1日(火) 19:00〜20:30 日本時間", "Tue 1 December, 19:00–20:30 (Tokyo)"),
    ("America/New_York", "12月1日(火) 5:00〜6:30 ニューヨーク時間", "Tue 1 December, 05:00–06:30 (New York)"),
    ("Europe/London", "12月1日(火) 10:00〜11:30 ロンドン時間", "Tue 1 December, 10:00–11:30 (London)"),
    ("Asia/Kathmandu", "12月1日(火) 15:45〜17:15 カトマンズ時間", "Tue 1 December, 15:45–17:15 (Kathmandu)"),
    (
        "Pacific/Auckland",
        "12月1日(火) 23:00〜12月2日(水) 0:30 オークランド時間",
        "Tue 1 December, 23:00 – Wed 2 December, 00:30 (Auckland)",
    ),
    ("Pacific/Marquesas", "12月1日(火) 0:30〜2:00 UTC−9:30", "Tue 1 December, 00:30–02:00 (Marquesas)"),
]


@pytest.mark.parametrize(("zone", "japanese", "english"), SIX_ZONES)
def test_one_session_is_worded_by_the_clock_of_each_zone(zone: str, japanese: str, english: str) -> None:
    def words(language: str) -> str:
        return format_span(
            starts_at=FIRST, ends_at=FIRST + MINUTES_90, zone=ZoneInfo(zone), language=language, show_zone=True
        )

    assert words("ja") == japanese
    assert words("en") == english


def test_zone_is_left_out_unless_asked_for() -> None:
    assert format_moment(at=FIRST, zone=TOKYO, language="ja") == "12月1日(火) 19:00"
    assert format_moment(at=FIRST, zone=TOKYO, language="ja", show_zone=True) == "12月1日(火) 19:00 日本時間"
    assert format_moment(at=FIRST, zone=TOKYO, language="en", year=True) == "Tue 1 December 2026, 19:00"


@pytest.mark.parametrize(
    ("utc_hour", "japanese", "english"),
    [
        (5, "11月1日(日) 1:00 ニューヨーク時間(UTC−4)", "Sun 1 November, 01:00 (New York, UTC−4)"),
        (6, "11月1日(日) 1:00 ニューヨーク時間(UTC−5)", "Sun 1 November, 01:00 (New York, UTC−5)"),
        (7, "11月1日(日) 2:00", "Sun 1 November, 02:00"),
    ],
)
def test_hour_that_a_clock_change_repeats_is_told_apart_by_its_offset(
    utc_hour: int, japanese: str, english: str
) -> None:
    at = datetime(2026, 11, 1, utc_hour, tzinfo=UTC)

    assert format_moment(at=at, zone=NEW_YORK, language="ja") == japanese
    assert format_moment(at=at, zone=NEW_YORK, language="en") == english


def test_clock_change_in_march_skips_an_hour_within_a_span() -> None:
    starts_at = datetime(2026, 3, 8, 6, 30, tzinfo=UTC)

    words = format_span(starts_at=starts_at, ends_at=starts_at + MINUTES_90, zone=NEW_YORK, language="ja")

    assert words == "3月8日(日) 1:30〜4:00"


def test_span_over_a_clock_change_names_both_offsets() -> None:
    starts_at = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)

    words = format_span(starts_at=starts_at, ends_at=starts_at + timedelta(hours=1), zone=NEW_YORK, language="en")

    assert words == "Sun 1 November, 01:30–01:30 (New York, UTC−4 to UTC−5)"


def test_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="has no zone"):
        format_moment(at=FIRST.replace(tzinfo=None), zone=TOKYO, language="ja")


def test_span_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="before it starts"):
        format_span(starts_at=FIRST, ends_at=FIRST - MINUTES_90, zone=TOKYO, language="ja")


def test_date_names_its_weekday_and_the_year_when_asked() -> None:
    day = date(2027, 1, 9)

    assert format_date(day=day, language="ja") == "1月9日(土)"
    assert format_date(day=day, language="ja", year=True) == "2027年1月9日(土)"
    assert format_date(day=day, language="en-gb", year=True) == "Sat 9 January 2027"


@given(st.dates())
def test_weekday_is_always_there(day: date) -> None:
    assert format_date(day=day, language="ja").endswith(f"({'月火水木金土日'[day.weekday()]})")
    assert format_date(day=day, language="en")[:3] in {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}


@pytest.mark.parametrize(
    ("window", "japanese", "english"),
    [
        (WeeklyWindow(1, 1170, 1260), "毎週火曜 19:30〜21:00", "Tuesdays 19:30–21:00"),
        (WeeklyWindow(5, 540, 600), "毎週土曜 9:00〜10:00", "Saturdays 09:00–10:00"),
        (WeeklyWindow(6, 1380, 1440), "毎週日曜 23:00〜24:00", "Sundays 23:00–24:00"),
        (WeeklyWindow(0, 1380, 1500), "毎週月曜 23:00〜翌1:00", "Mondays 23:00–01:00 the next day"),
    ],
)
def test_weekly_window_is_worded_by_wall_clock(window: WeeklyWindow, japanese: str, english: str) -> None:
    assert format_weekly(window=window, language="ja") == japanese
    assert format_weekly(window=window, language="en") == english


def test_weekly_window_names_its_zone_when_asked_and_refuses_without_one() -> None:
    window = WeeklyWindow(1, 1170, 1260)

    assert format_weekly(window=window, language="ja", zone=TOKYO, show_zone=True) == "毎週火曜 19:30〜21:00 日本時間"
    assert format_weekly(window=window, language="en", zone=TOKYO, show_zone=True) == "Tuesdays 19:30–21:00 (Tokyo)"
    with pytest.raises(ValueError, match="zone"):
        format_weekly(window=window, language="ja", show_zone=True)


@pytest.mark.parametrize(
    ("every", "japanese", "english"),
    [
        (Cadence.WEEKLY, "毎週火曜 19:30〜21:00", "Tuesdays 19:30–21:00"),
        (Cadence.FORTNIGHTLY, "隔週火曜 19:30〜21:00", "Every other Tuesday 19:30–21:00"),
        (Cadence.MONTHLY, "月1回・火曜 19:30〜21:00", "One Tuesday a month 19:30–21:00"),
    ],
)
def test_a_window_is_named_by_its_terms_rhythm(every, japanese, english):
    window = WeeklyWindow(1, 19 * 60 + 30, 21 * 60)

    assert format_weekly(window=window, language="ja", every=every) == japanese
    assert format_weekly(window=window, language="en", every=every) == english


def test_inside_a_sentence_only_a_weekday_has_a_capital():
    window = WeeklyWindow(1, 19 * 60 + 30, 21 * 60)

    def inside(every: Cadence, language: str = "en") -> str:
        return format_weekly(window=window, language=language, every=every, inside=True)

    assert inside(Cadence.WEEKLY) == "Tuesdays 19:30–21:00"
    assert inside(Cadence.FORTNIGHTLY) == "every other Tuesday 19:30–21:00"
    assert inside(Cadence.MONTHLY) == "one Tuesday a month 19:30–21:00"
    assert inside(Cadence.FORTNIGHTLY, "ja") == "隔週火曜 19:30〜21:00"


def test_clock_has_24_hours() -> None:
    assert format_clock(minute=0, language="ja") == "0:00"
    assert format_clock(minute=545, language="ja") == "9:05"
    assert format_clock(minute=545, language="en") == "09:05"
    assert format_clock(minute=1500, language="ja") == "1:00"


@pytest.mark.parametrize(
    ("name", "japanese"),
    [("あおい", "あおいさん"), ("Minh", "Minhさん"), ("けんちゃん", "けんちゃん"), ("田中さん", "田中さん"), ("", "")],
)
def test_person_is_called_as_they_wish_with_san_in_japanese_only(name: str, japanese: str) -> None:
    assert format_name(name=name, language="ja") == japanese
    assert format_name(name=name, language="en") == name


def test_same_clock_compares_what_clocks_show_at_that_moment() -> None:
    seoul, london, lisbon = ZoneInfo("Asia/Seoul"), ZoneInfo("Europe/London"), ZoneInfo("UTC")

    assert same_clock(at=FIRST, one=TOKYO, other=seoul)
    assert same_clock(at=FIRST, one=london, other=lisbon)
    assert not same_clock(at=FIRST + timedelta(days=180), one=london, other=lisbon)


def test_machine_reads_utc_to_the_second() -> None:
    assert utc_stamp(at=FIRST.astimezone(NEW_YORK)) == "2026-12-01T10:00:00Z"


@pytest.mark.parametrize(
    ("key", "japanese", "english"),
    [
        ("Asia/Tokyo", "日本時間", "Tokyo time"),
        ("Japan", "日本時間", "Tokyo time"),
        ("America/New_York", "ニューヨーク時間", "New York time"),
        ("America/Argentina/Ushuaia", "UTC−3", "Ushuaia time"),
        ("Etc/GMT+5", "UTC−5", "UTC−5"),
        ("UTC", "UTC", "UTC"),
    ],
)
def test_zone_is_named_by_its_place_or_its_offset(key: str, japanese: str, english: str) -> None:
    zone = ZoneInfo(key)

    assert zone_name(zone=zone, language="ja", at=FIRST) == japanese
    assert zone_name(zone=zone, language="en", at=FIRST) == english


def test_zone_without_a_name_or_a_moment_is_named_by_its_key() -> None:
    assert zone_name(zone=ZoneInfo("Pacific/Marquesas"), language="ja") == "Pacific/Marquesas"
    assert zone_place(zone=ZoneInfo("Etc/GMT+5")) == "Etc/GMT+5"
    assert offset_name(zone=ZoneInfo("Asia/Kathmandu"), at=FIRST) == "UTC+5:45"


@pytest.mark.parametrize(
    ("ahead", "japanese", "english"),
    [
        (timedelta(hours=72), "3日", "3 days"),
        (timedelta(hours=71, minutes=58), "3日", "3 days"),
        (timedelta(hours=36), "36時間", "36 hours"),
        (timedelta(hours=24), "24時間", "24 hours"),
        (timedelta(minutes=60), "1時間", "1 hour"),
        (timedelta(minutes=59), "1時間", "1 hour"),
        (timedelta(minutes=38), "40分", "40 minutes"),
        (timedelta(minutes=1), "5分", "5 minutes"),
    ],
)
def test_how_long_there_is_to_go_is_said_as_people_say_it(ahead, japanese, english):
    assert format_ahead(ahead=ahead, language="ja") == japanese
    assert format_ahead(ahead=ahead, language="en") == english
