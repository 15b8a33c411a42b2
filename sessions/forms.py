"""What people send about a session: an answer, their own words, a record."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from dialogue.core.language import Passage
from dialogue.core.wording import format_span
from dialogue.sharing import line_before_sending
from sessions.models import Attendance, LoneAsk, QuorumSetting, RescheduleOption
from sessions.services.answering import OwnWords

REFLECTION_LENGTH = 20_000
STEP_LENGTH = 200
REASON_LENGTH = 500
HELLO_LENGTH = 100


def _minutes(number: int) -> str | Promise:
    return ngettext_lazy("about %(number)d minute", "about %(number)d minutes", number) % {"number": number}


class AnswerForm(forms.Form):
    """One of three answers, and what may be said beside it: how late, why, a line to pass on."""

    answer = forms.ChoiceField(
        label=_("Your answer"),
        choices=[choice for choice in Attendance.Answer.choices if choice[0] != Attendance.Answer.NONE],
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose one of the three answers.")},
    )
    late_minutes = forms.TypedChoiceField(
        label=_("If late, by how much?"),
        choices=[("", _("I cannot tell yet")), *((minutes, _minutes(minutes)) for minutes in (10, 20, 30, 45))],
        coerce=int,
        empty_value=None,
        required=False,
    )
    reason = forms.CharField(
        label=_("If you cannot come: the reason"),
        help_text=_("You need not give one. Only you can read it, unless you tick the box below."),
        required=False,
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )
    share_reason = forms.BooleanField(
        label=_("The facilitator and the coordinators may read the reason"), required=False
    )
    hello = forms.CharField(
        label=_("A hello to the cohort"),
        help_text=_("The facilitator reads it and passes it on at the session."),
        required=False,
        max_length=HELLO_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def words(self) -> OwnWords | None:
        """Return what was said beside "I cannot come"; None where the form did not ask."""
        if "reason" not in self.data and "hello" not in self.data:
            return None
        given = self.cleaned_data
        return OwnWords(reason=given["reason"], shared=given["share_reason"], hello=given["hello"])

    def line(self, mine: Attendance) -> Passage | None:
        """Return the passage of the hello to show to its writer before it goes to the cohort, if any."""
        hello = self.cleaned_data["hello"]
        return line_before_sending(text=hello, kept=mine.hello, sent=self.data, cohort_id=mine.session.cohort_id)


def said_before(attendance: Attendance) -> dict[str, object]:
    """Return what somebody has answered, as the form shows it."""
    return {
        "answer": attendance.answer if attendance.answer != Attendance.Answer.NONE else "",
        "late_minutes": attendance.late_minutes,
        "reason": attendance.reason,
        "share_reason": attendance.reason_shared,
        "hello": attendance.hello,
    }


class ReflectionForm(forms.Form):
    """A participant's own words; an empty page is welcome too."""

    text = forms.CharField(
        label=_("Your words"),
        required=False,
        strip=False,
        max_length=REFLECTION_LENGTH,
        error_messages={"max_length": _("This is longer than one page can keep: %(limit_value)s characters at most.")},
        widget=forms.Textarea(attrs={"rows": 12, "autocomplete": "off"}),
    )
    step = forms.CharField(
        label=_("A small step (only you can read it)"),
        help_text=_("One line for yourself. It comes back to you on the page of the next session."),
        required=False,
        max_length=STEP_LENGTH,
        error_messages={"max_length": _("One line holds %(limit_value)s characters at most.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class Ticks(forms.MultipleChoiceField):
    """Checkboxes that may all be off: that is an answer too, not an empty field."""

    def validate(self, value: list[str]) -> None:
        """Refuse only what was not offered."""
        if value:
            super().validate(value)


class QuorumForm(forms.Form):
    """How many people a term's sessions need, and who decides about one in danger."""

    least = forms.TypedChoiceField(
        label=_("People who must come, besides the facilitator"),
        coerce=int,
        choices=[(str(number), str(number)) for number in range(3, 9)],
    )
    decides = forms.ChoiceField(
        label=_("Who decides"),
        help_text=_(
            "Madoi only takes a time at which everybody can surely come, or asks other facilitators, "
            "or people who said that they can step in. All else stays with people."
        ),
        choices=QuorumSetting.Decides.choices,
        widget=forms.RadioSelect,
    )


class AloneForm(forms.Form):
    """What somebody would like who would be the only one of their generation. Every answer is fine."""

    choice = forms.ChoiceField(
        label=_("What would you like?"),
        choices=[
            choice
            for choice in LoneAsk.Choice.choices
            if choice[0] not in (LoneAsk.Choice.ASKED, LoneAsk.Choice.SILENT)
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose one of the three answers.")},
    )


class StandInForm(forms.Form):
    """Whether somebody leads one session in another's place; each answer is a button."""

    leads = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")])


class StandbyAskForm(forms.Form):
    """Whether somebody steps in at one session of another cohort; each answer is a button."""

    comes = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no"), ("never", "never")])


class StandbyForm(forms.Form):
    """The terms in which somebody can step in; none is ticked for them."""

    places = Ticks(
        label=_("In these terms I can step in"),
        help_text=_("Tick none if you would rather not. Nobody else reads what you choose."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, places: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        """Offer these places: key and name of the term."""
        super().__init__(*args, **kwargs)
        self.fields["places"].choices = [(str(pk), name) for pk, name in places]

    def clean_places(self) -> list[int]:
        """Return the participations by primary key."""
        return [int(pk) for pk in self.cleaned_data["places"]]


class DatesForm(forms.Form):
    """The proposed dates, of which any number may suit, and none as well."""

    dates = Ticks(
        label=_("Which of these dates suit you?"),
        help_text=_("Tick every one that suits you. Tick none if none does."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, options: Sequence[RescheduleOption], length: timedelta, **kwargs: Any) -> None:
        """Offer these dates, in the reader's language and zone."""
        super().__init__(*args, **kwargs)
        words = {"zone": timezone.get_current_timezone(), "language": get_language() or "ja", "show_zone": True}
        self.fields["dates"].choices = [
            (str(one.pk), format_span(starts_at=one.starts_at, ends_at=one.starts_at + length, **words))
            for one in options
        ]
