"""What every calendar gets: one event, one reader, moments in UTC, lines that no client breaks on."""

import random
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from dialogue.core.text import visible
from sessions.calendar import CalendarEntry, Mailbox, Role, cancel, feed, request
from tests.sessions import icalendar_writer
from tests.thoroughness import examples

MADE = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
OFFICE = Mailbox("円居事務局", "madoi@example.org")
AOI = Mailbox("あおい", "aoi@example.org")
PAGE = "https://madoi.example.org/s/7/"
ENTRY = CalendarEntry(
    uid="5f6a7b8c-7b10-4e2a-9d4e-0190f5c27b10@madoi.example.org",
    sequence=0,
    starts_at=datetime(2026, 12, 1, 10, 0, tzinfo=UTC),
    ends_at=datetime(2026, 12, 1, 11, 30, tzinfo=UTC),
    summary="対話 第1回",
    description="12月1日(火) 19:00〜20:30 日本時間\n2026-12-01 10:00 UTC",
    location=PAGE,
    url=PAGE,
    conference_url=PAGE,
    status="CONFIRMED",
    created_at=MADE,
    changed_at=MADE,
    alarm_minutes=15,
)
CANCELLED = replace(ENTRY, status="CANCELLED", sequence=1, changed_at=MADE + timedelta(days=1))

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=80)
HOSTILE = [
    'Aoi"\r\nATTENDEE:mailto:sam@example.net',
    "Aoi\nX-EVIL:1",
    "Aoi\u2028X-EVIL:1",
    "Aoi\x85X-EVIL:1",
    "Aoi\x0bX-EVIL:1\x1cX-EVIL:2",
    "Aoi\x00\x1b[31m\x7f",
    "Aoi\u202egpj.exe",
    "Aoi\udcff",
    "\ufeffAoi",
]
ADDRESSES = st.sampled_from(["aoi@example.org", "a..b@docomo.ne.jp", "x/y?z=%41@example.org", "ab.@ezweb.ne.jp"])


def entry_of(*, text: str, begins: int, minutes: int, sequence: int, alarm: int | None) -> CalendarEntry:
    """An entry from few drawn values, so that a thousand of them stay quick."""
    starts_at = MADE + timedelta(minutes=begins)
    return replace(
        ENTRY,
        sequence=sequence,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        summary=text,
        description=text[::-1] + "\n" + text,
        location=text[len(text) // 2 :],
        conference_url=PAGE if minutes % 2 else None,
        status="CONFIRMED" if sequence % 2 else "TENTATIVE",
        alarm_minutes=alarm,
    )


ENTRIES = st.builds(
    entry_of,
    text=ANY_TEXT,
    begins=st.integers(0, 5_000_000),
    minutes=st.integers(1, 1440),
    sequence=st.integers(0, 2**31 - 1),
    alarm=st.none() | st.integers(0, 10080),
)


def content_lines(raw: bytes) -> list[str]:
    return re.sub(rb"\r\n[ \t]", b"", raw).decode().split("\r\n")[:-1]


def values_of(raw: bytes, name: str) -> list[str]:
    return [line.partition(":")[2] for line in content_lines(raw) if re.match(rf"{name}[;:]", line)]


def unescaped(value: str) -> str:
    return re.sub(r"\\(.)", lambda pair: "\n" if pair[1] in "nN" else pair[1], value)


def event_of(raw: bytes):
    [event] = Calendar.from_ical(raw).events
    return event


def assert_sound(raw: bytes) -> None:
    """What no calendar object of ours may ever break (RFC 5545 section 3.1)."""
    assert raw.startswith(b"BEGIN:VCALENDAR\r\n")
    assert raw.endswith(b"END:VCALENDAR\r\n")
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", raw), "every line ends with CRLF"
    for line in raw.split(b"\r\n"):
        assert len(line) <= 75
        assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", line.decode()), (
            "whole characters, no control among them"
        )
    assert not re.search(rb"TZID|VTIMEZONE|RRULE|DURATION:P(?!T4H)", raw)
    assert len(values_of(raw, "VERSION")) == len(values_of(raw, "PRODID")) == 1


@pytest.mark.parametrize("starts_at", [ENTRY.starts_at, ENTRY.starts_at.astimezone(ZoneInfo("America/New_York"))])
def test_an_invitation_is_these_bytes_and_no_others(starts_at):
    entry = replace(ENTRY, starts_at=starts_at, description="火曜; 19:00, 日本時間\n2行目", conference_url=None)

    assert request(entry, OFFICE, AOI).decode().split("\r\n") == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Madoi//Dialogue sessions//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:REQUEST",
        "BEGIN:VEVENT",
        "SUMMARY:対話 第1回",
        "DTSTART:20261201T100000Z",
        "DTEND:20261201T113000Z",
        "DTSTAMP:20261120T030000Z",
        "UID:5f6a7b8c-7b10-4e2a-9d4e-0190f5c27b10@madoi.example.org",
        "SEQUENCE:0",
        "ATTENDEE;CN=あおい;CUTYPE=INDIVIDUAL;PARTSTAT=NEEDS-ACTION;ROLE=REQ-PAR",
        " TICIPANT;RSVP=TRUE:mailto:aoi@example.org",
        "CLASS:PRIVATE",
        "CREATED:20261120T030000Z",
        r"DESCRIPTION:火曜\; 19:00\, 日本時間\n2行目",
        "LAST-MODIFIED:20261120T030000Z",
        "LOCATION:https://madoi.example.org/s/7/",
        "ORGANIZER;CN=円居事務局:mailto:madoi@example.org",
        "STATUS:CONFIRMED",
        "TRANSP:OPAQUE",
        "URL:https://madoi.example.org/s/7/",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "DESCRIPTION:対話 第1回",
        "TRIGGER:-PT15M",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


@settings(max_examples=examples(60), deadline=None)
@given(entry=ENTRIES, name=ANY_TEXT, address=ADDRESSES, role=st.sampled_from(Role))
def test_whatever_people_type_comes_back_as_they_typed_it(entry, name, address, role):
    assert_comes_back(entry, name, address, role)


def test_entries_of_awkward_text_come_back_as_typed():
    dice = random.Random(7)
    awkward = [
        *"\\;,:\"'^nN=%<> \t\n\r\x00\x0b\x85\u2028\u202e\ufeff’対話が🎌👨",
        "か\u3099",
        "👨‍👩‍👧",
        "\\N",
        "\r\nX-EVIL:1",
    ]

    for number in range(250):
        text, name = ("".join(dice.choices(awkward, k=dice.randrange(90))) for _ in range(2))
        entry = entry_of(
            text=text, begins=number * 977, minutes=1 + number, sequence=number, alarm=dice.choice([None, 0, 15])
        )
        assert_comes_back(entry, name, dice.choice(["aoi@example.org", "a..b@docomo.ne.jp"]), dice.choice(list(Role)))


def assert_comes_back(entry: CalendarEntry, name: str, address: str, role: Role) -> None:
    raw = request(entry, OFFICE, Mailbox(name, address), role)
    event = event_of(raw)

    assert_sound(raw)
    assert (event["uid"], event["sequence"]) == (entry.uid, entry.sequence)
    assert (event.start, event.end) == (entry.starts_at, entry.ends_at)
    for name_of, typed in (
        ("SUMMARY", entry.summary),
        ("LOCATION", entry.location),
        ("DESCRIPTION", entry.description),
    ):
        lines = typed.splitlines() if name_of == "DESCRIPTION" else [typed]
        assert unescaped(values_of(raw, name_of)[0]) == "\n".join(visible(line) for line in lines)
    assert event["attendee"].params["CN"] == (visible(name).replace("\\", "＼") or address)
    assert event["attendee"].params["ROLE"] == role
    assert len(values_of(raw, "ATTENDEE")) == len(values_of(raw, "ORGANIZER")) == 1
    assert len(event.alarms.times) == (entry.alarm_minutes is not None)


@settings(max_examples=examples(60), deadline=None)
@given(
    entry=ENTRIES,
    name=st.text(st.characters(exclude_characters="\\^")),  # where the library folds inside an escape
    role=st.sampled_from(Role),
)
def test_our_lines_are_those_that_the_library_writes(entry, name, role):
    entry = replace(entry, summary=name, description=f"{name}\n{name}", location=name)
    who = Mailbox(name, AOI.address)

    assert request(entry, OFFICE, who, role) == icalendar_writer.request(entry, OFFICE, who, role)
    assert cancel(entry, OFFICE, who, role) == icalendar_writer.cancel(entry, OFFICE, who, role)
    assert feed([entry, CANCELLED], name) == icalendar_writer.feed([entry, CANCELLED], name)


@settings(max_examples=examples(30), deadline=None)
@given(drawn=st.lists(ENTRIES, max_size=4), name=ANY_TEXT)
def test_a_feed_of_whatever_people_type_is_sound(drawn, name):
    entries = [
        replace(entry, uid=f"{number:08}-7b10-4e2a-9d4e-0190f5c27b10@madoi.example.org")
        for number, entry in enumerate(drawn)
    ]

    raw = feed(entries, name)

    assert_sound(raw)
    assert [event["uid"] for event in Calendar.from_ical(raw).events] == [entry.uid for entry in entries]
    assert values_of(raw, "METHOD") == values_of(raw, "ATTENDEE") == values_of(raw, "ORGANIZER") == []


def test_the_same_entry_gives_the_same_bytes():
    assert request(ENTRY, OFFICE, AOI) == request(replace(ENTRY), OFFICE, AOI)
    assert cancel(CANCELLED, OFFICE, AOI) == cancel(replace(CANCELLED), OFFICE, AOI)
    assert feed([ENTRY, CANCELLED], "予定") == feed([replace(ENTRY), replace(CANCELLED)], "予定")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_can_add_nothing_to_an_invitation(name):
    raw = request(replace(ENTRY, summary=name, location=name, description=name), Mailbox(name, OFFICE.address), AOI)

    assert_sound(raw)
    assert len(content_lines(raw)) == len(content_lines(request(ENTRY, OFFICE, AOI)))
    assert not any(line.startswith("X-EVIL") for line in content_lines(raw))


@pytest.mark.parametrize(
    ("name", "parameter"),
    [
        ("山田, 花子", 'CN="山田, 花子"'),
        ("Aoi: x; y", 'CN="Aoi: x; y"'),
        ('Aoi "A" ^', "CN=\"Aoi ^'A^' ^^\""),
        ("Aoi \\", 'CN="Aoi ＼";'),
        ("", "CN=aoi@example.org"),
    ],
)
def test_a_name_with_signs_is_quoted_as_calendars_read_it(name, parameter):
    raw = request(ENTRY, OFFICE, Mailbox(name, AOI.address))

    [attendee] = [line for line in content_lines(raw) if line.startswith("ATTENDEE")]
    assert parameter in attendee


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("a..b@docomo.ne.jp", "mailto:a..b@docomo.ne.jp"),
        ("ab.@ezweb.ne.jp", "mailto:ab.@ezweb.ne.jp"),
        ("x/y+z=q&r@docomo.ne.jp", "mailto:x/y+z=q&r@docomo.ne.jp"),
        ("50%?#@example.org", "mailto:50%25%3F%23@example.org"),
    ],
)
def test_every_address_that_mail_reaches_is_invited(address, link):
    assert values_of(request(ENTRY, OFFICE, Mailbox("あおい", address)), "ATTENDEE") == [link]


@pytest.mark.parametrize(
    "address",
    [
        "",
        "aoi",
        "aoi@",
        "@example.org",
        "aoi@example.org\r\nX:1",
        "aoi@example.org\n",
        "a oi@example.org",
        "aoi@exam ple.org",
        "aoi,sam@example.org",
        "aoi@example.org,sam@example.org",
        "<aoi@example.org>",
        '"aoi"@example.org',
        "aoi@例.jp",
        "あおい@example.org",
        "aoi@@example.org",
        "a" * 65 + "@example.org",
        "aoi@" + "a" * 251,
    ],
)
def test_an_address_that_could_carry_more_than_itself_is_refused(address):
    with pytest.raises(ValueError, match="no address"):
        Mailbox("あおい", address)


def test_the_facilitator_chairs_their_own_copy_and_organises_none():
    raw = request(ENTRY, OFFICE, AOI, Role.FACILITATOR)

    [attendee] = [line for line in content_lines(raw) if line.startswith("ATTENDEE")]
    assert "ROLE=CHAIR" in attendee
    assert values_of(raw, "ORGANIZER") == ["mailto:madoi@example.org"]


def test_a_held_date_is_tentative():
    assert values_of(request(replace(ENTRY, status="TENTATIVE"), OFFICE, AOI), "STATUS") == ["TENTATIVE"]


def test_a_cancelled_session_invites_nobody():
    with pytest.raises(ValueError, match="cancelled"):
        request(CANCELLED, OFFICE, AOI)


@pytest.mark.parametrize("entry", [CANCELLED, replace(ENTRY, sequence=1)])
def test_a_cancel_takes_the_session_out_of_one_calendar_even_when_it_goes_on_for_others(entry):
    raw = cancel(entry, OFFICE, AOI)

    assert_sound(raw)
    assert values_of(raw, "METHOD") == ["CANCEL"]
    assert values_of(raw, "STATUS") == ["CANCELLED"]
    assert values_of(raw, "UID") == [ENTRY.uid]
    assert values_of(raw, "SEQUENCE") == ["1"]
    assert values_of(raw, "ATTENDEE") == ["mailto:aoi@example.org"]
    assert values_of(raw, "ORGANIZER") == ["mailto:madoi@example.org"]
    assert b"VALARM" not in raw


def test_a_feed_names_itself_and_asks_to_be_read_again():
    raw = feed([ENTRY], "対話の予定", refresh=timedelta(hours=6))

    assert values_of(raw, "NAME") == values_of(raw, "X-WR-CALNAME") == ["対話の予定"]
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT6H" in content_lines(raw)
    assert values_of(raw, "X-PUBLISHED-TTL") == ["PT6H"]


def test_a_feed_names_no_person():
    raw = feed([ENTRY, CANCELLED], "対話の予定")

    addresses = re.findall(r"[\w.+-]+@[\w.-]+", "\n".join(content_lines(raw)))
    assert set(addresses) == {ENTRY.uid}, "a UID has the form of an address and is none"


def test_a_cancelled_session_stays_in_the_feed_without_its_alarm():
    raw = feed([CANCELLED], "対話の予定")

    assert values_of(raw, "STATUS") == ["CANCELLED"]
    assert values_of(raw, "TRANSP") == ["TRANSPARENT"]
    assert b"VALARM" not in raw


def test_the_feed_mail_and_cancel_of_a_session_share_one_uid():
    objects = [request(ENTRY, OFFICE, AOI), cancel(CANCELLED, OFFICE, AOI), feed([ENTRY], "予定")]

    assert {uid for raw in objects for uid in values_of(raw, "UID")} == {ENTRY.uid}


def test_the_link_is_where_each_client_looks_for_it():
    raw = request(ENTRY, OFFICE, AOI)

    assert values_of(raw, "LOCATION") == values_of(raw, "URL") == [PAGE]
    assert "CONFERENCE;FEATURE=AUDIO,VIDEO;LABEL=対話 第1回;VALUE=URI:" + PAGE in content_lines(raw)


def test_a_page_without_https_is_not_given_to_calendars_as_a_link():
    raw = request(replace(ENTRY, url="http://localhost:8000/s/7/", conference_url=None), OFFICE, AOI)

    assert values_of(raw, "URL") == []


def test_no_alarm_is_set_unless_asked_for():
    assert b"VALARM" not in request(replace(ENTRY, alarm_minutes=None), OFFICE, AOI)


NAIVE = datetime(2026, 12, 1)  # noqa: DTZ001


@pytest.mark.parametrize(
    "bad",
    [
        {"starts_at": NAIVE},
        {"ends_at": NAIVE},
        {"created_at": NAIVE},
        {"changed_at": NAIVE},
        {"ends_at": ENTRY.starts_at},
        {"sequence": -1},
        {"sequence": 2**31},
        {"status": "POSTPONED"},
        {"alarm_minutes": -1},
        {"uid": "short"},
        {"uid": "with space@madoi.example.org"},
        {"uid": "line\r\nend@madoi.example.org"},
        {"url": "javascript:alert(1)"},
        {"url": "https://madoi.example.org/\r\nX:1"},
        {"conference_url": "https://madoi.example.org/対話"},
        {"conference_url": "room 7"},
    ],
)
def test_what_a_calendar_would_misread_is_refused(bad):
    with pytest.raises(ValueError, match=r"\w"):
        replace(ENTRY, **bad)
