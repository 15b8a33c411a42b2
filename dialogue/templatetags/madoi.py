"""What templates say with our words: days and times, names, cards and folds, and what form components ask."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.forms import BaseForm, BoundField
from django.template.loader import render_to_string
from django.urls import NoReverseMatch
from django.utils import timezone
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dialogue.addresses import address_of
from dialogue.core.interests import name_of
from dialogue.core.recurrence import Cadence
from dialogue.core.wall_clock import zone_named
from dialogue.core.week import WeeklyWindow
from dialogue.core.wording import (
    format_date,
    format_moment,
    format_name,
    format_span,
    format_weekly,
    same_clock,
    utc_stamp,
)

register = template.Library()

HOME_ZONE = "Asia/Tokyo"
_ENGLISH_CLOCKS = re.compile(
    r"\d\d:\d\d–\d\d:\d\d"
)  # lines break after an en dash; after 〜 the style sheet forbids it
TERM_TABS = {
    "overview": "term",
    "join": "term_join",
    "reception": "reception",
    "participations": "term_people",
    "matching": "term_runs",
    "cohorts": "term_cohorts",
    "sessions": "term_sessions",
    "messages": "term_messages",
}


@register.simple_tag
def when(
    starts_at: datetime,
    ends_at: datetime | None = None,
    zone: ZoneInfo | str | None = None,
    *,
    show_zone: bool = False,
    year: bool = False,
) -> SafeString:
    """A moment, or a span, in `<time>`: by the reader's clock, and by the programme's where the two differ.

    `zone` is the programme's (Tokyo unless said); the reader's is the one that Django has active. Zones are named
    only when both stand there, or when asked with `show_zone`.
    """
    return _when(
        _in_utc(starts_at),
        None if ends_at is None else _in_utc(ends_at),
        _readers_zone(),
        _zone(zone),
        _language(),
        show_zone,
        year,
    )


@register.simple_tag
def on_day(day: date, *, year: bool = False) -> SafeString:
    """A day with its weekday, in `<time>`."""
    written = format_date(day=day, language=_language(), year=year)
    return format_html('<time datetime="{}">{}</time>', day.isoformat(), written)


@register.simple_tag
def weekly(
    window: WeeklyWindow, zone: ZoneInfo | str | None = None, *, show_zone: bool = False, every: str = "weekly"
) -> str:
    """A window that comes back in a term's rhythm: 「毎週火曜 19:30〜21:00」, 「隔週火曜 …」."""
    rhythm = Cadence(every)
    return format_weekly(window=window, language=_language(), zone=_zone(zone), show_zone=show_zone, every=rhythm)


@register.filter
def interests(words: Iterable[str]) -> str:
    """Return topics by their names in the reader's language, and words of people's own as they wrote them."""
    language = get_language() or "ja"
    return _(", ").join(name_of(word, language) for word in words)


@register.filter
def san(name: str) -> str:
    """The name a person goes by, with さん in Japanese."""
    return format_name(name=str(name), language=_language())


@register.filter
def quoted(words: str) -> str:
    """Return somebody's words in the quotation marks of the reader's language."""
    return _("“%(text)s”") % {"text": words}


@register.simple_tag
def names_list(names: Iterable[str]) -> SafeString:
    """The names of people as items of a list, each as components/person_name.html writes it."""
    language = _language()
    return format_html_join(
        "",
        '<li><span class="person">{}</span></li>',
        ((format_name(name=name, language=language),) for name in names),
    )


@register.simple_block_tag
def card(content: str, title: str, id: str, level: int = 2) -> SafeString:
    """A sheet of paper with a title, around any content."""
    return format_html(
        '<section class="card" aria-labelledby="{0}"><h{1} id="{0}">{2}</h{1}>{3}</section>', id, level, title, content
    )


@register.simple_block_tag
def fold(content: str, summary: str, *, is_open: bool = False) -> SafeString:
    """Content behind a summary that opens it."""
    return format_html(
        '<details class="fold"{}><summary>{}</summary><div class="fold__body">{}</div></details>',
        SafeString(" open") if is_open else "",
        summary,
        content,
    )


@register.simple_tag
def term_tabs(term: Any, current: str = "") -> SafeString:
    """The pages of a term, as links; a page that the site does not have is left out."""
    names = {
        "overview": _("Overview"),
        "join": _("Recruiting"),
        "reception": _("Reception"),
        "participations": _("Participants"),
        "matching": _("Matching"),
        "cohorts": _("Cohorts"),
        "sessions": _("Sessions"),
        "messages": _("Messages"),
    }
    tabs = []
    for tab, route in TERM_TABS.items():
        try:
            tabs.append({"name": names[tab], "url": address_of(route, term.pk), "current": tab == current})
        except NoReverseMatch:
            continue
    return render_to_string("components/tabs.html", {"tabs": tabs, "label": _("This term")})


@register.filter
def beside(headings: Sequence[str], row: Sequence[object]) -> Iterable[tuple[str, object]]:
    """Each cell of a row beside the heading of its column."""
    return zip(headings, row, strict=True)


@register.filter
def mistake_count(form: BaseForm) -> int:
    """How many mistakes the form has to tell about."""
    return sum(len(errors) for errors in form.errors.values())


@register.filter
def first_control(field: BoundField) -> str:
    """The id of the first input of a field, where a link to the field leads."""
    return field.id_for_label or next(
        (part.id_for_label for part in field.subwidgets if part.id_for_label), field.auto_id
    )


@lru_cache(maxsize=4096)
def _when(
    starts_at: datetime,
    ends_at: datetime | None,
    here: ZoneInfo,
    home: ZoneInfo,
    language: str,
    show_zone: bool,
    year: bool,
) -> SafeString:
    """Remembered by moments in UTC: only there do equal moments always mean the same hour of a clock change."""
    if same_clock(at=starts_at, one=here, other=home) and same_clock(at=ends_at or starts_at, one=here, other=home):
        return _timed(starts_at, ends_at, home, language, show_zone=show_zone, year=year)
    return format_html(
        '{} <span class="when__other">{}</span>',
        _timed(starts_at, ends_at, here, language, show_zone=True, year=year),
        _timed(starts_at, ends_at, home, language, show_zone=True, year=year),
    )


def _timed(
    starts_at: datetime, ends_at: datetime | None, zone: ZoneInfo, language: str, *, show_zone: bool, year: bool
) -> SafeString:
    if ends_at is None:
        written = format_moment(at=starts_at, zone=zone, language=language, show_zone=show_zone, year=year)
    else:
        written = format_span(
            starts_at=starts_at, ends_at=ends_at, zone=zone, language=language, show_zone=show_zone, year=year
        )
    whole = _ENGLISH_CLOCKS.sub(r'<span class="nowrap">\g<0></span>', escape(written))
    return format_html('<time datetime="{}">{}</time>', utc_stamp(at=starts_at), SafeString(whole))


def _in_utc(moment: datetime) -> datetime:
    """Return the moment in UTC.

    Raises:
        ValueError: it has no zone of its own.
    """
    if moment.utcoffset() is None:
        raise ValueError(f"{moment} has no zone, so nobody can tell which moment it is")
    return moment if moment.tzinfo is UTC else moment.astimezone(UTC)


def _readers_zone() -> ZoneInfo:
    active = timezone.get_current_timezone()
    return active if isinstance(active, ZoneInfo) else ZoneInfo("UTC")


def _zone(zone: ZoneInfo | str | None) -> ZoneInfo:
    return zone if isinstance(zone, ZoneInfo) else zone_named(zone or HOME_ZONE)


def _language() -> str:
    return get_language() or "ja"
