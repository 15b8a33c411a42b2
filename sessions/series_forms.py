"""To when a whole series moves, and when a further session is held, as a coordinator types it."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dialogue.core.recurrence import Cadence
from dialogue.core.typed_moment import read_clock
from dialogue.core.wall_clock import moment_at, zone_named
from dialogue.core.wording import format_clock
from dialogue.forms.fields import DayField
from dialogue.models import Term
from sessions.core.rescheduling import Way
from sessions.move_form import FARTHEST


class DayAndClockForm(forms.Form):
    """A day and a time by the clock of a term."""

    day = DayField(label=_("New day"))
    clock = forms.CharField(
        label=_("New start"),
        max_length=40,
        help_text=_("For example 19:30 or 7pm."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, term: Term, usual: datetime | None, now: datetime, **options: Any) -> None:
        self.zone = zone_named(term.zone)
        if usual is not None:
            local = usual.astimezone(self.zone)
            clock = format_clock(minute=local.hour * 60 + local.minute, language="en")
            options.setdefault("initial", {"day": local.date(), "clock": clock})
        super().__init__(*args, **options)
        self.fields["day"].today = now.astimezone(self.zone).date()
        self.term, self.now = term, now

    def clean_clock(self) -> int:
        try:
            return read_clock(self.cleaned_data["clock"])
        except ValueError as error:
            raise forms.ValidationError(
                _("Write the time like 19:30. A bare 7 may be the morning or the evening.")
            ) from error

    def clean_day(self) -> date:
        day = self.cleaned_data["day"]
        if day > self.now.astimezone(self.zone).date() + FARTHEST:
            raise forms.ValidationError(_("This day is too far away."))
        return day

    def starts_at(self) -> datetime:
        """Return the moment that was typed, in UTC. Asked of a valid form."""
        return moment_at(day=self.cleaned_data["day"], minute=self.cleaned_data["clock"], zone=self.zone)


class MoveSeriesForm(DayAndClockForm):
    """The first new day, the new time, and how the others follow."""

    way = forms.ChoiceField(
        label=_("How the following sessions move"),
        choices=[
            (Way.RHYTHM.value, _("In the rhythm of the term from the new day on; closed days are passed over")),
            (Way.SHIFT.value, _("Each by as many days as the first")),
        ],
        initial=Way.RHYTHM.value,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, closed: dict[date, str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.closed = closed
        self.fields["day"].label = _("New day of the first of them")
        self.initial.setdefault("way", Way.RHYTHM.value)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("way") == Way.RHYTHM and cleaned.get("day") in self.closed:
            self.add_error("day", _("This is a closed day of the term. Choose another first day."))
        return cleaned

    @property
    def way_chosen(self) -> Way:
        return Way(self.cleaned_data["way"])

    @property
    def cadence(self) -> Cadence:
        return Cadence(self.term.cadence)


EARLIEST_ADDED = timedelta(days=1)
"""A further session is proposed no sooner than this."""
