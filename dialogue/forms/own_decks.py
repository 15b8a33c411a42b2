"""Name a deck, and look for what it shall hold."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from dialogue.core.text import visible
from dialogue.forms.own_prompts import ProgrammeField
from dialogue.forms.prompts import ANY, PromptFilter
from dialogue.models import OwnDeck, Programme, Prompt


class OwnDeckForm(forms.Form):
    """The name of a deck, and for a new one the programme it belongs to."""

    programme = ProgrammeField(label=_("Programme"), queryset=Programme.objects.none(), empty_label=None)
    name = forms.CharField(
        label=_("Name of the deck"),
        max_length=60,
        help_text=_("Only coordinators see it. For example: For the first year"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, programmes: Any, deck: OwnDeck | None = None, **options: Any) -> None:
        super().__init__(*args, initial={"name": deck.name} if deck else None, **options)
        if deck:  # a deck stays where it belongs
            del self.fields["programme"]
        else:
            self.fields["programme"].queryset = programmes

    def clean_name(self) -> str:
        name = visible(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError(self.fields["name"].error_messages["required"], code="required")
        return name


class DeckFilter(PromptFilter):
    """What can be put into a deck, and what lies in it."""

    whose = forms.ChoiceField(
        label=_("Which"),
        required=False,
        choices=[
            *ANY,
            ("in", _("In this deck")),
            ("not", _("Not in this deck")),
            ("own", _("Our own prompts")),
        ],
    )

    def __init__(self, *args: Any, deck: OwnDeck, **options: Any) -> None:
        super().__init__(*args, **options)
        self._deck = deck

    def found(self, rows: QuerySet[Prompt, Any]) -> QuerySet[Prompt, Any]:
        """Return those that fit every answer."""
        rows = super().found(rows)
        lying = self._deck.prompts.values("pk")
        match self._wanted().get("whose"):
            case "in":
                return rows.filter(pk__in=lying)
            case "not":
                return rows.exclude(pk__in=lying)
        return rows
