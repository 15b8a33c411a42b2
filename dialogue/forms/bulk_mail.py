"""What a mail to several people says."""

import hashlib
import json
from collections.abc import Collection
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from dialogue.core.text import for_comparing
from dialogue.forms.reception import WordsField
from dialogue.services.bulk_mail import Words

LONGEST_TEXT: Final = 5000
LONGEST_SUBJECT: Final = 120
_PAIRS: Final = (("ja", "subject", "text"), ("en", "subject_en", "text_en"))

_MISSING: Final = {"subject": _("Write a subject."), "text": _("Write what the mail is to say.")}


class BulkMailForm(forms.Form):
    """Subject and text in Japanese and in English: whole in each language that somebody reads whom it goes to."""

    subject = forms.CharField(label=_("Subject"), required=False, max_length=LONGEST_SUBJECT)
    text = WordsField(
        label=_("Text"),
        required=False,
        max_length=LONGEST_TEXT,
        help_text=_("The name, our greeting and how to reach you are added by themselves."),
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    subject_en = forms.CharField(label=_("Subject in English"), required=False, max_length=LONGEST_SUBJECT)
    text_en = WordsField(
        label=_("Text in English"),
        required=False,
        max_length=LONGEST_TEXT,
        help_text=_("For those who read English."),
        widget=forms.Textarea(attrs={"rows": 8}),
    )

    def __init__(self, *args: Any, languages: Collection[str], **options: Any) -> None:
        """`languages` are those of the people whom it goes to."""
        super().__init__(*args, **options)
        for language, *pair in _PAIRS:
            for name in pair:
                self.fields[name].required = language in languages
                self.fields[name].error_messages["required"] = _MISSING[name.partition("_")[0]]
        if "en" not in languages:
            del self.fields["subject_en"], self.fields["text_en"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for _language, *pair in _PAIRS:
            there = [name for name in pair if for_comparing(cleaned.get(name, ""))]
            for name in pair:
                if there and name in self.fields and name not in there and name not in self.errors:
                    self.add_error(name, _MISSING[name.partition("_")[0]])
        return cleaned

    def words(self) -> Words:
        """Return what a sound form says."""
        said = {name: self.cleaned_data.get(name, "").strip() for _language, *pair in _PAIRS for name in pair}
        return Words(**said)


def digest_of(words: Words, people: Collection[int]) -> str:
    """Return what changes when the words or those who get them do: what was looked at is what may be sent."""
    said = [words.subject, words.text, words.subject_en, words.text_en, sorted(people)]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:32]
