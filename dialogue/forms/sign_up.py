"""What somebody fills in who signs up: one form for each page. `given` is what a draft keeps of it, as plain JSON."""

import re
from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dialogue.core.interests import topic_called
from dialogue.core.sign_up import same_mailbox
from dialogue.core.text import hiragana, narrow, person_name, visible
from dialogue.forms.fields import AddressField
from dialogue.forms.topics import TopicBox, TopicFold, TopicsField
from dialogue.models import Generation, Person

MOST_OWN_WORDS: Final = 8
LONGEST_WORD: Final = 40
LONGEST_CROSSROADS: Final = 2000
LANGUAGES: Final = [("ja", _("Japanese")), ("en", _("English"))]

_KANJI: Final = re.compile(r"[㐀-䶿一-鿿豈-﫿𠀀-𲎯々〆]")
_PHONE: Final = re.compile(r"\+?[\d() -]{9,24}")
_DASHES: Final = re.compile(r"[‐-―−ー－]")
_SEPARATORS: Final = re.compile(r"[\n、,，;；・]+")


class NameOfPersonField(forms.CharField):
    """A name in any script and width, without 様 or さん at its end."""

    def to_python(self, value: Any) -> str:
        return person_name(super().to_python(value))


class KanaField(NameOfPersonField):
    """A reading in hiragana or katakana of any width, kept in hiragana; Latin letters pass.

    Whether it is needed depends on the name, which the form knows.
    """

    def validate(self, value: str) -> None:
        """Leave it to the form to miss it."""

    def clean(self, value: Any) -> str:
        reading = hiragana(super().clean(value))
        if _KANJI.search(reading):
            raise forms.ValidationError(_("Write how it is read, in hiragana or katakana."), code="kanji")
        return reading


class PhoneField(forms.CharField):
    """A phone number as people write it; kept in ASCII."""

    def clean(self, value: Any) -> str:
        number = _DASHES.sub("-", narrow(visible(super().clean(value))))
        if number and (not _PHONE.fullmatch(number) or sum(char.isdigit() for char in number) < 9):
            raise forms.ValidationError(_("Write the whole number, like 090-0000-0000."), code="phone")
        return number


def _phone(**options: Any) -> PhoneField:
    return PhoneField(
        label=_("Phone"),
        required=False,
        max_length=40,
        help_text=_("Only the coordinators see it. They call when something comes up on the day."),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
        **options,
    )


class NameForm(forms.Form):
    """Page 1: what somebody is called, and where mail reaches them."""

    family_name = NameOfPersonField(
        label=_("Family name"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
        error_messages={"required": _("Please write your name.")},
    )
    given_name = NameOfPersonField(
        label=_("Given name"),
        max_length=80,
        required=False,  # somebody with a single name writes it as the family name
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    family_kana = KanaField(label=_("Reading of the family name"), max_length=80)
    given_kana = KanaField(label=_("Reading of the given name"), max_length=80)
    preferred_name = NameOfPersonField(
        label=_("What you would like to be called"),
        max_length=30,
        help_text=_("This is the only name that the others in your cohort see. A part of your name or a nickname."),
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
        error_messages={"required": _("Please write what the others may call you.")},
    )
    email = AddressField(
        label=_("Mail address"),
        max_length=320,
        help_text=_("We send a number there at the end, and later your dates. Other participants do not see it."),
        error_messages={"required": _("Please type your mail address.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "email", "inputmode": "email", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    phone = _phone()

    def __init__(self, *args: Any, reader: Person | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.reader = reader
        for name in ("family_kana", "given_kana"):
            self.fields[name].widget.is_required = False  # a screen reader would call it needed for every name
        if reader is not None:
            del self.fields["email"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name, kana, error in (
            ("family_name", "family_kana", _("Please write the reading of the family name.")),
            ("given_name", "given_kana", _("Please write the reading of the given name.")),
        ):
            needs_reading = _KANJI.search(cleaned.get(name) or "")
            if needs_reading and kana in cleaned and not cleaned[kana]:
                self.add_error(kana, error)
        return cleaned

    def given(self) -> dict[str, Any]:
        address = self.reader.email if self.reader else self.cleaned_data["email"]
        return {**self.cleaned_data, "email": address}


class GenerationForm(forms.Form):
    """Page 2: which generation, adult or not, and in which languages."""

    generation = forms.ChoiceField(
        label=_("Which of the two are you?"),
        choices=[
            (Generation.STUDENT, _("A student")),
            (Generation.ALUMNI, _("In my second career, or thinking of it")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose one of the two.")},
    )
    adult = forms.ChoiceField(
        label=_("I am 18 or older and not in high school"),
        choices=[
            ("yes", pgettext_lazy("18 or older", "Yes")),
            ("no", pgettext_lazy("18 or older", "No")),
            ("unsure", pgettext_lazy("18 or older", "I am not sure")),
        ],
        help_text=_("If not, or if you are not sure, we also ask a parent or guardian."),
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose one of the three.")},
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages in which you can talk with the others"),
        choices=LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Please choose at least one language.")},
    )

    def given(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class GuardianForm(forms.Form):
    """Page 2 goes on for those under 18: whom to ask."""

    name = NameOfPersonField(
        label=_("Name of your parent or guardian"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Please write their name.")},
    )
    email = AddressField(
        label=_("Their mail address"),
        max_length=320,
        help_text=_("Their own address, not yours. We write there and ask for their consent."),
        error_messages={"required": _("Please type their mail address.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "inputmode": "email", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )

    def __init__(self, *args: Any, own_address: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.own_address = own_address

    def clean_email(self) -> str:
        address = str(self.cleaned_data["email"])
        if same_mailbox(address, self.own_address):
            raise forms.ValidationError(
                _("This is your own address. Please write another one, which your parent or guardian reads.")
            )
        return address

    def given(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


NOT_YET: Final = "not-yet"


class WordsField(forms.CharField):
    """Several short texts of one's own, one a line or between commas."""

    widget = forms.Textarea(attrs={"rows": 3})

    def clean(self, value: Any) -> list[str]:
        typed = super().clean(value)
        words = list(dict.fromkeys(word for part in _SEPARATORS.split(typed) if (word := visible(part))))
        if len(words) > MOST_OWN_WORDS:
            raise forms.ValidationError(_("Write %(most)s at most."), params={"most": MOST_OWN_WORDS})
        for word in words:
            if len(word) > LONGEST_WORD:
                raise forms.ValidationError(
                    _("“%(word)s…” is long. Write a word or two, %(most)s characters at most."),
                    params={"word": word[:12], "most": LONGEST_WORD},
                )
        return words

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value


class InterestsForm(forms.Form):
    """Page 3: what somebody would like to hear and tell about."""

    topics = TopicsField(
        label=_("What would you like to hear and tell about?"),
        first=[(NOT_YET, _("I cannot put it into words yet"))],
        required=False,
        help_text=_("As many as you like. We use it to form cohorts that share something."),
    )
    own = WordsField(
        label=_("In your own words"),
        required=False,
        max_length=1000,
        help_text=_("A word or two in each line. The coordinators see them."),
    )
    crossroads = forms.CharField(
        label=_("A crossroads at which you stand now"),
        required=False,
        max_length=LONGEST_CROSSROADS,
        help_text=_("Only you see this, not even the coordinators. You can read it again before the dialogue."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, initial: Mapping[str, Any] | None = None, **options: Any) -> None:
        shown = dict(initial or {})
        if shown.pop("not_yet", False):
            shown["topics"] = [NOT_YET, *shown.get("topics", [])]
        super().__init__(*args, initial=shown, **options)

    @property
    def boxes(self) -> tuple[tuple[TopicBox, ...], tuple[TopicFold, ...]]:
        """The boxes of the topics: those that show at once, and folds with the rest."""
        return self.fields["topics"].boxes(ticked=set(self["topics"].value() or ()), name="topics")

    def clean_crossroads(self) -> str:
        return "\n".join(visible(line) for line in str(self.cleaned_data["crossroads"]).splitlines()).strip()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("topics") and not cleaned.get("own") and not self.errors:
            self.add_error(
                "topics", _("Please choose at least one. “I cannot put it into words yet” is a good answer too.")
            )
        return cleaned

    def given(self) -> dict[str, Any]:
        """Return the answers. An own word that is the very name of a topic is that topic."""
        own = {word: topic_called(word) for word in self.cleaned_data["own"]}
        ticked = [topic for topic in self.cleaned_data["topics"] if topic != NOT_YET]
        return {
            "topics": list(dict.fromkeys([*ticked, *(topic for topic in own.values() if topic)])),
            "own": [word for word, topic in own.items() if not topic],
            "not_yet": NOT_YET in self.cleaned_data["topics"],
            "crossroads": self.cleaned_data["crossroads"],
        }


class AgreementsForm(forms.Form):
    """Page 5: the rules of the dialogue and each consent by itself. Nothing is ticked beforehand."""

    rules = forms.BooleanField(
        label=_("I will keep to these rules."),
        error_messages={"required": _("Please tick this if you agree. Without it nobody can take part.")},
    )
    take_part = forms.BooleanField(
        label=_("I agree that my answers are used in this way, and would like to take part."),
        error_messages={"required": _("Please tick this if you agree. Without it nobody can take part.")},
    )
    share_with_partner = forms.BooleanField(required=False)

    def __init__(self, *args: Any, texts: Mapping[str, str], partner: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        self.texts = texts
        if "share_with_partner" in texts:
            label = _("The host may tell %(partner)s that I signed up, whether I was placed, and my attendance.")
            self.fields["share_with_partner"].label = _filled(label, partner=partner)
        else:
            del self.fields["share_with_partner"]

    def given(self) -> dict[str, Any]:
        agreed = bool(self.cleaned_data.get("share_with_partner"))
        return {"rules": True, "take_part": True, "share_with_partner": agreed, "texts": dict(self.texts)}


class PhoneForm(forms.Form):
    """One's own phone number, changed afterwards."""

    phone = _phone()


class MailedNumberForm(forms.Form):
    """The number that was mailed to the address: any width, spaces and words pasted with it."""

    code = forms.CharField(
        label=_("The number from the mail"),
        max_length=40,
        error_messages={"required": _("Please type the number from the mail.")},
    )

    def clean_code(self) -> str:
        digits = re.sub(r"[^0-9]+", "", narrow(self.cleaned_data["code"]))
        if not digits:
            raise forms.ValidationError(self.fields["code"].error_messages["required"], code="required")
        return digits


def _filled(text: Promise, **values: str) -> str:
    return str(text) % values
