"""Availability is read as people mean it, printed so that it can be read again, and never guessed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogue.core.roster.availability import print_windows, read_days, read_hours, read_slot, read_windows
from dialogue.core.roster.availability_tokens import UnreadableAvailability, normalised
from dialogue.core.roster.clock_words import AvailabilityFault as Fault
from dialogue.core.roster.dialect import USUAL, Dialect, for_busy_hours
from dialogue.core.week import WeeklyWindow, merged
from tests.thoroughness import examples


def windows(*named: tuple[str, str, str]) -> tuple[WeeklyWindow, ...]:
    def minutes(clock: str) -> int:
        hours, rest = clock.split(":")
        return int(hours) * 60 + int(rest)

    return tuple(
        sorted(
            WeeklyWindow("月火水木金土日".index(day), minutes(starts), minutes(ends))
            for days, starts, ends in named
            for day in days
        )
    )


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        (
            "月 19:00-21:00, 21:30-23:00; 土 10:00-12:00",
            [("月", "19:00", "21:00"), ("月", "21:30", "23:00"), ("土", "10:00", "12:00")],
        ),
        ("Mon 7pm-9pm; Sat 10:00-12:00", [("月", "19:00", "21:00"), ("土", "10:00", "12:00")]),
        ("月曜 19時〜21時半", [("月", "19:00", "21:30")]),
        ("月曜日は19時30分から21時まで", [("月", "19:30", "21:00")]),
        ("月　１９：００～２１：００", [("月", "19:00", "21:00")]),
        ("月: 19:00-21:00", [("月", "19:00", "21:00")]),
        ("（月） 19:00 – 21:00", [("月", "19:00", "21:00")]),
        ("㈪ 19:00−21:00", [("月", "19:00", "21:00")]),
        ("月・水 19:00-21:00", [("月水", "19:00", "21:00")]),
        ("月、水 19:00-21:00、土 10:00-12:00", [("月水", "19:00", "21:00"), ("土", "10:00", "12:00")]),
        ("月水金 19-21時", [("月水金", "19:00", "21:00")]),
        ("月〜金 19:00-21:00", [("月火水木金", "19:00", "21:00")]),
        ("月曜から金曜 19:00-21:00", [("月火水木金", "19:00", "21:00")]),
        ("金〜月 10:00-12:00", [("金土日月", "10:00", "12:00")]),
        ("Mon-Fri 19:00-21:00", [("月火水木金", "19:00", "21:00")]),
        ("Tuesday and Thursday from 19:00 to 21:00", [("火木", "19:00", "21:00")]),
        ("weekdays 7:30pm-9:00pm", [("月火水木金", "19:30", "21:00")]),
        ("every day 8 p.m. - 10 p.m.", [("月火水木金土日", "20:00", "22:00")]),
        ("平日 19:00-22:00", [("月火水木金", "19:00", "22:00")]),
        ("土日 10:00-12:00", [("土日", "10:00", "12:00")]),
        ("週末 10:00-12:00 14:00-16:00", [("土日", "10:00", "12:00"), ("土日", "14:00", "16:00")]),
        ("月 19時以降", [("月", "19:00", "23:00")]),
        ("月 19:00〜", [("月", "19:00", "23:00")]),
        ("Mon after 7pm", [("月", "19:00", "23:00")]),
        ("土 12時まで", [("土", "08:00", "12:00")]),
        ("土 〜12:00", [("土", "08:00", "12:00")]),
        ("土 終日", [("土", "08:00", "22:00")]),
        ("Sat all day", [("土", "08:00", "22:00")]),
        ("月 22:00-25:00", [("月", "22:00", "25:00")]),
        ("月 22:00-1:00", [("月", "22:00", "25:00")]),
        ("月 22:00-0:00", [("月", "22:00", "24:00")]),
        ("月 22時〜翌1時", [("月", "22:00", "25:00")]),
        ("月 午後11時〜1時", [("月", "23:00", "25:00")]),
        ("月 午後7時〜9時", [("月", "19:00", "21:00")]),
        ("月 夜7時〜9時半", [("月", "19:00", "21:30")]),
        ("土 朝9時〜12時", [("土", "09:00", "12:00")]),
        ("Mon 7-9pm", [("月", "19:00", "21:00")]),
        ("Mon 9-5pm", [("月", "09:00", "17:00")]),
        ("Sat 10am-12pm", [("土", "10:00", "12:00")]),
        ("Sat noon-14:00", [("土", "12:00", "14:00")]),
        ("月 19-21", [("月", "19:00", "21:00")]),
        ("月 1900-2100", [("月", "19:00", "21:00")]),
        ("月 19:00-21:00\n火 20:00-22:00", [("月", "19:00", "21:00"), ("火", "20:00", "22:00")]),
        ("月 19:00-20:00, 20:00-21:00", [("月", "19:00", "21:00")]),
        ("平日19時以降", [("月火水木金", "19:00", "23:00")]),
        ("土日終日", [("土日", "08:00", "22:00")]),
        ("火・木の夜", [("火木", "19:00", "22:00")]),
        ("平日夜、土 10:00-12:00", [("月火水木金", "19:00", "22:00"), ("土", "10:00", "12:00")]),
        ("weekday evenings", [("月火水木金", "19:00", "22:00")]),
        ("金 22時〜25時", [("金", "22:00", "25:00")]),
        ("金 22時から25時まで可", [("金", "22:00", "25:00")]),
        ("土 昼12時〜14時", [("土", "12:00", "14:00")]),
        ("", []),
        ("なし", []),
        ("未定", []),
        ("－", []),
    ],
)
def test_availability_is_read_as_people_mean_it(text, meant):
    assert read_windows(text) == windows(*meant)


@pytest.mark.parametrize(
    ("text", "part", "fault"),
    [
        ("月 19:00-21:00; 7pm-9pm", "7pm-9pm", Fault.NO_DAY),
        ("19:00-21:00", "19:00-21:00", Fault.NO_DAY),
        ("月・火", "月・火", Fault.NO_TIME),
        ("月 19:00", "19:00", Fault.NO_TIME),
        ("月 19:00-", "19:00-", Fault.NO_TIME),
        ("月; 火 19:00-21:00", "月", Fault.NO_TIME),
        ("月 19:00-19:00", "19:00-19:00", Fault.BACKWARDS),
        ("月 19:00-18:00", "19:00-18:00", Fault.BACKWARDS),
        ("月 9:00-8:00", "9:00-8:00", Fault.BACKWARDS),
        ("月 99:00-100:00", "100:00", Fault.UNREADABLE),
        ("月 99:00-99:30", "99:00-99:30", Fault.IMPOSSIBLE),
        ("月 25:00-26:00", "25:00-26:00", Fault.IMPOSSIBLE),
        ("月 24:00-25:00", "24:00-25:00", Fault.IMPOSSIBLE),
        ("月 22:00-30:00", "22:00-30:00", Fault.IMPOSSIBLE),
        ("月 19:60-21:00", "19:60-21:00", Fault.IMPOSSIBLE),
        ("月 13pm-14pm, 午前13時〜14時", "午前13時〜14時", Fault.IMPOSSIBLE),
        ("月 7-9", "7-9", Fault.UNCLEAR),
        ("月 7:00-9pm", "7:00-9pm", Fault.UNCLEAR),
        ("月 午前10時〜1時", "午前10時〜1時", Fault.UNCLEAR),
        ("月 午後12時〜1時", "午後12時〜1時", Fault.UNCLEAR),
        ("月 7以降", "7以降", Fault.UNCLEAR),
        ("月 23:30以降", "23:30以降", Fault.UNCLEAR),
        ("月〜月 19:00-21:00", "月〜月 19:00-21:00", Fault.UNCLEAR),
        ("土日祝 10:00-12:00", "祝 10:00-12:00", Fault.UNREADABLE),
        ("月曜以外 19:00-21:00", "以外 19:00-21:00", Fault.UNREADABLE),
        ("隔週月曜 19:00-21:00", "隔週月曜 19:00-21:00", Fault.NOT_EVERY_WEEK),
        ("第2月曜 19:00-21:00", "第2月曜 19:00-21:00", Fault.NOT_EVERY_WEEK),
        ("月 19:00-21:00; 第２・第４土曜の夜", "第2・第4土曜の夜", Fault.NOT_EVERY_WEEK),
        ("第2・4土曜", "第2・4土曜", Fault.NOT_EVERY_WEEK),
        ("毎月第1・3日曜日 10:00-12:00", "毎月第1・3日曜日 10:00-12:00", Fault.NOT_EVERY_WEEK),
        ("2nd and 4th Saturday 10am-12pm", "2nd and 4th Saturday 10am-12pm", Fault.NOT_EVERY_WEEK),
        ("every other Monday 19:00-21:00", "every other Monday 19:00-21:00", Fault.NOT_EVERY_WEEK),
        ("月 不可", "不可", Fault.UNREADABLE),
        ("月 19:00頃-21:00", "頃-21:00", Fault.UNREADABLE),
        ("月 午後", "午後", Fault.HOURS_UNSAID),
        ("Mon mornings", "mornings", Fault.HOURS_UNSAID),
        ("火・木の夜と土日", "土日", Fault.NO_TIME),
        ("12月1日 19:00-21:00", "12月1日 19:00-21:00", Fault.NO_DAY),
        ("いつでも", "いつでも", Fault.UNREADABLE),
        ("Mon 19:00-21:00 PST", "PST", Fault.UNREADABLE),
    ],
)
def test_what_could_not_be_read_is_named_and_never_guessed(text, part, fault):
    with pytest.raises(UnreadableAvailability) as refused:
        read_windows(text)

    assert (refused.value.part, refused.value.fault) == (part, fault)


def test_days_with_the_same_times_are_printed_together():
    read = read_windows("月・水 19:00-21:00, 21:30-23:00; 土 10:00-12:00; 日 22:00-25:00")

    assert print_windows(read) == "月・水 19:00〜21:00、21:30〜23:00; 土 10:00〜12:00; 日 22:00〜翌01:00"
    assert print_windows(read, "en") == "Mon/Wed 19:00-21:00, 21:30-23:00; Sat 10:00-12:00; Sun 22:00-next day 01:00"


WINDOWS = st.builds(
    lambda day, starts, minutes: WeeklyWindow(day, starts, starts + minutes),
    st.integers(0, 6),
    st.integers(0, 1439),
    st.integers(1, 1440),
)


@settings(deadline=None)
@given(st.lists(WINDOWS, max_size=12), st.sampled_from(["ja", "en"]))
def test_printed_windows_read_back_as_the_same_windows(some, language):
    assert read_windows(print_windows(some, language)) == merged(some)


PIECES = st.sampled_from(
    [
        *("月", "火曜日", "土日", "平日", "毎日", "Mon", "weekdays", "・", "、", "; ", "\n", " ", "　", "の", "19:00"),
        *("１９時半", "7pm", "9", "25:00", "正午", "-", "〜", "から", "まで", "以降", "前", "夜", "午後", "朝", "終日"),
        *("all day", "第2・4", "隔週", "翌", "可", "不可", "なし", "1限", "(", ")", "99:00", "evenings", "12/1(火)"),
        *("12時", "\u202e", "頃"),
    ]
)
TEXTS = st.one_of(st.lists(PIECES, max_size=10).map("".join), st.text(max_size=30))
DIALECTS = st.sampled_from(
    [
        USUAL,
        for_busy_hours(USUAL),
        Dialect(clock=24),
        Dialect(clock=12, lasts=90),
        Dialect(words=(("1限", (540, 630)), ("夜", (1080, 1440)), ("午後", (780, 1020)))),
    ]
)


def read_or_refused(read):
    try:
        return read()
    except UnreadableAvailability as refused:
        return refused


@settings(deadline=None, max_examples=examples(600))
@given(TEXTS, st.sampled_from(["ja", "en"]), DIALECTS)
def test_what_is_accepted_reads_back_alike_and_what_is_refused_names_its_part(text, language, dialect):
    outcome = read_or_refused(lambda: read_windows(text, dialect))

    if isinstance(outcome, UnreadableAvailability):
        assert outcome.part
        assert outcome.part in normalised(text)
        assert outcome.instead == merged(outcome.instead)
    else:
        assert outcome == merged(outcome)
        assert read_windows(print_windows(outcome, language)) == outcome


@settings(deadline=None)
@given(TEXTS, DIALECTS)
def test_cells_below_a_day_or_hours_are_read_or_refused_with_their_part(text, dialect):
    for read in (lambda: read_hours(text, dialect), lambda: read_days(text), lambda: read_slot(text, dialect)):
        outcome = read_or_refused(read)
        assert not isinstance(outcome, UnreadableAvailability) or outcome.part in normalised(text)


def test_what_is_not_every_week_comes_with_the_weekly_times_beside_it():
    with pytest.raises(UnreadableAvailability) as refused:
        read_windows("第2・4土曜 10:00-12:00; 月 19:00-21:00")

    assert refused.value.instead == windows(("土", "10:00", "12:00"))


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("19:00-20:00, 20:00-21:00", [(1140, 1200), (1200, 1260)]),
        ("9-17、18:30-20", [(540, 1020), (1110, 1200)]),
        ("夜、終日", [(1140, 1320), (480, 1320)]),
        ("夜（19:00〜21:00）", [(1140, 1260)]),
        ("午後（13:00〜17:00）", [(780, 1020)]),
        ("7:00 PM to 9:00 PM", [(1140, 1260)]),
        ("なし", []),
    ],
)
def test_hours_of_a_known_day_are_read(text, hours):
    assert read_hours(text, Dialect(clock=24)) == tuple(hours)


def test_seven_to_nine_is_unclear_until_a_form_says_which_clock_it_uses():
    with pytest.raises(UnreadableAvailability):
        read_hours("7-9")
    with pytest.raises(UnreadableAvailability):
        read_hours("7:00-9:00", Dialect(clock=12))

    assert read_hours("7-9", Dialect(clock=24)) == ((420, 540),)
    assert read_hours("7:00-9:00pm", Dialect(clock=12)) == ((1140, 1260),)


def test_open_ends_of_busy_hours_leave_no_minute_free():
    assert read_windows("月 終日", for_busy_hours(USUAL)) == (WeeklyWindow(0, 0, 1440),)
    assert read_windows("月 19時以降", for_busy_hours(USUAL)) == (WeeklyWindow(0, 1140, 1440),)
