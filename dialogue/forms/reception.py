"""What a guardian, the coordinators of a reception, and somebody who is asked back fill in."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dialogue.core.reception import Move
from dialogue.core.text import for_comparing
from dialogue.decisions import Decision
from dialogue.forms.fields import AddressField, DayField
from dialogue.models import IdentityCheck, Term

AGREED: Final = "yes"
ELSEWHERE: Final = "elsewhere"
LONGEST_WORDS: Final = 2000
LONGEST_PLACE: Final = 300
LONGEST_GOODBYE: Final = 500


class WordsField(forms.CharField):
    """Several lines of plain text. One that shows nothing counts as empty."""

    widget = forms.Textarea(attrs={"rows": 5})

    def to_python(self, value: Any) -> str:
        written = str(super().to_python(value)).replace("\r\n", "\n")
        return written if for_comparing(written) else ""


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


_ASKS_FOR_WORDS: Final[dict[Move, Promise]] = {
    Move.ASK_BACK: _("Your question"),
    Move.ACCEPT: _("Words of your own"),
    Move.HOLD: _("Words of your own"),
    Move.DECLINE: _("Words of your own"),
    Move.HAND_ON: _("Words of your own"),
    Move.REOPEN: _("Words of your own"),
}


class DecisionForm(forms.Form):
    """What a decision needs beside its button: a question, a place to hand on to, words of one's own."""

    to = forms.ChoiceField(
        label=_("Hand on to"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose where to hand on to.")},
    )
    elsewhere = forms.CharField(
        label=_("Name of the other programme, and how to reach it"),
        required=False,
        max_length=LONGEST_PLACE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It stands in the letter. Nothing about the person is passed on."),
    )
    words = WordsField(
        label=_("Words of your own"),
        required=False,
        max_length=LONGEST_WORDS,
        help_text=_("They stand in the letter, the same for everybody chosen."),
    )

    def __init__(self, *args: Any, move: Move, terms: Sequence[Term] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.move, self.terms = move, {str(term.pk): term for term in terms}
        self.fields["words"].label = _ASKS_FOR_WORDS[move]
        if move is Move.ASK_BACK:
            self.fields["words"].required = True
            self.fields["words"].error_messages["required"] = _("Write what you would like to know.")
        if move is Move.HAND_ON:
            places = [(pk, f"{term.programme.title} {term.name}") for pk, term in self.terms.items()]
            self.fields["to"].choices = [*places, (ELSEWHERE, _("Another programme, named in the letter"))]
            self.fields["to"].initial = places[0][0] if places else ELSEWHERE
        else:
            del self.fields["to"], self.fields["elsewhere"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("to") == ELSEWHERE and not for_comparing(cleaned.get("elsewhere", "")):
            self.add_error("elsewhere", _("Write which programme, so that the person can ask there."))
        return cleaned

    def decision(self) -> Decision:
        """Return the decision that was filled in; before that, one by which a letter can be shown."""
        said = self.cleaned_data if self.is_bound and self.is_valid() else self._so_far()
        words = said.get("words", "")
        if self.move is not Move.HAND_ON:
            return Decision(move=self.move, words=words)
        if said["to"] == ELSEWHERE:
            return Decision(move=Move.POINT_ON, words=words, elsewhere=said["elsewhere"])
        return Decision(move=Move.HAND_ON, words=words, to_term=self.terms[said["to"]])

    def _so_far(self) -> dict[str, str]:
        typed = {name: str(self[name].value() or "") for name in self.fields}
        blank = "…" if self.move is Move.ASK_BACK else ""
        place = typed.get("to", "")
        return {
            "words": typed["words"] if for_comparing(typed["words"]) else blank,
            "to": place if place in self.terms else ELSEWHERE,
            "elsewhere": typed["elsewhere"] if for_comparing(typed.get("elsewhere", "")) else "…",
        }


class NoteForm(forms.Form):
    note = WordsField(
        label=_("Note"),
        required=False,
        max_length=LONGEST_WORDS,
        help_text=_("Only the coordinators of this term read it."),
    )


class IdentityForm(forms.Form):
    """How and when somebody was met. By whom: the coordinator who is signed in."""

    method = forms.ChoiceField(
        label=_("How"),
        choices=IdentityCheck.Method,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how you know who this is.")},
    )
    checked_on = DayField(label=_("Day"), error_messages={"required": _("Write the day, for example 2026-11-20.")})

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["checked_on"].today = today
        self.fields["checked_on"].initial = today
        self.today = today

    def clean_checked_on(self) -> date:
        day: date = self.cleaned_data["checked_on"]
        if day > self.today:
            raise forms.ValidationError(_("This day has not come yet."))
        return day


class GuardianForm(forms.Form):
    """Who is to be asked for somebody under 18."""

    name = forms.CharField(
        label=_("Name of the guardian"),
        max_length=80,
        error_messages={"required": _("Write the name of the guardian.")},
    )
    email = AddressField(
        label=_("Mail address of the guardian"),
        max_length=254,
        help_text=_("Their own address, different from the participant's."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "email"}),
        error_messages={"required": _("Write the mail address of the guardian.")},
    )


class ReplyForm(forms.Form):
    """The answer of somebody who was asked back."""

    words = WordsField(
        label=_("Your answer"),
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write your answer. A few words are enough.")},
    )


class GoodbyeForm(forms.Form):
    """What somebody who leaves may say to the coordinators. Nothing is as good an answer as any."""

    words = WordsField(
        label=_("A word in parting, if you like"),
        required=False,
        max_length=LONGEST_GOODBYE,
        help_text=_("Only the coordinators of this term read it. Leave it empty if you would rather say nothing."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class InvitationForm(forms.Form):
    """Whether somebody wants to apply for the term that they were handed on to."""

    answer = forms.ChoiceField(
        label=_("Your answer"),
        choices=[(AGREED, _("Yes, apply there with the answers I gave")), ("no", _("No, thank you"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the two answers.")},
    )

    def agrees(self) -> bool:
        return self.cleaned_data["answer"] == AGREED
