"""A text to try: is it advice, or sharing?"""

from django import forms
from django.utils.translation import gettext_lazy as _

TRIED_LENGTH = 2_000


class TryForm(forms.Form):
    """One text, read and forgotten."""

    text = forms.CharField(
        label=_("A few sentences, as you would say them to the circle"),
        max_length=TRIED_LENGTH,
        error_messages={
            "required": _("Please write a sentence first."),
            "max_length": _("This box takes %(limit_value)s characters at most."),
        },
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off"}),
    )
