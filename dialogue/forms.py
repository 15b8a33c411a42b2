"""What a coordinator fills in about a term and its people."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dialogue.core.closed_days import ClosedSet
from dialogue.core.roster.rows import MAX_BYTES
from dialogue.core.text import visible
from dialogue.core.typed_moment import read_day
from dialogue.models import Generation, Participation, UploadedRoster

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


class RosterForm(forms.Form):
    """A roster file and what is known about the consent of its people."""

    kind = forms.ChoiceField(
        label=_("Who is in the file"), choices=UploadedRoster.Kind, widget=forms.RadioSelect, initial="participants"
    )
    roster = forms.FileField(
        label=_("File"),
        help_text=_(
            "Excel (.xlsx) or CSV. The first row names the columns. Nothing is changed before you have looked."
        ),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.tsv,.txt"}),
    )
    consent = forms.ChoiceField(
        label=_("Consent to take part"),
        choices=[
            ("", _("Not collected yet: people wait and are not matched")),
            *((version, text) for version, text in CONSENT_TEXTS.items()),
        ],
        widget=forms.RadioSelect,
        required=False,
        help_text=_("For participants. Choose the text to which everybody in the file agreed."),
    )
    collected_by = forms.CharField(
        label=_("Who collected the consent"),
        max_length=120,
        required=False,
        help_text=_("Where consent has been collected. For example: student office"),
    )
    given_on = DayField(
        label=_("Day by which everybody had agreed"), required=False, help_text=_("Where consent has been collected.")
    )

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today
        self.fields["given_on"].today = today

    def clean_roster(self) -> Any:
        roster = self.cleaned_data["roster"]
        if roster.size > MAX_BYTES:
            raise forms.ValidationError(
                _("The file is larger than %(limit)s MB. Take out pictures and sheets that are not needed."),
                params={"limit": MAX_BYTES // 1_000_000},
            )
        return roster

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("kind") == UploadedRoster.Kind.FACILITATORS:
            return {**cleaned, "consent": "", "collected_by": "", "given_on": None}
        if cleaned.get("consent"):
            if "collected_by" in cleaned and not visible(cleaned["collected_by"]):
                self.add_error("collected_by", _("Write who asked the people for their consent."))
            if "given_on" in cleaned and cleaned["given_on"] is None:
                self.add_error("given_on", _("Write the day, for example 2026-11-20."))
            elif cleaned.get("given_on") and cleaned["given_on"] > self.today:
                self.add_error("given_on", _("This day has not come yet."))
        return cleaned


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
