"""Fields that several forms share: a day, lines, a mail address."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dialogue.core.mail_address import mail_address
from dialogue.core.text import visible
from dialogue.core.typed_moment import read_day

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


class AddressField(forms.CharField):
    """An e-mail address as people type it; carriers' addresses that Django's validator refuses are welcome."""

    def clean(self, value: Any) -> str:
        """Return the address in the form in which it is stored."""
        typed = super().clean(value)
        try:
            return mail_address(typed) if typed else ""
        except ValueError as error:
            raise forms.ValidationError(
                _("Please type the whole address, like name@example.org."), code="address"
            ) from error
