"""What a coordinator fills in about a term and its people."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dialogue.core.closed_days import ClosedSet
from dialogue.core.text import visible
from dialogue.core.typed_moment import read_day
from dialogue.models import Generation, Participation

CLOSED_SETS = {
    ClosedSet.PUBLIC_HOLIDAYS: _("Public holidays of Japan"),
    ClosedSet.YEAR_END: _("Year end, 29 December to 3 January"),
    ClosedSet.OBON: _("Obon, 13 to 16 August"),
}
CONSENT_TEXTS = {"take-part-v1": _("Taking part in the dialogues (take-part-v1)")}
MOST_LINES = 200


class DayField(forms.Field):
    """One day, typed in any of the usual ways or picked in the browser's calendar."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    default_error_messages = {"invalid": _("Write the day like 2026-12-01.")}

    def __init__(self, *, today: date | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.today = today

    def to_python(self, value: Any) -> date | None:
        if isinstance(value, date) or value in self.empty_values:
            return value or None
        try:
            return read_day(str(value), today=self.today or date.min)
        except ValueError as error:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from error


class LinesField(forms.CharField):
    """Several short texts, one a line; blank lines do not count."""

    widget = forms.Textarea(attrs={"rows": 4})

    def to_python(self, value: Any) -> list[str]:
        lines = [visible(line) for line in str(value or "").splitlines()[: MOST_LINES + 1]]
        return [line for line in lines if line]

    def validate(self, value: list[str]) -> None:
        super().validate(value)
        if len(value) > MOST_LINES:
            raise forms.ValidationError(_("Write %(most)s lines at most."), params={"most": MOST_LINES})


class PeopleFilter(forms.Form):
    """What a list of participants is narrowed to. What it does not know, it leaves out."""

    q = forms.CharField(label=_("Name, kana or mail address"), required=False, max_length=200)
    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[
            ("", _("Everybody")),
            ("waiting", _("Waiting")),
            *((value, label) for value, label in Participation.Status.choices if value not in ("applied", "accepted")),
            (
                _("Waiting, by reason"),
                [(f"waiting-{value}", label) for value, label in Participation.WaitingReason.choices],
            ),
        ],
    )
    generation = forms.ChoiceField(
        label=_("Generation"), required=False, choices=[("", _("Both generations")), *Generation.choices]
    )

    def chosen(self) -> dict[str, str]:
        """Return the values that the form knows; a made-up one counts as not chosen."""
        self.is_valid()
        return {name: self.cleaned_data.get(name) or "" for name in self.fields}
