"""What a coordinator says of a cohort's prompts."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dialogue.core.prompts.prompt import Sensitivity
from dialogue.deck_words import verdict_words
from dialogue.models import Cohort
from dialogue.prompt_words import VALUES
from dialogue.services.own_decks import DeckLacks, DrawsFrom
from sessions.models import PromptWishes

MOST_VALUES = 5
LEFT_OUT = {
    Sensitivity.FAMILY: _("Family"),
    Sensitivity.HEALTH: _("Health"),
    Sensitivity.MONEY: _("Money"),
    Sensitivity.LOSS: _("Loss"),
}


AS_THE_TERM = "term"
EVERY_PROMPT = "all"


class PromptWishesForm(forms.Form):
    """What the prompts come from, values to come near, themes to leave out, and whether depth 4 is welcome."""

    draws_from = forms.ChoiceField(
        label=_("What the prompts come from"),
        help_text=_("From a deck of your own only its prompts are drawn, where they keep every rule of a series."),
    )
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

    def __init__(self, *args: Any, cohort: Cohort, wishes: PromptWishes | None, **options: Any) -> None:
        """`cohort` comes with its term, the term's deck and its programme."""
        said = {"values": wishes.values, "left_out": wishes.left_out, "ready": wishes.ready} if wishes else {}
        super().__init__(*args, initial=said, **options)
        self._decks = {str(deck.pk): deck for deck in cohort.term.programme.own_decks.order_by("name")}
        if not self._decks:
            del self.fields["draws_from"]
            return
        self.initial["draws_from"] = EVERY_PROMPT if cohort.draws_from_all else cohort.own_deck_id or AS_THE_TERM
        of_term = cohort.term.own_deck
        usual = _("As the term: the deck “%(name)s”") % {"name": of_term.name} if of_term else _("Every prompt")
        self.fields["draws_from"].choices = [
            (AS_THE_TERM, usual),
            *([(EVERY_PROMPT, _("Every prompt"))] if of_term or cohort.draws_from_all else []),
            *((key, _("Only the deck “%(name)s”") % {"name": deck.name}) for key, deck in self._decks.items()),
        ]

    def said(self) -> dict[str, Any]:
        """Return the answers as `draw_prompts_anew` takes them."""
        if (chosen := self.cleaned_data.get("draws_from")) is None:
            return self.cleaned_data
        draws_from = DrawsFrom(deck=self._decks.get(chosen), all=chosen == EVERY_PROMPT)
        return {**self.cleaned_data, "draws_from": draws_from}

    def say(self, lacking: DeckLacks) -> None:
        """Put what the chosen deck lacks beside the choice."""
        words = _("Alone, this deck does not suffice for this cohort's sessions. Nothing has been drawn.")
        self.add_error("draws_from", [words, *verdict_words(lacking.verdict)])

    def clean_values(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["values"]
        if len(chosen) > MOST_VALUES:
            raise forms.ValidationError(_("Choose five at most. You chose %(number)s."), params={"number": len(chosen)})
        return chosen
