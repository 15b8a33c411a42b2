"""What a list of people is narrowed to."""

from django import forms
from django.utils.translation import gettext_lazy as _

from dialogue.models import Generation, Participation, Term
from sessions.funnel import REACHED, STANDS


class PeopleFilter(forms.Form):
    """What a list of participants is narrowed to. What it does not know, it leaves out."""

    q = forms.CharField(label=_("Name, kana, mail address or cohort"), required=False, max_length=200)
    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[
            ("", _("Everybody")),
            ("here", _("Waiting or in a cohort")),
            ("waiting", _("Waiting")),
            *((value, label) for value, label in Participation.Status.choices if value not in ("applied", "accepted")),
            (
                _("Waiting, by reason"),
                [(f"waiting-{value}", label) for value, label in Participation.WaitingReason.choices],
            ),
        ],
    )
    stage = forms.ChoiceField(
        label=_("How far they have come"),
        required=False,
        choices=[
            ("", _("Wherever they are")),
            (_("Reached"), list(REACHED.items())),
            (_("Stands now"), list(STANDS.items())),
        ],
    )
    generation = forms.ChoiceField(
        label=_("Generation"), required=False, choices=[("", _("Both generations")), *Generation.choices]
    )
    cohort = forms.ChoiceField(label=_("Cohort"), required=False)

    def __init__(self, data: object, *, term: Term | None) -> None:
        """Offer the cohorts of a term to choose by; without one, as for its facilitators, none."""
        super().__init__(data)
        if term is None:
            del self.fields["cohort"]
            return
        numbers = term.cohorts.order_by("number").values_list("number", flat=True)
        cohorts = [(str(number), _("Cohort %(number)s") % {"number": number}) for number in numbers]
        self.fields["cohort"].choices = [("", _("Any cohort or none")), ("none", _("Without a cohort")), *cohorts]
        if not cohorts:
            del self.fields["cohort"]

    def chosen(self) -> dict[str, str]:
        """Return the values that the form knows; a made-up one counts as not chosen."""
        self.is_valid()
        return {name: self.cleaned_data.get(name) or "" for name in ("q", "status", "stage", "generation", "cohort")}
