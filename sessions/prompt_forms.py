"""What a coordinator says of a cohort's prompts."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dialogue.core.prompts.prompt import Sensitivity
from dialogue.prompt_words import VALUES
from sessions.models import PromptWishes

MOST_VALUES = 5
LEFT_OUT = {
    Sensitivity.FAMILY: _("Family"),
    Sensitivity.HEALTH: _("Health"),
    Sensitivity.MONEY: _("Money"),
    Sensitivity.LOSS: _("Loss"),
}


class PromptWishesForm(forms.Form):
    """Values to come near, themes to leave out, and whether depth 4 is welcome."""

    values = forms.MultipleChoiceField(
        label=_("Values to come near"),
        help_text=_("Up to five. What both generations chose as interests counts by itself."),
        required=False,
        choices=list(VALUES.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    left_out = forms.MultipleChoiceField(
        label=_("Themes to leave out"),
        help_text=_("No prompt of this cohort will touch on these. Nobody need say why."),
        required=False,
        choices=list(LEFT_OUT.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    ready = forms.BooleanField(
        label=_("The cohort has said that it is ready for prompts about regret and loss (depth 4)"), required=False
    )

    def __init__(self, *args: Any, wishes: PromptWishes | None, **options: Any) -> None:
        said = {"values": wishes.values, "left_out": wishes.left_out, "ready": wishes.ready} if wishes else {}
        super().__init__(*args, initial=said, **options)

    def clean_values(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["values"]
        if len(chosen) > MOST_VALUES:
            raise forms.ValidationError(_("Choose five at most. You chose %(number)s."), params={"number": len(chosen)})
        return chosen
