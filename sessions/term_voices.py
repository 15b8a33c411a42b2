"""How time was shared in the sessions of a term as lines: of circles, never of a person."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.functional import Promise

from dialogue.models import Term
from sessions.models import VoiceFigure
from sessions.voice_words import Picture, between_generations, hints_of, picture_of


@dataclass(frozen=True, slots=True)
class VoiceLine:
    """One session's figure in words."""

    figure: VoiceFigure
    picture: Picture | None
    between: Promise
    hints: list[str]


def figures_in(term: Term) -> QuerySet[VoiceFigure]:
    """Return the figures that were kept in a term, the latest session first."""
    rows = VoiceFigure.objects.filter(session__cohort__term=term).select_related("session__cohort")
    return rows.order_by("-session__starts_at", "-pk")


def voice_lines(figures: Iterable[VoiceFigure]) -> list[VoiceLine]:
    """Return figures in words."""
    return [VoiceLine(one, picture_of(one), between_generations(one), hints_of(one)) for one in figures]
