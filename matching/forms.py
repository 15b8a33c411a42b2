"""What a coordinator may say when starting a run."""

from django import forms
from django.utils.translation import gettext_lazy as _

MOST_SEED = 2_147_483_647


class SeedForm(forms.Form):
    """The seed of a run. Left empty, one is drawn; the same seed and the same people give the same proposals."""

    seed = forms.IntegerField(
        label=_("Seed"),
        required=False,
        min_value=0,
        max_value=MOST_SEED,
        help_text=_("Only to repeat an earlier run. Left empty, a new one is drawn."),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
