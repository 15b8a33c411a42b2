"""What a coordinator may say when starting a run."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from matching.wishes import Respect, Wishes

MOST_SEED = 2_147_483_647


class RunForm(forms.Form):
    """What a run is asked for. The same seed, people and wishes give the same proposals."""

    form_size = forms.TypedChoiceField(
        label=_("People in a cohort, as a rule"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("5", "5"), ("4", "4"), ("6", "6"), ("", _("As serves the company best"))],
        initial="5",
        help_text=_("Fewer people in each make more cohorts, and so take more hours of facilitators."),
    )
    not_alone = forms.ChoiceField(
        label=_("Nobody should be the only one"),
        required=False,
        choices=[
            (Respect.NONE, _("No matter")),
            (Respect.PARTNER, _("from their partner organisation")),
            (Respect.FIELD, _("from their field of work or study")),
            (Respect.ZONE, _("from their time zone")),
        ],
        help_text=_("A wish: it costs nobody a place."),
    )
    common_windows = forms.TypedChoiceField(
        label=_("Times that a cohort has in common, at least"),
        required=False,
        coerce=int,
        empty_value=1,
        choices=[("1", "1"), ("2", "2"), ("3", "3")],
        help_text=_("A second time lets a session move. It is a rule, so it may cost places."),
    )
    spare_facilitators = forms.BooleanField(
        label=_("Open another cohort only where it is worth a facilitator's hours"), required=False
    )
    uneven = forms.BooleanField(
        label=_("A weaker cohort may stand beside stronger ones, if that is better on the whole"), required=False
    )
    seed = forms.IntegerField(
        label=_("Seed"),
        required=False,
        min_value=0,
        max_value=MOST_SEED,
        help_text=_("Only to repeat an earlier run. Left empty, a new one is drawn."),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )

    @property
    def wish_fields(self) -> list[forms.BoundField]:
        """The fields but the seed, in the order of the page."""
        return [self[name] for name in self.fields if name != "seed"]

    def wishes(self) -> Wishes:
        """Return what was wished. Call it when the form is valid."""
        given = self.cleaned_data
        return Wishes(
            form_size=given["form_size"],
            fair=not given["uneven"],
            common_windows=given["common_windows"],
            spare_facilitators=given["spare_facilitators"],
            not_alone=Respect(given["not_alone"]),
        )

    @staticmethod
    def answers_of(wishes: Wishes) -> dict[str, Any]:
        """Return what the form opens with so that it says these wishes."""
        return {
            "form_size": "" if wishes.form_size is None else str(wishes.form_size),
            "not_alone": wishes.not_alone.value,
            "common_windows": str(wishes.common_windows),
            "spare_facilitators": wishes.spare_facilitators,
            "uneven": not wishes.fair,
        }
