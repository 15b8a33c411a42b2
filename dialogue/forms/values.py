"""Value cards as they are sorted, and the few that are chosen."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from dialogue.core.values import MOST_CHOSEN, VALUE_CARDS, Pile, Sorting, ValueCard
from dialogue.services.values import WORDS_LENGTH

PILES: Final = ((Pile.VERY.value, _("Very dear")), (Pile.YES.value, _("Dear")), (Pile.LESS.value, _("Less so")))


class PilesForm(forms.Form):
    """A page of cards, each to be put onto one of three piles, or left."""

    def __init__(self, *args: Any, cards: Iterable[ValueCard], sorting: Sorting, **options: Any) -> None:
        """Offer these cards as they lie."""
        super().__init__(*args, **options)
        language = get_language() or "ja"
        for card in cards:
            self.fields[card.slug] = forms.ChoiceField(
                label=card.name_in(language),
                help_text=card.meaning_in(language),
                choices=PILES,
                required=False,
                initial=sorting.piles.get(card.slug),
                widget=forms.RadioSelect,
            )

    def piles(self) -> dict[str, Pile]:
        """Return where each touched card was put."""
        return {slug: Pile(pile) for slug, pile in self.cleaned_data.items() if pile}


class ChoiceForm(forms.Form):
    """Up to five cards, and what they mean to whoever chose them."""

    chosen = forms.MultipleChoiceField(
        label=_("Up to five that you would keep in your hand"), required=False, widget=forms.CheckboxSelectMultiple
    )
    words = forms.CharField(
        label=_("Your words (only you can read them)"),
        required=False,
        strip=False,
        max_length=WORDS_LENGTH,
        error_messages={"max_length": _("This is longer than one page can keep: %(limit_value)s characters at most.")},
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, offered: Sequence[str], **options: Any) -> None:
        """Offer the cards of one pile."""
        super().__init__(*args, **options)
        language = get_language() or "ja"
        self.fields["chosen"].choices = [(slug, VALUE_CARDS[slug].name_in(language)) for slug in offered]

    def clean_chosen(self) -> list[str]:
        """Return the ticked cards.

        Raises:
            ValidationError: there are more than five.
        """
        chosen: list[str] = self.cleaned_data["chosen"]
        if len(chosen) > MOST_CHOSEN:
            raise forms.ValidationError(_("Please tick five at most."))
        return chosen
