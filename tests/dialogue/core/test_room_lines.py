"""Video links as a coordinator lists them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.core.room_lines import Room, read_room, rooms_of, too_short

URL = "https://meet.example.com/a"


@pytest.mark.parametrize(
    ("line", "minutes", "name"),
    [
        (URL, None, ""),
        (f"{URL} 40分", 40, ""),
        (f"{URL}　４０分　会議室Ａ", 40, "会議室Ａ"),
        (f"{URL} 40min A", 40, "A"),
        (f"{URL} 会議室 A", None, "会議室 A"),
        (f"  {URL}   60 minutes", None, "60 minutes"),
    ],
)
def test_a_line_holds_a_link_its_limit_and_its_name(line, minutes, name):
    assert read_room(line) == Room(url=URL, minutes=minutes, name=name)


@pytest.mark.parametrize("line", [f"{URL} 0分", f"{URL} 1441分", f"{URL} {'あ' * 61}"])
def test_what_no_link_can_mean_is_refused(line):
    with pytest.raises(ValueError, match="link"):
        read_room(line)


@given(minutes=st.none() | st.integers(1, 1440), name=st.sampled_from(["", "会議室A", "Room 2"]))
def test_a_line_that_was_written_is_read_back_the_same(minutes, name):
    room = Room(url=URL, minutes=minutes, name=name)

    assert read_room(room.line) == room
    assert rooms_of([URL], {URL: room.note}) == [room]


def test_a_link_is_too_short_when_a_session_would_outlast_it():
    rooms = [Room(url="a", minutes=89), Room(url="b", minutes=90), Room(url="c")]

    assert too_short(rooms, minutes=90) == rooms[:1]
