"""What a coordinator fills in about a term that is made after another one."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from dialogue.core.wall_clock import zone_named
from dialogue.core.week import WeeklyWindow
from dialogue.core.wording import format_weekly
from dialogue.forms.terms import TermForm
from dialogue.models import Facilitation, Term
from dialogue.term_copying import facilitators_of, partners_of

STALE = {
    "invalid_choice": gettext_lazy(
        "Choose among those that this page lists. Somebody may have changed the earlier term meanwhile."
    )
}


class CopyForm(TermForm):
    """A term with who comes along from the one before it. The programme is the same and is not asked."""

    facilitators = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Facilitators who come along"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages=STALE,
        help_text=gettext_lazy(
            "With the weekly times and the number of cohorts that they gave for the earlier term. Nobody is mailed or"
            " asked: take out who is not there this time, and ask the others whether these times still hold."
            " A file with other times changes them."
        ),
    )
    partners = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Partners who recruit again"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages=STALE,
        help_text=gettext_lazy(
            "Each gets a new link, which is open at once and stands on the page of its contact. Nobody is mailed."
        ),
    )

    def __init__(self, *args: Any, source: Term, **options: Any) -> None:
        """`source` is the term that is copied. What it alone decides is no question: the least of each generation."""
        like_it = ("min_per_generation", "room_urls", "room_notes")
        instance = Term(programme=source.programme, **{name: getattr(source, name) for name in like_it})
        super().__init__(*args, instance=instance, **options)
        self._offer("facilitators", ((one.pk, _words(one, source)) for one in facilitators_of(source)))
        self._offer("partners", ((one.pk, one.name) for one in partners_of(source)))

    def _offer(self, name: str, choices: Iterable[tuple[int, str]]) -> None:
        self.fields[name].choices = list(choices)
        if not self.fields[name].choices:
            del self.fields[name]

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in super().values().items() if name not in ("facilitators", "partners")}


def _words(one: Facilitation, source: Term) -> str:
    """Return a facilitator in a line: name, how many cohorts, when; with their zone, where it is another."""
    language, abroad = get_language() or "ja", one.person.zone != source.zone
    zone = zone_named(one.person.zone)
    windows = [
        WeeklyWindow(*window) for window in sorted((row.weekday, row.starts, row.ends) for row in one.windows.all())
    ]
    times = _(", ").join(
        format_weekly(window=window, language=language, zone=zone, show_zone=abroad) for window in windows
    )
    return ngettext(
        "%(name)s – one cohort at most, %(times)s", "%(name)s – %(number)s cohorts at most, %(times)s", one.max_cohorts
    ) % {
        "name": one.person.full_name or one.person.preferred_name,
        "number": one.max_cohorts,
        "times": times or _("no times given"),
    }
