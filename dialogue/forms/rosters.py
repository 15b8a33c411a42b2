"""What a coordinator says about a file of people before it is read."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dialogue.core.roster.rows import MAX_BYTES
from dialogue.core.text import visible
from dialogue.forms.fields import DayField
from dialogue.models import UploadedRoster

CONSENT_TEXTS = {"take-part-v1": _("Taking part in the dialogues (take-part-v1)")}


class RosterForm(forms.Form):
    """A roster file and what is known about the consent of its people."""

    kind = forms.ChoiceField(
        label=_("Who is in the file"), choices=UploadedRoster.Kind, widget=forms.RadioSelect, initial="participants"
    )
    roster = forms.FileField(
        label=_("File"),
        help_text=_("Excel (.xlsx) or CSV, as your form or table gives it. Nothing is changed before you have looked."),
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
