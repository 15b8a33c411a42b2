"""What a coordinator fills in about a term."""

from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext_lazy as _

from dialogue.core.text import narrow, visible
from dialogue.core.typed_moment import read_day
from dialogue.core.wall_clock import zone_named
from dialogue.forms import CLOSED_SETS, DayField, LinesField
from dialogue.models import ClosedDay, Person, Programme, Term


class TermForm(forms.ModelForm):
    """A new term: what cannot wait is asked, and everything has the usual answer already."""

    starts_on = DayField(
        label=_("First possible day"), help_text=_("Each cohort starts on its own weekday, on this day or soon after.")
    )
    closed_sets = forms.MultipleChoiceField(
        label=_("Days without sessions"),
        choices=[(name.value, label) for name, label in CLOSED_SETS.items()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("A session that would fall on such a day moves to the next turn. The number of sessions stays."),
    )
    closed_days = LinesField(
        label=_("Other days without sessions"),
        required=False,
        help_text=_("One day a line, with its reason if you like: 2027-01-20 Exams"),
    )
    room_urls = LinesField(
        label=_("Video links"),
        required=False,
        help_text=_("One link a line. Cohorts that meet at the same time get different links."),
    )

    class Meta:
        model = Term
        fields = (
            "programme", "name", "starts_on", "cadence", "session_count", "session_minutes", "zone", "closed_sets",
            "closed_days", "size_min", "size_max", "student_affiliation", "alumni_affiliation", "room_urls", "contact",
        )  # fmt: skip
        labels = {
            "programme": _("Programme"),
            "name": _("Name of the term"),
            "cadence": _("How often a cohort meets"),
            "session_count": _("Number of sessions"),
            "session_minutes": _("Minutes of a session"),
            "zone": _("Time zone of the programme"),
            "size_min": _("People in a cohort, at least"),
            "size_max": _("People in a cohort, at most"),
            "student_affiliation": _("Students of the same school"),
            "alumni_affiliation": _("People with the same employer"),
            "contact": _("Contact on the day"),
        }
        help_texts = {
            "name": _("Participants see it in mails and calendars. For example: 1st term 2027"),
            "session_count": _("Usual: 4 every two weeks to try it out, 8 every week, 12 every month."),
            "session_minutes": _("Usual: 90. For monthly sessions: 120."),
            "zone": _("For example Asia/Tokyo or Europe/London. People elsewhere also see their own time."),
            "contact": _("A phone number or an address for somebody who cannot get in."),
        }

    def __init__(self, *args: Any, reader: Person, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        programmes = Programme.objects.managed_by(reader).order_by("name")
        self.fields["programme"].queryset = programmes
        self.fields["starts_on"].today = today
        self.today = today
        if self.instance.pk is None and len(programmes) == 1:
            self.fields["programme"].initial = programmes[0]
            self.fields["programme"].widget = forms.HiddenInput()
        if not self.is_bound:
            self.initial["closed_sets"] = [name.value for name in CLOSED_SETS]

    def clean_zone(self) -> str:
        zone = narrow(visible(self.cleaned_data["zone"]))
        try:
            return zone_named(zone).key
        except ValueError as error:
            raise forms.ValidationError(_("There is no time zone of this name. Try Asia/Tokyo.")) from error

    def clean_closed_days(self) -> dict[date, str]:
        """Return each day with its reason."""
        days: dict[date, str] = {}
        for line in self.cleaned_data["closed_days"]:
            written, _space, reason = line.partition(" ")
            try:
                days[read_day(written, today=self.today)] = reason.strip()
            except ValueError as error:
                raise forms.ValidationError(
                    _("“%(line)s” does not start with a day. Write it like 2027-01-20 Exams."), params={"line": line}
                ) from error
            if len(reason.strip()) > ClosedDay.reason.field.max_length:
                raise forms.ValidationError(_("The reason after “%(day)s” is too long."), params={"day": written})
        return days

    def clean_room_urls(self) -> list[str]:
        for link in self.cleaned_data["room_urls"]:
            if not _is_web_link(link):
                raise forms.ValidationError(
                    _("“%(link)s” is not a whole link. It starts with https://"), params={"link": link[:80]}
                )
        return list(dict.fromkeys(self.cleaned_data["room_urls"]))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        smallest, largest = cleaned.get("size_min"), cleaned.get("size_max")
        least = 2 * self.instance.min_per_generation
        if smallest is not None and smallest < least:
            self.add_error("size_min", _("A cohort has two people of each generation, so four at least."))
        if smallest is not None and largest is not None and largest < smallest:
            self.add_error("size_max", _("This is less than the number above."))
        if largest is not None and largest > 12:
            self.add_error("size_max", _("Twelve at most. In larger circles few people get to speak."))
        programme, name = cleaned.get("programme"), cleaned.get("name")
        if programme and name and Term.objects.filter(programme=programme, name=name).exists():
            self.add_error("name", _("This programme has a term of this name already."))
        return cleaned

    def validate_constraints(self) -> None:
        """Leave the database's own sentences aside: `clean` has said the same in the reader's words."""

    def values(self) -> dict[str, Any]:
        """Return the fields of the term without its programme and its closed days, which are rows of their own."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("programme", "closed_days")}


def _is_web_link(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("https", "http") and bool(parts.hostname) and len(text) <= 200 and " " not in text
