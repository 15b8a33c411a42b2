"""What the runs of a term are usually asked for."""

from dialogue.models import Term
from matching.models import MatchRun, UsualWishes
from matching.wishes import Wishes


def usual_wishes(term: Term) -> Wishes:
    """Return what a run of the term is asked for while nobody says otherwise. A query, unless the term brought them."""
    kept: UsualWishes | None = getattr(term, "usual_wishes", None)
    return Wishes.of_row(kept.wishes) if kept else Wishes()


def lived_by(term: Term) -> Wishes:
    """Return what the cohorts of a term were formed by: the run published last, else what its runs begin with."""
    published = term.match_runs.filter(status=MatchRun.Status.PUBLISHED).order_by("published_at", "pk").last()
    return Wishes.of_row(published.wishes) if published else usual_wishes(term)
