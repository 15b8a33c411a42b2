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


class WrittenConsentForm(forms.Form):
    """What is known of consent that came by mail or on paper: which text, who asked for it, and the day."""

    text_version = forms.ChoiceField(
        label=_("The text to which they agreed"),
        choices=list(CONSENT_TEXTS.items()),
        initial=next(iter(CONSENT_TEXTS)),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the text to which they agreed.")},
    )
    collected_by = forms.CharField(
        label=_("Who collected the consent"),
        max_length=120,
        help_text=_("For example: student office"),
        error_messages={"required": _("Write who asked the people for their consent.")},
    )
    given_on = DayField(
        label=_("Day by which they had agreed"),
        error_messages={"required": _("Write the day, for example 2026-11-20.")},
    )

    def __init__(self, *args: Any, today: date, host: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today
        self.fields["given_on"].today = self.fields["given_on"].initial = today
        self.fields["collected_by"].initial = host

    def clean_collected_by(self) -> str:
        words = visible(self.cleaned_data["collected_by"])
        if not words:
            raise forms.ValidationError(_("Write who asked the people for their consent."))
        return words

    def clean_given_on(self) -> date:
        day: date = self.cleaned_data["given_on"]
        if day > self.today:
            raise forms.ValidationError(_("This day has not come yet."))
        return day


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
