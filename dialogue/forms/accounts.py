"""The two forms of signing in: an address, then the number that was mailed to it. Any width, any spaces."""

import re
from typing import Any, Final

from allauth.account.adapter import get_adapter
from allauth.account.forms import ConfirmLoginCodeForm, RequestLoginCodeForm
from allauth.core import context
from django import forms
from django.utils.translation import gettext_lazy as _

from dialogue.accounts import NUMBER_DIGITS
from dialogue.core.text import narrow
from dialogue.forms.fields import AddressField
from dialogue.models import Person
from dialogue.sign_in_limits import digits_for, may_be_mailed

TYPED_ADDRESS: Final = "sign_in_address"
"""Where the browser session keeps the address, so that nobody types it again when a number has run out."""

_NOT_IN_A_NUMBER: Final = re.compile(r"[^0-9]+")


class SignInForm(RequestLoginCodeForm):
    """One question: which address shall the number go to?"""

    email = AddressField(
        label=_("Mail address"),
        max_length=320,
        error_messages={"required": _("Please type your mail address.")},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].initial = context.request.session.get(TYPED_ADDRESS, "")

    def clean_email(self) -> str:
        """Find the person, within the limits; remember the address whether or not it is anybody's."""
        request, address = context.request, str(self.cleaned_data["email"])
        if not may_be_mailed(request, address):
            raise get_adapter().validation_error("too_many_login_attempts")
        self._user = Person.objects.filter(email=address, is_active=True).first()
        request.session[TYPED_ADDRESS] = address
        request.session[NUMBER_DIGITS] = digits_for(request, address)
        if self._user is None:
            get_adapter().write_for_nobody(address)
        return address


class NumberForm(ConfirmLoginCodeForm):
    """The number from the mail: full-width digits, spaces, hyphens and words pasted with it do not matter."""

    code = forms.CharField(
        label=_("The number from the mail"),
        max_length=40,
        error_messages={"required": _("Please type the number from the mail.")},
    )

    @property
    def typed(self) -> str:
        """What was typed, in ASCII digits; empty where there was no digit at all."""
        return _NOT_IN_A_NUMBER.sub("", narrow(str(self.data.get("code", ""))[:200]))

    def clean_code(self) -> str:
        """Return the number, if it is the one that was mailed."""
        if not self.typed:
            raise forms.ValidationError(self.fields["code"].error_messages["required"], code="required")
        self.cleaned_data["code"] = self.typed
        return str(super().clean_code())
