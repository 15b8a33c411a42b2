"""The three questions after a session in words, and the five answers that are tapped. Our own, and not validated."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sessions.core.after import Question

QUESTIONS: Final = {
    Question.HEARD: _("Did you feel that the others listened to you?"),
    Question.EQUAL: _("Did you feel that you all spoke as equals, whatever your age or position?"),
    Question.TAUGHT: _("Were there moments that felt like teaching, or like being taught?"),
}

SCALE: Final = (_("Very much"), _("Yes"), _("Hard to say"), _("Not much"), _("Not at all"))
"""The words of the five steps, the strongest first. Their numbers are never shown."""

IN_SHORT: Final = {
    Question.HEARD: _("Felt listened to"),
    Question.EQUAL: _("Felt like equals"),
    Question.TAUGHT: _("Felt like teaching or being taught (here “no” is what we hope for)"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """One question on the page, with its words, or with a thank-you once it is answered."""

    key: str
    text: str | Promise
    is_answered: bool
    words: tuple[tuple[int, str | Promise], ...]


def asked_of(answered: set[Question]) -> list[Asked]:
    """Return the three questions as a page asks them."""
    words = tuple(enumerate(SCALE, start=1))
    return [Asked(one.value, text, one in answered, words) for one, text in QUESTIONS.items()]
