"""What a coordinator fills in about a partner and its contact."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dialogue.core.text import person_name, visible
from dialogue.forms.fields import AddressField
from dialogue.models import Partner, Person
from dialogue.services.partners import Contact


class ContactForm(forms.Form):
    """Who speaks for a partner."""

    name = forms.CharField(
        label=_("Name of the contact"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    email = AddressField(
        label=_("Mail address of the contact"),
        max_length=320,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=_("They get a mail with the way to their page. They sign in with a number that is mailed to them."),
    )
    language = forms.ChoiceField(
        label=_("Language of the mail"), choices=Person.Language, initial="ja", widget=forms.RadioSelect
    )

    def clean_name(self) -> str:
        name = person_name(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError(self.fields["name"].error_messages["required"], code="required")
        return name

    def contact(self) -> Contact | None:
        """Return whom the form names, if it names somebody."""
        said = self.cleaned_data
        return Contact(email=said["email"], name=said["name"], language=said["language"]) if said["email"] else None


class PartnerForm(ContactForm):
    """A partner, and who speaks for it; the contact may follow later."""

    partner = forms.CharField(
        label=_("Name of the partner"),
        max_length=Partner.name.field.max_length,
        help_text=_("For example a university, a company or an association that sends people."),
    )
    field_order = ("partner", "name", "email", "language")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["name"].required = False
        self.fields["email"].required = False

    def clean_partner(self) -> str:
        name = visible(self.cleaned_data["partner"])
        if not name:
            raise forms.ValidationError(self.fields["partner"].error_messages["required"], code="required")
        return name

    def clean_name(self) -> str:
        return super().clean_name() if self.cleaned_data["name"] else ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("email") and not cleaned.get("name") and "name" in cleaned:
            self.add_error("name", _("Write what the contact is called."))
        if cleaned.get("name") and not cleaned.get("email") and "email" in cleaned:
            self.add_error("email", _("Write where the contact reads mail."))
        return cleaned
