"""Words that several kinds of things share."""

from collections.abc import Sequence
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dialogue.addresses import address_of
from sessions.today.kinds import Action

NAMES_SHOWN: Final = 3
NAME: Final = ("family_name", "given_name", "preferred_name")


def name_columns(path: str) -> tuple[str, ...]:
    """Return the columns of `Desk.name` of the person behind a path."""
    return tuple(f"{path}__{column}" for column in NAME)


def cohort_word(number: int) -> str:
    return _("Cohort %(number)s") % {"number": number}


def session_word(cohort: int, number: int) -> str:
    return _("Cohort %(cohort)s, session %(number)s") % {"cohort": cohort, "number": number}


def some_names(names: Sequence[str]) -> str:
    """Return up to three names, and how many more there are."""
    shown = _(", ").join(names[:NAMES_SHOWN])
    more = len(names) - NAMES_SHOWN
    if more <= 0:
        return shown
    return ngettext("%(names)s and one more", "%(names)s and %(number)s more", more) % {"names": shown, "number": more}


def spoke_with(*, term: int, person: int) -> Action:
    """Return the press that says: I have spoken with this person today."""
    return Action(
        text=_("I have spoken with them today"),
        url=address_of("today_spoken", term),
        fields={"person": str(person)},
    )


def not_spoken_with(*, term: int, person: int) -> Action:
    """Return the press that takes today's note of a talk back."""
    return Action(
        text=_("Take it back"),
        url=address_of("today_spoken", term),
        fields={"person": str(person), "do": "back"},
    )
