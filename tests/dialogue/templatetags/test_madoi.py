"""The words of templates: times for the reader in front of the page, and blocks that hold other content."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.utils import timezone, translation

from dialogue.core.week import WeeklyWindow

STARTS_AT = datetime(2026, 12, 1, 10, 0, tzinfo=UTC)


def written(source: str, *, language: str = "ja", reader_zone: str = "Asia/Tokyo", **context: Any) -> str:
    with translation.override(language), timezone.override(ZoneInfo(reader_zone)):
        return Template("{% load madoi %}" + source).render(
            Context({"starts_at": STARTS_AT, "ends_at": STARTS_AT + timedelta(minutes=90), **context})
        )


def test_when_shows_one_time_while_both_clocks_agree() -> None:
    for zone in ("Asia/Tokyo", "Asia/Seoul"):
        assert written("{% when starts_at ends_at %}", reader_zone=zone) == (
            '<time datetime="2026-12-01T10:00:00Z">12月1日(火) 19:00〜20:30</time>'
        )


def test_when_shows_the_readers_time_first_and_the_programmes_beside_it() -> None:
    assert written("{% when starts_at ends_at %}", reader_zone="America/New_York") == (
        '<time datetime="2026-12-01T10:00:00Z">12月1日(火) 5:00〜6:30 ニューヨーク時間</time>'
        ' <span class="when__other">'
        '<time datetime="2026-12-01T10:00:00Z">12月1日(火) 19:00〜20:30 日本時間</time></span>'
    )


def test_when_takes_the_zone_of_the_programme_by_name() -> None:
    words = written("{% when starts_at zone='Europe/London' %}", reader_zone="Europe/London", language="en")

    assert words == '<time datetime="2026-12-01T10:00:00Z">Tue 1 December, 10:00</time>'


def test_when_names_the_zone_when_asked() -> None:
    assert "日本時間" in written("{% when starts_at show_zone=True %}")


def test_when_keeps_english_clock_times_on_one_line() -> None:
    assert written("{% when starts_at ends_at %}", language="en") == (
        '<time datetime="2026-12-01T10:00:00Z">Tue 1 December, <span class="nowrap">19:00–20:30</span></time>'
    )


def test_on_day_and_weekly_use_the_same_words() -> None:
    assert written("{% on_day day %}", day=date(2026, 12, 1)) == '<time datetime="2026-12-01">12月1日(火)</time>'
    assert written("{% weekly window %}", window=WeeklyWindow(1, 1170, 1260)) == "毎週火曜 19:30〜21:00"


def test_san_follows_the_language_of_the_page_and_escapes_the_name() -> None:
    assert written("{{ name|san }}", name="あおい") == "あおいさん"
    assert written("{{ name|san }}", name="<b>", language="en") == "&lt;b&gt;"


def test_card_and_fold_hold_content_and_escape_their_titles() -> None:
    card = written('{% card title id="x" %}<p>中</p>{% endcard %}', title="<題>")
    fold = written("{% fold title %}<p>中</p>{% endfold %}", title="<題>")

    assert card == '<section class="card" aria-labelledby="x"><h2 id="x">&lt;題&gt;</h2><p>中</p></section>'
    assert "<summary>&lt;題&gt;</summary>" in fold
    assert "<p>中</p>" in fold


def test_term_tabs_leave_out_pages_that_the_site_does_not_have(settings: Any) -> None:
    settings.ROOT_URLCONF = "config.account_urls"

    assert "<li>" not in written("{% term_tabs term %}", term=type("Term", (), {"pk": 1}))


def test_row_with_a_cell_too_many_is_refused() -> None:
    with pytest.raises(ValueError, match="longer"):
        written("{% for h, c in heads|beside:row %}{% endfor %}", heads=["a"], row=[1, 2])


def test_when_tells_the_two_hours_of_a_clock_change_apart() -> None:
    """In one zone both are equal and have one hash, so they may not be remembered by it."""
    zone = ZoneInfo("America/New_York")
    first, second = (datetime(2026, 11, 1, 1, 30, tzinfo=zone, fold=fold) for fold in (0, 1))

    assert written("{% when at %}", at=first) != written("{% when at %}", at=second)


def test_when_refuses_a_moment_without_a_zone() -> None:
    with pytest.raises(ValueError, match="no zone"):
        written("{% when at %}", at=datetime(2026, 11, 1, 1, 30))  # noqa: DTZ001  that is the mistake


def test_names_of_a_list_are_written_like_one_name() -> None:
    one = written('{% include "components/person_name.html" with name=name only %}', name="<b>葵")

    assert written("{% names_list names %}", names=["<b>葵", "Minh"]).startswith(f"<li>{one.strip()}</li><li>")


@pytest.mark.parametrize(("language", "words"), [("ja", "「また来ます」"), ("en", "“また来ます”")])
def test_somebodys_words_stand_in_the_quotation_marks_of_the_reader(language: str, words: str) -> None:
    assert written("{{ said|quoted }}", language=language, said="また来ます") == words
