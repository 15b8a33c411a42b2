"""What a guardian and the coordinators of a reception fill in."""

from typing import Final

from django import forms
from django.utils.translation import gettext_lazy as _

AGREED: Final = "yes"


class GuardianAnswerForm(forms.Form):
    """A guardian's answer: two words that exclude each other, and no reason asked."""

    answer = forms.ChoiceField(
        label=_("Your answer"),
        choices=[(AGREED, _("I agree")), ("no", _("I do not agree"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the two answers.")},
    )

    def agrees(self) -> bool:
        return self.cleaned_data["answer"] == AGREED
