"""How today differs from the plan, as whoever leads a session tells the guide."""

from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from dialogue.core.wording import format_name
from sessions.core.guide.arcs import Kind, arc_for
from sessions.guiding import Guest

LATE: Final = (0, 5, 10, 15, 20, 30, 45)


class GuideForm(forms.Form):
    """Read from the address, so that a guide made for today can be kept, printed and sent on as a link."""

    late = forms.TypedChoiceField(
        label=_("When do you begin?"),
        coerce=int,
        initial=0,
    )
    missing = forms.TypedMultipleChoiceField(
        label=_("Who is not there?"),
        help_text=_("Those who said that they cannot come are ticked already."),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    gently = forms.BooleanField(
        label=_("Without seconds"), help_text=_("For a circle that would rather not watch the clock."), required=False
    )

    without_third = forms.BooleanField(
        label=_("Leave out round three"),
        help_text=_("In the room any later step can be left out as well, under “To lead”."),
        required=False,
    )

    def __init__(self, *args: Any, circle: Sequence[Guest], minutes: int, **options: Any) -> None:
        options.setdefault("initial", {"missing": [one.seat.key for one in circle if one.stays_away]})
        super().__init__(*args, **options)
        ordered = sorted(circle, key=lambda one: one.sound)
        self.fields["missing"].choices = [
            (one.seat.key, format_name(name=one.name, language=get_language() or "ja")) for one in ordered
        ]
        self.fields["late"].choices = [(number, _late(number)) for number in LATE if number < minutes]
        if Kind.SHIFT not in arc_for(minutes, len(circle)).turns:
            del self.fields["without_third"]

    def usual(self) -> dict[str, Any]:
        """Return what is told before anybody says otherwise: on time, without those who said that they do not come."""
        away = self.initial["missing"]
        return {
            "late": 0,
            "gently": False,
            "without_third": False,
            "missing": [] if len(away) == len(self.fields["missing"].choices) else away,
        }

    def clean_missing(self) -> list[int]:
        missing: list[int] = self.cleaned_data["missing"]
        if len(missing) == len(self.fields["missing"].choices):
            raise forms.ValidationError(_("At least one person has to be there."))
        return missing


def _late(number: int) -> str | Promise:
    """Return in the reader's language how many minutes late a session begins."""
    if not number:
        return _("On time")
    return ngettext("%(number)d minute late", "%(number)d minutes late", number) % {"number": number}
