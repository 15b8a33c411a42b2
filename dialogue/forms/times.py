"""When somebody can come: named slots with ○ △ ×, or the half hours of a week; and single days on which they cannot."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Final
from zoneinfo import ZoneInfo

from django import forms
from django.http import QueryDict
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from dialogue.core.recurrence import Cadence
from dialogue.core.sign_up_week import (
    AFTERNOON,
    BLOCKS,
    EVENING,
    EVERY_DAY,
    MORNING,
    WEEKDAYS,
    WEEKEND,
    HalfHour,
    Ticked,
    alike,
    copied,
    half_hours,
    switched,
    windows_of,
)
from dialogue.core.text import short
from dialogue.core.typed_moment import read_day
from dialogue.core.week import MINUTES_IN_DAY, WeeklyWindow
from dialogue.core.wording import format_clock, format_weekly
from dialogue.core.zone_names import zone_name
from dialogue.models import NamedSlot, SlotAnswer, Term

MOST_DAYS_AWAY: Final = 40
BLANK_DAYS: Final = 3

DAY_NAMES: Final[tuple[Promise, ...]] = (
    gettext_lazy("Monday"),
    gettext_lazy("Tuesday"),
    gettext_lazy("Wednesday"),
    gettext_lazy("Thursday"),
    gettext_lazy("Friday"),
    gettext_lazy("Saturday"),
    gettext_lazy("Sunday"),
)
SHORT_DAY_NAMES: Final[tuple[Promise, ...]] = (
    gettext_lazy("Mon"),
    gettext_lazy("Tue"),
    gettext_lazy("Wed"),
    gettext_lazy("Thu"),
    gettext_lazy("Fri"),
    gettext_lazy("Sat"),
    gettext_lazy("Sun"),
)
BLOCK_NAMES: Final[tuple[Promise, ...]] = (gettext_lazy("Morning"), gettext_lazy("Afternoon"), gettext_lazy("Evening"))
PICKS: Final[tuple[tuple[Promise, tuple[int, ...], tuple[int, int]], ...]] = (
    (gettext_lazy("Weekday evenings"), WEEKDAYS, EVENING),
    (gettext_lazy("Weekday afternoons"), WEEKDAYS, AFTERNOON),
    (gettext_lazy("Weekend mornings"), WEEKEND, MORNING),
    (gettext_lazy("Weekend afternoons"), WEEKEND, AFTERNOON),
)
PARTS_OF_DAY: Final[tuple[tuple[Promise, int, int], ...]] = (
    (gettext_lazy("Night"), 0, 6 * 60),
    (gettext_lazy("Morning"), 6 * 60, 12 * 60),
    (gettext_lazy("Afternoon"), 12 * 60, 18 * 60),
    (gettext_lazy("Evening"), 18 * 60, MINUTES_IN_DAY),
)
ZONES: Final = (
    "Asia/Tokyo", "Asia/Seoul", "Asia/Shanghai", "Asia/Taipei", "Asia/Hong_Kong", "Asia/Singapore", "Asia/Bangkok",
    "Asia/Ho_Chi_Minh", "Asia/Jakarta", "Asia/Manila", "Asia/Kolkata", "Asia/Dubai", "Australia/Sydney",
    "Pacific/Auckland", "Europe/London", "Europe/Paris", "Europe/Berlin", "America/New_York", "America/Toronto",
    "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Vancouver", "America/Sao_Paulo",
    "Pacific/Honolulu",
)  # fmt: skip
EVERY_HALF_HOUR: Final = half_hours(weekdays=EVERY_DAY, starts=0, ends=MINUTES_IN_DAY)


@dataclass(frozen=True, slots=True)
class Press:
    """A button that ticks several half hours, or takes them out when all are ticked."""

    value: str
    label: str
    hours: str
    days: tuple[int, ...]
    starts: int
    ends: int
    pressed: bool


@dataclass(frozen=True, slots=True)
class Chip:
    """One half hour as a checkbox."""

    value: str
    starts: str
    ends: str
    ticked: bool


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the week with its buttons and checkboxes."""

    weekday: int
    name: str
    chosen: str
    presses: tuple[Press, ...]
    parts: tuple[tuple[str, tuple[Chip, ...]], ...]


class _Several(forms.TextInput):
    """Several inputs of one name."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        return list(data.getlist(name)) if isinstance(data, QueryDict) else list(data.get(name, []))


class DaysField(forms.Field):
    """Days, each in a box of its own and typed in any of the usual ways. Blank boxes do not count."""

    widget = _Several

    def __init__(self, *, today: date | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.today = today

    def clean(self, value: Any) -> list[str]:
        typed = [text for text in (str(each).strip() for each in value or ()) if text]
        if len(typed) > MOST_DAYS_AWAY:
            raise forms.ValidationError(_("Write %(most)s days at most."), params={"most": MOST_DAYS_AWAY})
        days = set()
        for text in typed:
            try:
                days.add(read_day(text, today=self.today or date.min).isoformat())
            except ValueError as error:
                raise forms.ValidationError(
                    _("“%(text)s” is no day that we can read. Write it like 2026-12-08."),
                    params={"text": short(text, limit=20)},
                ) from error
        return sorted(days)


class TimesForm(forms.Form):
    """What both ways to ask have in common."""

    away = DaysField(
        label=gettext_lazy("Days on which you cannot come"),
        required=False,
        help_text=gettext_lazy("Only days that you know already. You can add others later."),
    )

    def __init__(self, *args: Any, term: Term, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.term = term
        self.fields["away"].today = today

    @property
    def days_away(self) -> list[str]:
        """What stands in the boxes for days, with some blank ones to go on."""
        written = [str(each) for each in (self["away"].value() or []) if str(each).strip()][:MOST_DAYS_AWAY]
        return [*written, *[""] * BLANK_DAYS]

    @property
    def has_days_away(self) -> bool:
        return any(self.days_away)

    @property
    def last_day(self) -> date:
        """How far the calendar of a browser offers days."""
        return date(self.term.starts_on.year + 2, 12, 31)


class SlotsForm(TimesForm):
    """Each named slot of the term with ○, △ or ×."""

    def __init__(self, *args: Any, initial: Mapping[str, Any] | None = None, **options: Any) -> None:
        given = initial or {}
        answers = {f"slot_{pk}": answer for pk, answer in given.get("slots", {}).items()}
        super().__init__(*args, initial={"away": given.get("away", []), **answers}, **options)
        self.slots: list[NamedSlot] = list(self.term.slots.order_by("weekday", "starts", "ends"))
        for slot in self.slots:
            self.fields[f"slot_{slot.pk}"] = forms.ChoiceField(
                label=slot_name(slot, self.term), choices=SlotAnswer.Answer, required=False, widget=forms.RadioSelect
            )

    @property
    def slot_fields(self) -> list[forms.BoundField]:
        return [self[f"slot_{slot.pk}"] for slot in self.slots]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not any(cleaned.get(f"slot_{slot.pk}") for slot in self.slots) and not self.errors:
            self.add_error(f"slot_{self.slots[0].pk}", _("Please answer at least one of these times."))
        return cleaned

    def given(self) -> dict[str, Any]:
        answers = {str(slot.pk): self.cleaned_data[f"slot_{slot.pk}"] for slot in self.slots}
        return {
            "slots": {pk: answer for pk, answer in answers.items() if answer},
            "away": self.cleaned_data["away"],
            "zone": "",
        }


class WeekForm(TimesForm):
    """The half hours of a week, by the clock where the person lives."""

    ticked = forms.MultipleChoiceField(
        label=gettext_lazy("Times of the week"),
        choices=[(f"{one.weekday}-{one.starts}", "") for one in sorted(EVERY_HALF_HOUR)],
        required=False,
    )
    later = forms.BooleanField(
        label=gettext_lazy("I do not know my times yet. I will tell them later."), required=False
    )
    zone = forms.ChoiceField(label=gettext_lazy("Whose clock these times go by"), required=False)

    def __init__(self, *args: Any, initial: Mapping[str, Any] | None = None, **options: Any) -> None:
        given = dict(initial or {})
        given["ticked"] = [f"{weekday}-{starts}" for weekday, starts in given.get("ticked", [])]
        term: Term = options["term"]
        given["zone"] = given.get("zone") or term.zone
        super().__init__(*args, initial=given, **options)
        language = translation.get_language() or "ja"
        offered = dict.fromkeys([term.zone, given["zone"], *ZONES])
        self.fields["zone"].choices = [(name, zone_name(zone=ZoneInfo(name), language=language)) for name in offered]

    @cached_property
    def chosen(self) -> frozenset[HalfHour]:
        """What is ticked now, readable or not what else was typed."""
        values = self["ticked"].value() or []
        found = set()
        for value in values:
            weekday, _dash, starts = str(value).partition("-")
            if weekday.isdecimal() and starts.isdecimal():
                found.add(HalfHour(int(weekday), int(starts)))
        return EVERY_HALF_HOUR & found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("ticked") and not cleaned.get("later") and not self.errors:
            self.add_error("ticked", _("Please choose at least one time. Roughly is fine, you can change it later."))
        return cleaned

    def given(self) -> dict[str, Any]:
        zone = self.cleaned_data["zone"] or self.term.zone
        return {
            "ticked": sorted(self.chosen),
            "away": self.cleaned_data["away"],
            "zone": zone,
            "later": not self.chosen,
        }

    def unfinished(self, ticked: Ticked) -> dict[str, Any]:
        """Return what is worth keeping of a page that is not sent yet, with other half hours ticked."""
        zone = str(self["zone"].value() or self.term.zone)
        known = {name for name, _label in self.fields["zone"].choices}
        away = [str(each)[:40] for each in self["away"].value() or []][:MOST_DAYS_AWAY]
        later = bool(self["later"].value()) and not ticked
        return {
            "ticked": sorted(ticked),
            "away": away,
            "zone": zone if zone in known else self.term.zone,
            "later": later,
        }

    @property
    def zone_words(self) -> str:
        return dict(self.fields["zone"].choices).get(self["zone"].value() or self.term.zone, "")

    @property
    def picks(self) -> list[Press]:
        """The four answers that most people give, one press each."""
        return [
            self._press(f"pick:{number}", str(name), days, block) for number, (name, days, block) in enumerate(PICKS)
        ]

    @property
    def week(self) -> list[Day]:
        return [self._day(weekday) for weekday in EVERY_DAY]

    def _press(self, value: str, label: str, days: tuple[int, ...], block: tuple[int, int]) -> Press:
        starts, ends = block
        is_pressed = half_hours(weekdays=days, starts=starts, ends=ends) <= self.chosen
        return Press(value, label, whole_hours(starts, ends), days, starts, ends, is_pressed)

    def _day(self, weekday: int) -> Day:
        mine = {one for one in self.chosen if one.weekday == weekday}
        presses = tuple(
            self._press(f"block:{weekday}:{number}", str(name), (weekday,), block)
            for number, (name, block) in enumerate(zip(BLOCK_NAMES, BLOCKS, strict=True))
        )
        by_night = any(one.starts < PARTS_OF_DAY[0][2] for one in mine)
        parts = tuple(
            (str(name), tuple(_chip(HalfHour(weekday, at), mine) for at in range(starts, ends, 30)))
            for name, starts, ends in PARTS_OF_DAY[0 if by_night else 1 :]
        )
        said = _(", ").join(hours(one.starts, one.ends) for one in windows_of(mine))
        return Day(weekday, str(DAY_NAMES[weekday]), said, presses, parts)


def pressed(ticked: frozenset[HalfHour], button: str) -> frozenset[HalfHour]:
    """Return what is ticked after a press: `pick:0`, `block:2:1`, `copy:2:weekdays`, `copy:2:all`.

    Any other changes nothing.
    """
    kind, *rest = button.split(":")
    try:
        if kind == "pick":
            _name, days, (starts, ends) = PICKS[int(rest[0])]
            return switched(ticked, half_hours(weekdays=days, starts=starts, ends=ends))
        if kind == "block" and int(rest[0]) in EVERY_DAY:
            starts, ends = BLOCKS[int(rest[1])]
            return switched(ticked, half_hours(weekdays=[int(rest[0])], starts=starts, ends=ends))
        if kind == "copy" and int(rest[0]) in EVERY_DAY:
            return copied(ticked, weekday=int(rest[0]), to=WEEKDAYS if rest[1] == "weekdays" else EVERY_DAY)
    except (ValueError, IndexError):
        return ticked
    return ticked


def hours(starts: int, ends: int) -> str:
    """Return 「19:00〜22:00」 or "19:00–22:00"."""
    language = translation.get_language() or "ja"
    until = "24:00" if ends == MINUTES_IN_DAY else format_clock(minute=ends, language=language)
    return f"{format_clock(minute=starts, language=language)}{'〜' if language == 'ja' else '–'}{until}"


def whole_hours(starts: int, ends: int) -> str:
    """Return full hours shortly: 「19〜22時」 or "19–22"."""
    return _("%(starts)s–%(ends)s") % {"starts": starts // 60, "ends": ends // 60}


def slot_name(slot: NamedSlot, term: Term) -> str:
    """Return when a slot is, by the term's clock, with its own name where it has one."""
    language = translation.get_language() or "ja"
    window = WeeklyWindow(slot.weekday, slot.starts, slot.ends)
    written = format_weekly(window=window, language=language, every=Cadence(term.cadence))
    return f"{written} ({slot.name})" if slot.name else written


def said_windows(windows: Iterable[WeeklyWindow]) -> list[str]:
    """Return windows as lines, days of the same hours together: 「月〜金・日 19:00〜22:00」."""
    return [
        f"{_said_days(days)} {_(', ').join(hours(one.starts, one.ends) for one in some)}"
        for days, some in alike(windows)
    ]


def _said_days(days: tuple[int, ...]) -> str:
    """Return days in short, three or more in a row by their first and last."""
    rows: list[list[int]] = []
    for day in days:
        if rows and rows[-1][-1] == day - 1:
            rows[-1].append(day)
        else:
            rows.append([day])
    parts = []
    for row in rows:
        names = [str(SHORT_DAY_NAMES[day]) for day in row]
        parts += [_("%(starts)s to %(ends)s") % {"starts": names[0], "ends": names[-1]}] if len(row) > 2 else names
    if len(days) == 1:
        return str(DAY_NAMES[days[0]])
    return pgettext("between days", ", ").join(parts)


def _chip(one: HalfHour, mine: set[HalfHour]) -> Chip:
    language = translation.get_language() or "ja"
    ends = one.starts + 30
    return Chip(
        value=f"{one.weekday}-{one.starts}",
        starts=format_clock(minute=one.starts, language=language),
        ends="24:00" if ends == MINUTES_IN_DAY else format_clock(minute=ends, language=language),
        ticked=one in mine,
    )
