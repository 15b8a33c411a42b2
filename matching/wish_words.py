"""Wishes of a run in words."""

from django.utils.translation import gettext as _

from matching.forms import RunForm
from matching.wishes import Wishes


def words_of_wishes(wishes: Wishes) -> list[str]:
    """Return what is wished otherwise than usual, a line each, in the words of the form that asks for it."""
    said, usual = RunForm.answers_of(wishes), RunForm.answers_of(Wishes())
    lines = []
    for name, field in RunForm().fields.items():
        if name in said and said[name] != usual[name]:
            choices = dict(getattr(field, "choices", ()))
            chosen = said[name] if isinstance(said[name], list) else [said[name]]
            answers = _(", ").join(str(choices[one]) for one in chosen if choices.get(one))
            lines.append(_(": ").join(str(word) for word in (field.label, answers) if word))
    return lines
