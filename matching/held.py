"""Publications of which nobody was told yet."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from dialogue.models import OutboundMessage, Term
from matching.models import MatchRun
from matching.services.publish import cohorts_of, not_placed_by

LOOKS_BACK: Final = timedelta(hours=1)
"""For how long after its holding time a publication is looked at: its mails may wait for a server that is down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A published run whose first mails leave in `seconds`. Not `waits`: they are leaving or have left."""

    run: MatchRun
    seconds: int
    waits: bool

    @property
    def minutes(self) -> int:
        """How many minutes are left, begun ones counted."""
        return -(-self.seconds // 60)


def held(run: MatchRun, *, now: datetime) -> Held | None:
    """Return how a published run is held, or None for one that was published without a holding time."""
    if run.held_until is None:
        return None
    seconds = max(0, int((run.held_until - now).total_seconds()))
    return Held(run=run, seconds=seconds, waits=bool(seconds) or not _has_left(run))


def held_in(term: Term, *, now: datetime) -> list[Held]:
    """Return the publications of a term that can still be taken back."""
    runs = term.match_runs.filter(held_until__gt=now - LOOKS_BACK)
    return [one for run in runs if (one := held(run, now=now)) is not None and one.waits]


def _has_left(run: MatchRun) -> bool:
    """Return whether a mail that tells of the cohorts, or of having no place, was taken up."""
    told = OutboundMessage.objects.filter(subject_key__in=[f"cohort:{pk}" for pk in cohorts_of(run.pk)])
    taken_up = (told | not_placed_by(run.pk)).exclude(status=OutboundMessage.Status.QUEUED, attempts=0)
    return taken_up.exists()
