"""How somebody wants to be reached, and another address for somebody."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dialogue.forms.fields import AddressField
from dialogue.models import ContactChoice


class ContactForm(forms.Form):
    """Channel and frequency. LINE is offered to whoever has linked it."""

    reminders = forms.ChoiceField(
        label=_("Reminders"), choices=ContactChoice.Reminders, widget=forms.RadioSelect,
        help_text=_("Invitations, changes and cancellations always come."),
    )  # fmt: skip
    channel = forms.ChoiceField(
        label=_("Where reminders go"), choices=ContactChoice.Channel, widget=forms.RadioSelect,
        help_text=_("Invitations and changes always come by mail, because your calendar reads them there."),
    )  # fmt: skip
    next_terms = forms.BooleanField(
        label=_("Tell me when the programme that I took part in opens its next term"), required=False,
        help_text=_("Only if you wish. You can take it back here at any time."),
    )  # fmt: skip

    def __init__(self, *args: Any, has_line: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not has_line:
            del self.fields["channel"]


class AddressForm(forms.Form):
    """The address that somebody reads."""

    email = AddressField(label=_("New e-mail address"), max_length=254)
