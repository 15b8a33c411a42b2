"""A はじめましてカード as its author writes it."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from dialogue.core.interests import name_of
from sessions.core.light_questions import LIGHT_QUESTIONS
from sessions.models.greetings import LINE_LENGTH, MOST_INTERESTS


class GreetingForm(forms.Form):
    """Up to three of one's own interests, and one light question answered in a line. All of it may stay empty."""

    interests = forms.MultipleChoiceField(
        label=_("Interests that you would like to show"),
        help_text=_("Up to three of those that you gave. None is shown unless you tick it."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    question = forms.ChoiceField(label=_("A light question"), required=False, widget=forms.RadioSelect)
    line = forms.CharField(
        label=_("Your answer, in a line"),
        required=False,
        max_length=LINE_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": _("One line holds %(limit_value)s characters at most.")},
    )

    def __init__(self, *args: Any, given: Iterable[str], **options: Any) -> None:
        """Offer the interests that somebody gave for the term, in their order."""
        super().__init__(*args, **options)
        language = get_language() or "ja"
        self.fields["interests"].choices = [(key, name_of(key, language)) for key in given]
        if not self.fields["interests"].choices:
            del self.fields["interests"]
        self.fields["question"].choices = [
            *((slug, one.in_language(language)) for slug, one in LIGHT_QUESTIONS.items()),
            ("", _("I would rather answer none")),
        ]

    def clean_interests(self) -> list[str]:
        """Return the ticked interests.

        Raises:
            ValidationError: there are more than three.
        """
        chosen: list[str] = self.cleaned_data["interests"]
        if len(chosen) > MOST_INTERESTS:
            raise forms.ValidationError(_("Please tick three at most."))
        return chosen

    def clean(self) -> dict[str, Any]:
        """Ask for the missing half of a question with its answer."""
        given = super().clean() or {}
        if given.get("line") and not given.get("question"):
            self.add_error("question", _("Please choose the question that you have answered."))
        return given
