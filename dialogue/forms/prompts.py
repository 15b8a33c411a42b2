"""Look for prompts in the library."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from dialogue.core.text import visible
from dialogue.models import Prompt
from dialogue.prompt_words import DEPTHS, DOMAINS, STAGES, VALUES

ANY = [("", _("Any"))]


class PromptFilter(forms.Form):
    """A part of life, a depth, a stage, a value, words; each may stay open. Anything unknown counts as open.

    What was taken out or left out is found only by asking for it.
    """

    words = forms.CharField(
        label=_("Words"), required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search"})
    )
    domain = forms.ChoiceField(label=_("Part of life"), required=False, choices=[*ANY, *DOMAINS.items()])
    depth = forms.TypedChoiceField(
        label=_("Depth"),
        required=False,
        coerce=int,
        choices=[*ANY, *((int(one), word) for one, word in DEPTHS.items())],
    )
    stage = forms.ChoiceField(label=_("Stage"), required=False, choices=[*ANY, *STAGES.items()])
    whose = forms.ChoiceField(
        label=_("Which"),
        required=False,
        choices=[*ANY, ("own", _("Our own prompts")), ("out", _("Taken out or left out"))],
    )
    value = forms.ChoiceField(label=_("Value"), required=False, choices=[*ANY, *VALUES.items()])

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, auto_id="prompt-%s", **options)

    @property
    def is_filtered(self) -> bool:
        return any(self._wanted().values())

    def found(self, rows: QuerySet[Prompt, Any]) -> QuerySet[Prompt, Any]:
        """Return those that fit every answer; words are looked for in both languages. Rows know `is_left_out`."""
        wanted = self._wanted()
        retired = Q(status=Prompt.Status.RETIRED)
        away = wanted.get("whose") == "out"
        rows = rows.filter(retired | Q(is_left_out=True)) if away else rows.exclude(retired)
        if wanted.get("whose") == "own":
            rows = rows.filter(deck__programme__isnull=False)
        tags = {name: wanted[name] for name in ("domain", "depth", "stage", "value") if wanted.get(name)}
        rows = rows.filter(**tags)
        for word in visible(wanted.get("words") or "").split():
            rows = rows.filter(Q(text_ja__icontains=word) | Q(text_en__icontains=word))
        return rows

    def _wanted(self) -> dict[str, Any]:
        self.is_valid()
        return self.cleaned_data
