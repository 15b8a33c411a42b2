"""A note to one's cohort."""

from django import forms
from django.utils.translation import gettext_lazy as _

from sessions.models.notes import NOTE_LENGTH


class NoteForm(forms.Form):
    """Up to 200 characters, everything else is for the circle itself."""

    text = forms.CharField(
        label=_("Your note"),
        help_text=_("Up to 200 characters. Your cohort and its facilitator read it."),
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        error_messages={"required": _("Please write something first.")},
    )
