"""The two forms of signing in: an address, then the number that was mailed to it. Any width, any spaces."""

import re
from typing import Any, Final

from allauth.account.adapter import get_adapter
from allauth.account.forms import ConfirmLoginCodeForm, RequestLoginCodeForm
from allauth.core import context
from django import forms
from django.utils.translation import gettext_lazy as _

from dialogue.core.mail_address import mail_address
from dialogue.core.text import narrow

TYPED_ADDRESS: Final = "sign_in_address"
"""Where the browser session keeps the address, so that nobody types it again when a number has run out."""

_NOT_IN_A_NUMBER: Final = re.compile(r"[^0-9]+")


class AddressField(forms.CharField):
    """An e-mail address as people type it; carriers' addresses that Django's validator refuses are welcome."""

    def clean(self, value: Any) -> str:
        """Return the address in the form in which it is stored."""
        typed = super().clean(value)
        try:
            return mail_address(typed)
        except ValueError as error:
            raise forms.ValidationError(
                _("Please type the whole address, like name@example.org."), code="address"
            ) from error


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
        address = super().clean_email()
        context.request.session[TYPED_ADDRESS] = address
        if self._user is None:
            get_adapter().write_for_nobody(address)
        return str(address)


class NumberForm(ConfirmLoginCodeForm):
    """The number from the mail: full-width digits, spaces, hyphens and words pasted with it do not matter."""

    code = forms.CharField(
        label=_("The number of six digits"),
        max_length=40,
        error_messages={"required": _("Please type the number from the mail.")},
    )

    def clean_code(self) -> str:
        """Return the number in ASCII digits, if it is the one that was mailed."""
        self.cleaned_data["code"] = _NOT_IN_A_NUMBER.sub("", narrow(self.cleaned_data["code"]))
        return str(super().clean_code())
