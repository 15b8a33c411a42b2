"""Every zone there is: what people are shown is what is stored, and a weekly hour stays their hour."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from dialogue.core.recurrence import starts_in_zone
from dialogue.core.wording import format_moment, format_span
from sessions.calendar import feed
from tests.sessions.calendar_clients import entries_of
from tests.sessions.test_calendar import ENTRY

ZONES = sorted(zone for zone in available_timezones() if zone not in ("localtime", "posixrules"))
INSTANTS = [
    datetime(2027, month, day, hour, 15, tzinfo=UTC) for month in range(1, 13) for day, hour in ((14, 1), (28, 13))
]
"""Twenty-four over a year: both sides of every clock change, both sides of the date line."""

LATE_INSTANTS = [datetime(2028, 2, 29, 15, 30, tzinfo=UTC), datetime(2038, 1, 19, 3, 14, tzinfo=UTC)]


def test_every_zone_of_the_iana_database_is_judged():
    """598 with tzdata 2026f; a database may drop or gain some."""
    assert len(ZONES) >= 590
    assert len(INSTANTS) == 24


def test_what_is_shown_is_what_is_stored():
    for zone in ZONES:
        for at in (*INSTANTS, *LATE_INSTANTS):
            assert_shown_as_stored(at, ZoneInfo(zone))


def assert_shown_as_stored(at: datetime, here: ZoneInfo) -> None:
    local = at.astimezone(here)
    for language, clock in (("ja", f"{local.hour}:{local.minute:02}"), ("en", f"{local:%H:%M}")):
        shown = format_moment(at=at, zone=here, language=language, year=True)
        day = (
            f"{local.year}年{local.month}月{local.day}日"
            if language == "ja"
            else f"{local.day} {local:%B} {local.year}"
        )
        assert day in shown, (here, at, shown)
        assert re.search(rf"(?<![0-9:]){clock}(?![0-9:])", shown), (here, at, shown)


def test_a_weekly_series_keeps_its_hour_on_the_wall():
    for zone in ZONES:
        assert_hour_kept(zone)


def assert_hour_kept(zone: str) -> None:
    here = ZoneInfo(zone)
    dates = [date(2027, 1, 5) + timedelta(weeks=week) for week in range(52)]
    for start, day in zip(starts_in_zone(dates=dates, minute=19 * 60 + 30, zone=zone), dates, strict=True):
        local = start.astimezone(here)
        if _is_skipped(day, here):
            continue  # 2027 has no zone that leaves out such an evening; a later one may
        assert (local.date(), local.hour, local.minute) == (day, 19, 30), zone
        shown = format_span(starts_at=start, ends_at=start + timedelta(minutes=90), zone=here, language="ja")
        assert f"{day.month}月{day.day}日" in shown, (zone, shown)
        assert "19:30" in shown, (zone, shown)


def test_a_calendar_reads_back_every_instant_as_it_is_stored():
    for at in (*INSTANTS, *LATE_INSTANTS):
        [entry] = entries_of(feed([_entry_at(at)], "x"))
        assert (entry.starts_at, entry.ends_at) == (at, at + timedelta(minutes=90))


def _is_skipped(day: date, zone: ZoneInfo) -> bool:
    wall = datetime.combine(day, time(19, 30), zone)
    return wall.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != wall.replace(tzinfo=None)


def _entry_at(at: datetime):
    return replace(ENTRY, starts_at=at, ends_at=at + timedelta(minutes=90))
