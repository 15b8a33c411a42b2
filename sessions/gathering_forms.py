"""What a coordinator fills in about a gathering."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from dialogue.availability import LATEST_END_UNDER_18
from dialogue.core.room_lines import Room, rooms_of
from dialogue.core.text import visible
from dialogue.core.typed_moment import read_clock, read_day
from dialogue.core.wall_clock import moment_at, zone_named
from dialogue.core.wording import format_clock
from dialogue.forms.fields import LinesField
from dialogue.models import Term
from sessions.core.gathering_dates import usual_closing
from sessions.core.rescheduling import ends_late
from sessions.gathering_circle import has_young_among
from sessions.link_words import link_words
from sessions.models import Gathering
from sessions.move_form import FARTHEST

MOST_ALTERNATIVES = 6
FEWEST_TOGETHER = 5


def read_moment(line: str, *, zone: ZoneInfo, now: datetime) -> datetime:
    """Return the day and time of day that a coordinator typed, by the clock of the zone (UTC).

    Raises:
        ValidationError: it is none, or more than a year away.
    """
    day, _space, clock = line.rpartition(" ")
    today = now.astimezone(zone).date()
    try:
        read = read_day(day, today=today)
        if read > today + FARTHEST:
            raise ValueError
        return moment_at(day=read, minute=read_clock(clock), zone=zone)
    except (ValueError, OverflowError) as error:
        raise forms.ValidationError(
            _("“%(line)s” is not a day and a time. Write it like 2026-12-10 19:30."), params={"line": line[:40]}
        ) from error


class GatheringForm(forms.ModelForm):
    """A gathering. With one time it is fixed at once; with several, people choose among them."""

    times = LinesField(
        label=_("Day and time"),
        help_text=_("One a line, for example 2026-12-10 19:30. With several lines people are asked which suit them."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    closes = forms.CharField(
        label=_("Dates can be chosen until"),
        required=False,
        max_length=40,
        help_text=_(
            "With several dates, for example 2026-12-05 18:00. Empty: for a week, or until three days before the first "
            "date if that is sooner."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    room_url = forms.ChoiceField(label=_("Video link"), required=False, widget=forms.RadioSelect)

    class Meta:
        model = Gathering
        fields = ("kind", "audience", "times", "closes", "minutes", "together_minutes", "place", "room_url", "note")
        labels = {
            "kind": _("What it is"),
            "audience": _("For whom"),
            "minutes": _("Minutes"),
            "together_minutes": _("Minutes together before the cohorts part"),
            "place": _("Place"),
            "note": _("What it is about"),
        }
        help_texts = {
            "together_minutes": _(
                "Empty: everybody stays together to the end. After the split each cohort has a link of its own, if the "
                "term has enough of them; else the small rooms of the same meeting."
            ),
            "place": _("Where people meet in person, if they do. Empty: online only."),
            "note": _("Some sentences for the invitation. What to bring, who will speak."),
        }
        widgets = {"note": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, term: Term, now: datetime, changes: bool = False, **options: Any) -> None:
        self.term, self.now, self.zone = term, now, zone_named(term.zone)
        self.changes = changes
        super().__init__(*args, **options)
        minutes = self._minutes_known()
        rooms = [(room.url, link_words(room, minutes)) for room in self._rooms()]
        self.fields["room_url"].choices = [*rooms, ("", _("No link"))]
        self.fields["kind"].choices = [("", _("Please choose")), *Gathering.Kind.choices]
        if changes:
            del self.fields["kind"], self.fields["audience"], self.fields["closes"]
            self.fields["times"].help_text = _("For example 2026-12-10 19:30.")
            local = self.instance.starts_at.astimezone(self.zone)
            clock = format_clock(minute=local.hour * 60 + local.minute, language="en")
            self.initial["times"] = f"{local:%Y-%m-%d} {clock}"

    def _rooms(self) -> list[Room]:
        return rooms_of(self.term.room_urls, self.term.room_notes)

    def _minutes_known(self) -> int | None:
        """Return how long it lasts: as typed, else as it is; None where something else was typed."""
        typed = self["minutes"].value()
        try:
            return int(typed)
        except (TypeError, ValueError):
            return None

    @property
    def room(self) -> Room | None:
        """The link that was chosen, of a form that is valid."""
        return next((one for one in self._rooms() if one.url == self.cleaned_data["room_url"]), None)

    @property
    def ends_early(self) -> bool:
        """Whether the link that was chosen would end the gathering before its time. Of a form that is valid."""
        return self.room is not None and not self.room.allows(self.cleaned_data["minutes"])

    @property
    def has_changed_room_or_minutes(self) -> bool:
        """Whether another link or length was chosen than it had. Of a form that changes a gathering."""
        return not {"room_url", "minutes"}.isdisjoint(self.changed_data)

    @property
    def closes_at(self) -> datetime | None:
        """Until when people choose among the dates of a form that is valid; None where there is only one."""
        starts = self.cleaned_data["times"]
        if len(starts) == 1:
            return None
        return self.cleaned_data["closes"] or usual_closing(first=starts[0], now=self.now)

    def clean_closes(self) -> datetime | None:
        typed = visible(self.cleaned_data["closes"])
        return read_moment(typed, zone=self.zone, now=self.now) if typed else None

    def clean_place(self) -> str:
        return visible(self.cleaned_data["place"])

    def clean_times(self) -> list[datetime]:
        lines = self.cleaned_data["times"]
        most = 1 if self.changes else MOST_ALTERNATIVES
        if len(lines) > most:
            raise forms.ValidationError(_("Write %(most)s lines at most."), params={"most": most})
        return sorted({read_moment(line, zone=self.zone, now=self.now) for line in lines})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        kind = cleaned.get("kind") or self.instance.kind
        audience = cleaned.get("audience") or self.instance.audience
        starts, minutes = cleaned.get("times"), cleaned.get("minutes")
        if minutes is not None and not 15 <= minutes <= 480:
            self.add_error("minutes", _("Between 15 and 480 minutes."))
        self._check_split(minutes, audience)
        closes = cleaned.get("closes")
        if closes and starts and len(starts) > 1 and not self.now < closes < starts[-1]:
            self.add_error("closes", _("It has to be yet to come, and before the last of the dates."))
        if (
            "minutes" not in self.errors
            and starts
            and minutes
            and has_young_among(self.term, audience=audience, kind=kind)
        ):
            length = timedelta(minutes=minutes)
            late = any(
                ends_late(starts_at=one, ends_at=one + length, zone=self.term.zone, latest=LATEST_END_UNDER_18)
                for one in starts
            )
            if late:
                self.add_error("times", _("Somebody under 18 is among them, so it ends by 21:00."))
        return cleaned

    def _check_split(self, minutes: int | None, audience: str) -> None:
        together = self.cleaned_data.get("together_minutes")
        if together is None:
            return
        if audience != Gathering.Audience.EVERYBODY:
            self.add_error("together_minutes", _("Only a gathering of everybody can part into cohorts."))
        elif minutes is not None and not FEWEST_TOGETHER <= together < minutes:
            self.add_error(
                "together_minutes",
                _("Between %(fewest)s minutes and less than the whole.") % {"fewest": FEWEST_TOGETHER},
            )

    def validate_constraints(self) -> None:
        """Leave the database's own sentences aside: `clean` has said the same in the reader's words."""


class MoreTimeForm(forms.Form):
    """Until when people choose among the dates of a gathering from now on."""

    closes = forms.CharField(
        label=_("Dates can be chosen until"),
        max_length=40,
        help_text=_("For example 2026-12-10 19:30."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, zone: ZoneInfo, now: datetime, **options: Any) -> None:
        self.zone, self.now = zone, now
        super().__init__(*args, **options)

    def clean_closes(self) -> datetime:
        return read_moment(visible(self.cleaned_data["closes"]), zone=self.zone, now=self.now)


class PageVersionForm(forms.Form):
    """The short version for who was not there, in the coordinator's words."""

    text = forms.CharField(
        label=_("Short version for who was not there"),
        max_length=Gathering.page_version.field.max_length,
        help_text=_("Whoever did not come gets a mail with the way to it, once. You can correct it later."),
        widget=forms.Textarea(attrs={"rows": 10}),
    )
