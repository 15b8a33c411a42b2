"""To which day and time a session moves, as a coordinator types it."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dialogue.core.typed_moment import read_clock
from dialogue.core.wall_clock import moment_at, zone_named
from dialogue.forms.fields import DayField
from sessions.models import DialogueSession

FARTHEST = timedelta(days=366)
"""A session moves by days or weeks; a year further on is a slip of the finger."""

ENDS_LATE = _("Somebody in this cohort is under 18 or in high school. Their sessions end by 21:00.")
"""Said wherever a session would get a time that ends later than somebody under 18 may meet."""


class MoveForm(forms.Form):
    """A day and a time by the clock of the session's term."""

    day = DayField(label=_("New day"))
    clock = forms.CharField(
        label=_("New start"),
        max_length=40,
        help_text=_("For example 19:30 or 7pm."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, session: DialogueSession, now: datetime, **options: Any) -> None:
        self.zone = zone_named(session.cohort.term.zone)
        local = session.starts_at.astimezone(self.zone)
        options.setdefault("initial", {"day": local.date(), "clock": f"{local:%H:%M}"})
        super().__init__(*args, **options)
        self.fields["day"].today = now.astimezone(self.zone).date()
        self.session = session
        self.now = now

    def clean_clock(self) -> int:
        try:
            return read_clock(self.cleaned_data["clock"])
        except ValueError as error:
            raise forms.ValidationError(
                _("Write the time like 19:30. A bare 7 may be the morning or the evening.")
            ) from error

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "day" in cleaned and "clock" in cleaned:
            try:
                cleaned["starts_at"] = moment_at(day=cleaned["day"], minute=cleaned["clock"], zone=self.zone)
                cleaned["ends_at"] = cleaned["starts_at"] + (self.session.ends_at - self.session.starts_at)
                too_far = cleaned["starts_at"] > self.now + FARTHEST
            except OverflowError:
                too_far = True
            if too_far:
                self.add_error("day", _("This day is too far away."))
        return cleaned
