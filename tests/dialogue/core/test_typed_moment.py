"""A day and a time as people type them."""

from datetime import date

import pytest

from dialogue.core.typed_moment import read_clock, read_day

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    "text",
    [
        "2026-12-08", "2026/12/8", "2026.12.8", "２０２６／１２／０８", "2026年12月8日", "2026年12月8日(火)",
        "令和8年12月8日", "R8.12.8", "12/8", "１２月８日", " 12月8日（火） ",
    ],
)  # fmt: skip
def test_day_is_read_in_every_usual_spelling(text: str) -> None:
    assert read_day(text, today=TODAY) == date(2026, 12, 8)


def test_day_without_a_year_is_the_next_such_day() -> None:
    assert read_day("11/24", today=TODAY) == TODAY
    assert read_day("11/23", today=TODAY) == date(2027, 11, 23)
    assert read_day("2/29", today=TODAY) == date(2028, 2, 29)


@pytest.mark.parametrize("text", ["", "火曜", "2026-13-01", "2026-02-30", "2/30", "26/12/8", "8", "12-", "1" * 5000])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        read_day(text, today=TODAY)


@pytest.mark.parametrize(
    "text",
    [
        "19:30",
        "１９：３０",
        "19時30分",
        "19時半",
        "1930",
        "7:30pm",
        "7:30 PM",
        "午後7時半",
        "午後７：３０",
        "夜7時30分",
    ],
)
def test_time_is_read_in_every_usual_spelling(text: str) -> None:
    assert read_clock(text) == 19 * 60 + 30


@pytest.mark.parametrize(
    ("text", "minute"), [("7pm", 1140), ("7am", 420), ("12am", 0), ("12pm", 720), ("0:00", 0), ("19時", 1140)]
)
def test_time_of_a_whole_hour_is_read(text: str, minute: int) -> None:
    assert read_clock(text) == minute


@pytest.mark.parametrize(
    "text", ["", "7", "19", "25:00", "19:60", "午後12時", "午後13時", "午前7時pm", "soon", "1:2:3"]
)
def test_time_that_says_nothing_or_two_things_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        read_clock(text)
