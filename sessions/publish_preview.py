"""What publishing a run will do, said before it is done."""

from dataclasses import dataclass
from datetime import date, datetime

from dialogue.core.recurrence import starts_in_zone
from dialogue.models import Participation
from dialogue.term_dates import dates_by_weekday
from matching.models import MatchRun
from sessions.announcing import INVITED_AT_ONCE


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishPreview:
    """How much is made and sent. `mails` go out within minutes: welcomes, first invitations, news for who waits."""

    cohorts: int
    sessions: int
    sessions_past: int
    members: int
    facilitators: int
    waiting: int
    mails: int
    first_on: date
    last_on: date


def publish_preview(run: MatchRun, *, now: datetime) -> PublishPreview:
    """Return what publishing this run at this moment makes and sends.

    Raises:
        ValueError: the run proposes no cohort.
    """
    dates = dates_by_weekday(run.term)
    sizes: dict[int, int] = {}
    for proposal in run.proposed_members.values_list("proposal", flat=True):
        sizes[proposal] = sizes.get(proposal, 0) + 1
    proposals = list(run.proposals.order_by("number"))
    waiting = run.unplaced.filter(participation__status=Participation.Status.ACCEPTED).count()
    past = mails = 0
    for proposal in proposals:
        starts = starts_in_zone(dates=dates[proposal.weekday], minute=proposal.starts, zone=run.term.zone)
        ahead = sum(start > now for start in starts)
        past += len(starts) - ahead
        mails += (sizes.get(proposal.pk, 0) + 1) * (1 + min(INVITED_AT_ONCE, ahead))
    used = [dates[weekday] for weekday in {proposal.weekday for proposal in proposals}]
    return PublishPreview(
        cohorts=len(proposals),
        sessions=sum(len(dates[proposal.weekday]) for proposal in proposals),
        sessions_past=past,
        members=sum(sizes.values()),
        facilitators=len({proposal.facilitation_id for proposal in proposals}),
        waiting=waiting,
        mails=mails + waiting,
        first_on=min(days[0] for days in used),
        last_on=max(days[-1] for days in used),
    )
