"""What a coordinator may say when starting a run."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from matching.engine.company import Part
from matching.wishes import Respect, Stress, Wishes

MOST_SEED = 2_147_483_647


def _stress_field(label: Promise, help_text: Promise) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        required=False,
        choices=[
            ("", _("As usual")),
            (Stress.MORE.value, _("Twice as much as usual")),
            (Stress.LESS.value, _("Half as much as usual")),
            (Stress.NONE.value, _("Does not count")),
        ],
        help_text=help_text,
    )


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
    not_alone = forms.MultipleChoiceField(
        label=_("Nobody should be the only one"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[
            (Respect.PARTNER.value, _("from their partner organisation")),
            (Respect.AFFILIATION.value, _("from their school or employer")),
            (Respect.FIELD.value, _("from their field of work or study")),
            (Respect.ZONE.value, _("from their time zone")),
            (Respect.DECADE.value, _("born in their decade")),
            (Respect.LANGUAGES.value, _("with their languages of dialogue")),
            (Respect.FIRST_TIME.value, _("who is here for the first time, or has been here before")),
            (Respect.YOUNG.value, _("under 18 or at a high school")),
        ],
        help_text=_(
            "A wish: it costs nobody a place. Whoever has not given the answer is not counted. Where the term keeps"
            " people of one school or employer apart, that respect is left out for them."
        ),
    )
    common_windows = forms.TypedChoiceField(
        label=_("Times that a cohort has in common, at least"),
        required=False,
        coerce=int,
        empty_value=1,
        choices=[("1", "1"), ("2", "2"), ("3", "3")],
        help_text=_("A second time lets a session move, if only by half an hour. It is a rule, so it may cost places."),
    )
    spare_facilitators = forms.BooleanField(
        label=_("Open another cohort only where it is worth a facilitator's hours"),
        required=False,
        help_text=_("It counts among up to 72 people. With more, choose above how many are in a cohort."),
    )
    steady = forms.BooleanField(
        label=_("Cohorts that can easily go on when somebody leaves"),
        required=False,
        help_text=_(
            "Fewer, larger cohorts, and people who could step in elsewhere. It costs nobody a place, and a little of"
            " the company. It counts among up to 480 people."
        ),
    )
    uneven = forms.BooleanField(
        label=_("A weaker cohort may stand beside stronger ones, if that is better on the whole"), required=False
    )
    affinity = _stress_field(
        _("Interests in common"), _("What people would like to talk about, across the generations.")
    )
    robust = _stress_field(_("Other times in common"), _("Spare times, so that a session can move."))
    balance = _stress_field(_("Even generations"), _("As many students as people of the second career."))
    diversity = _stress_field(_("Different fields"), _("People from many kinds of work and study."))
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
        """The fields but the seed and what good company is, in the order of the page."""
        return [self[name] for name in self.fields if name not in ("seed", *Part)]

    @property
    def stress_fields(self) -> list[forms.BoundField]:
        """The fields for how much each part of good company counts."""
        return [self[part.value] for part in Part]

    @property
    def is_stressed(self) -> bool:
        """Whether some part is to count otherwise than usual."""
        return any(field.value() for field in self.stress_fields)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if all(cleaned.get(part.value) == Stress.NONE for part in Part):
            self.add_error(
                Part.AFFINITY.value, _("One of these four has to count, or no company is better than another.")
            )
        return cleaned

    def wishes(self) -> Wishes:
        """Return what was wished. Call it when the form is valid."""
        given = self.cleaned_data
        return Wishes(
            form_size=given["form_size"],
            fair=not given["uneven"],
            common_windows=given["common_windows"],
            spare_facilitators=given["spare_facilitators"],
            steady=given["steady"],
            not_alone=tuple(map(Respect, given["not_alone"])),
            stress={part: Stress(given[part.value] or Stress.USUAL) for part in Part},
        )

    @staticmethod
    def answers_of(wishes: Wishes) -> dict[str, Any]:
        """Return what the form opens with so that it says these wishes."""
        return {
            "form_size": "" if wishes.form_size is None else str(wishes.form_size),
            "not_alone": [respect.value for respect in wishes.not_alone],
            "common_windows": str(wishes.common_windows),
            "spare_facilitators": wishes.spare_facilitators,
            "steady": wishes.steady,
            "uneven": not wishes.fair,
            **{part.value: "" if how == Stress.USUAL else how.value for part, how in wishes.stress.items()},
        }
