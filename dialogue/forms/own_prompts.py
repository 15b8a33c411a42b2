"""Write a prompt of one's own."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dialogue.core.generation import Generation
from dialogue.core.prompts.prompt import Anchor, Depth, Domain, Prompt, Sample, Sensitivity, Stage, Value
from dialogue.forms.fields import LinesField
from dialogue.lint_words import field_of, words_of
from dialogue.models import Programme
from dialogue.models import Prompt as PromptRow
from dialogue.prompt_words import ANCHORS, DEPTHS, DOMAINS, SENSITIVITIES, STAGES, VALUES
from dialogue.services.own_prompts import BreaksRules

_HALVES = _("Please give this answer in both languages, or in neither.")
NOTHING = (Sensitivity.NONE.value, _("touches on nothing of these"))


def _text(label: Any, **options: Any) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 3, "autocomplete": "off"})
    return forms.CharField(label=label, widget=area, max_length=options.pop("most", 400), **options)


class ProgrammeField(forms.ModelChoiceField):
    """One of several programmes, named in the reader's language."""

    def label_from_instance(self, programme: Programme) -> str:
        return programme.title


class OwnPromptForm(forms.Form):
    """A prompt in both languages with its follow-ups, its tags and, if wished, sample answers."""

    programme = ProgrammeField(label=_("Programme"), queryset=Programme.objects.none(), empty_label=None)
    ja = _text(
        _("Prompt in Japanese"), most=120, help_text=_("One open question, the scene first, 60 characters at most.")
    )
    en = _text(_("Prompt in English"), most=240, help_text=_("The same question, 25 words at most."))
    follow_ups_ja = LinesField(label=_("Follow-ups in Japanese"), help_text=_("Three, one on each line."))
    follow_ups_en = LinesField(label=_("Follow-ups in English"), help_text=_("The same three, in the same order."))
    domain = forms.ChoiceField(label=_("Part of life"), choices=list(DOMAINS.items()))
    depth = forms.TypedChoiceField(
        label=_("Depth"), coerce=int, choices=[(int(depth), words) for depth, words in DEPTHS.items()]
    )
    stage = forms.ChoiceField(label=_("Stage"), choices=list(STAGES.items()))
    value = forms.ChoiceField(label=_("Value"), choices=list(VALUES.items()))
    anchor = forms.ChoiceField(label=_("When it was"), choices=list(ANCHORS.items()))
    sensitivity = forms.ChoiceField(label=_("What it may touch"), choices=[NOTHING, *SENSITIVITIES.items()])
    student_ja = _text(_("How a student might answer, in Japanese"), required=False)
    student_en = _text(_("How a student might answer, in English"), required=False)
    alumni_ja = _text(_("How somebody in a second career might answer, in Japanese"), required=False)
    alumni_en = _text(_("How somebody in a second career might answer, in English"), required=False)

    def __init__(
        self,
        *args: Any,
        programmes: Any,
        stands: PromptRow | None = None,
        adapts: PromptRow | None = None,
        **options: Any,
    ) -> None:
        begun = stands or adapts
        super().__init__(*args, initial=_as_written(begun) if begun else None, **options)
        if stands:  # a prompt stays where it belongs
            del self.fields["programme"]
        else:
            self.fields["programme"].queryset = programmes

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        for generation in Generation:
            own, other = f"{generation}_ja", f"{generation}_en"
            if bool(given.get(own)) != bool(given.get(other)):
                self.add_error(other if given.get(own) else own, _HALVES)
        return given

    def text(self) -> Prompt:
        """Return what was written, as the lint reads it."""
        given = self.cleaned_data
        return Prompt(
            slug="written",
            value=Value(given["value"]),
            domain=Domain(given["domain"]),
            depth=Depth(given["depth"]),
            stage=Stage(given["stage"]),
            anchor=Anchor(given["anchor"]),
            sensitivity=Sensitivity(given["sensitivity"]),
            ja=given["ja"],
            en=given["en"],
            follow_ups_ja=tuple(given["follow_ups_ja"]),
            follow_ups_en=tuple(given["follow_ups_en"]),
            samples=tuple(
                Sample(generation=one, ja=given[f"{one}_ja"], en=given[f"{one}_en"])
                for one in Generation
                if given[f"{one}_ja"]
            ),
        )

    def say(self, broken: BreaksRules) -> None:
        """Put each finding of the lint beside its field, in the reader's language."""
        for finding in broken.findings:
            self.add_error(field_of(finding), words_of(finding))


def _as_written(stands: PromptRow) -> dict[str, Any]:
    answers = {f"{who}_{language}": text for who, those in stands.samples.items() for language, text in those.items()}
    return {
        "ja": stands.text_ja,
        "en": stands.text_en,
        "follow_ups_ja": "\n".join(stands.follow_ups_ja),
        "follow_ups_en": "\n".join(stands.follow_ups_en),
        **{name: getattr(stands, name) for name in ("domain", "depth", "stage", "value", "anchor", "sensitivity")},
        **answers,
    }
